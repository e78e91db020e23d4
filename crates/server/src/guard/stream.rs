//! An answer that is written while it is sent: what its parts tell of is written down before they leave,
//! and how it ended.

use std::io;
use std::sync::Arc;

use access::Asker;
use audit::{Hasher, Kind, Note, Trail};
use axum::body::{Body, Bytes};
use futures_util::{StreamExt, stream};

use super::receipt;
use crate::app::App;

/// The answer, whose parts are written down under the entry that began it.
pub fn told(
    app: Arc<App>,
    trail: Arc<Trail>,
    begun: u64,
    asker: Option<Arc<Asker>>,
    body: Body,
) -> Body {
    let told = Told {
        app,
        trail,
        begun,
        asker,
        hasher: Hasher::default(),
        bytes: 0,
        is_ended: false,
    };
    let chunks = stream::unfold(
        (body.into_data_stream(), told),
        |(mut body, mut told)| async move {
            let chunk = match body.next().await {
                _ if told.is_ended => return None,
                Some(Ok(chunk)) => told.part(chunk),
                Some(Err(error)) => told.end(false).and(Err(io::Error::other(error))),
                // The last bytes have left; that it was all is told by the end, which has not.
                None => match told.end(true) {
                    Ok(()) => return None,
                    Err(error) => Err(error),
                },
            };
            Some((chunk, (body, told)))
        },
    );
    Body::from_stream(chunks)
}

struct Told {
    app: Arc<App>,
    trail: Arc<Trail>,
    begun: u64,
    asker: Option<Arc<Asker>>,
    hasher: Hasher,
    bytes: u64,
    is_ended: bool,
}

impl Told {
    /// Writes down what was read since the last part.
    fn part(&mut self, chunk: Bytes) -> io::Result<Bytes> {
        self.hasher.update(&chunk);
        self.bytes += chunk.len() as u64;
        let touches = self.asker.as_ref().map(|asker| asker.touched.take());
        if let Some(touches) = touches.filter(|touches| !touches.is_empty()) {
            let mut note = Note {
                kind: Kind::Part,
                of: Some(self.begun),
                ..Note::default()
            };
            receipt::touched(&mut note, touches);
            self.write(&note)?;
        }
        Ok(chunk)
    }

    /// Writes down how it ended.
    fn end(&mut self, whole: bool) -> io::Result<()> {
        self.is_ended = true;
        let mut note = Note {
            kind: Kind::Ended,
            of: Some(self.begun),
            digest: Some(std::mem::take(&mut self.hasher).finish()),
            bytes: Some(self.bytes),
            whole: Some(whole),
            ..Note::default()
        };
        if let Some(asker) = &self.asker {
            receipt::touched(&mut note, asker.touched.take());
        }
        self.write(&note)
    }

    fn write(&self, note: &Note) -> io::Result<()> {
        let Some(guard) = &self.app.guard else {
            return Ok(());
        };
        let written = guard.receipts.write(&self.trail, note);
        written.map(drop).map_err(|error| {
            tracing::error!(reason = %error, "an answer breaks off: it cannot be written down");
            io::Error::other("it cannot be written down")
        })
    }
}

impl Drop for Told {
    /// Whoever asked has gone, or it broke off.
    fn drop(&mut self) {
        if !self.is_ended {
            // What failed is in the log; there is nobody left to tell.
            let _ = self.end(false);
        }
    }
}
