//! `LIKE`: `%` any run of characters, `_` one character, `\` escapes; case matters.

use record::Predicate;
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
        return Err(compiler.wrong_arguments(op, args.len(), "a field and a pattern"));
    };
    let field = compiler.property(op, property)?;
    let is_text = matches!(
        field.kind,
        FieldType::Text | FieldType::Code(_) | FieldType::Period
    );
    if !is_text || !field.search.exact {
        let expected = if field.search.text {
            format!(
                "text_match({}, '…'): it is searched as full text only",
                field.name
            )
        } else if matches!(field.kind, FieldType::Division) {
            format!("within_division({}, '110108')", field.name)
        } else {
            "a text that is indexed as a whole".to_string()
        };
        return Err(compiler.refuse(&field.name, format!("LIKE on '{}'", field.name), expected));
    }
    Ok(Predicate::Like {
        field: field.name.clone(),
        pattern: compiler.text(op, pattern)?,
    })
}
