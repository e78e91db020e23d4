//! `AND`, `OR`, `NOT`, in the three-valued logic of CQL2: a condition on a field without a value is
//! unknown, and so is its negation.

use record::{Comparison, Function, Predicate, prose};

use super::Arguments;
use crate::QueryError;
use crate::filter::condition::{Link, Step};
use crate::filter::typed::{self, Kind, Typed};
use crate::filter::{Compiler, Condition};

/// All hold.
pub fn and(compiler: &Compiler<'_>, op: &str, args: &Arguments) -> Result<Condition, QueryError> {
    operands(compiler, op, args).map(Condition::all)
}

/// At least one holds.
pub fn or(compiler: &Compiler<'_>, op: &str, args: &Arguments) -> Result<Condition, QueryError> {
    operands(compiler, op, args).map(Condition::any)
}

fn operands(
    compiler: &Compiler<'_>,
    op: &str,
    args: &Arguments,
) -> Result<Vec<Condition>, QueryError> {
    check_operands(compiler, op, args)?;
    args.iter().map(|arg| compiler.condition(arg)).collect()
}

fn check_operands(compiler: &Compiler<'_>, op: &str, args: &Arguments) -> Result<(), QueryError> {
    if args.len() >= 2 {
        return Ok(());
    }
    let expected = prose!("两个或更多条件", "two or more conditions");
    Err(compiler.wrong_arguments(op, args.len(), expected))
}

/// It is known not to hold.
pub fn not(compiler: &Compiler<'_>, op: &str, args: &Arguments) -> Result<Condition, QueryError> {
    match args {
        [one] => Ok(negate(compiler, compiler.condition(one)?)),
        _ => Err(compiler.wrong_arguments(op, args.len(), prose!("一个条件", "one condition"))),
    }
}

/// Logic as a value.
pub fn express(compiler: &Compiler<'_>, op: &str, args: &Arguments) -> Result<Typed, QueryError> {
    let function = match op.to_ascii_lowercase().as_str() {
        "and" => Function::And,
        "or" => Function::Or,
        _ => Function::Not,
    };
    if function != Function::Not {
        check_operands(compiler, op, args)?;
    } else if args.len() != 1 {
        let expected = prose!("一个条件", "one condition");
        return Err(compiler.wrong_arguments(op, args.len(), expected));
    }
    let operands = args
        .iter()
        .map(|arg| compiler.typed_as(op, arg, &Kind::Boolean));
    let operands = operands.collect::<Result<_, _>>()?;
    Ok(Typed::call(function, operands, Kind::Boolean))
}

/// What holds where a condition is known not to hold.
pub fn negate(compiler: &Compiler<'_>, condition: Condition) -> Condition {
    let each = |several: Vec<Condition>| -> Vec<Condition> {
        several
            .into_iter()
            .map(|one| negate(compiler, one))
            .collect()
    };
    match condition {
        Condition::Is(predicate) => Condition::Is(negate_predicate(compiler, predicate)),
        Condition::All(all) => Condition::any(each(all)),
        Condition::Any(any) => Condition::all(each(any)),
        Condition::Not(one) => *one,
        Condition::Link(link) => negate_link(compiler, *link),
    }
}

fn negate_link(compiler: &Compiler<'_>, link: Link) -> Condition {
    let Link { step, inner } = link;
    match &step {
        // Of the one record at the end: unknown where there is none, or no value there.
        Step::To { collection, .. } => match compiler.at(collection) {
            Ok(at) => Condition::link(step.clone(), negate(&at, inner)),
            Err(_) => Condition::Not(Box::new(Condition::link(step, inner))),
        },
        Step::From { .. } => Condition::Not(Box::new(Condition::link(step, inner))),
        Step::Near { location, .. } => {
            let present = Predicate::Not(Box::new(Predicate::IsNull {
                field: location.clone(),
            }));
            let none = Condition::Not(Box::new(Condition::link(step.clone(), inner)));
            Condition::Is(present).and(none)
        }
    }
}

fn negate_predicate(compiler: &Compiler<'_>, predicate: Predicate) -> Predicate {
    match predicate {
        Predicate::And(all) => Predicate::Or(
            all.into_iter()
                .map(|one| negate_predicate(compiler, one))
                .collect(),
        ),
        Predicate::Or(any) => Predicate::And(
            any.into_iter()
                .map(|one| negate_predicate(compiler, one))
                .collect(),
        ),
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
        Predicate::Exact(expression) | Predicate::Narrowed { expression, .. } => {
            typed::exact(expression.negated())
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
        Predicate::Box(_)
        | Predicate::Intersects(_)
        | Predicate::Near { .. }
        | Predicate::NearAny { .. } => name(collection.location),
        _ => Vec::new(),
    }
}
