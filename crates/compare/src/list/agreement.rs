//! What has been agreed: which questions may be asked of whom, and on what terms.

use std::collections::BTreeSet;

use access::grant::Grant;
use query::{Context, Query, QueryError};
use record::{EntityId, IdSet, Predicate, prose};
use register::TimeScope;
use schema::Label;
use serde::{Deserialize, Serialize};
use serde_json::json;

/// One agreed question.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Column {
    /// Its name: a column of the answer.
    pub name: String,
    /// The question as people read it.
    pub label: Label,
    /// The question as a filter in CQL2 text over the records of the collection.
    pub filter: String,
}

/// What keeps lists from singling anybody out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Terms {
    /// The fewest records that a list, or what it differs by from others, may be about.
    pub minimum: usize,
    /// For how many days lists are answered as of one state.
    pub period_days: i32,
    /// For how many days keys and answers are kept.
    pub kept_days: i32,
    /// How many comparisons of one department may wait.
    pub waiting: usize,
}

impl Default for Terms {
    fn default() -> Terms {
        Terms {
            minimum: 10,
            period_days: 7,
            kept_days: 30,
            waiting: 8,
        }
    }
}

/// What a grant says of comparisons.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Agreement {
    /// The grant's name.
    pub grant: String,
    /// The collection.
    pub collection: String,
    /// The questions.
    pub columns: Vec<Column>,
    /// Only records within this division.
    pub division: Option<String>,
    /// Only these records.
    pub subjects: Option<BTreeSet<EntityId>>,
    /// How many keys a day.
    pub quota: Option<u64>,
}

impl Agreement {
    /// The agreement of a grant; `None` where it has no columns.
    ///
    /// # Errors
    ///
    /// A column that is none, with where it stands.
    pub fn of_grant(grant: &Grant) -> Result<Option<Agreement>, String> {
        if grant.columns.is_empty() {
            return Ok(None);
        }
        let columns = grant.columns.iter().enumerate().map(|(place, column)| {
            serde_json::from_value(column.clone())
                .map_err(|reason| format!("grant {}: columns[{place}]: {reason}", grant.id))
        });
        Ok(Some(Agreement {
            grant: grant.id.clone(),
            collection: grant.collection.clone(),
            columns: columns.collect::<Result<_, _>>()?,
            division: grant.rows.division.clone(),
            subjects: grant.rows.subjects.clone(),
            quota: grant.quota,
        }))
    }

    /// The columns of these names, in their order; all where none is named. The error is the first name
    /// that is not agreed, or stands there twice.
    pub fn chosen(&self, names: &[String]) -> Result<Vec<Column>, String> {
        if names.is_empty() {
            return Ok(self.columns.clone());
        }
        let chosen = names.iter().enumerate().map(|(place, name)| {
            let column = self.columns.iter().find(|column| column.name == *name);
            let column = column.filter(|_| !names[..place].contains(name));
            column.cloned().ok_or_else(|| name.clone())
        });
        chosen.collect()
    }

    /// Which records answers may tell of.
    pub(super) fn rows(&self) -> Predicate {
        let mut rows = Predicate::All;
        if let Some(code) = &self.division {
            let field = "".into();
            let code = code.as_str().into();
            rows = rows.and(Predicate::WithinDivision { field, code });
        }
        if let Some(subjects) = &self.subjects {
            let ids = IdSet::new(subjects.iter().map(|id| id.number()).collect());
            let field = "".into();
            rows = rows.and(Predicate::Among { field, ids });
        }
        rows
    }
}

/// A question as the store is asked.
pub(super) struct Asked {
    /// The records of which it is true.
    pub yes: Predicate,
    /// Those of which it is false. Of the others it is unknown.
    pub no: Predicate,
    /// As of when.
    pub time: TimeScope,
}

/// The pair of times of a comparison, as a query writes it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AsOfText {
    /// The day.
    pub valid_at: String,
    /// The instant; none where nothing had been published.
    pub known_at: Option<String>,
}

impl Column {
    /// Whether the question can be asked of a collection: for whoever agrees on it.
    ///
    /// # Errors
    ///
    /// What is wrong with its name or its filter.
    pub fn check(&self, context: &Context<'_>, collection: &str) -> Result<(), QueryError> {
        let is_name = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-';
        if !(1..=64).contains(&self.name.len()) || !self.name.bytes().all(is_name) {
            let expected = prose!(
                "1 至 64 个字母、数字、下划线或连字符",
                "1 to 64 letters, digits, underscores or hyphens"
            );
            return Err(QueryError::bad("columns.name", &self.name, expected));
        }
        let today = AsOfText {
            valid_at: context.today.to_string(),
            known_at: None,
        };
        self.asked(context, collection, &today).map(|_| ())
    }

    /// The question as the store is asked. Links are followed now.
    pub(super) fn asked(
        &self,
        context: &Context<'_>,
        collection: &str,
        at: &AsOfText,
    ) -> Result<Asked, QueryError> {
        let plan = |filter: String| {
            let query = Query {
                from: json!(collection),
                filter: Some(json!(filter)),
                valid_at: Some(at.valid_at.clone()),
                known_at: at.known_at.clone(),
                ..Query::default()
            };
            query::plan(context, &query)
        };
        let yes = plan(self.filter.clone())?;
        let no = plan(format!("NOT ({})", self.filter))?;
        Ok(Asked {
            yes: yes.predicate,
            no: no.predicate,
            time: yes.times.scope,
        })
    }
}
