//! The synthetic city, from its generator through every layer to an answer.

use register::{Search, Store, TimeScope};

use crate::city;

#[test]
fn a_clean_city_is_loaded_and_answers() {
    let folder = tempfile::tempdir().expect("a folder");
    let files = folder.path().join("files");
    let options = synth::Options {
        persons: 2_000,
        seed: 7,
        out: files.clone(),
        dirt: None,
    };
    synth::generate(&options, &|_, _, _| {}).expect("a city");
    let (store, _) = city::open(&folder.path().join("data"), true);
    for file in synth::FILES {
        let began = std::time::Instant::now();
        let report = city::load(&store, file.source, &files.join(file.file), 1_000_000);
        println!("{} {:?} {:?}", file.file, report, began.elapsed());
        assert_eq!(report.counts.rejected, 0, "{report:?}");
    }
    let view = store.view();
    let predicate = record::Predicate::Text {
        fields: vec!["name".into()],
        query: "王".into(),
    };
    let search = Search {
        predicate: &predicate,
        time: TimeScope::Present(register::today()),
        sort: &[],
        after: None,
        limit: 3,
        deadline: register::Deadline::NONE,
    };
    let page = view.search("person", &search).expect("a page");
    println!("{page:#?}");
    assert!(page.total > 50);
    let verification = store.verify(&|_, _, _| {}).expect("a verification");
    assert!(verification.is_clean(), "{verification:#?}");
}
