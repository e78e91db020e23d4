//! `IS NULL`.

use record::Predicate;

use super::Arguments;
use crate::QueryError;
use crate::filter::Compiler;

/// A field that has no value.
pub fn compile(
    compiler: &Compiler<'_>,
    op: &str,
    args: &Arguments,
) -> Result<Predicate, QueryError> {
    let [property] = args else {
        return Err(compiler.wrong_arguments(op, args.len(), "one field"));
    };
    let field = compiler.property(op, property)?;
    let is_location = compiler.collection.location == Some(field.number);
    if !field.search.any() && !is_location {
        let found = format!("'{}', which is not searched", field.name);
        return Err(compiler.refuse(&field.name, found, "a field of the queryables"));
    }
    Ok(Predicate::IsNull {
        field: field.name.clone(),
    })
}
