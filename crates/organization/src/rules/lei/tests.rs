//! A known LEI, every single wrong character, every adjacent transposition, generated ones.

use proptest::prelude::*;

use super::super::mutation::{substitutions, transpositions};
use super::*;

const KNOWN: &str = "5493001KJTIIGC8Y1R12";
const ALPHABET: &str = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";

#[test]
fn known_identifiers_are_read() {
    for writing in [
        KNOWN,
        "5493001kjtiigc8y1r12",
        "５４９３００１ＫＪＴＩＩＧＣ８Ｙ１Ｒ１２",
    ] {
        let lei = parse(writing).expect("valid");
        assert_eq!((lei.canonical(), lei.issuer()), (KNOWN, "5493"));
    }
}

#[test]
fn what_has_not_the_form_is_refused() {
    for wrong in [
        "",
        "5493001KJTIIGC8Y1R1",
        "5493001KJTIIGC8Y1R122",
        "5493001KJTIIGC8Y1R1A",
        "5493-01KJTIIGC8Y1R12",
    ] {
        assert_eq!(parse(wrong), Err(LeiError::Form), "{wrong}");
    }
    assert_eq!(
        parse("5493001KJTIIGC8Y1R13"),
        Err(LeiError::Check {
            expected: 12,
            found: 13
        })
    );
}

#[test]
fn wrong_characters_are_caught_but_for_digits_taken_for_letters() {
    // A digit for a digit or a letter for a letter changes the number by less than 97 times a power
    // of ten, which 97 does not divide. A letter for a digit also shifts what stands before it by
    // one place, and may meet the same remainder by chance. The standard's check cannot tell.
    let through: Vec<String> = substitutions(KNOWN, ALPHABET)
        .into_iter()
        .filter(|mutant| parse(mutant).is_ok())
        .collect();
    // Of 20 × 35 three: 1 → L, K → 7, 8 → E.
    assert_eq!(
        through,
        [
            "549300LKJTIIGC8Y1R12",
            "54930017JTIIGC8Y1R12",
            "5493001KJTIIGCEY1R12"
        ]
    );
}

#[test]
fn transpositions_are_caught() {
    for swapped in transpositions(KNOWN) {
        assert!(parse(&swapped).is_err(), "{swapped}");
    }
}

#[test]
fn check_digits_have_one_writing() {
    // Bodies whose check digits are 02, 97 and 98: 99, 00 and 01 leave the same remainders.
    for (check, alias) in [(2, "99"), (97, "00"), (98, "01")] {
        let body = (0u32..)
            .map(|number| format!("549300{number:012}"))
            .find(|body| check_digits(body.as_bytes().try_into().expect("18")) == Some(check))
            .expect("one in 97");
        assert!(parse(&format!("{body}{check:02}")).is_ok());
        assert!(parse(&format!("{body}{alias}")).is_err());
    }
}

proptest! {
    #[test]
    fn generated_identifiers_are_read_back(body in "[0-9A-Z]{18}") {
        let bytes: [u8; 18] = body.as_bytes().try_into().expect("18");
        let check = check_digits(&bytes).expect("in the alphabet");
        prop_assert!((2..=98).contains(&check));
        let lei = parse(&format!("{body}{check:02}")).expect("valid");
        prop_assert_eq!(lei.canonical(), format!("{body}{check:02}"));
        prop_assert_eq!(parse(lei.canonical()), Ok(lei));
    }

    #[test]
    fn like_for_like_substitutions_are_caught(body in "[0-9A-Z]{18}") {
        let bytes: [u8; 18] = body.as_bytes().try_into().expect("18");
        let check = check_digits(&bytes).expect("in the alphabet");
        let lei = format!("{body}{check:02}");
        for mutant in substitutions(&lei, ALPHABET) {
            let alike = lei.bytes().zip(mutant.bytes()).all(|(old, new)| {
                old.is_ascii_digit() == new.is_ascii_digit()
            });
            prop_assert!(!alike || parse(&mutant).is_err(), "{}", mutant);
        }
    }

    #[test]
    fn no_text_makes_it_panic(text in "\\PC{0,24}") {
        if let Ok(lei) = parse(&text) {
            prop_assert_eq!(parse(lei.canonical()), Ok(lei));
        }
    }
}
