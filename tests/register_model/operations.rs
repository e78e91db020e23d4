//! Random operations on single entities: what the list says can be done must be done, and what it says
//! cannot must be refused.

use record::{DisputeState, StatementPosition, Validity};
use register::{Embedded, LoadSession, Store};

use super::naive::{Kind, Naive, Said};
use crate::random::Random;

/// A session, and the lists that it is measured by.
pub struct Trial<'t, 's> {
    pub store: &'t Embedded,
    pub session: &'t mut LoadSession<'s>,
    /// What was published before.
    pub before: &'t Naive,
    /// The same with what this session says.
    pub after: &'t mut Naive,
    pub collection: &'static str,
    pub department: &'static str,
}

impl Trial<'_, '_> {
    /// A few operations, in about half of all loads.
    pub fn some(&mut self, random: &mut Random) {
        if random.percent(45) {
            return;
        }
        for _ in 0..1 + random.below(3) {
            let entities: Vec<u64> = self.before.entities(self.collection).into_iter().collect();
            if entities.is_empty() {
                return;
            }
            let number = random.one(&entities);
            let mut validity = Validity::ALWAYS;
            let done = match random.below(4) {
                0 => self.retract(random, number),
                1 => self.merge(number, random.one(&entities)),
                2 => self.split(random, number),
                _ => {
                    validity.from = register::today();
                    self.dispute(random, number)
                }
            };
            let Some(kind) = done else { continue };
            let said = Said {
                known: self.after.last,
                department: self.department,
                entity: number,
                line: 0,
                validity,
                kind,
            };
            let list = self.after.said.entry(self.collection).or_default();
            list.push(said);
        }
    }

    fn retract(&mut self, random: &mut Random, number: u64) -> Option<Kind> {
        let (place, position) = self.statement(random, number)?;
        let stands = self.after.owners(self.collection, u64::MAX)[place].is_some();
        let done = self.session.retract(number, position);
        assert_eq!(
            done.is_ok(),
            stands,
            "retract {place} of {number}: {done:?}"
        );
        done.ok().map(|()| Kind::Retract(place))
    }

    fn merge(&mut self, number: u64, into: u64) -> Option<Kind> {
        let free = |one: u64| {
            self.before.was_present(self.collection, one)
                && self.after.successor(self.collection, one, u64::MAX) == one
        };
        let can = number != into && free(number) && free(into);
        let done = self.session.merge(number, into);
        assert_eq!(done.is_ok(), can, "merge {number} into {into}: {done:?}");
        done.ok().map(|()| Kind::Merge(into))
    }

    fn split(&mut self, random: &mut Random, number: u64) -> Option<Kind> {
        let chosen: Vec<(usize, StatementPosition)> = (0..1 + random.below(2))
            .filter_map(|_| self.statement(random, number))
            .collect();
        let places: Vec<usize> = chosen.iter().map(|one| one.0).collect();
        let positions: Vec<StatementPosition> = chosen.iter().map(|one| one.1).collect();
        let owners = self.after.owners(self.collection, u64::MAX);
        let all = self.after.on(self.collection);
        let counts = |place: &usize| {
            let speaks = matches!(
                all[*place].kind,
                Kind::Assert(_) | Kind::End | Kind::Dispute(..)
            );
            speaks && owners[*place] == Some(number)
        };
        let can = !places.is_empty() && places.iter().all(counts);
        let done = self.session.split(number, &positions);
        assert_eq!(done.is_ok(), can, "split {places:?} of {number}: {done:?}");
        let to = done.ok()?;
        assert_eq!(to, self.after.take_number(self.collection));
        Some(Kind::Split(to, places))
    }

    fn dispute(&mut self, random: &mut Random, number: u64) -> Option<Kind> {
        let field = match self.collection {
            "person" => random.one(&["name", "sex", "maritalStatus", "location"]),
            "household" => random.one(&["kind", "head"]),
            _ => random.one(&["text", "division"]),
        };
        let state = random.one(&DisputeState::ALL);
        let doubted = self.after.doubt(self.collection, number, field);
        let can = state == DisputeState::Raised
            || doubted.is_some_and(|state| state != DisputeState::Removed);
        let done = self.session.dispute(number, field, state, "说明");
        assert_eq!(done.is_ok(), can, "{state:?} {field} of {number}: {done:?}");
        done.ok().map(|()| Kind::Dispute(field.to_string(), state))
    }

    /// A statement made of an entity before this session: its place in the list, and where it stands.
    fn statement(&self, random: &mut Random, number: u64) -> Option<(usize, StatementPosition)> {
        let id = self.before.id(self.collection, number);
        let view = self.store.view();
        let mut found = view.statements(self.collection, id).expect("statements");
        found.retain(|one| one.statement.entity == id);
        let all = self.before.on(self.collection).iter().enumerate();
        let own = all.filter(|(_, said)| said.entity == number);
        let places: Vec<usize> = own.map(|(place, _)| place).collect();
        assert_eq!(found.len(), places.len(), "{} {id}", self.collection);
        if places.is_empty() {
            return None;
        }
        let at = random.below(places.len() as u64) as usize;
        Some((places[at], found[at].position))
    }
}
