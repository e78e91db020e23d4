//! The columns of the file.

use maud::{Markup, html};

use super::bars::{percent, share};
use super::{head_cell, section};
use crate::rehearsal::report::{ColumnReport, Extent, SpreadReport};

/// The profile of every column.
pub fn columns(columns: &[ColumnReport]) -> Markup {
    section(
        columns.is_empty(),
        "各列概况",
        "Columns",
        html! {
            table {
                tr {
                    (head_cell("列", "column")) (head_cell("填充率", "filled")) th {}
                    (head_cell("不同的值", "distinct"))
                    (head_cell("最短", "shortest")) (head_cell("最长", "longest"))
                }
                @for one in columns {
                    tr {
                        td { (one.header) @if let Some(field) = &one.field { " " code { (field) } } }
                        td class="number" { (percent(one.filled, one.cells)) }
                        td { (share(one.filled, one.cells)) }
                        td class="number" { @if !one.distinct_exact { "≈ " } (one.distinct) }
                        td { (extent(one.shortest.as_ref())) }
                        td { (extent(one.longest.as_ref())) }
                    }
                }
            }
            @for one in columns { (column(one)) }
        },
    )
}

fn extent(extent: Option<&Extent>) -> Markup {
    html! {
        @if let Some(extent) = extent {
            (extent.value) " " span class="small" { "(" (extent.characters) ", 行 line " (extent.line) ")" }
        }
    }
}

fn column(column: &ColumnReport) -> Markup {
    if column.top.is_empty() && column.formats.is_empty() && column.spread.is_none() {
        return html! {};
    }
    html! {
        div class="column" {
            h3 {
                (column.header)
                @if column.masked { " " span class="mark" { "已打码 " span lang="en" { "masked" } } }
            }
            @if !column.formats.is_empty() {
                table {
                    tr { (head_cell("格式", "format")) (head_cell("个数", "count")) th {} }
                    @for format in &column.formats {
                        tr {
                            td { code { (format.form) } }
                            td class="number" { (format.count) }
                            td { (share(format.count, column.filled)) }
                        }
                    }
                    @if column.other_formats > 0 {
                        tr {
                            td { "其他 " span lang="en" { "others" } }
                            td class="number" { (column.other_formats) }
                            td { (share(column.other_formats, column.filled)) }
                        }
                    }
                }
            }
            @if !column.top.is_empty() {
                table {
                    tr { (head_cell("常见值", "frequent values")) (head_cell("个数", "count")) th {} }
                    @for top in &column.top {
                        tr {
                            td { (top.value) }
                            td class="number" { @if column.top_error > 0 { "≥ " } (top.count) }
                            td { (share(top.count, column.filled)) }
                        }
                    }
                }
            }
            @if let Some(one) = &column.spread { (spread(one)) }
        }
    }
}

fn spread(spread: &SpreadReport) -> Markup {
    html! {
        table {
            tr {
                (head_cell("最小", "minimum")) (head_cell("中位数", "median")) (head_cell("平均", "mean"))
                (head_cell("最大", "maximum")) (head_cell("通常范围", "usual"))
                (head_cell("离群值", "outliers"))
            }
            tr {
                td { (spread.minimum) } td { (spread.median) } td { (spread.mean) } td { (spread.maximum) }
                td { (spread.usual_from) " – " (spread.usual_to) }
                td {
                    (spread.outliers)
                    @for one in &spread.examples {
                        br; (one.value) " " span class="small" { "(行 line " (one.line) ")" }
                    }
                }
            }
        }
    }
}
