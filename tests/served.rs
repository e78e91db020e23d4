//! A served city: synthetic, loaded, and listening on a free port of this machine.

use std::net::SocketAddr;
use std::path::Path;
use std::sync::OnceLock;

use access::callers::register::Register;
use register::Store;
use server::guard::Guard;
use tempfile::TempDir;

use crate::city;

/// A server on a thread of its own; it stops when this is dropped.
pub struct Served {
    /// Where it listens.
    pub address: SocketAddr,
    /// The administrator's key, where the server is guarded.
    pub key: Option<String>,
    stop: Option<tokio::sync::oneshot::Sender<()>>,
    thread: Option<std::thread::JoinHandle<()>>,
    folder: Option<TempDir>,
}

impl Served {
    /// Makes, loads and serves a city.
    pub fn city(persons: u64, seed: u64) -> Served {
        let folder = tempfile::tempdir().expect("a folder");
        let store = loaded(folder.path(), persons, seed);
        Served::of(folder, store, server::Options::default())
    }

    /// Serves a store that is in a folder.
    pub fn of(folder: TempDir, store: register::Embedded, options: server::Options) -> Served {
        let data = server::Data::writable(store).expect("answers that can be read");
        Served::serve(folder, data, options)
    }

    /// Makes, loads and serves a city that answers only those whom it knows.
    pub fn guarded() -> Served {
        let folder = tempfile::tempdir().expect("a folder");
        let store = loaded(folder.path(), 600, 1);
        let data = folder.path().join("data");
        let callers = Register::open(&data).expect("a register of callers");
        let key = create(&callers, "administrator", "administrator");
        let guard = Guard::open(&data, store.catalog(), Vec::new()).expect("a guard");
        let data = server::Data::writable(store).expect("answers that can be read");
        let mut served = Served::serve(folder, data.guarded(guard), server::Options::default());
        served.key = Some(key);
        served
    }

    /// Serves data that are in a folder.
    pub fn serve(folder: TempDir, data: server::Data, options: server::Options) -> Served {
        let (tell, address) = std::sync::mpsc::channel();
        let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
        let thread = std::thread::spawn(move || {
            let runtime = tokio::runtime::Runtime::new().expect("a runtime");
            runtime.block_on(async move {
                let listener = tokio::net::TcpListener::bind("127.0.0.1:0")
                    .await
                    .expect("a free port");
                tell.send(listener.local_addr().expect("an address"))
                    .expect("a listener");
                let shutdown = async move {
                    let _ = stopped.await;
                };
                server::serve(data, listener, options, shutdown)
                    .await
                    .expect("serving");
            });
        });
        let address = address.recv().expect("an address");
        Served {
            address,
            key: None,
            stop: Some(stop),
            thread: Some(thread),
            folder: Some(folder),
        }
    }

    /// Stops serving, and gives back the folder.
    pub fn stop(mut self) -> TempDir {
        let folder = self.folder.take().expect("a folder");
        drop(self);
        folder
    }

    /// The data directory.
    pub fn data(&self) -> std::path::PathBuf {
        let folder = self.folder.as_ref().expect("a folder");
        folder.path().join("data")
    }

    /// The one city that tests share which only read.
    pub fn shared() -> &'static Served {
        static SHARED: OnceLock<Served> = OnceLock::new();
        SHARED.get_or_init(|| Served::city(600, 1))
    }

    /// Asks with GET: the status and the body.
    pub fn get(&self, path: &str) -> (u16, String) {
        let agent = agent();
        let url = format!("http://{}{path}", self.address);
        let mut answer = agent.get(&url).call().expect("an answer");
        (
            answer.status().as_u16(),
            answer.body_mut().read_to_string().expect("text"),
        )
    }

    /// Asks with POST and a JSON body: the status and the body.
    pub fn post(&self, path: &str, body: &str) -> (u16, String) {
        let agent = agent();
        let url = format!("http://{}{path}", self.address);
        let request = agent.post(&url).header("content-type", "application/json");
        let mut answer = request.send(body).expect("an answer");
        (
            answer.status().as_u16(),
            answer.body_mut().read_to_string().expect("text"),
        )
    }
}

/// Makes a caller with one role, and gives its key.
pub fn create(register: &Register, name: &str, role: &str) -> String {
    let entry = serde_json::json!({ "name": name, "label": name, "roles": [role], "keys": [] });
    let entry = serde_json::from_value(entry).expect("an entry");
    let minted = register.create(entry, None).expect("a name that is free");
    minted.expect("a key").text
}

/// An answer with its headers.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The status.
    pub status: u16,
    /// The headers, by name in small letters.
    pub headers: std::collections::BTreeMap<String, String>,
    /// The body.
    pub body: String,
}

impl Answer {
    /// The body as JSON; null where it is none.
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.body).unwrap_or_default()
    }

    /// A header; an empty text where it is not there.
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", String::as_str)
    }
}

impl Served {
    /// Sends any request.
    pub fn send(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &str) -> Answer {
        let mut all = vec![("content-type", "application/json")];
        all.extend_from_slice(headers);
        self.send_as(method, path, &all, body)
    }

    /// Sends any request, whatever its body is.
    pub fn send_as(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: &str,
    ) -> Answer {
        let mut request = ureq::http::Request::builder()
            .method(method)
            .uri(format!("http://{}{path}", self.address));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let request = request.body(body.to_string()).expect("a request");
        let mut answer = agent().run(request).expect("an answer");
        let headers = answer.headers().iter().map(|(name, value)| {
            let value = value.to_str().expect("visible characters");
            (name.to_string(), value.to_string())
        });
        Answer {
            status: answer.status().as_u16(),
            headers: headers.collect(),
            body: answer.body_mut().read_to_string().expect("text"),
        }
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        if let Some(stop) = self.stop.take() {
            let _ = stop.send(());
        }
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

fn agent() -> ureq::Agent {
    ureq::Agent::config_builder()
        .http_status_as_error(false)
        .timeout_global(Some(std::time::Duration::from_secs(60)))
        .build()
        .into()
}

/// A store with a synthetic city in it.
pub fn loaded(folder: &Path, persons: u64, seed: u64) -> register::Embedded {
    let files = folder.join("files");
    let options = synth::Options {
        persons,
        seed,
        out: files.clone(),
        dirt: None,
    };
    synth::generate(&options, &|_, _, _| {}).expect("a city");
    let (store, _) = city::open(&folder.join("data"), true);
    for file in synth::FILES {
        let report = city::load(&store, file.source, &files.join(file.file), 0);
        assert_eq!(report.counts.rejected, 0, "{report:?}");
    }
    store
}
