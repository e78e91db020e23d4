//! `GET /loads/{id}/events`: a load as it goes on, as server-sent events.
//!
//! `state` carries the load as it stands: first, and at each change; `progress` how far it has come. The
//! stream ends where nothing more will come of the load by itself or by anybody's word. An event's id
//! is the number of steps in the load's history, so that a browser that connects again to a load that
//! is done is told so (204) and stays away.

use std::collections::VecDeque;
use std::convert::Infallible;
use std::sync::Arc;

use ::load::book::{Book, Load, Pace, Snapshot};
use axum::extract::{Path, RawQuery};
use axum::http::{HeaderMap, StatusCode};
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use futures_util::stream::unfold;
use tokio::sync::watch;

use crate::failure::Failure;
use crate::visit::Visit;

/// Follows a load.
pub async fn events(
    app: Visit,
    Path(id): Path<String>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Response, Failure> {
    super::no_parameters(query.as_deref())?;
    let book = app.book()?;
    app.check_load(&id)?;
    let follow = book.follow(&id)?;
    let last = headers.get("last-event-id");
    let last: Option<usize> = last.and_then(|value| value.to_str().ok()?.parse().ok());
    let load = follow.borrow().load.clone();
    if load.state.is_final() && last == Some(load.history.len()) {
        return Ok(StatusCode::NO_CONTENT.into_response());
    }
    let follower = Follower {
        book: book.clone(),
        follow,
        stopping: book.stopping(),
        load: None,
        pace: None,
        waiting: VecDeque::new(),
        ended: false,
    };
    let stream = unfold(follower, |mut follower| async {
        let event = follower.next().await?;
        Some((Ok::<Event, Infallible>(event), follower))
    });
    let stream = Sse::new(stream).keep_alive(KeepAlive::default());
    Ok(stream.into_response())
}

/// One who follows a load.
struct Follower {
    book: Book,
    follow: watch::Receiver<Snapshot>,
    stopping: watch::Receiver<bool>,
    /// What was told last.
    load: Option<Arc<Load>>,
    pace: Option<Pace>,
    waiting: VecDeque<Event>,
    ended: bool,
}

impl Follower {
    async fn next(&mut self) -> Option<Event> {
        loop {
            if let Some(event) = self.waiting.pop_front() {
                return Some(event);
            }
            if self.ended {
                return None;
            }
            self.look();
            if !self.waiting.is_empty() || self.ended {
                continue;
            }
            tokio::select! {
                changed = self.follow.changed() => self.ended = changed.is_err(),
                _ = self.stopping.wait_for(|stops| *stops) => self.ended = true,
            }
        }
    }

    /// Puts into words what is new.
    fn look(&mut self) {
        let snapshot = self.follow.borrow_and_update().clone();
        let told = self.load.as_ref();
        if !told.is_some_and(|told| Arc::ptr_eq(told, &snapshot.load)) {
            let load = super::loads::described(&self.book, &snapshot);
            let id = snapshot.load.history.len().to_string();
            self.waiting.push_back(
                Event::default()
                    .event("state")
                    .id(id)
                    .data(load.to_string()),
            );
        }
        if snapshot.pace != self.pace
            && let Some(pace) = &snapshot.pace
        {
            let pace = serde_json::to_string(pace).unwrap_or_default();
            self.waiting
                .push_back(Event::default().event("progress").data(pace));
        }
        self.ended = snapshot.load.state.is_final();
        (self.load, self.pace) = (Some(snapshot.load), snapshot.pace);
    }
}
