//! The trees in their segments against brute force over all items: through insertions, merges, deletes
//! and reopening.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use geometry::{Bounds, Position, Shape, distance, predicate};
use record::{Day, Predicate, Transaction, Validity, Value};
use schema::{Catalog, Collection};

use crate::search::distance_of;
use crate::{
    CollectionIndex, Deadline, Direction, Document, Part, Search, Snapshot, Sort, SortKey,
    TimeScope, Writer,
};

/// SplitMix64.
struct Random(u64);

impl Random {
    fn below(&mut self, end: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (mixed ^ (mixed >> 31)) % end
    }

    fn degrees(&mut self, low: f64, high: f64) -> f64 {
        low + (high - low) * (self.below(1 << 40) as f64 / (1u64 << 40) as f64)
    }

    /// A place: most in a few towns west and east, south and north, some anywhere, some at the ends of
    /// the world.
    fn place(&mut self) -> (f64, f64) {
        const TOWNS: [(f64, f64); 6] = [
            (116.3, 39.9),
            (-73.9, 40.7),
            (151.2, -33.8),
            (-70.6, -33.4),
            (0.0, 0.0),
            (179.97, 65.0),
        ];
        match self.below(20) {
            0 => (self.degrees(-180.0, 180.0), self.degrees(-90.0, 90.0)),
            1 => (
                [-180.0, 180.0][self.below(2) as usize],
                self.degrees(-60.0, 60.0),
            ),
            _ => {
                let (lon, lat) = TOWNS[self.below(TOWNS.len() as u64) as usize];
                let round = |degrees: f64| (degrees * 1000.0).round() / 1000.0;
                (
                    round(lon + self.degrees(-0.02, 0.02)),
                    round(lat + self.degrees(-0.02, 0.02)),
                )
            }
        }
    }

    fn rectangle(&mut self) -> [f64; 4] {
        let (lon, lat) = self.place();
        let size = [0.0005, 0.004, 0.03, 2.0][self.below(4) as usize];
        let (width, height) = (self.degrees(0.0, size), self.degrees(0.0, size));
        [lon, lat, (lon + width).min(180.0), (lat + height).min(90.0)]
    }

    /// A triangle, or a ring around a hole, near a place; well-known text.
    fn polygon(&mut self) -> String {
        let (lon, lat) = self.place();
        let (lon, lat) = (lon.clamp(-179.0, 179.0), lat.clamp(-88.0, 88.0));
        let size = [0.001, 0.008, 0.5][self.below(3) as usize];
        let at = |x: f64, y: f64| format!("{:.7} {:.7}", lon + x * size, lat + y * size);
        if self.below(2) == 0 {
            format!(
                "POLYGON(({},{},{},{}))",
                at(0.0, 0.0),
                at(1.0, 0.3),
                at(0.4, 1.0),
                at(0.0, 0.0)
            )
        } else {
            let ring = |near: f64, far: f64| {
                let corners = [
                    (near, near),
                    (far, near),
                    (far, far),
                    (near, far),
                    (near, near),
                ];
                corners.map(|(x, y)| at(x, y)).join(",")
            };
            format!("POLYGON(({}),({}))", ring(0.0, 1.0), ring(0.3, 0.7))
        }
    }
}

/// What is in the index, by number; none for records without a place.
type Items = BTreeMap<u64, Option<Shape>>;

struct Trial {
    collection: Arc<Collection>,
    is_point: bool,
    random: Random,
    items: Items,
    next: u64,
}

impl Trial {
    fn shape(&mut self) -> Shape {
        if self.is_point {
            let (lon, lat) = self.random.place();
            return Shape::point(Position::from_degrees(lon, lat).expect("a position"));
        }
        Shape::from_wkt(&self.random.polygon()).expect("a polygon")
    }

    fn document(&self, number: u64, shape: Option<&Shape>) -> Document {
        let mut fields = vec![(self.collection.key[0], Value::text(&number.to_string()))];
        let location = self.collection.location.expect("a geometry");
        fields.extend(shape.map(|shape| {
            let value = match shape.position() {
                Some(position) => Value::Point {
                    lon: position.lon,
                    lat: position.lat,
                },
                None => Value::Geometry(shape.to_wkb()),
            };
            (location, value)
        }));
        fields.sort_by_key(|(number, _)| *number);
        Document {
            number,
            validity: Validity::ALWAYS,
            known_from: Transaction(1),
            known_to: Transaction::MAX,
            key: number,
            digest: 0,
            fields,
            marks: Vec::new(),
            body: Vec::new(),
            statements: Vec::new(),
        }
    }

    /// Adds so many items in one commit; every tenth has no place where there are many.
    fn add(&mut self, writer: &mut Writer, count: u64) {
        for _ in 0..count {
            let number = self.next;
            self.next += 1;
            let shape = if count > 100 && self.random.below(10) == 0 {
                None
            } else {
                Some(self.shape())
            };
            writer
                .add(Part::Current, &self.document(number, shape.as_ref()))
                .expect("added");
            self.items.insert(number, shape);
        }
        writer.commit(self.next).expect("committed");
    }

    /// Removes some items and moves others, in one commit.
    fn change(&mut self, writer: &mut Writer, share: u64) {
        let numbers: Vec<u64> = self.items.keys().copied().collect();
        for number in numbers {
            if self.random.below(100) >= share {
                continue;
            }
            writer.forget(vec![number]).expect("forgotten");
            if self.random.below(2) == 0 {
                self.items.remove(&number);
            } else {
                let shape = Some(self.shape());
                writer
                    .add(Part::Current, &self.document(number, shape.as_ref()))
                    .expect("added");
                self.items.insert(number, shape);
            }
        }
        writer.commit(self.next).expect("committed");
    }

    fn check(&mut self, snapshot: &Snapshot, questions: usize) {
        for _ in 0..questions {
            let [west, south, east, north] = self.random.rectangle();
            self.check_box([west, south, east, north], snapshot);
            let (lon, lat) = self.random.place();
            let metres = [3.0, 150.0, 900.0, 40_000.0, 3_000_000.0][self.random.below(5) as usize];
            self.check_disc((lon, lat), metres, snapshot);
            let wkt = self.random.polygon();
            self.check_shape(&Shape::from_wkt(&wkt).expect("a polygon"), snapshot);
            let (to_lon, to_lat) = self.random.place();
            let line = format!("LINESTRING({lon:.7} {lat:.7},{to_lon:.7} {to_lat:.7})");
            if (lon, lat) != (to_lon, to_lat) {
                self.check_shape(&Shape::from_wkt(&line).expect("a line"), snapshot);
            }
            self.check_nearest((lon, lat), 1 + self.random.0 as usize % 12, snapshot);
        }
        self.check_box([-180.0, -90.0, 180.0, 90.0], snapshot);
        self.check_disc((0.0, 0.0), 20_100_000.0, snapshot);
        // Each of a few items by itself.
        let some: Vec<Shape> = self
            .items
            .values()
            .flatten()
            .take(questions)
            .cloned()
            .collect();
        for shape in some {
            let [west, south, east, north] = shape.bounds().degrees();
            self.check_box([west, south, east, north], snapshot);
            if let Some(position) = shape.position() {
                self.check_disc(position.degrees(), 0.0, snapshot);
                self.check_shape(&shape, snapshot);
            }
        }
    }

    fn check_box(&self, [west, south, east, north]: [f64; 4], snapshot: &Snapshot) {
        let bounds = Bounds::of_degrees(west, south, east, north).expect("a box");
        let corners = [bounds.min, bounds.max];
        let inside = |shape: &Shape| match shape.position() {
            Some(position) => {
                (corners[0].lon..=corners[1].lon).contains(&position.lon)
                    && (corners[0].lat..=corners[1].lat).contains(&position.lat)
            }
            None => predicate::intersects(shape, &Shape::of_bounds(bounds)),
        };
        self.compare(
            &Predicate::Box([west, south, east, north]),
            snapshot,
            inside,
        );
    }

    fn check_disc(&self, (lon, lat): (f64, f64), metres: f64, snapshot: &Snapshot) {
        let centre = Position::from_degrees(lon, lat).expect("a position");
        let near = |shape: &Shape| distance::distance_metres(shape, centre) <= metres;
        self.compare(&Predicate::Near { lon, lat, metres }, snapshot, near);
    }

    fn check_shape(&self, area: &Shape, snapshot: &Snapshot) {
        let touches = |shape: &Shape| predicate::intersects(area, shape);
        self.compare(&Predicate::Intersects(area.to_wkb()), snapshot, touches);
    }

    fn compare(
        &self,
        predicate: &Predicate,
        snapshot: &Snapshot,
        matches: impl Fn(&Shape) -> bool,
    ) {
        let expected: Vec<u64> = self
            .items
            .iter()
            .filter(|(_, shape)| shape.as_ref().is_some_and(&matches))
            .map(|(number, _)| *number)
            .collect();
        let time = TimeScope::Present(Day(0));
        let search = Search {
            predicate,
            time,
            sort: &[],
            after: None,
            limit: 100_000,
            deadline: Deadline::NONE,
        };
        let found = snapshot.search(&search).expect("an answer");
        let numbers: Vec<u64> = found.hits.iter().map(|hit| hit.number).collect();
        assert_eq!(
            numbers,
            expected,
            "{predicate:?} in {} segments",
            snapshot.segments()
        );
        assert_eq!(found.total, expected.len() as u64);
        let count = snapshot
            .count(predicate, time, Deadline::NONE)
            .expect("a count");
        assert_eq!(count, expected.len() as u64, "{predicate:?}");
    }

    fn check_nearest(&self, (lon, lat): (f64, f64), limit: usize, snapshot: &Snapshot) {
        let centre = Position::from_degrees(lon, lat).expect("a position");
        let mut expected: Vec<f64> = self
            .items
            .values()
            .map(|shape| {
                shape
                    .as_ref()
                    .map_or(f64::MAX, |shape| distance::distance_metres(shape, centre))
            })
            .collect();
        expected.sort_by(f64::total_cmp);
        expected.truncate(limit);
        let sort = [Sort {
            key: SortKey::Distance(lon, lat),
            direction: Direction::Ascending,
        }];
        let search = Search {
            predicate: &Predicate::All,
            time: TimeScope::Present(Day(0)),
            sort: &sort,
            after: None,
            limit,
            deadline: Deadline::NONE,
        };
        let found = snapshot.search(&search).expect("an answer");
        let distances: Vec<f64> = found
            .hits
            .iter()
            .map(|hit| distance_of(&hit.values[0]).unwrap_or(f64::MAX))
            .collect();
        assert_eq!(distances, expected, "the {limit} nearest to {lon}, {lat}");
        for (hit, distance) in found.hits.iter().zip(&distances) {
            let shape = &self.items[&hit.number];
            let own = shape
                .as_ref()
                .map_or(f64::MAX, |shape| distance::distance_metres(shape, centre));
            assert_eq!(own, *distance, "record {}", hit.number);
        }
    }
}

fn trial(name: &str, seed: u64) -> Trial {
    println!("{name}: seed {seed}");
    let catalog = Catalog::embedded().expect("schemas");
    let collection = catalog.collection(name).expect("a collection").clone();
    let is_point = name == "address";
    Trial {
        collection,
        is_point,
        random: Random(seed),
        items: Items::new(),
        next: 1,
    }
}

fn open(folder: &Path, collection: &Arc<Collection>) -> (CollectionIndex, Writer, Snapshot) {
    let index = CollectionIndex::open(folder, collection).expect("an index");
    let writer = index.writer(1, 15_000_000).expect("a writer");
    let snapshot = index.snapshot().expect("a snapshot");
    (index, writer, snapshot)
}

/// Each size in an index of its own, and then several in one index, merged.
fn sizes_merges_and_deletes(name: &str, seed: u64) {
    for size in [0, 1, 2, 15, 16, 17, 257] {
        let mut trial = trial(name, seed + size);
        let folder = tempfile::tempdir().expect("a folder");
        let (index, mut writer, _) = open(folder.path(), &trial.collection);
        trial.add(&mut writer, size);
        let snapshot = index.snapshot().expect("a snapshot");
        assert_eq!(snapshot.segments(), usize::from(size > 0));
        trial.check(&snapshot, 12);
    }
    let mut trial = trial(name, seed);
    let folder = tempfile::tempdir().expect("a folder");
    let (mut index, mut writer, _) = open(folder.path(), &trial.collection);
    let mut most = 0;
    for (step, size) in [1000, 1, 0, 2, 1, 17, 1, 1, 1, 16, 1, 2, 1, 1, 300]
        .into_iter()
        .enumerate()
    {
        trial.add(&mut writer, size);
        let snapshot = index.snapshot().expect("a snapshot");
        most = most.max(snapshot.segments());
        trial.check(&snapshot, 6);
        if step % 5 == 4 {
            trial.change(&mut writer, 25);
            trial.check(&index.snapshot().expect("a snapshot"), 6);
            writer.finish().expect("merged");
            drop(index);
            let opened = open(folder.path(), &trial.collection);
            (index, writer) = (opened.0, opened.1);
            println!(
                "{} items in {} segments",
                trial.items.len(),
                opened.2.segments()
            );
            trial.check(&opened.2, 12);
        }
    }
    // Everything but one item goes.
    let keep = *trial.items.keys().next_back().expect("items");
    for number in trial.items.keys().filter(|number| **number != keep) {
        writer.forget(vec![*number]).expect("forgotten");
    }
    trial.items.retain(|number, _| *number == keep);
    writer.commit(trial.next).expect("committed");
    trial.check(&index.snapshot().expect("a snapshot"), 6);
    trial.add(&mut writer, 1);
    writer.finish().expect("merged");
    let snapshot = index.snapshot().expect("a snapshot");
    assert!(
        snapshot.segments() < most,
        "nothing was merged: {most} segments, then {}",
        snapshot.segments()
    );
    trial.check(&snapshot, 6);
}

#[test]
fn points_are_found_as_by_looking_at_each() {
    sizes_merges_and_deletes("address", 20_260_101);
}

#[test]
fn polygons_are_found_as_by_looking_at_each() {
    sizes_merges_and_deletes("building", 20_260_202);
}
