//! Names of places before other names.

use std::collections::HashSet;
use std::sync::LazyLock;

const SHORT: &str = include_str!("../../data/places.txt");

static PLACES: LazyLock<HashSet<&str>> = LazyLock::new(|| {
    SHORT
        .lines()
        .filter(|line| !line.starts_with('#'))
        .collect()
});

/// Short names are of so many characters.
const LENGTHS: std::ops::RangeInclusive<usize> = 2..=6;
/// What follows a short name and belongs to it, the longer before the shorter.
const ENDINGS: [&str; 12] = [
    "维吾尔自治区",
    "壮族自治区",
    "回族自治区",
    "特别行政区",
    "自治区",
    "自治州",
    "自治县",
    "地区",
    "省",
    "市",
    "盟",
    "县",
];
/// Characters that end the name of a division, and what may not follow them: 市场 and 区域 are words.
const SUFFIXES: [(char, &str); 8] = [
    ('省', "级"),
    ('市', "场政民值容区"),
    ('区', "域块间"),
    ('县', "域级"),
    ('旗', "舰袍帜"),
    ('镇', "长痛静"),
    ('乡', "村镇亲情土"),
    ('道', "路德教观具口"),
];
/// The most characters of a division's name before its last one.
const LONGEST: usize = 7;

/// The length in bytes of the place that a text in search form begins with; none where it begins with
/// none.
pub(super) fn leading(text: &str) -> Option<usize> {
    let ends: Vec<usize> = text
        .char_indices()
        .map(|(at, c)| at + c.len_utf8())
        .take(*LENGTHS.end())
        .collect();
    for length in LENGTHS.rev() {
        let Some(end) = ends.get(length - 1) else {
            continue;
        };
        if PLACES.contains(&text[..*end]) {
            let rest = &text[*end..];
            // 北京 of 北京路, 上海 of 上海滩: a road is no place before a name.
            if rest.starts_with(['路', '街', '道', '巷', '桥']) {
                return None;
            }
            let ending = ENDINGS.iter().find(|ending| {
                let after = rest.strip_prefix(**ending);
                after.is_some_and(|after| {
                    !(**ending == "市" && after.starts_with(['场', '政', '民']))
                })
            });
            return Some(end + ending.map_or(0, |ending| ending.len()));
        }
    }
    by_suffix(text)
}

/// A division by its last character: 海淀区, 中关村街道.
fn by_suffix(text: &str) -> Option<usize> {
    let mut before = None;
    for (place, (at, c)) in text.char_indices().enumerate().take(LONGEST + 1) {
        if !crate::units::is_han(c) {
            return None;
        }
        let end = at + c.len_utf8();
        let is_street = c == '道' && before == Some('街') && place >= 3;
        let suffix = SUFFIXES.iter().find(|(suffix, _)| *suffix == c);
        if let Some((_, not_before)) = suffix
            && place >= 1
            && (c != '道' || is_street)
        {
            let next = text[end..].chars().next();
            if next.is_none_or(|next| !not_before.contains(next)) {
                return Some(end);
            }
        }
        before = Some(c);
    }
    None
}
