//! `AND`, `OR`, `NOT`, in the three-valued logic of CQL2: a condition on a field without a value is
//! unknown, and so is its negation.

use record::{Comparison, Predicate, prose};

use super::Arguments;
use crate::QueryError;
use crate::filter::Compiler;

/// All hold.
pub fn and(compiler: &Compiler<'_>, op: &str, args: &Arguments) -> Result<Predicate, QueryError> {
    let all = operands(compiler, op, args)?;
    Ok(all.into_iter().fold(Predicate::All, Predicate::and))
}

/// At least one holds.
pub fn or(compiler: &Compiler<'_>, op: &str, args: &Arguments) -> Result<Predicate, QueryError> {
    operands(compiler, op, args).map(Predicate::Or)
}

fn operands(
    compiler: &Compiler<'_>,
    op: &str,
    args: &Arguments,
) -> Result<Vec<Predicate>, QueryError> {
    if args.len() < 2 {
        return Err(compiler.wrong_arguments(
            op,
            args.len(),
            prose!("两个或更多条件", "two or more conditions"),
        ));
    }
    args.iter().map(|arg| compiler.predicate(arg)).collect()
}

/// It is known not to hold.
pub fn not(compiler: &Compiler<'_>, op: &str, args: &Arguments) -> Result<Predicate, QueryError> {
    match args {
        [one] => Ok(negate(compiler, compiler.predicate(one)?)),
        _ => Err(compiler.wrong_arguments(op, args.len(), prose!("一个条件", "one condition"))),
    }
}

fn negate(compiler: &Compiler<'_>, predicate: Predicate) -> Predicate {
    match predicate {
        Predicate::And(all) => {
            Predicate::Or(all.into_iter().map(|one| negate(compiler, one)).collect())
        }
        Predicate::Or(any) => {
            Predicate::And(any.into_iter().map(|one| negate(compiler, one)).collect())
        }
        // Only what is never unknown stands under a plain complement here.
        Predicate::Not(one) if matches!(*one, Predicate::All | Predicate::IsNull { .. }) => *one,
        Predicate::Compare {
            field,
            comparison,
            value,
        } if is_single(compiler, &field) || comparison == Comparison::Equal => {
            let comparison = match comparison {
                Comparison::Equal => Comparison::NotEqual,
                Comparison::NotEqual => Comparison::Equal,
                Comparison::Less => Comparison::GreaterOrEqual,
                Comparison::LessOrEqual => Comparison::Greater,
                Comparison::Greater => Comparison::LessOrEqual,
                Comparison::GreaterOrEqual => Comparison::Less,
            };
            Predicate::Compare {
                field,
                comparison,
                value,
            }
        }
        plain @ (Predicate::All | Predicate::IsNull { .. }) => Predicate::Not(Box::new(plain)),
        leaf => {
            let fields = fields_of(compiler, &leaf);
            let present = fields
                .into_iter()
                .map(|field| Predicate::Not(Box::new(Predicate::IsNull { field })));
            let complement = Predicate::Not(Box::new(leaf));
            present.fold(complement, Predicate::and)
        }
    }
}

fn is_single(compiler: &Compiler<'_>, field: &str) -> bool {
    compiler
        .collection
        .field(field)
        .is_some_and(|(_, field)| !field.many)
}

/// The fields without whose values the condition is unknown. Full text over several fields is known
/// as soon as the record is.
fn fields_of(compiler: &Compiler<'_>, leaf: &Predicate) -> Vec<record::CompactString> {
    let collection = compiler.collection;
    let name = |number: Option<record::FieldNumber>| {
        number
            .map(|number| collection.at(number).name.clone())
            .into_iter()
            .collect()
    };
    match leaf {
        Predicate::Compare { field, .. }
        | Predicate::In { field, .. }
        | Predicate::Like { field, .. } => vec![field.clone()],
        Predicate::Text { fields, .. } if fields.len() == 1 => fields.clone(),
        Predicate::WithinDivision { field, .. } if !field.is_empty() => vec![field.clone()],
        Predicate::WithinDivision { .. } => name(collection.division),
        Predicate::Box(_) | Predicate::Intersects(_) | Predicate::Near { .. } => {
            name(collection.location)
        }
        _ => Vec::new(),
    }
}
