//! The registers over HTTP: OGC API - Features, look-ups, the unified query, probes and metrics.
//!
//! Handlers are thin: they decode, call one function of `query` or `load`, and encode. The list of routes, and
//! how to add one, is in [`routes`]. Errors are problem+json (RFC 9457) with a code of
//! `schemas/problems.toml`. Bodies of records are spliced into answers as text, never parsed.
//!
//! | module | what |
//! |---|---|
//! | [`routes`] | the routes, one file a noun |
//! | [`app`] | what all handlers share; where blocking work runs |
//! | [`claiming`] | what a caller may have compared without seeing it |
//! | [`visit`] | what a handler is given: the state, and the store as the caller sees it |
//! | [`serve`](mod@serve) | listening, and shutting down in good order |
//! | [`connection`] | connections: encrypted by [`tls`], served, closed in good order |
//! | [`patience`] | how slowly a body may come |
//! | [`observe`] | around every request: the guard, log, metrics |
//! | [`guard`] | who asks, what they see, what is written down of it |
//! | [`answer`](mod@answer) | one answer: time limit, panics, problems, entity tags |
//! | [`failure`] | errors as problems |
//! | [`origin`] | who may write: no page of another site |
//! | [`parameters`] | query strings, of which nothing is ignored |
//! | [`selection`] | which records a request asks for |
//! | [`crs`] | in which coordinates |
//! | [`formats`] | records as GeoJSON, JSON, CSV, NDJSON and FlatGeobuf; which of them is answered |
//! | [`html`] | pages for a browser |
//! | [`sharing`] | the desk and the press, and for whom a caller speaks there |
//! | [`streaming`] | answers of any size |
//! | [`linger`] | stays awake for the next request |
//! | [`metrics`] | counters in Prometheus' text form |
//! | [`upload`] | a request's body to the disk |
//! | [`openapi`] | the description of it all |

pub mod answer;
pub mod app;
pub mod claiming;
pub mod connection;
pub mod crs;
pub mod failure;
pub mod formats;
pub mod guard;
pub mod html;
pub mod linger;
pub mod metrics;
pub mod observe;
pub mod openapi;
pub mod origin;
pub mod parameters;
pub mod patience;
pub mod routes;
pub mod selection;
pub mod serve;
pub mod sharing;
pub mod streaming;
pub mod tls;
pub mod upload;
pub mod visit;

pub use app::{Data, Options};
pub use connection::Transport;
pub use formats::{csv, feature};
pub use serve::{ListenError, check_listen, router, router_beside, runtime, serve};

// The small store in memory that the tests of `query` use too.
#[cfg(test)]
#[path = "../../query/src/fake.rs"]
mod fake;
#[cfg(test)]
mod tests;
