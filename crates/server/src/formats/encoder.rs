//! Records into bytes: what stands before them, each batch of them, what stands after. A page is one
//! batch; a whole collection is many.

use geometry::Crs;
use query::{Explanation, Plan, QueryError, Records};
use register::Store;
use serde_json::{Value, json};

use super::csv::Sheet;
use super::{Charset, Format, feature, flatgeobuf, plain};
use crate::crs;

/// In which form records are answered.
#[derive(Clone, Copy, Debug)]
pub struct Form {
    /// The format; one of records.
    pub format: Format,
    /// The system of coordinates.
    pub crs: Crs,
    /// The letters of a table.
    pub charset: Charset,
}

impl Form {
    /// The media type of the answer.
    pub fn media_type(&self) -> &'static str {
        match self.format {
            Format::Csv => self.charset.media_type(),
            other => other.media_type(),
        }
    }
}

/// What stands after the records.
#[derive(Debug, Default)]
pub struct Ending<'a> {
    /// Where the next page begins, if there is one.
    pub cursor: Option<&'a str>,
    /// Links, a JSON list.
    pub links: &'a str,
    /// How it was answered, where that was asked.
    pub explanation: Option<&'a Explanation>,
}

/// Writes one answer.
pub struct Encoder<'a> {
    store: &'a dyn Store,
    plan: &'a Plan,
    form: Form,
    matched: u64,
    written: u64,
    kind: Kind,
}

enum Kind {
    Features,
    Lines,
    Plain,
    Table(Sheet),
    Binary(Box<flatgeobuf::Writer>),
}

impl<'a> Encoder<'a> {
    /// An answer to a plan. So many records match; of these, `count` will be written.
    pub fn new(store: &'a dyn Store, plan: &'a Plan, form: Form, matched: u64) -> Encoder<'a> {
        let (collection, select) = (&plan.collection, &plan.select);
        let kind = match form.format {
            Format::Json => Kind::Plain,
            Format::Ndjson => Kind::Lines,
            Format::Csv => Kind::Table(Sheet::new(collection, select, form.crs)),
            Format::FlatGeobuf => Kind::Binary(Box::new(flatgeobuf::Writer::new(
                collection, select, form.crs,
            ))),
            _ => Kind::Features,
        };
        Encoder {
            store,
            plan,
            form,
            matched,
            written: 0,
            kind,
        }
    }

    /// What stands before the records, of which there will be `count`.
    pub fn begin(&mut self, count: u64) -> Vec<u8> {
        let charset = self.form.charset;
        match &mut self.kind {
            Kind::Features => b"{\"type\":\"FeatureCollection\",\"features\":[".to_vec(),
            Kind::Lines => Vec::new(),
            Kind::Plain => b"{\"items\":[".to_vec(),
            Kind::Table(sheet) => charset.bytes(format!("{}{}", charset.mark(), sheet.header())),
            Kind::Binary(writer) => writer.header(&self.plan.collection, count),
        }
    }

    /// A batch of records.
    ///
    /// # Errors
    ///
    /// A place out of reach of the system asked for.
    pub fn batch(&mut self, mut records: Records) -> Result<Vec<u8>, QueryError> {
        let before = self.written;
        self.written += records.records.len() as u64;
        let crs = self.form.crs;
        match &mut self.kind {
            Kind::Binary(writer) => {
                let mut out = Vec::new();
                for found in &records.records {
                    writer.feature(&mut out, found)?;
                }
                return Ok(out);
            }
            Kind::Table(sheet) => return Ok(self.form.charset.bytes(sheet.rows(&records)?)),
            _ => {}
        }
        for found in &mut records.records {
            crs::place(&mut found.record, crs)?;
        }
        let has_place = self.plan.collection.location.is_some();
        let mut writer = feature::Writer::new(self.store, 640 * records.records.len());
        for (place, found) in (before..).zip(&records.records) {
            match &self.kind {
                Kind::Lines => {
                    writer.found(found);
                    writer.out.push('\n');
                    continue;
                }
                _ if place > 0 => writer.out.push(','),
                _ => {}
            }
            match &self.kind {
                Kind::Plain => plain::write(&mut writer.out, found, has_place)?,
                _ => writer.found(found),
            }
        }
        Ok(writer.out.into_bytes())
    }

    /// What stands after the records.
    pub fn end(&self, ending: &Ending<'_>) -> Vec<u8> {
        if !matches!(self.kind, Kind::Features | Kind::Plain) {
            return Vec::new();
        }
        let mut out = format!(
            "],\"numberMatched\":{},\"numberReturned\":{}",
            self.matched, self.written
        );
        let mut put = |name: &str, value: Value| out.push_str(&format!(",\"{name}\":{value}"));
        for (name, value) in feature::stamps(self.store, &self.plan.times) {
            put(name, value);
        }
        if let Some(cursor) = ending.cursor {
            put("cursor", json!(cursor));
        }
        if let Some(explanation) = ending.explanation {
            put("explanation", json!(explanation));
        }
        out.push_str(",\"links\":");
        out.push_str(match ending.links {
            "" => "[]",
            links => links,
        });
        out.push('}');
        out.into_bytes()
    }
}

/// A page in one piece.
///
/// # Errors
///
/// As [`Encoder::batch`].
pub fn page(
    store: &dyn Store,
    plan: &Plan,
    mut records: Records,
    form: Form,
    links: &str,
) -> Result<Vec<u8>, QueryError> {
    let mut encoder = Encoder::new(store, plan, form, records.matched);
    let mut out = encoder.begin(records.records.len() as u64);
    let (cursor, explanation) = (records.cursor.take(), records.explanation.take());
    out.extend(encoder.batch(records)?);
    out.extend(encoder.end(&Ending {
        cursor: cursor.as_deref(),
        links,
        explanation: explanation.as_ref(),
    }));
    Ok(out)
}
