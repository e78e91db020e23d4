//! `S_INTERSECTS` and `S_DISJOINT` with WKT, GeoJSON or `BBOX(west, south, east, north)`: the spatial
//! index answers them by itself.

use ::cql2::Expr;
use record::{Predicate, Prose, prose};

use super::{Arguments, relate};
use crate::QueryError;
use crate::filter::{Compiler, Condition};

/// The record's geometry has a point in common with the one given.
pub fn compile(
    compiler: &Compiler<'_>,
    op: &str,
    args: &Arguments,
) -> Result<Condition, QueryError> {
    let (property, area) = match args {
        [one, other] if is_given(one) => (other, one),
        [one, other] => (one, other),
        _ => {
            return Err(compiler.wrong_arguments(op, args.len(), relate::form()));
        }
    };
    if !is_given(area) || is_given(property) {
        return relate::compile(compiler, op, args);
    }
    compiler.geometry(op, property)?;
    if let Expr::BBox { bbox } = area.as_ref()
        && compiler.setting.crs.is_plain()
    {
        let [west, south, east, north] = corners(compiler, op, bbox)?;
        // A box that goes across the antimeridian is two.
        let boxes = if west <= east {
            vec![[west, south, east, north]]
        } else {
            vec![[west, south, 180.0, north], [-180.0, south, east, north]]
        };
        for [west, south, east, north] in &boxes {
            if geometry::Bounds::of_degrees(*west, *south, *east, *north).is_none() {
                return Err(compiler.refuse(
                    op,
                    format!("BBOX({west}, {south}, {east}, {north})"),
                    prose!(
                        "以度为单位的 west, south, east, north",
                        "west, south, east, north in degrees"
                    ),
                ));
            }
        }
        let any = boxes
            .into_iter()
            .map(|one| Condition::Is(Predicate::Box(one)));
        return Ok(Condition::any(any.collect()));
    }
    let shape = compiler.shape(op, area)?;
    Ok(Condition::Is(Predicate::Intersects(shape.to_wkb())))
}

/// The record's geometry has no point in common with the one given.
pub fn disjoint(
    compiler: &Compiler<'_>,
    op: &str,
    args: &Arguments,
) -> Result<Condition, QueryError> {
    if args.len() == 2 && args.iter().filter(|one| is_given(one)).count() == 1 {
        let together = compile(compiler, op, args)?;
        return Ok(super::logic::negate(compiler, together));
    }
    relate::compile(compiler, op, args)
}

/// Whether an expression is a given geometry.
pub fn is_given(expression: &Expr) -> bool {
    matches!(expression, Expr::Geometry(_) | Expr::BBox { .. })
}

/// The four corners of a box; heights are left out.
pub fn corners(
    compiler: &Compiler<'_>,
    op: &str,
    bbox: &Arguments,
) -> Result<[f64; 4], QueryError> {
    let numbers: Vec<f64> = bbox
        .iter()
        .map(|number| compiler.number(op, number))
        .collect::<Result<_, _>>()?;
    match numbers.as_slice() {
        [west, south, east, north] | [west, south, _, east, north, _] => {
            Ok([*west, *south, *east, *north])
        }
        _ => Err(compiler.wrong_arguments("bbox", numbers.len(), "west, south, east, north")),
    }
}

/// What is taken as a geometry.
pub fn shapes() -> Prose {
    prose!(
        "POINT(…)、POLYGON((…)) 或其他 WKT、GeoJSON 图形，或 BBOX(west, south, east, north)",
        "POINT(…), POLYGON((…)), another WKT or GeoJSON geometry, or BBOX(west, south, east, north)"
    )
}
