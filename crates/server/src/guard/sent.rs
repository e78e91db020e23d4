//! A request's body, overheard while its handler reads it: the limits of size and time stay the handler's.

use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, ready};

use audit::{Hash, Hasher};
use axum::body::{Body, Bytes, HttpBody};
use axum::extract::Request;

/// How much of a body is kept as it came; of a longer one, the digest.
const KEPT: usize = 4 << 20;

/// What was overheard so far.
#[derive(Clone, Default)]
pub struct Sent(Option<Arc<Mutex<Heard>>>);

#[derive(Default)]
struct Heard {
    chunks: Vec<Bytes>,
    length: usize,
    /// Of a body that is too long to be kept.
    hasher: Option<Hasher>,
}

impl Heard {
    fn hear(&mut self, chunk: &Bytes) {
        self.length += chunk.len();
        if let Some(hasher) = &mut self.hasher {
            hasher.update(chunk);
        } else if self.length > KEPT {
            let mut hasher = Hasher::default();
            self.chunks
                .drain(..)
                .for_each(|chunk| hasher.update(&chunk));
            hasher.update(chunk);
            self.hasher = Some(hasher);
        } else {
            self.chunks.push(chunk.clone());
        }
    }
}

impl Sent {
    /// The body, if it is text of a length that is kept; otherwise its digest.
    pub fn take(&self) -> (Option<String>, Option<Hash>) {
        let Some(heard) = &self.0 else {
            return (None, None);
        };
        let mut heard = heard.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(hasher) = heard.hasher.take() {
            return (None, Some(hasher.finish()));
        }
        let bytes = heard.chunks.concat();
        heard.chunks.clear();
        match String::from_utf8(bytes) {
            Ok(text) if text.is_empty() => (None, None),
            Ok(text) => (Some(text), None),
            Err(error) => (None, Some(Hash::of(error.as_bytes()))),
        }
    }
}

/// The request, whose body is overheard.
pub fn overhear(request: Request) -> (Request, Sent) {
    if request.body().size_hint().exact() == Some(0) {
        return (request, Sent::default());
    }
    let heard = Arc::new(Mutex::new(Heard::default()));
    let sent = Sent(Some(heard.clone()));
    let request = request.map(|body| Body::new(Overheard { body, heard }));
    (request, sent)
}

struct Overheard {
    body: Body,
    heard: Arc<Mutex<Heard>>,
}

impl HttpBody for Overheard {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<http_body::Frame<Bytes>, axum::Error>>> {
        let frame = ready!(Pin::new(&mut self.body).poll_frame(context));
        if let Some(Ok(frame)) = &frame
            && let Some(chunk) = frame.data_ref()
        {
            let mut heard = self.heard.lock().unwrap_or_else(PoisonError::into_inner);
            heard.hear(chunk);
        }
        Poll::Ready(frame)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> http_body::SizeHint {
        self.body.size_hint()
    }
}
