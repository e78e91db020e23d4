//! Coordinate reference systems of requests and answers (OGC API - Features part 2).
//!
//! The registers are in CGCS2000, which is treated as the same as WGS 84: between CRS84, EPSG:4326 and
//! EPSG:4490 only the order of the axes differs. Coordinates in a request or an answer stand in the order
//! of their system's definition: latitude before longitude in EPSG:4326 and EPSG:4490, north before east
//! in the Gauss-Krüger zones. Tables and FlatGeobuf have no order of their own: x before y, as all
//! programs for maps have it.

use axum::http::HeaderValue;
use geometry::{AxisOrder, Crs, GeometryError, Shape};
use query::QueryError;
use query::body::{Body, raw};
use record::{EntityId, prose};
use register::Record;
use serde_json::Value;

/// The header that says in which system an answer is.
pub const CONTENT_CRS: &str = "content-crs";

/// The URI of a system that has one, and CRS84's of another.
pub fn uri(crs: Crs) -> String {
    crs.uri().or_else(|| Crs::Crs84.uri()).unwrap_or_default()
}

/// The value of the header `Content-Crs`.
pub fn header(crs: Crs) -> Option<HeaderValue> {
    HeaderValue::from_str(&format!("<{}>", uri(crs))).ok()
}

/// The URIs of all systems that `crs`, `bbox-crs` and `filter-crs` take.
pub fn all() -> Vec<String> {
    Crs::with_uri().filter_map(Crs::uri).collect()
}

/// The system that a parameter names; CRS84 where it says nothing.
pub fn named(parameter: &str, text: Option<String>) -> Result<Crs, QueryError> {
    let Some(text) = text else {
        return Ok(Crs::Crs84);
    };
    let known = Crs::from_name(&text).ok().filter(|crs| crs.uri().is_some());
    known.ok_or_else(|| {
        let systems = prose!(
            "CRS84、EPSG:4326、4490、3857，或 CGCS2000 高斯-克吕格投影带 EPSG:4491 至 4554",
            "CRS84, EPSG:4326, 4490, 3857, or a CGCS2000 Gauss-Krüger zone, EPSG:4491 to 4554"
        );
        QueryError::bad(parameter, text, systems)
    })
}

/// A record whose geometry stands in another system, as GeoJSON in the order of the system's axes.
///
/// # Errors
///
/// The place is out of reach of the system: named as a wrong `crs`.
pub fn place(record: &mut Record, crs: Crs) -> Result<(), QueryError> {
    if crs == Crs::Crs84 {
        return Ok(());
    }
    let mut body = Body::parse(&record.body)?;
    if let Some(shape) = shape(&body)? {
        let mut out = String::new();
        shape
            .write_geojson_in(crs, crs.axis_order(), &mut out)
            .map_err(|_| outside(crs, record.id))?;
        body.geometry = Some(raw(out)?);
        record.body = body.text();
    }
    Ok(())
}

/// The geometry of a body.
pub fn shape(body: &Body) -> Result<Option<Shape>, QueryError> {
    let Some(text) = body.geometry.as_ref().map(|text| text.get()) else {
        return Ok(None);
    };
    if text == "null" {
        return Ok(None);
    }
    let damaged = |error: geometry::GeometryError| {
        QueryError::Store(register::StoreError::Damaged(error.to_string()))
    };
    Shape::from_geojson_str(text).map(Some).map_err(damaged)
}

/// The shape of a GeoJSON geometry in a system, in the order of its axes.
///
/// # Errors
///
/// No geometry, or coordinates that the system does not have.
pub fn shape_of(geometry: &Value, crs: Crs) -> Result<Shape, GeometryError> {
    match crs.axis_order() {
        AxisOrder::EastNorth => Shape::from_geojson_in(geometry, crs),
        AxisOrder::NorthEast => {
            let mut turned = geometry.clone();
            turn(&mut turned);
            Shape::from_geojson_in(&turned, crs)
        }
    }
}

/// Exchanges the first two numbers of every position.
fn turn(value: &mut Value) {
    match value {
        Value::Array(items) if items.len() >= 2 && items.iter().all(Value::is_number) => {
            items.swap(0, 1);
        }
        Value::Array(items) => items.iter_mut().for_each(turn),
        Value::Object(members) => {
            let inner = members
                .iter_mut()
                .filter(|(name, _)| matches!(name.as_str(), "coordinates" | "geometries"));
            inner.for_each(|(_, value)| turn(value));
        }
        _ => {}
    }
}

/// A record is out of reach of the system asked for.
pub fn outside(crs: Crs, id: EntityId) -> QueryError {
    let name = crs.to_string();
    QueryError::bad(
        "crs",
        name,
        prose!(
            "覆盖全部所查记录的坐标系（{id} 在其范围之外），或以 bbox 缩小范围",
            "a system that reaches every record asked for ({id} lies outside), or a 'bbox' around fewer"
        ),
    )
}

/// A box as it was given, `x1,y1,x2,y2` in the order of the system's axes, or six numbers with heights, in
/// the order longitude or easting first.
pub fn corners(text: &str, crs: Crs) -> Option<[f64; 4]> {
    let numbers: Vec<f64> = text
        .split(',')
        .map(|one| {
            one.trim()
                .parse()
                .ok()
                .filter(|number: &f64| number.is_finite())
        })
        .collect::<Option<_>>()?;
    let [a, b, c, d] = match numbers.as_slice() {
        [a, b, c, d] | [a, b, _, c, d, _] => [*a, *b, *c, *d],
        _ => return None,
    };
    Some(match crs.axis_order() {
        AxisOrder::EastNorth => [a, b, c, d],
        AxisOrder::NorthEast => [b, a, d, c],
    })
}
