//! `GET /collections/{c}/tiles` and below, `GET /tileMatrixSets`: vector tiles (OGC API - Tiles).

use std::sync::Arc;

use ::query::{Query, QueryError, plan};
use axum::body::Bytes;
use axum::extract::{Path, RawQuery};
use axum::http::{HeaderMap, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use record::prose;
use schema::{Collection, FieldType};
use serde_json::{Value, json};
use tiles::matrix::LAST_LEVEL;
use tiles::{MatrixSet, Tile, TileError};

use super::links::{Link, origin};
use super::{PAGES, answer, form_of, self_and_alternates, shown};
use crate::crs;
use crate::failure::Failure;
use crate::formats::{self, Format};
use crate::parameters::Parameters;
use crate::visit::Visit;
use crate::{html, selection};

/// The relation of a collection to its vector tilesets.
pub const TILESETS: &str = "http://www.opengis.net/def/rel/ogc/1.0/tilesets-vector";
const SCHEME: &str = "http://www.opengis.net/def/rel/ogc/1.0/tiling-scheme";
const TILESET_FORMATS: [Format; 3] = [Format::Json, Format::TileJson, Format::Html];

/// The tile matrix sets.
pub async fn sets(RawQuery(query): RawQuery, headers: HeaderMap) -> Result<Response, Failure> {
    let format = form_of(query.as_deref(), &headers, &PAGES)?;
    let links = self_and_alternates("/tileMatrixSets", format, &PAGES);
    let all = MatrixSet::ALL.map(|set| {
        let here = format!("/tileMatrixSets/{}", set.name());
        let mut one = json!({
            "id": set.name(),
            "title": set.title(),
            "crs": crs::uri(set.crs()),
            "links": [Link::new(here, SCHEME, Format::Json.media_type())],
        });
        if let Some(uri) = set.uri() {
            one["uri"] = json!(uri);
        }
        one
    });
    let value = json!({ "tileMatrixSets": all, "links": links });
    Ok(shown(format, &value, &links, || {
        html::value::page("瓦片矩阵集", "Tile matrix sets", &[], &value)
    }))
}

/// One tile matrix set.
pub async fn set(
    Path(name): Path<String>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Response, Failure> {
    let format = form_of(query.as_deref(), &headers, &PAGES)?;
    let set = set_of(&name)?;
    let links = self_and_alternates(&format!("/tileMatrixSets/{name}"), format, &PAGES);
    let value = set.definition();
    Ok(shown(format, &value, &links, || {
        let way = [("/tileMatrixSets".to_string(), "瓦片矩阵集".to_string())];
        html::value::page(set.name(), set.title(), &way, &value)
    }))
}

/// The tilesets of a collection.
pub async fn list(
    app: Visit,
    Path(name): Path<String>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Response, Failure> {
    let format = form_of(query.as_deref(), &headers, &PAGES)?;
    let collection = placed(&app, &name)?;
    let links = self_and_alternates(&format!("/collections/{name}/tiles"), format, &PAGES);
    let all = MatrixSet::ALL.map(|set| tileset(collection, set, Format::Json));
    let value = json!({ "tilesets": all, "links": links });
    Ok(shown(format, &value, &links, || page(collection, &value)))
}

/// One tileset: where its tiles are and what is in them; also as TileJSON.
pub async fn one(
    app: Visit,
    Path((name, set)): Path<(String, String)>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Response, Failure> {
    let format = form_of(query.as_deref(), &headers, &TILESET_FORMATS)?;
    let collection = placed(&app, &name)?;
    let set = set_of(&set)?;
    let bounds = app.store.view().bounds(&name).map_err(QueryError::Store)?;
    if format == Format::TileJson {
        if set != MatrixSet::WebMercatorQuad {
            let expected = prose!(
                "json：TileJSON 只能描述 WebMercatorQuad",
                "json: TileJSON describes WebMercatorQuad only"
            );
            return Err(QueryError::bad("f", "tilejson", expected).into());
        }
        let value = tilejson(collection, bounds, &origin(&headers));
        return Ok(answer(format.media_type(), value.to_string()));
    }
    let mut value = tileset(collection, set, format);
    if let Some([west, south, east, north]) = bounds {
        value["boundingBox"] = json!({
            "lowerLeft": [west, south], "upperRight": [east, north],
            "crs": crs::uri(geometry::Crs::Crs84), "orderedAxes": ["Lon", "Lat"],
        });
    }
    value["layers"] = json!([layer(collection)]);
    let links = self_and_alternates(
        &format!("/collections/{name}/tiles/{}", set.name()),
        format,
        &TILESET_FORMATS,
    );
    Ok(shown(format, &value, &links, || page(collection, &value)))
}

/// A tile. It takes the parameters that select records, and `properties`.
pub async fn tile(
    app: Visit,
    Path((name, set, level, row, column)): Path<(String, String, String, String, String)>,
    RawQuery(text): RawQuery,
    uri: Uri,
    headers: HeaderMap,
) -> Result<Response, Failure> {
    let collection = placed(&app, &name)?;
    let set = set_of(&set)?;
    let found = match (level.parse(), row.parse(), column.parse()) {
        (Ok(level), Ok(row), Ok(column)) => Tile::new(set, level, row, column),
        _ => None,
    };
    let place = found.ok_or_else(|| Failure::not_found(uri.path()))?;
    let query = decode(collection, text.as_deref(), &headers)?;
    let address = uri
        .path_and_query()
        .map_or(String::new(), ToString::to_string);
    let mut asked = address.clone();
    if let Some(asker) = &app.asker {
        // What is kept is for those who see the same.
        asked.push_str(&format!(" {:x}", asker.sight.digest()));
    }
    let bytes = app
        .blocking(move |app, context| {
            let state = (context.view.transaction().0, context.today.0);
            if let Some(kept) = app.tiles.get(state, &asked) {
                return Ok(Bytes::from_owner(kept));
            }
            let plan = plan(context, &query)?;
            let drawn = tiles::render(&tiles::Request {
                view: context.view.as_ref(),
                collection: &plan.collection,
                predicate: &plan.predicate,
                time: plan.times.scope,
                select: &plan.select,
                tile: place,
                deadline: context.deadline,
            });
            let drawn: Arc<[u8]> = match drawn {
                Ok(bytes) => bytes.into(),
                Err(TileError::Store(error)) => return Err(context.error(error)),
                Err(TileError::NoPlaces) => return Err(QueryError::NotFound(address.clone())),
            };
            app.tiles.put(state, asked.clone(), drawn.clone());
            Ok(Bytes::from_owner(drawn))
        })
        .await?;
    if bytes.is_empty() {
        // Nothing is there: OGC API - Tiles and all clients know this status.
        return Ok(StatusCode::NO_CONTENT.into_response());
    }
    let mut response = answer(Format::Mvt.media_type(), bytes);
    if let Some(value) = crs::header(set.crs()) {
        response.headers_mut().insert(crs::CONTENT_CRS, value);
    }
    Ok(response)
}

/// The query whose records a tile shows.
fn decode(
    collection: &Collection,
    text: Option<&str>,
    headers: &HeaderMap,
) -> Result<Query, QueryError> {
    let mut given = Parameters::parse(text)?;
    formats::asked(&mut given, headers, &[Format::Mvt])?;
    let mut query = selection::take(&mut given, collection)?;
    query.select = given.take_list("properties");
    selection::finish(given, collection)?;
    // The order and the page are the tile's own.
    query.limit = Some(0);
    Ok(query)
}

/// A collection with a geometry.
fn placed<'a>(app: &'a Visit, name: &str) -> Result<&'a Collection, Failure> {
    let collection = ::query::plan::collection(app.store.catalog(), name)?;
    match collection.location {
        Some(_) => Ok(collection),
        None => Err(Failure::not_found(&format!("/collections/{name}/tiles"))),
    }
}

fn set_of(name: &str) -> Result<MatrixSet, Failure> {
    MatrixSet::of_name(name).ok_or_else(|| Failure::not_found(name))
}

fn page(collection: &Collection, value: &Value) -> String {
    let way = html::items::way(collection);
    html::value::page(&collection.label.zh, "vector tiles", &way[..2], value)
}

/// A tileset as OGC 17-083r4 describes one.
fn tileset(collection: &Collection, set: MatrixSet, format: Format) -> Value {
    let name = &collection.name;
    let here = format!("/collections/{name}/tiles/{}", set.name());
    let template = format!("{here}/{{tileMatrix}}/{{tileRow}}/{{tileCol}}");
    let mut links = self_and_alternates(&here, format, &TILESET_FORMATS);
    if set != MatrixSet::WebMercatorQuad {
        links.retain(|link| !link.href.ends_with("tilejson"));
    }
    let definition = format!("/tileMatrixSets/{}", set.name());
    links.push(Link::new(definition, SCHEME, Format::Json.media_type()));
    let mut links = json!(links);
    if let Some(all) = links.as_array_mut() {
        all.push(json!({
            "href": template, "rel": "item", "type": Format::Mvt.media_type(), "templated": true,
        }));
    }
    let mut out = json!({
        "title": collection.label.zh,
        "titleEn": collection.label.en,
        "dataType": "vector",
        "crs": crs::uri(set.crs()),
        "links": links,
    });
    match set.uri() {
        Some(uri) => out["tileMatrixSetURI"] = json!(uri),
        // A set that no register has is given with its definition.
        None => out["tileMatrixSet"] = set.definition(),
    }
    out
}

/// The one layer of a collection's tiles.
fn layer(collection: &Collection) -> Value {
    let kind = collection
        .location
        .map(|number| &collection.at(number).kind);
    let mut out = json!({
        "id": collection.name,
        "title": collection.label.zh,
        "dataType": "vector",
        "propertiesSchema": { "type": "object", "properties": fields(collection) },
    });
    if matches!(kind, Some(FieldType::Point)) {
        out["geometryDimension"] = json!(0);
    }
    out
}

/// The fields in a tile where none are asked for, with their types.
fn fields(collection: &Collection) -> Value {
    let schema = schema::json_schema(collection);
    let all = tiles::render::attributes(collection);
    let each = all.iter().map(|name| {
        let of = &schema["properties"][name.as_str()];
        (
            name.to_string(),
            json!({ "title": of["title"], "type": of["type"] }),
        )
    });
    Value::Object(each.collect())
}

fn tilejson(collection: &Collection, bounds: Option<[f64; 4]>, origin: &str) -> Value {
    let name = &collection.name;
    let set = MatrixSet::WebMercatorQuad.name();
    let attributes = tiles::render::attributes(collection);
    let fields = attributes.iter().map(|field| {
        let label = collection
            .field(field)
            .map(|(_, field)| field.label.zh.clone());
        (field.to_string(), json!(label.unwrap_or_default()))
    });
    let fields: serde_json::Map<String, Value> = fields.collect();
    let mut out = json!({
        "tilejson": "3.0.0",
        "name": collection.label.zh,
        "description": collection.description.zh,
        "scheme": "xyz",
        "tiles": [format!("{origin}/collections/{name}/tiles/{set}/{{z}}/{{y}}/{{x}}")],
        "minzoom": 0,
        "maxzoom": LAST_LEVEL,
        "vector_layers": [{
            "id": name, "description": collection.label.zh, "minzoom": 0, "maxzoom": LAST_LEVEL, "fields": fields,
        }],
    });
    if let Some([west, south, east, north]) = bounds {
        out["bounds"] = json!([west, south, east, north]);
        out["center"] = json!([(west + east) / 2.0, (south + north) / 2.0, 10]);
    }
    out
}
