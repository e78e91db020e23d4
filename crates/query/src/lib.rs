//! The unified query: what is asked, what it means, how it is answered.
//!
//! A [`Query`] (the body of `POST /query`, or the parameters of a page of items) is resolved by
//! [`plan()`] against the schemas into a [`Plan`], and answered by [`execute()`] through
//! [`register::Store`], the only way in which data is seen here.
//!
//! | module | what |
//! |---|---|
//! | [`ast`] | the query as it is written |
//! | [`filter`] | CQL2 text and JSON, made into conditions |
//! | [`operators`] | what each operator of a filter means: one file each |
//! | [`functions`] | the functions that filters know besides CQL2's own |
//! | [`links`], [`follow`] | links between records, followed as semi-joins; values at their ends |
//! | [`value`] | values coerced to the types of fields |
//! | [`times`] | `validAt` and `knownAt` |
//! | [`plan`](mod@plan), [`order`], [`grouping`] | a query resolved against the schemas |
//! | [`regroup`] | groups narrowed, ordered, put beside others, and computed with |
//! | [`divisions`] | what became of divisions |
//! | [`cursor`] | where a page ended |
//! | [`execute`](mod@execute), [`nearest`] | plans answered |
//! | [`stream`](mod@stream) | whole answers, in batches |
//! | [`body`], [`expand`] | records taken apart: selected fields, references followed |
//! | [`choropleth`] | groups on a map |
//! | [`search`] | one ranked list across the registers, and suggestions |
//! | [`series`] | observations by indicator, region and period |
//! | [`lookup`] | records by natural key |
//! | [`conflicts`], [`responsibility`] | what sources dispute, and who answers for what |

pub mod ast;
pub mod body;
pub mod choropleth;
pub mod conflicts;
pub mod cursor;
pub mod divisions;
pub mod error;
pub mod execute;
pub mod expand;
pub mod filter;
pub mod follow;
pub mod functions;
pub mod grouping;
pub mod links;
pub mod lookup;
pub mod names;
pub mod nearest;
pub mod operators;
pub mod order;
pub mod plan;
pub mod regroup;
pub mod responsibility;
pub mod search;
pub mod series;
pub mod stream;
pub mod times;
pub mod value;

pub use ast::{Near, Query};
pub use error::QueryError;
pub use execute::{Answer, Explanation, FoundRecord, Groups, Records, execute};
pub use plan::{Context, Limits, Plan, plan};
pub use stream::stream;
pub use times::Times;

#[cfg(test)]
mod fake;
#[cfg(test)]
mod tests;
