//! Rules that are read and decided by, and the mistakes in them.

use std::collections::BTreeSet;

use super::*;
use crate::Form;
use crate::sight::Clause;

fn entry(forms: &[Form], own_division: bool, least: u64) -> Entry {
    let rows = RowRule {
        own_division,
        ..RowRule::default()
    };
    let verbs = BTreeSet::from([Verb::Read]);
    Entry {
        verbs,
        rows,
        forms: forms.to_vec(),
        least,
        own_department: false,
    }
}

#[test]
fn divisions_by_their_digits() {
    let of = |code| division_prefix(code);
    assert_eq!(of("110108"), Some("110108"));
    assert_eq!(of("110108000000"), Some("110108"));
    assert_eq!(of("110108001000"), Some("110108001"));
    assert_eq!(of("110000"), Some("11"));
    assert_eq!(of("000000000000"), Some(""));
    assert_eq!(of("1101"), Some("1101"));
    for wrong in ["", "1", "110", "11010a", "1101080010021"] {
        assert_eq!(of(wrong), None, "{wrong}");
    }
}

#[test]
fn the_widest_rows_count_and_what_is_said_of_them() {
    let city = || {
        Clause::of_role(
            &entry(&[Form::Full, Form::Hidden], false, 5),
            Some("110108"),
        )
    };
    let district = || Clause::of_role(&entry(&[Form::Hidden, Form::Full], true, 0), Some("110108"));
    for both in [vec![city(), district()], vec![district(), city()]] {
        let together = Clause::together(both).expect("a clause");
        // What the clerk sees of its district it would see of the city.
        assert_eq!(together.forms, [Form::Full, Form::Hidden]);
        assert_eq!(together.least, 5);
    }
    let more = Clause::of_role(&entry(&[Form::Verify, Form::Verify], false, 0), None);
    let together = Clause::together(vec![city(), more]).expect("a clause");
    assert_eq!(together.forms, [Form::Full, Form::Verify]);
    let nobody = Clause::of_role(&entry(&[Form::Full], true, 0), None);
    assert!(
        nobody.rows.nothing,
        "whose division nobody knows sees nothing"
    );
    assert!(Clause::together(Vec::new()).is_none());
}
