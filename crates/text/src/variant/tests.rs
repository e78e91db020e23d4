//! Spellings and what they differ in.

use super::Variant::{Case, Punctuation, RareCharacter, Traditional, Width};
use super::between;

#[test]
fn spellings_say_in_what_they_differ() {
    for (one, other, expected) in [
        ("王芳", " 王芳 ", vec![]),
        ("王國", "王国", vec![Traditional]),
        ("買買提•艾力", "买买提·艾力", vec![Punctuation, Traditional]),
        ("ＡＢ公司", "AB公司", vec![Width]),
        ("ａｂ公司", "AB公司", vec![Width, Case]),
        ("欧阳 娜", "欧阳  娜", vec![Width]),
        ("乗风", "乘风", vec![RareCharacter]),
        // 䶮 had a private use code point in old fonts.
        ("张\u{E863}", "张䶮", vec![RareCharacter]),
    ] {
        assert_eq!(between(one, other), Some(expected.clone()), "{one} {other}");
        assert_eq!(between(other, one), Some(expected), "{other} {one}");
    }
}

#[test]
fn texts_that_differ_are_no_spellings_of_one() {
    for (one, other) in [
        ("王芳", "王方"),
        ("王芳", "王芳芳"),
        ("", "王芳"),
        ("喆", "哲"),
    ] {
        assert_eq!(between(one, other), None, "{one} {other}");
    }
}
