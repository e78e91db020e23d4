//! Answers of any size: written by a thread while they are sent, a batch at a time.
//!
//! Everything comes from one frozen state, however long it takes. What has been written and not yet sent is
//! two batches at most: whoever reads slowly is waited for, and let go when nothing was read for a minute.
//! An error at the beginning is answered as a problem; one in the middle breaks the connection off, so that
//! nobody takes a part for the whole.

use std::io;
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::http::HeaderValue;
use axum::http::header::CONTENT_TYPE;
use axum::response::Response;
use futures_util::stream;
use query::{Context, Limits, Plan, Query, QueryError, plan};
use record::Problem;
use register::Deadline;
use tokio::runtime::Handle;
use tokio::sync::mpsc::{self, Receiver, Sender};

use crate::failure::Failure;
use crate::formats::encoder::{Encoder, Ending, Form};
use crate::visit::Visit;

/// How long a reader may read nothing.
const PATIENCE: Duration = Duration::from_secs(60);
/// Batches that wait to be sent.
const WAITING: usize = 2;

/// A piece of an answer, or why there is no more.
pub type Chunk = Result<Bytes, QueryError>;

/// Answers all records of a query.
///
/// # Errors
///
/// The query is wrong, its first batch cannot be written, or too many such answers are under way.
pub async fn answer(
    app: Visit,
    query: Query,
    form: Form,
    links: String,
) -> Result<Response, Failure> {
    written(app, form.media_type(), move |app, send| {
        write(app, &query, form, &links, send)
    })
    .await
}

/// Answers what `work` writes while it is sent: it hands over one piece after another, and hears whether
/// each was taken.
///
/// # Errors
///
/// The first piece cannot be written, or too many such answers are under way.
pub async fn written(
    app: Visit,
    kind: &'static str,
    work: impl FnOnce(&Visit, &dyn Fn(Chunk) -> bool) -> Result<(), QueryError> + Send + 'static,
) -> Result<Response, Failure> {
    let waited = app.options.patience;
    let place = tokio::time::timeout(waited, app.streams.clone().acquire_owned()).await;
    let busy = || Failure::of(Problem::new("streams-busy", "", "", ""));
    let place = place.map_err(|_| busy())?.map_err(|_| busy())?;
    let (sender, mut receiver) = mpsc::channel::<Chunk>(WAITING);
    let handle = Handle::current();
    tokio::task::spawn_blocking(move || {
        let _place = place;
        let send = |chunk| send(&handle, &sender, chunk);
        if let Err(error) = work(&app, &send) {
            send(Err(error));
        }
    });
    let first = match receiver.recv().await {
        Some(first) => first?,
        None => return Err(Failure::internal("a whole answer ended before it began")),
    };
    let mut response = Response::new(body(first, receiver));
    let kind = HeaderValue::from_static(kind);
    response.headers_mut().insert(CONTENT_TYPE, kind);
    Ok(response)
}

/// Whether the chunk was taken.
fn send(handle: &Handle, sender: &Sender<Chunk>, chunk: Chunk) -> bool {
    let sent = handle.block_on(async { tokio::time::timeout(PATIENCE, sender.send(chunk)).await });
    matches!(sent, Ok(Ok(())))
}

fn body(first: Bytes, receiver: Receiver<Chunk>) -> Body {
    let chunks = stream::unfold(
        (Some(first), receiver),
        |(first, mut receiver)| async move {
            let chunk = match first {
                Some(first) => Ok(first),
                None => receiver.recv().await?.map_err(|error| {
                    tracing::warn!(reason = %error, "a whole answer was broken off");
                    io::Error::other(error.to_string())
                }),
            };
            Some((chunk, (None, receiver)))
        },
    );
    Body::from_stream(chunks)
}

fn write(
    app: &Visit,
    query: &Query,
    form: Form,
    links: &str,
    send: &dyn Fn(Chunk) -> bool,
) -> Result<(), QueryError> {
    let limits = app.options.limits;
    let mut context = Context::new(app.store.as_ref(), limits);
    let plan = plan(&context, query)?;
    let matched = count(&context, &plan, limits)?;
    context.deadline = Deadline::NONE;
    let mut encoder = Encoder::new(app.store.as_ref(), &plan, form, matched);
    let mut waiting = encoder.begin(matched);
    let mut was_taken = true;
    query::stream(&context, &plan, &mut |records| {
        waiting.extend(encoder.batch(records)?);
        was_taken = send(Ok(Bytes::from(std::mem::take(&mut waiting))));
        Ok(was_taken)
    })?;
    if was_taken {
        waiting.extend(encoder.end(&Ending {
            links,
            ..Ending::default()
        }));
        send(Ok(Bytes::from(waiting)));
    }
    Ok(())
}

/// How many records will be written: for those who must know beforehand.
fn count(context: &Context<'_>, plan: &Plan, limits: Limits) -> Result<u64, QueryError> {
    let found = context.view.count(
        &plan.collection.name,
        &plan.predicate,
        plan.times.scope,
        Deadline::within(limits.time),
    );
    found.map_err(|error| context.error(error))
}
