//! `near(lon, lat, metres)`, and the same as `dwithin(geometry, POINT(lon lat), metres)`.

use ::cql2::Expr;
use record::Predicate;

use super::{Arguments, intersects};
use crate::QueryError;
use crate::filter::Compiler;

/// Within a distance of a place.
pub fn near(compiler: &Compiler<'_>, op: &str, args: &Arguments) -> Result<Predicate, QueryError> {
    let [lon, lat, metres] = args else {
        return Err(compiler.wrong_arguments(op, args.len(), "near(lon, lat, metres)"));
    };
    if compiler.collection.location.is_none() {
        let found = format!(
            "'{op}' on '{}', which has no geometry",
            compiler.collection.name
        );
        return Err(compiler.refuse(op, found, "a condition on its fields"));
    }
    let number = |expression| compiler.number(op, expression);
    disc(compiler, op, number(lon)?, number(lat)?, number(metres)?)
}

/// Within a distance of a point.
pub fn within_distance(
    compiler: &Compiler<'_>,
    op: &str,
    args: &Arguments,
) -> Result<Predicate, QueryError> {
    const FORM: &str = "dwithin(geometry, POINT(lon lat), metres)";
    let [property, centre, metres] = args else {
        return Err(compiler.wrong_arguments(op, args.len(), FORM));
    };
    compiler.geometry(op, property)?;
    let Expr::Geometry(given) = centre.as_ref() else {
        return Err(compiler.refuse(op, crate::filter::describe(centre), FORM));
    };
    let Some(position) = intersects::shape(compiler, op, given)?.position() else {
        return Err(compiler.refuse(op, "a geometry that is no point", FORM));
    };
    let (lon, lat) = position.degrees();
    disc(compiler, op, lon, lat, compiler.number(op, metres)?)
}

fn disc(
    compiler: &Compiler<'_>,
    op: &str,
    lon: f64,
    lat: f64,
    metres: f64,
) -> Result<Predicate, QueryError> {
    if geometry::Position::from_degrees(lon, lat).is_none() {
        return Err(compiler.refuse(
            op,
            format!("{lon}, {lat}"),
            "longitude and latitude in degrees",
        ));
    }
    if metres < 0.0 {
        return Err(compiler.refuse(op, format!("{metres} metres"), "a distance of 0 or more"));
    }
    Ok(Predicate::Near { lon, lat, metres })
}
