//! The desk and the press of a server, and for which department a caller speaks there.

use std::sync::Arc;

use access::Rules;
use axum::http::HeaderMap;
use catalogue::Desk;
use catalogue::desk::{Speaker, Vocabulary};
use catalogue::error::DeskError;
use catalogue::open::Press;
use catalogue::papers::{Loose, Papers};
use load::Located;
use load::single::clerk::DEPARTMENT;
use query::QueryError;
use record::Problem;
use register::{Embedded, Store, StoreError};
use schema::Catalog;

use crate::failure::Failure;
use crate::guard::decide;
use crate::visit::Visit;

/// What a server shares by.
#[derive(Clone)]
pub struct Sharing {
    /// Where departments ask one another; none where the schemas have no catalogue.
    pub desk: Option<Arc<Desk>>,
    /// Makes editions of what is published without a key.
    pub press: Arc<Press>,
}

impl Sharing {
    /// Of a store, whose papers are kept beside its log.
    ///
    /// # Errors
    ///
    /// The papers, or the rules of access, cannot be read.
    pub fn open(store: &Embedded) -> Result<Sharing, StoreError> {
        Sharing::of(Arc::new(store.clone()), store.catalog().clone())
    }

    /// Of a store that keeps no papers: they are gone with the process. A catalogue whose rules of access
    /// cannot be read has no desk here; whoever guards the server says why.
    pub fn loose(catalog: &Arc<Catalog>) -> Option<Sharing> {
        Sharing::of(Arc::new(Loose::default()), catalog.clone()).ok()
    }

    fn of(papers: Arc<dyn Papers>, catalog: Arc<Catalog>) -> Result<Sharing, StoreError> {
        let rules = Rules::of(&catalog);
        let rules = rules.map_err(|mistake| StoreError::Refused(mistake.to_string()))?;
        let words = Vocabulary {
            purposes: Some(rules.purposes.into_keys().collect()),
            masks: Some(rules.masks.into_keys().collect()),
        };
        let desk = Desk::open(papers.clone(), catalog.clone(), words)?;
        Ok(Sharing {
            desk: desk.map(Arc::new),
            press: Arc::new(Press::open(papers, catalog)?),
        })
    }
}

/// The desk.
///
/// # Errors
///
/// `catalog-absent`.
pub fn desk(app: &Visit) -> Result<&Arc<Desk>, Failure> {
    let desk = app
        .sharing
        .as_ref()
        .and_then(|sharing| sharing.desk.as_ref());
    desk.ok_or_else(|| Failure::of(Problem::new("catalog-absent", "", "", "")))
}

/// For whom a caller speaks at the desk: the department it names, or else its own. Who belongs to none and
/// may speak for all speaks for the department that keeps the catalogue.
///
/// # Errors
///
/// It may not speak for the department that it names, or belongs to none.
pub fn speaker(app: &Visit, headers: &HeaderMap) -> Result<Speaker, Failure> {
    let desk = desk(app)?;
    let named = headers
        .get(DEPARTMENT)
        .map(|value| value.to_str().unwrap_or_default());
    let supervisor = || desk.rules().supervisor.clone();
    let department = match (&app.asker, named) {
        (_, Some(named)) => Some(named.to_string()),
        (None, None) => Some(supervisor()),
        (Some(asker), None) => {
            let own = asker.sight.department().map(str::to_string);
            own.or_else(|| asker.sight.is_of_any_department().then(supervisor))
        }
    };
    let department = department.ok_or(DeskError::NoDepartment)?;
    let known = &app.whole.catalog().departments;
    if !known.contains_key(&department) {
        let names: Vec<&str> = known.keys().map(String::as_str).collect();
        return Err(QueryError::bad(DEPARTMENT, &department, names.join(", ")).into());
    }
    if let Some(asker) = &app.asker {
        decide::check_department(asker, &department)?;
    }
    let caller = app.asker.as_ref().map_or("-", |asker| &asker.caller.id);
    Ok(Speaker {
        department,
        caller: caller.to_string(),
    })
}

impl From<DeskError> for Failure {
    fn from(error: DeskError) -> Failure {
        let Some(problem) = error.problem() else {
            return Failure::internal(&error.to_string());
        };
        let located = match error {
            DeskError::Invalid(faults) => faults
                .into_iter()
                .map(|fault| Located {
                    pointer: fault.pointer,
                    problem: fault.problem,
                })
                .collect(),
            _ => Vec::new(),
        };
        Failure {
            located,
            ..Failure::of(problem)
        }
    }
}
