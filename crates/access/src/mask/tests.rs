//! Masks, each with what it makes of values.

use schema::Label;

use super::*;

fn mask(kind: MaskKind) -> Mask {
    let label = Label {
        zh: "掩".to_string(),
        en: "mask".to_string(),
    };
    Mask {
        name: "one".to_string(),
        label,
        kind,
    }
}

fn json(kind: MaskKind, value: &str) -> String {
    let mut out = String::new();
    mask(kind).json(value, &mut out);
    out
}

#[test]
fn what_is_left() {
    let number = mask(MaskKind::Keep { first: 6, last: 4 });
    assert_eq!(number.text("11010519491231002X"), "110105********002X");
    let name = mask(MaskKind::Keep { first: 1, last: 1 });
    let names = ["王建国", "王芳", "王", "买买提·艾力", ""];
    let left = names.map(|one| name.text(one));
    assert_eq!(left, ["王*国", "王*", "*", "买****力", ""]);
    let address = mask(MaskKind::Divisions);
    assert_eq!(
        address.text("北京市海淀区学院路27号院3号楼"),
        "北京市海淀区"
    );
    assert_eq!(address.text("学院路27号"), "***");
    assert_eq!(
        mask(MaskKind::Level(6)).text("110105001001"),
        "110105000000"
    );
    assert_eq!(mask(MaskKind::Year).text("1949-12-31"), "1949");
    let step = mask(MaskKind::Step(100));
    assert_eq!([step.text("1234.56"), step.text("-1")], ["1200", "-100"]);
}

#[test]
fn json_values_keep_their_shape() {
    let name = || MaskKind::Keep { first: 1, last: 0 };
    assert_eq!(json(name(), r#""王芳""#), r#""王*""#);
    assert_eq!(json(name(), r#"["王芳","李\"四"]"#), r#"["王*","李**"]"#);
    assert_eq!(json(name(), "null"), "null");
    let grid = MaskKind::Grid(1000);
    let near = json(
        grid.clone(),
        r#"{"type":"Point","coordinates":[116.3001,39.9001]}"#,
    );
    let other = json(
        grid.clone(),
        r#"{"type":"Point","coordinates":[116.3003,39.9003]}"#,
    );
    assert_eq!(near, other);
    let far = json(grid, r#"{"type":"Point","coordinates":[116.4,39.9]}"#);
    assert_ne!(near, far);
}
