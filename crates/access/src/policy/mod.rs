//! The policy: roles, purposes, masks and routes as `schemas/access/` says them, and the one decision
//! that follows from them.
//!
//! | file | what it says |
//! |---|---|
//! | `access/roles/<role>.toml` | what a role may do, and what it sees of each collection |
//! | `access/purposes.toml` | what requests may be for, and which need the number of a case |
//! | `access/masks.toml` | what is left of values that are shown in part |
//! | `access/routes.toml` | what each route needs |
//!
//! [`Policy::decide`] says what a caller sees for a purpose, or why it is refused. What it sees is a
//! [`crate::sight::Sight`]; the store behind it ([`crate::sight::SeenStore`]) is the only one its handlers are given.

mod decide;
pub mod purposes;
mod read;
pub mod refusal;
pub mod role;
pub mod routes;
pub mod verb;

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, RwLock};

use register::Store;
use schema::{Catalog, SchemaError, SchemaFile};

use crate::grant::{Grants, NoGrants};
use crate::mask::Mask;
use crate::sight::History;

pub use decide::{Asked, Decision};
pub use purposes::PurposeRule;
pub use refusal::Refusal;
pub use role::{Entry, MovedAway, Role, RowCondition, RowRule};
pub use routes::{Need, Routes};
pub use verb::Verb;

/// What the files say.
#[derive(Debug, Default)]
pub struct Rules {
    /// The roles, by name.
    pub roles: BTreeMap<String, Role>,
    /// The purposes, by name.
    pub purposes: BTreeMap<String, PurposeRule>,
    /// The masks, by name.
    pub masks: BTreeMap<String, Mask>,
    /// What each route needs.
    pub routes: Routes,
    /// BLAKE3 of all files: another one after any of them changed.
    pub digest: [u8; 32],
}

impl Rules {
    /// The rules that schemas bring with them, in their folder `access/`.
    ///
    /// # Errors
    ///
    /// A file has a mistake.
    pub fn of(catalog: &Catalog) -> Result<Rules, SchemaError> {
        Rules::read(&catalog.access, catalog)
    }

    /// The rules that files say.
    ///
    /// # Errors
    ///
    /// A file has a mistake.
    pub fn read(files: &[SchemaFile], catalog: &Catalog) -> Result<Rules, SchemaError> {
        let mut hasher = blake3::Hasher::new();
        for file in files {
            for part in [&file.path, &file.text] {
                hasher.update(&(part.len() as u64).to_le_bytes());
                hasher.update(part.as_bytes());
            }
        }
        let digest = *hasher.finalize().as_bytes();
        let rules = read::rules(files, catalog)?;
        Ok(Rules { digest, ..rules })
    }
}

/// The rules over a store.
pub struct Policy {
    rules: Rules,
    whole: Arc<dyn Store>,
    grants: Arc<dyn Grants>,
    history: Arc<History>,
    decided: RwLock<HashMap<decide::Key, Arc<Decision>>>,
}

impl Policy {
    /// The rules over a store, without grants.
    pub fn new(rules: Rules, whole: Arc<dyn Store>) -> Policy {
        Policy {
            rules,
            whole,
            grants: Arc::new(NoGrants),
            history: Arc::default(),
            decided: RwLock::default(),
        }
    }

    /// Obeys grants besides.
    #[must_use]
    pub fn with_grants(self, grants: Arc<dyn Grants>) -> Policy {
        Policy { grants, ..self }
    }

    /// What the files say.
    pub fn rules(&self) -> &Rules {
        &self.rules
    }

    /// All data, whoever asks.
    pub fn whole(&self) -> &Arc<dyn Store> {
        &self.whole
    }
}

/// The digits that tell a division from others, of a code of 2, 4, 6, 9 or 12 digits, or padded with
/// zeros: every code within it begins with them. `None` where it is no such code.
pub fn division_prefix(code: &str) -> Option<&str> {
    const LEVELS: [usize; 5] = [2, 4, 6, 9, 12];
    let is_code = LEVELS.contains(&code.len()) && code.bytes().all(|b| b.is_ascii_digit());
    if !is_code {
        return None;
    }
    if code.bytes().all(|b| b == b'0') {
        return Some("");
    }
    let ends = |level: &usize| code[*level..].bytes().all(|b| b == b'0');
    let level = LEVELS
        .into_iter()
        .take_while(|level| *level <= code.len())
        .find(ends)?;
    Some(&code[..level])
}

#[cfg(test)]
mod tests;
