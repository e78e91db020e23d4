//! An empty data directory, served to those it knows.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::PathBuf;
use std::time::Duration;

use access::callers::register::{Entry, Register};
use access::callers::token::Issuer;
use register::Store;
use serde_json::{Value, json};
use server::Transport;
use server::guard::Guard;
use ureq::http::{Request, Response};

use crate::city;

/// The server, and what it is asked through.
pub struct Stage {
    pub address: SocketAddr,
    pub register: Register,
    /// The administrator's key.
    pub key: String,
    folder: tempfile::TempDir,
    stop: Option<tokio::sync::oneshot::Sender<()>>,
    thread: Option<std::thread::JoinHandle<()>>,
}

impl Stage {
    pub fn new() -> Stage {
        Stage::with(Vec::new(), Transport::default(), server::Options::default())
    }

    pub fn with(issuers: Vec<Issuer>, transport: Transport, options: server::Options) -> Stage {
        let folder = tempfile::tempdir().expect("a folder");
        let data = folder.path().join("data");
        let (store, _) = city::open(&data, true);
        let register = Register::open(&data).expect("a register");
        let key = make(&register, json!({ "name": "administrator" }));
        let guard = Guard::open(&data, store.catalog(), issuers).expect("a guard");
        let data = server::Data::writable(store).expect("answers that can be read");
        let routes = server::router(data.guarded(guard), options);
        let (tell, address) = std::sync::mpsc::channel();
        let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
        let thread = std::thread::spawn(move || {
            let runtime = tokio::runtime::Runtime::new().expect("a runtime");
            runtime.block_on(async move {
                let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await;
                let listener = listener.expect("a free port");
                tell.send(listener.local_addr().expect("an address"))
                    .expect("a listener");
                let stop = async move {
                    let _ = stopped.await;
                };
                let run = server::connection::run(listener, routes, transport, stop);
                run.await.expect("serving");
            });
        });
        Stage {
            address: address.recv().expect("an address"),
            register,
            key,
            folder,
            stop: Some(stop),
            thread: Some(thread),
        }
    }

    pub fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    /// The status of an answer to a key, or to nothing.
    pub fn status(&self, path: &str, authorization: Option<&str>) -> u16 {
        self.get(path, authorization).0
    }

    /// The status, the waiting time and the body.
    pub fn get(&self, path: &str, authorization: Option<&str>) -> (u16, Option<u64>, Value) {
        let mut request = Request::get(format!("http://{}{path}", self.address));
        if let Some(shown) = authorization {
            request = request.header("authorization", shown);
        }
        answer(agent().run(request.body(()).expect("a request")))
    }

    /// With a key.
    pub fn by(&self, key: &str) -> u16 {
        self.status("/collections", Some(&format!("Bearer {key}")))
    }

    /// What comes back for bytes as they are, until the server closes or falls silent.
    pub fn raw(&self, request: &str) -> String {
        let mut stream = TcpStream::connect(self.address).expect("a connection");
        stream.write_all(request.as_bytes()).expect("sent");
        until_closed(&mut stream)
    }
}

impl Drop for Stage {
    fn drop(&mut self) {
        self.stop.take().map(|stop| stop.send(()));
        self.thread.take().map(std::thread::JoinHandle::join);
    }
}

/// What is read until the other side closes, or says nothing for two seconds.
pub fn until_closed(stream: &mut TcpStream) -> String {
    let limit = Some(Duration::from_secs(2));
    stream.set_read_timeout(limit).expect("a limit");
    let mut all = Vec::new();
    let mut piece = [0; 4096];
    while let Ok(count @ 1..) = stream.read(&mut piece) {
        all.extend_from_slice(&piece[..count]);
    }
    String::from_utf8_lossy(&all).into_owned()
}

/// Makes a caller; what is not said is left out.
pub fn make(register: &Register, said: Value) -> String {
    let mut entry = json!({ "label": "", "roles": ["administrator"], "keys": [] });
    for (name, value) in said.as_object().expect("an object") {
        entry[name] = value.clone();
    }
    let entry: Entry = serde_json::from_value(entry).expect("an entry");
    let minted = register.create(entry, None).expect("a free name");
    minted.map(|minted| minted.text).unwrap_or_default()
}

pub fn agent() -> ureq::Agent {
    ureq::Agent::config_builder()
        .http_status_as_error(false)
        .timeout_global(Some(Duration::from_secs(30)))
        .proxy(None)
        .build()
        .into()
}

pub fn answer(got: Result<Response<ureq::Body>, ureq::Error>) -> (u16, Option<u64>, Value) {
    let mut got = got.expect("an answer");
    let wait = got.headers().get("retry-after");
    let wait = wait.and_then(|wait| wait.to_str().ok()?.parse().ok());
    let text = got.body_mut().read_to_string().expect("text");
    let body = serde_json::from_str(&text).unwrap_or_default();
    (got.status().as_u16(), wait, body)
}
