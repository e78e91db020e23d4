//! `GET /collections/{c}/items`: search with parameters.
//!
//! A page has at most so many records; `limit=all` is everything, written while it is sent. Files (`csv`,
//! `ndjson`, `fgb`) are everything where no limit is given.

use ::query::series::{self, Table};
use ::query::{Answer, Plan, Query, QueryError, Records, execute, plan};
use axum::extract::{Path, RawQuery};
use axum::http::{HeaderMap, HeaderValue, Uri, header};
use axum::response::Response;
use record::prose;
use schema::Collection;
use serde_json::json;

use super::links::{self, Link, with_parameter};
use crate::crs;
use crate::failure::Failure;
use crate::formats::encoder::{self, Form};
use crate::formats::{self, Charset, Format};
use crate::html;
use crate::parameters::Parameters;
use crate::visit::Visit;
use crate::{selection, streaming};

/// The forms of a page.
pub const FORMATS: [Format; 7] = [
    Format::GeoJson,
    Format::Json,
    Format::Csv,
    Format::Ndjson,
    Format::FlatGeobuf,
    Format::Series,
    Format::Html,
];
/// The forms that a page links to.
const ALTERNATES: [Format; 5] = [
    Format::Json,
    Format::Csv,
    Format::Ndjson,
    Format::FlatGeobuf,
    Format::Html,
];
/// `limit=all`.
const ALL: &str = "all";

/// What a request asks for.
pub struct Asked {
    /// The query.
    pub query: Query,
    /// The form of the answer.
    pub form: Form,
    /// Everything, in place of a page.
    pub is_whole: bool,
}

/// A page of records, or all of them.
pub async fn items(
    app: Visit,
    Path(name): Path<String>,
    RawQuery(text): RawQuery,
    uri: Uri,
    headers: HeaderMap,
) -> Result<Response, Failure> {
    let collection = ::query::plan::collection(app.store.catalog(), &name)?;
    let Asked {
        mut query,
        form,
        is_whole,
    } = decode(collection, text.as_deref(), &headers)?;
    let mut response = if is_whole {
        let links = page_links(&uri, None, form.format, None);
        let mut response = streaming::answer(app, query, form, json!(links).to_string()).await?;
        links::insert(&mut response, &links);
        response
    } else {
        // OGC API - Features: a page has at most so many records; asking for more is no mistake.
        let limits = app.options.limits;
        query.limit = query.limit.map(|limit| limit.min(limits.page));
        let limit = query.limit.unwrap_or(limits.default_page);
        let (body, links) = app
            .blocking(move |app, context| {
                let plan = plan(context, &query)?;
                match execute(context, &plan)? {
                    Answer::Records(records) => {
                        let cursor = records.cursor.clone();
                        let links = page_links(&uri, cursor.as_deref(), form.format, Some(limit));
                        Ok((encode(app, &plan, records, form, &links, &uri)?, links))
                    }
                    Answer::Groups(_) => Ok((Vec::new(), Vec::new())),
                }
            })
            .await?;
        let mut response = match form.format {
            Format::Html => super::page_answer(body),
            _ => super::answer(form.media_type(), body),
        };
        links::insert(&mut response, &links);
        response
    };
    let out = response.headers_mut();
    if form.format != Format::Html
        && let Some(value) = crs::header(form.crs)
    {
        out.insert(crs::CONTENT_CRS, value);
    }
    if form.format.is_file() {
        let name = format!("inline; filename=\"{name}.{}\"", form.format.name());
        if let Ok(value) = HeaderValue::from_str(&name) {
            out.insert(header::CONTENT_DISPOSITION, value);
        }
    }
    Ok(response)
}

/// The query the parameters mean, and the form they ask for.
pub fn decode(
    collection: &Collection,
    text: Option<&str>,
    headers: &HeaderMap,
) -> Result<Asked, QueryError> {
    let mut given = Parameters::parse(text)?;
    let format = formats::asked(&mut given, headers, &FORMATS)?;
    let charset = Charset::take(&mut given, format)?;
    let mut query = selection::take(&mut given, collection)?;
    let crs = crs::named("crs", given.take("crs"))?;
    query.sort = given.take_list("sortby");
    query.select = given.take_list("properties");
    query.cursor = given.take("cursor");
    let mut is_whole = given.take_if("limit", ALL);
    query.limit = given.take_number("limit")?;
    is_whole |= format.is_file() && query.limit.is_none() && query.cursor.is_none();
    if is_whole {
        refuse_whole(&query, format)?;
    }
    if format == Format::Series && query.sort.is_empty() {
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
    selection::finish(given, collection)?;
    let form = Form {
        format,
        crs,
        charset,
    };
    Ok(Asked {
        query,
        form,
        is_whole,
    })
}

fn refuse_whole(query: &Query, format: Format) -> Result<(), QueryError> {
    if query.cursor.is_some() {
        let expected = prose!("不与 cursor 同用", "no 'cursor' beside it");
        return Err(QueryError::bad("limit", ALL, expected));
    }
    if matches!(format, Format::Html | Format::Series) {
        let expected = prose!(
            "一个数：此格式一次只答一页",
            "a number: this format has pages only"
        );
        return Err(QueryError::bad("limit", ALL, expected));
    }
    Ok(())
}

fn encode(
    app: &Visit,
    plan: &Plan,
    records: Records,
    form: Form,
    links: &[Link],
    uri: &Uri,
) -> Result<Vec<u8>, QueryError> {
    match form.format {
        Format::Series => {
            let Table { columns, rows } = series::table(plan, &records)?;
            let table = json!({
                "columns": columns,
                "rows": rows,
                "numberMatched": records.matched,
                "numberReturned": records.records.len(),
                "cursor": records.cursor,
                "links": links,
            });
            Ok(table.to_string().into_bytes())
        }
        Format::Html => html::items::page(plan, &records, links, uri).map(String::into_bytes),
        _ => {
            let links = json!(links).to_string();
            encoder::page(app.store.as_ref(), plan, records, form, &links)
        }
    }
}

/// `self`, `next` where there is a next page, and `alternate` for each other format of this page, which has
/// so many records at most.
fn page_links(uri: &Uri, cursor: Option<&str>, format: Format, limit: Option<usize>) -> Vec<Link> {
    let asked = uri.path_and_query().map_or("/", |asked| asked.as_str());
    let mut links = vec![Link::new(asked, "self", format.media_type())];
    if let Some(cursor) = cursor {
        let next = with_parameter(uri, "cursor", cursor);
        links.push(Link::new(next, "next", format.media_type()));
    }
    for other in std::iter::once(Format::GeoJson).chain(ALTERNATES) {
        if other == format || (limit.is_none() && other == Format::Html) {
            continue;
        }
        let mut address = with_parameter(uri, "f", other.name());
        if let Some(limit) = limit.filter(|_| other.is_file() && !names(uri, "limit")) {
            // Without it a file would hold everything.
            address = format!("{address}&limit={limit}");
        }
        links.push(Link::new(address, "alternate", other.media_type()));
    }
    let path = uri.path();
    let above = path.strip_suffix("/items").unwrap_or(path);
    links.push(Link::new(above, "collection", "application/json"));
    links
}

/// Whether an address has a parameter.
fn names(uri: &Uri, parameter: &str) -> bool {
    let query = uri.query().unwrap_or("").as_bytes();
    form_urlencoded::parse(query).any(|(name, _)| name == parameter)
}
