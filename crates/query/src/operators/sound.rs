//! `pinyin_match(field, 'wangfang')` and `fuzzy_name(field, '王芳')`: names by sound and likeness.

use record::{Expression, Function, prose};

use super::Arguments;
use crate::QueryError;
use crate::filter::typed::{self, Kind, Typed};
use crate::filter::{Compiler, Condition};

/// The most characters in which `fuzzy_name` lets names differ.
const MOST_EDITS: f64 = 3.0;

/// A name that is read so, or is like another.
pub fn compile(
    compiler: &Compiler<'_>,
    op: &str,
    args: &Arguments,
) -> Result<Condition, QueryError> {
    let exact = express(compiler, op, args)?;
    Ok(Condition::Is(typed::exact(exact.expression)))
}

/// The same as a value.
pub fn express(compiler: &Compiler<'_>, op: &str, args: &Arguments) -> Result<Typed, QueryError> {
    let is_pinyin = op.eq_ignore_ascii_case("pinyin_match");
    let form = if is_pinyin {
        "pinyin_match(name, 'wangfang')"
    } else {
        "fuzzy_name(name, '王芳', 1)"
    };
    let (name, sought, edits) = match args {
        [name, sought] => (name, sought, 1.0),
        [name, sought, edits] if !is_pinyin => (name, sought, compiler.number(op, edits)?),
        _ => return Err(compiler.wrong_arguments(op, args.len(), form)),
    };
    let name = compiler.typed_as(op, name, &Kind::Text)?;
    let sought = compiler.text(op, sought)?;
    if !sought.chars().any(char::is_alphanumeric) {
        return Err(compiler.refuse(op, prose!("“{sought}”", "'{sought}'"), form));
    }
    if !(0.0..=MOST_EDITS).contains(&edits) || edits.fract() != 0.0 {
        let expected = prose!("0 至 3 个字", "0 to 3 characters");
        return Err(compiler.refuse(
            op,
            prose!("相差 {edits} 个字", "{edits} characters apart"),
            expected,
        ));
    }
    let mut arguments = vec![name, Expression::Text(sought)];
    let function = if is_pinyin {
        Function::Pinyin
    } else {
        arguments.push(Expression::Number(edits));
        Function::Fuzzy
    };
    Ok(Typed::call(function, arguments, Kind::Boolean))
}
