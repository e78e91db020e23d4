//! How slowly a body may come: whoever sends a byte a minute holds a thread's memory for nothing.
//!
//! Small bodies have one time in which they must be whole. Uploads take as long as they are; only
//! silence ends them.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::extract::Request;
use http_body::{Frame, SizeHint};
use tokio::time::{Instant, Sleep, sleep_until};

/// Tells, among a request's extensions, whether its body came too slowly.
#[derive(Clone, Debug, Default)]
pub struct TooSlow(Arc<AtomicBool>);

impl TooSlow {
    /// Whether it did.
    pub fn is(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

/// The request with a body that fails when it comes too slowly. `is_renewed`: every piece is given the
/// same time anew.
pub fn hurry(mut request: Request, time: Duration, is_renewed: bool) -> Request {
    if http_body::Body::is_end_stream(request.body()) {
        return request;
    }
    let late = TooSlow::default();
    request.extensions_mut().insert(late.clone());
    request.map(|body| {
        Body::new(Hurried {
            body,
            late,
            time,
            is_renewed,
            is_waiting: false,
            end: Box::pin(sleep_until(Instant::now() + time)),
        })
    })
}

struct Hurried {
    body: Body,
    late: TooSlow,
    time: Duration,
    is_renewed: bool,
    is_waiting: bool,
    end: Pin<Box<Sleep>>,
}

impl http_body::Body for Hurried {
    type Data = Bytes;
    type Error = axum::BoxError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::BoxError>>> {
        if let Poll::Ready(frame) = Pin::new(&mut self.body).poll_frame(context) {
            self.is_waiting = false;
            return Poll::Ready(frame.map(|frame| frame.map_err(Into::into)));
        }
        // Only silence counts, and not the time that was taken for the piece before.
        if self.is_renewed && !self.is_waiting {
            let end = Instant::now() + self.time;
            self.end.as_mut().reset(end);
        }
        self.is_waiting = true;
        match self.end.as_mut().poll(context) {
            Poll::Pending => Poll::Pending,
            Poll::Ready(()) => {
                self.late.0.store(true, Ordering::Relaxed);
                Poll::Ready(Some(Err("the body came too slowly".into())))
            }
        }
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
