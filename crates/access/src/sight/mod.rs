//! What one caller sees for one purpose: compiled once, and kept.
//!
//! A [`Sight`] says of each collection which records are seen ([`rows`]), in which form each field, and
//! what may be done. Around the whole store it makes a [`SeenStore`]: its schemas lack what is hidden,
//! so that naming it is naming what does not exist; its view adds the rows to every question, refuses
//! what is asked by a field that is only shown ([`predicate`]), masks bodies ([`body`]), and tells the
//! history of a record as if only what is seen had ever changed ([`history`]).

pub mod body;
mod clause;
pub mod history;
mod json;
pub mod predicate;
pub mod rows;
mod statements;
mod store;
mod view;

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::sync::Arc;

use record::{CompactString, FieldNumber};
use schema::{Catalog, Collection, Kept, Sensitivity};

use crate::Form;
use crate::grant::Grant;
use crate::mask::Mask;
use crate::policy::Verb;

pub use clause::Clause;
pub use history::History;
pub use rows::Rows;
pub use store::SeenStore;

/// What is left of a field's values.
#[derive(Clone, Debug)]
pub(crate) enum Rule {
    /// Nothing.
    Gone,
    /// What the mask leaves.
    Masked(Arc<Mask>),
    /// All.
    Open,
}

/// What is seen of one collection.
pub struct Seen {
    /// The collection as it is.
    pub(crate) whole: Arc<Collection>,
    /// The collection as it is seen.
    pub(crate) narrowed: Arc<Collection>,
    /// By the whole collection's numbers: those in the narrowed one.
    pub(crate) numbers: Vec<Option<FieldNumber>>,
    /// By the whole collection's numbers: what is left.
    pub(crate) rules: Vec<Rule>,
    /// The fields that may be asked by.
    pub(crate) open: HashSet<CompactString>,
    /// By the whole collection's numbers: references that lead to records whose natural key is not seen.
    pub(crate) keys_hidden: Vec<bool>,
    /// Every field is seen as it is, and so is what references name.
    pub(crate) all_fields: bool,
    /// Which records.
    pub(crate) rows: Rows,
    /// Groups of fewer records are not told.
    pub(crate) least: u64,
    verbs: BTreeSet<Verb>,
    forms: Vec<Form>,
}

impl Seen {
    /// Whether nothing is kept back: neither a record nor a field.
    pub(crate) fn is_whole(&self) -> bool {
        self.all_fields && self.rows.is_all()
    }

    /// Whether something may be done with its records.
    pub(crate) fn may(&self, verb: Verb) -> bool {
        self.verbs.contains(&verb)
    }

    /// Whether what a field names by a natural key is kept back.
    pub(crate) fn hides_keys(&self, field: &str) -> bool {
        let number = self.whole.number(field);
        number.is_some_and(|number| self.keys_hidden[usize::from(number)])
    }

    /// Whether questions may be asked by this field.
    pub(crate) fn is_open(&self, field: &str) -> bool {
        self.all_fields || self.open.contains(field)
    }
}

/// What one caller sees for one purpose.
pub struct Sight {
    digest: u64,
    roles: Vec<String>,
    purpose: Option<String>,
    department: Option<String>,
    any_department: bool,
    verbs: BTreeSet<Verb>,
    seen: BTreeMap<String, Seen>,
    catalog: Arc<Catalog>,
    grants: Vec<Grant>,
}

/// What a sight is made of.
pub(crate) struct Parts<'a> {
    pub digest: u64,
    pub roles: Vec<String>,
    pub purpose: Option<String>,
    pub department: Option<String>,
    pub any_department: bool,
    pub verbs: BTreeSet<Verb>,
    pub clauses: Vec<(Arc<Collection>, Clause)>,
    pub grants: Vec<Grant>,
    pub masks: &'a BTreeMap<String, Mask>,
    pub catalog: &'a Arc<Catalog>,
}

impl Sight {
    pub(crate) fn new(parts: Parts<'_>) -> Sight {
        // Of each collection that is seen, whether its natural key is.
        let keys: BTreeMap<String, bool> = parts
            .clauses
            .iter()
            .map(|(collection, clause)| {
                let full = |number: &FieldNumber| clause.forms[usize::from(*number)] == Form::Full;
                let is_seen = collection.key.iter().all(full) && clause.rows_are_all();
                (collection.name.clone(), is_seen)
            })
            .collect();
        let each = parts
            .clauses
            .into_iter()
            .filter_map(|(collection, clause)| {
                let seen = seen(collection, clause, &keys, parts.masks)?;
                Some((seen.whole.name.clone(), seen))
            });
        let seen: BTreeMap<String, Seen> = each.collect();
        let mut catalog = (**parts.catalog).clone();
        catalog.collections = catalog
            .collections
            .iter()
            .filter_map(|one| Some(seen.get(&one.name)?.narrowed.clone()))
            .collect();
        let loads = parts.verbs.contains(&Verb::Load);
        let speaks = |department: &String| {
            loads && (parts.any_department || parts.department.as_ref() == Some(department))
        };
        catalog
            .sources
            .retain(|_, source| speaks(&source.department));
        Sight {
            digest: parts.digest,
            roles: parts.roles,
            purpose: parts.purpose,
            department: parts.department,
            any_department: parts.any_department,
            verbs: parts.verbs,
            seen,
            catalog: Arc::new(catalog),
            grants: parts.grants,
        }
    }

    /// A number that only equal sights have: what is kept of answers belongs to one sight.
    pub fn digest(&self) -> u64 {
        self.digest
    }

    /// The roles it is of.
    pub fn roles(&self) -> &[String] {
        &self.roles
    }

    /// The purpose it is for.
    pub fn purpose(&self) -> Option<&str> {
        self.purpose.as_deref()
    }

    /// The grants in it.
    pub fn grants(&self) -> &[Grant] {
        &self.grants
    }

    /// The schemas as they are seen.
    pub fn catalog(&self) -> &Arc<Catalog> {
        &self.catalog
    }

    /// Whether there is such a collection for the caller.
    pub fn knows(&self, collection: &str) -> bool {
        self.seen.contains_key(collection)
    }

    /// Whether the caller may do what is not done with records.
    pub fn may(&self, verb: Verb) -> bool {
        self.verbs.contains(&verb)
    }

    /// Whether the caller may do something with the records of a collection; of any, where none is named.
    pub fn may_with(&self, verb: Verb, collection: Option<&str>) -> bool {
        match collection {
            Some(name) => self.seen.get(name).is_some_and(|seen| seen.may(verb)),
            None => self.seen.values().any(|seen| seen.may(verb)),
        }
    }

    /// Whether the caller speaks for a department.
    pub fn speaks_for(&self, department: &str) -> bool {
        self.any_department || self.department.as_deref() == Some(department)
    }

    /// Whether the caller speaks for every department.
    pub fn is_of_any_department(&self) -> bool {
        self.any_department
    }

    /// The department the caller speaks for.
    pub fn department(&self) -> Option<&str> {
        self.department.as_deref()
    }

    /// In which form a field is seen.
    pub fn form(&self, collection: &str, field: &str) -> &Form {
        let form = self.seen.get(collection).and_then(|seen| {
            let number = seen.whole.number(field)?;
            seen.forms.get(usize::from(number))
        });
        form.unwrap_or(&Form::Hidden)
    }

    /// Groups of fewer records than this are not told of a collection.
    pub fn least(&self, collection: &str) -> u64 {
        self.seen.get(collection).map_or(0, |seen| seen.least)
    }

    /// Which records of a collection are seen; none of one that is not.
    pub fn rows(&self, collection: &str) -> Option<&Rows> {
        self.seen.get(collection).map(|seen| &seen.rows)
    }

    pub(crate) fn seen(&self, collection: &str) -> Option<&Seen> {
        self.seen.get(collection)
    }

    /// The same records with all of their fields, for comparisons whose answers reveal no value: it must
    /// never reach whoever asks.
    pub fn unmasked(&self) -> Sight {
        let each = self.seen.iter().map(|(name, seen)| {
            let seen = Seen {
                whole: seen.whole.clone(),
                narrowed: seen.whole.clone(),
                numbers: (0..seen.whole.fields.len())
                    .map(|number| Some(number as FieldNumber))
                    .collect(),
                rules: seen.rules.iter().map(|_| Rule::Open).collect(),
                open: HashSet::new(),
                keys_hidden: vec![false; seen.whole.fields.len()],
                all_fields: true,
                rows: seen.rows.clone(),
                least: 0,
                verbs: Verb::ALL.into_iter().collect(),
                forms: seen.forms.clone(),
            };
            (name.clone(), seen)
        });
        let seen: BTreeMap<String, Seen> = each.collect();
        let mut catalog = (*self.catalog).clone();
        catalog.collections = catalog
            .collections
            .iter()
            .filter_map(|one| Some(seen.get(&one.name)?.whole.clone()))
            .collect();
        Sight {
            digest: self.digest,
            roles: self.roles.clone(),
            purpose: self.purpose.clone(),
            department: self.department.clone(),
            any_department: self.any_department,
            verbs: self.verbs.clone(),
            seen,
            catalog: Arc::new(catalog),
            grants: self.grants.clone(),
        }
    }
}

/// A collection as a clause shows it; `None` where nothing is left of it.
fn seen(
    whole: Arc<Collection>,
    mut clause: Clause,
    keys: &BTreeMap<String, bool>,
    masks: &BTreeMap<String, Mask>,
) -> Option<Seen> {
    for field in &whole.fields {
        let form = &mut clause.forms[usize::from(field.number)];
        let leads_nowhere = field
            .target()
            .is_some_and(|target| !keys.contains_key(target));
        let has_mask = match form {
            Form::Masked(mask) => masks.get(mask).is_some_and(|mask| mask.fits(&field.kind)),
            _ => true,
        };
        if (leads_nowhere && form.is_shown()) || !has_mask {
            *form = Form::Hidden;
        }
    }
    let rule = |form: &Form| match form {
        Form::Hidden | Form::Verify => Rule::Gone,
        Form::Masked(name) => match masks.get(name) {
            Some(mask) => Rule::Masked(Arc::new(mask.clone())),
            None => Rule::Gone,
        },
        Form::Full => Rule::Open,
    };
    let rules: Vec<Rule> = clause.forms.iter().map(rule).collect();
    let hides = |field: &schema::Field| {
        field
            .target()
            .is_some_and(|target| !keys.get(target).copied().unwrap_or(false))
    };
    let keys_hidden: Vec<bool> = whole.fields.iter().map(hides).collect();
    let is_open = |rule: &Rule| matches!(rule, Rule::Open);
    let all_fields = rules.iter().all(is_open) && !keys_hidden.contains(&true);
    let fields = whole.fields.iter();
    let open = fields.filter(|field| matches!(rules[usize::from(field.number)], Rule::Open));
    let open = open.map(|field| field.name.clone()).collect();
    let (narrowed, numbers) = if all_fields {
        let same = (0..whole.fields.len()).map(|number| Some(number as FieldNumber));
        (whole.clone(), same.collect())
    } else {
        let kept = |field: &schema::Field| match rules[usize::from(field.number)] {
            Rule::Gone => Kept::Gone,
            Rule::Masked(_) => Kept::Shown,
            Rule::Open => Kept::Open,
        };
        let narrowed = whole.narrowed(kept, clause.verbs.contains(&Verb::Lookup))?;
        (Arc::new(narrowed.collection), narrowed.numbers)
    };
    Some(Seen {
        rows: Rows::compile(&clause.rows, &whole),
        whole,
        narrowed,
        numbers,
        rules,
        open,
        keys_hidden,
        all_fields,
        least: clause.least,
        verbs: clause.verbs,
        forms: clause.forms,
    })
}

/// Whether a purpose that is about some collections leaves out another one: only those that say
/// something of persons are left out.
pub(crate) fn is_left_out(purpose: &crate::policy::PurposeRule, collection: &Collection) -> bool {
    collection.sensitivity >= Sensitivity::Personal
        && !purpose.collections.is_empty()
        && !purpose.collections.contains(&collection.name)
}
