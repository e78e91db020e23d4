//! What is written down of every answer, and what is made of it: receipts, recalls, the subject's own log.

mod entries;
mod full_disk;
mod kill;
mod receipts;
mod subjects;

use access::callers::register::Register;
use serde_json::{Value, json};
use ureq::http::Request;

use crate::served::Served;

/// A request's answer, as far as these tests look at it.
struct Got {
    status: u16,
    receipt: Option<String>,
    headers: ureq::http::HeaderMap,
    bytes: Vec<u8>,
}

impl Got {
    fn json(&self) -> Value {
        serde_json::from_slice(&self.bytes).unwrap_or_default()
    }

    fn receipt(&self) -> String {
        self.receipt.clone().expect("a receipt")
    }
}

/// A caller of a served city.
struct Caller<'a> {
    served: &'a Served,
    key: String,
    purpose: Option<&'static str>,
}

impl<'a> Caller<'a> {
    fn administrator(served: &'a Served) -> Caller<'a> {
        let key = served.key.clone().expect("a key");
        Caller {
            served,
            key,
            purpose: None,
        }
    }

    /// A caller made now.
    fn new(served: &'a Served, name: &str, said: Value) -> Caller<'a> {
        let mut entry = json!({ "name": name, "label": name, "keys": [] });
        for (member, value) in said.as_object().expect("an object") {
            entry[member] = value.clone();
        }
        let register = Register::open(&served.data()).expect("a register");
        let entry = serde_json::from_value(entry).expect("an entry");
        let minted = register.create(entry, None).expect("a free name");
        // A running server sees a new key within a second.
        std::thread::sleep(std::time::Duration::from_millis(1_200));
        Caller {
            served,
            key: minted.expect("a key").text,
            purpose: None,
        }
    }

    /// Whoever shows this key, or none.
    fn stranger(served: &'a Served, key: &str) -> Caller<'a> {
        Caller {
            served,
            key: key.to_owned(),
            purpose: None,
        }
    }

    fn for_purpose(&self, purpose: &'static str) -> Caller<'a> {
        Caller {
            served: self.served,
            key: self.key.clone(),
            purpose: Some(purpose),
        }
    }

    fn send(&self, method: &str, path: &str, body: &str) -> Got {
        let address = self.served.address;
        let mut request = Request::builder()
            .method(method)
            .uri(format!("http://{address}{path}"));
        if !self.key.is_empty() {
            request = request.header("authorization", format!("Bearer {}", self.key));
        }
        if let Some(purpose) = self.purpose {
            request = request
                .header("jiku-purpose", purpose)
                .header("jiku-case", "CASE-2026-0001");
        }
        if !body.is_empty() {
            request = request.header("content-type", "application/json");
        }
        let agent = crate::callers::stage::agent();
        let got = if body.is_empty() {
            agent.run(request.body(()).expect("a request"))
        } else {
            agent.run(request.body(body).expect("a request"))
        };
        let mut got = got.expect("an answer");
        let headers = got.headers().clone();
        let receipt = headers.get("jiku-receipt");
        Got {
            status: got.status().as_u16(),
            receipt: receipt.map(|text| text.to_str().expect("text").to_owned()),
            bytes: got.body_mut().read_to_vec().expect("a body"),
            headers,
        }
    }

    fn get(&self, path: &str) -> Got {
        self.send("GET", path, "")
    }
}

/// Some person's id, and its identity number.
fn person(caller: &Caller<'_>) -> (String, String) {
    let page = caller.get("/collections/person/items?limit=1").json();
    let feature = &page["features"][0];
    let text = |value: &Value| value.as_str().expect("text").to_owned();
    (
        text(&feature["id"]),
        text(&feature["properties"]["identityNumber"]),
    )
}
