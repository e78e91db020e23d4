//! The one decision: what a caller sees for a purpose, or why it is refused.

use std::collections::BTreeSet;
use std::hash::{Hash, Hasher};
use std::sync::Arc;

use record::Day;
use register::Store;
use schema::Collection;

use super::{Entry, Need, Policy, PurposeRule, Refusal, Role, RowRule, Verb};
use crate::grant::Grant;
use crate::sight::{Clause, SeenStore, Sight, is_left_out};
use crate::{Caller, Form, Purpose};

/// How many decisions are kept. There are as many as pairs of sets of roles and purposes, times
/// divisions; past that all are forgotten and made anew.
const MOST_KEPT: usize = 20_000;

/// A request, as far as it decides what is seen.
#[derive(Clone, Copy, Debug)]
pub struct Asked<'a> {
    /// Who asks.
    pub caller: &'a Caller,
    /// What for.
    pub purpose: &'a Purpose,
    /// The one role it asks in, where it says so; otherwise in all of its roles.
    pub role: Option<&'a str>,
    /// The method.
    pub method: &'a str,
    /// The route's template.
    pub route: &'a str,
    /// The collection named in the address.
    pub collection: Option<&'a str>,
    /// The day it is.
    pub day: Day,
}

/// What is seen.
pub struct Decision {
    /// What the caller may see and do.
    pub sight: Arc<Sight>,
    /// The store as it sees it.
    pub store: Arc<dyn Store>,
}

/// What a sight is made of: as long as it is the same, so is the sight.
#[derive(Clone, PartialEq, Eq, Hash)]
pub(super) struct Key {
    roles: Vec<String>,
    division: Option<String>,
    department: Option<String>,
    purpose: Option<String>,
    grants: Vec<String>,
    version: u64,
}

impl Policy {
    /// What a caller sees for a purpose on a route.
    ///
    /// A collection that the caller does not see at all is no refusal: it is not in the store decided
    /// on, and whoever looks for it says so as of any that does not exist.
    ///
    /// # Errors
    ///
    /// It may not do that, or not for this purpose.
    pub fn decide(&self, asked: &Asked<'_>) -> Result<Arc<Decision>, Refusal> {
        let verbs: &[Verb] = match self.rules.routes.need(asked.method, asked.route) {
            None => return Err(Refusal::Verb(format!("{} {}", asked.method, asked.route))),
            Some(Need::Open) => &[],
            Some(Need::OneOf(verbs)) => verbs,
        };
        let decision = self.sight_of(asked, verbs)?;
        if may(&decision.sight, verbs, asked.collection) {
            return Ok(decision);
        }
        let names: Vec<&str> = verbs.iter().map(|verb| verb.name()).collect();
        Err(Refusal::Verb(names.join(", ")))
    }

    /// What a caller sees, where it is not the policy that says what may be done: of an address that is
    /// no route.
    ///
    /// # Errors
    ///
    /// The role or the purpose is not one of the caller's.
    pub fn see(&self, asked: &Asked<'_>) -> Result<Arc<Decision>, Refusal> {
        self.sight_of(asked, &[])
    }

    fn sight_of(&self, asked: &Asked<'_>, verbs: &[Verb]) -> Result<Arc<Decision>, Refusal> {
        let roles = self.roles_in_play(asked)?;
        let touches_records = verbs.iter().any(|verb| verb.needs_purpose());
        let purpose = self.purpose(asked, &roles)?;
        let in_play: Vec<&Role> = match purpose {
            Some(purpose) => roles
                .iter()
                .copied()
                .filter(|role| !role.needs_purpose || role.purposes.contains(&purpose.name))
                .collect(),
            None if touches_records => roles
                .iter()
                .copied()
                .filter(|role| !role.needs_purpose)
                .collect(),
            None => roles.clone(),
        };
        if in_play.is_empty() && !roles.is_empty() {
            let known = known_purposes(&roles);
            return Err(Refusal::PurposeRequired { known });
        }
        let named = purpose.map(|one| one.name.as_str());
        let mut grants = self.grants.in_force(asked.caller, asked.day);
        grants.retain(|grant| grant.holds(asked.caller, asked.day) && grant.is_for(named));
        let key = Key {
            roles: in_play.iter().map(|role| role.name.clone()).collect(),
            division: asked.caller.division.clone(),
            department: asked.caller.department.clone(),
            purpose: purpose.map(|one| one.name.clone()),
            grants: grants.iter().map(|grant| grant.id.clone()).collect(),
            version: self.grants.version(),
        };
        if let Ok(kept) = self.decided.read()
            && let Some(decision) = kept.get(&key)
        {
            return Ok(decision.clone());
        }
        let decision = Arc::new(self.compile(&key, &in_play, purpose, grants));
        if let Ok(mut kept) = self.decided.write() {
            if kept.len() >= MOST_KEPT {
                kept.clear();
            }
            kept.insert(key, decision.clone());
        }
        Ok(decision)
    }

    /// The caller's roles, or the one it asks in. Names that no file says give nothing.
    fn roles_in_play(&self, asked: &Asked<'_>) -> Result<Vec<&Role>, Refusal> {
        let held = || asked.caller.roles.iter();
        match asked.role {
            Some(name) => {
                let role = held().find(|held| *held == name);
                let role = role.and_then(|name| self.rules.roles.get(name));
                let role = role.ok_or_else(|| Refusal::Role(name.to_string()))?;
                Ok(vec![role])
            }
            None => Ok(held()
                .filter_map(|name| self.rules.roles.get(name))
                .collect()),
        }
    }

    /// The purpose, checked.
    fn purpose(&self, asked: &Asked<'_>, roles: &[&Role]) -> Result<Option<&PurposeRule>, Refusal> {
        let Some(name) = &asked.purpose.purpose else {
            return Ok(None);
        };
        let may = roles.iter().any(|role| role.purposes.contains(name));
        let rule = self.rules.purposes.get(name).filter(|_| may);
        let rule = rule.ok_or_else(|| Refusal::PurposeUnknown {
            purpose: name.clone(),
            known: known_purposes(roles),
        })?;
        let case = asked.purpose.case.as_deref();
        if !rule.accepts(case) {
            let form = rule.case_form.as_ref().map_or("", |form| form.as_str());
            return Err(Refusal::CaseRequired {
                purpose: name.clone(),
                given: case.unwrap_or_default().to_string(),
                form: form
                    .trim_start_matches("^(?:")
                    .trim_end_matches(")$")
                    .to_string(),
            });
        }
        Ok(Some(rule))
    }

    fn compile(
        &self,
        key: &Key,
        roles: &[&Role],
        purpose: Option<&PurposeRule>,
        grants: Vec<Grant>,
    ) -> Decision {
        let catalog = self.whole.catalog();
        let division = key.division.as_deref();
        let mut clauses = Vec::new();
        for collection in &catalog.collections {
            let name = &collection.name;
            if purpose.is_some_and(|purpose| is_left_out(purpose, collection)) {
                continue;
            }
            let department = key.department.as_deref();
            let is_of = |entry: &&Entry| {
                !entry.own_department || department.is_some_and(|one| answers(one, collection))
            };
            let of_roles = roles.iter().filter_map(|role| role.collections.get(name));
            let of_roles = of_roles.filter(is_of);
            let mut all: Vec<Clause> = of_roles
                .map(|entry| Clause::of_role(entry, division))
                .collect();
            let granted = grants.iter().filter(|grant| grant.collection == *name);
            all.extend(granted.map(|grant| Clause::of_grant(grant, collection)));
            if let Some(clause) = Clause::together(all) {
                clauses.push((collection.clone(), clause));
            }
        }
        let any_department = roles.iter().any(|role| role.any_department);
        let mut hasher = std::hash::DefaultHasher::new();
        (key, self.rules.digest).hash(&mut hasher);
        let verbs: BTreeSet<Verb> = roles.iter().flat_map(|role| role.verbs.clone()).collect();
        let sight = Sight::new(crate::sight::Parts {
            digest: hasher.finish(),
            roles: key.roles.clone(),
            purpose: key.purpose.clone(),
            department: key.department.clone(),
            any_department,
            verbs,
            clauses,
            grants,
            masks: &self.rules.masks,
            catalog,
        });
        let sight = Arc::new(sight);
        let store = SeenStore::new(sight.clone(), self.whole.clone(), self.history.clone());
        Decision {
            sight,
            store: Arc::new(store),
        }
    }
}

/// Whether one of the verbs may be done: with the collection named, or where none is, with any.
fn may(sight: &Sight, verbs: &[Verb], collection: Option<&str>) -> bool {
    // Whoever does not know of a collection is told that there is none.
    let is_unknown = collection.is_some_and(|name| !sight.knows(name));
    verbs.is_empty()
        || verbs.iter().any(|verb| match verb.is_of_collections() {
            false => sight.may(*verb),
            true => is_unknown || sight.may_with(*verb, collection),
        })
}

/// Whether a department answers for a collection, or for a field of it.
fn answers(department: &str, collection: &Collection) -> bool {
    let of_fields = collection.fields.iter().map(|field| &field.authority);
    let mut all = std::iter::once(&collection.authority).chain(of_fields);
    all.any(|authority| authority.rank(department).is_some())
}

/// The purposes that roles may have.
fn known_purposes(roles: &[&Role]) -> String {
    let all: BTreeSet<&str> = roles
        .iter()
        .flat_map(|role| role.purposes.iter().map(String::as_str))
        .collect();
    all.into_iter().collect::<Vec<_>>().join(", ")
}

impl Entry {
    /// Of nothing.
    pub(crate) fn none(fields: usize) -> Entry {
        Entry {
            verbs: BTreeSet::new(),
            rows: RowRule::default(),
            forms: vec![Form::Hidden; fields],
            least: 0,
            own_department: false,
        }
    }
}
