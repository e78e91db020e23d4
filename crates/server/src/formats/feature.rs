//! Records as GeoJSON features (RFC 7946). Bodies are spliced as text.

use query::times::{Times, instant_text};
use query::{FoundRecord, Records};
use record::{Day, Transaction};
use register::{Record, Store};
use serde_json::Value;

/// Writes features into one text.
pub struct Writer<'a> {
    /// What is written so far.
    pub out: String,
    store: &'a dyn Store,
    // Neighbouring records mostly became known together.
    last: Option<(Transaction, String)>,
}

impl<'a> Writer<'a> {
    /// An empty text.
    pub fn new(store: &'a dyn Store, capacity: usize) -> Writer<'a> {
        Writer {
            out: String::with_capacity(capacity),
            store,
            last: None,
        }
    }

    /// A record as a feature; `extra` holds further members, each with a comma before it.
    pub fn feature(&mut self, record: &Record, extra: &str) {
        self.out.push_str("{\"type\":\"Feature\",\"id\":\"");
        self.out
            .push_str(std::str::from_utf8(&record.id.ascii()).unwrap_or_default());
        self.out.push_str("\",");
        let body = record.body.as_str();
        let members = body
            .strip_prefix('{')
            .and_then(|rest| rest.strip_suffix('}'));
        self.out.push_str(
            members
                .filter(|members| !members.is_empty())
                .unwrap_or("\"properties\":null"),
        );
        self.day("validFrom", record.validity.from);
        self.day("validTo", record.validity.to);
        self.instant("knownFrom", record.known.0);
        self.instant("knownTo", record.known.1);
        self.out.push_str(extra);
        self.out.push('}');
    }

    /// A record of a page, with its distance or score.
    pub fn found(&mut self, found: &FoundRecord) {
        let mut extra = String::new();
        if let Some(distance) = found.distance {
            extra = format!(",\"distance\":{:.2}", distance);
        }
        if let Some(score) = found.score {
            extra.push_str(&format!(",\"score\":{:.4}", score));
        }
        self.feature(&found.record, &extra);
    }

    fn name(&mut self, name: &str) {
        self.out.push_str(",\"");
        self.out.push_str(name);
        self.out.push_str("\":");
    }

    fn day(&mut self, name: &str, day: Day) {
        self.name(name);
        if day.calendar().is_none() {
            self.out.push_str("null");
        } else {
            self.out.push_str(&format!("\"{day}\""));
        }
    }

    fn instant(&mut self, name: &str, transaction: Transaction) {
        self.name(name);
        if transaction == Transaction::MAX {
            self.out.push_str("null");
            return;
        }
        if self
            .last
            .as_ref()
            .is_none_or(|(last, _)| *last != transaction)
        {
            let text = self.store.instant_of(transaction).and_then(instant_text);
            let text = text.map_or("null".to_string(), |text| format!("\"{text}\""));
            self.last = Some((transaction, text));
        }
        if let Some((_, text)) = &self.last {
            self.out.push_str(text);
        }
    }
}

/// The members that say of when an answer is: `timeStamp`, when it was written; `knownAt`, as known at
/// which instant (null before anything was); `validAt`, true on which day or days.
pub fn stamps(store: &dyn Store, times: &Times) -> [(&'static str, Value); 3] {
    let known = store.instant_of(times.known).and_then(instant_text);
    [
        ("timeStamp", Value::from(query::times::now_text(store))),
        ("knownAt", Value::from(known)),
        ("validAt", Value::from(times.valid_text())),
    ]
}

/// A page as features, one a line.
pub fn lines(store: &dyn Store, page: &Records) -> String {
    let mut writer = Writer::new(store, 640 * page.records.len());
    for found in &page.records {
        writer.found(found);
        writer.out.push('\n');
    }
    writer.out
}
