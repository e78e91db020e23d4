//! Which verb each route needs, as `schemas/access/routes.toml` says. A route that is not there may be
//! used by nobody.

use std::collections::{BTreeMap, HashMap};

use crate::policy::Verb;

/// What a route needs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Need {
    /// Nothing: it is answered without a key.
    Open,
    /// One of these verbs.
    OneOf(Vec<Verb>),
}

/// The routes.
#[derive(Clone, Debug, Default)]
pub struct Routes {
    by_method: HashMap<String, BTreeMap<String, Need>>,
}

impl Routes {
    pub(super) fn insert(&mut self, method: &str, path: &str, need: Need) {
        let of_method = self.by_method.entry(method.to_string()).or_default();
        of_method.insert(path.to_string(), need);
    }

    /// What a method of a route's template needs; `None` where nothing is said of it.
    pub fn need(&self, method: &str, template: &str) -> Option<&Need> {
        let method = if method == "HEAD" { "GET" } else { method };
        self.by_method.get(method)?.get(template)
    }

    /// All of them: method, template, need.
    pub fn all(&self) -> impl Iterator<Item = (&str, &str, &Need)> {
        self.by_method.iter().flat_map(|(method, paths)| {
            let each = paths.iter();
            each.map(move |(path, need)| (method.as_str(), path.as_str(), need))
        })
    }
}
