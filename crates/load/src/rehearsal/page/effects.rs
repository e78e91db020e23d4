//! What would change: fields, keys, references, places, counties.

use maud::{Markup, html};

use super::bars::{percent, share};
use super::{head_cell, section, subject, subject_head};
use crate::rehearsal::coordinates::Coordinates;
use crate::rehearsal::movement::DivisionMove;
use crate::rehearsal::report::{Collisions, FieldChange, Unresolved};

/// That the file seems to be in another coordinate system.
pub fn hypothesis(coordinates: Option<&Coordinates>) -> Markup {
    let Some(hypothesis) = coordinates.and_then(|one| one.hypothesis.as_ref()) else {
        return html! {};
    };
    html! {
        p class="outcome bad" {
            strong { (hypothesis.text.zh) } br; span lang="en" { (hypothesis.text.en) }
        }
    }
}

/// Field by field, before and after.
pub fn fields(fields: &[FieldChange]) -> Markup {
    section(
        fields.is_empty(),
        "按字段的变更",
        "Changes by field",
        html! {
            @for one in fields {
                h3 { (one.label.zh) " " span lang="en" { (one.label.en) } " " code { (one.field) } }
                p {
                    "变更 " span lang="en" { "changed" } " " (one.changed)
                    " · 更正 " span lang="en" { "corrected" } " " (one.corrected)
                    " · 补填 " span lang="en" { "filled" } " " (one.filled)
                    " · 清空 " span lang="en" { "emptied" } " " (one.emptied)
                }
                table {
                    tr {
                        (subject_head())
                        (head_cell("之前", "before"))
                        (head_cell("之后", "after"))
                        (head_cell("自", "from"))
                    }
                    @for change in &one.examples {
                        tr {
                            (subject(&change.subject))
                            td { (value(change.before.as_deref())) }
                            td { (value(change.after.as_deref())) }
                            td {
                                @match &change.from {
                                    Some(from) => (from),
                                    None => { "一直 " span lang="en" { "always" } },
                                }
                                @if change.corrects { " " span class="mark" { "更正 " span lang="en" { "corrects" } } }
                            }
                        }
                    }
                }
            }
        },
    )
}

fn value(value: Option<&str>) -> Markup {
    match value {
        Some(value) => html! { (value) },
        None => html! { span class="none" { "空 " span lang="en" { "none" } } },
    }
}

/// Natural keys that come again.
pub fn collisions(collisions: &Collisions) -> Markup {
    let none = collisions.refused + collisions.repeated + collisions.continued == 0;
    section(
        none,
        "文件内主键重复",
        "Natural keys that come again",
        html! {
            p {
                "矛盾而拒收 " span lang="en" { "refused" } " " (collisions.refused)
                " · 内容相同 " span lang="en" { "repeated" } " " (collisions.repeated)
                " · 前后相继 " span lang="en" { "continued" } " " (collisions.continued)
            }
            @if !collisions.examples.is_empty() {
                table {
                    tr { (head_cell("行", "line")) (head_cell("先前的行", "earlier line")) (head_cell("主键", "key")) }
                    @for one in &collisions.examples {
                        tr {
                            td class="number" { (one.line) }
                            td class="number" { (one.earlier) }
                            td { code { (one.key) } }
                        }
                    }
                }
            }
        },
    )
}

/// References whose target is not known.
pub fn references(references: &[Unresolved]) -> Markup {
    section(
        references.is_empty(),
        "无法解析的引用",
        "References that do not resolve",
        html! {
            @for one in references {
                h3 { (one.label.zh) " " span lang="en" { (one.label.en) } " → " code { (one.target) } }
                p { (one.count) " / " (one.all) " (" (percent(one.count, one.all)) ")" }
                table {
                    tr { (head_cell("行", "line")) (head_cell("所指", "key")) }
                    @for example in &one.examples {
                        tr { td class="number" { (example.line) } td { code { (example.key) } } }
                    }
                }
            }
        },
    )
}

/// Where coordinates lie.
pub fn coordinates(coordinates: Option<&Coordinates>) -> Markup {
    let Some(coordinates) = coordinates else {
        return html! {};
    };
    section(
        false,
        "坐标与所属区划",
        "Coordinates and divisions",
        html! {
            p {
                "声明的坐标系 " span lang="en" { "declared system" } " " code { (coordinates.declared) }
                " · 落在区划内 " span lang="en" { "inside" } " " (coordinates.inside) " / " (coordinates.checked)
                " · 区划外 " span lang="en" { "outside" } " " (coordinates.outside)
                " · 无边界可比 " span lang="en" { "no boundary known" } " " (coordinates.unknown)
            }
            table {
                tr { (head_cell("坐标系", "system")) (head_cell("区划内", "inside")) (head_cell("试算", "tried")) th {} }
                @for trial in &coordinates.trials {
                    tr {
                        td { code { (trial.crs) } }
                        td class="number" { (trial.inside) }
                        td class="number" { (trial.tried) }
                        td { (share(trial.inside, trial.tried)) " " (percent(trial.inside, trial.tried)) }
                    }
                }
            }
            @if !coordinates.examples.is_empty() {
                table {
                    tr {
                        (head_cell("行", "line")) (head_cell("名称", "title")) (head_cell("所属区划", "claimed"))
                        (head_cell("实际落在", "found in")) (head_cell("相距（米）", "metres off")) (head_cell("坐标", "place"))
                    }
                    @for one in &coordinates.examples {
                        tr {
                            td class="number" { (one.line) }
                            td { (one.title) }
                            td { code { (one.claimed) } }
                            td { @if let Some(found) = &one.found { code { (found) } } }
                            td class="number" { (one.metres) }
                            td { (one.lon) ", " (one.lat) }
                        }
                    }
                }
            }
        },
    )
}

/// Counties whose number of records would change.
pub fn divisions(divisions: &[DivisionMove]) -> Markup {
    let most = divisions
        .iter()
        .map(|one| one.before.max(one.after))
        .max()
        .unwrap_or(0);
    section(
        divisions.is_empty(),
        "分区划统计的变化",
        "Records by county",
        html! {
            table {
                tr {
                    (head_cell("区划", "county")) (head_cell("名称", "name"))
                    (head_cell("之前", "before")) (head_cell("之后", "after")) th {}
                    (head_cell("新增", "inserted")) (head_cell("终止", "ended"))
                    (head_cell("迁入", "arrived")) (head_cell("迁出", "left"))
                }
                @for one in divisions {
                    tr {
                        td { code { (one.code) } }
                        td { (one.name.as_deref().unwrap_or_default()) }
                        td class="number" { (one.before) }
                        td class="number" { (one.after) }
                        td { (share(one.after, most)) }
                        td class="number" { (one.inserted) }
                        td class="number" { (one.ended) }
                        td class="number" { (one.arrived) }
                        td class="number" { (one.left) }
                    }
                }
            }
        },
    )
}
