//! Tests of how well texts are what was asked for, and where.

use super::{Kind, Match, Wanted};
use crate::name::Form;

fn name(query: &str, form: Form, value: &str) -> Option<Match> {
    Wanted::new(query).in_name(form, value)
}

fn kind(query: &str, form: Form, value: &str) -> Option<Kind> {
    name(query, form, value).map(|found| found.kind)
}

#[test]
fn persons() {
    for (query, value, expected) in [
        ("王小明", "王小明", Some(Kind::Exact)),
        ("王曉明", "王晓明", Some(Kind::Exact)),
        ("王小", "王小明", Some(Kind::Prefix)),
        ("明", "王小明", Some(Kind::Contained)),
        ("明小王", "王小明", Some(Kind::AnyOrder)),
        ("明王", "王小明", Some(Kind::AnyOrder)),
        ("wangxiaoming", "王小明", Some(Kind::Sound)),
        ("wxm", "王小明", Some(Kind::Sound)),
        ("wangxm", "王小明", Some(Kind::Sound)),
        ("王xm", "王小明", Some(Kind::Sound)),
        ("wang小明", "王小明", Some(Kind::Sound)),
        ("wang xiao ming", "王小明", Some(Kind::Sound)),
        ("xiaoming", "王小明", Some(Kind::Sound)),
        ("wangx", "王小明", Some(Kind::Sound)),
        ("shanxiongxin", "单雄信", Some(Kind::Sound)),
        ("lvbu", "吕布", Some(Kind::Sound)),
        ("lubu", "吕布", Some(Kind::Sound)),
        ("lyubu", "吕布", Some(Kind::Sound)),
        ("王小名", "王小明", Some(Kind::Similar)),
        ("汪晓鸣", "王小明", Some(Kind::Similar)),
        ("王未", "王末", Some(Kind::Similar)),
        ("张小明", "章小明", Some(Kind::Similar)),
        ("买买提艾力", "买买提·艾力", Some(Kind::Exact)),
        ("買買提•艾力", "买买提·艾力", Some(Kind::Exact)),
        ("王小明", "李小明", None),
        ("lisi", "王小明", None),
        ("王大明", "王小明", None),
    ] {
        assert_eq!(
            kind(query, Form::Person, value),
            expected,
            "{query} {value}"
        );
    }
}

#[test]
fn firms() {
    let firm = "北京市海淀区某某科技有限公司";
    for (query, expected) in [
        (firm, Some(Kind::Exact)),
        ("某某科技", Some(Kind::Core)),
        ("北京某某科技有限公司", Some(Kind::Core)),
        ("某某科技股份有限公司", Some(Kind::Core)),
        ("（北京）某某科技", Some(Kind::Core)),
        ("某某", Some(Kind::Prefix)),
        ("海淀区某某科技", Some(Kind::Core)),
        ("科技有限", Some(Kind::Contained)),
        ("mmkj", Some(Kind::Sound)),
        ("moumoukeji", Some(Kind::Sound)),
        ("某某贸易", None),
    ] {
        let found = kind(query, Form::Organization, firm);
        assert_eq!(found, expected, "{query}");
    }
}

#[test]
fn the_better_match_scores_more() {
    let score = |query: &str, value: &str| {
        name(query, Form::Person, value).map_or(0.0, |found| found.score)
    };
    let queries = [
        ("王明", "王明"),
        ("王明", "王明亮"),
        ("王明", "李王明"),
        ("王明", "明王"),
        ("wangming", "王明亮"),
        ("王明", "王名"),
    ];
    let scores: Vec<f64> = queries
        .iter()
        .map(|(query, value)| score(query, value))
        .collect();
    assert!(
        scores.windows(2).all(|pair| pair[0] > pair[1]),
        "{scores:?}"
    );
    assert!(score("wangming", "王明") > score("wangming", "王明亮"));
}

#[test]
fn addresses() {
    let address = "北京市海淀区学院路街道清华园社区学院路27号院3号楼2单元502室";
    let kind = |query: &str| {
        Wanted::new(query)
            .in_address(address)
            .map(|found| found.kind)
    };
    for (query, expected) in [
        (address, Some(Kind::Exact)),
        ("学院路27号院3号楼2单元502室", Some(Kind::Core)),
        ("学院路27号3幢2单元502", Some(Kind::Core)),
        ("海淀区学院路27号", Some(Kind::Contained)),
        ("北京海淀学院路二十七号", Some(Kind::Contained)),
        ("学院路２７号", Some(Kind::Contained)),
        ("学院路28号", None),
        ("学院北路27号", None),
    ] {
        assert_eq!(kind(query), expected, "{query}");
    }
    let score = |query: &str| {
        Wanted::new(query)
            .in_address(address)
            .map_or(0.0, |found| found.score)
    };
    assert!(score("海淀区学院路27号") > score("朝阳区学院路27号"));
}

#[test]
fn marks_are_places_of_the_text_as_given() {
    let marks = |query: &str, form, value: &str| name(query, form, value).expect("a match").marks;
    assert_eq!(
        marks("小明", Form::Person, "王小明"),
        std::slice::from_ref(&(1..3))
    );
    assert_eq!(marks("明王", Form::Person, "王小明"), [0..1, 2..3]);
    assert_eq!(marks("提艾", Form::Person, "买买提·艾力"), [2..3, 4..5]);
    assert_eq!(
        marks("xm", Form::Person, "王小明"),
        std::slice::from_ref(&(1..3))
    );
    let firm = "（北京）某某科技有限公司";
    assert_eq!(
        marks("某某科技", Form::Organization, firm),
        std::slice::from_ref(&(4..8))
    );
    let found = Wanted::new("学院路3号")
        .in_address("海淀区学院路３号")
        .expect("a match");
    assert_eq!(found.marks, std::slice::from_ref(&(3..7)));
}

#[test]
fn nothing_is_not_asked_for() {
    for query in ["", "·", "  "] {
        assert_eq!(kind(query, Form::Person, "王小明"), None);
        assert!(Wanted::new(query).in_address("学院路3号").is_none());
    }
}
