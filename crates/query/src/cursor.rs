//! Cursors: where a page ended, as opaque text. A cursor holds the place, not the answer, so it costs
//! the server nothing to keep. It also holds which state the first page saw, and on which day: the next
//! pages go on in that one, so that together they are complete and have nothing twice, whatever is
//! published meanwhile.

use std::hash::{DefaultHasher, Hash, Hasher};

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use record::{CompactString, Day, Transaction};
use register::{After, SortValue};

use crate::times::Times;
use crate::{Context, Query, QueryError};

const VERSION: u8 = 2;
/// No cursor made here is longer.
const LONGEST: usize = 4096;

/// A digest of everything that decides which records come in which order.
pub fn digest(parts: &impl std::fmt::Debug) -> u64 {
    let mut hasher = DefaultHasher::new();
    format!("{parts:?}").hash(&mut hasher);
    hasher.finish()
}

/// The state that the first page saw.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Seen {
    /// The state of knowledge.
    pub known: Transaction,
    /// The day it was.
    pub today: Day,
}

/// The text of a place in the answer to the query with this digest.
pub fn encode(after: &After, digest: u64, seen: Seen) -> String {
    let mut bytes = vec![VERSION];
    bytes.extend(seen.known.0.to_le_bytes());
    bytes.extend(seen.today.0.to_le_bytes());
    bytes.extend(digest.to_le_bytes());
    bytes.extend(after.number.to_le_bytes());
    for value in &after.values {
        match value {
            SortValue::Missing => bytes.push(0),
            SortValue::Number(number) => {
                bytes.push(1);
                bytes.extend(number.to_le_bytes());
            }
            SortValue::Text(text) => {
                bytes.push(2);
                bytes.extend((text.len() as u32).to_le_bytes());
                bytes.extend(text.as_bytes());
            }
        }
    }
    URL_SAFE_NO_PAD.encode(bytes)
}

/// The state that a cursor goes on in; refused when it is damaged.
pub fn seen(cursor: &str) -> Result<Seen, QueryError> {
    let bytes = bytes(cursor)?;
    head(&mut bytes.as_slice()).ok_or_else(|| refused(cursor))
}

/// The times of a page that follows another one: in the state that the first saw, on the day it was then.
pub fn times(
    context: &Context<'_>,
    query: &Query,
    times: Times,
    cursor: &str,
) -> Result<Times, QueryError> {
    let Seen { known, today } = seen(cursor)?;
    if known > context.view.transaction() || today > context.today {
        return Err(refused(cursor));
    }
    let known = if query.known_at.is_some() {
        times.known
    } else {
        known
    };
    let day = if query.valid_at.is_some() {
        times.valid.from
    } else {
        today
    };
    let is_the_same = known == times.known && day == times.valid.from;
    Ok(if is_the_same {
        times
    } else {
        Times::at(day, known)
    })
}

/// Reads a cursor; refused when it is damaged or belongs to another query.
pub fn decode(cursor: &str, digest: u64, keys: usize) -> Result<After, QueryError> {
    read(&bytes(cursor)?, digest, keys).ok_or_else(|| refused(cursor))
}

/// The refusal of a cursor.
pub fn refused(cursor: &str) -> QueryError {
    QueryError::BadCursor(cursor.chars().take(64).collect())
}

fn bytes(cursor: &str) -> Result<Vec<u8>, QueryError> {
    if cursor.len() > LONGEST {
        return Err(refused(cursor));
    }
    let bytes = URL_SAFE_NO_PAD.decode(cursor);
    bytes.map_err(|_| refused(cursor))
}

fn head(rest: &mut &[u8]) -> Option<Seen> {
    let (version, after) = rest.split_first()?;
    *rest = after;
    if *version != VERSION {
        return None;
    }
    let known = Transaction(number(rest)?);
    let (today, after) = rest.split_first_chunk::<4>()?;
    *rest = after;
    let today = Day(i32::from_le_bytes(*today));
    Some(Seen { known, today })
}

fn read(bytes: &[u8], digest: u64, keys: usize) -> Option<After> {
    let mut rest = bytes;
    head(&mut rest)?;
    if number(&mut rest)? != digest {
        return None;
    }
    let place = number(&mut rest)?;
    let mut values = Vec::with_capacity(keys);
    for _ in 0..keys {
        let (tag, after) = rest.split_first()?;
        rest = after;
        values.push(match tag {
            0 => SortValue::Missing,
            1 => SortValue::Number(number(&mut rest)?),
            2 => {
                let (length, after) = rest.split_first_chunk::<4>()?;
                let length = u32::from_le_bytes(*length) as usize;
                let (text, after) = after.split_at_checked(length)?;
                rest = after;
                SortValue::Text(CompactString::from(std::str::from_utf8(text).ok()?))
            }
            _ => return None,
        });
    }
    rest.is_empty().then_some(After {
        values,
        number: place,
    })
}

fn number(bytes: &mut &[u8]) -> Option<u64> {
    let (first, rest) = bytes.split_first_chunk::<8>()?;
    *bytes = rest;
    Some(u64::from_le_bytes(*first))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_returns_to_its_own_query_only() {
        let after = After {
            values: vec![
                SortValue::Text("王".into()),
                SortValue::Number(7),
                SortValue::Missing,
            ],
            number: 42,
        };
        let state = Seen {
            known: Transaction(5),
            today: Day(20_000),
        };
        let text = encode(&after, 9, state);
        assert_eq!(seen(&text).expect("its own"), state);
        assert_eq!(decode(&text, 9, 3).expect("its own"), after);
        assert!(decode(&text, 10, 3).is_err());
        assert!(decode(&text, 9, 2).is_err());
        assert!(decode(&text[..text.len() - 2], 9, 3).is_err());
        assert!(decode("§", 9, 3).is_err());
        assert!(decode("", 9, 0).is_err());
        assert!(decode(&"A".repeat(9000), 9, 0).is_err());
    }
}
