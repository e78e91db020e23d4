//! How many records each county would have, before and after.
//!
//! Counted is what is believed of today. A row's own word counts, whoever answers for the division.

use std::collections::BTreeMap;

use record::{CompactString, Day, Fields, Predicate, Reference, Transaction, Validity, Value};
use register::rules::get;
use register::{
    Deadline, Embedded, GroupKey, Grouping, LoadSession, Store, StoreError, TimeScope, View,
};
use schema::Collection;
use serde::{Deserialize, Serialize};

/// Digits of a county's code.
const COUNTY: usize = 6;
/// Counties there may be.
const MOST: usize = 100_000;

/// One county.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DivisionMove {
    /// Its code of six digits; empty for records without a division.
    pub code: String,
    /// Its name, where it is known.
    pub name: Option<String>,
    /// Records before.
    pub before: u64,
    /// Records after.
    pub after: u64,
    /// Records that would be new.
    pub inserted: u64,
    /// Records that would end.
    pub ended: u64,
    /// Records that would come from another county.
    pub arrived: u64,
    /// Records that would go to another.
    pub left: u64,
}

#[derive(Clone, Copy, Debug, Default)]
struct Moves {
    inserted: u64,
    ended: u64,
    arrived: u64,
    left: u64,
}

/// Follows what a load does to the counties of its collection.
pub struct Movement {
    today: Day,
    /// None where records have no division.
    division: Option<record::FieldNumber>,
    moves: BTreeMap<CompactString, Moves>,
}

fn county(code: &str) -> CompactString {
    CompactString::from(code.get(..COUNTY).unwrap_or_default())
}

impl Movement {
    /// For a collection.
    pub fn new(collection: &Collection, today: Day) -> Movement {
        // Divisions are their own divisions: nothing is counted by county there.
        let division = collection
            .division
            .filter(|number| !collection.key.contains(number));
        Movement {
            today,
            division,
            moves: BTreeMap::new(),
        }
    }

    /// A new entity.
    pub fn inserted(
        &mut self,
        session: &LoadSession,
        fields: &Fields,
        validity: Validity,
    ) -> Result<(), StoreError> {
        if self.division.is_none() || !validity.contains(self.today) {
            return Ok(());
        }
        let code = self.of_row(session, fields)?.unwrap_or_default();
        self.moves.entry(county(&code)).or_default().inserted += 1;
        Ok(())
    }

    /// Whether a row can move an entity that is known.
    pub fn concerns(&self, collection: &Collection, fields: &Fields, validity: Validity) -> bool {
        let Some(division) = self.division else {
            return false;
        };
        let gives = |number: &u16| fields.iter().any(|(field, _)| field == number);
        let determining = match &collection.at(division).derived {
            Some(rule) => rule.through.iter().any(gives),
            None => gives(&division),
        };
        determining && validity.contains(self.today)
    }

    /// An entity that is known, with its record of today if it has one.
    pub fn changed(
        &mut self,
        session: &LoadSession,
        view: &dyn View,
        fields: &Fields,
        before: Option<&serde_json::Value>,
    ) -> Result<(), StoreError> {
        let Some(division) = self.division else {
            return Ok(());
        };
        let after = self
            .after(session, view, fields, before)?
            .unwrap_or_default();
        let Some(before) = before else {
            self.moves.entry(county(&after)).or_default().inserted += 1;
            return Ok(());
        };
        let name = session.collection().at(division).name.clone();
        let before = county(before["properties"][&*name].as_str().unwrap_or_default());
        let after = county(&after);
        if before != after {
            self.moves.entry(before).or_default().left += 1;
            self.moves.entry(after).or_default().arrived += 1;
        }
        Ok(())
    }

    /// An entity that nobody speaks of any more, with its record of today if it has one.
    pub fn ended(&mut self, collection: &Collection, before: Option<&serde_json::Value>) {
        if let (Some(division), Some(before)) = (self.division, before) {
            let name = &collection.at(division).name;
            let code = before["properties"][&**name].as_str().unwrap_or_default();
            self.moves.entry(county(code)).or_default().ended += 1;
        }
    }

    /// The division that a row gives, itself or through what it refers to.
    fn of_row(
        &self,
        session: &LoadSession,
        fields: &Fields,
    ) -> Result<Option<CompactString>, StoreError> {
        let Some(division) = self.division else {
            return Ok(None);
        };
        let rule = session.collection().at(division).derived.clone();
        let Some(rule) = rule else {
            let code = get(fields, division).and_then(Value::as_text);
            return Ok(code.map(CompactString::from));
        };
        for through in &rule.through {
            if let Some(Value::Reference(reference)) = get(fields, *through)
                && let Some(code) = self.of_target(session, *through, reference, &rule.field)?
            {
                return Ok(Some(code));
            }
        }
        Ok(None)
    }

    fn of_target(
        &self,
        session: &LoadSession,
        through: record::FieldNumber,
        reference: &Reference,
        field: &str,
    ) -> Result<Option<CompactString>, StoreError> {
        let name = session.collection().at(through).target().map(String::from);
        let Some(target) = name
            .map(|name| session.target(&name, &reference.key))
            .transpose()?
        else {
            return Ok(None);
        };
        let present = target
            .iter()
            .flat_map(|target| &target.rectangles)
            .find(|one| one.known.1 == Transaction::MAX && one.validity.contains(self.today));
        let code = present.and_then(|one| one.values.get(field)?.as_text());
        Ok(code.map(CompactString::from))
    }

    /// The division of an entity after a row, whose references may be only some of those that count.
    fn after(
        &self,
        session: &LoadSession,
        view: &dyn View,
        fields: &Fields,
        before: Option<&serde_json::Value>,
    ) -> Result<Option<CompactString>, StoreError> {
        let rule = self
            .division
            .and_then(|division| session.collection().at(division).derived.clone());
        let (Some(rule), Some(before)) = (rule, before) else {
            return self.of_row(session, fields);
        };
        for through in &rule.through {
            let given = fields.iter().any(|(number, _)| number == through);
            let code = match get(fields, *through) {
                Some(Value::Reference(reference)) => {
                    self.of_target(session, *through, reference, &rule.field)?
                }
                _ if given => None,
                _ => self.of_known(session.collection(), view, *through, (before, &rule.field))?,
            };
            if code.is_some() {
                return Ok(code);
            }
        }
        Ok(None)
    }

    /// The division of what a known record refers to.
    fn of_known(
        &self,
        collection: &Collection,
        view: &dyn View,
        through: record::FieldNumber,
        (before, field): (&serde_json::Value, &str),
    ) -> Result<Option<CompactString>, StoreError> {
        let through = collection.at(through);
        let id = before["properties"][&*through.name]
            .as_str()
            .and_then(|id| id.parse().ok());
        let (Some(id), Some(target)) = (id, through.target()) else {
            return Ok(None);
        };
        let record = view.read(target, id, TimeScope::Present(self.today))?;
        let body: Option<serde_json::Value> =
            record.and_then(|record| serde_json::from_str(&record.body).ok());
        Ok(body.and_then(|body| body["properties"][field].as_str().map(CompactString::from)))
    }

    /// The counties that move, with their records before and after.
    pub fn report(
        &self,
        store: &Embedded,
        view: &dyn View,
        collection: &Collection,
    ) -> Result<Vec<DivisionMove>, StoreError> {
        let moving = |moves: &Moves| moves.inserted + moves.ended + moves.arrived + moves.left > 0;
        if self.division.is_none() || !self.moves.values().any(moving) {
            return Ok(Vec::new());
        }
        let grouping = Grouping {
            keys: vec![GroupKey::Division {
                field: "".into(),
                digits: COUNTY,
            }],
            measures: Vec::new(),
            limit: MOST,
        };
        let scope = TimeScope::Present(self.today);
        let all = &Predicate::All;
        let groups = view.group(&collection.name, all, scope, &grouping, Deadline::NONE)?;
        let before: BTreeMap<CompactString, u64> = groups
            .into_iter()
            .map(|mut group| (group.key.pop().flatten().unwrap_or_default(), group.count))
            .collect();
        let known_divisions = store.catalog().collection("division").is_some();
        let moves = self.moves.iter().filter(|(_, moves)| moving(moves));
        moves
            .map(|(code, moves)| {
                let before = before.get(code).copied().unwrap_or_default();
                let name = if known_divisions && !code.is_empty() {
                    self.name(view, code)?
                } else {
                    None
                };
                Ok(DivisionMove {
                    code: code.to_string(),
                    name,
                    before,
                    after: (before + moves.inserted + moves.arrived)
                        .saturating_sub(moves.ended + moves.left),
                    inserted: moves.inserted,
                    ended: moves.ended,
                    arrived: moves.arrived,
                    left: moves.left,
                })
            })
            .collect()
    }

    fn name(&self, view: &dyn View, code: &str) -> Result<Option<String>, StoreError> {
        let key = [Value::text(&format!("{code:0<12}"))];
        let found = view.lookup("division", &key, TimeScope::Present(self.today))?;
        let body: Option<serde_json::Value> =
            found.and_then(|record| serde_json::from_str(&record.body).ok());
        Ok(body.and_then(|body| body["properties"]["name"].as_str().map(String::from)))
    }
}
