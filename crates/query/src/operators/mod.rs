//! The operators and functions of filters: a file each, or one for those that differ in a word.
//!
//! To add one: write `operators/<name>.rs`. A function `compile` checks the arguments and makes a
//! [`Condition`] with exactly its meaning, by what the index answers where it can; a function
//! `express` makes of them a value to be evaluated. Add it to [`OPERATORS`] under its CQL2 name, in
//! CQL2's spelling, and, where CQL2 does not define it, to [`crate::functions`], from which
//! `/functions` is made; add accepted and refused cases to `filter/tests.rs`.

mod arrays;
mod between;
pub mod comparison;
mod division;
mod inside;
pub mod intersects;
mod like;
mod linked;
pub mod logic;
mod near;
mod null;
mod relate;
mod sound;
mod temporal;
mod text;
pub mod values;

use ::cql2::Expr;
use record::{Predicate, Value};

use crate::QueryError;
use crate::filter::typed::Typed;
use crate::filter::{Compiler, Condition};

/// Arguments of an operator, as the parser gives them.
pub type Arguments = [Box<Expr>];

/// Makes a condition of arguments.
pub type Compile = fn(&Compiler<'_>, &str, &Arguments) -> Result<Condition, QueryError>;
/// Makes a value of arguments.
pub type Express = fn(&Compiler<'_>, &str, &Arguments) -> Result<Typed, QueryError>;

/// One operator or function.
pub struct Operator {
    /// Its name in CQL2.
    pub name: &'static str,
    /// Turns its arguments into a condition; none where it is a value.
    pub compile: Option<Compile>,
    /// Turns its arguments into a value; none where only an index answers it.
    pub express: Option<Express>,
}

const fn of(name: &'static str, compile: Option<Compile>, express: Option<Express>) -> Operator {
    Operator {
        name,
        compile,
        express,
    }
}

/// All operators.
pub const OPERATORS: &[Operator] = &[
    of("and", Some(logic::and), Some(logic::express)),
    of("or", Some(logic::or), Some(logic::express)),
    of("not", Some(logic::not), Some(logic::express)),
    of("=", Some(comparison::compile), Some(comparison::express)),
    of("<>", Some(comparison::compile), Some(comparison::express)),
    of("<", Some(comparison::compile), Some(comparison::express)),
    of("<=", Some(comparison::compile), Some(comparison::express)),
    of(">", Some(comparison::compile), Some(comparison::express)),
    of(">=", Some(comparison::compile), Some(comparison::express)),
    of("between", Some(between::compile), Some(between::express)),
    of("in", Some(inside::compile), Some(inside::express)),
    of("like", Some(like::compile), Some(like::express)),
    of("isNull", Some(null::compile), Some(null::express)),
    of("+", None, Some(values::arithmetic)),
    of("-", None, Some(values::arithmetic)),
    of("*", None, Some(values::arithmetic)),
    of("/", None, Some(values::arithmetic)),
    of("%", None, Some(values::arithmetic)),
    of("^", None, Some(values::arithmetic)),
    of("div", None, Some(values::arithmetic)),
    of("casei", None, Some(values::folded)),
    of("accenti", None, Some(values::folded)),
    of(
        "s_intersects",
        Some(intersects::compile),
        Some(relate::express),
    ),
    of(
        "s_disjoint",
        Some(intersects::disjoint),
        Some(relate::express),
    ),
    of("s_equals", Some(relate::compile), Some(relate::express)),
    of("s_touches", Some(relate::compile), Some(relate::express)),
    of("s_within", Some(relate::compile), Some(relate::express)),
    of("s_overlaps", Some(relate::compile), Some(relate::express)),
    of("s_crosses", Some(relate::compile), Some(relate::express)),
    of("s_contains", Some(relate::compile), Some(relate::express)),
    of("t_after", Some(temporal::compile), None),
    of("t_before", Some(temporal::compile), None),
    of("t_contains", Some(temporal::compile), None),
    of("t_disjoint", Some(temporal::compile), None),
    of("t_during", Some(temporal::compile), None),
    of("t_equals", Some(temporal::compile), None),
    of("t_finishedBy", Some(temporal::compile), None),
    of("t_finishes", Some(temporal::compile), None),
    of("t_intersects", Some(temporal::compile), None),
    of("t_meets", Some(temporal::compile), None),
    of("t_metBy", Some(temporal::compile), None),
    of("t_overlappedBy", Some(temporal::compile), None),
    of("t_overlaps", Some(temporal::compile), None),
    of("t_startedBy", Some(temporal::compile), None),
    of("t_starts", Some(temporal::compile), None),
    of("a_equals", Some(arrays::compile), Some(arrays::express)),
    of("a_contains", Some(arrays::compile), Some(arrays::express)),
    of(
        "a_containedBy",
        Some(arrays::compile),
        Some(arrays::express),
    ),
    of("a_overlaps", Some(arrays::compile), Some(arrays::express)),
    of("near", Some(near::near), None),
    of("dwithin", Some(near::within_distance), None),
    of("within_division", Some(division::compile), None),
    of("text_match", Some(text::compile), None),
    of("pinyin_match", Some(sound::compile), Some(sound::express)),
    of("fuzzy_name", Some(sound::compile), Some(sound::express)),
    of("distance", None, Some(values::distance)),
    of("age_at", None, Some(values::age)),
    of("linked", Some(linked::refers), None),
    of("linked_near", Some(linked::near), None),
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
        Predicate::WithinDivision { field, .. } | Predicate::Among { field, .. }
            if !field.is_empty() =>
        {
            each(field, &[]);
        }
        Predicate::Exact(expression) | Predicate::Narrowed { expression, .. } => {
            expression.visit_fields(&mut |field| each(field, &[]))
        }
        _ => {}
    }
}
