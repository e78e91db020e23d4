//! The vocabulary every other crate speaks: entity ids, field values, partial dates, intervals of
//! validity and knowledge, statements, and predicates and expressions over records. No I/O, no clock.

pub mod date;
pub mod expression;
pub mod id;
pub mod interval;
pub mod predicate;
pub mod problem;
pub mod prose;
pub mod set;
pub mod statement;
pub mod value;

pub use compact_str::CompactString;
pub use date::{DateError, Day, PartialDate, age};
pub use expression::{Expression, Function, Relation, SetRelation};
pub use id::{EntityId, RegisterLetter};
pub use interval::{AsOf, Transaction, Validity};
pub use predicate::{Comparison, Predicate};
pub use problem::{Problem, ProblemCode};
pub use prose::Prose;
pub use rust_decimal::Decimal;
pub use set::{IdSet, Places};
pub use statement::{DisputeState, Fields, Statement, StatementKind, StatementPosition};
pub use value::{FieldNumber, Reference, Value};
