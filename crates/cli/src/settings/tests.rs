//! What holds of settings, and what is said of wrong ones.

use std::fs;
use std::net::SocketAddr;

use super::{Given, Log, Setup};
use crate::refusal::Refusal;

fn written(text: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("config.toml"), text).unwrap();
    folder
}

fn refused(text: &str) -> Refusal {
    let error = Setup::default().settle(written(text).path()).err().unwrap();
    Refusal::of(&error)
}

#[test]
fn what_is_said_comes_before_the_file_and_the_file_before_what_holds_otherwise() {
    let folder = written(
        "listen = \"127.0.0.1:7001\"\nlog = \"json\"\nquery-seconds = 3\n\n[[issuer]]\nname = \"sso\"\n\
         issuer = \"https://id\"\naudience = \"jiku\"\njwks = \"keys.json\"\n",
    );
    let said = Setup {
        config: None,
        given: Given {
            listen: Some(SocketAddr::from(([127, 0, 0, 1], 7002))),
            ..Given::default()
        },
    };
    let settings = said.settle(folder.path()).unwrap();
    assert_eq!(settings.listen.port(), 7002);
    assert_eq!(settings.log, Log::Json);
    assert_eq!(settings.options.limits.time.as_secs(), 3);
    assert_eq!(
        settings.options.body_bytes,
        server::Options::default().body_bytes
    );
    let keys = folder.path().join("keys.json").display().to_string();
    assert_eq!(settings.issuers[0].jwks, keys, "beside the file");
    // What is printed is a file that says the same.
    let again = written(&settings.printed);
    let again = Setup::default().settle(again.path()).unwrap();
    assert_eq!((again.listen, again.log), (settings.listen, settings.log));
    assert_eq!(again.issuers[0].jwks, keys);
    assert!(
        settings
            .printed
            .contains("query-seconds = 3  # 设置文件 file")
    );
}

#[test]
fn a_wrong_file_is_named_with_its_line() {
    let refusal = refused("log = \"json\"\nlisten-on = \"x\"\n");
    assert!(refusal.en.contains("config.toml, line 2"), "{refusal:?}");
    assert!(refusal.en.contains("listen-on"), "{refusal:?}");
    let refusal = refused("\nlog = \"loud\"\n");
    assert!(
        refusal.en.contains("line 2") && refusal.en.contains("loud"),
        "{refusal:?}"
    );
    let refusal = refused("tls-cert = \"a.pem\"\n");
    assert!(refusal.zh.contains("--tls-key"), "{refusal:?}");
    let refusal = refused("tls-cert = \"a.pem\"\ntls-key = \"b.pem\"\n");
    assert!(refusal.en.contains("a.pem"), "{refusal:?}");
    let gone = Setup {
        config: Some("gone.toml".into()),
        given: Given::default(),
    };
    let error = gone.settle(std::path::Path::new("")).err().unwrap();
    assert!(Refusal::of(&error).en.contains("gone.toml"));
}
