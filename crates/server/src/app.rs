//! What all handlers share, and where blocking work runs.

use std::sync::Arc;
use std::time::Duration;

use axum::body::Bytes;
use compare::list::Comparisons;
use load::Clerk;
use load::book::Book;
use query::Limits;
use record::Problem;
use register::{Embedded, Store, StoreError};
use tokio::sync::Semaphore;

use crate::claiming::Claiming;
use crate::failure::Failure;
use crate::guard::Guard;
use crate::linger::Linger;
use crate::metrics::Metrics;
use crate::openapi;
use crate::sharing::Sharing;

/// How many writes wait for one another on threads; others wait for these.
const WAITING_WRITERS: usize = 16;

/// How many whole answers are sent at once; others wait a little, and are then refused.
const STREAMS: usize = 16;
/// How many bytes of vector tiles are kept.
const TILE_BYTES: usize = 64 << 20;

/// How the server behaves.
#[derive(Clone, Debug)]
pub struct Options {
    /// What one query may ask for, and how long it may take.
    pub limits: Limits,
    /// The largest body of a request, in bytes.
    pub body_bytes: usize,
    /// How many queries run at once; others wait, within their time limit.
    pub concurrent: usize,
    /// How long a write waits for others, a load among them.
    pub patience: Duration,
}

impl Default for Options {
    fn default() -> Options {
        let cores = std::thread::available_parallelism().map_or(2, usize::from);
        Options {
            limits: Limits::default(),
            body_bytes: 1 << 20,
            concurrent: 2 * cores,
            patience: Duration::from_secs(5),
        }
    }
}

/// What all handlers share.
pub struct App {
    /// All data, whoever asks. Handlers see what [`crate::visit::Visit`] gives them.
    pub whole: Arc<dyn Store>,
    book: Option<Book>,
    /// Who may come in; where there is none, everybody sees everything: for embedding, and for tests
    /// that are about something else.
    pub guard: Option<Guard>,
    /// The desk, and the press of open data; none where the rules of access cannot be read.
    pub sharing: Option<Sharing>,
    /// How the server behaves.
    pub options: Options,
    /// What it has done so far.
    pub metrics: Metrics,
    /// The OpenAPI description, written once.
    pub api: Bytes,
    /// The same in OpenAPI 3.0.
    pub api_30: Bytes,
    /// Vector tiles of the state last published.
    pub tiles: tiles::Cache,
    /// Places for whole answers, each of which holds a thread while it is sent.
    pub streams: Arc<Semaphore>,
    /// Stays awake for the next request.
    pub linger: Linger,
    /// Places for queries.
    pub permits: Arc<Semaphore>,
    /// Carries out writes, where they are taken.
    pub clerk: Option<Arc<Clerk>>,
    /// Who receives list comparisons.
    pub comparisons: Option<Arc<Comparisons>>,
    /// In which store claims are answered, by sight.
    pub claims: Claiming,
    /// Claims that were wrong, by caller.
    pub guesses: compare::Guesses,
    /// Places for writes that wait for one another on a thread.
    pub writers: Arc<Semaphore>,
}

/// What is served: data, and what writes to them.
pub struct Data {
    pub(crate) store: Arc<dyn Store>,
    /// Who writes single records; none where there are only reads.
    pub(crate) clerk: Option<Arc<Clerk>>,
    /// The book of loads, where files are taken in.
    pub(crate) book: Option<Book>,
    /// Who may come in.
    pub(crate) guard: Option<Guard>,
    /// Who receives list comparisons.
    pub(crate) comparisons: Option<Arc<Comparisons>>,
    /// The desk and the press, where they outlive the process.
    pub(crate) sharing: Option<Sharing>,
}

impl Data {
    /// Data whose records may be written one by one.
    ///
    /// # Errors
    ///
    /// What the store remembers of earlier writes cannot be read.
    pub fn writable(store: Embedded) -> Result<Data, StoreError> {
        let clerk = Clerk::open(store.clone())?;
        Ok(Data {
            sharing: Some(Sharing::open(&store)?),
            store: Arc::new(store),
            clerk: Some(Arc::new(clerk)),
            book: None,
            guard: None,
            comparisons: None,
        })
    }

    /// Lets in only whom the guard lets in.
    pub fn guarded(self, guard: Guard) -> Data {
        let guard = Some(guard);
        Data { guard, ..self }
    }

    /// Receives list comparisons besides.
    pub fn with_comparisons(self, comparisons: Arc<Comparisons>) -> Data {
        let comparisons = Some(comparisons);
        Data {
            comparisons,
            ..self
        }
    }

    /// Takes in files besides.
    pub fn with_book(self, book: Book) -> Data {
        let book = Some(book);
        Data { book, ..self }
    }
}

/// Data that are only read.
impl<S: Store + 'static> From<Arc<S>> for Data {
    fn from(store: Arc<S>) -> Data {
        Data {
            store,
            clerk: None,
            book: None,
            guard: None,
            comparisons: None,
            sharing: None,
        }
    }
}

/// Data that only the desk changes.
impl From<Book> for Data {
    fn from(book: Book) -> Data {
        let store: Arc<dyn Store> = Arc::new(book.store().clone());
        Data {
            store,
            clerk: None,
            book: Some(book),
            guard: None,
            comparisons: None,
            sharing: None,
        }
    }
}

impl App {
    /// A server's state over data.
    pub fn new(data: Data, options: Options) -> App {
        let Data {
            store,
            clerk,
            book,
            guard,
            comparisons,
            sharing,
        } = data;
        let sharing = sharing.or_else(|| Sharing::loose(store.catalog()));
        let api = openapi::document(store.catalog(), &options);
        App {
            clerk,
            comparisons,
            claims: Claiming::default(),
            guesses: compare::Guesses::default(),
            writers: Arc::new(Semaphore::new(WAITING_WRITERS)),
            permits: Arc::new(Semaphore::new(options.concurrent.max(1))),
            metrics: Metrics::new(crate::routes::TABLE.iter().map(|route| route.path)),
            api_30: Bytes::from(openapi::older(&api).to_string()),
            api: Bytes::from(api.to_string()),
            tiles: tiles::Cache::new(TILE_BYTES),
            streams: Arc::new(Semaphore::new(STREAMS)),
            linger: Linger::default(),
            whole: store,
            book,
            guard,
            sharing,
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
}
