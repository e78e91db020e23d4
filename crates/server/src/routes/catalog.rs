//! `GET /catalog` and what belongs to it: the resources that there are, on which terms they are shared, who
//! answers for them. It says what there is to ask for, to departments that may not read it yet; no record.

use axum::extract::{Path, RawQuery};
use axum::http::HeaderMap;
use axum::response::Response;
use catalogue::dcat::{self, Extent, Syntax};
use catalogue::{entry, lists};
use query::QueryError;
use record::Problem;
use schema::SharingDesk;
use serde_json::{Value, json};

use super::links;
use super::{PAGES, answer, form_of, self_and_alternates, shown};
use crate::failure::Failure;
use crate::formats::Format;
use crate::html;
use crate::visit::Visit;

/// The forms of a whole catalogue.
pub const FORMATS: [Format; 4] = [Format::Json, Format::JsonLd, Format::Turtle, Format::Html];

/// All entries.
pub async fn catalog(
    app: Visit,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Response, Failure> {
    let format = form_of(query.as_deref(), &headers, &FORMATS)?;
    if let Some(written) = graph(&app, &headers, Extent::Everything, format)? {
        return Ok(written);
    }
    let schemas = app.whole.catalog();
    let links = self_and_alternates("/catalog", format, &FORMATS);
    let value = json!({
        "title": { "zh": "基库共享目录", "en": "Catalogue of the base registers" },
        "standard": "GB/T 21063",
        "supervisor": entry::Department::of(schemas, &desk(&app)?.supervisor),
        "resources": entry::entries(schemas),
        "links": links,
    });
    Ok(shown(format, &value, &links, || {
        html::catalog::page(&entry::entries(schemas))
    }))
}

/// One entry.
pub async fn resource(
    app: Visit,
    Path(name): Path<String>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Response, Failure> {
    let format = form_of(query.as_deref(), &headers, &PAGES)?;
    let found = catalogue::find(app.whole.catalog(), &name);
    let found = found.ok_or_else(|| Failure::not_found(&format!("/catalog/resources/{name}")))?;
    let path = format!("/catalog/resources/{}", found.collection);
    let links = self_and_alternates(&path, format, &PAGES);
    let mut value = json!(found);
    value["links"] = json!(links);
    Ok(shown(format, &value, &links, || html::catalog::one(&found)))
}

/// Who answers for what.
pub async fn responsibility(
    app: Visit,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Response, Failure> {
    let format = form_of(query.as_deref(), &headers, &PAGES)?;
    let all = app
        .blocking(|app, _| {
            let whole = app.whole.as_ref();
            lists::responsibility(whole, whole.catalog()).map_err(QueryError::Store)
        })
        .await?;
    let name = ("责任清单", "Responsibility catalogue");
    Ok(list(
        "responsibility",
        "departments",
        name,
        format,
        json!(all),
    ))
}

/// Which databases there are.
pub async fn databases(
    app: Visit,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Response, Failure> {
    let format = form_of(query.as_deref(), &headers, &PAGES)?;
    let all = app
        .blocking(|app, context| {
            let (store, deadline) = (context.store, context.deadline);
            lists::databases(store, app.whole.catalog(), context.today, deadline)
                .map_err(QueryError::Store)
        })
        .await?;
    let name = ("数据库清单", "Database catalogue");
    Ok(list("databases", "databases", name, format, json!(all)))
}

/// What is shared on which terms.
pub async fn sharing(
    app: Visit,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Response, Failure> {
    let format = form_of(query.as_deref(), &headers, &PAGES)?;
    let all = json!(lists::sharing(app.whole.catalog()));
    let name = ("共享清单", "Sharing catalogue");
    Ok(list("sharing", "types", name, format, all))
}

/// A list of the catalogue as an answer.
fn list(path: &str, member: &str, (zh, en): (&str, &str), format: Format, all: Value) -> Response {
    let links = self_and_alternates(&format!("/catalog/{path}"), format, &PAGES);
    let way = [("/catalog".to_string(), "共享目录 catalogue".to_string())];
    let page = || html::value::page(zh, en, &way, &all);
    let mut value = json!({ "title": { "zh": zh, "en": en } });
    value[member] = all.clone();
    value["links"] = json!(links);
    shown(format, &value, &links, page)
}

/// The catalogue as a graph, where that is asked for.
pub fn graph(
    app: &Visit,
    headers: &HeaderMap,
    extent: Extent,
    format: Format,
) -> Result<Option<Response>, Failure> {
    let syntax = match format {
        Format::JsonLd => Syntax::JsonLd,
        Format::Turtle => Syntax::Turtle,
        _ => return Ok(None),
    };
    let origin = links::origin(headers);
    // Names in a graph are whole addresses; a caller of HTTP/1.0 may have named no host.
    let origin = if origin.is_empty() {
        "http://localhost"
    } else {
        &origin
    };
    let graph = dcat::graph(app.whole.catalog(), desk(app)?, origin, extent);
    let written = graph.written(syntax);
    let written = written.map_err(|error| Failure::internal(&error.to_string()))?;
    Ok(Some(answer(format.media_type(), written)))
}

/// Who keeps the catalogue.
///
/// # Errors
///
/// Nobody: the schemas have no catalogue.
pub fn desk(app: &Visit) -> Result<&SharingDesk, Failure> {
    let desk = app.whole.catalog().desk.as_deref();
    desk.ok_or_else(|| Failure::of(Problem::new("catalog-absent", "", "", "")))
}
