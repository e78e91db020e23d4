//! Known codes of every level and kind, gaps, and generated codes.

use proptest::prelude::*;

use super::*;

fn code(text: &str) -> DivisionCode {
    DivisionCode::parse(text).unwrap_or_else(|error| panic!("{text}: {error}"))
}

#[test]
fn every_length_becomes_twelve() {
    for (writing, canonical, short) in [
        ("11", "110000000000", "11"),
        ("1101", "110100000000", "1101"),
        ("110000", "110000000000", "11"),
        ("110101", "110101000000", "110101"),
        ("110101001", "110101001000", "110101001"),
        ("110101001001", "110101001001", "110101001001"),
        ("110101000000", "110101000000", "110101"),
        ("１１０１０１", "110101000000", "110101"),
        (" 4419\u{3000}", "441900000000", "4419"),
        ("00", "000000000000", ""),
        ("000000000000", "000000000000", ""),
    ] {
        let code = code(writing);
        assert_eq!((code.as_str(), code.short()), (canonical, short));
    }
}

#[test]
fn levels_and_parents_go_up_to_the_nation() {
    let chain = |text: &str| -> Vec<String> {
        code(text)
            .ancestors()
            .map(|code| format!("{:?} {}", code.level(), code.short()))
            .collect()
    };
    assert_eq!(code("110101001001").level(), DivisionLevel::Village);
    assert_eq!(
        chain("110101001001"),
        [
            "Town 110101001",
            "County 110101",
            "City 1101",
            "Province 11",
            "Nation "
        ]
    );
    // 东莞: towns directly under the city.
    assert_eq!(
        chain("441900003001"),
        ["Town 441900003", "City 4419", "Province 44", "Nation "]
    );
    assert_eq!(code("441900003").level(), DivisionLevel::Town);
    // Hainan before it had prefectures.
    assert_eq!(code("460021").level(), DivisionLevel::County);
    assert_eq!(chain("460021"), ["Province 46", "Nation "]);
    assert_eq!(chain("000000000000"), [""; 0]);
}

#[test]
fn kinds_follow_the_ranges() {
    for (town, kind) in [
        ("001", Some(TownKind::Street)),
        ("099", Some(TownKind::Street)),
        ("100", Some(TownKind::Town)),
        ("199", Some(TownKind::Town)),
        ("200", Some(TownKind::Township)),
        ("299", Some(TownKind::Township)),
        ("300", Some(TownKind::Township)),
        ("400", Some(TownKind::Quasi)),
        ("599", Some(TownKind::Quasi)),
        ("600", None),
        ("000", None),
    ] {
        assert_eq!(code(&format!("110101{town}")).town_kind(), kind, "{town}");
    }
    for (village, kind) in [
        ("001", Some(VillageKind::ResidentsCommittee)),
        ("199", Some(VillageKind::ResidentsCommittee)),
        ("200", Some(VillageKind::VillagersCommittee)),
        ("399", Some(VillageKind::VillagersCommittee)),
        ("400", Some(VillageKind::Quasi)),
        ("600", None),
        ("000", None),
    ] {
        let code = code(&format!("110101001{village}"));
        assert_eq!(code.village_kind(), kind, "{village}");
        assert_eq!(code.town_kind(), Some(TownKind::Street));
    }
}

#[test]
fn what_is_no_code_is_refused() {
    for wrong in ["11010X", "北京", "1101-01", "-1"] {
        assert_eq!(
            DivisionCode::parse(wrong),
            Err(DivisionCodeError::Form),
            "{wrong}"
        );
    }
    for wrong in ["", "1", "110", "11010", "1101010", "1101010010010"] {
        assert_eq!(
            DivisionCode::parse(wrong),
            Err(DivisionCodeError::Length(wrong.len())),
            "{wrong}"
        );
    }
    for (wrong, level) in [
        ("0001", DivisionLevel::Province),
        ("000000000001", DivisionLevel::Province),
        ("110000001", DivisionLevel::County),
        ("110000000001", DivisionLevel::County),
        ("110101000001", DivisionLevel::Town),
    ] {
        assert_eq!(
            DivisionCode::parse(wrong),
            Err(DivisionCodeError::Gap { level }),
            "{wrong}"
        );
    }
}

#[test]
fn divisions_lie_in_divisions() {
    let village = code("110101001001");
    for above in ["110101001001", "110101001", "110101", "1101", "11", "00"] {
        assert!(village.is_within(code(above)), "{above}");
    }
    for beside in ["110101001002", "110102", "12", "110101010"] {
        assert!(!village.is_within(code(beside)), "{beside}");
    }
    assert!(!code("11").is_within(code("1101")));
}

proptest! {
    #[test]
    fn codes_read_back_and_rise_step_by_step(
        text in "[1-8][0-9](0[1-9]|[1-9][0-9]){0,2}",
        town in prop::option::of("(0[0-9][1-9]|[1-5][0-9]{2})"),
    ) {
        let text = match town {
            Some(town) if text.len() == 6 => text + &town,
            _ => text,
        };
        let code = DivisionCode::parse(&text).expect("valid");
        prop_assert_eq!(code.short(), &text);
        prop_assert_eq!(DivisionCode::parse(code.as_str()), Ok(code));
        prop_assert_eq!(code.ancestors().last(), Some(DivisionCode::NATION));
        let mut below = code;
        for above in code.ancestors() {
            prop_assert!(above.level() < below.level());
            prop_assert!(below.is_within(above) && !above.is_within(below));
            below = above;
        }
    }

    #[test]
    fn no_text_makes_it_panic(text in "[0-9０-９ a]{0,14}") {
        if let Ok(code) = DivisionCode::parse(&text) {
            prop_assert_eq!(DivisionCode::parse(code.as_str()), Ok(code));
            let _ = (code.short(), code.town_kind(), code.village_kind());
            prop_assert!(code.ancestors().count() <= 5);
        }
    }
}
