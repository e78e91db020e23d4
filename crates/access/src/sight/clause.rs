//! What roles and grants say of one collection, brought together.

use std::collections::BTreeSet;

use record::EntityId;
use schema::Collection;

use crate::Form;
use crate::grant::Grant;
use crate::policy::{Entry, MovedAway, RowCondition, Verb, division_prefix};

/// Which records a clause is about.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RowClause {
    /// No record at all: what limits the rows could not be told.
    pub nothing: bool,
    /// The divisions in which records must lie, each by the digits that codes within it begin with.
    pub divisions: Vec<String>,
    /// What is seen of those that have left.
    pub moved_away: MovedAway,
    /// Fields that must have certain values.
    pub conditions: Vec<RowCondition>,
    /// The records of a list.
    pub subjects: Option<BTreeSet<EntityId>>,
}

/// What a role or a grant says of one collection, for one caller.
#[derive(Clone, Debug)]
pub struct Clause {
    /// What may be done.
    pub verbs: BTreeSet<Verb>,
    /// With which records.
    pub rows: RowClause,
    /// In which form each field is seen.
    pub forms: Vec<Form>,
    /// Groups of fewer records are not told.
    pub least: u64,
}

impl Clause {
    /// What a role says, for a caller of a division.
    pub fn of_role(entry: &Entry, division: Option<&str>) -> Clause {
        let rule = &entry.rows;
        let mut rows = RowClause {
            moved_away: rule.moved_away,
            conditions: rule.conditions.clone(),
            ..RowClause::default()
        };
        let own = rule.own_division.then_some(division);
        let fixed = rule.division.as_deref().map(Some);
        for code in [own, fixed].into_iter().flatten() {
            match code.and_then(division_prefix) {
                Some(prefix) => rows.divisions.push(prefix.to_string()),
                // Whose division nobody knows sees no record.
                None => rows.nothing = true,
            }
        }
        Clause {
            verbs: entry.verbs.clone(),
            rows,
            forms: entry.forms.clone(),
            least: entry.least,
        }
    }

    /// What a grant says.
    pub fn of_grant(grant: &Grant, collection: &Collection) -> Clause {
        let mut forms = Entry::none(collection.fields.len()).forms;
        for (name, form) in &grant.fields {
            if let Some(number) = collection.number(name) {
                forms[usize::from(number)] = form.clone();
            }
        }
        let mut rows = RowClause {
            subjects: grant.rows.subjects.clone(),
            ..RowClause::default()
        };
        if let Some(code) = &grant.rows.division {
            match division_prefix(code).filter(|_| collection.division.is_some()) {
                Some(prefix) => rows.divisions.push(prefix.to_string()),
                None => rows.nothing = true,
            }
        }
        let of_records = grant
            .verbs
            .iter()
            .copied()
            .filter(|verb| verb.is_of_collections());
        Clause {
            verbs: of_records.collect(),
            rows,
            forms,
            least: 0,
        }
    }

    /// Whether it is about every record.
    pub(crate) fn rows_are_all(&self) -> bool {
        self.rows
            == RowClause {
                moved_away: self.rows.moved_away,
                ..RowClause::default()
            }
    }

    /// All that is said together: the records of the clause that is about the most, where one is about
    /// all that the others are about, and otherwise of the first; of these, whatever form and verb any
    /// clause gives that is about all of them. Nobody sees more of a record than some clause about it
    /// says.
    pub fn together(all: Vec<Clause>) -> Option<Clause> {
        let widest = |one: &&Clause| all.iter().all(|other| one.rows.contains(&other.rows));
        let chosen = all.iter().find(widest).or_else(|| all.first())?;
        let rows = chosen.rows.clone();
        let mut together = chosen.clone();
        for other in all.iter().filter(|other| other.rows.contains(&rows)) {
            together.verbs.extend(other.verbs.iter().copied());
            together.least = together.least.min(other.least);
            for (form, more) in together.forms.iter_mut().zip(&other.forms) {
                if more.rank() > form.rank() {
                    *form = more.clone();
                }
            }
        }
        Some(together)
    }
}

impl RowClause {
    /// Whether every record of another clause is one of this.
    fn contains(&self, other: &RowClause) -> bool {
        if other.nothing || self.nothing {
            return other.nothing;
        }
        let within = |division: &String| {
            other
                .divisions
                .iter()
                .any(|inner| inner.starts_with(division.as_str()))
        };
        let stays = self.divisions.is_empty()
            || self.moved_away == MovedAway::WhileHere
            || other.moved_away == MovedAway::Hidden;
        let listed = match (&self.subjects, &other.subjects) {
            (None, _) => true,
            (Some(all), Some(some)) => some.is_subset(all),
            (Some(_), None) => false,
        };
        stays
            && listed
            && self.divisions.iter().all(within)
            && self
                .conditions
                .iter()
                .all(|one| other.conditions.contains(one))
    }
}
