//! `GET /console/` and the files below it: the web console.

use std::hash::{DefaultHasher, Hash, Hasher};

use axum::extract::{Path, RawQuery};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};

use super::{answer, no_parameters};
use crate::answer as answers;
use crate::failure::Failure;

/// Where there is nothing to show, how to get it.
const ABSENT: &str = "<!doctype html><html lang=\"zh\"><meta charset=\"utf-8\"><title>基库 Jiku</title>\
     <h1>此程序未包含控制台</h1><p>在 <code>crates/console</code> 中运行 <code>npm ci &amp;&amp; npm run build</code>，\
     然后重新构建；<code>make demo</code> 会一并完成。接口不受影响：<a href=\"/api\">/api</a>。</p>\
     <div lang=\"en\"><h1>This binary has no console in it</h1><p>Run <code>npm ci &amp;&amp; npm run build</code> in \
     <code>crates/console</code> and build again; <code>make demo</code> does both. \
     Everything else is served: <a href=\"/api\">/api</a>.</p></div></html>";

/// The address without its last slash.
pub async fn slash(RawQuery(query): RawQuery) -> Result<Response, Failure> {
    no_parameters(query.as_deref())?;
    Ok(Redirect::permanent("/console/").into_response())
}

/// The page.
pub async fn page(RawQuery(query): RawQuery, headers: HeaderMap) -> Result<Response, Failure> {
    no_parameters(query.as_deref())?;
    if !console::is_built() {
        return Ok(secured(answer("text/html; charset=utf-8", ABSENT)));
    }
    file(console::INDEX, &headers)
}

/// A file of the page.
pub async fn asset(
    Path(path): Path<String>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Response, Failure> {
    no_parameters(query.as_deref())?;
    file(&path, &headers)
}

fn file(path: &str, headers: &HeaderMap) -> Result<Response, Failure> {
    let accepted = headers.get(header::ACCEPT_ENCODING);
    let accepted = accepted.and_then(|value| value.to_str().ok()).unwrap_or("");
    let Some(asset) = console::find(path, accepted) else {
        return Err(Failure::not_found(path));
    };
    let mut hasher = DefaultHasher::new();
    asset.bytes.hash(&mut hasher);
    let tag = HeaderValue::from_str(&format!("\"{:016x}\"", hasher.finish()))
        .map_err(|error| Failure::internal(&error.to_string()))?;
    let mut response = if answers::matches(headers, &tag) {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        answer(asset.media_type, asset.bytes)
    };
    let kept = if asset.is_lasting {
        "public, max-age=31536000, immutable"
    } else {
        "no-cache"
    };
    let out = response.headers_mut();
    out.insert(header::ETAG, tag);
    out.insert(header::CACHE_CONTROL, HeaderValue::from_static(kept));
    out.insert(header::VARY, HeaderValue::from_static("Accept-Encoding"));
    if let Some(encoding) = asset.encoding {
        out.insert(header::CONTENT_ENCODING, HeaderValue::from_static(encoding));
    }
    Ok(secured(response))
}

/// What a browser is told of the page: what it may do, and that others may not hold it.
fn secured(mut response: Response) -> Response {
    let said = [
        ("content-security-policy", console::POLICY),
        ("x-content-type-options", "nosniff"),
        ("x-frame-options", "DENY"),
        ("referrer-policy", "no-referrer"),
        ("cross-origin-opener-policy", "same-origin"),
        ("cross-origin-resource-policy", "same-origin"),
        (
            "permissions-policy",
            "camera=(), geolocation=(), microphone=()",
        ),
    ];
    for (name, value) in said {
        let value = HeaderValue::from_static(value);
        response.headers_mut().insert(name, value);
    }
    response
}
