//! Attempts to be taken for another, or to wear the server out.

use std::io::Write;
use std::net::TcpStream;
use std::time::{Duration, Instant};

use super::stage::{Stage, until_closed};

#[test]
fn what_is_nearly_a_key_is_none() {
    let stage = Stage::new();
    let key = stage.key.clone();
    let mut turned: Vec<u8> = key.clone().into_bytes();
    let last = turned.len() - 1;
    turned[last] = if turned[last] == b'0' { b'1' } else { b'0' };
    let turned = String::from_utf8(turned).expect("text");
    let (start, secret) = key.rsplit_once('_').expect("parts");
    let shown = [
        format!("Bearer {turned}"),
        format!("Bearer {}", &key[..last]),
        format!("Bearer {key}0"),
        format!("Bearer {key} {key}"),
        format!("Bearer  {key}"),
        format!("Bearer {}", key.to_uppercase()),
        format!("Bearer {start}_"),
        format!("Bearer {secret}"),
        format!("Basic {key}"),
        format!("Basic Og=={key}"),
        key.clone(),
        "Bearer".to_string(),
        "Bearer ".to_string(),
        "Bearer null".to_string(),
    ];
    for (place, shown) in shown.iter().enumerate() {
        assert_eq!(stage.status("/collections", Some(shown)), 401, "{place}");
    }
    assert_eq!(
        stage.status("/collections", Some(&format!("bearer {key}"))),
        200
    );
    assert_eq!(stage.status(&format!("/collections?key={key}"), None), 401);
    assert_eq!(
        stage.status(&format!("/collections?access_token={key}"), None),
        401
    );
}

#[test]
fn who_guesses_is_turned_away_and_others_are_not() {
    let stage = Stage::new();
    let guess = |count: usize| format!("Bearer jiku_0123456789ab_{count:064x}");
    let mut statuses = Vec::new();
    for count in 0..40 {
        statuses.push(stage.status("/collections", Some(&guess(count))));
    }
    assert_eq!(statuses[0], 401);
    assert_eq!(statuses[39], 429);
    let (_, wait, _) = stage.get("/collections", Some(&guess(0)));
    assert!(wait.is_some_and(|wait| (1..=60).contains(&wait)));
    // From the same address.
    assert_eq!(stage.by(&stage.key), 200);
    assert_eq!(stage.status("/collections", None), 401);
}

#[test]
fn requests_that_two_servers_would_read_differently_are_refused() {
    let stage = Stage::new();
    let key = &stage.key;
    let (ok, shut) = ("HTTP/1.1 200", "HTTP/1.1 401");
    let plain = format!(
        "GET /collections HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {key}\r\nconnection: close\r\n\r\n"
    );
    assert!(stage.raw(&plain).starts_with(ok));
    // Two credentials: one a proxy may have looked at, and another one.
    let two = plain.replace("connection:", "authorization: Bearer jiku_x\r\nconnection:");
    assert!(stage.raw(&two).starts_with(shut));
    let two = plain.replace(
        "authorization:",
        "authorization: Bearer jiku_x\r\nauthorization:",
    );
    assert!(stage.raw(&two).starts_with(shut));
    // Lengths that contradict one another carry a second request past whoever counts the other way.
    let hidden =
        format!("GET /collections HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {key}\r\n\r\n");
    let length = hidden.len();
    for lengths in [
        format!("content-length: {length}\r\ntransfer-encoding: chunked"),
        format!("content-length: 0\r\ncontent-length: {length}"),
        format!(
            "transfer-encoding: chunked\r\ntransfer-encoding: identity\r\ncontent-length: {length}"
        ),
        format!("transfer-encoding : chunked\r\ncontent-length: {length}"),
        "content-length: +5".to_string(),
    ] {
        let head = format!("POST /query HTTP/1.1\r\nhost: x\r\n{lengths}\r\n\r\n0\r\n\r\n{hidden}");
        let answer = stage.raw(&head);
        assert!(!answer.contains(ok), "{lengths}: {answer}");
    }
    // A line break inside a value ends nothing.
    let folded = format!(
        "GET /collections HTTP/1.1\r\nhost: x\r\nx: a\r\n authorization: Bearer {key}\r\n\r\n"
    );
    assert!(!stage.raw(&folded).contains(ok));
    let bare = format!(
        "GET /collections HTTP/1.1\r\nhost: x\r\nx: a\rauthorization: Bearer {key}\r\n\r\n"
    );
    assert!(!stage.raw(&bare).contains(ok));
    // What a proxy would say of a caller is not believed.
    let said = "GET /collections HTTP/1.1\r\nhost: x\r\nx-forwarded-user: administrator\r\n\
                x-remote-user: administrator\r\nx-ssl-client-s-dn: CN=administrator\r\n\
                x-forwarded-for: 127.0.0.1\r\nx-original-url: /health/live\r\nconnection: close\r\n\r\n";
    assert!(stage.raw(said).starts_with(shut));
}

#[test]
fn paths_that_only_look_open_are_not() {
    let stage = Stage::new();
    for path in [
        "/health/../collections",
        "/health/live/../../collections",
        "/console/..%2fcollections",
        "/console/%2e%2e/collections",
        "//collections",
        "/collections/",
        "/Health/live",
        "/health/live%00",
        "/open/../collections",
        "/admin/verify",
        "/collections;/health/live",
        "/collections?/health/live",
        "/collections#/health/live",
    ] {
        let request = format!("GET {path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n");
        let answer = stage.raw(&request);
        let status = answer.get(9..12).unwrap_or_default().to_string();
        assert!(
            ["400", "401", "404"].contains(&status.as_str()),
            "{path}: {answer}"
        );
        assert!(!answer.contains("\"collections\":"), "{path}: {answer}");
    }
}

#[test]
fn heads_and_bodies_have_a_size() {
    let stage = Stage::new();
    let long = "a".repeat(1 << 20);
    let request = format!("GET /collections HTTP/1.1\r\nhost: x\r\nx: {long}\r\n\r\n");
    let mut stream = TcpStream::connect(stage.address).expect("a connection");
    // The server may close before all of it is sent.
    let _ = stream.write_all(request.as_bytes());
    let answer = until_closed(&mut stream);
    assert!(
        answer.is_empty() || answer.starts_with("HTTP/1.1 431"),
        "{answer}"
    );
    let body = format!("{{\"from\":\"person\",\"q\":\"{}\"}}", "a".repeat(2 << 20));
    let request = ureq::http::Request::post(format!("http://{}/query", stage.address))
        .header("authorization", format!("Bearer {}", stage.key))
        .body(body)
        .expect("a request");
    let (status, _, body) = super::stage::answer(super::stage::agent().run(request));
    assert_eq!(
        (status, body["code"].as_str()),
        (413, Some("body-too-large"))
    );
    assert_eq!(stage.by(&stage.key), 200);
}

#[test]
fn slow_bodies_end_and_hold_nobody_up() {
    let mut options = server::Options::default();
    options.limits.time = Duration::from_secs(1);
    let stage = Stage::with(Vec::new(), server::Transport::default(), options);
    let head = format!(
        "POST /query HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {}\r\ncontent-type: application/json\r\ncontent-length: 1000\r\n\r\n{{",
        stage.key
    );
    let mut slow: Vec<TcpStream> = (0..40)
        .map(|_| {
            let mut stream = TcpStream::connect(stage.address).expect("a connection");
            stream.write_all(head.as_bytes()).expect("sent");
            stream
        })
        .collect();
    let begun = Instant::now();
    assert_eq!(stage.by(&stage.key), 200);
    assert!(begun.elapsed() < Duration::from_secs(1), "others wait");
    let stream = slow.last_mut().expect("one");
    let answer = until_closed(stream);
    assert!(answer.starts_with("HTTP/1.1 408"), "{answer}");
    assert!(answer.contains("body-too-slow"), "{answer}");
}

#[test]
fn a_key_is_compared_in_the_same_time_wherever_it_is_wrong() {
    // Measured on the comparison itself: over HTTP the noise is larger than what is looked for. It is
    // done on hashes of all that is shown, so that where two texts differ has no place in it.
    let stage = Stage::new();
    let callers = access::Callers::open(&stage.data(), Vec::new()).expect("callers");
    let key = &stage.key;
    let mut first = key.clone().into_bytes();
    let place = first.len() - 64;
    first[place] ^= 1;
    let mut last = key.clone().into_bytes();
    let place = last.len() - 1;
    last[place] ^= 1;
    let unknown = format!("jiku_000000000000_{}", "0".repeat(64)).into_bytes();
    let mut fastest = [Duration::MAX; 3];
    for _ in 0..400 {
        for (place, shown) in [&first, &last, &unknown].into_iter().enumerate() {
            let shown = [b"Bearer ", shown.as_slice()].concat();
            let begun = Instant::now();
            for _ in 0..20 {
                assert!(callers.bearer(std::hint::black_box(&shown)).is_err());
            }
            fastest[place] = fastest[place].min(begun.elapsed());
        }
    }
    let (least, most) = (fastest.iter().min(), fastest.iter().max());
    let (least, most) = (least.expect("three"), most.expect("three"));
    assert!(
        most.as_secs_f64() < 2.0 * least.as_secs_f64(),
        "{fastest:?}"
    );
}

#[test]
fn secrets_are_in_no_answer() {
    let stage = Stage::new();
    let secret = stage.key.rsplit('_').next().expect("a secret").to_string();
    let shown = format!("Bearer {}x", stage.key);
    let request = format!(
        "GET /collections HTTP/1.1\r\nhost: x\r\nauthorization: {shown}\r\nconnection: close\r\n\r\n"
    );
    let answer = stage.raw(&request);
    assert!(answer.starts_with("HTTP/1.1 401"), "{answer}");
    assert!(
        answer.to_lowercase().contains("www-authenticate: bearer"),
        "{answer}"
    );
    assert!(!answer.contains(&secret), "{answer}");
}
