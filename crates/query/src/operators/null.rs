//! `IS NULL`.

use ::cql2::Expr;
use record::{Function, Predicate, prose};

use super::Arguments;
use crate::QueryError;
use crate::filter::typed::{self, Kind, Typed};
use crate::filter::{Compiler, Condition};

/// There is no value.
pub fn compile(
    compiler: &Compiler<'_>,
    op: &str,
    args: &Arguments,
) -> Result<Condition, QueryError> {
    if let [one] = args
        && let Expr::Property { property } = one.as_ref()
    {
        let location = compiler
            .collection
            .location
            .filter(|_| compiler.is_location(property));
        let field = match location {
            Some(number) => Some(compiler.collection.at(number)),
            None => compiler.plain_field(one),
        };
        if let Some(field) = field {
            if location.is_none() {
                compiler.searched_field(&field.name)?;
            }
            return Ok(Condition::Is(Predicate::IsNull {
                field: field.name.clone(),
            }));
        }
    }
    let exact = express(compiler, op, args)?;
    Ok(Condition::Is(typed::exact(exact.expression)))
}

/// The same as a value.
pub fn express(compiler: &Compiler<'_>, op: &str, args: &Arguments) -> Result<Typed, QueryError> {
    let [one] = args else {
        return Err(compiler.wrong_arguments(op, args.len(), prose!("一个值", "one value")));
    };
    let arguments = vec![compiler.typed(one)?.expression];
    Ok(Typed::call(Function::IsNull, arguments, Kind::Boolean))
}
