//! `BETWEEN low AND high`, both included.

use ::cql2::Expr;
use record::{Comparison, Expression, Function, prose};

use super::{Arguments, comparison};
use crate::QueryError;
use crate::filter::typed::{Kind, Typed};
use crate::filter::{Compiler, Condition};

fn three<'e>(
    compiler: &Compiler<'_>,
    op: &str,
    args: &'e Arguments,
) -> Result<[&'e Expr; 3], QueryError> {
    match args {
        [value, low, high] => Ok([value, low, high]),
        _ => {
            let expected = prose!("一个值和上下限", "a value and two bounds");
            Err(compiler.wrong_arguments(op, args.len(), expected))
        }
    }
}

/// A value between two others.
pub fn compile(
    compiler: &Compiler<'_>,
    op: &str,
    args: &Arguments,
) -> Result<Condition, QueryError> {
    let [value, low, high] = three(compiler, op, args)?;
    let low = comparison::between(compiler, op, Comparison::GreaterOrEqual, value, low)?;
    let high = comparison::between(compiler, op, Comparison::LessOrEqual, value, high)?;
    Ok(Condition::Is(low.and(high)))
}

/// The same as a value.
pub fn express(compiler: &Compiler<'_>, op: &str, args: &Arguments) -> Result<Typed, QueryError> {
    let [value, low, high] = three(compiler, op, args)?;
    let compare = |comparison, bound| -> Result<Expression, QueryError> {
        let (one, other) = compiler.pair(op, value, bound)?;
        let arguments = vec![one.expression, other.expression];
        Ok(Expression::Call(Function::Compare(comparison), arguments))
    };
    let both = vec![
        compare(Comparison::GreaterOrEqual, low)?,
        compare(Comparison::LessOrEqual, high)?,
    ];
    Ok(Typed::call(Function::And, both, Kind::Boolean))
}
