//! Versions that differ only in what is hidden become one.

use record::RegisterLetter;

use super::*;

/// A rectangle: days, transactions, what is seen. 0 and 99 are open ends.
fn cut(days: (i32, i32), known: (u64, u64), body: &str) -> Record {
    let open = |day: i32| match day {
        0 => Day::MIN,
        99 => Day::MAX,
        day => Day(day),
    };
    let until = if known.1 == 99 {
        Transaction::MAX
    } else {
        Transaction(known.1)
    };
    Record {
        id: EntityId::new(RegisterLetter::Person, 1).expect("a number"),
        body: body.to_string(),
        validity: Validity {
            from: open(days.0),
            to: open(days.1),
        },
        known: (Transaction(known.0), until),
        values: Vec::new(),
    }
}

#[test]
fn what_looks_the_same_is_one() {
    // A hidden change on day 10, another one learned with transaction 3.
    let cuts = vec![
        cut((0, 99), (1, 2), "a"),
        cut((0, 10), (2, 3), "a"),
        cut((10, 99), (2, 99), "a"),
        cut((0, 10), (3, 99), "a"),
    ];
    assert_eq!(joined(cuts), vec![cut((0, 99), (1, 99), "a")]);
}

#[test]
fn what_is_seen_to_change_stays() {
    let cuts = vec![
        cut((0, 99), (1, 2), "a"),
        cut((0, 5), (2, 99), "a"),
        cut((5, 10), (2, 4), "b"),
        cut((5, 10), (4, 99), "b"),
        cut((10, 99), (2, 99), "b"),
    ];
    let expected = vec![
        cut((0, 99), (1, 2), "a"),
        cut((0, 5), (2, 99), "a"),
        cut((5, 99), (2, 99), "b"),
    ];
    assert_eq!(joined(cuts), expected);
}

#[test]
fn a_gap_is_a_gap() {
    let cuts = vec![cut((0, 5), (1, 99), "a"), cut((7, 99), (1, 99), "a")];
    assert_eq!(joined(cuts.clone()), cuts);
    let part = cut((7, 99), (1, 99), "a");
    assert_eq!(whole_of(cuts, &part, Transaction(4)), Some(part));
}
