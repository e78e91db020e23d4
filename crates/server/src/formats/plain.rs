//! Records as plain JSON: flat objects, for programs that know nothing of GeoJSON.

use query::FoundRecord;
use query::QueryError;
use query::body::{Body, quoted};

/// Appends a record: its `id`, its fields as they stand, and `geometry` where the collection has one.
///
/// # Errors
///
/// The stored record cannot be read.
pub fn write(out: &mut String, found: &FoundRecord, has_place: bool) -> Result<(), QueryError> {
    let body = Body::parse(&found.record.body)?;
    out.push_str(&format!("{{\"id\":\"{}\"", found.record.id));
    for (name, value) in &body.properties.0 {
        out.push(',');
        out.push_str(&quoted(name));
        out.push(':');
        out.push_str(value.get());
    }
    if has_place {
        out.push_str(",\"geometry\":");
        out.push_str(body.geometry.as_ref().map_or("null", |text| text.get()));
    }
    out.push('}');
    Ok(())
}
