//! Round trips of all forms, and what they refuse, with the place of the fault.

use geo::{Coord, Geometry, GeometryCollection, LineString, MultiPoint, Point, Polygon};
use proptest::prelude::*;
use serde_json::json;

use crate::crs::{AxisOrder, Crs};
use crate::error::GeometryError;
use crate::position::{Bounds, MAXIMUM_LAT, MAXIMUM_LON, Position};
use crate::predicate;
use crate::shape::Shape;

fn geojson(text: &str) -> Shape {
    Shape::from_geojson_str(text).unwrap_or_else(|error| panic!("{text}: {error}"))
}

fn written(shape: &Shape) -> String {
    let mut out = String::new();
    shape.write_geojson(&mut out);
    out
}

#[test]
fn decimals_are_written_short() {
    let cases = [
        (
            r#"{"type":"Point","coordinates":[116.3913,39.9075]}"#,
            "[116.3913,39.9075]",
        ),
        (
            r#"{"type":"Point","coordinates":[116.39130000000001,39.90750000049]}"#,
            "[116.3913,39.9075]",
        ),
        (
            r#"{"type":"Point","coordinates":[-0.0000001,0.00000005]}"#,
            "[-0.0000001,0.0000001]",
        ),
        (r#"{"type":"Point","coordinates":[-180,90.0]}"#, "[-180,90]"),
        (r#"{"type":"Point","coordinates":[-0.0,100e-1]}"#, "[0,10]"),
        (r#"{"type":"Point","coordinates":[1,2,55.5]}"#, "[1,2]"),
    ];
    for (input, coordinates) in cases {
        let expected = format!(r#"{{"type":"Point","coordinates":{coordinates}}}"#);
        assert_eq!(written(&geojson(input)), expected);
    }
}

#[test]
fn every_type_keeps_its_text() {
    for text in [
        r#"{"type":"MultiPoint","coordinates":[[1,2],[3,4.5]]}"#,
        r#"{"type":"LineString","coordinates":[[1,2],[3,4]]}"#,
        r#"{"type":"MultiLineString","coordinates":[[[1,2],[3,4]],[[5,6],[7,8]]]}"#,
        r#"{"type":"Polygon","coordinates":[[[0,0],[4,0],[4,4],[0,0]],[[2,1],[3,1],[3,2],[2,1]]]}"#,
        r#"{"type":"MultiPolygon","coordinates":[[[[0,0],[4,0],[4,4],[0,0]]]]}"#,
        r#"{"type":"GeometryCollection","geometries":[{"type":"Point","coordinates":[1,2]}]}"#,
    ] {
        let shape = geojson(text);
        assert_eq!(written(&shape), text);
        assert_eq!(Shape::from_geojson(&shape.to_geojson()), Ok(shape.clone()));
        assert_eq!(Shape::from_wkb(&shape.to_wkb()), Ok(shape));
    }
}

#[test]
fn geojson_faults_tell_their_place() {
    let cases = [
        (json!([1, 2]), "geometry: expected a geometry object"),
        (
            json!({"coordinates": [1, 2]}),
            "type: expected a geometry type",
        ),
        (
            json!({"type": "Feature"}),
            "type: unknown geometry type \"Feature\"",
        ),
        (json!({"type": "Point"}), "coordinates: expected a position"),
        (
            json!({"type": "Point", "coordinates": [1, "2"]}),
            "coordinates: expected a position",
        ),
        (
            json!({"type": "Point", "coordinates": [[1, 2]]}),
            "coordinates: expected a position",
        ),
        (
            json!({"type": "LineString", "coordinates": [1, 2]}),
            "coordinates[0]: expected a position",
        ),
        (
            json!({"type": "Polygon", "coordinates": [[0, 0], [1, 0], [1, 1], [0, 0]]}),
            "coordinates[0][0]: expected a position",
        ),
        (
            json!({"type": "Point", "coordinates": [39.9, 116.4]}),
            "coordinates: longitude 39.9, latitude 116.4 is out of range",
        ),
        (
            json!({"type": "LineString", "coordinates": [[0, 0], [181, 0]]}),
            "coordinates[1]: longitude 181",
        ),
        (
            json!({"type": "LineString", "coordinates": [[0, 0]]}),
            "coordinates: 1 positions where at least 2",
        ),
        (
            json!({"type": "Polygon", "coordinates": [[[0, 0], [1, 0], [1, 1], [0, 1]]]}),
            "coordinates[0][3]: the ring is not closed",
        ),
        (
            json!({"type": "Polygon", "coordinates": [[[0, 0], [1, 0], [0, 0]]]}),
            "coordinates[0]: 3 positions",
        ),
        (
            json!({"type": "MultiPolygon", "coordinates": []}),
            "coordinates: empty geometry",
        ),
        (
            json!({"type": "MultiPolygon", "coordinates": [[]]}),
            "coordinates[0]: empty geometry",
        ),
        (
            json!({"type": "GeometryCollection", "geometries": [{"type": "Point", "coordinates": [0, 0]}, {"type": "LineString", "coordinates": [[0, 0], [0, 99]]}]}),
            "geometries[1].coordinates[1]: longitude 0, latitude 99",
        ),
        (
            json!({"type": "Point", "coordinates": [0, 0], "crs": {"type": "name", "properties": {"name": "EPSG:3857"}}}),
            "crs: the geometry says it is in \"EPSG:3857\", expected EPSG:4490",
        ),
    ];
    for (value, start) in cases {
        let message = Shape::from_geojson(&value).expect_err(start).to_string();
        assert!(message.starts_with(start), "{message} instead of {start}");
    }
    let error = Shape::from_geojson_str("{\"type\":\n").expect_err("cut short");
    assert!(
        matches!(error, GeometryError::Json { line: 2, .. }),
        "{error}"
    );
    let deep = (0..20).fold(
        json!({"type": "Point", "coordinates": [0, 0]}),
        |inner, _| json!({"type": "GeometryCollection", "geometries": [inner]}),
    );
    assert!(matches!(
        Shape::from_geojson(&deep),
        Err(GeometryError::TooDeep { .. })
    ));
}

#[test]
fn wkt_forms() {
    let same = [
        ("POINT (116.3913 39.9075)", "point z(116.3913 39.9075 44.1)"),
        ("MULTIPOINT(1 2,3 4)", "MultiPoint ( (1 2) , (3 4) )"),
        ("LINESTRING(1 2,3 4)", "LINESTRING ZM (1 2 0 0, 3 4 1 1)"),
        (
            "POLYGON((0 0,1 0,1 1,0 0))",
            "POLYGONZ((0 0 9,1 0 9,1 1 9,0 0 9))",
        ),
        (
            "MULTILINESTRING((1 2,3 4))",
            "MULTILINESTRING M ((1e0 2 7,3 +4 7))",
        ),
    ];
    for (one, other) in same {
        assert_eq!(Shape::from_wkt(one), Shape::from_wkt(other), "{one}");
        assert!(Shape::from_wkt(one).is_ok(), "{one}");
    }
    let refused = [
        ("", "character 0: unknown geometry type"),
        (
            "CIRCLE(0 0)",
            "character 0: unknown geometry type \"CIRCLE\"",
        ),
        ("POINT EMPTY", "character 6: empty geometry"),
        ("POINT(1)", "character 7: expected a number"),
        ("POINT(1 2", "character 9: expected a number"),
        ("POINT(1 2) x", "character 11: expected the end"),
        ("POINT(1 NaN)", "character 8: expected a number"),
        (
            "POINT(1 1e999)",
            "coordinates: a coordinate is not a finite number",
        ),
        (
            "POLYGON((0 0,1 0,1 1,0 1))",
            "coordinates[0][3]: the ring is not closed",
        ),
        (
            "POINT(1 2 3 4 5)",
            "character 14: expected a comma or a closing bracket",
        ),
        ("POINT(１ 2)", "character 6: expected a number"),
    ];
    for (text, start) in refused {
        let message = Shape::from_wkt(text).expect_err(text).to_string();
        assert!(message.starts_with(start), "{message} instead of {start}");
    }
}

fn bytes(hex: &str) -> Vec<u8> {
    let digits: Vec<u8> = hex.bytes().filter(u8::is_ascii_hexdigit).collect();
    let byte = |pair: &[u8]| {
        let text = std::str::from_utf8(pair).expect("ASCII");
        u8::from_str_radix(text, 16).expect("hexadecimal")
    };
    digits.chunks(2).map(byte).collect()
}

#[test]
fn wkb_forms() {
    let point = Shape::point(Position {
        lon: 10_000_000,
        lat: 20_000_000,
    });
    for hex in [
        "01 01000000 000000000000F03F 0000000000000040",
        "00 00000001 3FF0000000000000 4000000000000000",
        // ISO Z, then PostGIS Z with SRID 4326.
        "01 E9030000 000000000000F03F 0000000000000040 0000000000000840",
        "01 010000A0 E6100000 000000000000F03F 0000000000000040 0000000000000840",
    ] {
        assert_eq!(Shape::from_wkb(&bytes(hex)).as_ref(), Ok(&point), "{hex}");
    }
    let refused = [
        ("", "byte 0: expected more bytes"),
        ("02", "byte 0: expected a byte order"),
        ("01 08000000", "byte 1: unknown geometry type \"8\""),
        (
            "01 01000000 000000000000F03F 00",
            "byte 13: expected more bytes",
        ),
        (
            "01 01000000 000000000000F03F 0000000000000040 00",
            "byte 21: expected the end",
        ),
        ("01 02000000 FFFFFFFF", "byte 5: expected a count"),
        (
            "01 01000020 110F0000 000000000000F03F 0000000000000040",
            "byte 5: the geometry says it is in \"SRID 3857\"",
        ),
        (
            "01 01000000 000000000000F87F 000000000000F87F",
            "coordinates: a coordinate is not a finite number",
        ),
        (
            "01 04000000 01000000 01 02000000 00000000",
            "byte 10: expected a part",
        ),
    ];
    for (hex, start) in refused {
        let message = Shape::from_wkb(&bytes(hex)).expect_err(hex).to_string();
        assert!(message.starts_with(start), "{message} instead of {start}");
    }
}

#[test]
fn other_systems_in_and_out() {
    let cm = Crs::GaussKruger { epsg: 4548 };
    let shape = Shape::from_wkt_in("POINT(447950.515 4419435.790)", cm).expect("in the zone");
    let there = Position::from_degrees(116.3913, 39.9075).expect("in range");
    assert!(
        shape
            .position()
            .is_some_and(|at| at.lon.abs_diff(there.lon) <= 1 && at.lat.abs_diff(there.lat) <= 1)
    );
    let mut out = String::new();
    let point = Shape::point(there);
    point
        .write_geojson_in(cm, AxisOrder::NorthEast, &mut out)
        .expect("in the zone");
    assert_eq!(
        out,
        r#"{"type":"Point","coordinates":[4419435.79,447950.515]}"#
    );
    let error = Shape::from_wkt_in("LINESTRING(447950 4419435,39447950 4419435)", cm);
    let message = error.expect_err("another zone").to_string();
    assert!(
        message.starts_with("coordinates[1]: x 39447950"),
        "{message}"
    );
    let moved = crate::transform(&point, Crs::Gcj02).expect("in range");
    let metres = crate::distance::haversine_metres(there, moved.position().expect("a point"));
    assert!((300.0..900.0).contains(&metres), "{metres}");
    assert!(crate::transform(&point, cm).is_err());
    assert_eq!(crate::transform(&point, Crs::Wgs84), Ok(point));
}

#[test]
fn facts_about_shapes() {
    let horseshoe =
        Shape::from_wkt("POLYGON((0 0,9 0,9 9,6 9,6 3,3 3,3 9,0 9,0 0))").expect("well-formed");
    assert!(predicate::contains_position(
        &horseshoe,
        horseshoe.representative_point()
    ));
    assert_eq!(horseshoe.vertices(), 9);
    assert_eq!(
        Some(horseshoe.bounds()),
        Bounds::of_degrees(0.0, 0.0, 9.0, 9.0)
    );
    assert_eq!((horseshoe.position(), horseshoe.kind()), (None, "Polygon"));
    let bounds = horseshoe.bounds();
    assert_eq!(Shape::of_bounds(bounds).bounds(), bounds);
    let line = Shape::from_wkt("LINESTRING(0 0,1 1,2 0)").expect("well-formed");
    assert_eq!(
        line.representative_point(),
        Position {
            lon: 10_000_000,
            lat: 10_000_000
        }
    );
    let thin = Shape::from_wkt("POLYGON((0 0,1 0.0000001,1 0,0 0))").expect("well-formed");
    assert!(predicate::contains_position(
        &thin,
        thin.representative_point()
    ));
}

fn coords(count: std::ops::Range<usize>) -> impl Strategy<Value = Vec<Coord<f64>>> {
    let lon = -MAXIMUM_LON..=MAXIMUM_LON;
    let lat = -MAXIMUM_LAT..=MAXIMUM_LAT;
    let coord = (lon, lat).prop_map(|(lon, lat)| Position { lon, lat }.coord());
    prop::collection::vec(coord, count)
}

fn lines() -> impl Strategy<Value = LineString<f64>> {
    coords(2..9).prop_map(LineString::new)
}

fn polygons() -> impl Strategy<Value = Polygon<f64>> {
    let ring = || {
        coords(3..9).prop_map(|mut coords| {
            coords.push(coords[0]);
            LineString::new(coords)
        })
    };
    (ring(), prop::collection::vec(ring(), 0..3))
        .prop_map(|(shell, holes)| Polygon::new(shell, holes))
}

fn shapes() -> impl Strategy<Value = Shape> {
    let single = prop_oneof![
        coords(1..2).prop_map(|coords| Geometry::Point(Point(coords[0]))),
        coords(1..5).prop_map(|coords| {
            Geometry::MultiPoint(MultiPoint(coords.into_iter().map(Point).collect()))
        }),
        lines().prop_map(Geometry::LineString),
        prop::collection::vec(lines(), 1..4)
            .prop_map(|lines| Geometry::MultiLineString(lines.into_iter().collect())),
        polygons().prop_map(Geometry::Polygon),
        prop::collection::vec(polygons(), 1..4)
            .prop_map(|polygons| Geometry::MultiPolygon(polygons.into_iter().collect())),
    ];
    let nested = single.prop_recursive(2, 8, 3, |inner| {
        prop::collection::vec(inner, 1..4)
            .prop_map(|members| Geometry::GeometryCollection(GeometryCollection(members)))
    });
    nested.prop_map(Shape::of_geometry)
}

proptest! {
    #[test]
    fn round_trips(shape in shapes()) {
        prop_assert_eq!(Shape::from_geojson(&shape.to_geojson()), Ok(shape.clone()));
        prop_assert_eq!(Shape::from_geojson_str(&written(&shape)), Ok(shape.clone()));
        prop_assert_eq!(Shape::from_wkb(&shape.to_wkb()), Ok(shape.clone()));
        let mut out = String::new();
        prop_assert!(shape.write_geojson_in(Crs::Crs84, AxisOrder::EastNorth, &mut out).is_ok());
        prop_assert_eq!(out, written(&shape));
        prop_assert!(shape.bounds().contains(shape.representative_point()));
    }

    #[test]
    fn damaged_binary_never_panics(shape in shapes(), place: prop::sample::Index, byte: u8) {
        let mut damaged = shape.to_wkb();
        let place = place.index(damaged.len());
        damaged[place] = byte;
        let _ = Shape::from_wkb(&damaged);
        let _ = Shape::from_wkb(&damaged[..place]);
    }

    #[test]
    fn any_text_never_panics(text in "(POINT|LINESTRING|MULTIPOINT|GEOMETRYCOLLECTION|POLYGON Z)?[ (]{0,3}[0-9eE.+, ()点\\-]{0,30}") {
        let _ = Shape::from_wkt(&text);
    }
}
