//! `LIKE`: `%` any run of characters, `_` one character, `\` escapes; case matters, but for `CASEI`.

use ::cql2::Expr;
use record::{Function, Predicate, prose};
use schema::FieldType;

use super::Arguments;
use crate::QueryError;
use crate::filter::typed::{self, Kind, Typed};
use crate::filter::{Compiler, Condition};

/// A text that matches a pattern.
pub fn compile(
    compiler: &Compiler<'_>,
    op: &str,
    args: &Arguments,
) -> Result<Condition, QueryError> {
    if let [property, pattern] = args
        && let (Some(field), Expr::Literal(pattern)) =
            (compiler.plain_field(property), pattern.as_ref())
        && matches!(
            field.kind,
            FieldType::Text | FieldType::Code(_) | FieldType::Period
        )
        && field.search.exact
    {
        return Ok(Condition::Is(Predicate::Like {
            field: field.name.clone(),
            pattern: pattern.as_str().into(),
        }));
    }
    let exact = express(compiler, op, args)?;
    Ok(Condition::Is(typed::exact(exact.expression)))
}

/// The same as a value.
pub fn express(compiler: &Compiler<'_>, op: &str, args: &Arguments) -> Result<Typed, QueryError> {
    let [text, pattern] = args else {
        return Err(compiler.wrong_arguments(
            op,
            args.len(),
            prose!("一个文本和一个模式", "a text and a pattern"),
        ));
    };
    let arguments = vec![
        compiler.typed_as(op, text, &Kind::Text)?,
        compiler.typed_as(op, pattern, &Kind::Text)?,
    ];
    Ok(Typed::call(Function::Like, arguments, Kind::Boolean))
}
