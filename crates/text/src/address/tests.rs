//! Tests of addresses taken apart.

use super::{Address, chinese, value};

/// The address as one line: its text, then `number kind` each.
fn line(text: &str) -> String {
    let address = Address::read(text);
    let mut line = address.text.clone();
    for part in &address.parts {
        line.push_str(&format!(" {}:{:?}", part.number, part.kind));
    }
    if !address.rest.is_empty() {
        line.push_str(&format!(" +{}", address.rest));
    }
    line
}

#[test]
fn parts() {
    for (text, expected) in [
        (
            "北京市海淀区学院路27号院3号楼2单元502室",
            "北京市海淀区学院路 27:Site 3:Building 2:Entrance 502:Room",
        ),
        ("学院路２７号", "学院路 27:Site"),
        ("学院路二十七号三幢", "学院路 27:Site 3:Building"),
        ("三里屯路3号", "三里屯路 3:Site"),
        ("南京西路1025弄15号", "南京西路 1025:Lane 15:Site"),
        ("学院路27-3-502", "学院路 27:Unsaid 3:Unsaid 502:Unsaid"),
        ("学院路27号A座", "学院路 27:Site a:Building"),
        ("学院路", "学院路"),
        ("五四大街29号", "五四大街 29:Site"),
        ("白檀二巷3号", "白檀二巷 3:Site"),
        ("27号院", " 27:Site"),
        ("学院路27", "学院路 27:Unsaid"),
        ("2024年", "2024年"),
        ("", ""),
    ] {
        assert_eq!(line(text), expected, "{text}");
    }
}

#[test]
fn an_address_is_in_another() {
    let is_in = |one: &str, other: &str| Address::read(one).is_in(&Address::read(other));
    let whole = "学院路27号院3号楼2单元502室";
    for part in [
        "27号",
        "27号3幢",
        "3栋502",
        "27-3-2-502",
        "二十七号院502室",
        "3号楼",
    ] {
        assert!(is_in(part, whole), "{part}");
    }
    for part in ["7号", "3号27号楼", "502单元", "27号3单元"] {
        assert!(!is_in(part, whole), "{part}");
    }
}

#[test]
fn numerals() {
    for (text, number) in [
        ("三", 3),
        ("十", 10),
        ("十二", 12),
        ("二十", 20),
        ("二十七", 27),
        ("一百零三", 103),
        ("一〇二", 102),
    ] {
        assert_eq!(value(text), Some(number), "{text}");
    }
    for (digits, text) in [
        ("3", "三"),
        ("10", "十"),
        ("12", "十二"),
        ("27", "二十七"),
        ("40", "四十"),
    ] {
        assert_eq!(chinese(digits).as_deref(), Some(text));
        assert_eq!(value(text).map(|n| n.to_string()).as_deref(), Some(digits));
    }
    assert_eq!(chinese("0"), None);
    assert_eq!(chinese("100"), None);
}
