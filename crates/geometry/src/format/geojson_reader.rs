//! GeoJSON geometry objects (RFC 7946) into drafts.

use geo::Coord;
use serde_json::{Map, Value};

use crate::crs::Crs;
use crate::draft::{Draft, Trail};
use crate::error::GeometryError;
use crate::shape::MAXIMUM_DEPTH;

type Read<T> = Result<T, GeometryError>;

pub(crate) fn read(value: &Value, crs: Crs) -> Read<Draft> {
    geometry(value, crs, &mut Trail::default())
}

fn geometry(value: &Value, crs: Crs, trail: &mut Trail) -> Read<Draft> {
    let Value::Object(object) = value else {
        return Err(GeometryError::Expected {
            place: trail.named(""),
            expected: "a geometry object",
        });
    };
    check_crs(object, crs, trail)?;
    let kind = match object.get("type") {
        Some(Value::String(kind)) => kind.as_str(),
        _ => {
            return Err(GeometryError::Expected {
                place: trail.named("type"),
                expected: "a geometry type",
            });
        }
    };
    let coordinates = object.get("coordinates").unwrap_or(&Value::Null);
    match kind {
        "Point" => position(coordinates, trail).map(Draft::Point),
        "MultiPoint" => array(coordinates, trail, position).map(Draft::MultiPoint),
        "LineString" => array(coordinates, trail, position).map(Draft::Line),
        "MultiLineString" => array(coordinates, trail, positions).map(Draft::MultiLine),
        "Polygon" => array(coordinates, trail, positions).map(Draft::Polygon),
        "MultiPolygon" => array(coordinates, trail, rings).map(Draft::MultiPolygon),
        "GeometryCollection" => collection(object, crs, trail),
        _ => Err(GeometryError::UnknownType {
            place: trail.named("type"),
            found: kind.to_owned(),
        }),
    }
}

fn collection(object: &Map<String, Value>, crs: Crs, trail: &mut Trail) -> Read<Draft> {
    let Some(Value::Array(members)) = object.get("geometries") else {
        return Err(GeometryError::Expected {
            place: trail.named("geometries"),
            expected: "an array of geometry objects",
        });
    };
    if trail.depth() >= MAXIMUM_DEPTH {
        return Err(GeometryError::TooDeep {
            place: trail.named("geometries"),
        });
    }
    let members = members.iter().enumerate();
    members
        .map(|(index, member)| trail.member(index, |trail| geometry(member, crs, trail)))
        .collect::<Read<Vec<Draft>>>()
        .map(Draft::Collection)
}

/// A `crs` member, as GeoJSON had until 2008, must not contradict the system expected.
fn check_crs(object: &Map<String, Value>, crs: Crs, trail: &Trail) -> Read<()> {
    let Some(member) = object.get("crs") else {
        return Ok(());
    };
    let name = member
        .pointer("/properties/name")
        .and_then(Value::as_str)
        .unwrap_or_default();
    match Crs::from_name(name) {
        Ok(named) if named == crs || (named.is_identity() && crs.is_identity()) => Ok(()),
        _ => Err(GeometryError::CrsMismatch {
            place: trail.named("crs"),
            found: name.to_owned(),
            expected: crs.to_string(),
        }),
    }
}

fn array<T>(
    value: &Value,
    trail: &mut Trail,
    element: fn(&Value, &mut Trail) -> Read<T>,
) -> Read<Vec<T>> {
    let Value::Array(elements) = value else {
        return Err(GeometryError::Expected {
            place: trail.place(),
            expected: "an array",
        });
    };
    let mut read = Vec::with_capacity(elements.len());
    for (index, value) in elements.iter().enumerate() {
        read.push(trail.at(index, |trail| element(value, trail))?);
    }
    Ok(read)
}

fn rings(value: &Value, trail: &mut Trail) -> Read<Vec<Vec<Coord<f64>>>> {
    array(value, trail, positions)
}

fn positions(value: &Value, trail: &mut Trail) -> Read<Vec<Coord<f64>>> {
    array(value, trail, position)
}

/// Two numbers, and any further ones to drop.
fn position(value: &Value, trail: &mut Trail) -> Read<Coord<f64>> {
    let numbers = match value {
        Value::Array(numbers) if numbers.len() >= 2 && numbers.iter().all(Value::is_number) => {
            numbers
        }
        _ => {
            return Err(GeometryError::Expected {
                place: trail.place(),
                expected: "a position: an array of two or three numbers",
            });
        }
    };
    // A number too large for a float is told as not finite later.
    let number = |index: usize| {
        let number = numbers.get(index).and_then(Value::as_f64);
        number.unwrap_or(f64::INFINITY)
    };
    Ok(Coord {
        x: number(0),
        y: number(1),
    })
}
