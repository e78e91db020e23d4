//! What all handlers share, and where blocking work runs.

use std::sync::Arc;

use axum::body::Bytes;
use load::book::Book;
use query::{Context, Limits, QueryError};
use record::Problem;
use register::Store;
use tokio::sync::Semaphore;

use crate::failure::Failure;
use crate::linger::Linger;
use crate::metrics::Metrics;
use crate::openapi;

/// How the server behaves.
#[derive(Clone, Debug)]
pub struct Options {
    /// What one query may ask for, and how long it may take.
    pub limits: Limits,
    /// The largest body of a request, in bytes.
    pub body_bytes: usize,
    /// How many queries run at once; others wait, within their time limit.
    pub concurrent: usize,
}

impl Default for Options {
    fn default() -> Options {
        let cores = std::thread::available_parallelism().map_or(2, usize::from);
        Options {
            limits: Limits::default(),
            body_bytes: 1 << 20,
            concurrent: 2 * cores,
        }
    }
}

/// What is served: data, and the book of loads where files are taken in.
pub struct Data {
    store: Arc<dyn Store>,
    book: Option<Book>,
}

impl Data {
    /// The book of loads.
    pub(crate) fn book(&self) -> Option<&Book> {
        self.book.as_ref()
    }
}

/// Data that are only read.
impl<S: Store + 'static> From<Arc<S>> for Data {
    fn from(store: Arc<S>) -> Data {
        Data { store, book: None }
    }
}

/// Data, and the desk that loads them.
impl From<Book> for Data {
    fn from(book: Book) -> Data {
        Data {
            store: Arc::new(book.store().clone()),
            book: Some(book),
        }
    }
}

/// What all handlers share.
pub struct App {
    /// The data.
    pub store: Arc<dyn Store>,
    book: Option<Book>,
    /// How the server behaves.
    pub options: Options,
    /// What it has done so far.
    pub metrics: Metrics,
    /// The OpenAPI description, written once.
    pub api: Bytes,
    /// Stays awake for the next request.
    pub linger: Linger,
    permits: Arc<Semaphore>,
}

impl App {
    /// A server's state over its data.
    pub fn new(data: Data, options: Options) -> App {
        let Data { store, book } = data;
        let api = openapi::document(store.catalog(), &options).to_string();
        App {
            permits: Arc::new(Semaphore::new(options.concurrent.max(1))),
            metrics: Metrics::new(crate::routes::TABLE.iter().map(|route| route.path)),
            api: Bytes::from(api),
            linger: Linger::default(),
            store,
            book,
            options,
        }
    }

    /// The book of loads.
    ///
    /// # Errors
    ///
    /// Nobody loads through this server.
    pub fn book(&self) -> Result<&Book, Failure> {
        let absent = || Failure::of(Problem::new("loads-absent", "", "", ""));
        self.book.as_ref().ok_or_else(absent)
    }

    /// Runs a query where it was asked, while another thread takes over this one's other connections:
    /// handing the query to a thread and its answer back took longer than most queries. Waiting for a
    /// place counts into its time limit.
    pub async fn blocking<T>(
        &self,
        work: impl FnOnce(&App, &Context<'_>) -> Result<T, QueryError>,
    ) -> Result<T, Failure> {
        let limit = self.options.limits.time;
        let deadline = register::Deadline::within(limit);
        let _permit = tokio::time::timeout(limit, self.permits.acquire())
            .await
            .map_err(|_| QueryError::TimeLimit(limit))?
            .map_err(|_| Failure::internal("the server is shutting down"))?;
        let context = Context {
            deadline,
            ..Context::new(self.store.as_ref(), self.options.limits)
        };
        Ok(tokio::task::block_in_place(|| work(self, &context))?)
    }

    /// The context of a read so small that it runs where it is asked.
    pub fn context(&self) -> Context<'_> {
        Context::new(self.store.as_ref(), self.options.limits)
    }
}
