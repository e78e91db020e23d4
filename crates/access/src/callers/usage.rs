//! What quotas are used up to, over a restart: a file beside the register, written now and then. Killed, a
//! server forgets what was asked in the seconds before.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use serde::{Deserialize, Serialize};

/// A day, in days of China's civil time, and the requests of that day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Used {
    /// The day.
    pub day: i64,
    /// The requests.
    pub requests: u64,
}

/// What was used, by caller; nothing where the file is not there or cannot be read.
pub fn read(path: &Path) -> BTreeMap<String, Used> {
    let text = fs::read_to_string(path).unwrap_or_default();
    serde_json::from_str(&text).unwrap_or_default()
}

/// Writes what is used. Where that fails, the next time will do.
pub fn write(path: &Path, used: &BTreeMap<String, Used>) {
    let beside = path.with_extension("new");
    if let Ok(text) = serde_json::to_vec(used)
        && fs::write(&beside, text).is_ok()
    {
        let _ = fs::rename(&beside, path);
    }
}
