//! Tests of the readings.

use super::{full, initials, syllables};

#[test]
fn surnames_have_their_own_readings() {
    for (name, reading) in [
        ("单雄信", "shanxiongxin"),
        ("單雄信", "shanxiongxin"),
        ("仇英", "qiuying"),
        ("解缙", "xiejin"),
        ("查良镛", "zhaliangyong"),
        ("曾国藩", "zengguofan"),
        ("区寄", "ouji"),
        ("朴槿", "piaojin"),
        ("翟让", "zhairang"),
        ("任盈", "renying"),
        ("尉迟恭", "yuchigong"),
        ("万俟卨", "moqixie"),
        ("长孙无忌", "zhangsunwuji"),
        ("長孫無忌", "zhangsunwuji"),
        ("令狐冲", "linghuchong"),
        ("欧阳修", "ouyangxiu"),
        ("诸葛亮", "zhugeliang"),
        ("万里", "wanli"),
        ("张三", "zhangsan"),
        ("王单", "wangdan"),
    ] {
        assert_eq!(
            full(name).first().map(String::as_str),
            Some(reading),
            "{name}"
        );
    }
}

#[test]
fn several_readings() {
    assert_eq!(full("单雄信"), ["shanxiongxin", "danxiongxin"]);
    assert_eq!(initials("单雄信"), ["sxx", "dxx"]);
    assert_eq!(full("解放"), ["jiefang", "xiefang"]);
    assert_eq!(full("吕布"), ["lvbu", "lyubu"]);
    assert_eq!(initials("吕布"), ["lb"]);
    assert_eq!(full("张三"), ["zhangsan"]);
    assert_eq!(initials("仇英"), ["qy"]);
}

#[test]
fn words_have_their_own_readings() {
    assert_eq!(full("中国建设银行"), ["zhongguojiansheyinhang"]);
    assert_eq!(full("重庆长江大厦"), ["chongqingchangjiangdaxia"]);
    assert_eq!(initials("中国建设银行"), ["zgjsyh"]);
}

#[test]
fn what_has_no_reading_is_kept() {
    assert_eq!(full("尤·努斯"), ["younusi"]);
    assert_eq!(syllables("尤·努斯"), ["you", "·", "nu", "si"]);
    assert_eq!(syllables("3号楼Ａb座"), ["3", "hao", "lou", "Ａb", "zuo"]);
    assert_eq!(full("3号楼Ａb座"), ["3haolouabzuo"]);
    assert_eq!(initials("3号楼Ａb座"), ["3hlabz"]);
    assert_eq!(full("高\u{E08B}村"), ["gao\u{E08B}cun"]);
    assert_eq!(syllables("莫𡐓村"), ["mo", "kang", "cun"]);
    assert_eq!(syllables("吕布"), ["lü", "bu"]);
    assert_eq!(full(""), [""]);
    assert!(syllables("").is_empty());
}
