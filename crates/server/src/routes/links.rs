//! Links from an answer, in its body and as the header `Link` (RFC 8288).

use axum::http::{HeaderMap, HeaderValue, Uri, header};
use axum::response::Response;
use serde::Serialize;

/// A link.
#[derive(Clone, Debug, Serialize)]
pub struct Link {
    /// Where to.
    pub href: String,
    /// What it is to this answer.
    pub rel: &'static str,
    /// The media type there.
    #[serde(rename = "type")]
    pub kind: &'static str,
    /// What a person reads.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
}

impl Link {
    /// A link without a title.
    pub fn new(href: impl Into<String>, rel: &'static str, kind: &'static str) -> Link {
        Link {
            href: href.into(),
            rel,
            kind,
            title: None,
        }
    }

    /// The link with a title.
    #[must_use]
    pub fn titled(self, title: impl Into<String>) -> Link {
        Link {
            title: Some(title.into()),
            ..self
        }
    }
}

/// Puts links into the header: the only place for them where the body is a table or lines. Titles stay in
/// the body, for a header has no Chinese.
pub fn insert(response: &mut Response, links: &[Link]) {
    let each = links.iter().map(|link| {
        let Link {
            href, rel, kind, ..
        } = link;
        format!("<{href}>; rel=\"{rel}\"; type=\"{kind}\"")
    });
    let text = each.collect::<Vec<_>>().join(", ");
    if let Ok(links) = HeaderValue::from_str(&text) {
        response.headers_mut().insert(header::LINK, links);
    }
}

/// The same address with a parameter added, or set to another value.
pub fn with_parameter(uri: &Uri, parameter: &str, value: &str) -> String {
    let mut query = form_urlencoded::Serializer::new(String::new());
    for (name, value) in form_urlencoded::parse(uri.query().unwrap_or("").as_bytes()) {
        if name != parameter {
            query.append_pair(&name, &value);
        }
    }
    query.append_pair(parameter, value);
    format!("{}?{}", uri.path(), query.finish())
}

/// The header in which a proxy says how it is spoken to; [`crate::connection`] lets it pass only from there,
/// and sets it where it encrypts itself.
pub const SCHEME: &str = "x-forwarded-proto";

/// Where the server is as its caller sees it, `http://host:port`: for what can have no relative addresses.
/// Nothing where the caller names no host, or one with other letters than hosts have.
pub fn origin(headers: &HeaderMap) -> String {
    let host = headers
        .get(header::HOST)
        .and_then(|value| value.to_str().ok());
    let is_encrypted = headers.get(SCHEME).is_some_and(|scheme| scheme == "https");
    let scheme = if is_encrypted { "https" } else { "http" };
    let is_plain = |host: &&str| {
        host.bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b".-:[]_".contains(&byte))
    };
    host.filter(is_plain)
        .map_or(String::new(), |host| format!("{scheme}://{host}"))
}
