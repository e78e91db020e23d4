//! A rehearsal as one page of HTML: in Chinese and English, complete in itself, readable on paper.
//!
//! There is no script and nothing is fetched; a policy in the page forbids both. The templates escape
//! every value.

use maud::{DOCTYPE, Markup, PreEscaped, html};

use super::report::{Missing, Rehearsal, Rejection, Rows, Subject, Suspects};
use crate::report::Outcome;

mod bars;
mod columns;
mod effects;

use bars::{Part, stacked};

/// The page's look. Colours are told apart in grey as well.
const STYLE: &str = include_str!("page/style.css");
/// Nothing but the page's own style may be used.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; img-src 'none'";

/// The page of a rehearsal.
pub fn page(rehearsal: &Rehearsal) -> String {
    let title = format!("{} · 装载预演 Rehearsal", rehearsal.report.file);
    let body = html! {
        (DOCTYPE)
        html lang="zh-CN" {
            head {
                meta charset="utf-8";
                meta http-equiv="Content-Security-Policy" content=(POLICY);
                meta name="viewport" content="width=device-width, initial-scale=1";
                title { (title) }
                style { (PreEscaped(STYLE)) }
            }
            body {
                (head(rehearsal))
                (rows(rehearsal))
                (remarks(rehearsal))
                (effects::hypothesis(rehearsal.coordinates.as_ref()))
                (effects::fields(&rehearsal.fields))
                (missing(&rehearsal.missing, rehearsal.report.ends_withheld))
                (rejected(&rehearsal.rejected))
                (effects::collisions(&rehearsal.collisions))
                (effects::references(&rehearsal.references))
                (suspects(&rehearsal.suspects))
                (effects::coordinates(rehearsal.coordinates.as_ref()))
                (effects::divisions(&rehearsal.divisions))
                (columns::columns(&rehearsal.columns))
                footer {
                    p { "受限字段的值已打码。Values of restricted fields are masked." }
                    p class="small" { "指纹 effect " code { (rehearsal.effect) } }
                }
            }
        }
    };
    body.into_string()
}

/// A heading in both languages.
fn heading(zh: &str, en: &str) -> Markup {
    html! { h2 { (zh) " " span lang="en" { (en) } } }
}

/// A cell of a table's head in both languages.
fn head_cell(zh: &str, en: &str) -> Markup {
    html! { th scope="col" { (zh) br; span lang="en" { (en) } } }
}

/// A section that is left out where there is nothing to say.
fn section(empty: bool, zh: &str, en: &str, content: Markup) -> Markup {
    if empty {
        return html! {};
    }
    html! { section { (heading(zh, en)) (content) } }
}

fn head(rehearsal: &Rehearsal) -> Markup {
    let report = &rehearsal.report;
    let (zh, en, class) = match report.outcome {
        Outcome::Refused => (
            "拒收行过多，不会发布",
            "too many rows are refused: it would not be published",
            "bad",
        ),
        Outcome::Unchanged => (
            "没有新内容，不会发布",
            "nothing new: nothing would be published",
            "same",
        ),
        _ => ("可以发布", "it can be published", "good"),
    };
    let facts = [
        ("文件", "File", report.file.as_str()),
        ("来源", "Source", report.source.as_str()),
        ("集合", "Collection", report.collection.as_str()),
        ("基准日", "As of", rehearsal.as_of.as_str()),
        ("编码", "Encoding", report.encoding.as_str()),
    ];
    html! {
        header {
            h1 { "装载预演报告 " span lang="en" { "Rehearsal of a load" } }
            p class=(format!("outcome {class}")) { strong { (zh) } " " span lang="en" { (en) } }
            dl {
                @for (zh, en, value) in facts {
                    div { dt { (zh) " " span lang="en" { (en) } } dd { (value) } }
                }
                div {
                    dt { "所依据的状态 " span lang="en" { "State" } }
                    dd { "#" (rehearsal.against) }
                }
            }
            p class="small" {
                "预演没有改动任何数据。" span lang="en" { "Nothing was changed by this rehearsal." }
            }
        }
    }
}

fn rows(rehearsal: &Rehearsal) -> Markup {
    let Rows {
        read,
        inserted,
        changed,
        corrected,
        unchanged,
        rejected,
    } = rehearsal.rows;
    let parts = [
        Part::new("新增", "inserted", "c1", inserted),
        Part::new("变更", "changed", "c2", changed),
        Part::new("更正", "corrected", "c3", corrected),
        Part::new("不变", "unchanged", "c4", unchanged),
        Part::new("拒收", "rejected", "c5", rejected),
    ];
    let report = &rehearsal.report;
    let others = [
        ("其中隔离", "of the rejected set aside", report.quarantined),
        ("跳过", "skipped", report.skipped),
        ("拟终止", "would end", report.ended),
        ("待解析引用", "references held", report.held),
    ];
    html! {
        section {
            (heading("数据行", "Rows"))
            (stacked(&parts))
            table class="legend" {
                tr { th scope="row" { "读取 " span lang="en" { "read" } } td class="number" { (read) } }
                @for part in &parts {
                    tr {
                        th scope="row" { (bars::swatch(part.class)) (part.zh) " " span lang="en" { (part.en) } }
                        td class="number" { (part.count) }
                    }
                }
                @for (zh, en, count) in others {
                    @if count > 0 {
                        tr {
                            th scope="row" { (zh) " " span lang="en" { (en) } }
                            td class="number" { (count) }
                        }
                    }
                }
            }
        }
    }
}

/// What the report says of the file besides its rows.
fn remarks(rehearsal: &Rehearsal) -> Markup {
    let report = &rehearsal.report;
    let nothing = report.remarks.is_empty()
        && report.normalised.is_empty()
        && report.not_responsible.is_empty();
    section(
        nothing,
        "提示",
        "Remarks",
        html! {
            @for remark in &report.remarks {
                p { (remark.zh) " " span lang="en" { (remark.en) } }
            }
            @if !report.normalised.is_empty() {
                table {
                    tr { (head_cell("规范化", "taken in its normal form")) (head_cell("值", "values")) }
                    @for (kind, count) in &report.normalised {
                        @let (zh, en) = normalisation(kind);
                        tr { td { (zh) " " span lang="en" { (en) } } td class="number" { (count) } }
                    }
                }
            }
            @if !report.not_responsible.is_empty() {
                p {
                    "下列字段不由来源部门负责：所报的值不覆盖有权部门的值，作为不同说法保留。"
                    span lang="en" {
                        "The source's department does not answer for these fields: what it says is kept beside the values of those that do, and overwrites none."
                    }
                }
                table {
                    tr { (head_cell("字段", "field")) (head_cell("行", "rows")) }
                    @for (field, count) in &report.not_responsible {
                        tr { td { code { (field) } } td class="number" { (count) } }
                    }
                }
            }
        },
    )
}

/// A kind of normalisation, for readers.
fn normalisation(kind: &str) -> (&str, &str) {
    match kind {
        "trimmed" => ("去掉首尾空白", "white space at the ends"),
        "half-width" => ("全角转半角", "full width to half width"),
        "composed" => ("合并组合字符", "composed characters"),
        "canonical" => ("号码的标准写法", "the standard form of numbers"),
        other => (other, ""),
    }
}

/// How a record is named.
fn subject(subject: &Subject) -> Markup {
    html! {
        td class="number" { @if subject.line > 0 { (subject.line) } }
        td { (subject.title) }
        td { code { (subject.key) } }
        td { @if let Some(id) = &subject.id { code { (id) } } }
    }
}

fn subject_head() -> Markup {
    html! {
        (head_cell("行", "line"))
        (head_cell("名称", "title"))
        (head_cell("主键", "key"))
        (head_cell("编号", "id"))
    }
}

fn missing(missing: &Missing, withheld: bool) -> Markup {
    let none = missing.count == 0 && !withheld;
    section(
        none,
        "全量文件中缺少",
        "Missing from a whole-set file",
        html! {
            @if withheld {
                p class="bad" {
                    "有的拒收行无法确定属于谁，因此不终止任何记录。"
                    span lang="en" { "Nothing would be ended: of some refused rows nobody can tell whom they are about." }
                }
            }
            @if missing.count > 0 {
                p { (missing.count) " 条记录将被终止。" span lang="en" { (missing.count) " records would be ended." } }
                table {
                    tr { (subject_head()) }
                    @for one in &missing.examples { tr { (subject(one)) } }
                }
            }
        },
    )
}

fn rejected(rejected: &[Rejection]) -> Markup {
    section(
        rejected.is_empty(),
        "拒收",
        "Rejected",
        html! {
            @for one in rejected {
                h3 {
                    code { (one.code) } @if !one.field.is_empty() { " · " code { (one.field) } }
                    " — " (one.count)
                }
                table {
                    tr { (head_cell("行", "line")) (head_cell("说明", "what is wrong")) }
                    @for line in &one.lines {
                        tr {
                            td class="number" { (line.line) }
                            td { (line.text.zh) br; span lang="en" { (line.text.en) } }
                        }
                    }
                }
            }
        },
    )
}

fn suspects(rules: &[Suspects]) -> Markup {
    let found = |one: &&Suspects| one.in_file + one.in_register > 0 || one.capped;
    let rules: Vec<&Suspects> = rules.iter().filter(found).collect();
    section(
        rules.is_empty(),
        "疑似重复",
        "Suspected duplicates",
        html! {
            @for rule in rules {
                h3 { (rule.label.zh) " " span lang="en" { (rule.label.en) } }
                @if rule.capped {
                    p { "只比较了一部分，可能还有。" span lang="en" { "Only a part was compared: there may be more." } }
                }
                @if rule.in_file > 0 {
                    p { "文件内 " span lang="en" { "in the file" } ": " (rule.in_file) }
                    table {
                        tr { (subject_head()) (head_cell("先前的行", "earlier line")) }
                        @for pair in &rule.file_examples {
                            tr { (subject(&pair.subject)) td class="number" { (pair.earlier) } }
                        }
                    }
                }
                @if rule.in_register > 0 {
                    p { "与库中记录 " span lang="en" { "against the register" } ": " (rule.in_register) " / " (rule.compared) }
                    table {
                        tr { (subject_head()) (head_cell("库中名称", "known as")) (head_cell("库中主键", "known key")) (head_cell("库中编号", "known id")) }
                        @for pair in &rule.register_examples {
                            tr {
                                (subject(&pair.subject))
                                td { (pair.known.title) }
                                td { code { (pair.known.key) } }
                                td { @if let Some(id) = &pair.known.id { code { (id) } } }
                            }
                        }
                    }
                }
            }
        },
    )
}

#[cfg(test)]
mod tests;
