//! The files of `catalogue/`: what they say, and every kind of mistake with its line.

use record::Day;

use crate::read::{catalog, embedded_files};
use crate::{Catalog, SchemaError, SharingType};

fn embedded() -> Catalog {
    Catalog::embedded().expect("schemas")
}

/// What becomes of the schemas when `from` in one of their files is replaced by `to`.
fn changed(file: &str, from: &str, to: &str) -> Result<Catalog, SchemaError> {
    let mut files = embedded_files().expect("files");
    let path = format!("catalogue/{file}.toml");
    let found = files.iter_mut().find(|one| one.path == path);
    let found = found.expect("the file");
    assert!(found.text.contains(from), "{path} has no {from}");
    found.text = found.text.replacen(from, to, 1);
    catalog(&files)
}

fn day(text: &str) -> Day {
    text.parse().expect("a day")
}

#[test]
fn every_collection_has_its_terms() {
    let catalog = embedded();
    for collection in &catalog.collections {
        let sharing = &catalog.sharing[&collection.name];
        for field in &collection.fields {
            let terms = sharing.terms_of(&field.name);
            let is_free = terms.sharing == SharingType::Unconditional;
            let is_personal = field.sensitivity >= crate::Sensitivity::Personal;
            assert!(
                !(is_free && is_personal),
                "{}.{}",
                collection.name,
                field.name
            );
        }
    }
    let organization = &catalog.sharing["organization"];
    assert_eq!(
        organization.terms_of("name").sharing,
        SharingType::Unconditional
    );
    let representative = organization.terms_of("legalRepresentative");
    assert_eq!(representative.sharing, SharingType::Conditional);
    assert!(representative.condition.is_some());
}

#[test]
fn mistakes_are_refused_with_their_line() {
    for (file, from, to, line, text) in [
        (
            "resources",
            "[person]",
            "[persn]",
            9,
            "no collection 'persn'",
        ),
        ("resources", "[household]", "[road]", 0, ""),
        (
            "resources",
            "\"JK-RK-02\"",
            "\"JK-RK-01\"",
            0,
            "'JK-RK-01' occurs twice",
        ),
        (
            "resources",
            "theme = \"SOCI\"",
            "theme = \"PEOPLE\"",
            11,
            "AGRI",
        ),
        (
            "resources",
            "sharing = \"conditional\"",
            "sharing = \"unconditional\"",
            13,
            "a condition with",
        ),
        ("resources", "\"conditional\"", "\"perhaps\"", 13, "perhaps"),
        (
            "resources",
            "fields.ethnicGroup",
            "fields.ethnic",
            18,
            "no field 'ethnic'",
        ),
        (
            "resources",
            "\"2026-03-02\"",
            "\"2026-02-30\"",
            17,
            "a day such as",
        ),
        (
            "resources",
            "\"verification\", \"comparison\"",
            "\"file\", \"file\"",
            16,
            "twice",
        ),
        (
            "desk",
            "\"big-data\"",
            "\"big-dat\"",
            4,
            "no department 'big-dat'",
        ),
        ("desk", "\"https://", "\"ftp://", 5, "mailto:"),
        ("desk", "answer = 5", "anser = 5", 0, "anser"),
        (
            "workdays",
            "to = \"2025-01-01\"",
            "to = \"2024-12-31\"",
            10,
            "not before 'from'",
        ),
        (
            "workdays",
            "\"2025-01-26\"",
            "\"2025-01-27\"",
            16,
            "a Saturday or a Sunday",
        ),
        (
            "open",
            "\"creditCode\"",
            "\"creditcode\"",
            10,
            "no field 'creditcode'",
        ),
        (
            "open",
            "\"creditCode\"",
            "\"employees\"",
            10,
            "sensitivity is public",
        ),
        (
            "open",
            "\"creditCode\"",
            "\"registeredAddress\"",
            10,
            "a value of its own",
        ),
        ("open", "threshold = 10", "threshold = 4", 29, "5 or more"),
        (
            "open",
            "threshold = 10\n",
            "",
            24,
            "counts with a threshold",
        ),
        (
            "open",
            "\"division:county\", \"sex\"",
            "\"name\"",
            28,
            "a code field",
        ),
        (
            "open",
            "\"division:county\", \"sex\"",
            "\"sex\", \"sex\"",
            28,
            "two that differ",
        ),
        (
            "open",
            "[resource.places]",
            "[resource.Places]",
            18,
            "lower case",
        ),
    ] {
        let error = changed(file, from, to).expect_err(to);
        assert_eq!(error.file, format!("catalogue/{file}.toml"), "{error}");
        assert!(error.to_string().contains(text), "{to}: {error}");
        assert!(line == 0 || error.line == line, "{to}: {error}");
    }
}

#[test]
fn nothing_personal_is_shared_without_condition() {
    let condition = "condition = { zh = \"凭法定职责和具体事由申请\", en = \"For a duty by law and a stated matter\" }\nmodes = [\"verification\", \"interface\"]";
    let error =
        changed("resources", condition, "modes = [\"interface\"]").expect_err("no condition");
    assert!(error.to_string().contains("a condition with"), "{error}");
    let mut files = embedded_files().expect("files");
    for file in &mut files {
        if file.path == "catalogue/resources.toml" {
            let free = "modes = [\"interface\"]";
            file.text = file.text.replacen(condition, free, 1);
            let at = file.text.find("[household]").expect("households");
            let rest = file.text.split_off(at);
            file.text += &rest.replacen("\"conditional\"", "\"unconditional\"", 1);
        }
    }
    let error = catalog(&files).expect_err("personal and free");
    assert!(
        error
            .to_string()
            .contains("what is personal in 'household'"),
        "{error}"
    );
}

#[test]
fn working_days_leave_out_holidays_and_count_worked_weekends() {
    let desk = embedded().desk.expect("a desk");
    let days = &desk.workdays;
    for (text, is_worked) in [
        ("2026-03-02", true),
        ("2026-03-07", false),
        ("2026-02-14", true),
        ("2026-02-16", false),
        ("2026-10-01", false),
        ("2026-10-10", true),
        ("2025-01-26", true),
    ] {
        assert_eq!(days.is_worked(day(text)), is_worked, "{text}");
    }
    for (from, count, due, is_provisional) in [
        ("2026-03-02", 2, "2026-03-04", false),
        // Over a weekend.
        ("2026-03-06", 5, "2026-03-13", false),
        // Over Spring Festival: the 14th is worked, then nothing until the 24th.
        ("2026-02-13", 2, "2026-02-24", false),
        ("2026-09-30", 5, "2026-10-13", false),
        ("2026-12-30", 2, "2027-01-01", true),
        ("2026-03-07", 0, "2026-03-07", false),
    ] {
        let found = days.after(day(from), count);
        assert_eq!(
            (found.day, found.is_provisional),
            (day(due), is_provisional),
            "{from}"
        );
        if count > 0 {
            assert_eq!(
                days.between(day(from), found.day),
                i32::from(count),
                "{from}"
            );
            assert_eq!(
                days.between(found.day, day(from)),
                -i32::from(count),
                "{from}"
            );
        }
    }
}
