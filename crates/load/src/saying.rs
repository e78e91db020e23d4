//! Saying something new of an entity that is known, by a row of a file or by a request.

use record::{Fields, Validity};
use register::{LoadSession, NewRow, StoreError};

/// What is to be said of an entity.
pub struct Change {
    /// The entity's number.
    pub number: u64,
    /// The values, and when they hold.
    pub row: NewRow,
    /// When they hold instead if they only add fields of which the department has not spoken: as a
    /// first statement would. A boundary loaded after the list of divisions is no change of today.
    pub first: Option<Validity>,
    /// The row names no end: what the department has said to begin later stands.
    pub open: bool,
}

/// Says it, as far as it is news; whether any of it was.
pub fn change(session: &mut LoadSession, change: Change) -> Result<bool, StoreError> {
    let Change {
        number,
        row,
        first,
        open,
    } = change;
    if session.is_said(number, row.validity, &row.fields)? {
        return Ok(false);
    }
    let mut validity = row.validity;
    if let Some(first) = first
        && session.only_adds(number, &row.fields)?
    {
        validity = first;
    }
    let mut news = if open {
        session.stretches(number, validity, &row.fields)?
    } else {
        vec![(validity, row.fields.clone())]
    };
    // Of the whole row it is known that it is news; of a part it is not.
    let is_whole = |(days, fields): &(Validity, Fields)| {
        *days == row.validity && fields.len() == row.fields.len()
    };
    if !news.iter().any(is_whole) {
        let mut parts = Vec::new();
        for (days, fields) in news {
            if !session.is_said(number, days, &fields)? {
                parts.push((days, fields));
            }
        }
        news = parts;
    }
    let is_news = !news.is_empty();
    for (validity, fields) in news {
        let row = NewRow {
            line: row.line,
            key: row.key,
            validity,
            fields,
        };
        session.change(number, row)?;
    }
    Ok(is_news)
}
