//! Files are found in the form asked for, and a page that was built is whole.

use super::*;

#[test]
fn encodings_are_chosen_as_asked() {
    for (accepted, encoding, yes) in [
        ("gzip, deflate, br", "br", true),
        ("gzip;q=0.5, br;q=0", "br", false),
        ("gzip;q=0.5, br;q=0", "gzip", true),
        ("", "gzip", false),
        ("brotli", "br", false),
    ] {
        assert_eq!(accepts(accepted, encoding), yes, "{accepted} {encoding}");
    }
}

#[test]
fn only_files_of_the_page_are_sent() {
    assert_eq!(media_type("index.html.br"), None);
    assert_eq!(media_type("no-ending"), None);
    assert_eq!(find("../Cargo.toml", ""), None);
    assert_eq!(find("assets", ""), None);
}

/// Without a build there is nothing to look at; with one, it must be whole.
#[test]
fn what_the_page_names_is_there() {
    assert_eq!(is_built(), find(INDEX, "").is_some());
    let Some(index) = find(INDEX, "") else {
        return;
    };
    assert!(!index.is_lasting);
    let text = std::str::from_utf8(index.bytes).expect("a page is text");
    assert!(
        !text.contains("<script>") && !text.contains("style="),
        "nothing inline: {text}"
    );
    let names = text
        .split('"')
        .filter_map(|part| part.strip_prefix("/console/"));
    let mut count = 0;
    for name in names {
        let plain = find(name, "").unwrap_or_else(|| panic!("no {name}"));
        assert!(plain.is_lasting && plain.encoding.is_none(), "{name}");
        let packed = find(name, "gzip, br").expect("a file");
        assert_eq!(packed.encoding, Some("br"), "{name}");
        assert!(packed.bytes.len() < plain.bytes.len(), "{name}");
        count += 1;
    }
    assert!(count >= 3, "a script, a style sheet and an icon: {text}");
}
