//! One request's caller, its purpose, and the store as it sees it.

use std::sync::Arc;

use register::Store;

use crate::trace::{Touched, Traced};
use crate::{Caller, Purpose, Sight};

/// Who asks, what for, what is seen, and what has been seen so far.
pub struct Asker {
    /// Who asks.
    pub caller: Arc<Caller>,
    /// What for.
    pub purpose: Purpose,
    /// What the caller may see and do for this purpose.
    pub sight: Arc<Sight>,
    /// The store as this caller sees it for this purpose. It notes in `touched` what it hands out.
    pub store: Arc<dyn Store>,
    /// The same store, which notes nothing: for what is looked at to decide, and not told.
    pub seen: Arc<dyn Store>,
    /// What this request has read: the store notes it by itself. Whoever reads for the caller in another
    /// way notes it here.
    pub touched: Arc<Touched>,
}

impl Asker {
    /// A request of a caller that sees this store through this sight: what is read of it is noted.
    pub fn new(
        caller: Arc<Caller>,
        purpose: Purpose,
        sight: Arc<Sight>,
        store: Arc<dyn Store>,
    ) -> Asker {
        let touched = Arc::new(Touched::default());
        Asker {
            caller,
            purpose,
            sight,
            store: Arc::new(Traced::new(store.clone(), touched.clone())),
            seen: store,
            touched,
        }
    }
}
