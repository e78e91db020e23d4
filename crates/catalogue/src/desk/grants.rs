//! What was granted, as the access policy obeys it.

use std::collections::BTreeSet;
use std::sync::PoisonError;
use std::sync::atomic::Ordering;

use access::grant::{GrantRows, Grantee};
use access::{Caller, Grant, Grants, Verb};
use record::Day;
use schema::SharingMode;

use super::{Desk, Request};

impl Grants for Desk {
    fn in_force(&self, caller: &Caller, day: Day) -> Vec<Grant> {
        let Some(department) = &caller.department else {
            return Vec::new();
        };
        let granted = self.granted.read().unwrap_or_else(PoisonError::into_inner);
        let own = granted.get(department).into_iter().flatten();
        own.filter(|grant| grant.holds(caller, day))
            .cloned()
            .collect()
    }

    fn version(&self) -> u64 {
        self.version.load(Ordering::Acquire)
    }
}

/// The grant that a request has ended in.
pub fn grant(request: &Request) -> Option<Grant> {
    let (fields, term) = (request.granted.clone()?, request.term?);
    let wish = &request.wish;
    let to = match &wish.caller {
        Some(caller) => Grantee::Caller(caller.clone()),
        None => Grantee::Department(request.applicant.clone()),
    };
    let rows = GrantRows {
        division: wish.division.clone(),
        ..GrantRows::default()
    };
    Some(Grant {
        id: request.id.clone(),
        to,
        collection: wish.collection.clone(),
        fields,
        verbs: verbs(&wish.modes),
        rows,
        purposes: BTreeSet::from([wish.purpose.clone()]),
        from: term.from,
        until: term.until,
        quota: wish.quota,
        columns: wish.columns.clone(),
    })
}

/// What may be done by a grant that is had in these ways.
fn verbs(modes: &[SharingMode]) -> BTreeSet<Verb> {
    let each = modes.iter().flat_map(|mode| match mode {
        SharingMode::Interface => &[Verb::Read, Verb::Lookup][..],
        SharingMode::File => &[Verb::Read, Verb::Export][..],
        SharingMode::Verification => &[Verb::Verify][..],
        SharingMode::Comparison => &[Verb::Compare][..],
    });
    each.copied().chain([Verb::Describe]).collect()
}
