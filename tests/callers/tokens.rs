//! Signed tokens of a test issuer: taken where all is right, refused where anything is not.

use std::io::{Read, Write};
use std::net::TcpListener;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use access::callers::jwks;
use access::callers::token::{Issuer, Tokens};
use jiff::Timestamp;
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use rcgen::{KeyPair, PublicKeyData};
use serde_json::{Value, json};

use super::stage::Stage;

const ISSUER: &str = "https://id.example.gov.cn";

/// An issuer with one key.
struct TestIssuer {
    key: EncodingKey,
    jwks: Value,
}

impl TestIssuer {
    fn new(kid: &str) -> TestIssuer {
        let pair = KeyPair::generate().expect("a key");
        let point = pair.der_bytes();
        let text = |bytes: &[u8]| base64url(bytes);
        let jwk = json!({
            "kty": "EC", "crv": "P-256", "use": "sig", "alg": "ES256", "kid": kid,
            "x": text(&point[1..33]), "y": text(&point[33..65]),
        });
        TestIssuer {
            key: EncodingKey::from_ec_der(&pair.serialize_der()),
            jwks: json!({ "keys": [jwk] }),
        }
    }

    fn sign(&self, kid: &str, claims: &Value) -> String {
        let mut header = Header::new(Algorithm::ES256);
        header.kid = Some(kid.to_string());
        encode(&header, claims, &self.key).expect("a token")
    }
}

fn base64url(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let mut out = String::new();
    for three in bytes.chunks(3) {
        let number = three
            .iter()
            .fold(0_u32, |all, byte| (all << 8) | u32::from(*byte))
            << (8 * (3 - three.len()));
        for place in 0..=three.len() {
            out.push(char::from(
                DIGITS[(number >> (18 - 6 * place)) as usize & 63],
            ));
        }
    }
    out
}

fn claims() -> Value {
    let now = Timestamp::now().as_second();
    json!({
        "iss": ISSUER, "aud": "jiku", "sub": "u-17", "exp": now + 300, "nbf": now - 5,
        "roles": ["administrator"], "department": "civil-affairs", "preferred_username": "wang.fang",
    })
}

fn settings(jwks: &str) -> Issuer {
    let said = json!({ "name": "sso", "issuer": ISSUER, "audience": "jiku", "jwks": jwks });
    serde_json::from_value(said).expect("an issuer")
}

/// What is not known, or tried too often.
fn is_refused(status: u16) -> bool {
    matches!(status, 401 | 429)
}

/// A server that trusts a new issuer.
fn stage(issuer: &TestIssuer) -> (Stage, tempfile::TempDir) {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("jwks.json");
    std::fs::write(&file, issuer.jwks.to_string()).expect("a file");
    let issuers = vec![settings(&file.display().to_string())];
    let options = server::Options::default();
    (
        Stage::with(issuers, server::Transport::default(), options),
        folder,
    )
}

#[test]
fn a_token_lets_in_whom_it_names() {
    let issuer = TestIssuer::new("a");
    let (stage, folder) = stage(&issuer);
    assert_eq!(stage.by(&issuer.sign("a", &claims())), 200);
    let tokens = Tokens::new(vec![settings(
        &folder.path().join("jwks.json").display().to_string(),
    )]);
    let tokens = tokens.expect("an issuer");
    let shown = tokens
        .verify(issuer.sign("a", &claims()).as_bytes())
        .expect("a caller");
    let caller = shown.caller;
    assert_eq!(
        (caller.id.as_str(), caller.user.as_deref()),
        ("sso:u-17", Some("wang.fang"))
    );
    assert_eq!(caller.roles, ["administrator"]);
    assert_eq!(caller.department.as_deref(), Some("civil-affairs"));
}

#[test]
fn tokens_that_are_forged_or_for_others_are_refused() {
    let issuer = TestIssuer::new("a");
    let (stage, _folder) = stage(&issuer);
    let now = Timestamp::now().as_second();
    let changed = |name: &str, value: Value| {
        let mut claims = claims();
        claims[name] = value;
        claims
    };
    let without = |name: &str| {
        let mut claims = claims();
        claims.as_object_mut().expect("an object").remove(name);
        claims
    };
    for (what, claims) in [
        ("expired", changed("exp", json!(now - 120))),
        ("expiry is a text", changed("exp", json!("9999999999"))),
        ("not yet", changed("nbf", json!(now + 600))),
        ("for another server", changed("aud", json!("other"))),
        ("for others", changed("aud", json!(["other", "another"]))),
        (
            "of another issuer",
            changed("iss", json!("https://evil.example")),
        ),
        ("without expiry", without("exp")),
        ("without audience", without("aud")),
        ("without issuer", without("iss")),
        ("without subject", without("sub")),
        ("without roles", without("roles")),
        ("with no role", changed("roles", json!([]))),
        (
            "roles of another kind",
            changed("roles", json!({ "administrator": true })),
        ),
    ] {
        let status = stage.by(&issuer.sign("a", &claims));
        assert!(is_refused(status), "{what}: {status}");
    }
    let good = issuer.sign("a", &claims());
    let status = stage.by(&issuer.sign("b", &claims()));
    assert!(is_refused(status), "a key nobody knows");
    let status = stage.by(&TestIssuer::new("a").sign("a", &claims()));
    assert!(is_refused(status), "another key");
    let parts: Vec<&str> = good.split('.').collect();
    let (head, body, signature) = (parts[0], parts[1], parts[2]);
    let none = base64url(br#"{"alg":"none","typ":"JWT"}"#);
    let shared = base64url(br#"{"alg":"HS256","typ":"JWT","kid":"a"}"#);
    let elsewhere = base64url(br#"{"alg":"ES256","kid":"z","jku":"http://127.0.0.1:1/jwks"}"#);
    let other = base64url(changed("sub", json!("u-18")).to_string().as_bytes());
    for forged in [
        format!("{none}.{body}."),
        format!("{none}.{body}.{signature}"),
        format!("{shared}.{body}.{signature}"),
        format!("{elsewhere}.{body}.{signature}"),
        format!("{head}.{other}.{signature}"),
        format!("{head}.{body}."),
        format!("{head}.{body}"),
        format!("{good}.{signature}"),
        format!("{head}.{body}.{}", "A".repeat(20_000)),
    ] {
        let status = stage.by(&forged);
        assert!(is_refused(status), "{status}: {forged:.80}");
    }
    assert_eq!(stage.by(&good), 200);
}

#[test]
fn a_public_key_is_no_shared_secret() {
    let issuer = TestIssuer::new("a");
    let (stage, folder) = stage(&issuer);
    let public = std::fs::read(folder.path().join("jwks.json")).expect("keys");
    let mut header = Header::new(Algorithm::HS256);
    header.kid = Some("a".to_string());
    let forged = encode(&header, &claims(), &EncodingKey::from_secret(&public)).expect("a token");
    assert_eq!(stage.by(&forged), 401);
    let mut wrong = settings("/nowhere");
    wrong.algorithms = vec![Algorithm::HS256];
    let refused = Tokens::new(vec![wrong]).err().expect("refused").to_string();
    assert!(refused.contains("HS256"), "{refused}");
}

/// Answers every request with the same bytes, and counts.
fn serve(answer: String) -> (String, Arc<AtomicUsize>) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("an address");
    let count = Arc::new(AtomicUsize::new(0));
    let counted = count.clone();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let Ok(mut stream) = stream else { return };
            counted.fetch_add(1, Ordering::SeqCst);
            let mut piece = [0; 4096];
            let _ = stream.read(&mut piece);
            let _ = stream.write_all(answer.as_bytes());
        }
    });
    (format!("http://{address}/jwks"), count)
}

fn http(status: &str, headers: &str, body: &str) -> String {
    let length = body.len();
    format!(
        "HTTP/1.1 {status}\r\ncontent-length: {length}\r\nconnection: close\r\n{headers}\r\n{body}"
    )
}

#[test]
fn keys_are_fetched_from_the_address_of_the_settings_and_seldom() {
    let issuer = TestIssuer::new("a");
    let (address, count) = serve(http("200 OK", "", &issuer.jwks.to_string()));
    let tokens = Tokens::new(vec![settings(&address)]).expect("an issuer");
    for _ in 0..5 {
        assert!(
            tokens
                .verify(issuer.sign("a", &claims()).as_bytes())
                .is_some()
        );
        assert!(
            tokens
                .verify(issuer.sign("unknown", &claims()).as_bytes())
                .is_none()
        );
    }
    assert_eq!(
        count.load(Ordering::SeqCst),
        1,
        "tokens with made-up keys ask nobody"
    );
}

#[test]
fn keys_lead_nowhere_else() {
    let issuer = TestIssuer::new("a");
    let (inner, hits) = serve(http("200 OK", "", &issuer.jwks.to_string()));
    let (outer, _) = serve(http("302 Found", &format!("location: {inner}\r\n"), ""));
    assert!(jwks::fetch(&outer, None).is_err());
    assert_eq!(hits.load(Ordering::SeqCst), 0, "a redirection was followed");
    let (large, _) = serve(http(
        "200 OK",
        "",
        &format!("{{\"keys\":[{}]}}", " ".repeat(2 << 20)),
    ));
    assert!(jwks::fetch(&large, None).is_err());
    for address in [
        "http://169.254.169.254/latest/meta-data",
        "http://10.0.0.1/jwks",
        "http://example.org/jwks",
        "http://localhost.example.org/jwks",
        "http://127.0.0.1@example.org/jwks",
        "https://user:password@id.example.gov.cn/jwks",
        "ftp://127.0.0.1/jwks",
        "file:///etc/passwd",
        "gopher://127.0.0.1:70/",
        "https://",
    ] {
        assert!(jwks::check(address).is_err(), "{address}");
        assert!(Tokens::new(vec![settings(address)]).is_err(), "{address}");
    }
    for address in [
        "https://id.example.gov.cn/jwks",
        "http://127.0.0.1:9/jwks",
        "http://[::1]:9/jwks",
    ] {
        assert!(jwks::check(address).is_ok(), "{address}");
    }
}
