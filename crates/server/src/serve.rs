//! Listening, and shutting down in good order.

use std::future::Future;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;

use axum::extract::DefaultBodyLimit;
use axum::{Router, middleware};
use tokio::net::TcpListener;

use crate::app::{App, Data, Options};
use crate::connection::{self, Transport};
use crate::{observe, routes};

/// An address that may not be listened on.
#[derive(Debug, thiserror::Error)]
#[error(
    "{0} can be reached from other machines, and what is said there would be read on the way: turn TLS \
     on, say that a proxy before the server does, or listen on a loopback address (127.0.0.1, [::1])"
)]
pub struct ListenError(pub SocketAddr);

/// The threads that serve. Half of the processors wait on connections: queries run where they are
/// asked, and another thread then takes over, so that more would only wake one another: on two
/// processors, two threads made a call to wake the other for nearly every look-up, one makes none.
///
/// # Errors
///
/// Threads cannot be started.
pub fn runtime() -> io::Result<tokio::runtime::Runtime> {
    let processors = std::thread::available_parallelism().map_or(1, usize::from);
    tokio::runtime::Builder::new_multi_thread()
        .worker_threads((processors / 2).max(1))
        .enable_all()
        .build()
}

/// Refuses addresses that other machines can reach, where nothing is encrypted before they are.
///
/// # Errors
///
/// [`ListenError`].
pub fn check_listen(address: SocketAddr, transport: &Transport) -> Result<(), ListenError> {
    let is_private = transport.tls.is_some() || transport.is_behind_proxy;
    if is_private || address.ip().to_canonical().is_loopback() {
        Ok(())
    } else {
        Err(ListenError(address))
    }
}

/// All routes over data.
pub fn router(data: impl Into<Data>, options: Options) -> Router {
    router_beside(data, options, Router::new())
}

/// All routes over data, and others beside them under the same limits and the same form of errors.
pub fn router_beside(data: impl Into<Data>, options: Options, others: Router) -> Router {
    let body_bytes = options.body_bytes;
    let app = Arc::new(App::new(data.into(), options));
    routes::all()
        .with_state(app.clone())
        .merge(others)
        .layer(DefaultBodyLimit::max(body_bytes))
        .layer(middleware::from_fn_with_state(app, observe::observe))
}

/// Serves until `shutdown` resolves, then answers what is under way and returns. Whoever follows a load
/// is let go; the book's own threads are their owner's to end.
///
/// # Errors
///
/// The address may not be listened on.
pub async fn serve(
    data: impl Into<Data>,
    listener: TcpListener,
    options: Options,
    shutdown: impl Future<Output = ()> + Send + 'static,
) -> io::Result<()> {
    let transport = Transport::default();
    check_listen(listener.local_addr()?, &transport)
        .map_err(|error| io::Error::new(io::ErrorKind::InvalidInput, error))?;
    let data = data.into();
    let book = data.book.clone();
    let shutdown = async move {
        shutdown.await;
        book.as_ref().inspect(|book| book.stop());
    };
    connection::run(listener, router(data, options), transport, shutdown).await
}
