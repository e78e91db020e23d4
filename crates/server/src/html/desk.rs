//! The board of the desk, and its requests, as pages.

use catalogue::desk::Board;
use catalogue::desk::clock::Urgency;
use serde_json::Value;

use super::{anchor, escaped};

/// What waits, the overdue first.
pub fn board(board: &Board) -> String {
    let rows = board.waiting.iter().map(|one| {
        let (zh, en) = match one.clock.urgency {
            Urgency::Overdue => ("已超期", "overdue"),
            Urgency::DueSoon => ("即将到期", "due soon"),
            Urgency::Running => ("办理中", "running"),
        };
        let provisional = if one.clock.provisional { " (暂定 provisional)" } else { "" };
        let awaited = format!("{:?}", one.clock.awaited).to_lowercase();
        format!(
            "<tr><td>{zh} <span class=\"en\">{en}</span></td><td>{}</td><td>{}</td><td>{}</td><td>{}</td><td>{awaited}</td>\
             <td>{}{provisional}</td><td class=\"num\">{}</td></tr>\n",
            anchor(&one.href, &one.id),
            escaped(&one.collection),
            escaped(&one.by),
            escaped(&one.waits_for.join(", ")),
            escaped(&one.clock.due),
            one.clock.left,
        )
    });
    let rows: String = rows.collect();
    let ending = board.ending.iter().map(|one| {
        format!(
            "<li>{} {} {} → {}</li>",
            anchor(&format!("/requests/{}", one.id), &one.id),
            escaped(&one.applicant),
            escaped(&one.collection),
            escaped(&one.until),
        )
    });
    let content = format!(
        "<p>{}：超期 {}，即将到期 {} <span class=\"en\">{} overdue, {} due soon</span></p>\n\
         <div class=\"wide\"><table><thead><tr><th>状态 urgency</th><th>编号 id</th><th>资源 resource</th><th>提出 by</th>\
         <th>待办部门 waits for</th><th>环节 step</th><th>期限 due</th><th>剩余工作日 left</th></tr></thead>\
         <tbody>\n{rows}</tbody></table></div>\n<p>即将期满的授权 <span class=\"en\">grants that end soon</span></p><ul>{}</ul>",
        escaped(&board.today),
        board.overdue,
        board.due_soon,
        board.overdue,
        board.due_soon,
        ending.collect::<String>(),
    );
    let way = [("/requests".to_string(), "共享申请 requests".to_string())];
    super::page("督办看板", "Board", &way, &content)
}

/// Requests as a table.
pub fn requests(all: &[Value]) -> String {
    let text = |value: &Value| escaped(value.as_str().unwrap_or("–"));
    let rows = all.iter().map(|one| {
        let id = one["id"].as_str().unwrap_or_default();
        format!(
            "<tr><td>{}</td><td>{}</td><td>{}</td><td>{}</td><td>{}</td><td>{}</td></tr>\n",
            anchor(&format!("/requests/{id}"), id),
            text(&one["applicant"]),
            text(&one["wish"]["collection"]),
            text(&one["state"]),
            text(&one["clock"]["due"]),
            text(&one["term"]["until"]),
        )
    });
    let content = format!(
        "<p>{} · {}</p>\n<div class=\"wide\"><table><thead><tr><th>编号 id</th><th>申请部门 applicant</th><th>资源 resource</th>\
         <th>状态 state</th><th>期限 due</th><th>授权至 until</th></tr></thead><tbody>\n{}</tbody></table></div>",
        anchor("/requests/board", "督办看板 board"),
        anchor("/catalog", "共享目录 catalogue"),
        rows.collect::<String>(),
    );
    super::page("共享申请", "Requests", &[], &content)
}
