//! `POST /collections/{c}/verify`: claims on records, each answered by a word.

use ::compare::verify::verify as judge;
use ::compare::{Guard, Verification, Verified, VerifyError};
use axum::body::Bytes;
use axum::extract::{Path, RawQuery};
use axum::response::Response;
use query::{Context, times};
use serde_json::{Value, json};

use super::{json, no_parameters};
use crate::failure::Failure;
use crate::visit::Visit;

/// What became of each claim, in their order.
pub async fn verify(
    app: Visit,
    Path(name): Path<String>,
    RawQuery(query): RawQuery,
    body: Bytes,
) -> Result<Response, Failure> {
    no_parameters(query.as_deref())?;
    let request = Verification::from_json(&body)?;
    let app = app.claiming();
    let answer = app
        .once(move |app, context| Ok(answer(app, context, &name, &request)))
        .await?;
    Ok(json(&answer?))
}

fn answer(
    app: &Visit,
    context: &Context<'_>,
    name: &str,
    request: &Verification,
) -> Result<Value, VerifyError> {
    let collection = context.collection(name)?;
    let times = context.times(request.valid_at.as_deref(), request.known_at.as_deref())?;
    let guard = app.asker.as_ref().map(|asker| Guard {
        guesses: &app.guesses,
        caller: &asker.caller.id,
    });
    let may = |collection: &str, field: &str| app.may_claim(collection, field);
    let answers = judge(context, collection, request, times, &may, guard)?;
    let results: Vec<Value> = answers.iter().map(Verified::to_json).collect();
    Ok(json!({
        "results": results,
        "validAt": times.valid_text(),
        "knownAt": known_text(app, times.known),
    }))
}

/// The instant of a state of knowledge; null where nothing has been published.
fn known_text(app: &Visit, known: record::Transaction) -> Option<String> {
    app.store.instant_of(known).and_then(times::instant_text)
}

impl From<VerifyError> for Failure {
    fn from(error: VerifyError) -> Failure {
        match error {
            VerifyError::Query(error) => error.into(),
            VerifyError::TooManyGuesses { again, .. } => Failure {
                again_after: Some(again.as_secs().max(1)),
                ..Failure::of(error.problem())
            },
        }
    }
}
