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

/// What of it is news: values, and when they hold.
pub fn news(session: &LoadSession, change: &Change) -> Result<Vec<(Validity, Fields)>, StoreError> {
    let Change {
        number, row, first, ..
    } = change;
    if session.is_said(*number, row.validity, &row.fields)? {
        return Ok(Vec::new());
    }
    let mut validity = row.validity;
    if let Some(first) = first
        && session.only_adds(*number, &row.fields)?
    {
        validity = *first;
    }
    let news = if change.open {
        session.stretches(*number, validity, &row.fields)?
    } else {
        vec![(validity, row.fields.clone())]
    };
    // Of the whole row it is known that it is news; of a part it is not.
    let is_whole = |(days, fields): &(Validity, Fields)| {
        *days == row.validity && fields.len() == row.fields.len()
    };
    if news.iter().any(is_whole) {
        return Ok(news);
    }
    let mut parts = Vec::new();
    for (days, fields) in news {
        if !session.is_said(*number, days, &fields)? {
            parts.push((days, fields));
        }
    }
    Ok(parts)
}

/// Says what is news.
pub fn say(
    session: &mut LoadSession,
    change: &Change,
    news: Vec<(Validity, Fields)>,
) -> Result<(), StoreError> {
    for (validity, fields) in news {
        let row = NewRow {
            line: change.row.line,
            key: change.row.key,
            validity,
            fields,
        };
        session.change(change.number, row)?;
    }
    Ok(())
}

/// Says it, as far as it is news; whether any of it was.
pub fn change(session: &mut LoadSession, change: &Change) -> Result<bool, StoreError> {
    let news = news(session, change)?;
    let is_news = !news.is_empty();
    say(session, change, news)?;
    Ok(is_news)
}
