//! Jiku as a library: plan and answer in this process, without HTTP.

use query::lookup::{Lookup, lookup};
use query::{Context, Limits, Query, execute, plan};
use register::{Embedded, Record};
use serde_json::{Value, json};

use crate::answer::Answer;
use crate::question::Question;
use crate::side::Side;

/// The store, opened here.
pub struct Library {
    store: Embedded,
}

/// What is received.
pub enum Raw {
    /// Key look-ups.
    Records(Vec<Option<Record>>),
    /// Queries.
    Answer(Box<query::Answer>),
}

impl Library {
    /// Over an open store.
    pub fn new(store: Embedded) -> Library {
        Library { store }
    }
}

impl Side for Library {
    type Raw = Raw;

    fn ask(&mut self, question: &Question) -> anyhow::Result<Raw> {
        let context = Context::new(&self.store, Limits::default());
        let body = serde_json::to_vec(&question.json())?;
        if matches!(question, Question::Key(_)) {
            let request = Lookup::from_json(&body)?;
            let times = context.times(None, None)?;
            let found = lookup(
                &context,
                context.collection("person")?,
                &request.keys,
                times,
            )?;
            return Ok(Raw::Records(found));
        }
        let query = Query::from_json(&body)?;
        let answer = execute(&context, &plan(&context, &query)?)?;
        Ok(Raw::Answer(Box::new(answer)))
    }

    fn read(&self, _: &Question, raw: Raw) -> anyhow::Result<Answer> {
        let body = match raw {
            Raw::Records(found) => {
                let found: Vec<Value> =
                    found.iter().flatten().map(body).collect::<Result<_, _>>()?;
                json!({ "numberMatched": found.len(), "records": found })
            }
            Raw::Answer(answer) => match *answer {
                query::Answer::Groups(groups) => {
                    json!({ "numberMatched": groups.number_matched, "groups": groups.groups })
                }
                query::Answer::Records(page) => {
                    let mut features = Vec::with_capacity(page.records.len());
                    for found in &page.records {
                        let mut feature = body(&found.record)?;
                        feature["distance"] = json!(found.distance);
                        features.push(feature);
                    }
                    json!({ "numberMatched": page.matched, "features": features })
                }
            },
        };
        Answer::from_json(&serde_json::to_vec(&body)?)
    }
}

fn body(record: &Record) -> serde_json::Result<Value> {
    serde_json::from_str(&record.body)
}
