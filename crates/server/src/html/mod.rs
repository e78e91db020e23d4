//! Pages for a browser: plain, without scripts, whole in themselves, in Chinese and English.
//!
//! A page says what the JSON under the same address says. What has no page of its own is shown by
//! [`value::page`], which makes one of any JSON.

pub mod catalog;
pub mod collections;
pub mod desk;
pub mod item;
pub mod items;
pub mod landing;
pub mod open;
pub mod value;

/// How pages look.
const STYLE: &str = "body{font:16px/1.6 system-ui,'PingFang SC','Microsoft YaHei',sans-serif;margin:0 auto;\
max-width:70rem;padding:1rem 1.5rem;color:#1d2430}\
a{color:#0b57a4}nav{color:#5b6675;font-size:.9rem}h1{font-size:1.5rem;margin:.5rem 0}h1 small,.en{color:#5b6675;\
font-weight:normal;font-size:.8em}table{border-collapse:collapse;width:100%;font-size:.92rem}\
th,td{border-bottom:1px solid #dde2e9;padding:.3rem .6rem;text-align:left;vertical-align:top}\
th{background:#f3f5f8;font-weight:600}tbody tr:hover{background:#fafbfd}.wide{overflow-x:auto}\
.num{text-align:right;font-variant-numeric:tabular-nums}form{margin:.8rem 0}\
input{font:inherit;padding:.2rem .5rem;width:20rem;max-width:60%}button{font:inherit;padding:.2rem .9rem}\
code,pre{background:#f3f5f8;padding:.1rem .3rem;font-size:.9em}pre{padding:.6rem;overflow-x:auto}\
dl{display:grid;grid-template-columns:max-content 1fr;gap:.2rem 1rem}dt{color:#5b6675}dd{margin:0}\
footer{margin-top:2rem;color:#5b6675;font-size:.85rem;border-top:1px solid #dde2e9;padding-top:.5rem}";

/// A page: its title in Chinese and English, the way to it (addresses and names), and what it holds.
pub fn page(zh: &str, en: &str, way: &[(String, String)], content: &str) -> String {
    let mut path = String::from("<a href=\"/\">基库 Jiku</a>");
    for (address, name) in way {
        path.push_str(&format!(" › {}", anchor(address, name)));
    }
    let (zh, en) = (escaped(zh), escaped(en));
    format!(
        "<!doctype html>\n<html lang=\"zh-CN\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">\
         <title>{zh} {en} · 基库 Jiku</title><style>{STYLE}</style></head>\n<body><nav>{path}</nav>\n\
         <h1>{zh} <small lang=\"en\">{en}</small></h1>\n{content}\n\
         <footer><a href=\"/collections\">数据集 collections</a> · <a href=\"/api?f=html\">接口 API</a> · \
         <a href=\"/conformance\">规范 conformance</a></footer></body></html>\n"
    )
}

/// Text that means nothing to a browser.
pub fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            other => out.push(other),
        }
    }
    out
}

/// A link to an address of this server. What is no such address, and no other on the web, becomes text.
pub fn anchor(address: &str, name: &str) -> String {
    let is_safe = address.starts_with('/')
        || address.starts_with("http://")
        || address.starts_with("https://");
    match is_safe {
        true => format!("<a href=\"{}\">{}</a>", escaped(address), escaped(name)),
        false => escaped(name),
    }
}

/// Links with points between.
pub fn anchors(links: &[crate::routes::links::Link], rel: &str) -> String {
    let all = links.iter().filter(|link| link.rel == rel).map(|link| {
        let kind = link.kind.split(';').next().unwrap_or(link.kind);
        anchor(&link.href, link.title.as_deref().unwrap_or(kind))
    });
    all.collect::<Vec<_>>().join(" · ")
}

/// Chinese, and English in grey.
pub fn both(label: &schema::Label) -> String {
    format!(
        "{} <span class=\"en\" lang=\"en\">{}</span>",
        escaped(&label.zh),
        escaped(&label.en)
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_of_the_data_reaches_the_browser_as_markup() {
        assert_eq!(
            escaped("<b a=\"1\">'&"),
            "&lt;b a=&quot;1&quot;&gt;&#39;&amp;"
        );
        assert_eq!(anchor("javascript:alert(1)", "<x>"), "&lt;x&gt;");
        assert_eq!(
            anchor("/a?b=1&c=2", "x"),
            "<a href=\"/a?b=1&amp;c=2\">x</a>"
        );
        let page = page("题", "t<", &[("/x".to_string(), "y>".to_string())], "");
        assert!(page.contains("<title>题 t&lt; ·") && page.contains(">y&gt;</a>"));
        assert!(!page.contains("<script"));
    }
}
