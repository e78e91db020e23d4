//! One request's caller, its purpose, and the store as it sees it.

use std::sync::Arc;

use register::Store;

use crate::{Caller, Purpose, Sight};

/// Who asks, what for, and what is seen.
pub struct Asker {
    /// Who asks.
    pub caller: Arc<Caller>,
    /// What for.
    pub purpose: Purpose,
    /// What the caller may see and do for this purpose.
    pub sight: Arc<Sight>,
    /// The store as this caller sees it for this purpose.
    pub store: Arc<dyn Store>,
}
