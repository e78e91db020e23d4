//! The real files: divisions, boundaries, statistics. They are larger than the project carries, so
//! these tests say that they skip where the folder `../shared/data` is not beside the project.

use std::path::{Path, PathBuf};

use record::{Predicate, Value};
use register::{Deadline, Record, Search, Store, TimeScope, View};

use crate::city;

/// The folder of the real files; `None`, said aloud, where it is absent.
fn real_data() -> Option<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/data");
    if folder.is_dir() {
        return Some(folder);
    }
    println!("skipped: the real files are not beside the project");
    None
}

fn fixture(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../fixtures")
        .join(path)
}

fn division(view: &dyn View, code: &str, time: TimeScope) -> Option<Record> {
    view.lookup("division", &[Value::text(code)], time)
        .expect("a look-up")
}

fn present() -> TimeScope {
    TimeScope::Present(register::today())
}

fn on(view: &dyn View, day: &str) -> TimeScope {
    TimeScope::At(record::AsOf {
        valid: day.parse().expect("a day"),
        known: view.transaction(),
    })
}

fn name(record: &Record) -> String {
    let body: serde_json::Value = serde_json::from_str(&record.body).expect("JSON");
    body["properties"]["name"]
        .as_str()
        .expect("a name")
        .to_string()
}

fn count(view: &dyn View, collection: &str, predicate: &Predicate) -> u64 {
    view.count(collection, predicate, present(), Deadline::NONE)
        .expect("a count")
}

#[test]
fn the_division_lists_keep_their_conflict_and_their_ended_codes() {
    let Some(data) = real_data() else { return };
    let folder = tempfile::tempdir().expect("a folder");
    let (store, _) = city::open(folder.path(), false);
    let load = |source: &str, path: PathBuf, rejects: u64| {
        let report = city::load(&store, source, &path, rejects);
        println!(
            "{source}: {:?} {:?} {:?}",
            report.outcome, report.counts, report.problems
        );
        report
    };
    load("nation", fixture("divisions/nation.csv"), 0);
    for (source, file, rows) in [
        ("nbs-provinces", "provinces.csv", 31),
        ("nbs-cities", "cities.csv", 342),
        ("nbs-counties", "areas.csv", 2_978),
        ("nbs-towns", "streets.csv", 41_352),
    ] {
        let report = load(source, data.join("divisions").join(file), 0);
        assert_eq!((report.counts.read, report.counts.rejected), (rows, 0));
    }
    let rare = load(
        "nbs-villages",
        fixture("messy/villages_2048.gb18030.crlf.csv"),
        0,
    );
    assert_eq!(rare.encoding, "GB18030");
    let view = store.view();
    let expected = std::fs::read_to_string(fixture("messy/villages_rare_chars.utf8.csv"));
    let mut compared = 0;
    for line in expected.expect("the rare names").lines().skip(1) {
        let mut cells = line.split(',');
        let code = cells.next().expect("a code");
        let expected = cells.next().expect("a name").trim_matches('"');
        let record = division(view.as_ref(), code, present()).expect(code);
        assert_eq!(name(&record), expected, "{code}");
        compared += 1;
    }
    assert_eq!(compared, 48);

    for (source, file) in [
        ("mca-provinces", "divisions/divisions_v1.json"),
        ("mca-cities", "divisions/divisions_v1.json"),
        ("mca-counties", "divisions/divisions_v1.json"),
        (
            "mca-change-events-before",
            "divisions/historical_changes_v1.json.xz",
        ),
        (
            "mca-change-events-after",
            "divisions/historical_changes_v1.json.xz",
        ),
    ] {
        load(source, data.join(file), 0);
    }
    let view = store.view();
    let view = view.as_ref();
    // 崇文区 ended in 2010: not there today, there in 2009, resolvable for ever.
    assert!(division(view, "110103000000", present()).is_none());
    let chongwen = division(view, "110103000000", on(view, "2009-06-01")).expect("崇文区 in 2009");
    assert_eq!(name(&chongwen), "崇文区");
    assert_eq!(
        name(&division(view, "110108000000", present()).expect("海淀区")),
        "海淀区"
    );
}

#[test]
fn boundaries_are_loaded_and_the_bad_ones_named() {
    let Some(data) = real_data() else { return };
    let folder = tempfile::tempdir().expect("a folder");
    let (store, _) = city::open(folder.path(), false);
    let path = data.join("boundaries/district.geojson.xz");
    let report = city::load(&store, "district-boundaries", &path, 100);
    println!("{report:#?}");
    assert_eq!(report.counts.read + report.skipped, 2_898);
    assert_eq!(
        report.problems.get("geometry-invalid"),
        Some(&1),
        "铁门关市"
    );
    let view = store.view();
    let predicate = Predicate::Box([116.39, 39.90, 116.40, 39.91]);
    let search = Search {
        predicate: &predicate,
        time: present(),
        sort: &[],
        after: None,
        limit: 10,
        deadline: Deadline::NONE,
    };
    let found = view.search("division", &search).expect("a page");
    let names: Vec<String> = found.records.iter().map(name).collect();
    assert_eq!(
        names,
        ["东城区", "西城区"],
        "天安门 lies on both sides of the axis"
    );
}

#[test]
fn statistics_are_loaded_and_the_doubtful_years_set_aside() {
    let Some(data) = real_data() else { return };
    let folder = tempfile::tempdir().expect("a folder");
    let (store, _) = city::open(folder.path(), false);
    city::load(&store, "nation", &fixture("divisions/nation.csv"), 0);
    city::load(
        &store,
        "nbs-provinces",
        &data.join("divisions/provinces.csv"),
        0,
    );
    city::load(&store, "nbs-cities", &data.join("divisions/cities.csv"), 0);
    city::load(&store, "nbs-counties", &data.join("divisions/areas.csv"), 0);
    city::load(&store, "indicators", &fixture("indicators.csv"), 0);
    let macro_file = |name: &str| data.join("macro").join(name);
    let gdp = city::load(
        &store,
        "province-gdp",
        &macro_file("cn_province_gdp_1975_2019.raw.csv"),
        0,
    );
    println!("{gdp:#?}");
    assert_eq!(gdp.counts.rejected, gdp.quarantined);
    // 31 provinces and the nation, eight years, where the file has a figure.
    assert!(gdp.quarantined >= 31 * 8, "{}", gdp.quarantined);
    for (source, file) in [
        (
            "six-provinces-population",
            "cn_6provinces_population_1975_2008.csv",
        ),
        ("census-2020", "census2020_provinces_and_beijing.csv"),
        (
            "wpp-china-age-sex",
            "un_wpp2024_china_age_sex_1950_2100.csv",
        ),
    ] {
        let report = city::load(&store, source, &macro_file(file), 0);
        println!("{source}: {:?} held {}", report.counts, report.held);
        assert_eq!((report.counts.rejected, report.held), (0, 0));
    }
    let view = store.view();
    let equal = |field: &str, value: &str| Predicate::Compare {
        field: field.into(),
        comparison: record::Comparison::Equal,
        value: Value::text(value),
    };
    let beijing = equal("region", "110000").and(equal("period", "1978"));
    assert_eq!(
        count(view.as_ref(), "observation", &beijing),
        2,
        "GDP and population"
    );
    let doubtful = equal("region", "110000").and(equal("period", "2012"));
    assert_eq!(count(view.as_ref(), "observation", &doubtful), 0);
}
