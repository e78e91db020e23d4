//! `GET /loads/{id}/report`, `/rejects` and `/notices`: what a load found, the rows to mend, and those
//! that say what their department does not answer for.

use std::io::Read;

use ::load::book::{Book, BookError, Table};
use axum::body::{Body, Bytes};
use axum::extract::{Path, RawQuery};
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::Response;
use futures_util::stream::unfold;

use super::{answer, json};
use crate::failure::Failure;
use crate::parameters::Parameters;
use crate::visit::Visit;

/// How much of a file is read at once.
const PIECE: usize = 1 << 18;

/// What the rehearsal found: JSON, or a page.
pub async fn report(
    app: Visit,
    Path(id): Path<String>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Response, Failure> {
    let book = app.book()?;
    app.check_load(&id)?;
    let mut given = Parameters::parse(query.as_deref())?;
    let accept = headers.get(header::ACCEPT);
    let accept = accept.and_then(|value| value.to_str().ok()).unwrap_or("");
    let formats = if accept.contains("text/html") {
        ["html", "json"]
    } else {
        ["json", "html"]
    };
    let format = given.take_format(&formats)?;
    given.finish([])?;
    tokio::task::block_in_place(|| {
        if format == "json" {
            return Ok(json(&book.report(&id)?));
        }
        let page = book.report_page(&id)?;
        Ok(answer("text/html; charset=utf-8", page))
    })
}

/// The reject file as it is.
pub async fn rejects(
    app: Visit,
    Path(id): Path<String>,
    RawQuery(query): RawQuery,
) -> Result<Response, Failure> {
    app.check_load(&id)?;
    table(&app, query.as_deref(), |book| book.rejects(&id))
}

/// The table of notices.
pub async fn notices(
    app: Visit,
    Path(id): Path<String>,
    RawQuery(query): RawQuery,
) -> Result<Response, Failure> {
    app.check_load(&id)?;
    table(&app, query.as_deref(), |book| book.notices(&id))
}

/// One of a load's tables.
fn table(
    app: &Visit,
    query: Option<&str>,
    which: impl FnOnce(&Book) -> Result<Table, BookError>,
) -> Result<Response, Failure> {
    super::no_parameters(query)?;
    let book = app.book()?;
    Ok(download(tokio::task::block_in_place(|| which(book))?))
}

/// A table for whoever saves it.
fn download(table: Table) -> Response {
    let kind = if table.name.ends_with(".ndjson") {
        "application/x-ndjson".to_string()
    } else {
        format!("text/csv; charset={}", table.encoding.to_lowercase())
    };
    let disposition = disposition(&table.name);
    let mut response = Response::new(pieces(table));
    let said = [
        (header::CONTENT_TYPE, kind),
        (header::CONTENT_DISPOSITION, disposition),
    ];
    for (name, value) in said {
        if let Ok(value) = HeaderValue::from_str(&value) {
            response.headers_mut().insert(name, value);
        }
    }
    response
}

/// A file, piece by piece.
fn pieces(table: Table) -> Body {
    let stream = unfold(Some(table.file), |file| async {
        let mut file = file?;
        let mut piece = Vec::with_capacity(PIECE);
        let read =
            tokio::task::block_in_place(|| (&mut file).take(PIECE as u64).read_to_end(&mut piece));
        match read {
            Ok(0) => None,
            Ok(_) => Some((Ok(Bytes::from(piece)), Some(file))),
            Err(error) => Some((Err(error), None)),
        }
    });
    Body::from_stream(stream)
}

/// A file's name for whoever saves it (RFC 6266): as it is, and in letters that all can read.
fn disposition(name: &str) -> String {
    let plain: String = name
        .chars()
        .map(|one| match one {
            '"' | '\\' | '%' => '_',
            one if one.is_ascii() && !one.is_ascii_control() => one,
            _ => '_',
        })
        .collect();
    let mut encoded = String::new();
    for byte in name.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            encoded.push_str(&format!("%{byte:02X}"));
        }
    }
    format!("attachment; filename=\"{plain}\"; filename*=UTF-8''{encoded}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_told_in_two_forms() {
        assert_eq!(
            disposition("人口 \"3\".csv"),
            "attachment; filename=\"__ _3_.csv\"; filename*=UTF-8''%E4%BA%BA%E5%8F%A3%20%223%22.csv"
        );
    }
}
