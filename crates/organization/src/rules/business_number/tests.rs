//! A known number, every single wrong digit, every adjacent transposition, generated numbers.

use proptest::prelude::*;

use super::super::mutation::{substitutions, transpositions};
use super::*;

const KNOWN: &str = "110108000000016";

#[test]
fn known_numbers_are_read() {
    for writing in [
        KNOWN,
        " 110108000000016\n",
        "１１０１０８０００００００１６",
    ] {
        assert_eq!(parse(writing).expect("valid").canonical(), KNOWN);
    }
    assert_eq!(parse(KNOWN).expect("valid").region(), "110108");
}

#[test]
fn what_has_not_the_form_is_refused() {
    for wrong in [
        "",
        "11010800000001",
        "1101080000000166",
        "11010800000001X",
        "11010A000000016",
    ] {
        assert_eq!(parse(wrong), Err(BusinessNumberError::Form), "{wrong}");
    }
    assert_eq!(
        parse("110108000000017"),
        Err(BusinessNumberError::Check {
            expected: '6',
            found: '7'
        })
    );
}

#[test]
fn every_wrong_digit_is_caught() {
    for mutant in substitutions(KNOWN, "0123456789") {
        assert!(
            matches!(parse(&mutant), Err(BusinessNumberError::Check { .. })),
            "{mutant}"
        );
    }
}

#[test]
fn transpositions_are_caught_but_for_a_few() {
    for swapped in transpositions(KNOWN) {
        assert!(parse(&swapped).is_err(), "{swapped}");
    }
    // MOD 11,10 does not catch every transposition: of the 45 pairs of unlike digits that may stand
    // before this number's check, one.
    let mut missed = Vec::new();
    for left in b'0'..=b'9' {
        for right in (b'0'..=b'9').filter(|right| *right != left) {
            let number = |pair: [u8; 2]| {
                let mut body = *b"11010800000000";
                body[12..].copy_from_slice(&pair);
                check_digit(&body)
            };
            if number([left, right]) == number([right, left]) {
                missed.push(format!("{}{}", char::from(left), char::from(right)));
            }
        }
    }
    assert_eq!(missed, ["67", "76"]);
}

proptest! {
    #[test]
    fn generated_numbers_are_read_back(body in "[0-9]{14}") {
        let bytes: [u8; 14] = body.as_bytes().try_into().expect("14");
        let check = char::from(check_digit(&bytes).expect("digits"));
        let number = parse(&format!("{body}{check}")).expect("valid");
        prop_assert_eq!(number.canonical(), format!("{body}{check}"));
        prop_assert_eq!(parse(number.canonical()), Ok(number));
    }

    #[test]
    fn single_wrong_digits_of_generated_numbers_are_caught(body in "[0-9]{14}") {
        let bytes: [u8; 14] = body.as_bytes().try_into().expect("14");
        let check = char::from(check_digit(&bytes).expect("digits"));
        for mutant in substitutions(&format!("{body}{check}"), "0123456789") {
            prop_assert!(parse(&mutant).is_err(), "{}", mutant);
        }
    }

    #[test]
    fn no_text_makes_it_panic(text in "\\PC{0,18}") {
        prop_assert!(parse(&text).is_ok() || parse(&text).is_err());
    }
}
