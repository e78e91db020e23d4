//! Records' bodies as text, walked through without making anything of them.
//!
//! A body is JSON written by the register: without white space between its parts, every member once.

/// The end of the value that begins at `at`: the place after its last byte. For what is no value, the
/// end of the text.
pub fn end_of_value(bytes: &[u8], at: usize) -> usize {
    match bytes.get(at) {
        Some(b'"') => end_of_text(bytes, at),
        Some(b'{' | b'[') => {
            let mut depth = 0usize;
            let mut at = at;
            while let Some(byte) = bytes.get(at) {
                match byte {
                    b'"' => {
                        at = end_of_text(bytes, at);
                        continue;
                    }
                    b'{' | b'[' => depth += 1,
                    b'}' | b']' => {
                        depth -= 1;
                        if depth == 0 {
                            return at + 1;
                        }
                    }
                    _ => {}
                }
                at += 1;
            }
            bytes.len()
        }
        _ => {
            let rest = bytes.get(at..).unwrap_or_default();
            let end = rest
                .iter()
                .position(|byte| matches!(byte, b',' | b'}' | b']'));
            at + end.unwrap_or(rest.len())
        }
    }
}

fn end_of_text(bytes: &[u8], at: usize) -> usize {
    let mut at = at + 1;
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'"' => return at + 1,
            b'\\' => at += 2,
            _ => at += 1,
        }
    }
    bytes.len()
}

/// The members of an object: each name without its quotation marks, and its value.
pub struct Members<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Members<'a> {
    /// Of an object's text.
    pub fn of(object: &'a str) -> Members<'a> {
        Members {
            text: object,
            at: 1,
        }
    }
}

impl<'a> Iterator for Members<'a> {
    type Item = (&'a str, &'a str);

    fn next(&mut self) -> Option<(&'a str, &'a str)> {
        let bytes = self.text.as_bytes();
        if bytes.get(self.at) == Some(&b',') {
            self.at += 1;
        }
        if bytes.get(self.at) != Some(&b'"') {
            return None;
        }
        let name_end = end_of_text(bytes, self.at);
        let name = self.text.get(self.at + 1..name_end.checked_sub(1)?)?;
        let value_at = name_end + 1;
        let value_end = end_of_value(bytes, value_at);
        let value = self.text.get(value_at..value_end)?;
        self.at = value_end;
        Some((name, value))
    }
}

/// The value of a property of a body.
pub fn property<'a>(body: &'a str, name: &str) -> Option<&'a str> {
    let properties = Members::of(body)
        .find(|(member, _)| *member == "properties")?
        .1;
    let found = Members::of(properties).find(|(member, _)| *member == name)?;
    Some(found.1)
}

/// A text as JSON has it.
pub fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_end_where_they_end() {
        let body = r#"{"geometry":{"type":"Point","coordinates":[1.5,-2]},"properties":{"a":"x\"}","b":[1,{"c":"]"}],"d":true},"held":{"e":["7"]}}"#;
        let members: Vec<_> = Members::of(body).collect();
        assert_eq!(members.len(), 3);
        assert_eq!(members[2], ("held", r#"{"e":["7"]}"#));
        assert_eq!(property(body, "a"), Some(r#""x\"}""#));
        assert_eq!(property(body, "b"), Some(r#"[1,{"c":"]"}]"#));
        assert_eq!(property(body, "d"), Some("true"));
        assert_eq!(property(body, "e"), None);
        assert_eq!(Members::of("{}").count(), 0);
        assert_eq!(Members::of("{\"a").count(), 0);
    }
}
