//! Pages as CSV for spreadsheets: UTF-8 with a byte order mark, one column a field, and no cell that
//! a spreadsheet would run as a formula.

use query::body::Body;
use query::{QueryError, Records};
use schema::{Collection, FieldType};
use serde_json::Value;

use crate::wkt;

/// A page of records. The geometry of points is in the columns `lon` and `lat`, of others in
/// `geometry` as well-known text.
pub fn page(
    collection: &Collection,
    select: &[record::CompactString],
    page: &Records,
) -> Result<String, QueryError> {
    let names: Vec<&str> = if select.is_empty() {
        let fields = collection
            .fields
            .iter()
            .filter(|field| collection.location != Some(field.number));
        fields.map(|field| field.name.as_str()).collect()
    } else {
        select.iter().map(|name| name.as_str()).collect()
    };
    let location = collection
        .location
        .map(|number| &collection.at(number).kind);
    let is_point = matches!(location, Some(FieldType::Point));
    let mut out = String::from("\u{feff}id");
    for name in &names {
        out.push(',');
        cell(&mut out, name);
    }
    out.push_str(match location {
        None => "",
        Some(_) if is_point => ",lon,lat",
        Some(_) => ",geometry",
    });
    out.push_str("\r\n");
    for found in &page.records {
        let body = Body::parse(&found.record.body)?;
        out.push_str(&found.record.id.to_string());
        for name in &names {
            out.push(',');
            if let Some(value) = body.get(name) {
                raw_cell(&mut out, value.get());
            }
        }
        if location.is_some() {
            place(
                &mut out,
                body.geometry.as_ref().map(|text| text.get()),
                is_point,
            );
        }
        out.push_str("\r\n");
    }
    Ok(out)
}

/// The columns of the geometry: `lon` and `lat`, or well-known text.
fn place(out: &mut String, geometry: Option<&str>, is_point: bool) {
    let geometry: Value = geometry
        .and_then(|text| serde_json::from_str(text).ok())
        .unwrap_or_default();
    out.push(',');
    if !is_point {
        cell(out, &wkt::of_geojson(&geometry).unwrap_or_default());
        return;
    }
    let coordinates = &geometry["coordinates"];
    match (coordinates.get(0), coordinates.get(1)) {
        (Some(lon), Some(lat)) => out.push_str(&format!("{lon},{lat}")),
        _ => out.push(','),
    }
}

fn raw_cell(out: &mut String, json: &str) {
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

/// One text cell, quoted where that is needed; what a spreadsheet would run gets an apostrophe.
fn cell(out: &mut String, text: &str) {
    let is_formula = text.starts_with(['=', '+', '-', '@', '\t', '\r']);
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
        assert_eq!(of("-1.50"), "-1.50");
        assert_eq!(of(r#"["a","b"]"#), "a; b");
        assert_eq!(of("null"), "");
    }
}
