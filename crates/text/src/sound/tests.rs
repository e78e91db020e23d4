//! Tests of syllables' numbers, keys and patterns.

use super::table::Table;
use super::{Pattern, Speller, patterns, syllable, with_syllable};
use crate::name::Form;

/// How a name's keys are spelled.
fn keys(form: Form, name: &str) -> Vec<String> {
    let mut speller = Speller::new();
    speller.read(form, name);
    let mut keys = Vec::new();
    speller.keys(&mut keys);
    let spelled = |key: &u64| {
        let numbers = (0..super::KEPT).map(|place| syllable(*key, place));
        let spellings = numbers
            .take_while(|number| *number > 0)
            .map(|number| Table::get().spelling(number).unwrap_or("?"));
        spellings.collect::<Vec<_>>().join("-")
    };
    keys.iter().map(spelled).collect()
}

#[test]
fn every_syllable_has_a_number() {
    let spellings = Table::get().spellings();
    // Keys on disk hold these numbers: another count or order is another version of `pinyin`.
    let all = spellings.join(" ");
    let sum = all.bytes().fold(0u32, |sum, b| {
        sum.wrapping_mul(31).wrapping_add(u32::from(b))
    });
    assert_eq!((spellings.len(), sum), (SYLLABLES, SUM), "{all}");
    assert!(spellings.len() < usize::from(super::UNREAD));
}
const SYLLABLES: usize = 446;
const SUM: u32 = 162492319;

#[test]
fn names_have_keys() {
    assert_eq!(
        keys(Form::Person, "王小明"),
        ["wang-xiao-ming", "xiao-ming"]
    );
    assert_eq!(keys(Form::Person, "張三"), ["zhang-san"]);
    assert_eq!(keys(Form::Person, "吕布"), ["lv-bu"]);
    assert_eq!(
        keys(Form::Person, "单雄信"),
        ["dan-xiong-xin", "xiong-xin", "shan-xiong-xin"]
    );
    assert_eq!(
        keys(Form::Person, "尉迟恭"),
        ["wei-chi-gong", "yu-chi-gong"]
    );
    assert_eq!(keys(Form::Person, "尤·努斯"), ["you-nu-si", "nu-si"]);
    assert_eq!(
        keys(Form::Organization, "北京建设银行"),
        ["bei-jing-jian-she-yin-hang", "jian-she-yin-hang"]
    );
    assert_eq!(keys(Form::Place, "3号楼Ａ座"), ["3-hao-lou-a-zuo"]);
    assert_eq!(keys(Form::Person, "王\u{E08B}"), ["wang-?"]);
    assert_eq!(keys(Form::Person, ""), Vec::<String>::new());
    assert_eq!(keys(Form::Person, "··"), Vec::<String>::new());
}

#[test]
fn keys_sort_by_sound() {
    let key = |name: &str| {
        let mut speller = Speller::new();
        speller.read(Form::Place, name);
        let mut keys = Vec::new();
        speller.keys(&mut keys);
        keys[0]
    };
    assert!(key("阿明") < key("王明") && key("王") < key("王明") && key("王明") < key("王小"));
    let other = with_syllable(key("王小明"), 1, syllable(key("李"), 0));
    assert_eq!(syllable(other, 0), syllable(key("王"), 0));
    assert_eq!(syllable(other, 1), syllable(key("李"), 0));
    assert_eq!(syllable(other, 2), 0);
}

/// Whether a name fits one of the ways to read a query.
fn fits(query: &str, form: Form, name: &str) -> bool {
    let mut speller = Speller::new();
    speller.read(form, name);
    patterns(query)
        .iter()
        .any(|pattern| speller.fit(pattern).is_some())
}

#[test]
fn spellings_fit() {
    for query in [
        "wangxiaoming",
        "wxm",
        "wangxm",
        "wxming",
        "王xm",
        "wang小明",
        "WangXM",
        "ｗｘｍ",
        "wang xiao ming",
        "w",
        "xiaoming",
        "xm",
        "wa",
        "wangxiaom",
    ] {
        assert!(fits(query, Form::Person, "王小明"), "{query}");
    }
    for query in ["lisi", "xmw", "wangxiaomingg", "李xm", "王小明"] {
        assert!(!fits(query, Form::Person, "王小明"), "{query}");
    }
    assert!(fits("xi'an", Form::Place, "西安") && fits("xian", Form::Place, "西安"));
    assert!(fits("xian", Form::Place, "县城"));
    assert!(fits("tcljt", Form::Organization, "TCL集团"));
    assert!(fits("3mzg", Form::Organization, "3M中国"));
    assert!(patterns("12345").is_empty() && patterns("").is_empty());
    assert!(
        patterns(&"a".repeat(200))
            .iter()
            .all(|pattern| pattern.steps.len() <= 40)
    );
    assert!(patterns(&"wxm".repeat(3_000)).len() <= 8);
}

#[test]
fn near_names_fit() {
    let near = |query: &str, name: &str| {
        let characters: Vec<char> = query.chars().collect();
        let pattern = Pattern::near(&characters).expect("a pattern");
        let mut speller = Speller::new();
        speller.read(Form::Person, name);
        speller.fit(&pattern).is_some()
    };
    assert!(near("王小名", "王小明") && near("王未", "王末") && near("张林", "章玲"));
    assert!(!near("王小名", "王大明"));
}
