//! What a request is for.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// What a request says it is for, in the headers `Jiku-Purpose` and `Jiku-Case`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Purpose {
    /// The purpose's name in `schemas/access/`.
    pub purpose: Option<String>,
    /// The number of the case it is for.
    pub case: Option<String>,
    /// What an exchange says of the request (`X-Road-Client`, `X-Road-Id` and the like), by header.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub exchange: BTreeMap<String, String>,
}
