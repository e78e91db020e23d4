//! The catalogue, and one entry of it, as pages.

use catalogue::Entry;
use catalogue::entry::{Item, Openness, TermsShown};

use super::{anchor, both, escaped};

/// All entries as a table.
pub fn page(entries: &[Entry]) -> String {
    let rows = entries.iter().map(|one| {
        format!(
            "<tr><td><code>{}</code></td><td>{} <span class=\"en\">{}</span></td><td>{}</td><td>{}</td><td>{}</td><td>{}</td></tr>\n",
            escaped(&one.code),
            anchor(&address(one), &one.name.zh),
            escaped(&one.name.en),
            named(&one.provider.zh, &one.provider.en),
            named(&one.terms.sharing.zh, &one.terms.sharing.en),
            openness(one.open),
            escaped(one.published.as_deref().unwrap_or("–")),
        )
    });
    let lists = [
        anchor("/catalog/responsibility", "责任清单 responsibility"),
        anchor("/catalog/databases", "数据库清单 databases"),
        anchor("/catalog/sharing", "共享清单 sharing"),
        anchor("/requests", "共享申请 requests"),
        anchor("/open", "开放数据 open data"),
        anchor("/catalog?f=ttl", "DCAT-AP Turtle"),
        anchor("/catalog?f=jsonld", "DCAT-AP JSON-LD"),
    ];
    let content = format!(
        "<p>{}</p>\n<div class=\"wide\"><table><thead><tr><th>代码 code</th><th>资源 resource</th><th>提供方 provider</th>\
         <th>共享类型 sharing</th><th>开放 open</th><th>发布日期 published</th></tr></thead><tbody>\n{}</tbody></table></div>",
        lists.join(" · "),
        rows.collect::<String>(),
    );
    super::page("基库共享目录", "Catalogue", &[], &content)
}

/// One entry, with its information items.
pub fn one(entry: &Entry) -> String {
    let mut facts = String::from("<dl>");
    let mut fact = |name: &str, value: String| {
        facts.push_str(&format!("<dt>{}</dt><dd>{value}</dd>", escaped(name)));
    };
    fact("资源代码 code", escaped(&entry.code));
    fact(
        "提供方 provider",
        named(&entry.provider.zh, &entry.provider.en),
    );
    fact(
        "共享类型 sharing",
        named(&entry.terms.sharing.zh, &entry.terms.sharing.en),
    );
    fact("共享依据 ground", both(&entry.terms.ground));
    if let Some(condition) = &entry.terms.condition {
        fact("共享条件 condition", both(condition));
    }
    let modes = entry.modes.iter().map(|mode| named(&mode.zh, &mode.en));
    fact("共享方式 modes", modes.collect::<Vec<_>>().join(", "));
    fact("格式 formats", escaped(&entry.formats.join(", ")));
    fact("是否开放 open", openness(entry.open).to_string());
    let cycle = format!("{:?}", entry.update_cycle).to_lowercase();
    fact("更新周期 update cycle", cycle);
    let published = entry.published.as_deref().unwrap_or("– (待发布 announced)");
    fact("发布日期 published", escaped(published));
    facts.push_str("</dl>");
    let rows: String = entry.items.iter().map(item).collect();
    let content = format!(
        "<p>{}</p>\n{facts}\n<div class=\"wide\"><table><thead><tr><th>信息项 item</th><th>含义 meaning</th><th>类型 type</th>\
         <th>标准 standard</th><th>敏感级别 sensitivity</th><th>责任部门 responsible</th><th>共享类型 sharing</th></tr></thead>\
         <tbody>\n{rows}</tbody></table></div>",
        both(&entry.summary)
    );
    let way = [("/catalog".to_string(), "共享目录 catalogue".to_string())];
    super::page(&entry.name.zh, &entry.name.en, &way, &content)
}

fn item(item: &Item) -> String {
    let sensitivity = format!("{:?}", item.sensitivity).to_lowercase();
    let terms = |terms: &TermsShown| {
        let condition = terms.condition.as_ref().map(both).unwrap_or_default();
        format!(
            "{} {condition}",
            named(&terms.sharing.zh, &terms.sharing.en)
        )
    };
    format!(
        "<tr><td><code>{}</code></td><td>{}</td><td>{}</td><td>{}</td><td>{sensitivity}</td><td>{}</td><td>{}</td></tr>\n",
        escaped(&item.name),
        both(&item.label),
        item.data_type,
        escaped(item.standard.as_deref().unwrap_or_default()),
        item.responsible
            .as_ref()
            .map(|one| named(&one.zh, &one.en))
            .unwrap_or_default(),
        item.terms.as_ref().map(terms).unwrap_or_default(),
    )
}

fn address(entry: &Entry) -> String {
    format!("/catalog/resources/{}", entry.collection)
}

fn named(zh: &str, en: &str) -> String {
    let (zh, en) = (escaped(zh), escaped(en));
    format!("{zh} <span class=\"en\" lang=\"en\">{en}</span>")
}

fn openness(open: Openness) -> &'static str {
    match open {
        Openness::No => "否 no",
        Openness::Counts => "统计数 counts",
        Openness::Records => "部分字段 some fields",
    }
}
