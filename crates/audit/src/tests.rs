//! The trail against a list in memory, against the plain definition of the tree, and against damage.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;

use proptest::prelude::*;
use record::{EntityId, RegisterLetter};

use crate::merkle::{self, Frontier, Subtrees};
use crate::*;

/// Small segments, so that a test has many.
const OPTIONS: Options = Options {
    sync: Sync::Every(Duration::from_millis(5)),
    segment_bits: 3,
};

fn person(number: u64) -> EntityId {
    EntityId::new(RegisterLetter::Person, number).expect("an id")
}

fn note(caller: &str, path: &str, persons: &[u64]) -> Note {
    let ids: Vec<EntityId> = persons.iter().map(|number| person(*number)).collect();
    let records = (!ids.is_empty()).then(|| ("person".to_owned(), ids));
    Note {
        caller: Some(Who {
            id: caller.to_owned(),
            ..Who::default()
        }),
        asked: Some(Asked {
            method: "GET".to_owned(),
            path: path.to_owned(),
            body: Some("王\n\"".to_owned()),
            ..Asked::default()
        }),
        records: records.into_iter().collect::<BTreeMap<_, _>>(),
        status: Some(200),
        ..Note::default()
    }
}

fn filled(path: &Path, entries: u64) -> Vec<Written> {
    let trail = Trail::open(path, OPTIONS).expect("a trail");
    let one = |number: u64| {
        let caller = if number.is_multiple_of(3) { "a" } else { "b" };
        let note = note(caller, &format!("/{number}"), &[number % 5, 7]);
        trail.append(&note).expect("an entry")
    };
    (0..entries).map(one).collect()
}

/// The tree as RFC 6962, 2.1 defines it.
fn defined(leaves: &[Hash]) -> Hash {
    match leaves {
        [] => merkle::empty(),
        [one] => *one,
        _ => {
            let middle = leaves.len().next_power_of_two() / 2;
            merkle::node(&defined(&leaves[..middle]), &defined(&leaves[middle..]))
        }
    }
}

struct Plain(Vec<Hash>);

impl Subtrees for Plain {
    type Error = std::convert::Infallible;

    fn subtree(&self, level: u32, index: u64) -> Result<Hash, Self::Error> {
        let from = (index << level) as usize;
        Ok(merkle::perfect(self.0[from..from + (1 << level)].to_vec()))
    }
}

fn leaves(count: u64) -> Vec<Hash> {
    (0..count)
        .map(|number| merkle::leaf(&number.to_be_bytes()))
        .collect()
}

/// The vectors of RFC 6962's reference implementation: eight leaves, of nothing up to eight bytes.
#[test]
fn the_tree_is_that_of_the_standard() {
    let inputs: [&[u8]; 8] = [
        b"",
        b"\x00",
        b"\x10",
        b"\x20\x21",
        b"\x30\x31",
        b"\x40\x41\x42\x43",
        b"\x50\x51\x52\x53\x54\x55\x56\x57",
        b"\x60\x61\x62\x63\x64\x65\x66\x67\x68\x69\x6a\x6b\x6c\x6d\x6e\x6f",
    ];
    let leaves: Vec<Hash> = inputs.iter().map(|input| merkle::leaf(input)).collect();
    let root = |size: u64| {
        merkle::root(&Plain(leaves.clone()), 0, size)
            .expect("a root")
            .to_string()
    };
    assert_eq!(
        root(0),
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    );
    assert_eq!(
        root(1),
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"
    );
    assert_eq!(
        root(8),
        "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"
    );
}

#[test]
fn every_proof_of_small_trees_holds_and_no_other_does() {
    let all = leaves(40);
    let tree = Plain(all.clone());
    for size in 1..=40u64 {
        let head = defined(&all[..size as usize]);
        let mut frontier = Frontier::default();
        all[..size as usize]
            .iter()
            .for_each(|leaf| frontier.push(*leaf));
        assert_eq!(frontier.root(), head);
        for index in 0..size {
            let leaf = all[index as usize];
            let path = merkle::inclusion(&tree, index, size).expect("a path");
            assert!(merkle::includes(&head, size, index, &leaf, &path));
            let other = merkle::leaf(b"other");
            assert!(!merkle::includes(&head, size, index, &other, &path));
            assert!(!merkle::includes(&head, size, index + 1, &leaf, &path));
            assert!(!merkle::includes(
                &merkle::leaf(b""),
                size,
                index,
                &leaf,
                &path
            ));
        }
        for old in 0..=size {
            let before = defined(&all[..old as usize]);
            let proof = merkle::consistency(&tree, old, size).expect("a proof");
            assert!(
                merkle::continues((old, &before), (size, &head), &proof),
                "{old} {size}"
            );
            if old > 0 {
                let forged = merkle::leaf(b"forged");
                assert!(!merkle::continues((old, &forged), (size, &head), &proof));
                assert!(!merkle::continues((old, &before), (size, &forged), &proof));
            }
        }
    }
}

#[test]
fn entries_are_found_again_by_name_record_and_caller() {
    let folder = tempfile::tempdir().expect("a folder");
    let written = filled(folder.path(), 29);
    for trail in [
        Trail::open(folder.path(), OPTIONS).expect("a trail"),
        Trail::read(folder.path()).expect("a trail"),
    ] {
        assert_eq!(trail.size(), 29);
        for one in &written {
            let entry = trail.find(one.receipt).expect("readable").expect("there");
            assert_eq!(entry.sequence, one.sequence);
            let asked = entry.note.asked.expect("a request");
            assert_eq!(asked.path, format!("/{}", one.sequence));
            assert_eq!(asked.body.as_deref(), Some("王\n\""));
        }
        let never: Receipt = "R0123456789ABCDEFGHJKMNPQRS".parse().expect("a receipt");
        assert_eq!(trail.find(never).expect("readable"), None);
        let of_three: Vec<u64> = (0..29).rev().filter(|number| number % 5 == 3).collect();
        let listed = |what, before, limit| trail.listed(what, before, limit).expect("a list");
        assert_eq!(listed(Listed::Record(person(3)), u64::MAX, 99), of_three);
        assert_eq!(listed(Listed::Record(person(7)), u64::MAX, 99).len(), 29);
        assert!(listed(Listed::Record(person(9)), u64::MAX, 99).is_empty());
        assert_eq!(listed(Listed::Caller("a"), 10, 2), [9, 6]);
        let third = trail.entry(3).expect("an entry");
        assert!(trail.since(instant_of(&third)).expect("a place") <= 3);
        assert_eq!(trail.since(i64::MAX).expect("a place"), 29);
    }
}

#[test]
fn receipts_tell_nothing_of_their_order() {
    let folder = tempfile::tempdir().expect("a folder");
    let written = filled(folder.path(), 20);
    let texts: Vec<String> = written.iter().map(|one| one.receipt.to_string()).collect();
    for pair in texts.windows(2) {
        let common = pair[0]
            .bytes()
            .zip(pair[1].bytes())
            .take_while(|(one, other)| one == other);
        assert!(common.count() < 8, "{pair:?}");
    }
    for text in &texts {
        assert_eq!(
            text.parse::<Receipt>().expect("a receipt").to_string(),
            *text
        );
        assert_eq!(text.len(), 27);
    }
    for wrong in [
        "",
        "R",
        "S0123456789ABCDEFGHJKMNPQRS",
        "RZ123456789ABCDEFGHJKMNPQRS",
    ] {
        assert!(wrong.parse::<Receipt>().is_err(), "{wrong}");
    }
}

#[test]
fn proofs_are_checked_without_the_trail() {
    let folder = tempfile::tempdir().expect("a folder");
    filled(folder.path(), 11);
    let early = Trail::read(folder.path()).expect("a trail").head();
    filled(folder.path(), 20);
    let trail = Trail::read(folder.path()).expect("a trail");
    let (head, key) = (trail.head(), trail.public_key());
    for sequence in 0..31 {
        let proof = trail.prove(sequence, &head).expect("a proof");
        let text = serde_json::to_string(&proof).expect("JSON");
        let proof: Inclusion = serde_json::from_str(&text).expect("a proof");
        assert_eq!(proof.check(Some(&key)).expect("proven").sequence, sequence);
        let entry = proof.entry.replace("200", "404");
        assert!(
            Inclusion {
                entry,
                ..proof.clone()
            }
            .check(None)
            .is_err()
        );
        let mut head = proof.head.clone();
        head.size += 1;
        assert!(Inclusion { head, ..proof }.check(None).is_err());
    }
    let since = trail.prove_since(&early).expect("a proof");
    since.check(Some(&key)).expect("proven");
    let other = tempfile::tempdir().expect("a folder");
    filled(other.path(), 31);
    let other = Trail::read(other.path()).expect("a trail");
    assert!(since.check(Some(&other.public_key())).is_err());
    let forged = Consistency {
        head: other.head(),
        ..since
    };
    assert!(forged.check(None).is_err());
}

#[test]
fn a_torn_end_is_cut_off_and_noted() {
    let folder = tempfile::tempdir().expect("a folder");
    filled(folder.path(), 10);
    let path = folder.path().join("00000001.ndjson");
    let mut text = std::fs::read(&path).expect("a file");
    text.extend_from_slice(b"{\"sequence\":10,\"prev");
    std::fs::write(&path, &text).expect("written");
    assert_eq!(Trail::read(folder.path()).expect("a trail").size(), 10);
    let trail = Trail::open(folder.path(), OPTIONS).expect("a trail");
    let entry = trail.entry(10).expect("an entry");
    assert_eq!(
        (entry.note.kind, entry.note.bytes),
        (Kind::Recovered, Some(20))
    );
    drop(trail);
    assert_eq!(
        verify(folder.path(), &|_, _| ()).expect("walked").faults,
        [""; 0]
    );
    assert_eq!(
        std::fs::read(folder.path().join("torn-10"))
            .expect("a file")
            .len(),
        20
    );
}

#[test]
fn what_was_on_the_disk_for_sure_may_not_go() {
    let folder = tempfile::tempdir().expect("a folder");
    filled(folder.path(), 12);
    let path = folder.path().join("00000001.ndjson");
    let text = std::fs::read_to_string(&path).expect("a file");
    let kept: Vec<&str> = text.split_inclusive('\n').take(2).collect();
    std::fs::write(&path, kept.concat()).expect("written");
    let error = Trail::open(folder.path(), OPTIONS).err().expect("refused");
    assert!(
        matches!(error, AuditError::Damaged { sequence: 10, .. }),
        "{error}"
    );
    let found = verify(folder.path(), &|_, _| ()).expect("walked");
    assert_eq!(found.faults, ["entry 10: missing, with all up to entry 11"]);
}

#[test]
fn only_one_writes() {
    let folder = tempfile::tempdir().expect("a folder");
    let trail = Trail::open(folder.path(), OPTIONS).expect("a trail");
    let second = Trail::open(folder.path(), OPTIONS);
    assert!(matches!(second.err(), Some(AuditError::InUse { .. })));
    let reader = Trail::read(folder.path()).expect("a trail");
    assert!(matches!(
        reader.append(&Note::default()),
        Err(AuditError::ReadOnly)
    ));
    drop(trail);
    Trail::open(folder.path(), OPTIONS).expect("a trail");
}

#[test]
fn an_entry_can_wait_for_the_disk() {
    let folder = tempfile::tempdir().expect("a folder");
    let options = Options {
        sync: Sync::Each,
        ..OPTIONS
    };
    let trail = Trail::open(folder.path(), options).expect("a trail");
    std::thread::scope(|scope| {
        for thread in 0..4 {
            let trail = &trail;
            scope.spawn(move || {
                for number in 0..20 {
                    let note = note("a", &format!("/{thread}/{number}"), &[]);
                    let written = trail.append(&note).expect("an entry");
                    trail.settle(written.sequence).expect("on the disk");
                }
            });
        }
    });
    assert_eq!(trail.size(), 80);
    drop(trail);
    let found = verify(folder.path(), &|_, _| ()).expect("walked");
    assert_eq!((found.entries, found.faults), (80, Vec::new()));
}

#[test]
fn a_lost_index_is_made_again() {
    let folder = tempfile::tempdir().expect("a folder");
    let written = filled(folder.path(), 20);
    std::fs::remove_file(folder.path().join("00000000.index")).expect("removed");
    std::fs::remove_file(folder.path().join("roots")).expect("removed");
    let trail = Trail::open(folder.path(), OPTIONS).expect("a trail");
    assert!(trail.find(written[2].receipt).expect("readable").is_some());
    let head = trail.head();
    trail
        .prove(2, &head)
        .expect("a proof")
        .check(None)
        .expect("proven");
    drop(trail);
    assert!(folder.path().join("00000000.index").exists());
    assert_eq!(
        verify(folder.path(), &|_, _| ()).expect("walked").faults,
        [""; 0]
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    /// Any byte of any entry, changed: found, and the trail is not opened if it would go on from it.
    #[test]
    fn any_change_is_found(place in 0usize..2000, bit in 0u8..8, entries in 9u64..20) {
        let folder = tempfile::tempdir().expect("a folder");
        filled(folder.path(), entries);
        let number = place as u64 % (entries.div_ceil(8));
        let path = folder.path().join(format!("{number:08}.ndjson"));
        let mut text = std::fs::read(&path).expect("a file");
        prop_assume!(!text.is_empty());
        let at = place % text.len();
        text[at] ^= 1 << bit;
        std::fs::write(&path, &text).expect("written");
        let found = verify(folder.path(), &|_, _| ()).expect("walked");
        prop_assert!(!found.faults.is_empty());
    }
}

#[test]
fn a_copy_goes_on_by_itself() {
    let folder = tempfile::tempdir().expect("a folder");
    let trail = Trail::open(folder.path(), OPTIONS).expect("a trail");
    for number in 0..21 {
        trail
            .append(&note("a", &format!("/{number}"), &[]))
            .expect("an entry");
    }
    let other = folder.path().join("copy");
    let copied = copy(folder.path(), &other).expect("copied");
    assert_eq!((copied.entries, copied.faults), (21, Vec::new()));
    let first = trail.entry(0).expect("an entry").receipt;
    drop(trail);
    let trail = Trail::open(&other, OPTIONS).expect("a trail");
    assert!(trail.find(first).expect("readable").is_some());
    assert_eq!(
        trail.append(&Note::default()).expect("an entry").sequence,
        21
    );
}
