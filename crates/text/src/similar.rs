//! Characters that are mistaken for one another because they look alike.

use std::collections::HashMap;
use std::sync::LazyLock;

const PAIRS: &str = include_str!("../data/similar.txt");

static SIMILAR: LazyLock<HashMap<char, Vec<char>>> = LazyLock::new(|| {
    let mut similar: HashMap<char, Vec<char>> = HashMap::new();
    for line in PAIRS.lines().filter(|line| !line.starts_with('#')) {
        let mut characters = line.chars();
        let Some(one) = characters.next() else {
            continue;
        };
        for other in characters {
            similar.entry(one).or_default().push(other);
            similar.entry(other).or_default().push(one);
        }
    }
    similar
});

/// The characters that look like one, in search form.
pub fn look_alikes(c: char) -> &'static [char] {
    SIMILAR.get(&c).map_or(&[], Vec::as_slice)
}

/// Whether two characters, in search form, look alike.
pub fn look_alike(one: char, other: char) -> bool {
    look_alikes(one).contains(&other)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_ways() {
        assert!(look_alike('未', '末') && look_alike('末', '未'));
        assert!(look_alike('己', '巳') && look_alike('邡', '防'));
        assert!(!look_alike('王', '李') && !look_alike('王', '王'));
        assert!(look_alikes('a').is_empty());
    }

    #[test]
    fn the_data_are_in_search_form() {
        for (one, others) in SIMILAR.iter() {
            for c in others.iter().chain([one]) {
                let text = c.to_string();
                assert_eq!(crate::normal::search(&text), text, "{c}");
            }
        }
    }
}
