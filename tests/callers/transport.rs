//! TLS, and certificates in place of keys.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use rcgen::{
    BasicConstraints, CertificateParams, DistinguishedName, DnType, IsCa, Issuer, KeyPair,
};
use serde_json::json;
use server::{Transport, check_listen, tls};
use ureq::tls::{Certificate, ClientCert, PrivateKey, RootCerts, TlsConfig};

use super::stage::{Stage, answer, make};

struct Authority {
    issuer: Issuer<'static, KeyPair>,
    pem: String,
}

impl Authority {
    fn new(name: &str) -> Authority {
        let mut params = CertificateParams::new(Vec::new()).expect("parameters");
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.distinguished_name.push(DnType::CommonName, name);
        let key = KeyPair::generate().expect("a key");
        let pem = params.self_signed(&key).expect("a certificate").pem();
        let issuer = Issuer::new(params, key);
        Authority { issuer, pem }
    }

    /// A certificate and its key, in PEM.
    fn sign(&self, names: &[(DnType, &str)], hosts: &[&str]) -> (String, String) {
        let hosts: Vec<String> = hosts.iter().map(|host| host.to_string()).collect();
        let mut params = CertificateParams::new(hosts).expect("parameters");
        params.distinguished_name = DistinguishedName::new();
        for (kind, name) in names {
            params.distinguished_name.push(kind.clone(), *name);
        }
        let key = KeyPair::generate().expect("a key");
        let signed = params.signed_by(&key, &self.issuer).expect("a certificate");
        (signed.pem(), key.serialize_pem())
    }
}

fn written(folder: &Path, name: &str, text: &str) -> PathBuf {
    let path = folder.join(name);
    std::fs::write(&path, text).expect("a file");
    path
}

/// A served stage with TLS, and the authority of its clients.
fn encrypted(folder: &Path, clients: &Authority) -> (Stage, Authority) {
    let own = Authority::new("test authority");
    let (certificate, key) = own.sign(&[(DnType::CommonName, "localhost")], &["localhost"]);
    let certificate = written(folder, "cert.pem", &certificate);
    let key = written(folder, "key.pem", &key);
    let clients = written(folder, "clients.pem", &clients.pem);
    let tls = tls::configuration(&certificate, &key, Some(&clients)).expect("certificates");
    let transport = Transport {
        tls: Some(Arc::new(tls)),
        is_behind_proxy: false,
    };
    let stage = Stage::with(Vec::new(), transport, server::Options::default());
    (stage, own)
}

fn agent(own: &Authority, shown: Option<&(String, String)>) -> ureq::Agent {
    let root = Certificate::from_pem(own.pem.as_bytes()).expect("a certificate");
    let shown = shown.map(|(certificate, key)| {
        let certificate = Certificate::from_pem(certificate.as_bytes()).expect("a certificate");
        let key = PrivateKey::from_pem(key.as_bytes()).expect("a key");
        ClientCert::new_with_certs(&[certificate], key)
    });
    let tls = TlsConfig::builder()
        .root_certs(RootCerts::Specific(Arc::new(vec![root])))
        .client_cert(shown);
    ureq::Agent::config_builder()
        .http_status_as_error(false)
        .proxy(None)
        .tls_config(tls.build())
        .build()
        .into()
}

#[test]
fn a_certificate_stands_for_a_caller_and_only_one_of_the_authority() {
    let folder = tempfile::tempdir().expect("a folder");
    let clients = Authority::new("clients");
    let (stage, own) = encrypted(folder.path(), &clients);
    let names = [
        (DnType::CountryName, "CN"),
        (DnType::OrganizationName, "民政局"),
        (DnType::CommonName, "civil-affairs, gateway"),
    ];
    let subject = "CN=civil-affairs\\, gateway,O=民政局,C=CN";
    make(
        &stage.register,
        json!({ "name": "gateway", "certificates": [subject] }),
    );
    std::thread::sleep(std::time::Duration::from_millis(400));
    let url = format!("https://localhost:{}/collections", stage.address.port());
    let ask = |shown: Option<&(String, String)>, key: Option<&str>| {
        let mut request = agent(&own, shown).get(&url);
        if let Some(key) = key {
            request = request.header("authorization", format!("Bearer {key}"));
        }
        request.call()
    };
    let known = clients.sign(&names, &[]);
    assert_eq!(answer(ask(Some(&known), None)).0, 200);
    assert_eq!(answer(ask(None, None)).0, 401, "nothing is shown");
    assert_eq!(answer(ask(None, Some(&stage.key))).0, 200, "a key is");
    let other = clients.sign(&names[..2], &[]);
    assert_eq!(
        answer(ask(Some(&other), None)).0,
        401,
        "a subject nobody knows"
    );
    assert_eq!(answer(ask(Some(&other), Some(&stage.key))).0, 200);
    let forged = Authority::new("clients").sign(&names, &[]);
    assert!(
        ask(Some(&forged), Some(&stage.key)).is_err(),
        "another authority of the same name"
    );
    stage.register.revoke("gateway").expect("revoked");
    std::thread::sleep(std::time::Duration::from_millis(600));
    assert_eq!(answer(ask(Some(&known), None)).0, 401);
    // Nothing is said without TLS.
    let plain = stage.raw("GET /health/live HTTP/1.1\r\nhost: x\r\n\r\n");
    assert!(!plain.contains("HTTP/1.1 200"), "{plain}");
}

#[test]
fn files_that_do_not_fit_are_named() {
    let folder = tempfile::tempdir().expect("a folder");
    let own = Authority::new("test authority");
    let (certificate, key) = own.sign(&[], &["localhost"]);
    let (_, other) = own.sign(&[], &["localhost"]);
    let certificate = written(folder.path(), "cert.pem", &certificate);
    let good = written(folder.path(), "key.pem", &key);
    let other = written(folder.path(), "other.pem", &other);
    let gone = folder.path().join("gone.pem");
    let told = |certificate: &Path, key: &Path, clients: Option<&Path>| {
        let read = tls::configuration(certificate, key, clients);
        read.expect_err("refused").to_string()
    };
    assert!(told(&gone, &good, None).contains("gone.pem"));
    assert!(told(&certificate, &gone, None).contains("gone.pem"));
    assert!(told(&good, &good, None).contains("key.pem"));
    assert!(told(&certificate, &certificate, None).contains("cert.pem"));
    assert!(told(&certificate, &other, None).contains("do not fit"));
    assert!(told(&certificate, &good, Some(&gone)).contains("gone.pem"));
}

#[test]
fn others_are_listened_to_only_where_nobody_reads_along() {
    let wide = ([0, 0, 0, 0], 8080).into();
    let here = ([127, 0, 0, 1], 8080).into();
    let plain = Transport::default();
    assert!(check_listen(here, &plain).is_ok());
    let refused = check_listen(wide, &plain).expect_err("refused").to_string();
    assert!(refused.contains("TLS"), "{refused}");
    let behind = Transport {
        is_behind_proxy: true,
        ..Transport::default()
    };
    assert!(check_listen(wide, &behind).is_ok());
}
