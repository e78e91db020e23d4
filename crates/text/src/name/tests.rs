//! Tests of the parts of names.

use super::{Form, before_core, core, leading_divisions, starts};

#[test]
fn firms_are_told_apart_by_their_core() {
    for (name, expected) in [
        ("北京市海淀区某某科技有限公司", "某某科技"),
        ("北京某某科技有限公司", "某某科技"),
        ("(北京)某某科技股份有限公司", "某某科技"),
        ("某某(北京)科技有限责任公司", "某某科技"),
        ("某某科技", "某某科技"),
        ("中国建设银行股份有限公司", "建设银行"),
        ("密云区白檀中学", "白檀中学"),
        ("美好市场管理有限公司", "美好市场管理"),
        ("深圳市腾讯计算机系统有限公司", "腾讯计算机系统"),
        ("北京公司", "北京公司"),
        ("上海路小学", "上海路小学"),
        ("万家乐集团有限公司", "万家乐"),
        ("丰台蔬菜种植专业合作社", "丰台蔬菜种植"),
        ("", ""),
    ] {
        assert_eq!(core(name), expected, "{name}");
    }
}

#[test]
fn divisions_before_a_text() {
    for (text, expected) in [
        ("北京市海淀区学院路", "北京市海淀区"),
        ("北京海淀区学院路街道清华园", "北京海淀区学院路街道"),
        ("学院路27号", ""),
        ("北京路1号", ""),
        ("海淀区", "海淀区"),
    ] {
        assert_eq!(&text[..leading_divisions(text)], expected, "{text}");
    }
    assert_eq!(before_core("北京市"), 0);
}

#[test]
fn names_are_begun_at_several_places() {
    let of = |form, name: &str| {
        let characters: Vec<char> = name.chars().filter(|c| super::counts(*c)).collect();
        let mut found = Vec::new();
        starts(form, name, &characters, &mut found);
        found
    };
    assert_eq!(of(Form::Person, "王小明"), [0, 1]);
    assert_eq!(of(Form::Person, "王明"), [0]);
    assert_eq!(of(Form::Person, "欧阳修"), [0]);
    assert_eq!(of(Form::Person, "欧阳小明"), [0, 2]);
    assert_eq!(of(Form::Person, "买买提·艾力"), [0, 3]);
    assert_eq!(of(Form::Organization, "北京重庆小面"), [0, 2, 4]);
    assert_eq!(of(Form::Organization, "(北京)某某科技有限公司"), [0, 2]);
    assert_eq!(of(Form::Place, "海淀区白檀中学"), [0, 3]);
}
