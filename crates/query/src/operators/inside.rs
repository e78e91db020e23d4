//! `IN (…)`.

use ::cql2::Expr;
use record::{Comparison, Predicate, prose};

use super::{Arguments, comparison};
use crate::QueryError;
use crate::filter::Compiler;

/// A field equal to one of a list of values.
pub fn compile(
    compiler: &Compiler<'_>,
    op: &str,
    args: &Arguments,
) -> Result<Predicate, QueryError> {
    let [property, list] = args else {
        return Err(compiler.wrong_arguments(
            op,
            args.len(),
            prose!("一个字段和一组值", "a field and a list of values"),
        ));
    };
    let field = compiler.property(op, property)?;
    comparison::check(compiler, field, Comparison::Equal)?;
    let Expr::Array(items) = list.as_ref() else {
        let found = prose!("“in”后没有列表", "'in' without a list");
        let expected = prose!("列表，如 ('1', '2')", "a list such as ('1', '2')");
        return Err(compiler.refuse(op, found, expected));
    };
    let values = items.iter().map(|item| compiler.value(field, item));
    Ok(Predicate::In {
        field: field.name.clone(),
        values: values.collect::<Result<_, _>>()?,
    })
}
