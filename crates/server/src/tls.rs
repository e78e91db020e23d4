//! TLS: certificates read from files, and who a client's certificate speaks of.
//!
//! TLS 1.2 and 1.3 by rustls. A client may show a certificate of an authority that is trusted for that;
//! it need not, for it may show a key.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::server::WebPkiClientVerifier;
use rustls::{RootCertStore, ServerConfig};
use x509_parser::prelude::{FromDer, X509Certificate};

/// What is wrong with the files of TLS.
#[derive(Debug, thiserror::Error)]
pub enum TlsError {
    /// A file holds no certificate, or none that can be read.
    #[error("{path}: expected certificates in PEM: {reason}", path = path.display())]
    Certificates {
        /// The file.
        path: PathBuf,
        /// Why.
        reason: String,
    },
    /// A file holds no private key.
    #[error("{path}: expected a private key in PEM: {reason}", path = path.display())]
    Key {
        /// The file.
        path: PathBuf,
        /// Why.
        reason: String,
    },
    /// Certificate and key do not belong together, or an authority's certificate is none.
    #[error("the certificate, its key and the clients' authority do not fit: {0}")]
    Unfit(String),
}

/// How a server proves who it is: its certificate with those between it and its authority, and its key.
/// `clients` are the authorities whose certificates clients may show.
///
/// # Errors
///
/// What is wrong with which file.
pub fn configuration(
    certificate: &Path,
    key: &Path,
    clients: Option<&Path>,
) -> Result<ServerConfig, TlsError> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let unfit = |reason: &dyn ToString| TlsError::Unfit(reason.to_string());
    let chain = certificates(certificate)?;
    let secret = PrivateKeyDer::from_pem_file(key).map_err(|reason| TlsError::Key {
        path: key.to_path_buf(),
        // Never what the file holds.
        reason: reason.to_string(),
    })?;
    let builder = ServerConfig::builder_with_provider(provider.clone())
        .with_safe_default_protocol_versions()
        .map_err(|error| unfit(&error))?;
    let builder = match clients {
        None => builder.with_no_client_auth(),
        Some(path) => {
            let mut roots = RootCertStore::empty();
            for authority in certificates(path)? {
                roots.add(authority).map_err(|error| unfit(&error))?;
            }
            let verifier = WebPkiClientVerifier::builder_with_provider(Arc::new(roots), provider)
                .allow_unauthenticated()
                .build()
                .map_err(|error| unfit(&error))?;
            builder.with_client_cert_verifier(verifier)
        }
    };
    let mut configuration = builder
        .with_single_cert(chain, secret)
        .map_err(|error| unfit(&error))?;
    configuration.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(configuration)
}

fn certificates(path: &Path) -> Result<Vec<CertificateDer<'static>>, TlsError> {
    let wrong = |reason: String| TlsError::Certificates {
        path: path.to_path_buf(),
        reason,
    };
    let read = CertificateDer::pem_file_iter(path).map_err(|error| wrong(error.to_string()))?;
    let all: Result<Vec<_>, _> = read.collect();
    let all = all.map_err(|error| wrong(error.to_string()))?;
    if all.is_empty() {
        return Err(wrong("there is none".to_string()));
    }
    Ok(all)
}

/// The subject of a certificate as RFC 4514 writes it: the most special name first.
pub fn subject(certificate: &CertificateDer<'_>) -> Option<String> {
    let (_, parsed) = X509Certificate::from_der(certificate).ok()?;
    let mut names = Vec::new();
    for attribute in parsed.subject().iter_attributes() {
        let kind = x509_parser::objects::oid2abbrev(
            attribute.attr_type(),
            x509_parser::objects::oid_registry(),
        );
        let kind = kind.map_or_else(|_| attribute.attr_type().to_id_string(), str::to_string);
        names.push(format!("{kind}={}", escaped(attribute.as_str().ok()?)));
    }
    names.reverse();
    Some(names.join(","))
}

/// A value with what RFC 4514 wants escaped.
fn escaped(value: &str) -> String {
    let mut out = String::new();
    let last = value.chars().count().saturating_sub(1);
    for (place, character) in value.chars().enumerate() {
        let is_special = matches!(character, '"' | '+' | ',' | ';' | '<' | '>' | '\\');
        let is_edge =
            (place == 0 && matches!(character, ' ' | '#')) || (place == last && character == ' ');
        if is_special || is_edge {
            out.push('\\');
        }
        out.push(character);
    }
    out
}
