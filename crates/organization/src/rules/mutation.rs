//! Every single wrong character and every adjacent transposition of a code, for the tests.

/// The text with one character replaced by another of the alphabet, at each place.
pub(super) fn substitutions(text: &str, alphabet: &str) -> Vec<String> {
    let mut all = Vec::new();
    for (place, old) in text.char_indices() {
        for new in alphabet.chars().filter(|new| *new != old) {
            all.push(format!("{}{new}{}", &text[..place], &text[place + 1..]));
        }
    }
    all
}

/// The text with two different neighbours swapped, at each place.
pub(super) fn transpositions(text: &str) -> Vec<String> {
    let bytes = text.as_bytes();
    (1..text.len())
        .filter(|place| bytes[place - 1] != bytes[*place])
        .map(|place| {
            let mut swapped = bytes.to_vec();
            swapped.swap(place - 1, place);
            String::from_utf8(swapped).expect("ASCII")
        })
        .collect()
}
