//! `GET /audit/head` and its proofs: what an outside auditor keeps, and checks without seeing an entry.

use axum::extract::{Path, RawQuery};
use axum::response::Response;
use record::prose;

use super::receipts::{Desk, unreadable};
use super::{json, no_parameters};
use crate::failure::Failure;
use crate::parameters::Parameters;
use crate::visit::Visit;

/// The head of the tree over all entries, signed.
pub async fn head(app: Visit, RawQuery(query): RawQuery) -> Result<Response, Failure> {
    no_parameters(query.as_deref())?;
    Ok(json(&Desk::of(&app)?.trail.head()))
}

/// The proof that the trail continues what it was at a size.
pub async fn consistency(app: Visit, RawQuery(query): RawQuery) -> Result<Response, Failure> {
    let mut given = Parameters::parse(query.as_deref())?;
    let from = given.take_number("from")?;
    given.finish([])?;
    let desk = Desk::of(&app)?;
    let head = desk.trail.head();
    let expected = prose!(
        "0 至 {} 的条目数",
        "a number of entries, 0 to {}",
        head.size
    );
    let from = from
        .map(|from| from as u64)
        .filter(|from| *from <= head.size);
    let from = from.ok_or_else(|| ::query::QueryError::bad("from", "", expected))?;
    let path = tokio::task::block_in_place(|| desk.trail.consistency(from, head.size));
    let path = path.map_err(|error| unreadable(&error))?;
    Ok(json(
        &serde_json::json!({ "from": from, "head": head, "path": path }),
    ))
}

/// The proof that the entry of a receipt stands in the trail.
pub async fn proof(
    app: Visit,
    Path(receipt): Path<String>,
    RawQuery(query): RawQuery,
) -> Result<Response, Failure> {
    no_parameters(query.as_deref())?;
    let desk = Desk::of(&app)?;
    let entry = desk.entry(&receipt)?;
    if !desk.sees_all {
        return Err(Failure::not_found(&receipt));
    }
    let head = desk.trail.head();
    let proof = tokio::task::block_in_place(|| desk.trail.prove(entry.sequence, &head));
    Ok(json(&proof.map_err(|error| unreadable(&error))?))
}
