//! The first row of a JSON file, without reading what follows it.

use std::fmt;
use std::io::{BufReader, Read};

use serde::de::{DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::Value;

/// How far the first row may reach into the file.
const LIMIT: u64 = 16 << 20;

/// A row: its name, the names walked by `*`, and its content.
type Row = (String, Vec<String>, Value);

/// The first row that a pointer leads to.
pub(super) fn row(pointer: &str, reader: impl Read) -> Option<Row> {
    let steps: Vec<&str> = pointer.split('/').skip(1).collect();
    let mut found = None;
    let seek = Seek {
        steps: &steps,
        walked: &mut Vec::new(),
        found: &mut found,
    };
    let mut json = serde_json::Deserializer::from_reader(BufReader::new(reader.take(LIMIT)));
    // The search ends in an error once it has found what it seeks; a file that is no JSON has no row.
    let _ = seek.deserialize(&mut json);
    found
}

/// Goes down to the first row.
struct Seek<'a> {
    steps: &'a [&'a str],
    walked: &'a mut Vec<String>,
    found: &'a mut Option<Row>,
}

impl Seek<'_> {
    /// What is to be done with a member.
    fn step(&self, key: &str) -> Step {
        match self.steps.first() {
            None => Step::Row,
            Some(&"*") => Step::Any,
            Some(step) if super::member(step) == key => Step::Down,
            Some(_) => Step::Past,
        }
    }

    /// The search in a member, below this step.
    fn below(&mut self) -> Seek<'_> {
        Seek {
            steps: &self.steps[1..],
            walked: self.walked,
            found: self.found,
        }
    }
}

enum Step {
    Row,
    Any,
    Down,
    Past,
}

/// Ends the search.
fn done<E: Error>() -> E {
    E::custom("found")
}

impl<'de> DeserializeSeed<'de> for Seek<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, json: D) -> Result<(), D::Error> {
        json.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Seek<'_> {
    type Value = ();

    fn expecting(&self, out: &mut fmt::Formatter) -> fmt::Result {
        out.write_str("JSON")
    }

    fn visit_map<A: MapAccess<'de>>(mut self, mut map: A) -> Result<(), A::Error> {
        while let Some(key) = map.next_key::<String>()? {
            match self.step(&key) {
                Step::Row => {
                    let row = map.next_value()?;
                    *self.found = Some((key, self.walked.clone(), row));
                    return Err(done());
                }
                Step::Any => {
                    self.walked.push(key);
                    map.next_value_seed(self.below())?;
                    self.walked.pop();
                }
                Step::Down => map.next_value_seed(self.below())?,
                Step::Past => {
                    map.next_value::<IgnoredAny>()?;
                }
            }
        }
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(mut self, mut items: A) -> Result<(), A::Error> {
        for place in 0.. {
            let key = place.to_string();
            let more = match self.step(&key) {
                Step::Row => {
                    let Some(row) = items.next_element()? else {
                        return Ok(());
                    };
                    *self.found = Some((key, self.walked.clone(), row));
                    return Err(done());
                }
                Step::Any => {
                    self.walked.push(key);
                    let more = items.next_element_seed(self.below())?.is_some();
                    self.walked.pop();
                    more
                }
                Step::Down => items.next_element_seed(self.below())?.is_some(),
                Step::Past => items.next_element::<IgnoredAny>()?.is_some(),
            };
            if !more {
                break;
            }
        }
        Ok(())
    }

    fn visit_bool<E: Error>(self, _: bool) -> Result<(), E> {
        Ok(())
    }

    fn visit_i64<E: Error>(self, _: i64) -> Result<(), E> {
        Ok(())
    }

    fn visit_u64<E: Error>(self, _: u64) -> Result<(), E> {
        Ok(())
    }

    fn visit_f64<E: Error>(self, _: f64) -> Result<(), E> {
        Ok(())
    }

    fn visit_str<E: Error>(self, _: &str) -> Result<(), E> {
        Ok(())
    }

    fn visit_unit<E: Error>(self) -> Result<(), E> {
        Ok(())
    }
}
