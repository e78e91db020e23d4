//! `S_INTERSECTS(geometry, …)` with WKT, GeoJSON or `BBOX(west, south, east, north)`.
//!
//! The other spatial relations have no predicate with exactly their meaning yet, and are refused.

use ::cql2::{Expr, Geometry};
use geometry::Shape;
use record::{Predicate, Prose, prose};

use super::Arguments;
use crate::QueryError;
use crate::filter::Compiler;

/// The record's geometry has a point in common with the one given.
pub fn compile(
    compiler: &Compiler<'_>,
    op: &str,
    args: &Arguments,
) -> Result<Predicate, QueryError> {
    let [property, area] = args else {
        return Err(compiler.wrong_arguments(
            op,
            args.len(),
            prose!("图形和一个范围", "the geometry and an area"),
        ));
    };
    compiler.geometry(op, property)?;
    match area.as_ref() {
        Expr::BBox { bbox } => corners(compiler, op, bbox).map(Predicate::Box),
        Expr::Geometry(given) => shape(compiler, op, given).map(|shape| Predicate::Intersects(shape.to_wkb())),
        other => Err(compiler.refuse(
            op,
            crate::filter::describe(other),
            prose!(
                "POINT(…)、POLYGON((…)) 或其他 WKT、GeoJSON 图形，或 BBOX(west, south, east, north)",
                "POINT(…), POLYGON((…)), another WKT or GeoJSON geometry, or BBOX(west, south, east, north)"
            ),
        )),
    }
}

fn corners(compiler: &Compiler<'_>, op: &str, bbox: &Arguments) -> Result<[f64; 4], QueryError> {
    let numbers: Vec<f64> = bbox
        .iter()
        .map(|number| compiler.number(op, number))
        .collect::<Result<_, _>>()?;
    let corners = match numbers.as_slice() {
        [west, south, east, north] | [west, south, _, east, north, _] => {
            [*west, *south, *east, *north]
        }
        _ => {
            return Err(compiler.wrong_arguments(
                "bbox",
                numbers.len(),
                "west, south, east, north",
            ));
        }
    };
    let [west, south, east, north] = corners;
    match geometry::Bounds::of_degrees(west, south, east, north) {
        Some(_) => Ok(corners),
        None => Err(compiler.refuse(
            op,
            format!("BBOX{corners:?}"),
            prose!(
                "以度为单位的 west, south, east, north",
                "west, south, east, north in degrees"
            ),
        )),
    }
}

/// The valid shape of a literal geometry.
pub fn shape(compiler: &Compiler<'_>, op: &str, given: &Geometry) -> Result<Shape, QueryError> {
    let read = match given {
        Geometry::Wkt(text) => Shape::from_wkt(text),
        Geometry::GeoJSON(json) => {
            let value = serde_json::to_value(json).unwrap_or_default();
            Shape::from_geojson(&value)
        }
    };
    read.and_then(|shape| geometry::validate(&shape).map(|()| shape))
        .map_err(|error| {
            let expected = prose!(
                "以经度、纬度表示的有效图形",
                "a valid geometry in longitude and latitude"
            );
            let found = Prose::new(
                format!("图形有误（{}）", error.chinese()),
                format!("the geometry: {error}"),
            );
            compiler.refuse(op, found, expected)
        })
}
