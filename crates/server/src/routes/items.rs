//! `GET /collections/{c}/items`: search with parameters.

use record::prose;
use std::sync::Arc;

use ::query::series::{self, Table};
use ::query::{Answer, Plan, Query, QueryError, Records, execute, plan};
use axum::extract::{Path, RawQuery, State};
use axum::http::{HeaderValue, Uri};
use axum::response::Response;
use schema::Collection;
use serde::Serialize;
use serde_json::json;

use super::answer;
use crate::app::App;
use crate::failure::Failure;
use crate::parameters::{self, Parameters};
use crate::{csv, feature};

const FORMATS: [&str; 5] = ["geojson", "json", "csv", "ndjson", "series"];

/// A page of records.
pub async fn items(
    State(app): State<Arc<App>>,
    Path(name): Path<String>,
    RawQuery(text): RawQuery,
    uri: Uri,
) -> Result<Response, Failure> {
    let collection = ::query::plan::collection(app.store.catalog(), &name)?;
    let (mut query, format) = decode(collection, text.as_deref())?;
    // OGC API - Features: a page has at most so many records; asking for more is no mistake.
    let most = app.options.limits.page;
    query.limit = query.limit.map(|limit| limit.min(most));
    let (body, links) = app
        .blocking(move |app, context| {
            let plan = plan(context, &query)?;
            match execute(context, &plan)? {
                Answer::Records(records) => {
                    let links = links(&uri, records.cursor.as_deref(), format);
                    Ok((
                        encode(app, &plan, &records, format, &links)?,
                        header(&links),
                    ))
                }
                Answer::Groups(_) => Ok((String::new(), String::new())),
            }
        })
        .await?;
    let mut response = answer(media_type(format), body);
    if let Ok(links) = HeaderValue::from_str(&links) {
        response.headers_mut().insert("link", links);
    }
    let crs = HeaderValue::from_static("<http://www.opengis.net/def/crs/OGC/1.3/CRS84>");
    response.headers_mut().insert("content-crs", crs);
    Ok(response)
}

/// The query the parameters mean, and the format they ask for.
pub fn decode(
    collection: &Collection,
    text: Option<&str>,
) -> Result<(Query, &'static str), QueryError> {
    let mut given = Parameters::parse(text)?;
    let mut query = Query {
        from: collection.name.as_str().into(),
        in_url: true,
        ..Query::default()
    };
    query.q = given.take("q");
    query.bbox = given
        .take("bbox")
        .map(|text| parameters::bbox(&text))
        .transpose()?;
    query.valid_at = given.take("validAt");
    query.known_at = given.take("knownAt");
    if let Some(text) = given.take("datetime") {
        if query.valid_at.is_some() {
            return Err(QueryError::bad(
                "datetime",
                text,
                prose!(
                    "不与 validAt 同用：两者含义相同",
                    "nothing beside validAt, which means the same"
                ),
            ));
        }
        query.during = Some(parameters::datetime(&text)?);
    }
    let filter = given.take("filter");
    query.filter = filter_value(filter, given.take("filter-lang"))?;
    query.filter_crs = given.take("filter-crs");
    parameters::check_crs("crs", given.take("crs"))?;
    query.sort = given.take_list("sortby");
    query.select = given.take_list("properties");
    query.limit = given.take_number("limit")?;
    query.cursor = given.take("cursor");
    let format = given.take_format(&FORMATS)?;
    if format == "series" && query.sort.is_empty() {
        let Some(period) = series::period_field(collection) else {
            return Err(QueryError::bad(
                "f",
                "series",
                prose!(
                    "有统计时期的数据集，如 observation",
                    "a collection with periods, such as observation"
                ),
            ));
        };
        query.sort = vec![period.to_string()];
    }
    query.equal = given.take_others(|name| {
        collection
            .field(name)
            .is_some_and(|(_, field)| field.search.any())
    });
    let names = collection.fields.iter().filter(|field| field.search.any());
    given.finish(names.map(|field| field.name.as_str()))?;
    Ok((query, format))
}

fn filter_value(
    filter: Option<String>,
    language: Option<String>,
) -> Result<Option<serde_json::Value>, QueryError> {
    let Some(filter) = filter else {
        return match language {
            Some(language) => Err(QueryError::bad(
                "filter-lang",
                language,
                prose!("同时给出 filter", "a 'filter' beside it"),
            )),
            None => Ok(None),
        };
    };
    match language.as_deref() {
        None | Some("cql2-text") => Ok(Some(filter.into())),
        Some("cql2-json") => ::query::filter::json_of_text(&filter).map(Some),
        Some(other) => Err(QueryError::bad(
            "filter-lang",
            other,
            "cql2-text, cql2-json",
        )),
    }
}

fn media_type(format: &str) -> &'static str {
    match format {
        "csv" => "text/csv; charset=utf-8",
        "ndjson" => "application/x-ndjson",
        "series" => "application/json",
        _ => "application/geo+json",
    }
}

fn encode(
    app: &App,
    plan: &Plan,
    records: &Records,
    format: &str,
    links: &[Link],
) -> Result<String, QueryError> {
    let store = app.store.as_ref();
    match format {
        "csv" => csv::page(&plan.collection, &plan.select, records),
        "ndjson" => Ok(feature::lines(store, records)),
        "series" => {
            let Table { columns, rows } = series::table(plan, records)?;
            let table = json!({
                "columns": columns,
                "rows": rows,
                "numberMatched": records.matched,
                "numberReturned": records.records.len(),
                "cursor": records.cursor,
            });
            Ok(table.to_string())
        }
        _ => {
            let links = json!(links).to_string();
            Ok(feature::collection(store, records, &links))
        }
    }
}

/// A link from a page.
#[derive(Serialize)]
struct Link {
    href: String,
    rel: &'static str,
    #[serde(rename = "type")]
    kind: &'static str,
}

/// `self`, `next` where there is a next page, and `alternate` for each other format of this page.
fn links(uri: &Uri, cursor: Option<&str>, format: &str) -> Vec<Link> {
    let asked = uri.path_and_query().map_or("/", |asked| asked.as_str());
    let link = |href: String, rel, format| Link {
        href,
        rel,
        kind: media_type(format),
    };
    let mut links = vec![link(asked.to_string(), "self", format)];
    if let Some(cursor) = cursor {
        links.push(link(with_parameter(uri, "cursor", cursor), "next", format));
    }
    for other in ["csv", "ndjson"] {
        links.push(link(with_parameter(uri, "f", other), "alternate", other));
    }
    links
}

/// The links as a header (RFC 8288): the only place for them where the body is CSV or lines.
fn header(links: &[Link]) -> String {
    let each = links
        .iter()
        .map(|Link { href, rel, kind }| format!("<{href}>; rel=\"{rel}\"; type=\"{kind}\""));
    each.collect::<Vec<_>>().join(", ")
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
