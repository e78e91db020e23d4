//! Jiku over HTTP: one connection that stays open, and no more of HTTP/1.1 than that needs.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use anyhow::{Context as _, ensure};

use crate::answer::Answer;
use crate::question::Question;
use crate::side::Side;

/// Longer than any answer may take.
const PATIENCE: Duration = Duration::from_secs(30);

/// A server, and the key by which it knows who asks.
#[derive(Clone, Debug)]
pub struct Host {
    /// Where it listens.
    pub address: SocketAddr,
    /// None where everybody may ask.
    pub key: Option<String>,
}

/// A connection.
pub struct Connection {
    stream: BufReader<TcpStream>,
    request: Vec<u8>,
    line: String,
    /// The header that shows a key.
    authorization: String,
}

impl Connection {
    /// Opens it.
    pub fn open(host: &Host) -> anyhow::Result<Connection> {
        Connection::waiting(host, Some(PATIENCE))
    }

    /// Opens one that waits for its answers as long as they take.
    pub fn patient(host: &Host) -> anyhow::Result<Connection> {
        Connection::waiting(host, None)
    }

    fn waiting(host: &Host, patience: Option<Duration>) -> anyhow::Result<Connection> {
        let stream = TcpStream::connect(host.address)?;
        stream.set_nodelay(true)?;
        stream.set_read_timeout(patience)?;
        Ok(Connection {
            stream: BufReader::new(stream),
            request: Vec::new(),
            line: String::new(),
            authorization: host.key.as_ref().map_or(String::new(), |key| {
                format!("authorization: Bearer {key}\r\n")
            }),
        })
    }

    /// Posts JSON and receives the body of the answer, whose status must be 200.
    pub fn post(&mut self, path: &str, json: &[u8], body: &mut Vec<u8>) -> anyhow::Result<()> {
        self.request.clear();
        write!(
            self.request,
            "POST {path} HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\n\
             {}content-length: {}\r\n\r\n",
            self.authorization,
            json.len()
        )?;
        self.request.extend_from_slice(json);
        self.call(path, body)
    }

    /// Receives what is at a path; the status must be 200, or 204 for nothing.
    pub fn get(&mut self, path: &str, body: &mut Vec<u8>) -> anyhow::Result<()> {
        self.request.clear();
        write!(
            self.request,
            "GET {path} HTTP/1.1\r\nhost: localhost\r\n\r\n"
        )?;
        self.call(path, body)
    }

    fn call(&mut self, path: &str, body: &mut Vec<u8>) -> anyhow::Result<()> {
        self.stream.get_mut().write_all(&self.request)?;
        let status = self
            .read_line()?
            .split(' ')
            .nth(1)
            .unwrap_or_default()
            .to_string();
        let mut length = None;
        loop {
            let line = self.read_line()?;
            if line.is_empty() {
                break;
            }
            if let Some((name, value)) = line.split_once(':')
                && name.eq_ignore_ascii_case("content-length")
            {
                length = Some(value.trim().parse()?);
            }
        }
        if status == "204" {
            body.clear();
            return Ok(());
        }
        body.resize(length.context("an answer without a length")?, 0);
        self.stream.read_exact(body)?;
        ensure!(
            status == "200",
            "{path} answers {status}: {}",
            String::from_utf8_lossy(body)
        );
        Ok(())
    }

    fn read_line(&mut self) -> anyhow::Result<&str> {
        self.line.clear();
        let read = self.stream.read_line(&mut self.line)?;
        ensure!(read > 0, "the server closed the connection");
        Ok(self.line.trim_end())
    }
}

/// The path by which a question is asked.
pub fn path(question: &Question) -> &'static str {
    match question {
        Question::Key(_) => "/collections/person/lookup",
        _ => "/query",
    }
}

impl Side for Connection {
    type Raw = Vec<u8>;

    fn ask(&mut self, question: &Question) -> anyhow::Result<Vec<u8>> {
        let json = serde_json::to_vec(&question.json())?;
        let mut body = Vec::new();
        self.post(path(question), &json, &mut body)?;
        Ok(body)
    }

    fn read(&self, _: &Question, raw: Vec<u8>) -> anyhow::Result<Answer> {
        Answer::from_json(&raw)
    }
}
