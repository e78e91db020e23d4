//! The command's side: sends an operation to the running server and follows its events.

use std::io::{BufRead, BufReader};

use anyhow::Context as _;

use super::{Address, Event, Listener, Operation};
use crate::refusal::refusal;

/// A running server.
#[derive(Clone, Debug)]
pub struct Client {
    address: Address,
}

impl Client {
    /// The server at an address.
    pub fn new(address: Address) -> Client {
        Client { address }
    }

    /// Has the server run an operation.
    ///
    /// # Errors
    ///
    /// The operation's own, in both languages; a server that does not answer, or breaks off.
    pub fn call<O: Operation>(
        &self,
        operation: &O,
        listener: &dyn Listener,
    ) -> anyhow::Result<O::Answer> {
        let Address {
            address,
            pid,
            secret,
        } = &self.address;
        let agent: ureq::Agent = ureq::Agent::config_builder()
            .http_status_as_error(false)
            .proxy(None)
            .build()
            .into();
        let sent = agent
            .post(format!("http://{address}/admin/{}", O::ROUTE))
            .header("authorization", format!("Bearer {secret}"))
            .header("content-type", "application/json")
            .send(serde_json::to_vec(operation)?);
        let silent = |reason: String| {
            refusal(
                format!("占用数据目录的服务（{address}，进程 {pid}）没有应答：{reason}"),
                format!(
                    "the server that holds the data directory ({address}, process {pid}) does not answer: {reason}"
                ),
            )
        };
        let mut answer = sent.map_err(|error| silent(error.to_string()))?;
        if answer.status() != 200 {
            let body = answer.body_mut().read_to_string().unwrap_or_default();
            return Err(silent(format!("{} {body}", answer.status())));
        }
        let lines = BufReader::new(answer.into_body().into_reader()).lines();
        for line in lines {
            let line = line.map_err(|error| silent(error.to_string()))?;
            match serde_json::from_str(&line).context("the server's answer")? {
                Event::Stage(stage) => listener.stage(stage),
                Event::Text(text) => listener.text(&text)?,
                Event::Answer(answer) => return Ok(serde_json::from_value(answer)?),
                Event::Refused(refused) => return Err(anyhow::Error::new(refused)),
            }
        }
        Err(refusal(
            "服务在完成之前中断，结果未知：请重启服务后查看",
            "the server broke off before the end, the outcome is unknown: start it again and look",
        ))
    }
}
