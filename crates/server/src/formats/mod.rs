//! The forms that records are answered in, and which one a request gets.
//!
//! `f` decides, or else the header `Accept` (RFC 9110, 12.5.1), or else the first form of the route. To add
//! one: a variant of [`Format`] with its row in `Format::row`, its encoder in a file of its own, and an
//! arm each in [`encoder`].

pub mod accept;
pub mod csv;
pub mod encoder;
pub mod feature;
pub mod flatgeobuf;
pub mod groups;
pub mod plain;
pub mod wkt;

use axum::http::{HeaderMap, header};
use query::QueryError;

use crate::parameters::Parameters;

/// A form of an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// GeoJSON (RFC 7946).
    GeoJson,
    /// JSON without the frame of GeoJSON: a list of flat objects.
    Json,
    /// A table for spreadsheets.
    Csv,
    /// A GeoJSON feature a line.
    Ndjson,
    /// FlatGeobuf, for programs for maps.
    FlatGeobuf,
    /// Rows of values in order of period.
    Series,
    /// A page for a browser.
    Html,
    /// A Mapbox vector tile.
    Mvt,
    /// TileJSON 3.0.
    TileJson,
    /// OpenAPI 3.0, for programs that do not read 3.1 yet.
    OpenApi30,
    /// OpenAPI 3.1.
    OpenApi31,
    /// JSON Schema.
    Schema,
    /// JSON-LD 1.1.
    JsonLd,
    /// Turtle (RDF 1.1).
    Turtle,
}

impl Format {
    /// Its name as a value of `f`, its media type, and the media types of `Accept` that ask for it.
    fn row(self) -> (&'static str, &'static str, &'static [&'static str]) {
        match self {
            // Programs that ask for JSON, and know nothing of GeoJSON's own type, get it all the same.
            Format::GeoJson => (
                "geojson",
                "application/geo+json",
                &[
                    "application/geo+json",
                    "application/json",
                    "application/vnd.geo+json",
                ],
            ),
            Format::Json => ("json", "application/json", &["application/json"]),
            Format::Csv => ("csv", "text/csv; charset=utf-8", &["text/csv"]),
            Format::Ndjson => (
                "ndjson",
                "application/x-ndjson",
                &[
                    "application/x-ndjson",
                    "application/ndjson",
                    "application/jsonl",
                ],
            ),
            Format::FlatGeobuf => ("fgb", "application/flatgeobuf", &["application/flatgeobuf"]),
            Format::Series => ("series", "application/json", &[]),
            Format::Html => (
                "html",
                "text/html; charset=utf-8",
                &["text/html", "application/xhtml+xml"],
            ),
            Format::Mvt => (
                "mvt",
                "application/vnd.mapbox-vector-tile",
                &[
                    "application/vnd.mapbox-vector-tile",
                    "application/x-protobuf",
                ],
            ),
            Format::TileJson => (
                "tilejson",
                "application/json",
                &["application/vnd.mapbox.tilejson+json"],
            ),
            Format::OpenApi30 => (
                "openapi30",
                "application/vnd.oai.openapi+json;version=3.0",
                &["application/vnd.oai.openapi+json;version=3.0"],
            ),
            Format::OpenApi31 => (
                "openapi31",
                "application/vnd.oai.openapi+json;version=3.1",
                &[
                    "application/vnd.oai.openapi+json;version=3.1",
                    "application/vnd.oai.openapi+json",
                    "application/json",
                ],
            ),
            Format::Schema => (
                "json",
                "application/schema+json",
                &["application/schema+json", "application/json"],
            ),
            Format::JsonLd => ("jsonld", "application/ld+json", &["application/ld+json"]),
            Format::Turtle => (
                "ttl",
                "text/turtle; charset=utf-8",
                &["text/turtle", "application/x-turtle"],
            ),
        }
    }

    /// Its name as a value of `f`.
    pub fn name(self) -> &'static str {
        self.row().0
    }

    /// Its media type.
    pub fn media_type(self) -> &'static str {
        self.row().1
    }

    /// Whether it is a file, which without a limit holds everything.
    pub fn is_file(self) -> bool {
        matches!(self, Format::Csv | Format::Ndjson | Format::FlatGeobuf)
    }
}

/// The form that a request asks for, of those that there are; the first where it does not say.
///
/// # Errors
///
/// `f` names none of them.
pub fn asked(
    given: &mut Parameters,
    headers: &HeaderMap,
    offered: &[Format],
) -> Result<Format, QueryError> {
    if let Some(text) = given.take("f") {
        let found = offered.iter().copied().find(|format| format.name() == text);
        let names: Vec<&str> = offered.iter().map(|format| format.name()).collect();
        return found.ok_or_else(|| QueryError::bad("f", &text, names.join(", ")));
    }
    let accept = headers
        .get(header::ACCEPT)
        .and_then(|value| value.to_str().ok());
    let wanted =
        accept.and_then(|accept| accept::best(accept, offered.iter().map(|format| format.row().2)));
    Ok(wanted.map_or(offered[0], |place| offered[place]))
}

/// In which letters a table is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Charset {
    /// UTF-8, with a byte order mark, by which spreadsheets know it.
    #[default]
    Utf8,
    /// GB18030, for spreadsheets and programs that expect China's own encoding.
    Gb18030,
}

impl Charset {
    /// Takes the parameter `charset`, which only tables have.
    ///
    /// # Errors
    ///
    /// Another encoding, or another format.
    pub fn take(given: &mut Parameters, format: Format) -> Result<Charset, QueryError> {
        let Some(text) = given.take("charset") else {
            return Ok(Charset::Utf8);
        };
        let beside_csv = record::prose!("与 f=csv 同用", "f=csv beside it");
        match text.to_ascii_lowercase().as_str() {
            _ if format != Format::Csv => Err(QueryError::bad("charset", text, beside_csv)),
            "utf-8" | "utf8" => Ok(Charset::Utf8),
            // All of GBK is in GB18030 with the same bytes.
            "gb18030" | "gbk" | "gb2312" => Ok(Charset::Gb18030),
            _ => Err(QueryError::bad("charset", text, "utf-8, gb18030")),
        }
    }

    /// The media type of a table.
    pub fn media_type(self) -> &'static str {
        match self {
            Charset::Utf8 => Format::Csv.media_type(),
            Charset::Gb18030 => "text/csv; charset=gb18030",
        }
    }

    /// Text in these letters.
    pub fn bytes(self, text: String) -> Vec<u8> {
        match self {
            Charset::Utf8 => text.into_bytes(),
            Charset::Gb18030 => encoding_rs::GB18030.encode(&text).0.into_owned(),
        }
    }

    /// What stands before a table.
    pub fn mark(self) -> &'static str {
        match self {
            Charset::Utf8 => "\u{feff}",
            Charset::Gb18030 => "",
        }
    }
}
