//! Late arrivals against a calendar of single days.

use std::sync::Arc;

use proptest::prelude::*;
use record::{EntityId, RegisterLetter, Statement, StatementPosition, Transaction, Value};

use super::*;

/// Days of the calendar.
const DAYS: i32 = 12;

fn spoken(place: usize, from: i32, to: i32, kind: StatementKind) -> Spoken {
    let position = StatementPosition {
        block: place as u64,
        place: 0,
    };
    Spoken {
        position,
        known: Transaction(place as u64 + 1),
        department: Arc::from("statistics"),
        statement: Statement {
            entity: EntityId::new(RegisterLetter::Macroeconomy, 1).expect("small"),
            line: 0,
            validity: Validity {
                from: Day(from),
                to: if to >= DAYS { Day::MAX } else { Day(to) },
            },
            kind,
        },
    }
}

fn values(fields: &[FieldNumber], value: i64) -> Fields {
    let pair = |field: &FieldNumber| (*field, Value::Integer(value));
    fields.iter().map(pair).collect()
}

#[test]
fn what_begins_later_stands() {
    let later = spoken(0, 5, DAYS, StatementKind::Assert(values(&[0, 1], 7)));
    let open = Validity {
        from: Day(2),
        to: Day::MAX,
    };
    let until = Validity {
        from: Day(2),
        to: Day(5),
    };
    assert_eq!(
        stretches(&[later], open, &values(&[0, 1, 2], 1)),
        [(until, values(&[0, 1], 1)), (open, values(&[2], 1))]
    );
    let earlier = spoken(0, 1, DAYS, StatementKind::Assert(values(&[0], 1)));
    assert_eq!(
        stretches(&[earlier], open, &values(&[0], 1)),
        [(open, values(&[0], 1))]
    );
}

fn statement() -> impl Strategy<Value = (i32, i32, Option<Vec<FieldNumber>>)> {
    let fields = prop::option::weighted(0.8, prop::collection::btree_set(0..4u16, 1..4));
    (0..DAYS, 1..=DAYS, fields).prop_map(|(from, length, fields)| {
        (
            from,
            from + length,
            fields.map(|all| all.into_iter().collect()),
        )
    })
}

proptest! {
    /// On each day a field is said unless the last statement that bears on it there begins later.
    #[test]
    fn day_by_day(before in prop::collection::vec(statement(), 0..7), from in 0..DAYS, withdrawn in 0..7usize) {
        let mut all: Vec<Spoken> = before
            .iter()
            .enumerate()
            .map(|(place, (from, to, fields))| {
                let kind = fields.as_ref().map_or(StatementKind::End, |all| StatementKind::Assert(values(all, (place % 2) as i64)));
                spoken(place, *from, *to, kind)
            })
            .collect();
        if withdrawn < all.len() {
            all.remove(withdrawn);
        }
        let validity = Validity { from: Day(from), to: Day::MAX };
        let said = stretches(&all, validity, &values(&[0, 1, 2, 3], 1));
        for day in from..DAYS + 3 {
            for field in 0..4u16 {
                let mut owner = None;
                for (place, (begins, ends, fields)) in before.iter().enumerate() {
                    let bears = fields.as_ref().is_none_or(|all| all.contains(&field));
                    let holds = *begins <= day && (day < *ends || *ends >= DAYS);
                    if bears && holds && place != withdrawn {
                        let same = fields.is_some() && place % 2 == 1;
                        owner = (!same).then_some(*begins);
                    }
                }
                let expected = owner.is_none_or(|begins| begins <= from);
                let times = said
                    .iter()
                    .filter(|(validity, fields)| validity.contains(Day(day)) && fields.iter().any(|(number, _)| *number == field))
                    .count();
                prop_assert_eq!(times, usize::from(expected), "day {} field {}", day, field);
            }
        }
    }
}
