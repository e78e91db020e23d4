//! `IS NULL`.

use record::{Predicate, prose};

use super::{Arguments, comparison};
use crate::QueryError;
use crate::filter::Compiler;

/// A field that has no value.
pub fn compile(
    compiler: &Compiler<'_>,
    op: &str,
    args: &Arguments,
) -> Result<Predicate, QueryError> {
    let [property] = args else {
        return Err(compiler.wrong_arguments(op, args.len(), prose!("一个字段", "one field")));
    };
    let field = compiler.property(op, property)?;
    let is_location = compiler.collection.location == Some(field.number);
    if !field.search.any() && !is_location {
        let expected = prose!("可查询的字段", "a field of the queryables");
        return Err(compiler.refuse(&field.name, comparison::not_searched(field), expected));
    }
    Ok(Predicate::IsNull {
        field: field.name.clone(),
    })
}
