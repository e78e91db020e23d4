//! One request's caller, its purpose, and the store as it sees it.

use std::sync::Arc;

use register::Store;

use crate::{Caller, Purpose};

/// Who asks, what for, and what is seen.
pub struct Asker {
    /// Who asks.
    pub caller: Arc<Caller>,
    /// What for.
    pub purpose: Purpose,
    /// The store as this caller sees it for this purpose.
    pub store: Arc<dyn Store>,
}
