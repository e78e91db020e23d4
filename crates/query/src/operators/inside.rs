//! `IN (…)`.

use ::cql2::Expr;
use record::{Comparison, Expression, Function, Predicate, prose};

use super::{Arguments, comparison};
use crate::QueryError;
use crate::filter::typed::{self, Kind, Typed};
use crate::filter::{Compiler, Condition};

fn parts<'e>(
    compiler: &Compiler<'_>,
    op: &str,
    args: &'e Arguments,
) -> Result<(&'e Expr, &'e Arguments), QueryError> {
    let [value, list] = args else {
        return Err(compiler.wrong_arguments(
            op,
            args.len(),
            prose!("一个值和一组值", "a value and a list of values"),
        ));
    };
    match list.as_ref() {
        Expr::Array(items) => Ok((value, items)),
        _ => {
            let found = prose!("“in”后没有列表", "'in' without a list");
            let expected = prose!("列表，如 ('1', '2')", "a list such as ('1', '2')");
            Err(compiler.refuse(op, found, expected))
        }
    }
}

/// Equal to one of a list of values.
pub fn compile(
    compiler: &Compiler<'_>,
    op: &str,
    args: &Arguments,
) -> Result<Condition, QueryError> {
    let (value, items) = parts(compiler, op, args)?;
    let field = compiler.plain_field(value).filter(|field| {
        comparison::is_indexed(field, Comparison::Equal)
            && items.iter().all(|item| typed::is_literal(item))
    });
    let Some(field) = field else {
        let exact = express(compiler, op, args)?;
        return Ok(Condition::Is(typed::exact(exact.expression)));
    };
    let values = items.iter().map(|item| compiler.value(field, item));
    Ok(Condition::Is(Predicate::In {
        field: field.name.clone(),
        values: values.collect::<Result<_, _>>()?,
    }))
}

/// The same as a value.
pub fn express(compiler: &Compiler<'_>, op: &str, args: &Arguments) -> Result<Typed, QueryError> {
    let (value, items) = parts(compiler, op, args)?;
    let equal = |item: &Expr| -> Result<Expression, QueryError> {
        let (one, other) = compiler.pair(op, value, item)?;
        let arguments = vec![one.expression, other.expression];
        Ok(Expression::Call(
            Function::Compare(Comparison::Equal),
            arguments,
        ))
    };
    let any = items
        .iter()
        .map(|item| equal(item))
        .collect::<Result<_, _>>()?;
    Ok(Typed::call(Function::Or, any, Kind::Boolean))
}
