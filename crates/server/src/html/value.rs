//! Any JSON as a page: objects as lists of names and values, lists of objects as tables.

use serde_json::Value;

use super::{anchor, escaped};

/// The longest list that is shown whole.
const LONGEST: usize = 200;
/// How deep objects are shown as lists; below they are shown as they are.
const DEEPEST: usize = 4;

/// A page of a JSON value.
pub fn page(zh: &str, en: &str, way: &[(String, String)], value: &Value) -> String {
    super::page(zh, en, way, &of(value, 0))
}

/// A value as markup.
pub fn of(value: &Value, depth: usize) -> String {
    match value {
        Value::Null => String::from("–"),
        Value::String(text) => anchor(text, text),
        Value::Array(items) if items.is_empty() => String::from("–"),
        Value::Array(items) if items.iter().all(Value::is_object) && depth < DEEPEST => {
            let each = items.iter().take(LONGEST).map(|item| linked(item, depth));
            let mut out = each
                .map(|item| format!("<li>{item}</li>"))
                .collect::<String>();
            if items.len() > LONGEST {
                out.push_str(&format!("<li>… {}</li>", items.len()));
            }
            format!("<ul>{out}</ul>")
        }
        Value::Array(items)
            if items
                .iter()
                .all(|item| !item.is_object() && !item.is_array()) =>
        {
            let each = items.iter().take(LONGEST).map(|item| of(item, depth));
            let rest = if items.len() > LONGEST { ", …" } else { "" };
            format!("{}{rest}", each.collect::<Vec<_>>().join(", "))
        }
        Value::Object(members) if depth < DEEPEST => {
            let each = members.iter().map(|(name, value)| {
                format!(
                    "<dt>{}</dt><dd>{}</dd>",
                    escaped(name),
                    of(value, depth + 1)
                )
            });
            format!("<dl>{}</dl>", each.collect::<String>())
        }
        Value::Array(_) | Value::Object(_) => {
            format!("<code>{}</code>", escaped(&value.to_string()))
        }
        other => escaped(&other.to_string()),
    }
}

/// An object that is a link, as one; any other as it is.
fn linked(item: &Value, depth: usize) -> String {
    let text = |name: &str| item[name].as_str();
    match (text("href"), text("rel")) {
        (Some(address), Some(rel)) => {
            let name = text("title").unwrap_or(address);
            let kind = text("type").unwrap_or_default();
            let (rel, kind) = (escaped(rel), escaped(kind));
            format!(
                "{} <span class=\"en\">{rel} {kind}</span>",
                anchor(address, name)
            )
        }
        _ => of(item, depth + 1),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn links_lead_on_and_text_stays_text() {
        let value = json!({ "a<": "<script>", "links": [{ "href": "/x", "rel": "self", "type": "t" }], "n": [1, null] });
        let out = of(&value, 0);
        assert!(out.contains("&lt;script&gt;") && !out.contains("<script>"));
        assert!(out.contains("<a href=\"/x\">/x</a>"));
        assert!(out.contains("<dd>1, –</dd>"));
    }
}
