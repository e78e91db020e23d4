//! Conditions that no index answers: expressions, evaluated for each candidate.
//!
//! | module | what |
//! |---|---|
//! | [`evaluate`] | expressions in three-valued logic |
//! | [`row`] | the values of a document: from its columns, or else from its body |
//! | [`query`] | the query that asks them of its candidates |
//! | [`text`] | what is done with texts: case, accents, sound, likeness |

pub mod evaluate;
pub mod query;
pub mod row;
pub mod text;

#[cfg(test)]
mod tests;
