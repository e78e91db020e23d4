//! The spatial relations of OGC Simple Features: the spatial index finds what touches the geometry
//! given, and the relation itself (DE-9IM) is tested on what is found.

use record::{Expression, Function, Predicate, Prose, Relation, prose};

use super::{Arguments, intersects};
use crate::QueryError;
use crate::filter::typed::{self, Kind, Typed};
use crate::filter::{Compiler, Condition};

/// The relation of an operator.
fn relation(op: &str) -> Relation {
    match op.to_ascii_lowercase().as_str() {
        "s_equals" => Relation::Equals,
        "s_disjoint" => Relation::Disjoint,
        "s_touches" => Relation::Touches,
        "s_within" => Relation::Within,
        "s_overlaps" => Relation::Overlaps,
        "s_crosses" => Relation::Crosses,
        "s_contains" => Relation::Contains,
        _ => Relation::Intersects,
    }
}

/// What the arguments should be.
pub fn form() -> Prose {
    prose!("图形和一个范围", "the geometry and an area")
}

/// The geometries lie so.
pub fn compile(
    compiler: &Compiler<'_>,
    op: &str,
    args: &Arguments,
) -> Result<Condition, QueryError> {
    let exact = express(compiler, op, args)?;
    let Expression::Call(_, arguments) = &exact.expression else {
        return Ok(Condition::Is(typed::exact(exact.expression)));
    };
    // Whatever lies so to a geometry, but for being apart from it, shares a point with it.
    let by = match arguments.as_slice() {
        [Expression::Location, Expression::Shape(wkb)] if relation(op) != Relation::Disjoint => {
            Predicate::Intersects(wkb.clone())
        }
        _ => return Ok(Condition::Is(typed::exact(exact.expression))),
    };
    Ok(Condition::Is(typed::narrowed(by, exact.expression)))
}

/// The same as a value. The record's geometry comes first, however it was written.
pub fn express(compiler: &Compiler<'_>, op: &str, args: &Arguments) -> Result<Typed, QueryError> {
    let [one, other] = args else {
        return Err(compiler.wrong_arguments(op, args.len(), form()));
    };
    for argument in [one, other] {
        if !intersects::is_given(argument) {
            compiler.geometry(op, argument)?;
        }
    }
    let mut relation = relation(op);
    let (mut one, mut other) = (
        compiler.typed_as(op, one, &Kind::Geometry)?,
        compiler.typed_as(op, other, &Kind::Geometry)?,
    );
    if matches!((&one, &other), (Expression::Shape(_), Expression::Location)) {
        std::mem::swap(&mut one, &mut other);
        relation = match relation {
            Relation::Within => Relation::Contains,
            Relation::Contains => Relation::Within,
            same => same,
        };
    }
    Ok(Typed::call(
        Function::Relate(relation),
        vec![one, other],
        Kind::Boolean,
    ))
}
