//! `A_EQUALS`, `A_CONTAINS`, `A_CONTAINEDBY`, `A_OVERLAPS`: the values of a field as a set.

use ::cql2::Expr;
use record::{Expression, Function, SetRelation, prose};
use schema::Field;

use super::Arguments;
use crate::QueryError;
use crate::filter::typed::{self, Kind, Typed};
use crate::filter::{Compiler, Condition};

/// Two lists lie so to one another.
pub fn compile(
    compiler: &Compiler<'_>,
    op: &str,
    args: &Arguments,
) -> Result<Condition, QueryError> {
    let exact = express(compiler, op, args)?;
    Ok(Condition::Is(typed::exact(exact.expression)))
}

/// The same as a value.
pub fn express(compiler: &Compiler<'_>, op: &str, args: &Arguments) -> Result<Typed, QueryError> {
    let [one, other] = args else {
        let expected = prose!("两个列表", "two lists");
        return Err(compiler.wrong_arguments(op, args.len(), expected));
    };
    let relation = match op.to_ascii_lowercase().as_str() {
        "a_equals" => SetRelation::Equals,
        "a_contains" => SetRelation::Contains,
        "a_containedby" => SetRelation::ContainedBy,
        _ => SetRelation::Overlaps,
    };
    let arguments = vec![
        list(compiler, op, one, compiler.plain_field(other))?,
        list(compiler, op, other, compiler.plain_field(one))?,
    ];
    Ok(Typed::call(
        Function::Sets(relation),
        arguments,
        Kind::Boolean,
    ))
}

/// A list; beside a field its values are those that the field can have.
fn list(
    compiler: &Compiler<'_>,
    op: &str,
    expression: &Expr,
    beside: Option<&Field>,
) -> Result<Expression, QueryError> {
    match (expression, beside) {
        (Expr::Array(items), Some(field)) => {
            let items = items.iter().map(|item| {
                if typed::is_literal(item) {
                    Ok(compiler.literal(field, item)?.expression)
                } else {
                    compiler.typed_as(op, item, &Kind::of(field))
                }
            });
            Ok(Expression::List(items.collect::<Result<_, QueryError>>()?))
        }
        (Expr::Array(_) | Expr::Property { .. } | Expr::Operation { .. }, _) => {
            let typed = compiler.typed(expression)?;
            if typed.kind == Kind::Geometry {
                let found = crate::filter::describe(expression);
                let expected = prose!("值的列表，而非图形", "a list of values, no geometry");
                return Err(compiler.refuse(op, found, expected));
            }
            Ok(typed.expression)
        }
        (other, _) => Err(compiler.refuse(
            op,
            crate::filter::describe(other),
            prose!(
                "字段，或列表，如 ('1', '2')",
                "a field, or a list such as ('1', '2')"
            ),
        )),
    }
}
