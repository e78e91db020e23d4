//! The operators of filters: one file each.
//!
//! To add one: write `operators/<name>.rs` with a function `compile` that checks its arguments and
//! returns a [`Predicate`] with exactly its meaning; add it to [`OPERATORS`] under its CQL2 name, in
//! CQL2's spelling; add accepted and refused cases to `filter/tests.rs`. An operator whose meaning no
//! predicate has is left out: the filter is then refused, never answered nearly.

mod between;
mod comparison;
mod division;
mod inside;
mod intersects;
mod like;
mod logic;
mod near;
mod null;
mod text;

use ::cql2::Expr;
use record::{Predicate, Value};

use crate::QueryError;
use crate::filter::Compiler;

/// Arguments of an operator, as the parser gives them.
pub type Arguments = [Box<Expr>];

/// One operator or function.
pub struct Operator {
    /// Its name in CQL2.
    pub name: &'static str,
    /// Turns its arguments into a predicate.
    pub compile: fn(&Compiler<'_>, &str, &Arguments) -> Result<Predicate, QueryError>,
}

/// All operators.
pub const OPERATORS: &[Operator] = &[
    Operator {
        name: "and",
        compile: logic::and,
    },
    Operator {
        name: "or",
        compile: logic::or,
    },
    Operator {
        name: "not",
        compile: logic::not,
    },
    Operator {
        name: "=",
        compile: comparison::compile,
    },
    Operator {
        name: "<>",
        compile: comparison::compile,
    },
    Operator {
        name: "<",
        compile: comparison::compile,
    },
    Operator {
        name: "<=",
        compile: comparison::compile,
    },
    Operator {
        name: ">",
        compile: comparison::compile,
    },
    Operator {
        name: ">=",
        compile: comparison::compile,
    },
    Operator {
        name: "between",
        compile: between::compile,
    },
    Operator {
        name: "in",
        compile: inside::compile,
    },
    Operator {
        name: "like",
        compile: like::compile,
    },
    Operator {
        name: "isNull",
        compile: null::compile,
    },
    Operator {
        name: "s_intersects",
        compile: intersects::compile,
    },
    Operator {
        name: "near",
        compile: near::near,
    },
    Operator {
        name: "dwithin",
        compile: near::within_distance,
    },
    Operator {
        name: "within_division",
        compile: division::compile,
    },
    Operator {
        name: "text_match",
        compile: text::compile,
    },
];

/// The operator of this name, in any case.
pub fn find(name: &str) -> Option<&'static Operator> {
    OPERATORS
        .iter()
        .find(|operator| operator.name.eq_ignore_ascii_case(name))
}

/// The names of all operators, those nearest to a misspelt one first.
pub fn names(wanted: &str) -> String {
    crate::names::nearest(wanted, OPERATORS.iter().map(|operator| operator.name))
}

/// The fields a predicate names, with the values it compares them with.
pub fn visit_fields<'a>(predicate: &'a Predicate, each: &mut dyn FnMut(&'a str, &'a [Value])) {
    match predicate {
        Predicate::And(all) | Predicate::Or(all) => {
            all.iter().for_each(|one| visit_fields(one, each));
        }
        Predicate::Not(one) => visit_fields(one, each),
        Predicate::Compare { field, value, .. } => each(field, std::slice::from_ref(value)),
        Predicate::In { field, values } => each(field, values),
        Predicate::IsNull { field } | Predicate::Like { field, .. } => each(field, &[]),
        Predicate::Text { fields, .. } => fields.iter().for_each(|field| each(field, &[])),
        Predicate::WithinDivision { field, .. } if !field.is_empty() => each(field, &[]),
        _ => {}
    }
}
