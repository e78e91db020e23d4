//! How a server is set up: by arguments, the environment, a file, and what holds otherwise, in this order.
//!
//! The file is TOML: `config.toml` in the data directory, or another one (`--config`). `jiku config`
//! prints what comes of it all, and where each of it is from.

use std::fmt::Write;
use std::fs;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use access::callers::token::Issuer;
use clap::{Args, ValueEnum};
use serde::{Deserialize, Serialize};
use server::{Options, Transport, tls};

use crate::refusal::refusal;

/// The file in the data directory.
const FILE: &str = "config.toml";

/// How many milliseconds what is written in the audit trail may wait for the disk.
const AUDIT_SYNC: u64 = 500;

/// What the log of a server holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ValueEnum)]
#[serde(rename_all = "lowercase")]
pub enum Log {
    /// What went wrong, on standard error.
    #[default]
    Errors,
    /// Every request besides, a line each.
    Text,
    /// The same as a JSON object each.
    Json,
}

/// What may be said on the command line, in the environment (`JIKU_…`) and in the file.
#[derive(Clone, Debug, Default, Args, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Given {
    /// Address and port; port 0 takes a free one 监听地址
    #[arg(long, env = "JIKU_LISTEN")]
    pub listen: Option<SocketAddr>,
    /// The server's certificate with its chain, in PEM: turns TLS on 服务器证书
    #[arg(long, env = "JIKU_TLS_CERT", value_name = "FILE")]
    pub tls_cert: Option<PathBuf>,
    /// The private key of the certificate, in PEM 私钥
    #[arg(long, env = "JIKU_TLS_KEY", value_name = "FILE")]
    pub tls_key: Option<PathBuf>,
    /// Authorities whose certificates clients may show in place of a key, in PEM 客户端证书颁发机构
    #[arg(long, env = "JIKU_TLS_CLIENT_CA", value_name = "FILE")]
    pub tls_client_ca: Option<PathBuf>,
    /// A proxy before the server ends TLS, and says in X-Forwarded-For who asks 前有终止 TLS 的代理
    #[arg(long, env = "JIKU_BEHIND_PROXY", num_args = 0..=1, default_missing_value = "true", value_name = "BOOL")]
    pub behind_proxy: Option<bool>,
    /// What the log on standard error holds 日志
    #[arg(long, env = "JIKU_LOG")]
    pub log: Option<Log>,
    /// How long a query may take, in seconds 查询时限（秒）
    #[arg(long, env = "JIKU_QUERY_SECONDS", value_parser = clap::value_parser!(u64).range(1..=3600))]
    pub query_seconds: Option<u64>,
    /// The largest body of a request that is no upload, in bytes 请求内容上限（字节）
    #[arg(long, env = "JIKU_BODY_BYTES", value_parser = clap::value_parser!(u64).range(1024..=1 << 30))]
    pub body_bytes: Option<u64>,
    /// How many queries run at once 并行查询数
    #[arg(long, env = "JIKU_CONCURRENT", value_parser = clap::value_parser!(u64).range(1..=4096))]
    pub concurrent: Option<u64>,
    /// When the audit trail reaches the disk: in groups so many milliseconds apart; 0 before each answer
    /// 审计日志落盘间隔（毫秒），0 为每次答复之前
    #[arg(long, env = "JIKU_AUDIT_SYNC", value_name = "MILLISECONDS", value_parser = clap::value_parser!(u64).range(0..=60_000))]
    pub audit_sync: Option<u64>,
    /// Who signs tokens that are taken in place of keys; in the file only.
    #[arg(skip)]
    #[serde(default, rename = "issuer")]
    pub issuers: Vec<Issuer>,
}

/// Arguments of what serves.
#[derive(Debug, Default, Args)]
pub struct Setup {
    /// Settings of this file; config.toml of the data directory without it 设置文件
    #[arg(long, env = "JIKU_CONFIG", value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// What is said here.
    #[command(flatten)]
    pub given: Given,
}

/// How a server is set up.
#[derive(Clone)]
pub struct Settings {
    /// Where it listens.
    pub listen: SocketAddr,
    /// How connections are served.
    pub transport: Transport,
    /// What one request may ask for.
    pub options: Options,
    /// What is logged.
    pub log: Log,
    /// When the audit trail reaches the disk.
    pub audit_sync: audit::Sync,
    /// Who signs tokens.
    pub issuers: Vec<Issuer>,
    /// All of it, as the file would say it, with where it is from.
    pub printed: String,
}

impl Setup {
    /// What holds, for a data directory.
    ///
    /// # Errors
    ///
    /// The file cannot be read, or says what cannot be; certificates that do not fit.
    pub fn settle(&self, data: &Path) -> anyhow::Result<Settings> {
        let (path, is_named) = match &self.config {
            Some(path) => (path.clone(), true),
            None => (data.join(FILE), false),
        };
        let file = match fs::read_to_string(&path) {
            Ok(text) => read(&path, &text)?,
            Err(error) if !is_named && error.kind() == std::io::ErrorKind::NotFound => {
                Given::default()
            }
            Err(error) => {
                let path = path.display();
                return Err(refusal(
                    format!("不能读取设置文件 {path}：{error}"),
                    format!("the settings cannot be read: {path}: {error}"),
                ));
            }
        };
        let folder = path.parent().unwrap_or(Path::new(""));
        settle(&self.given, &file, folder)
    }
}

/// Reads a file of settings.
fn read(path: &Path, text: &str) -> anyhow::Result<Given> {
    toml::from_str(text).map_err(|error| {
        let line = error.span().map_or(1, |span| {
            1 + text[..span.start.min(text.len())].matches('\n').count()
        });
        let (path, reason) = (path.display(), error.message());
        refusal(
            format!("设置文件有误：{path}，第 {line} 行：{reason}"),
            format!("the settings are wrong: {path}, line {line}: {reason}"),
        )
    })
}

/// One setting after the other, as it is printed.
struct Printer {
    out: String,
}

impl Printer {
    /// What holds of a setting: what was said, else what the file says, else `otherwise`.
    fn take<T: Clone + Serialize>(
        &mut self,
        name: &str,
        said: &Option<T>,
        file: &Option<T>,
        otherwise: Option<T>,
    ) -> Option<T> {
        let (value, from) = match (said, file) {
            (Some(value), _) => (
                Some(value.clone()),
                "参数或环境变量 argument or environment",
            ),
            (None, Some(value)) => (Some(value.clone()), "设置文件 file"),
            (None, None) => (otherwise, "默认 default"),
        };
        let shown = value
            .as_ref()
            .and_then(|value| toml::Value::try_from(value).ok());
        let _ = match shown {
            Some(shown) => writeln!(self.out, "{name} = {shown}  # {from}"),
            None => writeln!(self.out, "# {name} =  # {from}"),
        };
        value
    }
}

fn settle(said: &Given, file: &Given, folder: &Path) -> anyhow::Result<Settings> {
    let standard = Options::default();
    let mut print = Printer { out: String::new() };
    let listen = SocketAddr::from(([127, 0, 0, 1], 8080));
    let listen = print
        .take("listen", &said.listen, &file.listen, Some(listen))
        .unwrap_or(listen);
    // Paths in the file are beside the file.
    let beside = |path: &Option<PathBuf>| path.as_ref().map(|path| folder.join(path));
    let certificate = print.take("tls-cert", &said.tls_cert, &beside(&file.tls_cert), None);
    let key = print.take("tls-key", &said.tls_key, &beside(&file.tls_key), None);
    let clients = beside(&file.tls_client_ca);
    let clients = print.take("tls-client-ca", &said.tls_client_ca, &clients, None);
    let proxy = print.take(
        "behind-proxy",
        &said.behind_proxy,
        &file.behind_proxy,
        Some(false),
    );
    let log = print.take("log", &said.log, &file.log, Some(Log::default()));
    let seconds = standard.limits.time.as_secs();
    let seconds = print
        .take(
            "query-seconds",
            &said.query_seconds,
            &file.query_seconds,
            Some(seconds),
        )
        .unwrap_or(seconds);
    let bytes = standard.body_bytes as u64;
    let bytes = print
        .take(
            "body-bytes",
            &said.body_bytes,
            &file.body_bytes,
            Some(bytes),
        )
        .unwrap_or(bytes);
    let concurrent = standard.concurrent as u64;
    let concurrent = print
        .take(
            "concurrent",
            &said.concurrent,
            &file.concurrent,
            Some(concurrent),
        )
        .unwrap_or(concurrent);
    let sync = print
        .take(
            "audit-sync",
            &said.audit_sync,
            &file.audit_sync,
            Some(AUDIT_SYNC),
        )
        .unwrap_or(AUDIT_SYNC);
    let mut issuers = file.issuers.clone();
    for issuer in &mut issuers {
        issuer.settle(folder);
        let shown = toml::to_string(issuer).unwrap_or_default();
        let _ = write!(print.out, "\n[[issuer]]  # 设置文件 file\n{shown}");
    }
    let mut options = standard;
    options.limits.time = Duration::from_secs(seconds);
    options.body_bytes = usize::try_from(bytes)?;
    options.concurrent = usize::try_from(concurrent)?;
    Ok(Settings {
        listen,
        transport: Transport {
            tls: encryption(certificate.as_deref(), key.as_deref(), clients.as_deref())?,
            is_behind_proxy: proxy.unwrap_or(false),
        },
        options,
        log: log.unwrap_or_default(),
        audit_sync: match sync {
            0 => audit::Sync::Each,
            milliseconds => audit::Sync::Every(Duration::from_millis(milliseconds)),
        },
        issuers,
        printed: print.out,
    })
}

/// TLS, where it is asked for.
fn encryption(
    certificate: Option<&Path>,
    key: Option<&Path>,
    clients: Option<&Path>,
) -> anyhow::Result<Option<Arc<rustls::ServerConfig>>> {
    match (certificate, key, clients) {
        (None, None, None) => Ok(None),
        (Some(certificate), Some(key), clients) => {
            let read = tls::configuration(certificate, key, clients).map_err(|error| {
                refusal(format!("TLS 的证书或私钥有误：{error}"), error.to_string())
            })?;
            Ok(Some(Arc::new(read)))
        }
        _ => Err(refusal(
            "TLS 需同时给出证书和私钥：--tls-cert 与 --tls-key",
            "TLS takes a certificate and its key: give both --tls-cert and --tls-key",
        )),
    }
}

#[cfg(test)]
mod tests;
