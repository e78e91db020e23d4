//! Hashes that are stored in columns: they must stay the same for ever.

use record::Value;
use xxhash_rust::xxh3::Xxh3;

/// The hash of a natural key: the values of the key fields, in the schema's order. Null counts as a
/// value of its own.
pub fn key_hash(values: &[Value]) -> u64 {
    let mut hasher = Xxh3::new();
    values.iter().for_each(|value| feed(&mut hasher, value));
    hasher.digest()
}

/// The digest of what a source says of an entity: field names and values, in field order. Nulls are
/// left out, so that an empty cell and a missing column agree.
pub fn digest<'a>(source: &str, fields: impl Iterator<Item = (&'a str, &'a Value)>) -> u64 {
    let mut hasher = Xxh3::new();
    hasher.update(source.as_bytes());
    for (name, value) in fields {
        if !value.is_null() {
            hasher.update(&[0xff]);
            hasher.update(name.as_bytes());
            feed(&mut hasher, value);
        }
    }
    hasher.digest()
}

fn feed(hasher: &mut Xxh3, value: &Value) {
    match value {
        Value::Null => hasher.update(&[0]),
        Value::Boolean(is) => hasher.update(&[1, u8::from(*is)]),
        Value::Integer(number) => {
            hasher.update(&[2]);
            hasher.update(&number.to_le_bytes());
        }
        Value::Decimal(number) => {
            hasher.update(&[3]);
            hasher.update(&number.normalize().serialize());
        }
        Value::Text(text) => {
            hasher.update(&[4]);
            hasher.update(&(text.len() as u64).to_le_bytes());
            hasher.update(text.as_bytes());
        }
        Value::Date(date) => {
            hasher.update(&[5, date.month().unwrap_or(0), date.day().unwrap_or(0)]);
            hasher.update(&date.year().to_le_bytes());
        }
        Value::Reference(reference) => {
            hasher.update(&[6]);
            hasher.update(&(reference.key.len() as u64).to_le_bytes());
            hasher.update(reference.key.as_bytes());
        }
        Value::Point { lon, lat } => {
            hasher.update(&[7]);
            hasher.update(&lon.to_le_bytes());
            hasher.update(&lat.to_le_bytes());
        }
        Value::Geometry(wkb) => {
            hasher.update(&[8]);
            hasher.update(&(wkb.len() as u64).to_le_bytes());
            hasher.update(wkb);
        }
        Value::List(values) => {
            hasher.update(&[9]);
            hasher.update(&(values.len() as u64).to_le_bytes());
            values.iter().for_each(|value| feed(hasher, value));
        }
    }
}
