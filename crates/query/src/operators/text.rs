//! `text_match(field, …, 'words')`: full text, as with the parameter `q`, in the fields named, or in
//! all of them.

use record::Predicate;

use super::Arguments;
use crate::QueryError;
use crate::filter::Compiler;

/// Full text in some fields.
pub fn compile(
    compiler: &Compiler<'_>,
    op: &str,
    args: &Arguments,
) -> Result<Predicate, QueryError> {
    let Some((query, properties)) = args.split_last() else {
        return Err(compiler.wrong_arguments(op, 0, "text_match(field, 'words')"));
    };
    let query = compiler.text(op, query)?;
    let mut fields = Vec::with_capacity(properties.len());
    for property in properties {
        let field = compiler.property(op, property)?;
        if !field.search.text {
            let full_text = compiler
                .collection
                .text_fields()
                .map(|field| field.name.as_str());
            let expected = crate::names::nearest(&field.name, full_text);
            let found = format!("'{}', which is not searched as full text", field.name);
            return Err(compiler.refuse(&field.name, found, expected));
        }
        fields.push(field.name.clone());
    }
    if fields.is_empty() && compiler.collection.text_fields().next().is_none() {
        let found = format!(
            "'{op}' on '{}', which has no full text",
            compiler.collection.name
        );
        return Err(compiler.refuse(op, found, "another condition"));
    }
    Ok(Predicate::Text { fields, query })
}
