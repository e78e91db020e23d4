//! `=`, `<>`, `<`, `<=`, `>`, `>=`.

use ::cql2::Expr;
use record::{Comparison, Predicate};
use schema::{Field, FieldType};

use super::Arguments;
use crate::QueryError;
use crate::filter::Compiler;

/// A field compared with a value, in either order.
pub fn compile(
    compiler: &Compiler<'_>,
    op: &str,
    args: &Arguments,
) -> Result<Predicate, QueryError> {
    let [left, right] = args else {
        return Err(compiler.wrong_arguments(op, args.len(), "a field and a value"));
    };
    let comparison = match op {
        "=" => Comparison::Equal,
        "<>" => Comparison::NotEqual,
        "<" => Comparison::Less,
        "<=" => Comparison::LessOrEqual,
        ">" => Comparison::Greater,
        _ => Comparison::GreaterOrEqual,
    };
    match (left.as_ref(), right.as_ref()) {
        (Expr::Property { .. }, value) => one(compiler, op, comparison, left, value),
        (value, Expr::Property { .. }) => one(compiler, op, mirrored(comparison), right, value),
        _ => Err(compiler.refuse(
            op,
            format!(
                "'{op}' between {} and {}",
                crate::filter::describe(left),
                crate::filter::describe(right)
            ),
            "a field on one side and a value on the other",
        )),
    }
}

fn one(
    compiler: &Compiler<'_>,
    op: &str,
    comparison: Comparison,
    property: &Expr,
    value: &Expr,
) -> Result<Predicate, QueryError> {
    let field = compiler.property(op, property)?;
    if matches!(value, Expr::Null) {
        let found = format!("'{}' compared with NULL", field.name);
        return Err(compiler.refuse(&field.name, found, format!("{} IS NULL", field.name)));
    }
    let value = compiler.value(field, value)?;
    check(compiler, field, comparison)?;
    Ok(Predicate::Compare {
        field: field.name.clone(),
        comparison,
        value,
    })
}

/// Refuses comparisons that the field's index cannot answer.
pub fn check(
    compiler: &Compiler<'_>,
    field: &Field,
    comparison: Comparison,
) -> Result<(), QueryError> {
    let is_equality = matches!(comparison, Comparison::Equal | Comparison::NotEqual);
    let is_ordered = field.search.column && !matches!(field.kind, FieldType::Reference { .. });
    if (is_equality && (field.search.exact || field.search.column)) || is_ordered {
        return Ok(());
    }
    let (found, expected) = if field.search.text && !field.search.exact {
        let use_text = format!(
            "text_match({}, '…'): it is searched as full text only",
            field.name
        );
        (format!("'{}' compared", field.name), use_text)
    } else if field.search.any() {
        (
            format!("'{}' compared in order", field.name),
            "= , <> or IN: it has no order".to_string(),
        )
    } else {
        let expected = "a field of /collections/{collection}/queryables".to_string();
        (format!("'{}', which is not searched", field.name), expected)
    };
    Err(compiler.refuse(&field.name, found, expected))
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
