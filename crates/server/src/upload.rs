//! A request's body to the disk, of whatever size: never more than a few pieces of it are in memory.

use std::sync::Arc;
use std::time::Duration;

use axum::body::{Body, Bytes};
use futures_util::StreamExt;
use load::book::{Announced, Book, BookError, Load};
use tokio::sync::mpsc::channel;
use tokio::time::timeout;

use crate::failure::Failure;

/// Pieces that may wait for the disk.
const WAITING: usize = 8;
/// A sender who is silent for so long is gone.
const SILENCE: Duration = Duration::from_secs(60);
/// How much of a body is read away that nobody wants, so that its sender hears why, and for how long.
const DRAINED: usize = 8 << 20;
const DRAINING: Duration = Duration::from_secs(2);

/// Takes a file in.
///
/// # Errors
///
/// As [`Book::receive`] and [`load::book::Upload::finish`]; an upload that is cut off.
pub async fn take(book: &Book, announced: Announced, body: Body) -> Result<Arc<Load>, Failure> {
    let mut upload = match tokio::task::block_in_place(|| book.receive(announced)) {
        Ok(upload) => upload,
        Err(error) => {
            drain(body).await;
            return Err(error.into());
        }
    };
    let (sender, mut receiver) = channel::<Bytes>(WAITING);
    let writing = tokio::task::spawn_blocking(move || {
        while let Some(piece) = receiver.blocking_recv() {
            upload.write(&piece)?;
        }
        Ok::<_, BookError>(upload)
    });
    let mut pieces = body.into_data_stream();
    let mut whole = true;
    loop {
        match timeout(SILENCE, pieces.next()).await {
            Ok(Some(Ok(piece))) => {
                if sender.send(piece).await.is_err() {
                    // The disk refused the last: the writer says why.
                    break;
                }
            }
            Ok(None) => break,
            Ok(Some(Err(_))) | Err(_) => {
                whole = false;
                break;
            }
        }
    }
    drop(sender);
    let stopped = |_| Failure::internal("a thread that writes an upload stopped");
    let upload = writing.await.map_err(stopped)??;
    if !whole {
        return Err(upload.cut_off().into());
    }
    let finished = tokio::task::spawn_blocking(move || upload.finish());
    Ok(finished.await.map_err(stopped)??)
}

/// Reads a body away.
async fn drain(body: Body) {
    let mut pieces = body.into_data_stream();
    let mut left = DRAINED;
    let reading = async {
        while let Some(Ok(piece)) = pieces.next().await {
            left = left.saturating_sub(piece.len());
            if left == 0 {
                break;
            }
        }
    };
    // What is left is the sender's to stop.
    let _ = timeout(DRAINING, reading).await;
}
