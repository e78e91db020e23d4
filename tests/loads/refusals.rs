//! What cannot be done is told, and leaves nothing behind.

use std::io::{Read, Write};
use std::net::{Shutdown, TcpStream};
use std::time::{Duration, Instant};

use super::served::{Desk, check, file};

const ROWS: [(&str, &str, &str); 1] = [("GDP", "地区生产总值", "年度")];

#[test]
fn bad_uploads_are_refused_with_their_reason() {
    let desk = Desk::new();
    let body = file(&ROWS);
    let body = body.as_bytes();
    check(
        "unknown_source",
        desk.post("/loads?source=indicator&file=a.csv", body),
    );
    check(
        "synthetic_source",
        desk.post("/loads?source=synth-persons&file=a.csv", body),
    );
    check(
        "not_recognised",
        desk.post("/loads?file=a.csv", b"x,y\n1,2\n"),
    );
    check("empty", desk.post("/loads?source=indicators", b""));
    check("bad_day", desk.post("/loads?asOf=2024-02-30", body));
    check("bad_limit", desk.post("/loads?maxRejects=many", body));
    check("bad_name", desk.post("/loads?by=a%00b", body));
    check(
        "unknown_parameter",
        desk.post("/loads?src=indicators", body),
    );
    assert!(desk.on_disk().is_empty(), "{:?}", desk.on_disk());
    assert_eq!(desk.get("/loads").with(200)["numberReturned"], 0);
}

#[test]
fn what_does_not_suit_a_load_is_refused() {
    let desk = Desk::new();
    check("unknown_load", desk.get("/loads/nothing"));
    for path in ["publish", "undo", "discard"] {
        let answer = desk.post(&format!("/loads/nothing/{path}"), b"").with(404);
        assert_eq!(answer["code"], "load-not-found");
    }
    for path in ["events", "report", "rejects"] {
        let answer = desk.get(&format!("/loads/nothing/{path}")).with(404);
        assert_eq!(answer["code"], "load-not-found");
    }
    check("bad_state", desk.get("/loads?state=done"));
    check("bad_cursor", desk.get("/loads?cursor=nothing"));
    check("bad_page", desk.get("/loads?limit=1000000"));
    check("unknown_source_asked", desk.get("/sources/indicator"));
    check("source", desk.get("/sources/indicators"));
    let id = desk.rehearsed("a.csv", file(&ROWS).as_bytes());
    check(
        "undo_of_rehearsed",
        desk.post(&format!("/loads/{id}/undo"), b""),
    );
    check("no_rejects", desk.get(&format!("/loads/{id}/rejects")));
    desk.published(&id);
    check(
        "publish_again",
        desk.post(&format!("/loads/{id}/publish"), b""),
    );
    // The same once more says nothing new, and leaves nothing to undo.
    let again = desk.rehearsed("a.csv", file(&ROWS).as_bytes());
    let load = desk.post(&format!("/loads/{again}/publish"), b"").with(200);
    assert_eq!(
        (&load["outcome"], &load["transaction"]),
        (&"unchanged".into(), &().into())
    );
    check(
        "nothing_to_undo",
        desk.post(&format!("/loads/{again}/undo"), b""),
    );
}

#[test]
fn a_file_that_cannot_be_read_fails_its_load() {
    let desk = Desk::new();
    let answer = desk.post("/loads?source=indicators&file=a.csv", b"x,y\n1,2\n");
    let id = answer.json()["id"].as_str().expect("an id").to_string();
    let load = answer.with(201);
    assert_eq!(load["state"], "failed", "{load}");
    assert_eq!(load["problem"]["code"], "file-refused", "{load}");
    check("no_report", desk.get(&format!("/loads/{id}/report")));
    let gone = desk.post(&format!("/loads/{id}/discard"), b"").with(200);
    assert_eq!(gone["state"], "discarded");
    assert_eq!(gone["problem"]["code"], "file-refused");
}

/// Sends a part of an upload that announces more.
fn begin(desk: &Desk, announced: usize) -> TcpStream {
    let mut stream = TcpStream::connect(desk.address()).expect("a connection");
    write!(
        stream,
        "POST /loads?source=indicators&file=a.csv HTTP/1.1\r\nhost: x\r\ncontent-length: {announced}\r\n\r\n{}",
        file(&ROWS)
    )
    .expect("sent");
    stream
}

#[test]
fn an_upload_cut_off_in_the_middle_leaves_nothing() {
    let desk = Desk::new();
    // One says that no more comes, and hears why that is not enough.
    let mut stream = begin(&desk, 1_000_000);
    stream.shutdown(Shutdown::Write).expect("half closed");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).expect("an answer");
    assert!(
        answer.is_empty() || answer.contains("upload-cut-off"),
        "{answer}"
    );
    // The other is gone.
    drop(begin(&desk, 1_000_000));
    // And one whose server stops meanwhile.
    let began = Instant::now();
    while !desk.on_disk().is_empty() {
        assert!(
            began.elapsed() < Duration::from_secs(30),
            "{:?}",
            desk.on_disk()
        );
        std::thread::sleep(Duration::from_millis(20));
    }
    assert_eq!(desk.get("/loads").with(200)["numberReturned"], 0);
}

#[test]
fn a_refused_file_is_named_without_where_it_lies() {
    let desk = Desk::new();
    let load = desk.post("/loads?source=indicators&file=a.csv", b"x,y\n1,2\n");
    let load = load.json();
    assert_eq!(load["state"], "failed", "{load}");
    let problem = &load["problem"];
    assert_eq!(problem["code"], "file-refused", "{load}");
    for language in ["zh", "en"] {
        let text = problem[language].as_str().expect("a text");
        assert!(text.contains("a.csv") && !text.contains('/'), "{text}");
    }
}
