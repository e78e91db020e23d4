//! Records as CSV for spreadsheets: one column a field, and no cell that a spreadsheet would run as a
//! formula.

use geometry::{AxisOrder, Crs};
use query::body::Body;
use query::{QueryError, Records};
use record::CompactString;
use schema::{Collection, FieldType};
use serde_json::Value;

use super::wkt;
use crate::crs;

/// A table of some fields of a collection, or all. The geometry of points is in the columns `lon` and
/// `lat` (`easting` and `northing` in metres), of others in `geometry` as well-known text, always x before
/// y.
pub struct Sheet {
    names: Vec<CompactString>,
    /// Whether the collection's places are points; nothing where it has none.
    is_point: Option<bool>,
    crs: Crs,
}

impl Sheet {
    /// A table.
    pub fn new(collection: &Collection, select: &[CompactString], crs: Crs) -> Sheet {
        let names = if select.is_empty() {
            let fields = collection
                .fields
                .iter()
                .filter(|field| collection.location != Some(field.number));
            fields.map(|field| field.name.clone()).collect()
        } else {
            select.to_vec()
        };
        let location = collection
            .location
            .map(|number| &collection.at(number).kind);
        Sheet {
            names,
            is_point: location.map(|kind| matches!(kind, FieldType::Point)),
            crs,
        }
    }

    /// The line of the columns' names.
    pub fn header(&self) -> String {
        let mut out = String::from("id");
        for name in &self.names {
            out.push(',');
            cell(&mut out, name);
        }
        out.push_str(match self.is_point {
            None => "",
            Some(false) => ",geometry",
            Some(true) if self.crs.is_projected() => ",easting,northing",
            Some(true) => ",lon,lat",
        });
        out.push_str("\r\n");
        out
    }

    /// A line a record.
    ///
    /// # Errors
    ///
    /// A place out of reach of the system.
    pub fn rows(&self, records: &Records) -> Result<String, QueryError> {
        let mut out = String::with_capacity(256 * records.records.len());
        for found in &records.records {
            let body = Body::parse(&found.record.body)?;
            out.push_str(&found.record.id.to_string());
            for name in &self.names {
                out.push(',');
                if let Some(value) = body.get(name) {
                    raw_cell(&mut out, value.get());
                }
            }
            if let Some(is_point) = self.is_point {
                let geometry = self
                    .geometry(&body)?
                    .map_err(|_| crs::outside(self.crs, found.record.id))?;
                place(&mut out, &geometry, is_point);
            }
            out.push_str("\r\n");
        }
        Ok(out)
    }

    /// The geometry in the table's system, or null.
    fn geometry(&self, body: &Body) -> Result<Result<Value, geometry::CrsError>, QueryError> {
        let stored = || body.geometry.as_ref().map(|text| text.get());
        if self.crs.is_identity() {
            let value = stored().and_then(|text| serde_json::from_str(text).ok());
            return Ok(Ok(value.unwrap_or_default()));
        }
        let Some(shape) = crs::shape(body)? else {
            return Ok(Ok(Value::Null));
        };
        let mut text = String::new();
        let written = shape.write_geojson_in(self.crs, AxisOrder::EastNorth, &mut text);
        Ok(written.map(|()| serde_json::from_str(&text).unwrap_or_default()))
    }
}

/// A page of records as a whole table in UTF-8, with the byte order mark by which spreadsheets know it.
pub fn page(
    collection: &Collection,
    select: &[CompactString],
    page: &Records,
) -> Result<String, QueryError> {
    let sheet = Sheet::new(collection, select, Crs::Crs84);
    Ok(format!("\u{feff}{}{}", sheet.header(), sheet.rows(page)?))
}

/// The columns of the geometry: x and y, or well-known text.
fn place(out: &mut String, geometry: &Value, is_point: bool) {
    out.push(',');
    if !is_point {
        cell(out, &wkt::of_geojson(geometry).unwrap_or_default());
        return;
    }
    let coordinates = &geometry["coordinates"];
    match (coordinates.get(0), coordinates.get(1)) {
        (Some(x), Some(y)) => out.push_str(&format!("{x},{y}")),
        _ => out.push(','),
    }
}

/// A JSON value as a cell.
pub fn raw_cell(out: &mut String, json: &str) {
    match serde_json::from_str::<Value>(json) {
        Ok(Value::String(text)) => cell(out, &text),
        Ok(Value::Null) => {}
        // Numbers and truth values as they stand: no digit is lost, and nothing can be run.
        Ok(Value::Number(_) | Value::Bool(_)) => out.push_str(json),
        Ok(Value::Array(items)) if items.iter().all(Value::is_string) => {
            let texts: Vec<&str> = items.iter().filter_map(Value::as_str).collect();
            cell(out, &texts.join("; "));
        }
        _ => cell(out, json),
    }
}

/// What makes a cell a formula where it stands first: East Asian spreadsheets take full-width signs, too.
const FORMULA: [char; 8] = ['=', '+', '-', '@', '＝', '＋', '－', '＠'];

/// Whether a spreadsheet would run a text, perhaps after dropping white space before it.
fn is_formula(text: &str) -> bool {
    let blank = |c: char| c.is_whitespace() || c == '\u{feff}' || c == '\u{200b}' || c == '\0';
    text.starts_with(['\t', '\r', '\n']) || text.trim_start_matches(blank).starts_with(FORMULA)
}

/// One text cell, quoted where that is needed; what a spreadsheet would run gets an apostrophe.
pub fn cell(out: &mut String, text: &str) {
    let is_formula = is_formula(text);
    let must_quote = text.contains(['"', ',', '\n', '\r', '\t']);
    if must_quote {
        out.push('"');
    }
    if is_formula {
        out.push('\'');
    }
    if must_quote {
        out.push_str(&text.replace('"', "\"\""));
        out.push('"');
    } else {
        out.push_str(text);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_quoted_and_never_run() {
        let of = |json: &str| {
            let mut out = String::new();
            raw_cell(&mut out, json);
            out
        };
        assert_eq!(of(r#""王芳""#), "王芳");
        assert_eq!(of(r#""a,\"b\"""#), "\"a,\"\"b\"\"\"");
        assert_eq!(of(r#""=1+1""#), "'=1+1");
        assert_eq!(of(r#""@x,y""#), "\"'@x,y\"");
        for formula in [
            "+1",
            "-1+1",
            " =1+1",
            "＝1+1",
            "＠x",
            "\u{feff}=1+1",
            "\u{200b}=1",
        ] {
            assert_eq!(of(&Value::from(formula).to_string()), format!("'{formula}"));
        }
        for formula in ["\t=1", "\n=1", "\r=1"] {
            assert_eq!(
                of(&Value::from(formula).to_string()),
                format!("\"'{formula}\"")
            );
        }
        assert_eq!(of("-1.50"), "-1.50");
        assert_eq!(of(r#"["a","b"]"#), "a; b");
        assert_eq!(of("null"), "");
    }
}
