//! The marks by which records are found that wait for something or are in doubt: terms of one field of
//! the index.

use schema::Collection;

use crate::fold::{Content, Held};

/// The marks of a record.
pub fn of(collection: &Collection, content: &Content) -> Vec<String> {
    let name = |number| collection.at(number).name.as_str();
    let held = content.held.iter().map(held);
    let conflicts = content
        .conflicts
        .iter()
        .map(|one| conflict(name(one.field)));
    let disputes = content.disputes.iter().filter(|one| one.state.is_open());
    let disputes = disputes.map(|one| dispute(name(one.field)));
    let mut marks: Vec<String> = held.chain(conflicts).chain(disputes).collect();
    marks.sort_unstable();
    marks.dedup();
    marks
}

/// The mark of a record with a reference that waits for its target.
pub fn held(held: &Held) -> String {
    format!("{}{}", held_prefix(&held.collection), held.key)
}

/// How the marks of references into a collection begin that wait for their targets; the key follows.
pub fn held_prefix(collection: &str) -> String {
    format!("held={collection}=")
}

/// The mark of a record with a field of which sources say different things.
pub fn conflict(field: &str) -> String {
    format!("conflict={field}")
}

/// The mark of a record with a field that somebody doubts.
pub fn dispute(field: &str) -> String {
    format!("dispute={field}")
}
