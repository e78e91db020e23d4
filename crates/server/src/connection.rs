//! Connections: taken, encrypted where TLS is on, served by the routes, and closed in good order.
//!
//! Nobody holds a place for nothing: a handshake and the head of a request have a time in which they
//! must be there, and there are only so many connections at once. How slowly a body may come is the
//! business of [`crate::patience`].

use std::convert::Infallible;
use std::future::Future;
use std::io;
use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::Request;
use axum::http::HeaderValue;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio_rustls::TlsAcceptor;
use tower::ServiceExt;

use crate::routes::links::SCHEME;
use crate::tls;

/// How long a handshake may take.
const HANDSHAKE: Duration = Duration::from_secs(10);
/// How long the head of a request may take, counted from the answer before it.
const HEAD: Duration = Duration::from_secs(30);
/// How many bytes the head of a request may have.
const HEAD_BYTES: usize = 64 << 10;
/// How many connections there are at once; others wait to be taken.
const CONNECTIONS: usize = 8192;
/// How long what is under way may take to end after the server is told to stop.
const LAST: Duration = Duration::from_secs(60);
/// How long no connection is taken after one could not be: there may be no descriptors left.
const PAUSE: Duration = Duration::from_millis(100);

/// How connections are served.
#[derive(Clone, Default)]
pub struct Transport {
    /// Encrypts them.
    pub tls: Option<Arc<rustls::ServerConfig>>,
    /// A proxy stands before the server: who asks is in its header `X-Forwarded-For`.
    pub is_behind_proxy: bool,
}

/// Who is at the other end of a connection, among the extensions of each of its requests.
#[derive(Clone, Debug)]
pub struct Peer {
    /// Its address: the proxy's, where there is one.
    pub address: IpAddr,
    /// Whether what the proxy says of the address is taken.
    pub is_proxy: bool,
    /// The subject of its certificate (RFC 4514), which an authority that is trusted has signed.
    pub subject: Option<Arc<str>>,
}

/// Serves until `shutdown` resolves, then answers what is under way and returns.
///
/// # Errors
///
/// None so far: a connection that cannot be taken is left, and the next one tried.
pub async fn run(
    listener: TcpListener,
    routes: Router,
    transport: Transport,
    shutdown: impl Future<Output = ()>,
) -> io::Result<()> {
    let places = Arc::new(Semaphore::new(CONNECTIONS));
    let graceful = GracefulShutdown::new();
    let acceptor = transport.tls.clone().map(TlsAcceptor::from);
    let mut shutdown = std::pin::pin!(shutdown);
    loop {
        let taken = async {
            let place = places.clone().acquire_owned().await;
            (place, listener.accept().await)
        };
        let (place, accepted) = tokio::select! {
            taken = taken => taken,
            () = &mut shutdown => break,
        };
        let Ok((stream, address)) = accepted else {
            tokio::time::sleep(PAUSE).await;
            continue;
        };
        // Answers are small: waiting to fill packets would only delay them.
        let _ = stream.set_nodelay(true);
        let peer = Peer {
            address: address.ip().to_canonical(),
            is_proxy: transport.is_behind_proxy,
            subject: None,
        };
        let (routes, acceptor, watcher) = (routes.clone(), acceptor.clone(), graceful.watcher());
        tokio::spawn(async move {
            match acceptor {
                None => serve(stream, peer, false, routes, watcher).await,
                Some(acceptor) => encrypted(stream, peer, acceptor, routes, watcher).await,
            }
            drop(place);
        });
    }
    drop(listener);
    let _ = tokio::time::timeout(LAST, graceful.shutdown()).await;
    Ok(())
}

type Watcher = hyper_util::server::graceful::Watcher;

/// Shakes hands first, and learns whose certificate it is.
async fn encrypted(
    stream: TcpStream,
    mut peer: Peer,
    acceptor: TlsAcceptor,
    routes: Router,
    watcher: Watcher,
) {
    let shaken = tokio::time::timeout(HANDSHAKE, acceptor.accept(stream)).await;
    let Ok(Ok(stream)) = shaken else {
        return;
    };
    let shown = stream.get_ref().1.peer_certificates();
    peer.subject = shown
        .and_then(|chain| tls::subject(chain.first()?))
        .map(Arc::from);
    serve(stream, peer, true, routes, watcher).await;
}

/// Serves one connection to its end.
async fn serve<S: AsyncRead + AsyncWrite + Unpin + Send + 'static>(
    stream: S,
    peer: Peer,
    is_encrypted: bool,
    routes: Router,
    watcher: Watcher,
) {
    let service = hyper::service::service_fn(move |mut request: Request<Incoming>| {
        if is_encrypted {
            let scheme = HeaderValue::from_static("https");
            request.headers_mut().insert(SCHEME, scheme);
        } else if !peer.is_proxy {
            request.headers_mut().remove(SCHEME);
        }
        request.extensions_mut().insert(peer.clone());
        let routes = routes.clone();
        async move {
            Ok::<_, Infallible>(
                routes
                    .oneshot(request)
                    .await
                    .unwrap_or_else(|never| match never {}),
            )
        }
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD)
        .max_buf_size(HEAD_BYTES)
        .serve_connection(TokioIo::new(stream), service);
    // A connection that breaks has nobody left to tell.
    let _ = watcher.watch(connection).await;
}
