//! The keyed state.

use super::open;
use crate::{LedgerError, NewEntry};

#[test]
fn values_are_put_read_scanned_and_deleted() {
    let directory = tempfile::tempdir().unwrap();
    {
        let ledger = open(directory.path());
        assert_eq!(ledger.state_get("grants", b"a").unwrap(), None);
        assert!(!ledger.state_delete("grants", b"a").unwrap());
        assert_eq!(ledger.state_scan("grants", b"").count(), 0);
        for (key, value) in [("b/2", "two"), ("a/1", "one"), ("b/1", "x"), ("c", "")] {
            ledger
                .state_put("grants", key.as_bytes(), value.as_bytes())
                .unwrap();
        }
        ledger.state_put("other", b"b/9", b"elsewhere").unwrap();
        ledger.state_put("grants", b"b/1", b"uno").unwrap();
        assert!(ledger.state_delete("grants", b"a/1").unwrap());
        ledger.state_put_durable("grants", b"d", b"last").unwrap();
    }
    let ledger = open(directory.path());
    assert_eq!(ledger.state_get("grants", b"a/1").unwrap(), None);
    assert_eq!(ledger.state_get("grants", b"c").unwrap().unwrap(), b"");
    let pairs: Vec<_> = ledger
        .state_scan("grants", b"b/")
        .map(Result::unwrap)
        .collect();
    assert_eq!(
        pairs,
        [
            (b"b/1".to_vec(), b"uno".to_vec()),
            (b"b/2".to_vec(), b"two".to_vec())
        ]
    );
    assert_eq!(ledger.state_scan("grants", b"").count(), 4);
    assert!(matches!(
        ledger.state_put("", b"", b""),
        Err(LedgerError::InvalidName { .. })
    ));
    ledger
        .publish_many(Vec::new(), NewEntry::default())
        .unwrap();
}
