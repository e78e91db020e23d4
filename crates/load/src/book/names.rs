//! Names of uploads on the disk. A name comes from a stranger: only its last part is taken, and nothing
//! that a file system or a shell would read otherwise.

/// The most bytes of a name: what reject files add fits into the 255 that file systems allow.
const LONGEST: usize = 180;
/// The most bytes of the endings that are kept when a name is cut.
const LONGEST_ENDING: usize = 24;

/// The last part of a file's name as it was given, without folders.
pub(super) fn last_part(given: &str) -> &str {
    given.rsplit(['/', '\\']).next().unwrap_or_default().trim()
}

/// What a file of this name is called on the disk.
pub(super) fn on_disk(given: &str) -> String {
    let plain: String = last_part(given)
        .chars()
        .map(|one| {
            let special = one.is_control() || ":*?\"<>|\u{fffd}".contains(one);
            if special { '_' } else { one }
        })
        .collect();
    let plain = plain
        .trim_start_matches(['.', '-', ' '])
        .trim_end_matches(['.', ' ']);
    if plain.is_empty() {
        return "upload".to_string();
    }
    if plain.len() <= LONGEST {
        return plain.to_string();
    }
    let from = plain.len() - LONGEST_ENDING;
    let from = (from..plain.len()).find(|at| plain.is_char_boundary(*at));
    let tail = &plain[from.unwrap_or(plain.len())..];
    let ending = tail.find('.').map_or("", |dot| &tail[dot..]);
    let mut end = LONGEST - ending.len();
    while !plain.is_char_boundary(end) {
        end -= 1;
    }
    format!("{}{ending}", &plain[..end])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_name_leaves_its_folder() {
        for (given, name) in [
            ("人口.csv", "人口.csv"),
            ("C:\\数据\\人口 3月.csv.gz", "人口 3月.csv.gz"),
            ("../../etc/passwd", "passwd"),
            ("..", "upload"),
            ("", "upload"),
            ("a/", "upload"),
            (".hidden", "hidden"),
            ("-rf", "rf"),
            ("a\0b\n?.csv", "a_b__.csv"),
        ] {
            assert_eq!(on_disk(given), name, "{given:?}");
        }
    }

    #[test]
    fn long_names_keep_their_endings() {
        let name = on_disk(&format!("{}.csv.gz", "户".repeat(200)));
        assert!(
            name.len() <= LONGEST && name.ends_with("户.csv.gz"),
            "{name}"
        );
        let name = on_disk(&"户".repeat(200));
        assert!(name.len() <= LONGEST && name.chars().all(|one| one == '户'));
    }
}
