//! Does the index say what the ledger says? Every record is composed again and compared.

use std::collections::BTreeMap;

use index::{Deadline, Search, TimeScope};
use ledger::Verification;
use record::{EntityId, Predicate, StatementKind};

use super::Shared;
use super::composer::Composer;
use super::replay::{id_of, statements_by_entity};
use crate::store::StoreError;

/// How many disagreements are listed.
const LISTED: usize = 100;
/// How many entities pass between two reports of progress.
const STEP: u64 = 10_000;

/// Where index and ledger disagree.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Disagreement {
    /// The collection.
    pub collection: String,
    /// The entity.
    pub id: String,
    /// How.
    pub what: String,
}

/// What verifying found.
#[derive(Debug)]
pub struct StoreVerification {
    /// The hash chain of the ledger.
    pub ledger: Verification,
    /// Entities compared.
    pub entities: u64,
    /// Disagreements between ledger and index; the first hundred.
    pub disagreements: Vec<Disagreement>,
    /// How many there are in all.
    pub disagreeing: u64,
}

impl StoreVerification {
    /// Whether nothing is wrong.
    pub fn is_clean(&self) -> bool {
        self.ledger.is_clean() && self.disagreeing == 0
    }
}

/// Verifies the ledger's chain, then every record of every collection.
pub fn verify(
    shared: &Shared,
    progress: &dyn Fn(&str, u64, u64),
) -> Result<StoreVerification, StoreError> {
    let _lock = shared.writing.lock();
    let mut result = StoreVerification {
        ledger: shared.ledger.verify(|_| {})?,
        entities: 0,
        disagreements: Vec::new(),
        disagreeing: 0,
    };
    if !result.ledger.is_clean() {
        // Blocks that cannot be read cannot be compared.
        return Ok(result);
    }
    let journal = shared.journal.load_full();
    let composer = Composer::new(shared, journal.clone(), None)?;
    for collection in &shared.catalog.collections {
        let by_entity = statements_by_entity(shared, &journal, collection)?;
        let mut order: Vec<_> = by_entity.into_iter().collect();
        // In the order of the ledger, so that each block is read once.
        order.sort_unstable_by(|left, right| left.1.cmp(&right.1));
        let snapshot = composer.snapshot(&collection.name)?;
        let total = order.len() as u64;
        let mut expected_documents = 0u64;
        for (done, (number, positions)) in order.into_iter().enumerate() {
            if (done as u64).is_multiple_of(STEP) {
                progress(&collection.name, done as u64, total);
            }
            result.entities += 1;
            let spoken = composer.spoken(collection, positions)?;
            if !spoken
                .iter()
                .any(|one| matches!(one.statement.kind, StatementKind::Assert(_)))
            {
                continue;
            }
            let mut expected = BTreeMap::new();
            for (_, document) in composer.documents(collection, number, &spoken)? {
                let place = (
                    document.validity.from,
                    document.validity.to,
                    document.known_from,
                    document.known_to,
                );
                expected.insert(place, document.body);
                expected_documents += 1;
            }
            let mut found = BTreeMap::new();
            if let Some(id) = EntityId::new(collection.register, number) {
                let predicate = Predicate::Ids(vec![id]);
                let search = Search {
                    predicate: &predicate,
                    time: TimeScope::All,
                    sort: &[],
                    after: None,
                    limit: 10_000,
                    deadline: Deadline::NONE,
                };
                for hit in snapshot.search(&search)?.hits {
                    let place = (hit.validity.from, hit.validity.to, hit.known.0, hit.known.1);
                    found.insert(place, snapshot.body(hit.address)?);
                }
            }
            if expected != found {
                let what = if found.is_empty() {
                    "the index lacks it".to_string()
                } else {
                    format!(
                        "the ledger gives {} rectangles, the index has {}, or their values differ",
                        expected.len(),
                        found.len()
                    )
                };
                note(
                    &mut result,
                    &collection.name,
                    id_of(collection, number),
                    what,
                );
            }
        }
        if snapshot.documents() != expected_documents {
            let what = format!(
                "the index has {} rectangles, the ledger gives {expected_documents}",
                snapshot.documents()
            );
            note(&mut result, &collection.name, String::new(), what);
        }
    }
    Ok(result)
}

fn note(result: &mut StoreVerification, collection: &str, id: String, what: String) {
    result.disagreeing += 1;
    if result.disagreements.len() < LISTED {
        result.disagreements.push(Disagreement {
            collection: collection.to_string(),
            id,
            what,
        });
    }
}
