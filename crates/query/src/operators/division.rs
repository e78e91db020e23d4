//! `within_division(field, '110108')`, or `within_division('110108')` for the collection's own; with a
//! date, `within_division('110103', DATE('2005-01-01'))`, the code as it stood then: what has become of
//! it since counts too.

use ::cql2::Expr;
use record::{CompactString, Predicate, prose};
use schema::FieldType;

use super::Arguments;
use crate::QueryError;
use crate::filter::{Compiler, Condition};
use crate::value;

/// In the division of a code, at any level.
pub fn compile(
    compiler: &Compiler<'_>,
    op: &str,
    args: &Arguments,
) -> Result<Condition, QueryError> {
    const FORM: &str = "within_division(field, 'code', DATE('2005-01-01'))";
    let is_date = |one: &Expr| matches!(one, Expr::Date { .. } | Expr::Timestamp { .. });
    let (args, date) = match args {
        [args @ .., date] if is_date(date) => (args, Some(date)),
        args => (args, None),
    };
    let (field, code) = match args {
        [code] if compiler.collection.division.is_some() => (CompactString::default(), code),
        [property, code] => {
            let field = compiler.property(op, property)?;
            if !matches!(field.kind, FieldType::Division) {
                let name = &field.name;
                let found = prose!(
                    "“{op}”用于“{name}”，它不是区划",
                    "'{op}' on '{name}', which is no division"
                );
                return Err(compiler.refuse(name, found, FORM));
            }
            (field.name.clone(), code)
        }
        _ => return Err(compiler.wrong_arguments(op, args.len(), FORM)),
    };
    let code = compiler.text(op, code)?;
    if value::division(&code).is_none() {
        let expected = value::expected(&FieldType::Division);
        return Err(compiler.refuse(op, prose!("代码“{code}”", "the code '{code}'"), expected));
    }
    let mut codes = vec![code.clone()];
    if let Some(date) = date {
        let (day, _) = compiler.days(date)?;
        codes.extend(compiler.setting.references.successors(&code, day)?);
    }
    let any = codes.into_iter().map(|code| {
        let field = field.clone();
        Condition::Is(Predicate::WithinDivision { field, code })
    });
    Ok(Condition::any(any.collect()))
}
