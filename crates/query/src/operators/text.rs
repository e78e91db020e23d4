//! `text_match(field, …, 'words')`: full text, as with the parameter `q`, in the fields named, or in
//! all of them.

use record::{Predicate, prose};

use super::Arguments;
use crate::QueryError;
use crate::filter::{Compiler, Condition};

/// Full text in some fields.
pub fn compile(
    compiler: &Compiler<'_>,
    op: &str,
    args: &Arguments,
) -> Result<Condition, QueryError> {
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
            let name = &field.name;
            let found = prose!(
                "没有全文索引的“{name}”",
                "'{name}', which is not searched as full text"
            );
            return Err(compiler.refuse(name, found, expected));
        }
        fields.push(field.name.clone());
    }
    if fields.is_empty() && compiler.collection.text_fields().next().is_none() {
        let name = &compiler.collection.name;
        let found = prose!(
            "“{op}”用于没有全文字段的“{name}”",
            "'{op}' on '{name}', which has no full text"
        );
        return Err(compiler.refuse(op, found, prose!("其他条件", "another condition")));
    }
    Ok(Condition::Is(Predicate::Text { fields, query }))
}
