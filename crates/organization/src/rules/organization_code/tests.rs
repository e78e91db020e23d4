//! A known code, every single wrong character, every adjacent transposition, generated codes.

use proptest::prelude::*;

use super::super::mutation::{substitutions, transpositions};
use super::*;

const KNOWN: &str = "D2143569X";
const ALPHABET: &str = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";

#[test]
fn writings_of_one_code_are_one() {
    for writing in [
        "D2143569X",
        "d2143569x",
        "D2143569-X",
        "Ｄ２１４３５６９－Ｘ",
        " D2143569X ",
    ] {
        assert_eq!(
            parse(writing).expect("valid").canonical(),
            KNOWN,
            "{writing}"
        );
    }
}

#[test]
fn what_has_not_the_form_is_refused() {
    for wrong in [
        "",
        "D2143569",
        "D2143569XX",
        "D21435-69X",
        "D2143569A",
        "D214356-X",
        "法2143569X",
        "D214 569X",
    ] {
        assert_eq!(parse(wrong), Err(OrganizationCodeError::Form), "{wrong}");
    }
    assert_eq!(
        parse("D21435690"),
        Err(OrganizationCodeError::Check {
            expected: 'X',
            found: '0'
        })
    );
}

/// Whether the formula cannot see the difference: it counts modulo 11, so that it takes B, M and X for
/// 0, C, N and Y for 1, and so on.
fn indistinguishable(left: &str, right: &str) -> bool {
    let residue = |byte: u8| value(byte).expect("in the alphabet") % 11;
    left.bytes().map(residue).eq(right.bytes().map(residue))
}

#[test]
fn wrong_characters_get_through_only_where_equal_modulo_11() {
    let mut through = 0;
    for mutant in substitutions(KNOWN, ALPHABET) {
        let blind = indistinguishable(&mutant[..8], &KNOWN[..8]) && mutant.ends_with('X');
        assert_eq!(parse(&mutant).is_ok(), blind, "{mutant}");
        through += usize::from(blind);
    }
    // Three others for D, 2 and 1, whose residues four characters share; two for 4, 3, 5, 6 and 9.
    assert_eq!(through, 3 * 3 + 5 * 2);
}

#[test]
fn transpositions_get_through_only_where_equal_modulo_11() {
    for swapped in transpositions(KNOWN) {
        // D and 2 count the same modulo 11.
        assert_eq!(parse(&swapped).is_ok(), swapped == "2D143569X", "{swapped}");
    }
}

proptest! {
    #[test]
    fn generated_codes_are_read_back(body in "[0-9A-Z]{8}") {
        let bytes: [u8; 8] = body.as_bytes().try_into().expect("8");
        let check = char::from(check_character(&bytes).expect("in the alphabet"));
        let code = parse(&format!("{body}-{check}")).expect("valid");
        prop_assert_eq!(code.canonical(), format!("{body}{check}"));
        prop_assert_eq!(parse(code.canonical()), Ok(code));
    }

    #[test]
    fn no_text_makes_it_panic(text in "\\PC{0,12}") {
        if let Ok(code) = parse(&text) {
            prop_assert_eq!(parse(code.canonical()), Ok(code));
        }
    }
}
