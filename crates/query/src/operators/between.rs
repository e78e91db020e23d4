//! `BETWEEN low AND high`, both included.

use record::{Comparison, Predicate, prose};

use super::{Arguments, comparison};
use crate::QueryError;
use crate::filter::Compiler;

/// A field between two values.
pub fn compile(
    compiler: &Compiler<'_>,
    op: &str,
    args: &Arguments,
) -> Result<Predicate, QueryError> {
    let [property, low, high] = args else {
        return Err(compiler.wrong_arguments(
            op,
            args.len(),
            prose!("一个字段和两个值", "a field and two values"),
        ));
    };
    let field = compiler.property(op, property)?;
    let compare = |comparison, value| -> Result<Predicate, QueryError> {
        let value = compiler.value(field, value)?;
        comparison::check(compiler, field, comparison)?;
        Ok(Predicate::Compare {
            field: field.name.clone(),
            comparison,
            value,
        })
    };
    let low = compare(Comparison::GreaterOrEqual, low)?;
    Ok(low.and(compare(Comparison::LessOrEqual, high)?))
}
