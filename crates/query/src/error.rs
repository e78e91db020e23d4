//! Why a query cannot be answered: each case with the parameter and what was expected there.

use std::time::Duration;

use record::{EntityId, Problem, Prose, prose};
use register::StoreError;

/// Why a query cannot be answered.
#[derive(Debug, thiserror::Error)]
pub enum QueryError {
    /// There is no such collection.
    #[error("there is no collection '{name}'; there are {known}")]
    UnknownCollection {
        /// What was asked for.
        name: String,
        /// What there is.
        known: String,
    },
    /// A parameter or member of the body that does not exist.
    #[error("there is no parameter '{name}'; there are {known}")]
    UnknownParameter {
        /// What was given.
        name: String,
        /// What there is.
        known: String,
    },
    /// The collection has no such field.
    #[error("{parameter}: there is no field '{name}'; there are {known}")]
    UnknownField {
        /// Where it was named.
        parameter: String,
        /// What was named.
        name: String,
        /// The nearest names, then the others.
        known: String,
    },
    /// The filter cannot be read, or means nothing here.
    #[error("{parameter}: {found}{}; expected {expected}", place(.position))]
    Filter {
        /// `filter`, or where else it stood.
        parameter: String,
        /// The character, from 0, where the trouble begins, or the path inside the JSON.
        position: Option<Position>,
        /// What was found.
        found: Prose,
        /// What was expected.
        expected: Prose,
    },
    /// Whoever asks may know of the collection, but not do this with it.
    #[error("'{what}' is not permitted with '{collection}'")]
    NotPermitted {
        /// The collection.
        collection: String,
        /// What is done, or the field asked by.
        what: String,
    },
    /// A parameter with a value it cannot have.
    #[error("{parameter} is '{value}'; expected {expected}")]
    BadParameter {
        /// The parameter.
        parameter: String,
        /// What was given.
        value: String,
        /// What was expected.
        expected: Prose,
    },
    /// The body of the request is not what it should be.
    #[error("the body cannot be used: {found}; expected {expected}")]
    BadBody {
        /// What was found.
        found: Prose,
        /// What was expected.
        expected: Prose,
    },
    /// More than is given at once.
    #[error("{parameter} is {value}, more than the limit of {limit}")]
    Limit {
        /// The parameter.
        parameter: String,
        /// What was asked for.
        value: String,
        /// The limit.
        limit: Prose,
    },
    /// The cursor is damaged, or belongs to another query.
    #[error("the cursor '{0}' does not belong to this query")]
    BadCursor(String),
    /// There is no such record.
    #[error("there is no '{0}'")]
    NotFound(String),
    /// The record was merged into another one.
    #[error("{id} was merged into {successor}")]
    Merged {
        /// What was asked for.
        id: String,
        /// The other one.
        successor: EntityId,
    },
    /// The query took longer than it may.
    #[error("the query ran into its time limit of {0:?}")]
    TimeLimit(Duration),
    /// The store failed.
    #[error(transparent)]
    Store(StoreError),
}

/// Where in a filter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Position {
    /// The character of a text, from 0.
    Character(usize),
    /// A JSON pointer (RFC 6901).
    Pointer(String),
}

fn place(position: &Option<Position>) -> Prose {
    match position {
        None => "".into(),
        Some(Position::Character(at)) => {
            let nth = at + 1;
            prose!("（第 {nth} 个字符处）", " (at character {at})")
        }
        Some(Position::Pointer(path)) => prose!("（位于 {path}）", " (at {path})"),
    }
}

impl QueryError {
    /// A parameter with a value it cannot have.
    pub fn bad(parameter: &str, value: impl ToString, expected: impl Into<Prose>) -> QueryError {
        QueryError::BadParameter {
            parameter: parameter.to_string(),
            value: value.to_string(),
            expected: expected.into(),
        }
    }

    /// What the store says, put in the terms of the request.
    pub fn of_store(error: StoreError, limit: Duration) -> QueryError {
        use index_errors::Kind;
        let error = match error {
            StoreError::NotPermitted { collection, what } => {
                return QueryError::NotPermitted { collection, what };
            }
            other => other,
        };
        match index_errors::kind(&error) {
            Kind::TimeLimit => QueryError::TimeLimit(limit),
            Kind::Groups(most) => QueryError::Limit {
                parameter: "group".to_string(),
                value: format!("> {most}"),
                limit: most.to_string().into(),
            },
            Kind::Request {
                parameter,
                value,
                expected,
            } => QueryError::BadParameter {
                parameter,
                value,
                expected,
            },
            Kind::Other => QueryError::Store(error),
        }
    }

    /// The problem of the table `schemas/problems.toml` that this is.
    pub fn problem(&self) -> Problem {
        match self {
            QueryError::UnknownCollection { name, known } => {
                Problem::new("collection-not-found", "", name, known)
            }
            QueryError::NotPermitted { collection, what } => {
                Problem::new("not-permitted", collection, what, "")
            }
            QueryError::UnknownParameter { name, known } => {
                Problem::new("unknown-parameter", name, name, known)
            }
            QueryError::UnknownField {
                parameter,
                name,
                known,
            } => Problem::new("unknown-field", parameter, name, known),
            QueryError::Filter {
                parameter,
                position,
                found,
                expected,
            } => {
                let at = place(position);
                let found = prose!("{found}{at}", "{found}{at}"; found, at);
                Problem::new("filter-syntax", parameter, found, expected)
            }
            QueryError::BadParameter {
                parameter,
                value,
                expected,
            } => Problem::new("bad-parameter", parameter, value, expected),
            QueryError::BadBody { found, expected } => {
                Problem::new("bad-body", "", found, expected)
            }
            QueryError::Limit {
                parameter,
                value,
                limit,
            } => Problem::new("limit-exceeded", parameter, value, limit),
            QueryError::BadCursor(cursor) => Problem::new("bad-cursor", "cursor", cursor, ""),
            QueryError::NotFound(what) => Problem::new("not-found", "", what, ""),
            QueryError::Merged { id, successor } => {
                Problem::new("merged", "", id, successor.to_string())
            }
            QueryError::TimeLimit(limit) => {
                let seconds = limit.as_secs_f64();
                Problem::new("time-limit", "", "", prose!("{seconds} 秒", "{seconds} s"))
            }
            QueryError::Store(_) => Problem::new("internal", "", "", ""),
        }
    }
}

/// Sorts the errors of a store into those of the request and its own.
mod index_errors {
    use index::IndexError;
    use record::{Prose, prose};
    use register::StoreError;

    /// Whose fault it is.
    pub enum Kind {
        /// It took too long.
        TimeLimit,
        /// More groups than this.
        Groups(usize),
        /// The request asks what the field cannot answer.
        Request {
            parameter: String,
            value: String,
            expected: Prose,
        },
        /// The store's own.
        Other,
    }

    /// What kind of error it is.
    pub fn kind(error: &StoreError) -> Kind {
        let request = |parameter: &str, value: &str, expected: Prose| Kind::Request {
            parameter: parameter.to_string(),
            value: value.to_string(),
            expected,
        };
        match error {
            StoreError::Index(IndexError::TimeLimit) => Kind::TimeLimit,
            StoreError::Index(IndexError::TooManyGroups(most)) => Kind::Groups(*most),
            StoreError::Index(IndexError::UnknownField { collection, field }) => {
                let expected = prose!("“{collection}”的字段", "a field of '{collection}'");
                request(field, field, expected)
            }
            StoreError::Index(IndexError::NotSearchable { field, reason }) => request(
                field,
                field,
                prose!(
                    "另一个字段或条件：它不支持这样查询",
                    "another field or condition: {reason}"
                ),
            ),
            StoreError::Index(IndexError::BadValue {
                field,
                value,
                expected,
            }) => request(field, value, prose!("符合此字段类型的值", "{expected}")),
            StoreError::Index(IndexError::BadGeometry(reason)) => {
                request("geometry", reason, prose!("有效的图形", "a valid geometry"))
            }
            _ => Kind::Other,
        }
    }
}
