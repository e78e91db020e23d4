//! `GET /receipts` and below: what was answered to whom, the same answer again, and what has changed since.
//!
//! A caller reads its own receipts. Whoever audits reads all, and no records through them: only who asked
//! gets an answer again. Lists go on by the receipt that they ended with, so that a cursor tells nobody how
//! many others ask.

use std::collections::BTreeMap;
use std::sync::Arc;

use ::audit::{Entry, Hash, Kind, Listed, Receipt, Trail};
use access::{Asker, Verb};
use axum::extract::{Path, RawQuery};
use axum::http::{HeaderName, HeaderValue};
use axum::response::Response;
use record::{AsOf, EntityId, Problem, prose};
use serde_json::{Map, Value, json};

use super::{json as answered, no_parameters};
use crate::failure::Failure;
use crate::guard::replay::{self, Again};
use crate::parameters::Parameters;
use crate::visit::Visit;

/// How many entries a list shows where nothing is said, and at most.
const PAGE: usize = 50;
const LARGEST_PAGE: usize = 1000;
/// How many entries are looked at for one page; what is left comes with the next.
const LOOKED_AT: usize = 50_000;
/// How many records of an answer are named, of each collection.
const SHOWN: usize = 1_000;
/// How many records of an answer are compared.
const COMPARED: usize = 20_000;

/// Whether the answer given again is the one of the receipt.
const REPLAY: HeaderName = HeaderName::from_static("jiku-replay");
/// The digest that the receipt has of the answer.
const DIGEST: HeaderName = HeaderName::from_static("jiku-replay-digest");
/// Whether the policy is the one that decided then.
const POLICY: HeaderName = HeaderName::from_static("jiku-replay-policy");

/// Where receipts are, and who asks for them.
pub struct Desk {
    /// The trail.
    pub trail: Arc<Trail>,
    /// Who asks.
    pub asker: Arc<Asker>,
    /// Whether all receipts are shown, not only one's own.
    pub sees_all: bool,
}

impl Desk {
    /// The desk of a request.
    ///
    /// # Errors
    ///
    /// `receipts-absent`: no trail is kept.
    pub fn of(app: &Visit) -> Result<Desk, Failure> {
        let guard = app.guard.as_ref();
        let trail = guard.and_then(|guard| guard.receipts.trail().cloned());
        match (trail, app.asker.clone()) {
            (Some(trail), Some(asker)) => Ok(Desk {
                sees_all: asker.sight.may(Verb::Audit),
                trail,
                asker,
            }),
            _ => Err(Failure::of(Problem::new("receipts-absent", "", "", ""))),
        }
    }

    /// The entry of a receipt that the caller may know of.
    ///
    /// # Errors
    ///
    /// There is none: the same answer for another's as for one that was never given.
    pub fn entry(&self, text: &str) -> Result<Entry, Failure> {
        let receipt = text.parse::<Receipt>().ok();
        let found = receipt.map(|receipt| self.trail.find(receipt)).transpose();
        let found = found.map_err(|error| unreadable(&error))?.flatten();
        let found = found.filter(|entry| self.sees_all || self.is_own(entry));
        found.ok_or_else(|| Failure::not_found(text))
    }

    /// Whether the caller asked for it itself.
    pub fn is_own(&self, entry: &Entry) -> bool {
        let caller = entry.note.caller.as_ref();
        caller.is_some_and(|caller| caller.id == self.asker.caller.id)
    }

    /// The place before which a list goes on.
    ///
    /// # Errors
    ///
    /// The cursor is no receipt that the caller may know of.
    pub fn before(&self, cursor: Option<&str>) -> Result<u64, Failure> {
        let Some(text) = cursor else {
            return Ok(u64::MAX);
        };
        let expected = prose!("上一页的 cursor", "the cursor of a page before");
        let entry = self.entry(text);
        Ok(entry
            .map_err(|_| ::query::QueryError::bad("cursor", text, expected))?
            .sequence)
    }

    /// The cursor of a list that goes on before an entry.
    ///
    /// # Errors
    ///
    /// The entry cannot be read.
    pub fn cursor(&self, next: Option<u64>) -> Result<Option<String>, Failure> {
        let entry = next.map(|next| self.trail.entry(next)).transpose();
        let entry = entry.map_err(|error| unreadable(&error))?;
        Ok(entry.map(|entry| entry.receipt.to_string()))
    }
}

/// The trail cannot be read.
pub fn unreadable(error: &dyn std::error::Error) -> Failure {
    Failure::internal(&error.to_string())
}

/// A page's size, as it was asked for.
pub fn page_size(given: &mut Parameters) -> Result<usize, Failure> {
    let size = given.take_number("limit")?.unwrap_or(PAGE);
    if (1..=LARGEST_PAGE).contains(&size) {
        return Ok(size);
    }
    let expected = prose!("1 至 {LARGEST_PAGE}", "1 to {LARGEST_PAGE}");
    Err(::query::QueryError::bad("limit", size, expected).into())
}

/// Receipts, newest first.
pub async fn list(app: Visit, RawQuery(query): RawQuery) -> Result<Response, Failure> {
    let mut given = Parameters::parse(query.as_deref())?;
    let size = page_size(&mut given)?;
    let (cursor, caller) = (given.take("cursor"), given.take("caller"));
    given.finish([])?;
    let desk = Desk::of(&app)?;
    let caller = match caller {
        None if desk.sees_all => None,
        None => Some(desk.asker.caller.id.clone()),
        Some(other) if desk.sees_all || other == desk.asker.caller.id => Some(other),
        // Of others nothing is told, not even whether they are there.
        Some(_) => return Ok(answered(&json!({ "receipts": [], "cursor": null }))),
    };
    let before = desk.before(cursor.as_deref())?;
    let page = tokio::task::block_in_place(|| page(&desk, caller.as_deref(), before, size));
    let (entries, next) = page?;
    let all: Vec<Value> = entries.iter().map(|entry| summary(&desk, entry)).collect();
    Ok(answered(
        &json!({ "receipts": all, "cursor": desk.cursor(next)? }),
    ))
}

/// Answers, newest first; not their parts.
fn page(
    desk: &Desk,
    caller: Option<&str>,
    before: u64,
    size: usize,
) -> Result<(Vec<Entry>, Option<u64>), Failure> {
    const AT_ONCE: usize = 512;
    let trail = &desk.trail;
    let read = |sequence| trail.entry(sequence).map_err(|error| unreadable(&error));
    let mut before = before.min(trail.size());
    let (mut entries, mut looked_at) = (Vec::new(), 0);
    while before > 0 && looked_at < LOOKED_AT {
        let sequences = match caller {
            Some(caller) => trail
                .listed(Listed::Caller(caller), before, AT_ONCE)
                .map_err(|error| unreadable(&error))?,
            None => (before.saturating_sub(AT_ONCE as u64)..before)
                .rev()
                .collect(),
        };
        if sequences.is_empty() {
            return Ok((entries, None));
        }
        looked_at += sequences.len();
        for sequence in sequences {
            let entry = read(sequence)?;
            let is_wanted = caller.is_none_or(|caller| {
                let by = entry.note.caller.as_ref();
                by.is_some_and(|by| by.id == caller)
            });
            before = sequence;
            if is_wanted && matches!(entry.note.kind, Kind::Answer | Kind::Begun) {
                entries.push(entry);
                if entries.len() == size {
                    return Ok((entries, (before > 0).then_some(before)));
                }
            }
        }
    }
    Ok((entries, (before > 0).then_some(before)))
}

/// What a list tells of an answer.
pub fn summary(desk: &Desk, entry: &Entry) -> Value {
    let note = &entry.note;
    let mut out = json!({
        "receipt": entry.receipt,
        "instant": entry.instant,
        "method": note.asked.as_ref().map(|asked| &asked.method),
        "path": note.asked.as_ref().map(|asked| &asked.path),
        "status": note.status,
        "purpose": note.what_for.as_ref().and_then(|what| what.purpose.as_ref()),
        "case": note.what_for.as_ref().and_then(|what| what.case.as_ref()),
    });
    if desk.sees_all {
        out["caller"] = json!(note.caller);
    }
    out
}

/// One receipt.
pub async fn one(
    app: Visit,
    Path(receipt): Path<String>,
    RawQuery(query): RawQuery,
) -> Result<Response, Failure> {
    no_parameters(query.as_deref())?;
    let desk = Desk::of(&app)?;
    let entry = desk.entry(&receipt)?;
    let out = tokio::task::block_in_place(|| whole(&app, &desk, &entry))?;
    Ok(answered(&out))
}

/// All that is written of an answer.
fn whole(app: &Visit, desk: &Desk, entry: &Entry) -> Result<Value, Failure> {
    let records = ::audit::recalls::told(&desk.trail, entry).map_err(|error| unreadable(&error))?;
    let mut note = entry.note.clone();
    if let Some(end) = end(&desk.trail, entry)? {
        (note.digest, note.bytes, note.whole) = (end.note.digest, end.note.bytes, end.note.whole);
    }
    let number = |ids: &Vec<EntityId>| json!(ids.len());
    let numbers = records
        .iter()
        .map(|(name, ids)| (name.clone(), number(ids)));
    let numbers: Map<String, Value> = numbers.collect();
    note.records = records;
    note.records
        .values_mut()
        .for_each(|ids| ids.truncate(SHOWN));
    let mut out = Map::new();
    out.insert("receipt".to_owned(), json!(entry.receipt));
    out.insert("instant".to_owned(), json!(entry.instant));
    let times = note.times.take();
    if let Value::Object(members) = json!(note) {
        out.extend(members);
    }
    if let Some(times) = times {
        let known = app.whole.instant_of(record::Transaction(times.transaction));
        let text = |instant| ::query::times::instant_text(instant);
        out.insert(
            "times".to_owned(),
            json!({
                "transaction": times.transaction,
                "knownAt": known.and_then(text),
                "validAt": ::query::times::day_of(times.instant).to_string(),
                "instant": text(times.instant),
            }),
        );
    }
    out.insert("recordNumbers".to_owned(), Value::Object(numbers));
    if desk.sees_all {
        out.insert("sequence".to_owned(), json!(entry.sequence));
    }
    let here = format!("/receipts/{}", entry.receipt);
    let links = [("replay", "replay"), ("diff", "diff"), ("proof", "proof")];
    let link = |(rel, last): (&str, &str)| json!({ "rel": rel, "href": format!("{here}/{last}") });
    let wanted = links
        .into_iter()
        .filter(|(rel, _)| (*rel == "proof") == desk.sees_all);
    out.insert("links".to_owned(), wanted.map(link).collect());
    Ok(Value::Object(out))
}

/// How an answer ended that was written while it was sent; nothing where the process ended first.
fn end(trail: &Trail, entry: &Entry) -> Result<Option<Entry>, Failure> {
    if entry.note.kind != Kind::Begun {
        return Ok(None);
    }
    // The end is the newest of what goes on from it.
    let listed = trail.listed(Listed::Of(entry.sequence), u64::MAX, 1);
    let last = listed.map_err(|error| unreadable(&error))?.first().copied();
    let last = last.map(|last| trail.entry(last)).transpose();
    let last = last.map_err(|error| unreadable(&error))?;
    Ok(last.filter(|last| last.note.kind == Kind::Ended))
}

/// The same answer again, to who got it.
pub async fn replay(
    app: Visit,
    Path(receipt): Path<String>,
    RawQuery(query): RawQuery,
) -> Result<Response, Failure> {
    no_parameters(query.as_deref())?;
    let desk = Desk::of(&app)?;
    let entry = own(&desk, &receipt)?;
    let moment = replay::moment(&entry)?;
    let caller = desk.asker.caller.clone();
    let Again { response, asker } = replay::ask(app.shared(), caller, &entry, Some(moment)).await?;
    let recorded = match end(&desk.trail, &entry)? {
        Some(end) => end.note.digest,
        None => entry.note.digest,
    };
    let (mut parts, body) = response.into_parts();
    let headers = &mut parts.headers;
    if let Some(digest) = recorded.and_then(|digest| digest.to_string().parse().ok()) {
        headers.insert(DIGEST, digest);
    }
    let guard = app.guard.as_ref();
    let policy = guard.and_then(|guard| guard.receipts.policy(&app, guard));
    let is_same = policy == entry.note.policy.as_deref();
    let said = if is_same { "same" } else { "changed" };
    headers.insert(POLICY, HeaderValue::from_static(said));
    if axum::body::HttpBody::size_hint(&body).exact().is_none() {
        // Who reads it all can compare the digests.
        headers.insert(REPLAY, HeaderValue::from_static("unchecked"));
        let body = noting(body, asker, desk.asker.clone());
        return Ok(Response::from_parts(parts, body));
    }
    let bytes = axum::body::to_bytes(body, usize::MAX).await;
    let bytes = bytes.map_err(|error| unreadable(&error))?;
    note_in(asker.as_deref(), &desk.asker);
    let is_same =
        recorded == Some(Hash::of(&bytes)) && Some(parts.status.as_u16()) == entry.note.status;
    let said = if is_same { "same" } else { "different" };
    parts.headers.insert(REPLAY, HeaderValue::from_static(said));
    Ok(Response::from_parts(parts, bytes.into()))
}

/// The entry of a receipt that the caller got itself.
fn own(desk: &Desk, receipt: &str) -> Result<Entry, Failure> {
    let entry = desk.entry(receipt)?;
    if desk.is_own(&entry) {
        return Ok(entry);
    }
    let expected = prose!("只有原调用方可以重放", "only who asked gets it again");
    Err(Failure::of(Problem::new(
        "not-own-receipt",
        "",
        receipt,
        expected,
    )))
}

/// What an inner request has read, noted in the outer one.
fn note_in(inner: Option<&Asker>, outer: &Asker) {
    let Some(inner) = inner else { return };
    let touches = inner.touched.take();
    for (collection, ids) in touches.records {
        outer.touched.records(&collection, ids.into_iter());
    }
    for (collection, number) in touches.counted {
        outer.touched.counted(&collection, number);
    }
}

/// A body, of whose parts is noted in the outer request what the inner one has read for them.
fn noting(
    body: axum::body::Body,
    inner: Option<Arc<Asker>>,
    outer: Arc<Asker>,
) -> axum::body::Body {
    use futures_util::StreamExt;
    let chunks = body
        .into_data_stream()
        .inspect(move |_| note_in(inner.as_deref(), &outer));
    axum::body::Body::from_stream(chunks)
}

/// What has changed since an answer, in the records that it told of, and in which those are.
pub async fn diff(
    app: Visit,
    Path(receipt): Path<String>,
    RawQuery(query): RawQuery,
) -> Result<Response, Failure> {
    no_parameters(query.as_deref())?;
    let desk = Desk::of(&app)?;
    let entry = own(&desk, &receipt)?;
    let moment = replay::moment(&entry)?;
    let caller = &desk.asker.caller;
    let then = replay::ask(app.shared(), caller.clone(), &entry, Some(moment)).await?;
    let (then, _) = drained(then).await?;
    let now = replay::ask(app.shared(), caller.clone(), &entry, None).await?;
    let (now, asker) = drained(now).await?;
    let Some(asker) = asker else {
        let why = prose!(
            "现在已无权提出此请求",
            "the request may not be made any more"
        );
        return Err(Failure::of(Problem::new(
            "not-replayable",
            "",
            receipt,
            why,
        )));
    };
    let changed = tokio::task::block_in_place(|| changed(&asker, &entry, &then.ids, &now.ids))?;
    for (collection, ids) in &now.ids {
        desk.asker.touched.records(collection, ids.iter().copied());
    }
    let only = |one: &Ids, other: &Ids| -> Value {
        let missing = |(name, ids): (&String, &Vec<EntityId>)| {
            let known = other.get(name).map(Vec::as_slice).unwrap_or_default();
            let missing = ids.iter().filter(|id| known.binary_search(id).is_err());
            (name.clone(), json!(missing.collect::<Vec<_>>()))
        };
        one.iter()
            .map(missing)
            .filter(|(_, ids)| *ids != json!([]))
            .collect::<Map<_, _>>()
            .into()
    };
    Ok(answered(&json!({
        "receipt": entry.receipt,
        "same": then.digest == now.digest || (changed.is_empty() && then.ids == now.ids),
        "then": { "digest": then.digest, "status": then.status, "instant": entry.instant },
        "now": { "digest": now.digest, "status": now.status },
        "changed": changed,
        "appeared": only(&now.ids, &then.ids),
        "disappeared": only(&then.ids, &now.ids),
    })))
}

type Ids = BTreeMap<String, Vec<EntityId>>;

/// What came of a request that was asked again.
struct Drained {
    digest: Hash,
    status: u16,
    ids: Ids,
}

async fn drained(again: Again) -> Result<(Drained, Option<Arc<Asker>>), Failure> {
    use futures_util::StreamExt;
    let status = again.response.status().as_u16();
    let mut hasher = ::audit::Hasher::default();
    let mut chunks = again.response.into_body().into_data_stream();
    while let Some(chunk) = chunks.next().await {
        hasher.update(&chunk.map_err(|error| unreadable(&error))?);
    }
    let touches = again.asker.as_ref().map(|asker| asker.touched.take());
    let drained = Drained {
        digest: hasher.finish(),
        status,
        ids: touches.unwrap_or_default().records,
    };
    Ok((drained, again.asker))
}

/// The records of both answers in which something is different now.
fn changed(asker: &Asker, entry: &Entry, then: &Ids, now: &Ids) -> Result<Vec<Value>, Failure> {
    let Some(moment) = ::audit::recalls::moment(entry) else {
        return Ok(Vec::new());
    };
    let view = asker.seen.view();
    let is_today = entry
        .note
        .times
        .as_ref()
        .is_some_and(|times| ::query::times::day_of(times.instant) == moment.valid);
    let present = AsOf {
        valid: if is_today {
            ::query::times::today()
        } else {
            moment.valid
        },
        known: view.transaction(),
    };
    let mut all = Vec::new();
    let both = then
        .iter()
        .flat_map(|(name, ids)| ids.iter().map(move |id| (name, *id)));
    let is_still = |name: &String, id: &EntityId| {
        now.get(name)
            .is_some_and(|ids| ids.binary_search(id).is_ok())
    };
    for (name, id) in both.filter(|(name, id)| is_still(name, id)).take(COMPARED) {
        let fields = ::audit::recalls::different(view.as_ref(), name, id, moment, present);
        let fields = fields.map_err(|error| unreadable(&error))?;
        if !fields.is_empty() {
            all.push(json!({ "collection": name, "id": id, "fields": pairs(fields) }));
        }
    }
    Ok(all)
}

/// What was answered and what is known, by field.
pub fn pairs(fields: BTreeMap<String, (Value, Value)>) -> Value {
    let pair = |(name, (then, now))| (name, json!({ "then": then, "now": now }));
    fields.into_iter().map(pair).collect::<Map<_, _>>().into()
}
