//! How the codes of organizations are brought to ASCII capitals before they are read.

/// The text in ASCII capitals without white space around it, if it has exactly `N` characters.
/// Full-width letters and digits become ASCII; any other character becomes `?`, which no code has.
pub(super) fn capitals<const N: usize>(input: &str) -> Option<[u8; N]> {
    let mut bytes = [0u8; N];
    let mut characters = input.trim().chars();
    for byte in &mut bytes {
        *byte = capital(characters.next()?);
    }
    characters.next().is_none().then_some(bytes)
}

fn capital(character: char) -> u8 {
    let narrow = match character {
        '！'..='～' => char::from_u32(character as u32 - '！' as u32 + '!' as u32),
        _ => Some(character),
    };
    match narrow {
        Some(narrow) if narrow.is_ascii_graphic() => narrow.to_ascii_uppercase() as u8,
        _ => b'?',
    }
}

/// The text of ASCII bytes.
pub(super) fn text(bytes: &[u8]) -> record::CompactString {
    bytes.iter().map(|byte| char::from(*byte)).collect()
}

/// The value of a digit (0 to 9) or a capital (10 to 35).
pub(super) fn value(byte: u8) -> Option<u32> {
    char::from(byte)
        .to_digit(36)
        .filter(|_| !byte.is_ascii_lowercase())
}
