//! Space at its edges: shared borders, corners, holes, the antimeridian, a pole, records without a
//! place, and one of very many vertices.

use std::collections::BTreeMap;

use load::{Call, Clerk, Expected, Verb};
use query::{Answer, Context, Limits, Query, execute, plan};
use register::Embedded;
use serde_json::{Value as Json, json};

const VERTICES: u32 = 50_000;

/// A ring around a box, from its south-western corner.
fn ring([west, south, east, north]: [f64; 4]) -> Json {
    json!([
        [west, south],
        [east, south],
        [east, north],
        [west, north],
        [west, south]
    ])
}

fn polygon(rings: &[Json]) -> Json {
    json!({ "type": "Polygon", "coordinates": rings })
}

fn point(lon: f64, lat: f64) -> Json {
    json!({ "type": "Point", "coordinates": [lon, lat] })
}

/// A star of very many corners about a point.
fn star(lon: f64, lat: f64) -> Json {
    let corner = |number: u32| {
        let turn = std::f64::consts::TAU * f64::from(number % VERTICES) / f64::from(VERTICES);
        let radius = if number.is_multiple_of(2) {
            0.02
        } else {
            0.019
        };
        let rounded = |degrees: f64| (degrees * 1e7).round() / 1e7;
        json!([
            rounded(lon + radius * turn.cos()),
            rounded(lat + radius * turn.sin())
        ])
    };
    polygon(&[Json::Array((0..=VERTICES).map(corner).collect())])
}

struct Plots {
    store: Embedded,
    names: BTreeMap<String, &'static str>,
    _folder: tempfile::TempDir,
}

impl Plots {
    fn new(plots: Vec<(&'static str, Json)>) -> Plots {
        let folder = tempfile::tempdir().expect("a folder");
        let (store, _) = crate::city::open(&folder.path().join("data"), true);
        let clerk = Clerk::open(store.clone()).expect("a clerk");
        let mut names = BTreeMap::new();
        for (name, shape) in plots {
            let call = Call {
                verb: Verb::Create,
                collection: "building".to_string(),
                id: None,
                department: Some("housing".to_string()),
                body: json!({ "properties": { "code": name }, "geometry": shape })
                    .to_string()
                    .into_bytes(),
                expected: Expected::Unsaid,
                key: None,
            };
            let patience = std::time::Duration::from_secs(60);
            let written = clerk.write(&call, patience).expect("it is written");
            names.insert(written.id.to_string(), name);
        }
        Plots {
            store,
            names,
            _folder: folder,
        }
    }

    fn found(&self, query: &Json) -> Vec<&'static str> {
        let query = Query::from_json(query.to_string().as_bytes()).expect("a query");
        let context = Context::new(&self.store, Limits::default());
        let plan = plan(&context, &query).expect("a plan");
        let Answer::Records(records) = execute(&context, &plan).expect("an answer") else {
            panic!("groups");
        };
        let mut found: Vec<&str> = records
            .records
            .iter()
            .map(|one| self.names[&one.record.id.to_string()])
            .collect();
        found.sort_unstable();
        found
    }

    fn related(&self, relation: &str, shape: &Json) -> Vec<&'static str> {
        let filter = json!({ "op": relation, "args": [{ "property": "geometry" }, shape] });
        self.found(&json!({ "from": "building", "filter": filter, "limit": 100 }))
    }
}

#[test]
fn borders_corners_holes_and_the_ends_of_the_map() {
    let plots = Plots::new(vec![
        ("left", polygon(&[ring(LEFT)])),
        ("right", polygon(&[ring(RIGHT)])),
        (
            "corner",
            polygon(&[json!([
                [116.02, 40.01],
                [116.03, 40.01],
                [116.03, 40.02],
                [116.02, 40.01]
            ])]),
        ),
        ("holed", polygon(&[ring(OUTER), ring(INNER)])),
        ("filling", polygon(&[ring(INNER)])),
        ("east-end", polygon(&[ring([179.99, 0.0, 180.0, 0.01])])),
        ("west-end", polygon(&[ring([-180.0, 0.0, -179.99, 0.01])])),
        ("cap", polygon(&[ring([-180.0, 89.0, 180.0, 90.0])])),
        ("star", star(116.5, 40.5)),
        ("nowhere", Json::Null),
    ]);
    borders_and_corners(&plots);
    holes(&plots);
    ends_of_the_map(&plots);
    very_many_corners(&plots);
    // A record without a place is in no relation, not even apart.
    let far = point(0.0, 0.0);
    assert!(!plots.related("s_disjoint", &far).contains(&"nowhere"));
    let filter = json!({ "op": "isNull", "args": [{ "property": "geometry" }] });
    assert_eq!(
        plots.found(&json!({ "from": "building", "filter": filter })),
        ["nowhere"]
    );
}

const LEFT: [f64; 4] = [116.0, 40.0, 116.01, 40.01];
const RIGHT: [f64; 4] = [116.01, 40.0, 116.02, 40.01];
const OUTER: [f64; 4] = [116.1, 40.0, 116.13, 40.03];
const INNER: [f64; 4] = [116.11, 40.01, 116.12, 40.02];

/// The line between two is part of both, and inside neither.
fn borders_and_corners(plots: &Plots) {
    let between = point(116.01, 40.005);
    assert_eq!(plots.related("s_intersects", &between), ["left", "right"]);
    assert_eq!(plots.related("s_touches", &between), ["left", "right"]);
    assert_eq!(plots.related("s_contains", &between), [""; 0]);
    let border = json!({ "type": "LineString", "coordinates": [[116.01, 40.0], [116.01, 40.01]] });
    assert_eq!(plots.related("s_touches", &border), ["left", "right"]);
    assert_eq!(plots.related("s_crosses", &border), [""; 0]);
    // Those that touch in a corner only.
    let touching = polygon(&[ring(RIGHT)]);
    assert_eq!(plots.related("s_touches", &touching), ["corner", "left"]);
    assert_eq!(plots.related("s_overlaps", &touching), [""; 0]);
    assert_eq!(
        plots.related("s_intersects", &point(116.02, 40.01)),
        ["corner", "right"]
    );
    // The same area, written the other way round and from another corner.
    let turned = polygon(&[json!([
        [116.01, 40.01],
        [116.01, 40.0],
        [116.0, 40.0],
        [116.0, 40.01],
        [116.01, 40.01]
    ])]);
    assert_eq!(plots.related("s_equals", &turned), ["left"]);
}

/// A hole is outside, its edge is not; what fills it touches.
fn holes(plots: &Plots) {
    let hole = point(116.115, 40.015);
    assert_eq!(plots.related("s_intersects", &hole), ["filling"]);
    let edge = point(116.11, 40.015);
    assert_eq!(plots.related("s_intersects", &edge), ["filling", "holed"]);
    assert_eq!(plots.related("s_contains", &edge), [""; 0]);
    assert_eq!(
        plots.related("s_touches", &polygon(&[ring(INNER)])),
        ["holed"]
    );
    assert_eq!(
        plots.related("s_within", &polygon(&[ring(OUTER)])),
        ["filling", "holed"]
    );
}

/// Across the antimeridian, up to it from either side, and at the pole.
fn ends_of_the_map(plots: &Plots) {
    let across = json!({ "bbox": [179.9, -1.0, -179.9, 1.0] });
    assert_eq!(
        plots.related("s_intersects", &across),
        ["east-end", "west-end"]
    );
    assert_eq!(plots.related("s_within", &across), ["east-end", "west-end"]);
    let up_to = json!({ "bbox": [179.9, -1.0, 180.0, 1.0] });
    assert_eq!(plots.related("s_intersects", &up_to), ["east-end"]);
    let near = json!({ "lon": -179.995, "lat": 0.005, "metres": 2000.0 });
    assert_eq!(
        plots.found(&json!({ "from": "building", "near": near })),
        ["east-end", "west-end"]
    );
    // The pole, however it is named.
    for lon in [0.0, 116.0, -180.0] {
        assert_eq!(plots.related("s_intersects", &point(lon, 90.0)), ["cap"]);
    }
    let near = json!({ "lon": 10.0, "lat": 90.0, "k": 1 });
    assert_eq!(
        plots.found(&json!({ "from": "building", "near": near })),
        ["cap"]
    );
}

fn very_many_corners(plots: &Plots) {
    assert_eq!(plots.related("s_contains", &point(116.5, 40.5)), ["star"]);
    assert_eq!(
        plots.related("s_intersects", &point(116.5189, 40.5)),
        ["star"]
    );
    assert_eq!(
        plots.related("s_intersects", &point(116.5201, 40.5)),
        [""; 0]
    );
    let around = json!({ "bbox": [116.4, 40.4, 116.6, 40.6] });
    assert_eq!(plots.related("s_within", &around), ["star"]);
}
