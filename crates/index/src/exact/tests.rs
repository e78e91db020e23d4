//! What expressions make of values. That whole filters find what they should is tested with a city.

use record::{Comparison, Day};

use super::evaluate::{Datum, compare};
use super::text::{fold_accents, fold_case, is_like, is_read};

#[test]
fn case_and_accents_are_folded() {
    assert_eq!(fold_case("STRASSE Οδος"), fold_case("straße ΟΔΟΣ"));
    assert_eq!(fold_accents("débárquér"), "debarquer");
    assert_eq!(fold_accents("王芳"), "王芳");
}

#[test]
fn names_are_found_by_sound() {
    for sought in [
        "wangxiaoming",
        "wxm",
        "wangxm",
        "xiaoming",
        "xm",
        "Wang Xiao",
        "wangx",
    ] {
        assert!(is_read("王小明", sought), "{sought}");
    }
    for sought in ["wangming", "angxiao", "wxmx", "", "·"] {
        assert!(!is_read("王小明", sought), "{sought}");
    }
    assert!(is_read("吕布", "lvbu") && is_read("吕布", "lyubu"));
    assert!(is_read("单雄信", "shanxiongxin"));
}

#[test]
fn names_are_found_by_likeness() {
    assert!(is_like("王小明", "王晓明", 1) && is_like("王小明", "王明", 1));
    assert!(!is_like("王小明", "李小红", 1));
    // The same sound in other characters.
    assert!(
        is_like("张伟", "章威", 0) == (text::pinyin::full("张伟") == text::pinyin::full("章威"))
    );
    assert!(!is_like("王小明", "", 3));
}

#[test]
fn what_is_not_there_is_unknown() {
    let many = Datum::List(vec![Datum::Number(1.0), Datum::Number(3.0)]);
    let one = Datum::Number(1.0);
    assert_eq!(compare(Comparison::Equal, &many, &one), Some(true));
    assert_eq!(compare(Comparison::NotEqual, &many, &one), Some(false));
    assert_eq!(compare(Comparison::Greater, &many, &one), Some(true));
    assert_eq!(compare(Comparison::Equal, &Datum::Null, &one), None);
    let day = Datum::Day(Day(0));
    assert_eq!(
        compare(Comparison::Less, &Datum::Day(Day::MIN), &day),
        Some(true)
    );
    assert_eq!(compare(Comparison::Less, &one, &day), None);
}
