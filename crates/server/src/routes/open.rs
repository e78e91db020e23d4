//! `/open`: what is published without a key.

use ::query::{Limits, QueryError};
use axum::body::Bytes;
use axum::extract::{Path, RawQuery};
use axum::http::{HeaderMap, HeaderValue, Uri, header};
use axum::response::Response;
use catalogue::dcat::Extent;
use catalogue::desk::today;
use catalogue::open::records::{self, OpenPage, OpenRecord};
use catalogue::open::{Edition, Table};
use record::{EntityId, prose};
use schema::{OpenForm, OpenResource};
use serde_json::{Map, Value, json};

use super::links::{Link, with_parameter};
use super::{answer, catalog, form_of, page_answer, self_and_alternates, shown};
use crate::failure::Failure;
use crate::formats::csv::{cell, raw_cell};
use crate::formats::{self, Charset, Format};
use crate::html;
use crate::parameters::Parameters;
use crate::streaming;
use crate::visit::Visit;

/// The forms of an open resource.
pub const FORMATS: [Format; 4] = [Format::Json, Format::Csv, Format::Ndjson, Format::Html];

/// How much of a file is written before it is sent.
const BATCH: usize = 64 << 10;

/// What is published.
pub async fn list(
    app: Visit,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Response, Failure> {
    let format = form_of(query.as_deref(), &headers, &catalog::FORMATS)?;
    if let Some(written) = catalog::graph(&app, &headers, Extent::Open, format)? {
        return Ok(for_all(written));
    }
    let open = &app.whole.catalog().open;
    let all: Vec<Value> = open
        .resources
        .iter()
        .map(|one| described(&app, one))
        .collect();
    let links = self_and_alternates("/open", format, &catalog::FORMATS);
    let value = json!({
        "title": { "zh": "基库开放目录", "en": "Open data of the base registers" },
        "license": open.license,
        "resources": all,
        "links": links,
    });
    Ok(for_all(shown(format, &value, &links, || {
        html::value::page("开放数据", "Open data", &[], &value)
    })))
}

/// What a resource is.
fn described(app: &Visit, resource: &OpenResource) -> Value {
    let catalog = app.whole.catalog();
    let collection = catalog.collection(&resource.collection);
    let provider =
        collection.map(|one| catalogue::entry::Department::of(catalog, &one.authority.responsible));
    let mut out = json!({
        "name": resource.name,
        "title": resource.label,
        "description": resource.description,
        "collection": resource.collection,
        "provider": provider,
        "updateCycle": resource.edition,
        "href": format!("/open/{}", resource.name),
    });
    match &resource.form {
        OpenForm::Records(fields) => out["fields"] = json!(fields),
        OpenForm::Counts { by, threshold } => {
            let keys: Vec<String> = by.iter().map(schema::OpenKey::name).collect();
            out["keys"] = json!(keys);
            out["threshold"] = json!(threshold);
            let press = app.sharing.as_ref().map(|sharing| &sharing.press);
            out["editions"] = json!(press.map(|press| press.periods(&resource.collection)));
        }
    }
    out
}

/// One resource: its records as they are now, or an edition of its counts.
pub async fn one(
    app: Visit,
    Path(name): Path<String>,
    RawQuery(query): RawQuery,
    uri: Uri,
    headers: HeaderMap,
) -> Result<Response, Failure> {
    let open = app.whole.catalog().open.clone();
    let resource = open.resource(&name).cloned();
    let resource = resource.ok_or_else(|| Failure::not_found(uri.path()))?;
    let mut given = Parameters::parse(query.as_deref())?;
    let format = formats::asked(&mut given, &headers, &FORMATS)?;
    let charset = Charset::take(&mut given, format)?;
    let response = match &resource.form {
        OpenForm::Counts { .. } => {
            let period = given.take("edition");
            given.finish([])?;
            counts(&app, &resource, period, format, charset).await?
        }
        OpenForm::Records(_) => {
            let limit = given.take_number("limit")?;
            let cursor = given.take("cursor");
            given.finish([])?;
            let is_whole = limit.is_none() && cursor.is_none();
            if matches!(format, Format::Csv | Format::Ndjson) && is_whole {
                whole(app, resource, format, charset).await?
            } else {
                page(&app, resource, (limit, cursor), format, charset, &uri).await?
            }
        }
    };
    Ok(for_all(response))
}

/// Any page may read what anybody may.
fn for_all(mut response: Response) -> Response {
    let any = HeaderValue::from_static("*");
    response
        .headers_mut()
        .insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, any);
    response
}

/// An edition of counts: that of today's period, or the one that is named.
async fn counts(
    app: &Visit,
    resource: &OpenResource,
    period: Option<String>,
    format: Format,
    charset: Charset,
) -> Result<Response, Failure> {
    let sharing = app.sharing.clone();
    let press = sharing.ok_or_else(|| Failure::internal("no press"))?.press;
    let edition = match &period {
        Some(period) => press.edition(&resource.collection, period),
        None => {
            let made = app.once(|app, context| {
                let (store, deadline) = (app.whole.as_ref(), context.deadline);
                let made = press.current(store, resource, context.today, deadline);
                made.map_err(|error| context.error(error))
            });
            made.await?
        }
    };
    let table = edition
        .as_ref()
        .and_then(|one| Some((one, one.tables.get(&resource.name)?)));
    let Some((edition, table)) = table else {
        let known = press.periods(&resource.collection).join(", ");
        let period = period.unwrap_or_default();
        let expected = prose!("已有的期次：{known}", "an edition that there is: {known}");
        return Err(QueryError::bad("edition", &period, expected).into());
    };
    let path = format!("/open/{}", resource.name);
    let links = self_and_alternates(&path, format, &FORMATS);
    Ok(match format {
        Format::Csv => {
            let text = format!("{}{}", charset.mark(), sheet(table));
            answer(charset.media_type(), charset.bytes(text))
        }
        Format::Ndjson => {
            let rows = table
                .rows
                .iter()
                .map(|row| format!("{}\n", row_json(table, row)));
            answer(Format::Ndjson.media_type(), rows.collect::<String>())
        }
        format => {
            let value = edition_json(app, resource, edition, table, &links);
            shown(format, &value, &links, || {
                html::open::table(resource, edition, table)
            })
        }
    })
}

fn edition_json(
    app: &Visit,
    resource: &OpenResource,
    edition: &Edition,
    table: &Table,
    links: &[Link],
) -> Value {
    let rows: Vec<Value> = table.rows.iter().map(|row| row_json(table, row)).collect();
    json!({
        "name": resource.name,
        "title": resource.label,
        "description": resource.description,
        "edition": edition.period,
        "asOf": edition.as_of,
        "made": edition.made,
        "threshold": edition.threshold,
        "license": app.whole.catalog().open.license,
        "keys": table.keys,
        "rows": rows,
        "links": links,
    })
}

/// A cell: a value for each key, `_T` for all of them and `_U` for none; a count, or null and that it is
/// withheld.
fn row_json(table: &Table, row: &catalogue::open::Row) -> Value {
    let key = table.keys.iter().zip(&row.key);
    let key: Map<String, Value> = key
        .map(|(key, value)| (key.clone(), json!(value)))
        .collect();
    match row.count {
        Some(count) => json!({ "key": key, "count": count }),
        None => json!({ "key": key, "count": null, "status": "C" }),
    }
}

/// A table of counts for spreadsheets; `C` (confidential, as SDMX has it) where a number is withheld.
fn sheet(table: &Table) -> String {
    let mut out = String::new();
    for key in &table.keys {
        cell(&mut out, key);
        out.push(',');
    }
    out.push_str("count,status\r\n");
    for row in &table.rows {
        for value in &row.key {
            cell(&mut out, value);
            out.push(',');
        }
        match row.count {
            Some(count) => out.push_str(&format!("{count},\r\n")),
            None => out.push_str(",C\r\n"),
        }
    }
    out
}

/// A page of records.
async fn page(
    app: &Visit,
    resource: OpenResource,
    (limit, cursor): (Option<usize>, Option<String>),
    format: Format,
    charset: Charset,
    uri: &Uri,
) -> Result<Response, Failure> {
    let Limits {
        page: most,
        default_page,
        ..
    } = app.options.limits;
    let limit = limit.unwrap_or(default_page);
    if limit == 0 || limit > most {
        return Err(QueryError::bad("limit", limit.to_string(), format!("1 … {most}")).into());
    }
    let after = cursor.map(|text| {
        let id = text.parse::<EntityId>();
        id.map_err(|_| QueryError::BadCursor(text))
    });
    let after = after.transpose()?;
    let asked = resource.clone();
    let found: OpenPage = app
        .once(move |app, context| {
            let collection = ::query::plan::collection(app.whole.catalog(), &asked.collection)?;
            let view = app.whole.view();
            let (day, deadline) = (context.today, context.deadline);
            let found = records::page(
                view.as_ref(),
                collection,
                &asked,
                day,
                (after, limit),
                deadline,
            );
            found.map_err(|error| context.error(error))
        })
        .await?;
    let mut links = self_and_alternates(uri.path(), format, &FORMATS);
    if let Some(next) = &found.next {
        let address = with_parameter(uri, "cursor", next);
        links.push(Link::new(address, "next", format.media_type()));
    }
    let fields = records::fields(&resource);
    Ok(match format {
        Format::Csv => {
            let mut text = format!("{}{}", charset.mark(), head(fields));
            for one in &found.records {
                line(&mut text, one);
            }
            let mut response = answer(charset.media_type(), charset.bytes(text));
            super::links::insert(&mut response, &links);
            response
        }
        Format::Ndjson => {
            let lines = found
                .records
                .iter()
                .map(|one| format!("{}\n", object(fields, one)));
            let mut response = answer(Format::Ndjson.media_type(), lines.collect::<String>());
            super::links::insert(&mut response, &links);
            response
        }
        Format::Html => page_answer(html::open::records(&resource, &found, &links)),
        format => {
            let lines = found.records.iter().map(|one| object(fields, one));
            let lines: Vec<String> = lines.collect();
            let rest = json!({
                "name": resource.name,
                "license": app.whole.catalog().open.license,
                "numberMatched": found.total,
                "numberReturned": found.records.len(),
                "links": links,
            });
            // Written beside the rest, so that every value stands as it was given.
            let rest = rest.to_string();
            let text = format!(
                "{{\"records\":[{}],{}",
                lines.join(","),
                rest.trim_start_matches('{')
            );
            answer(format.media_type(), text)
        }
    })
}

/// All records, written while they are sent.
async fn whole(
    app: Visit,
    resource: OpenResource,
    format: Format,
    charset: Charset,
) -> Result<Response, Failure> {
    let is_table = format == Format::Csv;
    let kind = if is_table {
        charset.media_type()
    } else {
        format.media_type()
    };
    streaming::written(app, kind, move |app, send| {
        let collection = ::query::plan::collection(app.whole.catalog(), &resource.collection)?;
        let fields = records::fields(&resource);
        let mut text = match is_table {
            true => format!("{}{}", charset.mark(), head(fields)),
            false => String::new(),
        };
        let mut was_taken = true;
        let view = app.whole.view();
        let read = records::each(view.as_ref(), collection, &resource, today(), &mut |one| {
            match is_table {
                true => line(&mut text, &one),
                false => text.push_str(&format!("{}\n", object(fields, &one))),
            }
            if text.len() >= BATCH {
                was_taken = send(Ok(Bytes::from(charset.bytes(std::mem::take(&mut text)))));
            }
            was_taken
        });
        read.map_err(QueryError::Store)?;
        if was_taken {
            send(Ok(Bytes::from(charset.bytes(text))));
        }
        Ok(())
    })
    .await
}

/// The names of the columns.
fn head(fields: &[record::CompactString]) -> String {
    let mut out = String::from("id");
    for name in fields {
        out.push(',');
        cell(&mut out, name);
    }
    out.push_str("\r\n");
    out
}

/// A record as a line of a table.
fn line(out: &mut String, record: &OpenRecord) {
    out.push_str(&record.id.to_string());
    for value in &record.values {
        out.push(',');
        if let Some(json) = value {
            raw_cell(out, json);
        }
    }
    out.push_str("\r\n");
}

/// A record as a JSON object.
fn object(fields: &[record::CompactString], record: &OpenRecord) -> String {
    let mut out = format!("{{\"id\":\"{}\"", record.id);
    for (name, value) in fields.iter().zip(&record.values) {
        if let Some(json) = value {
            // Names of fields are camel case: nothing in them wants escaping.
            out.push_str(&format!(",\"{name}\":{json}"));
        }
    }
    out.push('}');
    out
}
