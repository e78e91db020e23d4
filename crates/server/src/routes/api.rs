//! `GET /api`: the OpenAPI description, 3.1 or 3.0, or the list of routes to read.

use axum::extract::RawQuery;
use axum::http::HeaderMap;
use axum::response::Response;

use super::{TABLE, answer, form_of, page_answer};
use crate::failure::Failure;
use crate::formats::Format;
use crate::html;
use crate::visit::Visit;

const FORMATS: [Format; 4] = [
    Format::OpenApi31,
    Format::OpenApi30,
    Format::Json,
    Format::Html,
];

/// The description, written when the server started.
pub async fn api(
    app: Visit,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Response, Failure> {
    let format = form_of(query.as_deref(), &headers, &FORMATS)?;
    Ok(match format {
        Format::Html => page_answer(page()),
        Format::OpenApi30 => answer(format.media_type(), app.api_30.clone()),
        _ => answer(Format::OpenApi31.media_type(), app.api.clone()),
    })
}

/// All routes, with what they are for and what they take.
fn page() -> String {
    let rows = TABLE.iter().map(|route| {
        format!(
            "<tr><td><code>{}</code></td><td><code>{}</code></td><td>{} <span class=\"en\" lang=\"en\">{}</span></td><td>{}</td></tr>\n",
            route.method.to_uppercase(),
            html::escaped(route.path),
            html::escaped(route.summary_zh),
            html::escaped(route.summary),
            html::escaped(&route.parameters.join(", ")),
        )
    });
    let content = format!(
        "<p><a href=\"/api?f=openapi31\">OpenAPI 3.1</a> · <a href=\"/api?f=openapi30\">OpenAPI 3.0</a></p>\n\
         <div class=\"wide\"><table>{}</table></div>",
        rows.collect::<String>()
    );
    html::page("接口", "Interface", &[], &content)
}
