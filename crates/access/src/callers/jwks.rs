//! Where an issuer's keys are had from: a file, or an address of the settings. No token, and no answer,
//! can lead anywhere else.

use std::fs;
use std::path::Path;
use std::time::Duration;

use jsonwebtoken::jwk::JwkSet;
use ureq::tls::{Certificate, PemItem, RootCerts, TlsConfig};

/// How many bytes a set of keys may have.
const LARGEST: u64 = 1 << 20;
/// How long fetching one may take.
const TIME: Duration = Duration::from_secs(5);

/// Why keys cannot be had.
#[derive(Debug, thiserror::Error)]
pub enum KeysError {
    /// The address may not be asked.
    #[error(
        "'{0}' may not be asked for keys: expected https, or http on this machine, without a name and password"
    )]
    Address(String),
    /// There are none, or none that can be read.
    #[error("no keys from {0}: {1}")]
    Absent(String, String),
}

/// Whether it is an address, not a file.
pub fn is_address(text: &str) -> bool {
    text.contains("://")
}

/// Whether keys may be had from there.
///
/// # Errors
///
/// [`KeysError::Address`].
pub fn check(from: &str) -> Result<(), KeysError> {
    if !is_address(from) {
        return Ok(());
    }
    let wrong = || KeysError::Address(from.to_string());
    let address: ureq::http::Uri = from.parse().map_err(|_| wrong())?;
    let authority = address
        .authority()
        .map_or("", |authority| authority.as_str());
    let host = address.host().unwrap_or_default();
    let is_here = ["127.0.0.1", "[::1]", "localhost"].contains(&host);
    match address.scheme_str() {
        _ if authority.contains('@') || host.is_empty() => Err(wrong()),
        Some("https") => Ok(()),
        Some("http") if is_here => Ok(()),
        _ => Err(wrong()),
    }
}

/// Fetches keys; `ca` are the authorities that vouch for an address, where they are not the public ones.
///
/// # Errors
///
/// [`KeysError`].
pub fn fetch(from: &str, ca: Option<&Path>) -> Result<JwkSet, KeysError> {
    check(from)?;
    let absent = |reason: &dyn ToString| KeysError::Absent(from.to_string(), reason.to_string());
    let text = match is_address(from) {
        false => fs::read_to_string(from).map_err(|error| absent(&error))?,
        true => {
            let mut tls = TlsConfig::builder();
            if let Some(path) = ca {
                tls = tls.root_certs(authorities(path).map_err(|error| absent(&error))?);
            }
            let agent: ureq::Agent = ureq::Agent::config_builder()
                .timeout_global(Some(TIME))
                // An answer that leads elsewhere is none.
                .max_redirects(0)
                .proxy(None)
                .tls_config(tls.build())
                .build()
                .into();
            let mut answer = agent.get(from).call().map_err(|error| absent(&error))?;
            if answer.status() != 200 {
                return Err(absent(&answer.status()));
            }
            let body = answer.body_mut().with_config().limit(LARGEST);
            body.read_to_string().map_err(|error| absent(&error))?
        }
    };
    serde_json::from_str(&text).map_err(|error| absent(&error))
}

fn authorities(path: &Path) -> Result<RootCerts, String> {
    let text = fs::read(path).map_err(|error| error.to_string())?;
    let mut all: Vec<Certificate<'static>> = Vec::new();
    for item in ureq::tls::parse_pem(&text) {
        match item.map_err(|error| error.to_string())? {
            PemItem::Certificate(certificate) => all.push(certificate),
            _ => return Err(format!("{}: expected certificates", path.display())),
        }
    }
    Ok(RootCerts::from(all))
}
