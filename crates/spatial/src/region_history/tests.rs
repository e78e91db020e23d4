//! The table that comes with the program, known codes, and what is wrong with a row.

use super::*;

fn on(text: &str) -> Day {
    text.parse().expect("a day")
}

fn built_in() -> RegionHistory {
    RegionHistory::from_csv(EMBEDDED).expect("every row can be read")
}

#[test]
fn every_row_of_the_table_is_read_once() {
    let history = built_in();
    assert_eq!(history.regions().len(), EMBEDDED.lines().count() - 1);
    assert!(history.regions().len() > 7_000);
    for pair in history.regions().windows(2) {
        assert!(pair[0].code < pair[1].code, "{} twice", pair[1].code);
    }
    for region in history.regions() {
        assert!(!region.name.is_empty(), "{}", region.code);
        for successor in region.successor.split(';').filter(|code| !code.is_empty()) {
            assert!(history.get(successor).is_some(), "{successor}");
        }
        if let (Some(from), Some(to)) = (region.valid_from, region.valid_to) {
            assert!(from < to, "{}", region.code);
        }
    }
}

#[test]
fn known_codes_have_their_times() {
    let history = RegionHistory::built_in();
    let chongwen = history.get("110103").expect("known");
    assert_eq!(chongwen.name, "崇文区");
    assert_eq!(chongwen.valid_to, Some(2010));
    assert_eq!(chongwen.successor, "110101");
    assert!(history.was_valid("110103", on("1949-12-31")));
    assert!(history.was_valid("110103", on("2010-12-31")));
    assert!(!history.was_valid("110103", on("2011-01-01")));
    assert!(history.was_valid("110103", Day::MIN));

    for current in [
        "110000", "110100", "110101", "130101", "350100", "429004", "441900", "460302", "659013",
        "710000",
    ] {
        assert!(history.was_valid(current, on("2024-01-01")), "{current}");
    }
    // Ended: 潮阳县 1993, 通县 1997, Sichuan's Chongqing 1997, Beijing's counties 2015.
    for (ended, last) in [
        ("440524", "1993"),
        ("110223", "1997"),
        ("510200", "1997"),
        ("110200", "2015"),
    ] {
        assert!(history.was_valid(ended, on(&format!("{last}-06-01"))));
        assert!(!history.was_valid(ended, on("2024-01-01")), "{ended}");
    }
    for never in ["999999", "110199", "110130", "", "11", "110101001", "北京"] {
        assert!(!history.was_valid(never, on("1990-01-01")), "{never}");
    }
}

#[test]
fn no_region_lies_in_the_range_of_synthetic_persons() {
    for region in built_in().regions() {
        assert!(
            !("110130"..="110199").contains(&region.code.as_str()),
            "{}",
            region.code
        );
    }
}

#[test]
fn a_wrong_row_is_named() {
    let table = |row: &str| {
        RegionHistory::from_csv(&format!(
            "code,name_zh,name_en,parent,valid_from,valid_to,note\n110101,东城区,,,,,\n{row}\n"
        ))
    };
    assert!(table("110103,崇文区,,,,2010,110101").is_ok());
    for (row, what) in [
        ("1101,东城区,,,,,", "code"),
        ("11010X,东城区,,,,,", "code"),
        ("110103,崇文区,,,x,2010,", "valid_from"),
        ("110103,崇文区,,,,2010年,", "valid_to"),
    ] {
        let error = table(row).expect_err(row);
        assert_eq!((error.line, error.what), (3, what));
    }
}

#[test]
fn the_fixture_of_ended_codes_agrees() {
    let text = include_str!("../../../../fixtures/divisions/ended-county-codes.csv");
    let history = built_in();
    let mut rows = 0;
    for line in text.lines().skip(1) {
        let cells: Vec<&str> = line.split(',').collect();
        let [code, _, _, valid_to, _] = cells[..] else {
            panic!("{line}")
        };
        let year: i16 = valid_to.parse().expect("a year");
        let region = history.get(code).unwrap_or_else(|| panic!("{code}"));
        assert!(region.valid_to.is_none_or(|end| end >= year), "{line}");
        rows += 1;
    }
    assert!(rows > 4_000);
}
