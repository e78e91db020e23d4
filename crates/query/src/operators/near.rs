//! `near(lon, lat, metres)`, and the same as `dwithin(geometry, POINT(lon lat), metres)`.

use ::cql2::Expr;
use record::{Predicate, prose};

use super::Arguments;
use crate::QueryError;
use crate::filter::{Compiler, Condition};

/// Within a distance of a place.
pub fn near(compiler: &Compiler<'_>, op: &str, args: &Arguments) -> Result<Condition, QueryError> {
    let [lon, lat, metres] = args else {
        return Err(compiler.wrong_arguments(op, args.len(), "near(lon, lat, metres)"));
    };
    if compiler.collection.location.is_none() {
        let name = &compiler.collection.name;
        let found = prose!(
            "“{op}”用于没有图形的“{name}”",
            "'{op}' on '{name}', which has no geometry"
        );
        let expected = prose!("对其字段的条件", "a condition on its fields");
        return Err(compiler.refuse(op, found, expected));
    }
    let number = |expression| compiler.number(op, expression);
    disc(compiler, op, number(lon)?, number(lat)?, number(metres)?)
}

/// Within a distance of a point.
pub fn within_distance(
    compiler: &Compiler<'_>,
    op: &str,
    args: &Arguments,
) -> Result<Condition, QueryError> {
    const FORM: &str = "dwithin(geometry, POINT(lon lat), metres)";
    let [property, centre, metres] = args else {
        return Err(compiler.wrong_arguments(op, args.len(), FORM));
    };
    compiler.geometry(op, property)?;
    if !matches!(centre.as_ref(), Expr::Geometry(_)) {
        return Err(compiler.refuse(op, crate::filter::describe(centre), FORM));
    }
    let Some(position) = compiler.shape(op, centre)?.position() else {
        return Err(compiler.refuse(
            op,
            prose!("不是点的图形", "a geometry that is no point"),
            FORM,
        ));
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
) -> Result<Condition, QueryError> {
    if geometry::Position::from_degrees(lon, lat).is_none() {
        return Err(compiler.refuse(
            op,
            format!("{lon}, {lat}"),
            prose!(
                "以度为单位的经度和纬度",
                "longitude and latitude in degrees"
            ),
        ));
    }
    if metres < 0.0 {
        let found = prose!("{metres} 米", "{metres} metres");
        let expected = prose!("不小于 0 的距离", "a distance of 0 or more");
        return Err(compiler.refuse(op, found, expected));
    }
    Ok(Condition::Is(Predicate::Near { lon, lat, metres }))
}
