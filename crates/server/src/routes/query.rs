//! `POST /query`: the unified query.

use ::query::{Answer, Groups, Plan, Query, QueryError, choropleth, execute, plan};
use axum::body::Bytes;
use axum::extract::RawQuery;
use axum::http::HeaderMap;
use axum::response::Response;
use geometry::Crs;
use record::prose;
use serde_json::json;

use super::answer;
use crate::failure::Failure;
use crate::formats::encoder::{self, Form};
use crate::formats::{self, Charset, Format, feature, groups};
use crate::parameters::Parameters;
use crate::visit::Visit;

const FORMATS: [Format; 5] = [
    Format::GeoJson,
    Format::Json,
    Format::Csv,
    Format::Ndjson,
    Format::FlatGeobuf,
];

/// Records, or groups. Groups are JSON where nothing else is asked for by name.
pub async fn query(
    app: Visit,
    RawQuery(parameters): RawQuery,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Failure> {
    let mut given = Parameters::parse(parameters.as_deref())?;
    let is_named = given.has("f");
    let format = formats::asked(&mut given, &headers, &FORMATS)?;
    let charset = Charset::take(&mut given, format)?;
    given.finish([])?;
    let query = Query::from_json(&body)?;
    let form = Form {
        format,
        crs: Crs::Crs84,
        charset,
    };
    let (kind, bytes) = app
        .blocking(move |app, context| {
            let plan = plan(context, &query)?;
            let store = app.store.as_ref();
            match execute(context, &plan)? {
                Answer::Records(records) => Ok((
                    form.media_type(),
                    encoder::page(store, &plan, records, form, "")?,
                )),
                Answer::Groups(all) => match format {
                    Format::Csv => {
                        let table = groups::table(&all, charset);
                        Ok((charset.media_type(), charset.bytes(table)))
                    }
                    Format::GeoJson if is_named => {
                        let places = choropleth::places(context, &plan, &all)?;
                        let text = groups::features(store, &all, &places);
                        Ok((Format::GeoJson.media_type(), text.into_bytes()))
                    }
                    _ => plain(app, &plan, &all, format),
                },
            }
        })
        .await?;
    Ok(answer(kind, bytes))
}

/// Groups as JSON.
fn plain(
    app: &Visit,
    plan: &Plan,
    all: &Groups,
    format: Format,
) -> Result<(&'static str, Vec<u8>), QueryError> {
    if matches!(format, Format::Ndjson | Format::FlatGeobuf) {
        let expected = prose!(
            "分组的结果：json、csv 或 geojson",
            "json, csv or geojson, for groups"
        );
        return Err(QueryError::bad("f", format.name(), expected));
    }
    let mut out = json!(all);
    for (name, value) in feature::stamps(app.store.as_ref(), &plan.times) {
        out[name] = value;
    }
    Ok((Format::Json.media_type(), out.to_string().into_bytes()))
}
