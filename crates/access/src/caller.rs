//! A department's system or user, and how it proved who it is.

use serde::{Deserialize, Serialize};

/// How a caller proved who it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Means {
    /// An API key.
    Key,
    /// A signed token of an issuer that is trusted.
    Token,
    /// A client's certificate.
    Certificate,
    /// It did not: nobody known asks.
    Nothing,
}

/// Who asks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Caller {
    /// Its name in the audit trail, which no other caller ever has.
    pub id: String,
    /// What it is called by people.
    pub label: String,
    /// The department it belongs to, of `schemas/departments.toml`.
    pub department: Option<String>,
    /// The person behind it, where its token names one.
    pub user: Option<String>,
    /// Its roles, each a file of `schemas/access/`.
    pub roles: Vec<String>,
    /// The division whose records it is for, where its roles see only those of a division.
    pub division: Option<String>,
    /// How it proved who it is.
    pub means: Means,
}

/// The role of whoever shows nothing.
pub const OPEN: &str = "open";

impl Caller {
    /// Whoever shows nothing, and sees what is open to all.
    pub fn nobody() -> Caller {
        Caller {
            id: "nobody".to_string(),
            label: String::new(),
            department: None,
            user: None,
            roles: vec![OPEN.to_string()],
            division: None,
            means: Means::Nothing,
        }
    }
}
