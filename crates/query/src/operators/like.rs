//! `LIKE`: `%` any run of characters, `_` one character, `\` escapes; case matters.

use record::{Predicate, prose};
use schema::FieldType;

use super::Arguments;
use crate::QueryError;
use crate::filter::Compiler;

/// A text that matches a pattern.
pub fn compile(
    compiler: &Compiler<'_>,
    op: &str,
    args: &Arguments,
) -> Result<Predicate, QueryError> {
    let [property, pattern] = args else {
        return Err(compiler.wrong_arguments(
            op,
            args.len(),
            prose!("一个字段和一个模式", "a field and a pattern"),
        ));
    };
    let field = compiler.property(op, property)?;
    let is_text = matches!(
        field.kind,
        FieldType::Text | FieldType::Code(_) | FieldType::Period
    );
    if !is_text || !field.search.exact {
        let expected = if field.search.text {
            super::text::instead(field)
        } else if matches!(field.kind, FieldType::Division) {
            format!("within_division({}, '110108')", field.name).into()
        } else {
            prose!("整体索引的文本字段", "a text that is indexed as a whole")
        };
        let name = &field.name;
        let found = prose!("LIKE 用于“{name}”", "LIKE on '{name}'");
        return Err(compiler.refuse(name, found, expected));
    }
    Ok(Predicate::Like {
        field: field.name.clone(),
        pattern: compiler.text(op, pattern)?,
    })
}
