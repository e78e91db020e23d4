//! The README's curl lines run against a city, as they stand there.

use std::path::Path;
use std::process::Command;

use crate::served::Served;

/// The command lines of the `sh` blocks that begin with `curl`; a line that ends in a backslash goes on.
fn curl_lines(text: &str) -> Vec<String> {
    let mut lines = Vec::new();
    let mut inside = false;
    let mut open: Option<String> = None;
    for line in text.lines() {
        if line.starts_with("```") {
            inside = line.starts_with("```sh");
            continue;
        }
        let going_on = open.is_some();
        if inside && (line.starts_with("curl") || going_on) {
            let mut whole = open.take().unwrap_or_default();
            match line.strip_suffix('\\') {
                Some(part) => {
                    whole.push_str(part);
                    open = Some(whole);
                }
                None => {
                    whole.push_str(line);
                    lines.push(whole);
                }
            }
        }
    }
    lines
}

#[test]
fn the_curl_lines_work() {
    if Command::new("curl").arg("--version").output().is_err() {
        println!("skipped: there is no curl on this machine");
        return;
    }
    let served = Served::guarded();
    let key = served.key.as_deref().unwrap_or_default();
    for file in ["../README.md", "../README.zh.md"] {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(file);
        let text = std::fs::read_to_string(&path).expect("a README");
        let lines = curl_lines(&text);
        assert!(lines.len() >= 10, "{file} has {} curl lines", lines.len());
        for line in lines {
            let here = line.replace("127.0.0.1:8080", &served.address.to_string());
            let output = Command::new("sh")
                .env("JIKU_KEY", key)
                .args(["-c", &here.replacen("curl", "curl --fail --max-time 30", 1)])
                .output()
                .expect("a shell");
            let answer = String::from_utf8_lossy(&output.stdout);
            assert!(output.status.success(), "{file}: {line}\n{answer}");
            assert!(!answer.trim().is_empty(), "{file}: {line} answers nothing");
        }
    }
}
