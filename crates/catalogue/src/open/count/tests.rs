//! Tables with their margins, and what is left of them.

use super::*;

fn place(values: &[(&str, &str)]) -> Place {
    values
        .iter()
        .map(|(key, value)| (key.to_string(), value.to_string()))
        .collect()
}

fn keys(names: &[&str]) -> Vec<String> {
    names.iter().map(|name| name.to_string()).collect()
}

fn two_tables() -> All {
    let mut all = All::default();
    let sexes = [
        ("a", "1", 40),
        ("a", "2", 30),
        ("b", "1", 12),
        ("b", "2", 3),
        ("c", "1", 20),
        ("c", "2", 25),
    ];
    let groups: Vec<(Place, u64)> = sexes
        .iter()
        .map(|(county, sex, count)| (place(&[("county", county), ("sex", sex)]), *count))
        .collect();
    all.add(&keys(&["county", "sex"]), &groups)
        .expect("a table");
    let ages = [
        ("a", "0-9", 70),
        ("b", "0-9", 10),
        ("b", "10-19", 5),
        ("c", "0-9", 45),
    ];
    let groups: Vec<(Place, u64)> = ages
        .iter()
        .map(|(county, age, count)| (place(&[("county", county), ("age", age)]), *count))
        .collect();
    all.add(&keys(&["county", "age"]), &groups)
        .expect("a table");
    all
}

#[test]
fn margins_are_shared_and_lines_add_up() {
    let all = two_tables();
    for line in &all.cells.lines {
        let sum: u64 = line[1..].iter().map(|cell| all.cells.values[*cell]).sum();
        assert_eq!(all.cells.values[line[0]], sum, "{line:?}");
    }
    // 6 + 4 parts, 3 counties, 2 sexes, 2 ages, everybody.
    assert_eq!(all.places.len(), 18);
    // Counties by sex and by age 3 each, sexes 2, ages 2, everybody by county, by sex and by age.
    assert_eq!(all.cells.lines.len(), 13);
    assert_eq!(all.cells.values[all.by_place[&place(&[])]], 130);
}

#[test]
fn what_differs_between_tables_of_one_state_is_an_error() {
    let mut all = two_tables();
    let groups = [
        (place(&[("county", "a")]), 71),
        (place(&[("county", "b")]), 15),
    ];
    assert!(all.add(&keys(&["county"]), &groups).is_err());
}

#[test]
fn small_numbers_are_not_in_the_rows() {
    let all = two_tables();
    let hidden = withheld(&all.cells, 10);
    let rows = all.rows(&keys(&["county", "sex"]), &hidden);
    let of = |county: &str, sex: &str| {
        let row = rows.iter().find(|row| row.key == [county, sex]);
        row.expect("a row").count
    };
    assert_eq!(rows.len(), 6 + 3 + 2 + 1);
    assert_eq!(of("b", "2"), None);
    assert_eq!(rows.last().expect("the total").key, [TOTAL, TOTAL]);
    let small = rows
        .iter()
        .filter_map(|row| row.count)
        .filter(|count| (1..10).contains(count));
    assert_eq!(small.count(), 0);
    // More than the one small cell is withheld, or subtraction would tell it.
    assert!(rows.iter().filter(|row| row.count.is_none()).count() >= 4);
    let ages = all.rows(&keys(&["county", "age"]), &hidden);
    assert!(
        ages.iter()
            .any(|row| row.key == ["b", "10-19"] && row.count.is_none())
    );
}
