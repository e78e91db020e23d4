//! Both logs against plain maps, with so little memory that most goes to disk.

use std::collections::{BTreeMap, HashMap};

use proptest::prelude::*;

use super::*;

fn scratch() -> (tempfile::TempDir, Scratch) {
    let folder = tempfile::tempdir().expect("a folder");
    let scratch = Scratch::new(folder.path().join("scratch"));
    (folder, scratch)
}

proptest! {
    #[test]
    fn the_latest_slot_of_a_key_counts(
        said in prop::collection::vec((0u64..200, any::<u64>()), 0..600),
    ) {
        let (_folder, scratch) = scratch();
        let mut log = KeyLog { held: 16, ..KeyLog::new(scratch) };
        let mut expected = HashMap::new();
        for (line, (key, number)) in said.into_iter().enumerate() {
            let slot = Slot { number, digest: !number, line: line as u64 };
            log.set(key, slot).expect("set");
            expected.insert(key, slot);
        }
        for key in 0..200 {
            prop_assert_eq!(log.get(key).expect("get"), expected.get(&key).copied());
        }
    }

    #[test]
    fn changes_come_by_entity(
        said in prop::collection::vec(0u64..50, 0..400),
    ) {
        let (_folder, scratch) = scratch();
        let mut log = ChangeLog { held: 16, ..ChangeLog::new(scratch) };
        let mut expected: BTreeMap<u64, Vec<StatementPosition>> = BTreeMap::new();
        for (order, number) in said.into_iter().enumerate() {
            let position = StatementPosition { block: order as u64 / 7, place: order as u32 % 7 };
            log.push(number, position).expect("push");
            expected.entry(number).or_default().push(position);
        }
        prop_assert!(log.numbers().iter().eq(expected.keys().copied()));
        for _ in 0..2 {
            let mut found = Vec::new();
            log.each(|number, positions| {
                found.push((number, positions));
                Ok::<(), io::Error>(())
            })
            .expect("each");
            prop_assert!(found.into_iter().eq(expected.clone()));
        }
    }
}
