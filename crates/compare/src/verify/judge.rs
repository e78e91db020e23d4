//! Whether a record says what is claimed, and if in another form, in which.
//!
//! | variant | the claim and the record |
//! |---|---|
//! | `width`, `case`, `punctuation`, `traditional`, `rare-character` | are spellings of one text ([`text::variant`]) |
//! | `fifteen-digit-number` | are a number of fifteen digits and its present form |
//! | `former-name` | the claim is a value that the record has had |
//! | `precision` | one tells less than the other: a year and a day, a district and a street |
//! | `address-form` | name the same numbers on the same road: 3幢 and 3号楼 |

use query::body::Body;
use query::{Context, QueryError, Times};
use record::{Decimal, EntityId, PartialDate, Reference, Value};
use schema::{Collection, Field, FieldType};
use serde_json::{Value as Json, json};
use text::address::Address;
use text::name::Form;
use text::variant;

use super::claim::Claimed;
use super::stored;
use crate::forms;

/// One of the values that a record has had.
const FORMER: &str = "former-name";
const PRECISION: &str = "precision";
const ADDRESS_FORM: &str = "address-form";

/// How a claim and a record agree.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Agreement {
    /// The record says just that.
    Match,
    /// It says that in another form.
    Variant(Vec<&'static str>),
    /// It says nothing there.
    Unknown,
    /// The value is in doubt.
    Disputed,
    /// It says something else.
    Mismatch,
}

impl Agreement {
    /// The word.
    pub fn name(&self) -> &'static str {
        match self {
            Agreement::Match => "match",
            Agreement::Variant(_) => "match-under-variant",
            Agreement::Unknown => "unknown",
            Agreement::Disputed => "disputed",
            Agreement::Mismatch => "mismatch",
        }
    }

    /// How bad it is, beside others of the same claim.
    pub(super) fn rank(&self) -> u8 {
        match self {
            Agreement::Match => 0,
            Agreement::Variant(_) => 1,
            Agreement::Unknown => 2,
            Agreement::Disputed => 3,
            Agreement::Mismatch => 4,
        }
    }

    /// As it is answered.
    pub fn to_json(&self) -> Json {
        match self {
            Agreement::Variant(variants) => {
                json!({ "outcome": self.name(), "variants": variants })
            }
            _ => json!({ "outcome": self.name() }),
        }
    }

    /// The better of two.
    fn or(self, other: Agreement) -> Agreement {
        let rank = |one: &Agreement| match one {
            Agreement::Variant(variants) => (one.rank(), variants.len()),
            _ => (one.rank(), 0),
        };
        if rank(&other) < rank(&self) {
            other
        } else {
            self
        }
    }
}

/// One record, and what claims on it are judged in.
pub(super) struct Judge<'a> {
    pub context: &'a Context<'a>,
    pub collection: &'a Collection,
    pub times: Times,
    pub may: super::May<'a>,
    pub id: EntityId,
    pub body: Body,
}

impl Judge<'_> {
    /// Whether a field's value is in doubt.
    pub fn is_disputed(&self, field: &str) -> bool {
        let mut disputes = self.body.disputes.0.iter();
        let Some((_, dispute)) = disputes.find(|(name, _)| name == field) else {
            return false;
        };
        let state = stored(dispute.get()).unwrap_or_default();
        let state = state["state"].as_str().unwrap_or_default();
        record::DisputeState::from_name(state).is_none_or(record::DisputeState::is_open)
    }

    /// Judges a claim.
    pub fn judge(&self, field: &Field, claimed: &Claimed) -> Result<Agreement, QueryError> {
        if self.is_disputed(&field.name) {
            return Ok(Agreement::Disputed);
        }
        let values = match self.body.get(&field.name) {
            Some(raw) => listed(stored(raw.get())?),
            None => Vec::new(),
        };
        let claims = match claimed {
            Claimed::Nothing if values.is_empty() => return Ok(Agreement::Match),
            Claimed::Nothing => return Ok(Agreement::Mismatch),
            Claimed::Values(claims) => claims,
        };
        let mut worst = Agreement::Match;
        for claim in claims {
            let one = self.one(field, claim, &values)?;
            if one.rank() >= worst.rank() {
                worst = one;
            }
        }
        Ok(worst)
    }

    /// One claimed value against all that the record has there.
    fn one(&self, field: &Field, claim: &Value, values: &[Json]) -> Result<Agreement, QueryError> {
        let mut best = if values.is_empty() {
            Agreement::Unknown
        } else {
            Agreement::Mismatch
        };
        for value in values {
            best = best.or(self.compared(field, claim, value)?);
        }
        if best.rank() < Agreement::Unknown.rank() {
            return Ok(best);
        }
        if let Some(former) = self.former(field, claim)? {
            return Ok(former);
        }
        if self.others_say(field, claim)? {
            return Ok(Agreement::Disputed);
        }
        Ok(best)
    }

    fn compared(
        &self,
        field: &Field,
        claim: &Value,
        value: &Json,
    ) -> Result<Agreement, QueryError> {
        let said = match value {
            Json::String(text) => text.clone(),
            other => other.to_string(),
        };
        let is = |same: bool| {
            if same {
                Agreement::Match
            } else {
                Agreement::Mismatch
            }
        };
        Ok(match claim {
            Value::Text(text) => match &field.kind {
                FieldType::Division => divisions(text, &said),
                FieldType::Text => texts(field, text, &said),
                _ => is(**text == *said),
            },
            Value::Date(date) => said
                .parse()
                .map_or(Agreement::Mismatch, |said| dates(*date, said)),
            Value::Integer(number) => is(said.parse() == Ok(*number)),
            Value::Decimal(number) => {
                let said: Result<Decimal, _> = said.parse();
                is(said.is_ok_and(|said| said == *number))
            }
            Value::Boolean(yes) => is(*value == Json::Bool(*yes)),
            Value::Reference(reference) => {
                let named = self.named(field, reference)?;
                is(named.is_some() && named == said.parse().ok())
            }
            _ => Agreement::Mismatch,
        })
    }

    /// The entity that a claimed reference names; `None` where there is none to be known of.
    fn named(&self, field: &Field, claimed: &Reference) -> Result<Option<EntityId>, QueryError> {
        let catalog = self.context.store.catalog();
        let Some(target) = field.target().and_then(|name| catalog.collection(name)) else {
            return Ok(None);
        };
        if let Some(id) = claimed.target.filter(|id| id.register() == target.register) {
            return Ok(Some(id));
        }
        let key = target.single_key();
        if !key.is_some_and(|key| (self.may)(&target.name, &key.name)) {
            return Ok(None);
        }
        let keys = [Json::String(claimed.key.to_string())];
        let found = query::lookup::lookup(self.context, target, &keys, self.times)?;
        Ok(found.into_iter().flatten().next().map(|record| record.id))
    }

    /// Whether the claim is a value that the record has had: one that it lists as former, or one that
    /// held before. Only where the caller may verify the list of former values.
    fn former(&self, field: &Field, claim: &Value) -> Result<Option<Agreement>, QueryError> {
        let is_former = |one: &&Field| {
            one.former_of.as_ref() == Some(&field.name)
                && (self.may)(&self.collection.name, &one.name)
        };
        let (Value::Text(claim), Some(former)) =
            (claim, self.collection.fields.iter().find(is_former))
        else {
            return Ok(None);
        };
        let mut values = match self.body.get(&former.name) {
            Some(raw) => query::body::texts(raw),
            None => Vec::new(),
        };
        let versions = self.context.view.versions(&self.collection.name, self.id);
        for version in versions.map_err(|error| self.context.error(error))? {
            let (from, to) = version.known;
            let is_believed = from <= self.times.known && self.times.known < to;
            if is_believed && version.validity.to <= self.times.valid.from {
                let body = Body::parse(&version.body)?;
                values.extend(
                    body.get(&field.name)
                        .map(query::body::texts)
                        .unwrap_or_default(),
                );
            }
        }
        let mut fewest: Option<Vec<&'static str>> = None;
        for value in &values {
            let Some(variants) = variant::between(claim, value) else {
                continue;
            };
            let named = std::iter::once(FORMER).chain(variants.into_iter().map(|one| one.name()));
            let named: Vec<&'static str> = named.collect();
            if fewest
                .as_ref()
                .is_none_or(|other| named.len() < other.len())
            {
                fewest = Some(named);
            }
        }
        Ok(fewest.map(Agreement::Variant))
    }

    /// Whether a department whose value did not prevail says what is claimed.
    fn others_say(&self, field: &Field, claim: &Value) -> Result<bool, QueryError> {
        let mut conflicts = self.body.conflicts.0.iter();
        let Some((_, said)) = conflicts.find(|(name, _)| *name == *field.name) else {
            return Ok(false);
        };
        for one in listed(stored(said.get())?) {
            let value = match (&one["value"]["key"], claim) {
                // References stand there by their targets' keys.
                (Json::String(key), Value::Reference(claimed)) => {
                    let other = Reference {
                        key: key.as_str().into(),
                        target: None,
                    };
                    let other = self.named(field, &other)?;
                    if other.is_some() && other == self.named(field, claimed)? {
                        return Ok(true);
                    }
                    continue;
                }
                _ => one["value"].clone(),
            };
            for value in listed(value) {
                if self.compared(field, claim, &value)?.rank() < Agreement::Unknown.rank() {
                    return Ok(true);
                }
            }
        }
        Ok(false)
    }
}

/// The items of a list, or the one value; nothing for null.
fn listed(value: Json) -> Vec<Json> {
    match value {
        Json::Null => Vec::new(),
        Json::Array(items) => items,
        one => vec![one],
    }
}

/// A claimed text and the record's.
fn texts(field: &Field, claim: &str, said: &str) -> Agreement {
    match variant::between(claim, said) {
        Some(variants) if variants.is_empty() => return Agreement::Match,
        Some(variants) => {
            let names = variants.into_iter().map(|one| one.name());
            return Agreement::Variant(names.collect());
        }
        None => {}
    }
    if field.rule.is_some()
        && let Some((kept, differs)) = forms::canonical(field, claim)
        && kept == said
    {
        return Agreement::Variant(vec![differs]);
    }
    if field.name_of == Some(Form::Address) && is_same_address(claim, said) {
        return Agreement::Variant(vec![ADDRESS_FORM]);
    }
    Agreement::Mismatch
}

/// Whether two addresses name the same numbers after the same text.
fn is_same_address(one: &str, other: &str) -> bool {
    let (one, other) = (Address::read(one), Address::read(other));
    !one.parts.is_empty()
        && one.text == other.text
        && one.rest == other.rest
        && one.parts.len() == other.parts.len()
        && one
            .parts
            .iter()
            .zip(&other.parts)
            .all(|(one, other)| one.is(other))
}

/// A claimed date and the record's: the coarser may hold the finer.
fn dates(claim: PartialDate, said: PartialDate) -> Agreement {
    if claim == said {
        return Agreement::Match;
    }
    let holds = |outer: PartialDate, inner: PartialDate| {
        outer.first_day() <= inner.first_day() && inner.end_day() <= outer.end_day()
    };
    if holds(claim, said) || holds(said, claim) {
        Agreement::Variant(vec![PRECISION])
    } else {
        Agreement::Mismatch
    }
}

/// A claimed division and the record's, each of twelve digits: one may lie in the other.
fn divisions(claim: &str, said: &str) -> Agreement {
    if claim == said {
        return Agreement::Match;
    }
    let (claim, said) = (significant(claim), significant(said));
    if claim.starts_with(said) || said.starts_with(claim) {
        Agreement::Variant(vec![PRECISION])
    } else {
        Agreement::Mismatch
    }
}

/// The digits of a code as far as its level goes.
fn significant(code: &str) -> &str {
    const LEVELS: [usize; 5] = [2, 4, 6, 9, 12];
    let is_padding = |length: usize| {
        code.get(length..)
            .is_some_and(|rest| rest.bytes().all(|byte| byte == b'0'))
    };
    let length = LEVELS.into_iter().find(|length| is_padding(*length));
    length.and_then(|length| code.get(..length)).unwrap_or(code)
}
