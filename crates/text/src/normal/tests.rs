//! Tests of the normal forms.

use std::borrow::Cow;

use proptest::prelude::*;

use super::{display, search};

#[test]
fn display_trims_and_composes_only() {
    assert_eq!(display("\u{FEFF} \u{3000}張　三\t\u{3000}"), "張　三");
    assert_eq!(display("cafe\u{301}"), "café");
    assert_eq!(display("ＡＢＣ　１２３"), "ＡＢＣ　１２３");
    assert_eq!(display(""), "");
    assert_eq!(display(" \u{3000} "), "");
    for kept in [
        "莫𡐓村",
        "高\u{E08B}村",
        "\u{F0000}",
        "䶮",
        "\u{E863}",
        "尤·努斯",
    ] {
        let form = display(kept);
        assert_eq!(form, kept);
        assert!(matches!(form, Cow::Borrowed(_)), "{kept}");
    }
}

#[test]
fn common_text_is_borrowed() {
    for text in [
        "",
        "北京市海淀区中关村大街27号3单元502室",
        "中国建设银行股份有限公司",
        "11010519491231002x",
        "one two",
        "莫𡐓村\u{E08B}",
        "尤·努斯",
    ] {
        assert!(matches!(search(text), Cow::Borrowed(_)), "{text}");
    }
}

#[test]
fn search_form_folds() {
    for (input, form) in [
        ("ＡＢＣ　１２３", "abc 123"),
        ("中國建設銀行", "中国建设银行"),
        ("臺灣台湾颱風", "台湾台湾台风"),
        ("  a \u{3000}\t b\r\n", "a b"),
        ("a ", "a"),
        (" ", ""),
        ("\u{200B}", ""),
        ("a\u{200B} ", "a"),
        ("张\u{E0100}三\u{FEFF}", "张三"),
        ("尤•努斯", "尤·努斯"),
        ("尤・努斯", "尤·努斯"),
        ("尤･努斯", "尤·努斯"),
        ("尤‧努斯", "尤·努斯"),
        ("3—502", "3-502"),
        ("3－502", "3-502"),
        ("3−502", "3-502"),
        ("二○一二", "二〇一二"),
        ("（①）", "(1)"),
        ("⼀⽤", "一用"),
        ("50㎡", "50m2"),
        ("㈱", "(株)"),
        ("ｶﾞ", "ガ"),
        ("E\u{301}COLE", "école"),
        ("𝐀", "a"),
        ("吴明眞", "吴明真"),
        ("石峯羣", "石峰群"),
        ("熈熙", "熙熙"),
        ("王\u{E863}", "王䶮"),
        ("\u{E831}", "\u{215D7}"),
        ("㑮", "𫝈"),
        ("𡻕", "岁"),
        ("\u{F900}", "岂"),
        ("\u{2F804}", "你"),
    ] {
        assert_eq!(search(input), form, "{input}");
    }
}

#[test]
fn names_are_not_confused() {
    for name in "喆堃淼闫萧肖傅付戴代锺贠邨犇㙟㘵".chars() {
        let name = name.to_string();
        assert_eq!(search(&name), name);
    }
}

#[test]
fn every_character_is_stable() {
    for c in (0..=0x10_FFFF).filter_map(char::from_u32) {
        let once = search(c.encode_utf8(&mut [0; 4])).into_owned();
        assert_eq!(search(&once), once, "U+{:04X}", u32::from(c));
    }
}

#[test]
fn frequent_simplified_characters_stay() {
    let frequent = "的一是了我不人在他有这上们来到时大地为子中说生国年着就那和要她出也得里后自以会\
        家可下而过天去能对小多然于心学么之都好看起发当没成只如事把还用第样道想作种开美总从无情己面最女但现\
        前些所同日手又行意动方期它头经长儿回位分爱老因很给名法间斯知世什两次使身者被高已亲其进此话常与活正感";
    assert_eq!(search(frequent), frequent);
}

proptest! {
    #[test]
    fn search_is_stable(text in "\\PC{0,24}") {
        let once = search(&text).into_owned();
        let again = search(&once);
        prop_assert_eq!(again.as_ref(), once.as_str());
    }

    #[test]
    fn both_ways_agree(text in "[ a-zＡ-Ｃ　国國峯･\\-—𡻕e\u{301}\u{200B}]{0,16}") {
        let general = super::composed(super::Folding::get(), &text);
        let fast = search(&text);
        prop_assert_eq!(fast.as_ref(), general.as_str());
    }

    #[test]
    fn display_is_stable(text in "\\PC{0,24}") {
        let once = display(&text).into_owned();
        let again = display(&once);
        prop_assert_eq!(again.as_ref(), once.as_str());
    }
}
