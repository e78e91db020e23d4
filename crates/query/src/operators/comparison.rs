//! `=`, `<>`, `<`, `<=`, `>`, `>=`.

use ::cql2::Expr;
use record::{
    Comparison, Day, Expression, Function, PartialDate, Places, Predicate, Prose, Value, prose,
};
use schema::{Field, FieldType};

use super::Arguments;
use crate::QueryError;
use crate::filter::typed::{self, Kind, Typed};
use crate::filter::{Compiler, Condition};

/// The comparison of an operator.
fn comparison(op: &str) -> Comparison {
    match op {
        "=" => Comparison::Equal,
        "<>" => Comparison::NotEqual,
        "<" => Comparison::Less,
        "<=" => Comparison::LessOrEqual,
        ">" => Comparison::Greater,
        _ => Comparison::GreaterOrEqual,
    }
}

fn two<'e>(
    compiler: &Compiler<'_>,
    op: &str,
    args: &'e Arguments,
) -> Result<(&'e Expr, &'e Expr), QueryError> {
    match args {
        [left, right] => Ok((left, right)),
        _ => {
            let expected = prose!("左右各一个值", "one value on each side");
            Err(compiler.wrong_arguments(op, args.len(), expected))
        }
    }
}

/// A comparison: of a field with a value by its index, of anything else by evaluating it.
pub fn compile(
    compiler: &Compiler<'_>,
    op: &str,
    args: &Arguments,
) -> Result<Condition, QueryError> {
    let (left, right) = two(compiler, op, args)?;
    between(compiler, op, comparison(op), left, right).map(Condition::Is)
}

/// A comparison as a value.
pub fn express(compiler: &Compiler<'_>, op: &str, args: &Arguments) -> Result<Typed, QueryError> {
    let (left, right) = two(compiler, op, args)?;
    compared(compiler, op, comparison(op), left, right)
}

/// Two expressions compared.
pub fn between(
    compiler: &Compiler<'_>,
    op: &str,
    comparison: Comparison,
    left: &Expr,
    right: &Expr,
) -> Result<Predicate, QueryError> {
    refuse_null(compiler, op, left, right)?;
    let (field, comparison_of_field, value) =
        match (compiler.plain_field(left), compiler.plain_field(right)) {
            (Some(field), None) if typed::is_literal(right) => (field, comparison, right),
            (None, Some(field)) if typed::is_literal(left) => (field, mirrored(comparison), left),
            _ => {
                let typed = compared(compiler, op, comparison, left, right)?;
                return Ok(match narrowing(compiler, comparison, left, right) {
                    Some(by) => typed::narrowed(by, typed.expression),
                    None => typed::exact(typed.expression),
                });
            }
        };
    let value = compiler.value(field, value)?;
    if is_indexed(field, comparison_of_field) {
        return Ok(Predicate::Compare {
            field: field.name.clone(),
            comparison: comparison_of_field,
            value,
        });
    }
    refuse_order(compiler, field, comparison_of_field)?;
    compiler.searched_field(&field.name)?;
    let arguments = vec![
        Expression::Field(field.name.clone()),
        typed::expression_of(&value),
    ];
    let compare = Function::Compare(comparison_of_field);
    Ok(typed::exact(Expression::Call(compare, arguments)))
}

fn compared(
    compiler: &Compiler<'_>,
    op: &str,
    comparison: Comparison,
    left: &Expr,
    right: &Expr,
) -> Result<Typed, QueryError> {
    refuse_null(compiler, op, left, right)?;
    let (one, other) = compiler.pair(op, left, right)?;
    let is_equality = matches!(comparison, Comparison::Equal | Comparison::NotEqual);
    if !is_equality && matches!(one.kind, Kind::Reference(_) | Kind::Boolean) {
        let kind = one.kind.name();
        return Err(compiler.refuse(
            op,
            prose!("{kind}比较先后", "{kind} compared in order"; kind),
            prose!("= 或 <>：它没有次序", "= or <>: it has no order"),
        ));
    }
    Ok(Typed::call(
        Function::Compare(comparison),
        vec![one.expression, other.expression],
        Kind::Boolean,
    ))
}

fn refuse_null(
    compiler: &Compiler<'_>,
    op: &str,
    left: &Expr,
    right: &Expr,
) -> Result<(), QueryError> {
    if !matches!(left, Expr::Null) && !matches!(right, Expr::Null) {
        return Ok(());
    }
    let name = match (left, right) {
        (Expr::Property { property }, _) | (_, Expr::Property { property }) => property,
        _ => op,
    };
    let found = prose!("“{name}”与 NULL 比较", "'{name}' compared with NULL");
    Err(compiler.refuse(name, found, format!("{name} IS NULL")))
}

/// Whether the field's index answers a comparison.
pub fn is_indexed(field: &Field, comparison: Comparison) -> bool {
    let is_equality = matches!(comparison, Comparison::Equal | Comparison::NotEqual);
    let has_order = field.search.column
        && !matches!(field.kind, FieldType::Reference { .. } | FieldType::Boolean);
    (is_equality && (field.search.exact || field.search.column)) || has_order
}

fn refuse_order(
    compiler: &Compiler<'_>,
    field: &Field,
    comparison: Comparison,
) -> Result<(), QueryError> {
    let is_equality = matches!(comparison, Comparison::Equal | Comparison::NotEqual);
    let has_order = !matches!(field.kind, FieldType::Reference { .. } | FieldType::Boolean);
    if is_equality || has_order {
        return Ok(());
    }
    let name = &field.name;
    Err(compiler.refuse(
        name,
        prose!("“{name}”比较先后", "'{name}' compared in order"),
        prose!("=、<> 或 IN：它没有次序", "=, <> or IN: it has no order"),
    ))
}

/// What is wrong with a condition on a field that is not indexed.
pub fn not_searched(field: &Field) -> Prose {
    let name = &field.name;
    prose!("不可查询的字段“{name}”", "'{name}', which is not searched")
}

fn mirrored(comparison: Comparison) -> Comparison {
    match comparison {
        Comparison::Less => Comparison::Greater,
        Comparison::LessOrEqual => Comparison::GreaterOrEqual,
        Comparison::Greater => Comparison::Less,
        Comparison::GreaterOrEqual => Comparison::LessOrEqual,
        same => same,
    }
}

/// A condition that an index answers, and that every record meets of which the comparison holds: few
/// candidates for what is evaluated. None where there is no such.
fn narrowing(
    compiler: &Compiler<'_>,
    comparison: Comparison,
    left: &Expr,
    right: &Expr,
) -> Option<Predicate> {
    let (op, args, comparison, number) = match (left, right) {
        (Expr::Operation { op, args }, Expr::Float(number)) => (op, args, comparison, *number),
        (Expr::Float(number), Expr::Operation { op, args }) => {
            (op, args, mirrored(comparison), *number)
        }
        _ => return None,
    };
    match op.to_ascii_lowercase().as_str() {
        "distance" => near(compiler, args, comparison, number),
        "age_at" => born(compiler, args, comparison, number),
        _ => None,
    }
}

/// `distance(geometry, …) < metres`: the records within the distance.
fn near(
    compiler: &Compiler<'_>,
    args: &Arguments,
    comparison: Comparison,
    metres: f64,
) -> Option<Predicate> {
    let is_near = matches!(
        comparison,
        Comparison::Less | Comparison::LessOrEqual | Comparison::Equal
    );
    if !is_near || !metres.is_finite() {
        return None;
    }
    let is_location =
        |one: &Expr| matches!(one, Expr::Property { property } if compiler.is_location(property));
    let place = match args {
        [one, place] if is_location(one) => place,
        [place, one] if is_location(one) => place,
        _ => return None,
    };
    let shape = compiler.shape("distance", place).ok()?;
    Some(Predicate::NearAny {
        places: Places(vec![shape.to_wkb()].into()),
        metres: metres.max(0.0),
    })
}

/// `age_at(birthDate) > years`: the records born early enough, and some days more.
fn born(
    compiler: &Compiler<'_>,
    args: &Arguments,
    comparison: Comparison,
    years: f64,
) -> Option<Predicate> {
    const SLACK_DAYS: i32 = 3;
    let (born, day) = super::values::age_arguments(compiler, args).ok()?;
    let (Expression::Field(field), Expression::Day(day)) = (born, day) else {
        return None;
    };
    let (_, schema) = compiler.collection.field(&field)?;
    if !is_indexed(schema, Comparison::Less) || !(0.0..=1000.0).contains(&years) {
        return None;
    }
    // Whose age is so much was born about so many days before.
    let before = |years: f64| (years * 365.2425).floor() as i32;
    let compare = |comparison, day: i32| {
        Some(Predicate::Compare {
            field: field.clone(),
            comparison,
            value: Value::Date(PartialDate::from_day(Day(day))?),
        })
    };
    let latest = || compare(Comparison::LessOrEqual, day.0 - before(years) + SLACK_DAYS);
    let earliest = || {
        compare(
            Comparison::GreaterOrEqual,
            day.0 - before(years + 1.0) - SLACK_DAYS,
        )
    };
    match comparison {
        Comparison::Greater | Comparison::GreaterOrEqual => latest(),
        Comparison::Less | Comparison::LessOrEqual => earliest(),
        Comparison::Equal => Some(latest()?.and(earliest()?)),
        Comparison::NotEqual => None,
    }
}
