//! How well an address is the one asked for.

use super::{Counted, Kind, Match, Wanted, position};
use crate::address::Address;
use crate::name;

/// Numbers must all be there, in order; the text before them may lack the divisions, or some of them.
pub(super) fn compare(wanted: &Wanted, value: &str) -> Option<Match> {
    let asked = wanted.address();
    let divisions = name::leading_divisions(&asked.text);
    if asked.parts.is_empty() && divisions == 0 {
        return None;
    }
    let own = Address::read(value);
    if !asked.is_in(&own) {
        return None;
    }
    let (before, after) = asked.text.split_at(divisions);
    let counted = |text: &str| Counted::new(text).characters;
    let (mut before, mut after, text) = (counted(before), counted(after), counted(&own.text));
    // A name of a division may be short: 海淀复兴路.
    if position(&text, &after).is_none()
        && let Some(dropped) = [2, 3].into_iter().find(|dropped| {
            after.len() >= dropped + 2 && position(&text, &after[*dropped..]).is_some()
        })
    {
        let road = after.split_off(dropped);
        before.extend(std::mem::replace(&mut after, road));
    }
    let at = if after.is_empty() {
        0
    } else {
        position(&text, &after).or_else(|| scattered(&text, &after))?
    };
    let is_whole = position(&text, &after).is_some() || after.is_empty();
    let ends_so = text.ends_with(&after);
    let more = own.parts.len() - asked.parts.len();
    let mut score: f64 = match (asked.parts.is_empty(), is_whole) {
        (true, _) => 0.6,
        (false, true) if ends_so => 0.94,
        (false, true) => 0.8,
        (false, false) => 0.55,
    };
    score -= 0.04 * more.min(5) as f64;
    // Another division than the one asked for.
    if scattered(&text, &without_suffixes(&before)).is_none() {
        score *= 0.6;
    }
    let kind = if more == 0 && ends_so && !asked.parts.is_empty() {
        Kind::Core
    } else {
        Kind::Contained
    };
    let whole = Counted::new(value);
    let places = marked(&whole, at, after.len(), asked);
    Some(whole.found(kind, score.max(0.05), places))
}

/// The text after the divisions, and the numbers asked for.
fn marked(whole: &Counted, at: usize, length: usize, asked: &Address) -> Vec<usize> {
    let mut places: Vec<usize> = (at..at + length).collect();
    let mut from = at + length;
    for part in &asked.parts {
        let number: Vec<char> = part.number.chars().collect();
        let Some(place) = whole
            .characters
            .get(from..)
            .and_then(|rest| position(rest, &number))
        else {
            continue;
        };
        places.extend(from + place..from + place + number.len());
        from += place + number.len();
    }
    places
}

/// The place of the first of some characters that stand in a text in this order, with others between.
fn scattered(text: &[char], asked: &[char]) -> Option<usize> {
    let mut first = None;
    let mut left = text.iter().enumerate();
    for c in asked {
        let (at, _) = left.find(|(_, own)| *own == c)?;
        first = first.or(Some(at));
    }
    first.or(Some(0))
}

/// The names of divisions without their last characters: 市 of 北京市 need not be there.
fn without_suffixes(divisions: &[char]) -> Vec<char> {
    let is_suffix = |c: &&char| !"省市区县旗镇乡街道".contains(**c);
    divisions.iter().filter(is_suffix).copied().collect()
}
