//! Known codes, every single wrong character, every adjacent transposition, generated codes.

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::super::mutation::{substitutions, transpositions};
use super::*;

const KNOWN: [&str; 3] = [
    "91350100M000100Y43",
    "91110000600037341L",
    "9144030071526726XG",
];
const LETTERS_AND_DIGITS: &str = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";

fn with_checks(front: &str, organization: &str) -> String {
    let organization: [u8; 8] = organization.as_bytes().try_into().expect("8");
    let check = organization_code::check_character(&organization).expect("in the alphabet");
    let body = format!("{front}{}{}", text(&organization), char::from(check));
    with_last_check(&body)
}

fn with_last_check(body: &str) -> String {
    let bytes: [u8; 17] = body.as_bytes().try_into().expect("17");
    let check = check_character(&bytes).expect("in the alphabet");
    format!("{body}{}", char::from(check))
}

#[test]
fn known_codes_are_read() {
    for known in KNOWN {
        let code = parse(known).expect("valid");
        assert_eq!(code.canonical(), known);
        assert_eq!(code.region(), &known[2..8]);
        assert_eq!(code.organization_code().canonical(), &known[8..17]);
        assert_eq!(code.category().expect("one").name, "企业");
        assert_eq!(parse(&known.to_lowercase()), Ok(code.clone()));
    }
    assert_eq!(
        parse("９１３５０１００Ｍ０００１００Ｙ４３")
            .expect("valid")
            .canonical(),
        KNOWN[0]
    );
}

#[test]
fn every_pair_of_the_table_is_accepted_and_no_other() {
    assert_eq!(categories().len(), 36);
    let mut accepted = Vec::new();
    for department in ALPHABET {
        for category in ALPHABET {
            let pair = text(&[*department, *category]);
            match parse(&with_checks(&format!("{pair}110000"), "60003734")) {
                Ok(code) => accepted.push(code.category().expect("one").pair),
                Err(error) => assert_eq!(
                    error,
                    CreditCodeError::Category {
                        department: char::from(*department),
                        category: char::from(*category),
                    }
                ),
            }
        }
    }
    let table: Vec<&str> = categories().iter().map(|category| category.pair).collect();
    assert_eq!(accepted, table);
    for pair in ["A1", "N2", "Y1"] {
        assert!(accepted.contains(&pair), "{pair}");
    }
    assert_eq!(categories()[0].elf, "I39S");
}

#[test]
fn the_code_list_of_legal_forms_has_the_same_pairs() {
    let list = include_str!("../../../../../schemas/codelists/legal-form.csv");
    let rows: Vec<(&str, bool)> = list
        .lines()
        .skip(1)
        .zip(categories())
        .map(|(line, category)| {
            let pair = line.split(',').next().unwrap_or_default();
            (pair, line.contains(&format!("ELF {}", category.elf)))
        })
        .collect();
    let expected: Vec<(&str, bool)> = categories()
        .iter()
        .map(|category| (category.pair, true))
        .collect();
    assert_eq!(rows, expected);
    assert_eq!(list.lines().count(), categories().len() + 1);
}

#[test]
fn what_has_not_the_form_is_refused() {
    for wrong in ["", "91350100M000100Y4", "91350100M000100Y433"] {
        assert_eq!(parse(wrong), Err(CreditCodeError::Length), "{wrong}");
    }
    for (wrong, place) in [
        ("9I350100M000100Y43", 2),
        ("9135O100M000100Y43", 5),
        ("9135A100M000100Y43", 5),
        ("91350100M000100YA3", 17),
        ("91350100M000100Y4Z", 18),
        ("91350100法000100Y43", 9),
    ] {
        assert_eq!(
            parse(wrong),
            Err(CreditCodeError::Character { place }),
            "{wrong}"
        );
    }
}

#[test]
fn both_checks_are_made() {
    assert_eq!(
        parse("91350100M000100Y44"),
        Err(CreditCodeError::Check {
            expected: '3',
            found: '4'
        })
    );
    // The last character fits, the organization code's does not.
    assert_eq!(
        parse(&with_last_check("91350100M000100Y5")),
        Err(CreditCodeError::OrganizationCheck {
            expected: '4',
            found: '5'
        })
    );
}

/// Which checks, each on its own, would reject a text.
fn caught_by(mutant: &str) -> Vec<&'static str> {
    if matches!(parse(mutant), Err(CreditCodeError::Character { .. })) {
        return vec!["form"];
    }
    let mut caught = Vec::new();
    if with_last_check(&mutant[..17]) != mutant {
        caught.push("last check");
    }
    if organization_code::parse(&mutant[8..17]).is_err() {
        caught.push("organization check");
    }
    if categories()
        .iter()
        .all(|category| category.pair != &mutant[..2])
    {
        caught.push("category");
    }
    caught
}

#[test]
fn every_wrong_character_is_caught() {
    for known in KNOWN {
        let mut counts = BTreeMap::new();
        for mutant in substitutions(known, LETTERS_AND_DIGITS) {
            assert!(parse(&mutant).is_err(), "{mutant}");
            let caught = caught_by(&mutant);
            // 31 is prime and above every difference of two characters: all that have the form.
            assert!(
                caught == ["form"] || caught.contains(&"last check"),
                "{mutant}"
            );
            for check in caught {
                *counts.entry(check).or_insert(0) += 1;
            }
        }
        // Forms: 26 letters at each of the six places of the region, 25 at place 17 (all but X, or
        // X being there, 25 others), and I, O, S, V, Z at the other eleven.
        assert_eq!(counts["form"], 6 * 26 + 25 + 11 * 5, "{known}");
        assert_eq!(counts["last check"], 18 * 35 - counts["form"], "{known}");
        // Department 9 → 1, 2, 3, 4, 5, 6, 7, 8, A, N, Y have a category 1; category 1 → 2, 3.
        assert_eq!(counts["category"], 30 - 11 + 30 - 2, "{known}");
        // The organization code's own check, which counts modulo 11, catches most of 8 × 30 + 10; it
        // misses the characters that are equal modulo 11 (see its own tests).
        let blind = substitutions(&known[8..17], "0123456789ABCDEFGHJKLMNPQRTUWXY")
            .iter()
            .filter(|mutant| organization_code::parse(mutant).is_ok())
            .count();
        assert_eq!(counts["organization check"], 8 * 30 + 10 - blind, "{known}");
    }
}

#[test]
fn every_adjacent_transposition_is_caught() {
    for known in KNOWN {
        for swapped in transpositions(known) {
            let caught = caught_by(&swapped);
            assert!(
                caught == ["form"] || caught.contains(&"last check"),
                "{swapped} {caught:?}"
            );
            assert!(parse(&swapped).is_err(), "{swapped}");
        }
    }
}

proptest! {
    #[test]
    fn generated_codes_are_read_back(
        place in 0usize..36,
        region in "[0-9]{6}",
        organization in "[0-9A-HJ-NPQRTUWXY]{8}",
    ) {
        let code = with_checks(&format!("{}{region}", categories()[place].pair), &organization);
        let read = parse(&code).expect("valid");
        prop_assert_eq!(read.canonical(), &code);
        prop_assert_eq!(read.category(), Some(&categories()[place]));
        prop_assert_eq!(parse(read.canonical()), Ok(read));
    }

    #[test]
    fn no_text_makes_it_panic(text in "\\PC{0,20}") {
        if let Ok(code) = parse(&text) {
            prop_assert_eq!(parse(code.canonical()), Ok(code));
        }
    }
}
