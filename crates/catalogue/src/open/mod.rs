//! What is published without a key: records of public fields as they are now, and editions of counts.
//!
//! An edition is made once in its period, of all tables of a collection together, and kept: small numbers
//! are withheld in all of them at once ([`suppress`]), and whoever asks twice gets the same numbers twice,
//! so that no two days of one quarter can be compared.

mod count;
pub mod records;
pub mod suppress;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError, RwLock};

use record::Day;
use register::{Deadline, Store, StoreError};
use schema::{Catalog, OpenForm, OpenResource, UpdateCycle};
use serde::{Deserialize, Serialize};

use crate::clock;
use crate::papers::{self, Papers};

pub use count::{Row, Table};

/// Under which kind editions are kept.
const EDITIONS: &str = "editions";

/// All tables of a collection, as of one day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Edition {
    /// The collection.
    pub collection: String,
    /// The period: `2026-Q4`, `2026-11`.
    pub period: String,
    /// The day whose state it tells.
    pub as_of: String,
    /// When it was made, RFC 3339 in UTC.
    pub made: String,
    /// Numbers below it are withheld, but nought.
    pub threshold: u64,
    /// The tables, by the names of their resources.
    pub tables: BTreeMap<String, Table>,
}

impl Edition {
    fn name(&self) -> String {
        name(&self.collection, &self.period)
    }
}

fn name(collection: &str, period: &str) -> String {
    format!("{collection}.{period}")
}

/// Makes editions, and keeps them.
pub struct Press {
    papers: Arc<dyn Papers>,
    catalog: Arc<Catalog>,
    editions: RwLock<BTreeMap<String, Arc<Edition>>>,
    /// Held by whoever makes one.
    making: Mutex<()>,
}

impl Press {
    /// The press of a store's papers.
    ///
    /// # Errors
    ///
    /// The editions cannot be read.
    pub fn open(papers: Arc<dyn Papers>, catalog: Arc<Catalog>) -> Result<Press, StoreError> {
        let mut editions = BTreeMap::new();
        for kept in papers.kept(EDITIONS)? {
            let edition: Edition = papers::read(&kept)?;
            editions.insert(edition.name(), Arc::new(edition));
        }
        Ok(Press {
            papers,
            catalog,
            editions: RwLock::new(editions),
            making: Mutex::default(),
        })
    }

    /// The periods of which there are editions of a collection, the last one first.
    pub fn periods(&self, collection: &str) -> Vec<String> {
        let editions = self.editions.read().unwrap_or_else(PoisonError::into_inner);
        let own = editions.values().filter(|one| one.collection == collection);
        own.rev().map(|one| one.period.clone()).collect()
    }

    /// The edition of a period.
    pub fn edition(&self, collection: &str, period: &str) -> Option<Arc<Edition>> {
        let editions = self.editions.read().unwrap_or_else(PoisonError::into_inner);
        editions.get(&name(collection, period)).cloned()
    }

    /// The edition of the period that a day lies in; it is made where there is none yet. While a collection
    /// holds nothing there is none.
    ///
    /// # Errors
    ///
    /// The store cannot count in time; the edition cannot be kept.
    pub fn current(
        &self,
        store: &dyn Store,
        resource: &OpenResource,
        today: Day,
        deadline: Deadline,
    ) -> Result<Option<Arc<Edition>>, StoreError> {
        let OpenForm::Counts { threshold, .. } = resource.form else {
            return Ok(None);
        };
        let collection = resource.collection.as_str();
        let period = period(resource.edition, today);
        if let Some(edition) = self.edition(collection, &period) {
            return Ok(Some(edition));
        }
        let _making = self.making.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(edition) = self.edition(collection, &period) {
            return Ok(Some(edition));
        }
        let resources: Vec<&OpenResource> = self.catalog.open.of(collection).collect();
        let tables = count::tables(
            store.view().as_ref(),
            &resources,
            threshold,
            today,
            deadline,
        )?;
        let Some(tables) = tables else {
            return Ok(None);
        };
        let edition = Edition {
            collection: collection.to_string(),
            period,
            as_of: today.to_string(),
            made: clock::instant_text(clock::now()).unwrap_or_default(),
            threshold,
            tables,
        };
        let name = edition.name();
        self.papers
            .keep(EDITIONS, &name, &papers::written(&edition)?)?;
        let edition = Arc::new(edition);
        let mut editions = self
            .editions
            .write()
            .unwrap_or_else(PoisonError::into_inner);
        editions.insert(name, edition.clone());
        Ok(Some(edition))
    }
}

/// The period of a cycle that a day lies in.
pub fn period(cycle: UpdateCycle, day: Day) -> String {
    let (year, month, _) = day.calendar().unwrap_or((1970, 1, 1));
    match cycle {
        UpdateCycle::Daily => day.to_string(),
        // By the Monday that the week begins with. 1970-01-01 was a Thursday.
        UpdateCycle::Weekly => Day(day.0 - (day.0 + 3).rem_euclid(7)).to_string(),
        UpdateCycle::Monthly => format!("{year:04}-{month:02}"),
        UpdateCycle::Quarterly => format!("{year:04}-Q{}", (month - 1) / 3 + 1),
        UpdateCycle::Annual | UpdateCycle::Irregular => format!("{year:04}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_lie_in_periods() {
        let of = |cycle, day: &str| period(cycle, day.parse().expect("a day"));
        assert_eq!(of(UpdateCycle::Quarterly, "2026-11-26"), "2026-Q4");
        assert_eq!(of(UpdateCycle::Quarterly, "2026-03-31"), "2026-Q1");
        assert_eq!(of(UpdateCycle::Monthly, "2026-01-01"), "2026-01");
        assert_eq!(of(UpdateCycle::Weekly, "2026-11-26"), "2026-11-23");
        assert_eq!(of(UpdateCycle::Weekly, "2026-11-23"), "2026-11-23");
        assert_eq!(of(UpdateCycle::Annual, "2026-11-26"), "2026");
    }
}
