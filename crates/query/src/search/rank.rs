//! How well a record is what was sought, so that records of all collections are in one order.

use schema::{Collection, Field, FieldType, Sensitivity};
use text::matching::{Kind, Match, Wanted};
use text::name::{self, Form};

use super::retrieve::{Ask, Candidate, is_name};
use super::{Highlight, Hit, title};
use crate::QueryError;
use crate::body::{Body, texts};

/// What a match counts in a field that is not what the record is called by.
const FURTHER_NAME: f64 = 0.93;
const FURTHER_ADDRESS: f64 = 0.62;
const FURTHER_TEXT: f64 = 0.42;
/// What it counts where the query names a division, and something in it.
const INSIDE: f64 = 0.9;
/// What words of several fields count together.
const APART: f64 = 0.85;
/// What the engine found and nothing here explains.
const UNEXPLAINED: f64 = 0.02;

/// How much a query may be about a collection: as its words say, or the form of the query.
pub(super) fn about(collection: &Collection, wanted: &Wanted) -> f64 {
    let text = wanted.text();
    let ends = |word: &String| text.ends_with(word.as_str());
    let holds = |word: &String| word.chars().count() > 1 && text.contains(word.as_str());
    let named = |form: Form| {
        collection
            .fields
            .iter()
            .any(|field| field.name_of == Some(form))
    };
    if named(Form::Person) {
        return if !wanted.patterns().is_empty() || name::may_be_person(text) {
            1.0
        } else {
            0.94
        };
    }
    if collection.words.iter().any(ends) {
        return 1.0;
    }
    // Numbers of rooms are of addresses.
    let title = collection.at(collection.title);
    if title.name_of == Some(Form::Address) && wanted.address().parts.len() > 1 {
        return 1.0;
    }
    if collection.words.iter().any(holds) {
        return 0.99;
    }
    0.96
}

/// A candidate as a hit of the list.
pub(super) fn hit(
    collection: &Collection,
    ask: &Ask<'_>,
    candidate: Candidate,
    about: f64,
) -> Result<Hit, QueryError> {
    let body = Body::parse(&candidate.record.body)?;
    let mut best = compare(collection, &body, ask.wanted);
    if let Some(inside) = ask.inside.as_ref().filter(|_| candidate.in_division)
        && let Some(found) = compare(collection, &body, &inside.rest)
    {
        best = better(best, Some(found.times(INSIDE)));
    }
    if best.is_none() && ask.wanted.words().len() > 1 {
        best = by_words(collection, &body, ask.wanted);
    }
    let title = title(collection, &body);
    let (score, kind, highlights) = match best {
        Some(best) => (best.score * about, best.kind.name(), best.highlights),
        None => (UNEXPLAINED * about, "words", Vec::new()),
    };
    Ok(Hit {
        collection: collection.name.clone(),
        title,
        score,
        kind,
        highlights,
        record: candidate.record,
    })
}

/// How well, how, and where.
struct Compared {
    score: f64,
    kind: Kind,
    highlights: Vec<Highlight>,
}

impl Compared {
    fn times(self, weight: f64) -> Compared {
        let score = self.score * weight;
        Compared { score, ..self }
    }
}

fn better(one: Option<Compared>, other: Option<Compared>) -> Option<Compared> {
    match (one, other) {
        (Some(one), Some(other)) if other.score <= one.score => Some(one),
        (one, None) => one,
        (_, other) => other,
    }
}

/// The best of a record's fields.
fn compare(collection: &Collection, body: &Body, wanted: &Wanted) -> Option<Compared> {
    let mut best = None;
    for field in &collection.fields {
        // What identifies a person is not compared, whoever found the record.
        let is_code = field.name_of.is_none() && !field.search.text;
        let is_open = !is_code || field.sensitivity <= Sensitivity::Internal;
        if !(field.search.text || field.search.exact) || !is_open {
            continue;
        }
        let Some(value) = body.get(&field.name) else {
            continue;
        };
        for text in texts(value) {
            let Some((found, weight)) = one(collection, field, wanted, &text) else {
                continue;
            };
            let compared = Compared {
                score: found.score * weight,
                kind: found.kind,
                highlights: vec![Highlight {
                    field: field.name.to_string(),
                    text,
                    marks: found.marks,
                }],
            };
            best = better(best, Some(compared));
        }
    }
    best
}

/// How well one value of a field is it, and what that counts.
fn one(
    collection: &Collection,
    field: &Field,
    wanted: &Wanted,
    text: &str,
) -> Option<(Match, f64)> {
    let is_title = field.number == collection.title;
    let further = |weight: f64| if is_title { 1.0 } else { weight };
    match field.name_of {
        Some(Form::Address) => Some((wanted.in_address(text)?, further(FURTHER_ADDRESS))),
        Some(form) => Some((wanted.in_name(form, text)?, further(FURTHER_NAME))),
        None if field.search.text => Some((wanted.in_text(text)?, further(FURTHER_TEXT))),
        // A code is the very one, or none.
        None if matches!(field.kind, FieldType::Text | FieldType::Division) => {
            let own = wanted.in_text(text)?;
            let code = match field.kind {
                FieldType::Division => collection.key.contains(&field.number).then(|| {
                    let whole: String = wanted.characters().iter().collect();
                    format!("{whole:0<12}") == text
                })?,
                _ => own.kind == Kind::Exact,
            };
            let found = Match {
                score: 1.0,
                kind: Kind::Exact,
                ..own
            };
            code.then_some((found, 1.0))
        }
        None => None,
    }
}

/// Each word in some field.
fn by_words(collection: &Collection, body: &Body, wanted: &Wanted) -> Option<Compared> {
    let mut highlights: Vec<Highlight> = Vec::new();
    let mut total = 0.0;
    for word in wanted.words() {
        let word: String = word.iter().collect();
        let found = compare(collection, body, &Wanted::new(&word))?;
        total += found.score;
        for highlight in found.highlights {
            let known = highlights
                .iter_mut()
                .find(|known| (&known.field, &known.text) == (&highlight.field, &highlight.text));
            match known {
                Some(known) => {
                    known.marks.extend(highlight.marks);
                    known.marks.sort_by_key(|mark| mark.start);
                }
                None => highlights.push(highlight),
            }
        }
    }
    Some(Compared {
        score: APART * total / wanted.words().len() as f64,
        kind: Kind::Words,
        highlights,
    })
}

/// Whether a collection has names that are suggested.
pub(super) fn has_names(collection: &Collection) -> bool {
    collection.fields.iter().any(is_name)
}
