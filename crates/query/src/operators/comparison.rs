//! `=`, `<>`, `<`, `<=`, `>`, `>=`.

use ::cql2::Expr;
use record::{Comparison, Predicate, Prose, prose};
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
        return Err(compiler.wrong_arguments(
            op,
            args.len(),
            prose!("一个字段和一个值", "a field and a value"),
        ));
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
        _ => {
            let describe = crate::filter::describe;
            let (left, right) = (describe(left), describe(right));
            let found = prose!(
                "“{op}”两边是{left}和{right}",
                "'{op}' between {left} and {right}"; left, right
            );
            let expected = prose!(
                "一边是字段，另一边是值",
                "a field on one side and a value on the other"
            );
            Err(compiler.refuse(op, found, expected))
        }
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
        let name = &field.name;
        let found = prose!("“{name}”与 NULL 比较", "'{name}' compared with NULL");
        return Err(compiler.refuse(name, found, format!("{name} IS NULL")));
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
    let name = &field.name;
    let (found, expected) = if field.search.text && !field.search.exact {
        (
            prose!("“{name}”作比较", "'{name}' compared"),
            super::text::instead(field),
        )
    } else if field.search.any() {
        (
            prose!("“{name}”比较先后", "'{name}' compared in order"),
            prose!("=、<> 或 IN：它没有次序", "=, <> or IN: it has no order"),
        )
    } else {
        (
            not_searched(field),
            prose!(
                "/collections/{{collection}}/queryables 中的字段",
                "a field of /collections/{{collection}}/queryables"
            ),
        )
    };
    Err(compiler.refuse(&field.name, found, expected))
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
