//! Lists of names for messages: what was probably meant comes first.

/// How many names a message lists.
const LONGEST_LIST: usize = 12;

/// The names, those nearest to `wanted` first, as one text; long lists are cut.
pub fn nearest<'a>(wanted: &str, names: impl IntoIterator<Item = &'a str>) -> String {
    let mut all: Vec<(usize, &str)> = names
        .into_iter()
        .map(|name| (distance(wanted, name), name))
        .collect();
    let close = wanted.chars().count() / 2 + 1;
    if all.iter().any(|(distance, _)| *distance <= close) {
        all.sort_by_key(|(distance, _)| *distance);
    }
    let more = all.len() > LONGEST_LIST;
    let list: Vec<&str> = all
        .iter()
        .take(LONGEST_LIST)
        .map(|(_, name)| *name)
        .collect();
    format!("{}{}", list.join(", "), if more { " …" } else { "" })
}

/// Edits (insert, delete, replace) between two texts, letters of either case alike.
fn distance(left: &str, right: &str) -> usize {
    let left: Vec<char> = left.chars().take(64).flat_map(char::to_lowercase).collect();
    let right: Vec<char> = right
        .chars()
        .take(64)
        .flat_map(char::to_lowercase)
        .collect();
    let mut row: Vec<usize> = (0..=right.len()).collect();
    for (place, one) in left.iter().enumerate() {
        let mut diagonal = row[0];
        row[0] = place + 1;
        for (column, other) in right.iter().enumerate() {
            let replaced = diagonal + usize::from(one != other);
            diagonal = row[column + 1];
            row[column + 1] = replaced.min(row[column] + 1).min(diagonal + 1);
        }
    }
    row[right.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_meant_comes_first() {
        assert_eq!(
            nearest("brithDate", ["name", "sex", "birthDate"]),
            "birthDate, name, sex"
        );
        assert_eq!(distance("kitten", "sitting"), 3);
    }
}
