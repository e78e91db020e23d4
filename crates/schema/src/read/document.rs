//! TOML documents with positions: parsing, and mistakes at what was parsed.

use serde::de::{DeserializeOwned, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};
use toml::Spanned;

use super::SchemaFile;
use crate::{Mistake, SchemaError};

impl SchemaFile {
    /// The file as TOML of the form `T`.
    pub fn toml<T: DeserializeOwned>(&self) -> Result<T, SchemaError> {
        toml::from_str(&self.text).map_err(|error| {
            let form = Mistake::Form(error.message().to_string());
            match error.span() {
                Some(span) => self.mistake_at(span.start, form),
                None => self.mistake(0, form),
            }
        })
    }

    /// There is no such thing as is named here.
    pub fn missing(&self, what: &'static str, name: &Spanned<String>, there: &str) -> SchemaError {
        let expected = if there.is_empty() {
            String::new()
        } else {
            format!(": expected one of {there}")
        };
        self.mistake_at(
            name.span().start,
            Mistake::Missing {
                what,
                name: name.get_ref().clone(),
                expected,
            },
        )
    }

    /// What is named here was named before.
    pub fn duplicate(&self, what: &'static str, name: &Spanned<String>) -> SchemaError {
        self.mistake_at(
            name.span().start,
            Mistake::Duplicate {
                what,
                name: name.get_ref().clone(),
            },
        )
    }

    /// A value that has no meaning here.
    pub fn invalid(
        &self,
        what: &'static str,
        value: &Spanned<String>,
        expected: &str,
    ) -> SchemaError {
        self.invalid_at(value.span().start, what, value.get_ref(), expected)
    }

    /// A value that has no meaning at a byte offset.
    pub fn invalid_at(
        &self,
        offset: usize,
        what: &'static str,
        value: &str,
        expected: &str,
    ) -> SchemaError {
        self.mistake_at(
            offset,
            Mistake::Invalid {
                what,
                value: value.to_string(),
                expected: expected.to_string(),
            },
        )
    }
}

/// One text or several.
#[derive(Debug, Default)]
pub(crate) struct OneOrMany(pub Vec<String>);

impl<'de> Deserialize<'de> for OneOrMany {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<OneOrMany, D::Error> {
        struct Texts;
        impl<'de> Visitor<'de> for Texts {
            type Value = OneOrMany;

            fn expecting(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                out.write_str("a text or a list of texts")
            }

            fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<OneOrMany, E> {
                Ok(OneOrMany(vec![text.to_string()]))
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<OneOrMany, A::Error> {
                let mut texts = Vec::new();
                while let Some(text) = seq.next_element()? {
                    texts.push(text);
                }
                Ok(OneOrMany(texts))
            }
        }
        deserializer.deserialize_any(Texts)
    }
}
