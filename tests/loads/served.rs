//! A served loading desk of its own, which can be stopped and started again.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use load::book::{Book, Lane};
use serde_json::Value;
use tempfile::TempDir;

use crate::city;

/// The header of the files that these tests load.
pub const HEADER: &str = "指标代码,指标名称,专题,计量单位,频度,指标解释,数据来源\r\n";

/// A row of such a file.
pub fn row(code: &str, name: &str, frequency: &str) -> String {
    format!("{code},{name},,,{frequency},,\r\n")
}

/// A file of such rows.
pub fn file(rows: &[(&str, &str, &str)]) -> String {
    let rows = rows
        .iter()
        .map(|(code, name, often)| row(code, name, often));
    HEADER.to_string() + &rows.collect::<String>()
}

/// An answer.
pub struct Answer {
    pub status: u16,
    headers: ureq::http::HeaderMap,
    pub bytes: Vec<u8>,
}

impl Answer {
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.bytes).unwrap_or_else(|_| panic!("JSON: {}", self.text()))
    }

    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.bytes).into_owned()
    }

    pub fn header(&self, name: &str) -> &str {
        let value = self.headers.get(name).and_then(|value| value.to_str().ok());
        value.unwrap_or_default()
    }

    /// The JSON of an answer with this status.
    pub fn with(self, status: u16) -> Value {
        assert_eq!(self.status, status, "{}", self.text());
        self.json()
    }
}

/// A data directory with a server.
pub struct Desk {
    folder: TempDir,
    running: Option<Running>,
}

struct Running {
    address: SocketAddr,
    stop: tokio::sync::oneshot::Sender<()>,
    thread: std::thread::JoinHandle<()>,
}

impl Desk {
    /// An empty data directory, served.
    pub fn new() -> Desk {
        let mut desk = Desk {
            folder: tempfile::tempdir().expect("a folder"),
            running: None,
        };
        desk.start();
        desk
    }

    pub fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    /// Starts the server.
    pub fn start(&mut self) {
        let data = self.data();
        let (tell, address) = std::sync::mpsc::channel();
        let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
        let thread = std::thread::spawn(move || {
            let (store, _) = city::open(&data, false);
            let book = Book::open(store).expect("a book");
            let _workers = book
                .work(&[Lane::Rehearse, Lane::Publish])
                .expect("threads");
            let runtime = tokio::runtime::Runtime::new().expect("a runtime");
            runtime.block_on(async move {
                let listener = tokio::net::TcpListener::bind("127.0.0.1:0");
                let listener = listener.await.expect("a free port");
                tell.send(listener.local_addr().expect("an address"))
                    .expect("a listener");
                let shutdown = async move {
                    let _ = stopped.await;
                };
                server::serve(book, listener, server::Options::default(), shutdown)
                    .await
                    .expect("serving");
            });
        });
        let address = address.recv().expect("an address");
        self.running = Some(Running {
            address,
            stop,
            thread,
        });
    }

    /// Stops the server in good order.
    pub fn stop(&mut self) {
        if let Some(running) = self.running.take() {
            let _ = running.stop.send(());
            running.thread.join().expect("good order");
        }
    }

    pub fn address(&self) -> SocketAddr {
        self.running.as_ref().expect("a server").address
    }

    fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address())
    }

    pub fn get(&self, path: &str) -> Answer {
        answer(agent().get(self.url(path)).call())
    }

    pub fn page(&self, path: &str) -> Answer {
        let request = agent().get(self.url(path)).header("accept", "text/html");
        answer(request.call())
    }

    /// Posts, and waits until the load has come to rest.
    pub fn post(&self, path: &str, body: &[u8]) -> Answer {
        let request = agent().post(self.url(path)).header("prefer", "wait=60");
        answer(request.send(body))
    }

    /// Posts without waiting.
    pub fn post_soon(&self, path: &str, body: &[u8]) -> Answer {
        answer(agent().post(self.url(path)).send(body))
    }

    /// Uploads a file and returns its rehearsed load's id.
    pub fn rehearsed(&self, name: &str, body: &[u8]) -> String {
        let load = self.post(&format!("/loads?file={name}"), body).with(201);
        assert_eq!(load["state"], "rehearsed", "{load}");
        load["id"].as_str().expect("an id").to_string()
    }

    /// Publishes a load; its transaction.
    pub fn published(&self, id: &str) -> u64 {
        let load = self.post(&format!("/loads/{id}/publish"), b"").with(200);
        assert_eq!(load["state"], "published", "{load}");
        load["transaction"].as_u64().expect("a transaction")
    }

    /// A load.
    pub fn load(&self, id: &str) -> Value {
        self.get(&format!("/loads/{id}")).with(200)
    }

    /// The names of the indicators, by code, as of an instant.
    pub fn names(&self, known_at: Option<&str>) -> Vec<(String, String)> {
        let known_at = known_at.map_or_else(String::new, |at| format!("&knownAt={at}"));
        let path = format!("/collections/indicator/items?limit=1000{known_at}");
        let page = self.get(&path).with(200);
        let features = page["features"].as_array().expect("features").iter();
        let text = |value: &Value| value.as_str().expect("a text").to_string();
        let names = features.map(|one| {
            let said = &one["properties"];
            (text(&said["code"]), text(&said["name"]))
        });
        let mut names: Vec<_> = names.collect();
        names.sort();
        names
    }

    /// What lies in the folder of loads.
    pub fn on_disk(&self) -> Vec<String> {
        let Ok(entries) = std::fs::read_dir(self.data().join("loads")) else {
            return Vec::new();
        };
        let names = entries.flatten().map(|entry| entry.file_name());
        names
            .map(|name| name.to_string_lossy().into_owned())
            .collect()
    }
}

impl Drop for Desk {
    fn drop(&mut self) {
        if let Some(running) = self.running.take() {
            let _ = running.stop.send(());
            let _ = running.thread.join();
        }
    }
}

fn answer(answer: Result<ureq::http::Response<ureq::Body>, ureq::Error>) -> Answer {
    let mut answer = answer.expect("an answer");
    Answer {
        status: answer.status().as_u16(),
        headers: answer.headers().clone(),
        bytes: answer.body_mut().read_to_vec().expect("a body"),
    }
}

fn agent() -> ureq::Agent {
    ureq::Agent::config_builder()
        .http_status_as_error(false)
        .timeout_global(Some(Duration::from_secs(90)))
        .build()
        .into()
}

/// Compares an answer with its snapshot; what differs from run to run is masked.
pub fn check(name: &str, answer: Answer) {
    let mut json = answer.json();
    mask(&mut json);
    let text = serde_json::to_string_pretty(&json).expect("JSON");
    let text = text
        .split('"')
        .map(|part| if is_id(part) { "ID" } else { part })
        .collect::<Vec<_>>()
        .join("\"");
    let text = masked_paths(&text);
    insta::assert_snapshot!(name, format!("{}\n{text}", answer.status));
}

/// Whether a text is a load's name.
fn is_id(text: &str) -> bool {
    text.len() == 22 && text.starts_with("20") && text.contains('T') && text.contains('-')
}

/// Hides loads' names inside longer texts.
fn masked_paths(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some(at) = rest.find("20") {
        out.push_str(&rest[..at]);
        let candidate = rest.get(at..at + 22).filter(|text| is_id(text));
        out.push_str(candidate.map_or("20", |_| "ID"));
        rest = &rest[at + candidate.map_or(2, str::len)..];
    }
    out + rest
}

fn mask(json: &mut Value) {
    match json {
        Value::Object(members) => {
            for (name, value) in members {
                let varies = ["at", "received", "seconds", "asOf", "as_of", "rate"];
                if varies.contains(&name.as_str()) && !value.is_null() {
                    *value = Value::from("…");
                } else if name == "rejects" && value.is_string() {
                    *value = Value::from("a path");
                } else {
                    mask(value);
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(mask),
        _ => {}
    }
}
