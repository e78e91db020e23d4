//! Runs against sorted vectors.

use proptest::prelude::*;

use super::*;

fn scratch() -> (tempfile::TempDir, Scratch) {
    let folder = tempfile::tempdir().expect("a folder");
    let scratch = Scratch::new(folder.path().join("scratch"));
    (folder, scratch)
}

proptest! {
    #[test]
    fn what_was_written_is_found_and_nothing_else(
        mut keys in prop::collection::btree_set(any::<u64>(), 0..1000),
        others in prop::collection::vec(any::<u64>(), 100),
    ) {
        let (_folder, scratch) = scratch();
        let rows: Vec<[u64; 2]> = keys.iter().map(|key| [*key, key ^ 7]).collect();
        let run = Run::write(&scratch, &rows).expect("a run");
        for row in &rows {
            prop_assert_eq!(run.find(row[0]).expect("read"), Some(*row));
        }
        for other in others {
            prop_assert_eq!(run.find(other).expect("read").is_some(), !keys.insert(other));
        }
    }

    #[test]
    fn merged_runs_are_all_rows_in_order(
        runs in prop::collection::vec(prop::collection::vec(any::<[u64; 3]>(), 0..300), 0..5),
    ) {
        let (_folder, scratch) = scratch();
        let mut expected: Vec<[u64; 3]> = runs.iter().flatten().copied().collect();
        expected.sort_unstable();
        let runs: Vec<Run<3>> = runs
            .into_iter()
            .map(|mut rows| {
                rows.sort_unstable();
                Run::write(&scratch, &rows).expect("a run")
            })
            .collect();
        for _ in 0..2 {
            let merged = Merged::new(&runs).expect("open");
            let found: io::Result<Vec<[u64; 3]>> = merged.collect();
            prop_assert_eq!(&found.expect("read"), &expected);
        }
    }
}

#[test]
fn no_file_is_left() {
    let (folder, scratch) = scratch();
    let _run = Run::write(&scratch, &[[1], [2]]).expect("a run");
    let left = fs::read_dir(folder.path().join("scratch")).expect("the folder");
    assert_eq!(left.count(), 0);
}
