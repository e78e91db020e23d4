//! A steward's day: a dirty file comes, is rehearsed, mended and published.

use std::io::{BufRead, BufReader, Write};
use std::net::TcpStream;

use serde_json::Value;

use super::served::{Desk, check, file};

const DIRTY: [(&str, &str, &str); 3] = [
    ("GDP", "地区生产总值", "年度"),
    ("CPI", "居民消费价格指数", "often"),
    ("POP", "常住人口", "年度"),
];

/// A text in GB18030.
fn gb18030(text: &str) -> Vec<u8> {
    let (bytes, _, lost) = encoding_rs::GB18030.encode(text);
    assert!(!lost);
    bytes.into_owned()
}

/// When a load was published, as `knownAt` takes it.
fn published_at(load: &Value) -> String {
    let steps = load["history"].as_array().expect("a history").iter();
    let published = steps.rev().find(|step| step["state"] == "published");
    let at = published.expect("it was published")["at"].as_str();
    at.expect("an instant").to_string()
}

#[test]
fn a_dirty_file_is_mended_and_published() {
    let desk = Desk::new();
    let dirty = gb18030(&file(&DIRTY));
    let received = desk.post(
        "/loads?file=%E6%8C%87%E6%A0%87.csv&by=%E7%8E%8B%E8%8A%B3",
        &dirty,
    );
    let id = received.json()["id"].as_str().expect("an id").to_string();
    assert_eq!(received.header("location"), format!("/loads/{id}"));
    check("rehearsed", received);
    assert!(desk.names(None).is_empty(), "a rehearsal left a trace");
    check("report", desk.get(&format!("/loads/{id}/report")));
    let page = desk.page(&format!("/loads/{id}/report"));
    assert_eq!(page.header("content-type"), "text/html; charset=utf-8");
    assert!(page.text().contains("<html"), "{}", page.text());

    // The rows refused come back as they were sent.
    let rejects = desk.get(&format!("/loads/{id}/rejects"));
    assert_eq!(rejects.header("content-type"), "text/csv; charset=gb18030");
    assert_eq!(
        rejects.header("content-disposition"),
        "attachment; filename=\"__.rejects.csv\"; filename*=UTF-8''%E6%8C%87%E6%A0%87.rejects.csv"
    );
    let row = gb18030("CPI,居民消费价格指数,,,often,,");
    assert!(rejects.bytes.windows(row.len()).any(|one| one == row));

    check(
        "too_many_rejects",
        desk.post(&format!("/loads/{id}/publish"), b""),
    );
    let first = desk.post(
        &format!("/loads/{id}/publish?maxRejects=1&by=%E6%9D%8E"),
        b"",
    );
    check("published", first);
    let (text, ..) = encoding_rs::GB18030.decode(&rejects.bytes);
    let mended = gb18030(&text.replace("often", "月度"));
    let second = desk.rehearsed("mended.csv", &mended);
    desk.published(&second);
    let names = desk.names(None);
    assert_eq!(names.len(), 3);
    // Loaded again, the file says nothing new.
    let again = desk.rehearsed(
        "again.csv",
        &gb18030(&file(&DIRTY).replace("often", "月度")),
    );
    let load = desk.post(&format!("/loads/{again}/publish"), b"").with(200);
    assert_eq!(load["outcome"], "unchanged");
    assert_eq!(desk.names(None), names);

    let undo = desk.post(&format!("/loads/{id}/undo"), b"");
    let undone = undo.json();
    check("undo", undo);
    assert_eq!(undone["undoes"], id.as_str());
    assert_eq!(desk.load(&id)["state"], "undone");
    assert_eq!(desk.load(&id)["undoneBy"], undone["id"]);
    // The later load stands.
    let left = [("CPI".to_string(), "居民消费价格指数".to_string())];
    assert_eq!(desk.names(None), left);
    // And each time answers as it was.
    let at = |id: &str| desk.names(Some(&published_at(&desk.load(id)))).len();
    assert_eq!((at(&id), at(&second)), (2, 3));
    assert_eq!(at(undone["id"].as_str().expect("an id")), 1);
    assert_eq!(desk.names(Some("2020-01-01")), []);
    check("list", desk.get("/loads?limit=2"));
    check("undo_again", desk.post(&format!("/loads/{id}/undo"), b""));
}

#[test]
fn a_mended_reject_file_gives_the_state_of_a_clean_file() {
    let (mended, clean) = (Desk::new(), Desk::new());
    let id = mended.rehearsed("indicators.csv", file(&DIRTY).as_bytes());
    let rejects = mended.get(&format!("/loads/{id}/rejects")).text();
    mended
        .post(&format!("/loads/{id}/publish?maxRejects=50%25"), b"")
        .with(200);
    let second = mended.rehearsed(
        "indicators.csv",
        rejects.replace("often", "月度").as_bytes(),
    );
    mended.published(&second);
    let whole = file(&DIRTY).replace("often", "月度");
    let id = clean.rehearsed("indicators.csv", whole.as_bytes());
    clean.published(&id);
    let said = |desk: &Desk| -> Vec<Value> {
        let path = "/collections/indicator/items";
        let page = desk.get(path).with(200);
        let features = page["features"].as_array().expect("features").iter();
        let mut said: Vec<Value> = features.map(|one| one["properties"].clone()).collect();
        said.sort_by_key(|one| one["code"].to_string());
        said
    };
    assert_eq!(said(&mended), said(&clean));
    assert_eq!(said(&clean).len(), 3);
}

#[test]
fn a_load_is_followed_as_it_goes_on() {
    let desk = Desk::new();
    let received = desk.post_soon("/loads?file=a.csv", file(&DIRTY[..1]).as_bytes());
    assert_eq!(received.status, 202, "{}", received.text());
    let id = received.json()["id"].as_str().expect("an id").to_string();
    let mut stream = TcpStream::connect(desk.address()).expect("a connection");
    write!(
        stream,
        "GET /loads/{id}/events HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n"
    )
    .expect("sent");
    let mut lines = BufReader::new(stream).lines().map_while(Result::ok);
    let state = |line: &str| -> Option<Value> {
        let load: Value = serde_json::from_str(line.strip_prefix("data: ")?).ok()?;
        load.get("state").cloned()
    };
    let mut heard = lines.by_ref().filter_map(|line| state(&line));
    while heard.next().expect("the stream goes on") != "rehearsed" {}
    desk.published(&id);
    let rest: Vec<Value> = heard.collect();
    assert_eq!(rest.last(), Some(&Value::from("published")), "{rest:?}");
    // What is over is told once; who knows it is sent away.
    let events = desk.get(&format!("/loads/{id}/events")).text();
    assert_eq!(events.matches("event: state").count(), 1, "{events}");
    let steps = desk.load(&id)["history"]
        .as_array()
        .expect("a history")
        .len();
    let mut stream = TcpStream::connect(desk.address()).expect("a connection");
    write!(
        stream,
        "GET /loads/{id}/events HTTP/1.1\r\nhost: x\r\nconnection: close\r\nlast-event-id: {steps}\r\n\r\n"
    )
    .expect("sent");
    let line = BufReader::new(stream).lines().next().expect("an answer");
    assert_eq!(line.expect("text"), "HTTP/1.1 204 No Content");
}

#[test]
fn a_stopped_desk_lets_its_followers_go_and_goes_on() {
    let mut desk = Desk::new();
    let id = desk.rehearsed("a.csv", file(&DIRTY[..1]).as_bytes());
    let mut stream = TcpStream::connect(desk.address()).expect("a connection");
    write!(stream, "GET /loads/{id}/events HTTP/1.1\r\nhost: x\r\n\r\n").expect("sent");
    let mut lines = BufReader::new(stream).lines().map_while(Result::ok);
    assert!(lines.any(|line| line == "event: state"));
    // It would not end before the load is published.
    desk.stop();
    assert_eq!(lines.filter(|line| line == "event: state").count(), 0);
    desk.start();
    assert_eq!(desk.load(&id)["state"], "rehearsed");
    desk.published(&id);
}

#[test]
fn uploads_are_discarded_and_what_was_published_stays() {
    let desk = Desk::new();
    let first = desk.rehearsed("a.csv", file(&DIRTY).as_bytes());
    let discarded = desk.post(&format!("/loads/{first}/discard"), b"").with(200);
    assert_eq!(
        (&discarded["state"], &discarded["kept"]),
        (&"discarded".into(), &0.into())
    );
    assert!(desk.on_disk().is_empty(), "{:?}", desk.on_disk());
    check(
        "discarded_then_published",
        desk.post(&format!("/loads/{first}/publish"), b""),
    );
    check(
        "discarded_rejects",
        desk.get(&format!("/loads/{first}/rejects")),
    );
    let second = desk.rehearsed("b.csv", file(&DIRTY[..1]).as_bytes());
    desk.published(&second);
    assert!(desk.load(&second)["kept"].as_u64() > Some(0));
    let freed = desk
        .post(&format!("/loads/{second}/discard"), b"")
        .with(200);
    assert_eq!(
        (&freed["state"], &freed["kept"]),
        (&"published".into(), &0.into())
    );
    assert!(
        !desk
            .data()
            .join("loads")
            .join(&second)
            .join("upload")
            .exists()
    );
    desk.get(&format!("/loads/{second}/report")).with(200);
    assert_eq!(desk.names(None).len(), 1);
}

#[test]
fn loads_are_listed_newest_first_page_by_page() {
    let desk = Desk::new();
    let ids: Vec<String> = (0..5)
        .map(|number| desk.rehearsed(&format!("{number}.csv"), file(&DIRTY[..1]).as_bytes()))
        .collect();
    let mut path = "/loads?limit=2&state=rehearsed&source=indicators".to_string();
    let mut seen = Vec::new();
    for _ in 0..3 {
        let page = desk.get(&path).with(200);
        let loads = page["loads"].as_array().expect("loads").iter();
        seen.extend(loads.map(|load| load["id"].as_str().expect("an id").to_string()));
        path = page["links"][0]["href"].as_str().unwrap_or("").to_string();
    }
    assert!(path.is_empty());
    let newest: Vec<String> = ids.into_iter().rev().collect();
    assert_eq!(seen, newest);
    let none = desk.get("/loads?state=published").with(200);
    assert_eq!(none["numberReturned"], 0);
}

#[test]
fn an_undone_load_is_as_if_it_had_not_been_and_what_came_later_stands() {
    let desk = Desk::new();
    let publish = |rows: &[(&str, &str, &str)]| {
        let id = desk.rehearsed("rows.csv", file(rows).as_bytes());
        desk.published(&id);
        id
    };
    let first = publish(&[("GDP", "地区生产总值", "年度"), ("CPI", "价格指数", "年度")]);
    publish(&[("GDP", "生产总值", "年度")]);
    let before = desk.names(None);
    let undone = desk.post(&format!("/loads/{first}/undo"), b"").json();
    let undo = undone["id"].as_str().expect("an id").to_string();
    assert_eq!(undone["state"], "published", "{undone}");
    assert_eq!(desk.load(&first)["state"], "undone");
    assert_eq!(desk.load(&first)["undoneBy"], undo.as_str());
    let name = |names: &[(String, String)], code: &str| {
        let mut found = names.iter().filter(|(one, _)| one == code);
        found.next().map(|(_, name)| name.clone())
    };
    // What the later load said of GDP stands; CPI is no more.
    let after = desk.names(None);
    assert_eq!(
        name(&after, "GDP").as_deref(),
        Some("生产总值"),
        "{after:?}"
    );
    assert_eq!(name(&after, "CPI"), None, "{after:?}");
    // As it was known: after the first load, and before the undo.
    let then = desk.names(Some(&published_at(&desk.load(&first))));
    assert_eq!(
        name(&then, "GDP").as_deref(),
        Some("地区生产总值"),
        "{then:?}"
    );
    assert_eq!(name(&then, "CPI").as_deref(), Some("价格指数"), "{then:?}");
    assert_eq!(
        name(&before, "CPI").as_deref(),
        Some("价格指数"),
        "{before:?}"
    );
    // The same file says something new again.
    let again = publish(&[("CPI", "价格指数", "年度")]);
    assert_eq!(desk.load(&again)["counts"]["unchanged"], 0);
    assert_eq!(name(&desk.names(None), "CPI").as_deref(), Some("价格指数"));
}
