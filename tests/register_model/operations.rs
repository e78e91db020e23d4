//! Random operations on single entities: what the list says can be done must be done, and what it says
//! cannot must be refused.

use record::{CompactString, Day, DisputeState, StatementPosition, Validity};
use register::{Embedded, LoadSession, Store};

use super::naive::{Kind, Naive, Said};
use crate::random::Random;

/// One operation, on what was published before and on the operations of this session.
pub fn one(
    random: &mut Random,
    (store, session): (&Embedded, &mut LoadSession),
    (before, after): (&Naive, &mut Naive),
    collection: &'static str,
    department: &'static str,
) {
    let entities: Vec<u64> = before.entities(collection).into_iter().collect();
    if entities.is_empty() {
        return;
    }
    let number = random.one(&entities);
    let mut said = Said {
        known: after.last,
        department,
        entity: number,
        line: 0,
        validity: Validity::ALWAYS,
        kind: Kind::End,
    };
    match random.below(4) {
        0 => {
            let Some((place, position)) = statement(random, store, before, collection, number)
            else {
                return;
            };
            let stands = after.owners(collection, u64::MAX)[place].is_some();
            let done = session.retract(number, position);
            assert_eq!(
                done.is_ok(),
                stands,
                "retract {place} of {number}: {done:?}"
            );
            said.kind = Kind::Retract(place);
            if done.is_err() {
                return;
            }
        }
        1 => {
            let into = random.one(&entities);
            let free = |one: u64| {
                before.was_present(collection, one)
                    && after.successor(collection, one, u64::MAX) == one
            };
            let can = number != into && free(number) && free(into);
            let done = session.merge(number, into);
            assert_eq!(done.is_ok(), can, "merge {number} into {into}: {done:?}");
            said.kind = Kind::Merge(into);
            if done.is_err() {
                return;
            }
        }
        2 => {
            let chosen: Vec<(usize, StatementPosition)> = (0..1 + random.below(2))
                .filter_map(|_| statement(random, store, before, collection, number))
                .collect();
            let places: Vec<usize> = chosen.iter().map(|one| one.0).collect();
            let positions: Vec<StatementPosition> = chosen.iter().map(|one| one.1).collect();
            let owners = after.owners(collection, u64::MAX);
            let all = after.on(collection);
            let speaks = |place: &usize| {
                matches!(
                    all[*place].kind,
                    Kind::Assert(_) | Kind::End | Kind::Dispute(..)
                )
            };
            let counts = |place: &usize| owners[*place] == Some(number) && speaks(place);
            let can = !places.is_empty() && places.iter().all(counts);
            let done = session.split(number, &positions);
            assert_eq!(done.is_ok(), can, "split {places:?} of {number}: {done:?}");
            let Ok(to) = done else { return };
            assert_eq!(to, after.take_number(collection));
            said.kind = Kind::Split(to, places);
        }
        _ => {
            let field = match collection {
                "person" => random.one(&["name", "sex", "maritalStatus", "location"]),
                "household" => random.one(&["kind", "head"]),
                _ => random.one(&["text", "division"]),
            };
            let state = random.one(&DisputeState::ALL);
            let doubted = after.doubt(collection, number, field);
            let can = state == DisputeState::Raised
                || doubted.is_some_and(|state| state != DisputeState::Removed);
            let done = session.dispute(number, field, state, "说明");
            assert_eq!(done.is_ok(), can, "{state:?} {field} of {number}: {done:?}");
            if done.is_err() {
                return;
            }
            said.validity = Validity {
                from: register::today(),
                to: Day::MAX,
            };
            said.kind = Kind::Dispute(CompactString::new(field).to_string(), state);
        }
    }
    after.said.entry(collection).or_default().push(said);
}

/// A statement made of an entity before this session: its place in the list, and where it stands.
fn statement(
    random: &mut Random,
    store: &Embedded,
    before: &Naive,
    collection: &str,
    number: u64,
) -> Option<(usize, StatementPosition)> {
    let id = before.id(collection, number);
    let view = store.view();
    let mut found = view.statements(collection, id).expect("statements");
    found.retain(|one| one.statement.entity == id);
    let places: Vec<usize> = before
        .on(collection)
        .iter()
        .enumerate()
        .filter(|(_, said)| said.entity == number)
        .map(|(place, _)| place)
        .collect();
    assert_eq!(found.len(), places.len(), "{collection} {id}");
    if places.is_empty() {
        return None;
    }
    let at = random.below(places.len() as u64) as usize;
    Some((places[at], found[at].position))
}
