//! Space against PostGIS, where it is installed: the same shapes, the same relations, the same records.
//!
//! Both sides hold the coordinates of the records' GeoJSON, so that sets must be equal for relations.
//! Of distances those are let differ that lie within the tolerance about the radius. PostGIS measures
//! edges along great circles, and ours are straight in degrees, as GeoJSON has them: 40 m apart in the
//! middle of 50 km. So it is given edges cut into short ones.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write as _;
use std::path::Path;

use register::{Store, TimeScope};
use serde_json::{Value as Json, json};

use super::City;
use super::naive::Rows;
use super::random_filter::Maker;
use crate::cluster::{self, Cluster, PROGRAMS};
use crate::random::Random;

const COLLECTIONS: [&str; 5] = ["address", "building", "road", "place", "division"];
/// CQL2's relation and PostGIS's function.
const RELATIONS: [(&str, &str); 8] = [
    ("s_intersects", "ST_Intersects"),
    ("s_equals", "ST_Equals"),
    ("s_disjoint", "ST_Disjoint"),
    ("s_touches", "ST_Touches"),
    ("s_within", "ST_Within"),
    ("s_overlaps", "ST_Overlaps"),
    ("s_crosses", "ST_Crosses"),
    ("s_contains", "ST_Contains"),
];
/// How far a distance may be off, as a share of it.
const TOLERANCE: f64 = 0.001;

/// A server with the city's shapes, stopped when it is let go.
struct Other {
    folder: tempfile::TempDir,
    client: postgres::Client,
}

impl Other {
    fn new(rows: &Rows) -> anyhow::Result<Other> {
        let folder = tempfile::Builder::new().prefix("jiku-postgis").tempdir()?;
        open_to_all(folder.path())?;
        let cluster = Cluster::start(Path::new(PROGRAMS), &folder.path().join("pg"))?;
        let mut client = cluster.connect()?;
        client.batch_execute("CREATE EXTENSION postgis")?;
        for collection in COLLECTIONS {
            client.batch_execute(&format!(
                "CREATE TABLE {collection} (id text, shape geometry(Geometry, 4326))"
            ))?;
            let mut copy = client.copy_in(&format!("COPY {collection} FROM STDIN"))?;
            for row in rows.of(collection) {
                if let Some(shape) = &row.shape {
                    let hex: String = shape
                        .to_wkb()
                        .iter()
                        .map(|byte| format!("{byte:02x}"))
                        .collect();
                    writeln!(copy, "{}\tSRID=4326;{hex}", row.id)?;
                }
            }
            copy.finish()?;
        }
        Ok(Other { folder, client })
    }

    fn ids(&mut self, words: &str, shape: &str) -> anyhow::Result<BTreeSet<String>> {
        let found = self.client.query(words, &[&shape])?;
        Ok(found.iter().map(|row| row.get(0)).collect())
    }

    /// Metres of each record from a shape.
    fn distances(
        &mut self,
        collection: &str,
        shape: &str,
    ) -> anyhow::Result<BTreeMap<String, f64>> {
        let words = format!(
            "SELECT id, ST_Distance(ST_Segmentize(shape, 0.005)::geography, \
             ST_Segmentize(ST_SetSRID(ST_GeomFromGeoJSON($1), 4326), 0.005)::geography) FROM {collection}"
        );
        let found = self.client.query(&words, &[&shape])?;
        Ok(found.iter().map(|row| (row.get(0), row.get(1))).collect())
    }
}

impl Drop for Other {
    fn drop(&mut self) {
        cluster::stop(Path::new(PROGRAMS), &self.folder.path().join("pg"));
    }
}

/// The server runs as a user of its own, which must be able to enter.
fn open_to_all(folder: &Path) -> std::io::Result<()> {
    use std::os::unix::fs::PermissionsExt as _;
    std::fs::set_permissions(folder, std::fs::Permissions::from_mode(0o755))
}

/// A shape of a filter as GeoJSON.
fn text_of(shape: &Json) -> String {
    let Some(corners) = shape["bbox"].as_array() else {
        return shape.to_string();
    };
    let [west, south, east, north] = [0, 1, 2, 3].map(|place| &corners[place]);
    json!({ "type": "Polygon", "coordinates": [
        [[west, south], [east, south], [east, north], [west, north], [west, south]]] })
    .to_string()
}

#[test]
fn relations_and_distances_are_those_of_postgis() {
    if let Some(missing) = cluster::missing(Path::new(PROGRAMS)) {
        eprintln!("SKIPPED: {missing}");
        return;
    }
    let city = City::shared();
    let today = register::today();
    let catalog = city.store.catalog().clone();
    let view = city.store.view();
    let rows = Rows::read(view.as_ref(), &catalog, TimeScope::Present(today), today);
    let mut other = Other::new(&rows).expect("a database");
    let mut maker = Maker {
        rows: &rows,
        random: Random::new(20_261_126),
    };
    let (mut related, mut near, mut on_the_edge) = (0usize, 0usize, 0usize);
    for nth in 0..600 {
        let collection = maker.random.one(&COLLECTIONS);
        let Some(shape) = maker.shape(collection) else {
            continue;
        };
        let text = text_of(&shape);
        let (relation, function) = maker.random.one(&RELATIONS);
        let filter = json!({ "op": relation, "args": [{ "property": "geometry" }, shape] });
        let ours = city.ids(&json!({ "from": collection, "filter": filter }));
        let words = format!(
            "SELECT id FROM {collection} WHERE {function}(shape, ST_SetSRID(ST_GeomFromGeoJSON($1), 4326))"
        );
        let theirs = other.ids(&words, &text).expect("an answer");
        assert_eq!(
            ours.expect("an answer"),
            theirs,
            "{nth}: {collection} {relation} {text}"
        );
        related += theirs.len();

        let metres = maker.random.one(&[20.0, 300.0, 2000.0]);
        let filter = json!({ "op": "<=", "args": [
            { "op": "distance", "args": [{ "property": "geometry" }, shape] }, metres] });
        let ours = city
            .ids(&json!({ "from": collection, "filter": filter }))
            .expect("an answer");
        for (id, distance) in other.distances(collection, &text).expect("an answer") {
            if (distance - metres).abs() <= TOLERANCE * metres {
                on_the_edge += 1;
                continue;
            }
            assert_eq!(
                ours.contains(&id),
                distance <= metres,
                "{nth}: {collection} {id} is {distance} m from {text}, asked {metres}"
            );
        }
        near += ours.len();
    }
    println!("{related} relations and {near} near records agree, {on_the_edge} lie on the edge");
    assert!(related > 1_000 && near > 1_000, "{related}, {near}");
}
