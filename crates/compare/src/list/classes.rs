//! Lists that single nobody out.
//!
//! The lists of a period divide all records that they name into classes: two records are in one class
//! where they stand in the same lists. Whatever is added or subtracted of answers on whole lists is about
//! unions of classes. So where no class is small, nothing is about few.

use std::collections::HashMap;

/// Checks a list against those before it: `Err` with the size of the smallest class that it would make,
/// where that is below the minimum. Lists are sets of marks.
pub fn check(before: &[Vec<u64>], list: &[u64], minimum: usize) -> Result<(), usize> {
    let mut class_of: HashMap<u64, u32> = HashMap::new();
    let mut classes: u32 = 0;
    for earlier in before {
        let mut split: HashMap<u32, u32> = HashMap::new();
        for mark in earlier {
            let class = class_of.entry(*mark).or_insert(0);
            *class = *split.entry(*class).or_insert_with(|| {
                classes += 1;
                classes
            });
        }
    }
    let mut whole: HashMap<u32, usize> = HashMap::new();
    for class in class_of.values() {
        *whole.entry(*class).or_default() += 1;
    }
    let mut within: HashMap<u32, usize> = HashMap::new();
    for mark in list {
        let class = class_of.get(mark).copied().unwrap_or(0);
        *within.entry(class).or_default() += 1;
    }
    // Of a class that the list divides both parts count; what no list has named is no part.
    let parts = within.iter().flat_map(|(class, inside)| {
        let outside = whole.get(class).map_or(0, |whole| whole - inside);
        [*inside, outside]
    });
    match parts.filter(|part| *part > 0).min() {
        Some(smallest) if smallest < minimum => Err(smallest),
        None => Err(0),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Numbers from these on, until before those.
    fn list(stretches: &[(u64, u64)]) -> Vec<u64> {
        stretches.iter().flat_map(|(from, to)| *from..*to).collect()
    }

    #[test]
    fn a_list_and_what_it_differs_by_are_not_small() {
        let first = list(&[(0, 100)]);
        assert_eq!(check(&[], &first, 10), Ok(()));
        assert_eq!(check(&[], &list(&[(0, 9)]), 10), Err(9));
        assert_eq!(check(&[], &[], 10), Err(0));
        let before = [first.clone()];
        for (next, expected) in [
            (first, Ok(())),
            // One more, one less, one that both have.
            (list(&[(0, 101)]), Err(1)),
            (list(&[(0, 99)]), Err(1)),
            (list(&[(99, 200)]), Err(1)),
            (list(&[(0, 90)]), Ok(())),
            (list(&[(0, 110)]), Ok(())),
            (list(&[(100, 110)]), Ok(())),
            (list(&[(50, 150)]), Ok(())),
        ] {
            assert_eq!(check(&before, &next, 10), expected, "{next:?}");
        }
    }

    #[test]
    fn a_combination_of_lists_singles_nobody_out() {
        // No two of them differ by few, but the third is the first two and one more.
        let before = [list(&[(0, 50)]), list(&[(50, 100)])];
        assert_eq!(check(&before, &list(&[(0, 101)]), 10), Err(1));
        // Both halves but one of the second.
        assert_eq!(check(&before, &list(&[(0, 99)]), 10), Err(1));
        assert_eq!(check(&before, &list(&[(0, 100)]), 10), Ok(()));
        // What three lists have in common.
        let before = [list(&[(0, 60)]), list(&[(30, 90)])];
        assert_eq!(check(&before, &list(&[(59, 120)]), 10), Err(1));
    }
}
