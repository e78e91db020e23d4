//! The server's side: routes under `/admin/` that run operations and stream their events.

use std::sync::Arc;

use ::load::book::Book;
use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use serde_json::json;
use tokio::sync::mpsc::{Sender, channel};

use super::{Event, Listener, Operation, Stage};
use crate::commands::{backup, export, load, loads, verify};
use crate::refusal::{Refusal, refusal};

/// How many events may wait for a slow reader.
const WAITING: usize = 64;

#[derive(Clone)]
struct Served {
    book: Book,
    authorization: Arc<str>,
}

/// The routes. They answer only requests that show the secret, which is in the data directory.
pub fn router(book: Book, secret: &str) -> Router {
    let served = Served {
        book,
        authorization: format!("Bearer {secret}").into(),
    };
    Router::new()
        .route("/admin/backup", post(answer::<backup::Backup>))
        .route("/admin/export", post(answer::<export::Export>))
        .route("/admin/load", post(answer::<load::Load>))
        .route("/admin/loads", post(answer::<loads::Ask>))
        .route("/admin/verify", post(answer::<verify::Verify>))
        .with_state(served)
}

async fn answer<O: Operation>(
    State(served): State<Served>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let shown = headers
        .get(header::AUTHORIZATION)
        .map(|value| value.as_bytes());
    if !shown.is_some_and(|shown| same(shown, served.authorization.as_bytes())) {
        let detail = "only commands on this machine that can read the data directory";
        return problem(StatusCode::FORBIDDEN, detail);
    }
    let operation: O = match serde_json::from_slice(&body) {
        Ok(operation) => operation,
        Err(error) => return problem(StatusCode::BAD_REQUEST, &error.to_string()),
    };
    let (sender, mut receiver) = channel(WAITING);
    tokio::task::spawn_blocking(move || run(operation, &served.book, &sender));
    let lines = futures_util::stream::poll_fn(move |context| {
        let line = receiver.poll_recv(context);
        line.map(|line| line.map(Ok::<String, std::convert::Infallible>))
    });
    (
        [(header::CONTENT_TYPE, "application/x-ndjson")],
        Body::from_stream(lines),
    )
        .into_response()
}

/// Runs an operation to its end, whether or not anybody still listens.
fn run<O: Operation>(operation: O, book: &Book, sender: &Sender<String>) {
    let outcome = operation.run(book, &Remote { sender });
    let answered = outcome.and_then(|answer| Ok(serde_json::to_value(answer)?));
    let event = match answered {
        Ok(answer) => Event::Answer(answer),
        Err(error) => Event::Refused(Refusal::of(&error)),
    };
    // Whoever asked may be gone.
    let _ = sender.blocking_send(line(&event));
}

fn line(event: &Event) -> String {
    let text = serde_json::to_string(event);
    // Events are plain data: they can be written.
    text.unwrap_or_default() + "\n"
}

/// Compares without telling by its time where two texts differ.
fn same(one: &[u8], other: &[u8]) -> bool {
    let differences = one.iter().zip(other).fold(0, |all, (a, b)| all | (a ^ b));
    one.len() == other.len() && differences == 0
}

fn problem(status: StatusCode, detail: &str) -> Response {
    let body = json!({
        "type": "about:blank",
        "title": status.canonical_reason(),
        "status": status.as_u16(),
        "detail": detail,
    });
    let kind = [(header::CONTENT_TYPE, "application/problem+json")];
    (status, kind, body.to_string()).into_response()
}

/// Tells over HTTP.
struct Remote<'a> {
    sender: &'a Sender<String>,
}

impl Listener for Remote<'_> {
    fn stage(&self, stage: Stage) {
        // Of what is only shown, some may be lost rather than hold up the work.
        let _ = self.sender.try_send(line(&Event::Stage(stage)));
    }

    fn text(&self, text: &str) -> anyhow::Result<()> {
        let sent = self
            .sender
            .blocking_send(line(&Event::Text(text.to_owned())));
        sent.map_err(|_| refusal("对方已断开", "nobody reads the answer any more"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_compared_whole() {
        assert!(same(b"Bearer 1", b"Bearer 1"));
        for other in ["", "Bearer", "Bearer 2", "Bearer 11"] {
            assert!(!same(other.as_bytes(), b"Bearer 1"), "{other}");
        }
    }
}
