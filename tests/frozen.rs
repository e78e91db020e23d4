//! Data directories that older versions wrote open for ever, and say what they said.

use std::fs::{self, File};
use std::io;
use std::path::Path;

use flate2::read::GzDecoder;
use record::{AsOf, Day, Predicate, Transaction, Value};
use register::{Deadline, Store, TimeScope, View};

use crate::city;

/// Copies a folder; files whose name ends in `.gz` are unpacked.
fn thaw(from: &Path, to: &Path) -> io::Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            thaw(&entry.path(), &target)?;
        } else if target
            .extension()
            .is_some_and(|extension| extension == "gz")
        {
            let mut packed = GzDecoder::new(File::open(entry.path())?);
            io::copy(&mut packed, &mut File::create(target.with_extension(""))?)?;
        } else {
            fs::copy(entry.path(), target)?;
        }
    }
    Ok(())
}

fn folder(version: &str) -> (tempfile::TempDir, std::path::PathBuf) {
    let frozen = Path::new(env!("CARGO_MANIFEST_DIR")).join("../fixtures/frozen");
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("data");
    thaw(&frozen.join(version), &path).expect("a copy");
    (folder, path)
}

fn day(text: &str) -> Day {
    text.parse::<record::PartialDate>()
        .expect("a date")
        .first_day()
}

/// Id and name of the person that the fixture changed, as of a pair of times.
fn person(view: &dyn View, valid: &str, known: Transaction) -> Option<(String, String)> {
    let key = [Value::text("110130198407288313")];
    let time = TimeScope::At(AsOf {
        valid: day(valid),
        known,
    });
    let record = view.lookup("person", &key, time).expect("a look-up")?;
    let body: serde_json::Value = serde_json::from_str(&record.body).expect("a body");
    let name = body["properties"]["name"].as_str().expect("a name");
    Some((record.id.to_string(), name.to_string()))
}

#[test]
fn version_0_1_0_opens() {
    let (_folder, path) = folder("0.1.0");
    let (store, opening) = city::open(&path, true);
    assert_eq!(opening.damage, None);
    let view = store.view();
    let today = TimeScope::Present(register::today());
    for (collection, expected) in [
        ("division", 40),
        ("address", 2),
        ("household", 1),
        ("person", 4),
    ] {
        let count = view.count(collection, &Predicate::All, today, Deadline::NONE);
        assert_eq!(count.expect("a count"), expected, "{collection}");
    }
    let said = |name: &str| Some(("PYJKW1D34TC".to_string(), name.to_string()));
    let last = view.transaction();
    assert_eq!(last, Transaction(5));
    let person = |valid, known| person(view.as_ref(), valid, known);
    assert_eq!(person("2021-05-31", last), said("任杰伟"));
    assert_eq!(person("2021-06-01", last), said("任建伟"));
    assert_eq!(person("2021-06-01", Transaction(4)), said("任杰伟"));
    assert_eq!(person("2021-06-01", Transaction(3)), None);
    let verified = store.verify(&|_, _, _| {}).expect("verified");
    assert!(verified.disagreements.is_empty(), "{verified:?}");
    drop((view, store));

    // It goes on: a new load adds to what is there.
    let (store, _) = city::open(&path, true);
    let file = path.join("households.csv");
    let text = "户号,户类型,地址编码,立户日期,数据性质\nHH1,家庭户,,20200101,合成数据\n";
    fs::write(&file, text).expect("a file");
    let report = city::load(&store, "synth-households", &file, 0);
    assert_eq!((report.counts.inserted, report.transaction), (1, Some(6)));
}
