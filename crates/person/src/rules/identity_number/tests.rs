//! Known numbers, every single wrong character, every adjacent transposition, generated numbers.

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::*;

const BEIJING: &str = "11010519491231002X";
const CHAOYANG_GUANGDONG: &str = "440524188001010014";

/// Regions the tests know, with the year in which they ended.
const REGIONS: [(&str, Option<i16>); 4] = [
    ("110105", None),
    ("110103", Some(2010)),
    ("440524", Some(1993)),
    ("130503", None),
];

fn was_valid(code: &str, on: Day) -> bool {
    let year = on.calendar().map_or(0, |(year, _, _)| year);
    REGIONS
        .iter()
        .any(|(known, end)| *known == code && end.is_none_or(|end| year <= end))
}

fn with_check(body: &str) -> String {
    let digits: [u8; 17] = body.as_bytes().try_into().expect("17 digits");
    format!("{body}{}", char::from(check_digit(&digits)))
}

#[test]
fn known_numbers_are_read() {
    let number = validate(BEIJING, &was_valid, false).expect("valid");
    assert_eq!(number.canonical(), BEIJING);
    assert_eq!(number.region(), "110105");
    assert_eq!(number.birth_date().to_string(), "1949-12-31");
    assert_eq!((number.sequence(), number.sex()), (2, Sex::Female));
    assert_eq!(number.sex().code(), "2");
    assert_eq!(number.kind(), NumberKind::ResidentIdentity);

    let number = validate(CHAOYANG_GUANGDONG, &was_valid, false).expect("valid");
    assert_eq!(number.birth_date().to_string(), "1880-01-01");
    assert_eq!((number.sequence(), number.sex()), (1, Sex::Male));
    assert_eq!(format!("{number:?}"), "IdentityNumber(440524…)");
}

#[test]
fn writings_of_one_number_are_one() {
    for writing in [
        "11010519491231002x",
        "１１０１０５１９４９１２３１００２Ｘ",
        "110105１９４９1231002ｘ",
        "\u{3000}11010519491231002X\t",
        "110105491231002",
        "１１０１０５４９１２３１００２",
    ] {
        assert_eq!(
            parse(writing).expect("valid").canonical(),
            BEIJING,
            "{writing}"
        );
    }
    // Fifteen digits of a known upgrade, whose check is a digit.
    assert_eq!(
        parse("130503670401001").expect("valid").canonical(),
        "130503196704010016"
    );
}

#[test]
fn what_has_not_the_form_is_refused() {
    for wrong in [
        "",
        "1101051949123100",
        "11010519491231002",
        "11010519491231002XX",
        "1101051949123100X2",
        "X10105194912310021",
        "11010519491231002Y",
        "110105 19491231 002X",
        "11010549123100X",
        "11010519491231002\u{661}",
        "一一零一零五一九四九一二三一零零二",
    ] {
        assert_eq!(parse(wrong), Err(IdentityNumberError::Form), "{wrong}");
    }
}

#[test]
fn the_wrong_check_names_the_right_one() {
    assert_eq!(
        parse("110105194912310021"),
        Err(IdentityNumberError::Check {
            expected: 'X',
            found: '1'
        })
    );
}

#[test]
fn birth_dates_must_be_in_the_calendar() {
    for date in [
        "19490229", "19491301", "19490001", "19490100", "19490431", "00000101", "17991231",
    ] {
        let number = with_check(&format!("110105{date}002"));
        assert_eq!(
            parse(&number),
            Err(IdentityNumberError::BirthDate(date.into())),
            "{date}"
        );
    }
    assert!(parse(&with_check("11010520000229002")).is_ok());
    assert_eq!(
        parse("110105490229002"),
        Err(IdentityNumberError::BirthDate("19490229".into()))
    );
}

#[test]
fn centenarians_of_the_old_form_are_not_made_young() {
    assert_eq!(
        parse("110105840101997"),
        Err(IdentityNumberError::Century(997))
    );
    assert!(parse("110105840101995").is_ok());
    assert!(parse(&with_check("11010518840101997")).is_ok());
}

#[test]
fn regions_count_from_the_birth_on() {
    let abolished = with_check("11010319491231002");
    assert!(validate(&abolished, &was_valid, false).is_ok());
    for body in ["11010320150101002", "11019920150101002"] {
        let number = with_check(body);
        assert!(parse(&number).is_ok());
        assert!(validate(&number, &was_valid, false).is_err());
    }
    assert_eq!(
        validate(&with_check("99999919491231002"), &was_valid, false),
        Err(IdentityNumberError::Region("999999".into()))
    );
}

#[test]
fn permits_have_no_region() {
    for region in ["810000", "820000", "830000"] {
        let number = with_check(&format!("{region}19900101001"));
        let number = validate(&number, &was_valid, false).expect("a permit");
        assert_eq!(number.kind(), NumberKind::ResidencePermit);
    }
    assert!(validate(&with_check("84000019900101001"), &was_valid, false).is_err());
}

#[test]
fn synthetic_regions_are_for_synthetic_data() {
    let anything = |_: &str, _: Day| true;
    for region in ["110130", "110199"] {
        let number = with_check(&format!("{region}19900101001"));
        assert_eq!(
            validate(&number, &anything, false),
            Err(IdentityNumberError::SyntheticRegion(region.into()))
        );
        let number = validate(&number, &was_valid, true).expect("synthetic");
        assert_eq!(number.kind(), NumberKind::Synthetic);
    }
    for region in ["110129", "110200"] {
        let number = parse(&with_check(&format!("{region}19900101001"))).expect("well formed");
        assert_eq!(number.kind(), NumberKind::ResidentIdentity);
    }
    assert!(validate(BEIJING, &was_valid, true).is_ok());
}

/// The code list of region codes as it ships: code, and the year in which it ended.
fn shipped_regions() -> BTreeMap<&'static str, Option<i16>> {
    include_str!("../../../../../schemas/codelists/region-history.csv")
        .lines()
        .skip(1)
        .map(|line| {
            let cells: Vec<&str> = line.split(',').collect();
            assert!(
                cells.len() == 7 && cells[0].len() == 6 && !cells[1].is_empty(),
                "{line}"
            );
            let end = cells[5];
            let end = (!end.is_empty()).then(|| end.parse().expect("a year"));
            (cells[0], end)
        })
        .collect()
}

#[test]
fn the_shipped_regions_know_the_past_and_no_synthetic_person() {
    let regions = shipped_regions();
    assert!(regions.len() > 7_000);
    for (code, ended) in [
        ("110105", None),
        ("110100", None),
        ("441900", None),
        ("429004", None),
        ("130101", None),
        ("110103", Some(2010)),
        ("110104", Some(2010)),
        ("440524", Some(1993)),
        ("510200", Some(1997)),
        ("110200", Some(2015)),
    ] {
        assert_eq!(regions.get(code), Some(&ended), "{code}");
    }
    assert_eq!(regions.range("110130".."110200").next(), None);
    for permit in ["830000", "999999"] {
        assert_eq!(regions.get(permit), None);
    }

    let shipped = |code: &str, on: Day| {
        let year = on.calendar().map_or(0, |(year, _, _)| year);
        regions
            .get(code)
            .is_some_and(|end| end.is_none_or(|end| year <= end))
    };
    for number in [BEIJING, CHAOYANG_GUANGDONG, "130503196704010016"] {
        assert!(validate(number, &shipped, false).is_ok(), "{number}");
    }
    for (birth_date, accepted) in [("20100101", true), ("20110101", false)] {
        let number = with_check(&format!("110103{birth_date}001"));
        assert_eq!(validate(&number, &shipped, false).is_ok(), accepted);
    }
}

/// Which checks, each on its own, would reject a text of eighteen characters.
fn caught_by(text: &str) -> Vec<&'static str> {
    let mut caught = Vec::new();
    let Ok(body) = <[u8; 17]>::try_from(&text.as_bytes()[..17]) else {
        return vec!["form"];
    };
    if !body.iter().all(u8::is_ascii_digit) {
        return vec!["form"];
    }
    if check_digit(&body) != text.as_bytes()[17] {
        caught.push("check");
    }
    match parse(&with_check(&text[..17])) {
        Err(_) => caught.push("birth date"),
        Ok(number) if number.check_region(&was_valid, false).is_err() => caught.push("region"),
        Ok(_) => {}
    }
    caught
}

fn mutants(text: &str, alphabet: &str) -> Vec<String> {
    let mut all = Vec::new();
    for (place, old) in text.char_indices() {
        for new in alphabet.chars().filter(|new| *new != old) {
            all.push(format!("{}{new}{}", &text[..place], &text[place + 1..]));
        }
    }
    all
}

fn transpositions(text: &str) -> Vec<String> {
    (0..text.len() - 1)
        .filter(|place| text.as_bytes()[*place] != text.as_bytes()[place + 1])
        .map(|place| {
            let pair = &text[place..place + 2];
            let swapped: String = pair.chars().rev().collect();
            format!("{}{swapped}{}", &text[..place], &text[place + 2..])
        })
        .collect()
}

#[test]
fn every_wrong_character_of_eighteen_is_caught() {
    // 18 places × 10 other characters. The check digit alone catches all that have the form: its
    // weights are no multiples of 11 and two digits differ by less than 11. An X among the first
    // seventeen has not the form.
    for (number, birth_date, region) in [(BEIJING, 40, 53), (CHAOYANG_GUANGDONG, 25, 62)] {
        let mut counts = BTreeMap::new();
        for mutant in mutants(number, "0123456789X") {
            assert!(validate(&mutant, &was_valid, false).is_err(), "{mutant}");
            for check in caught_by(&mutant) {
                *counts.entry(check).or_insert(0) += 1;
            }
        }
        assert_eq!(counts.remove("form"), Some(17));
        assert_eq!(counts.remove("check"), Some(17 * 9 + 10));
        // Some are caught twice: the date also leaves the calendar, or the region is another, or had
        // ended by then (440524 ended in 1993, eight wrong millennia lie after that).
        assert_eq!(
            counts,
            BTreeMap::from([("birth date", birth_date), ("region", region)])
        );
    }
}

#[test]
fn every_adjacent_transposition_of_eighteen_is_caught() {
    // Neighbouring weights differ by no multiple of 11.
    for number in [BEIJING, CHAOYANG_GUANGDONG] {
        for swapped in transpositions(number) {
            let caught = caught_by(&swapped);
            assert!(
                caught.contains(&"check") || caught == ["form"],
                "{swapped} {caught:?}"
            );
            assert!(validate(&swapped, &was_valid, false).is_err(), "{swapped}");
        }
    }
}

#[test]
fn the_old_form_has_no_check_and_lets_neighbours_pass() {
    // 15 places × 9 other digits: only the region and the calendar can object. Whatever passes is
    // the number of somebody else, born on another day or registered in another sequence.
    let mut counts = BTreeMap::new();
    for mutant in mutants("110105491231002", "0123456789") {
        let verdict = match validate(&mutant, &was_valid, false) {
            Ok(number) => {
                assert_ne!(number.canonical(), BEIJING);
                "another person"
            }
            Err(IdentityNumberError::Region(_)) => "region",
            // 110135 to 110195: the fifth digit of 110105 mistyped.
            Err(IdentityNumberError::SyntheticRegion(_)) => "region kept for synthetic persons",
            Err(IdentityNumberError::BirthDate(_)) => "birth date",
            Err(other) => panic!("{mutant}: {other}"),
        };
        *counts.entry(verdict).or_insert(0) += 1;
    }
    assert_eq!(
        counts,
        BTreeMap::from([
            // 1 other region that existed (110103), 18 other years, 1 month, 4 days, 27 sequences.
            ("another person", 51),
            ("birth date", 31),
            ("region", 46),
            ("region kept for synthetic persons", 7),
        ])
    );
}

proptest! {
    #[test]
    fn generated_numbers_are_read_back(
        region in 110_000u32..=659_099,
        day in -25_567i32..=20_454,
        sequence in 0u16..=999,
    ) {
        let date = Day(day).to_string().replace('-', "");
        let text = with_check(&format!("{region}{date}{sequence:03}"));
        let number = parse(&text).expect("valid");
        prop_assert_eq!(number.canonical(), &text);
        prop_assert_eq!(number.birth_date().first_day(), Day(day));
        prop_assert_eq!(number.sequence(), sequence);
        prop_assert_eq!(number.sex() == Sex::Male, sequence % 2 == 1);
        prop_assert_eq!(&parse(number.canonical()).expect("canonical"), &number);
        if date.starts_with("19") && sequence < 996 {
            let old = format!("{region}{}{sequence:03}", &date[2..]);
            prop_assert_eq!(parse(&old).expect("old form"), number);
        }
    }

    #[test]
    fn no_text_makes_it_panic(text in "\\PC{0,24}") {
        if let Ok(number) = parse(&text) {
            prop_assert_eq!(&parse(number.canonical()).expect("canonical"), &number);
        }
    }

    #[test]
    fn no_digits_make_it_panic(text in "[0-9Xx０-９]{14,19}") {
        if let Ok(number) = parse(&text) {
            prop_assert_eq!(&parse(number.canonical()).expect("canonical"), &number);
        }
    }
}
