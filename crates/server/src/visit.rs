//! What a handler is given: the server's state, and the store as the caller sees it.

use std::collections::BTreeSet;
use std::ops::Deref;
use std::sync::Arc;
use std::time::Duration;

use access::{Asker, Earlier, Moment};
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use load::book::BookError;
use query::{Context, QueryError};
use record::prose;
use register::{Deadline, Store};

use crate::app::App;
use crate::failure::Failure;

/// How long a query may keep a thread from its other connections. Handing it to another thread and its
/// answer back takes a tenth of a millisecond, which is longer than most queries.
const BRIEF: Duration = Duration::from_millis(2);

/// One request's way to the data. The whole store is behind [`App::whole`], for what belongs to the
/// server itself and not to a caller.
#[derive(Clone)]
pub struct Visit {
    app: Arc<App>,
    /// Who asks; nobody where the server guards nothing.
    pub asker: Option<Arc<Asker>>,
    /// The store as the caller sees it.
    pub store: Arc<dyn Store>,
    /// As of when, where an answer is given again.
    pub(crate) moment: Option<Moment>,
}

/// A store as it stood, where an answer is given again.
pub fn then(store: Arc<dyn Store>, moment: Option<Moment>) -> Arc<dyn Store> {
    match moment {
        Some(moment) => Arc::new(Earlier::new(store, moment)),
        None => store,
    }
}

impl Deref for Visit {
    type Target = App;

    fn deref(&self) -> &App {
        &self.app
    }
}

impl FromRequestParts<Arc<App>> for Visit {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Visit, Failure> {
        let asker = parts.extensions.get::<Arc<Asker>>().cloned();
        let store = match &asker {
            Some(asker) => asker.store.clone(),
            None => app.whole.clone(),
        };
        let moment = parts.extensions.get::<Moment>().copied();
        let store = then(store, moment);
        let app = app.clone();
        Ok(Visit {
            app,
            asker,
            store,
            moment,
        })
    }
}

impl Visit {
    /// What all handlers share, for a request that asks another one.
    pub fn shared(&self) -> &Arc<App> {
        &self.app
    }

    /// The sources whose loads the caller may see; `None` where these are all.
    pub fn own_sources(&self) -> Option<BTreeSet<String>> {
        let asker = self
            .asker
            .as_ref()
            .filter(|asker| !asker.sight.is_of_any_department())?;
        Some(asker.sight.catalog().sources.keys().cloned().collect())
    }

    /// Whether the caller may see a load: one of its department's sources.
    ///
    /// # Errors
    ///
    /// `load-not-found`, as of any load that there is not.
    pub fn check_load(&self, id: &str) -> Result<(), Failure> {
        let load = self.book()?.get(id)?.load;
        match self.own_sources() {
            Some(own) if !own.contains(&load.source) => {
                Err(BookError::NoSuchLoad(id.to_string()).into())
            }
            _ => Ok(()),
        }
    }

    /// Whether the caller may load through a source. It must be named: what a file is recognised as
    /// could be another department's.
    ///
    /// # Errors
    ///
    /// `bad-parameter`.
    pub fn check_source(&self, source: Option<&str>) -> Result<(), QueryError> {
        let Some(own) = self.own_sources() else {
            return Ok(());
        };
        if source.is_some_and(|source| own.contains(source)) {
            return Ok(());
        }
        let names: Vec<String> = own.into_iter().collect();
        let expected = prose!(
            "本部门的来源：{}",
            "a source of your department: {}",
            names.join(", ")
        );
        Err(QueryError::bad(
            "source",
            source.unwrap_or_default(),
            expected,
        ))
    }

    /// Runs a query where it was asked. Most are done before another thread could have taken them over;
    /// one that is not is begun again while another thread takes over this one's other connections.
    /// Waiting for a place counts into its time limit.
    pub async fn blocking<T>(
        &self,
        work: impl Fn(&Visit, &Context<'_>) -> Result<T, QueryError>,
    ) -> Result<T, Failure> {
        let limit = self.options.limits.time;
        let deadline = Deadline::within(limit);
        let _place = self.place().await?;
        let context = Context {
            deadline: Deadline::within(BRIEF.min(limit)),
            ..self.context()
        };
        let touched = self.asker.as_ref().map(|asker| &asker.touched);
        let mark = touched.map(|touched| touched.mark());
        match work(self, &context) {
            Err(QueryError::TimeLimit(_)) => {}
            done => return Ok(done?),
        }
        if let (Some(touched), Some(mark)) = (touched, mark) {
            touched.return_to(mark);
        }
        // The same state as before: it is the one that the receipt names.
        let context = Context {
            deadline,
            ..context
        };
        Ok(tokio::task::block_in_place(|| work(self, &context))?)
    }

    /// Runs what takes long, or must not be begun twice, while another thread takes over this one's other
    /// connections.
    pub async fn once<T>(
        &self,
        work: impl FnOnce(&Visit, &Context<'_>) -> Result<T, QueryError>,
    ) -> Result<T, Failure> {
        let deadline = Deadline::within(self.options.limits.time);
        let _place = self.place().await?;
        let context = Context {
            deadline,
            ..self.context()
        };
        Ok(tokio::task::block_in_place(|| work(self, &context))?)
    }

    /// A place among the queries that run at once.
    async fn place(&self) -> Result<tokio::sync::SemaphorePermit<'_>, Failure> {
        let limit = self.options.limits.time;
        tokio::time::timeout(limit, self.permits.acquire())
            .await
            .map_err(|_| QueryError::TimeLimit(limit))?
            .map_err(|_| Failure::internal("the server is shutting down"))
    }

    /// The context of a read so small that it runs where it is asked.
    pub fn context(&self) -> Context<'_> {
        Context::new(self.store.as_ref(), self.options.limits)
    }
}
