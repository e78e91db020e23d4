//! The fields of one record.

use std::borrow::Cow;

use memchr::memchr;

/// Splits a sound record into its fields, without their quotes; what holds no escaped quote is
/// borrowed. `fields` is cleared first.
pub fn fields<'a>(record: &'a str, delimiter: u8, fields: &mut Vec<Cow<'a, str>>) {
    fields.clear();
    let mut rest = record;
    loop {
        let (field, after) = match rest.strip_prefix('"') {
            Some(inner) => quoted(inner),
            None => {
                let end = memchr(delimiter, rest.as_bytes()).unwrap_or(rest.len());
                (Cow::Borrowed(&rest[..end]), &rest[end..])
            }
        };
        fields.push(field);
        match after.as_bytes().first() {
            Some(byte) if *byte == delimiter => rest = &after[1..],
            _ => return,
        }
    }
}

/// The content of a field after its opening quote, and what follows its closing one.
fn quoted(inner: &str) -> (Cow<'_, str>, &str) {
    let mut unescaped: Option<String> = None;
    let mut start = 0;
    loop {
        let Some(found) = memchr(b'"', &inner.as_bytes()[start..]) else {
            return (joined(unescaped, &inner[start..]), "");
        };
        let at = start + found;
        if inner.as_bytes().get(at + 1) != Some(&b'"') {
            return (joined(unescaped, &inner[start..at]), &inner[at + 1..]);
        }
        unescaped
            .get_or_insert_default()
            .push_str(&inner[start..=at]);
        start = at + 2;
    }
}

fn joined(before: Option<String>, last: &str) -> Cow<'_, str> {
    match before {
        Some(mut text) => {
            text.push_str(last);
            Cow::Owned(text)
        }
        None => Cow::Borrowed(last),
    }
}

/// Clears a vector of fields and frees it from the record they were borrowed from; its memory stays.
pub fn recycled<'b>(mut fields: Vec<Cow<'_, str>>) -> Vec<Cow<'b, str>> {
    fields.clear();
    fields.into_iter().map(|_| Cow::Borrowed("")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_are_taken_off() {
        let mut found = Vec::new();
        for (record, expected) in [
            ("", vec![""]),
            ("a,b", vec!["a", "b"]),
            ("a,,", vec!["a", "", ""]),
            (r#""a,b","","c""#, vec!["a,b", "", "c"]),
            (
                r#""say ""hi""",5" pipe,x"#,
                vec![r#"say "hi""#, "5\" pipe", "x"],
            ),
            ("\"两\n行\",甲", vec!["两\n行", "甲"]),
        ] {
            fields(record, b',', &mut found);
            assert_eq!(found, expected, "{record}");
        }
        fields("plain,\"quoted\"", b',', &mut found);
        assert!(found.iter().all(|field| matches!(field, Cow::Borrowed(_))));
    }

    #[test]
    fn memory_is_kept() {
        let mut found = Vec::with_capacity(40);
        fields("a,b", b',', &mut found);
        let again: Vec<Cow<'static, str>> = recycled(found);
        assert!(again.is_empty() && again.capacity() >= 40);
    }
}
