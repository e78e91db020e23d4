//! GeoJSON geometries as well-known text (OGC 06-103r4), for spreadsheets.

use serde_json::Value;

/// The text of a geometry; `None` for what is no geometry.
pub fn of_geojson(geometry: &Value) -> Option<String> {
    let kind = geometry["type"].as_str()?;
    if kind == "GeometryCollection" {
        let members: Option<Vec<String>> = geometry["geometries"]
            .as_array()?
            .iter()
            .map(of_geojson)
            .collect();
        return Some(format!("GEOMETRYCOLLECTION({})", members?.join(",")));
    }
    let coordinates = &geometry["coordinates"];
    let body = match kind {
        "Point" => format!("({})", position(coordinates)?),
        "LineString" | "MultiPoint" | "Polygon" | "MultiLineString" | "MultiPolygon" => {
            nested(coordinates)?
        }
        _ => return None,
    };
    Some(format!("{}{body}", kind.to_uppercase()))
}

fn nested(coordinates: &Value) -> Option<String> {
    let items = coordinates.as_array()?;
    let parts: Option<Vec<String>> = items
        .iter()
        .map(|item| match item.get(0) {
            Some(Value::Number(_)) => position(item),
            _ => nested(item),
        })
        .collect();
    Some(format!("({})", parts?.join(",")))
}

fn position(item: &Value) -> Option<String> {
    Some(format!("{} {}", item.get(0)?, item.get(1)?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn shapes_are_written_as_text() {
        let of = |value: Value| of_geojson(&value).expect("a geometry");
        assert_eq!(
            of(json!({"type":"Point","coordinates":[116.5,40]})),
            "POINT(116.5 40)"
        );
        let square = json!([[[0, 0], [1, 0], [1, 1], [0, 0]]]);
        let text = of(json!({"type":"Polygon","coordinates":square}));
        assert_eq!(text, "POLYGON((0 0,1 0,1 1,0 0))");
        assert!(geometry::Shape::from_wkt(&text).is_ok());
        assert_eq!(of_geojson(&json!({"type":"Circle"})), None);
    }
}
