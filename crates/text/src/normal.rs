//! The normal forms of a string: [`display`] is stored, [`search`] is indexed and searched.
//!
//! Both borrow their input when there is nothing to change, which is the common case.

mod folding;

#[cfg(test)]
mod tests;

use std::borrow::Cow;

use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfc_quick};

pub(crate) use folding::{Fold, Folding, Reason, is_invisible, reasoned};

/// The version of [`search`]'s result. It goes up with every change of rules or tables; an
/// index holds the version it was written under.
pub const VERSION: u32 = 1;

/// The form which is stored and shown: white space (and byte order marks) at both ends is
/// removed and the rest brought to NFC (Unicode Standard Annex 15).
///
/// Nothing else changes: inner white space, width, case, traditional and rare characters
/// stay as they were written. Private use characters and those beyond the basic plane
/// survive. NFC replaces compatibility ideographs which are canonical duplicates (U+F900 豈
/// becomes U+8C48 豈), as it does everywhere.
pub fn display(input: &str) -> Cow<'_, str> {
    let trimmed = input.trim_matches(|c: char| c.is_whitespace() || c == '\u{FEFF}');
    if trimmed.chars().all(is_surely_nfc) || is_nfc_quick(trimmed.chars()) == IsNormalized::Yes {
        return Cow::Borrowed(trimmed);
    }
    let composed: String = trimmed.nfc().collect();
    if composed == trimmed {
        return Cow::Borrowed(trimmed);
    }
    Cow::Owned(composed)
}

/// The form which is indexed and searched, never shown. In this order:
///
/// 1. NFKC (full width becomes half width, ① becomes 1, ㎡ becomes m2) and lower case;
/// 2. old private use code points of GBK and GB 18030-2000 become today's characters,
///    traditional becomes simplified, and variants become the character in common use;
/// 3. middle dots become `·`, dashes `-`, wave dashes `~`, the circles ○ and ◯ become 〇;
/// 4. invisible characters (zero width, direction marks, variation selectors) go, and every
///    run of white space and control characters becomes one space, none at the ends.
///
/// The result is stable: `search(search(x)) == search(x)`. It maps one character at a time,
/// so 干 stands for 乾, 幹 and 干 alike: it finds more than was meant, never less.
pub fn search(input: &str) -> Cow<'_, str> {
    let folding = Folding::get();
    match first_change(folding, input) {
        None => Cow::Borrowed(input),
        Some(at) => {
            Cow::Owned(folded(folding, input, at).unwrap_or_else(|| composed(folding, input)))
        }
    }
}

/// The characters that become this one in the search form, itself first: 张 张張, a aAａＡ.
pub fn written(c: char) -> Vec<char> {
    std::iter::once(c)
        .chain(Folding::get().from(c).iter().copied())
        .collect()
}

/// Is the character unchanged by NFC whatever stands beside it? Covers what registers hold;
/// `false` only means that a closer look is needed.
fn is_surely_nfc(c: char) -> bool {
    matches!(c,
        '\0'..'\u{300}'
        | '\u{2010}'..='\u{2027}'
        | '\u{3000}'..='\u{3029}'
        | '\u{3400}'..='\u{9FFF}'
        | '\u{E000}'..='\u{F8FF}'
        | '\u{FF01}'..='\u{FF60}'
        | '\u{20000}'..='\u{2F7FF}'
        | '\u{30000}'..='\u{3FFFF}')
}

/// Byte offset from which the search form differs from the input, if it does.
fn first_change(folding: &Folding, input: &str) -> Option<usize> {
    // A space is clean between two kept characters only.
    let mut space: Option<usize> = Some(0);
    for (at, c) in input.char_indices() {
        match folding.fold(c) {
            Fold::Keep => space = None,
            Fold::Space if c == ' ' && space.is_none() => space = Some(at),
            // The space before is part of the change: it may be at the end.
            _ => return Some(space.unwrap_or(at)),
        }
    }
    if input.is_empty() { None } else { space }
}

/// Maps character by character, keeping what stands before `from`. `None` when a character
/// has to be seen together with its neighbours.
fn folded(folding: &Folding, input: &str, from: usize) -> Option<String> {
    let mut output = String::with_capacity(input.len());
    output.push_str(&input[..from]);
    let mut space = false;
    for c in input[from..].chars() {
        match folding.fold(c) {
            Fold::Keep => push_word(&mut output, &mut space, c),
            Fold::To(to) => push_word(&mut output, &mut space, to),
            Fold::Space => space = true,
            Fold::Drop => {}
            Fold::Compose => return None,
        }
    }
    Some(output)
}

/// Appends a character, and before it the one space which stands for the white space seen.
fn push_word(output: &mut String, space: &mut bool, c: char) {
    if *space && !output.is_empty() {
        output.push(' ');
    }
    *space = false;
    output.push(c);
}

/// The general way: whole-string NFKC and the folding, repeated until nothing changes (a
/// folded character may compose with its neighbour, which may fold again).
fn composed(folding: &Folding, input: &str) -> String {
    // Two rounds settle all assigned characters; the bound only guards against tables with a
    // circle.
    const ROUNDS: usize = 8;
    let mut text = input.to_owned();
    for _ in 0..ROUNDS {
        let next = composed_once(folding, &text);
        if next == text {
            break;
        }
        text = next;
    }
    text
}

/// One round of [`composed`].
fn composed_once(folding: &Folding, input: &str) -> String {
    let mut output = String::with_capacity(input.len());
    let mut space = false;
    for c in input.nfkc() {
        match folding.fold(c) {
            Fold::Keep => push_word(&mut output, &mut space, c),
            Fold::To(to) => push_word(&mut output, &mut space, to),
            Fold::Space => space = true,
            Fold::Drop => {}
            Fold::Compose => c
                .to_lowercase()
                .for_each(|lower| push_word(&mut output, &mut space, lower)),
        }
    }
    output
}
