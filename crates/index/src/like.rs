//! Patterns of `LIKE`: `%` stands for any text, `_` for one character, `\` before either for itself.

/// A pattern, read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pattern {
    prefix: String,
    /// What follows the prefix; it begins with a wildcard, or is empty.
    rest: Vec<Piece>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Piece {
    Any,
    One,
    Is(char),
}

impl Pattern {
    /// Reads a pattern.
    pub fn new(pattern: &str) -> Pattern {
        let mut prefix = String::new();
        let mut rest = Vec::new();
        let mut characters = pattern.chars();
        while let Some(character) = characters.next() {
            let piece = match character {
                '%' => Piece::Any,
                '_' => Piece::One,
                '\\' => match characters.next() {
                    Some(escaped) => Piece::Is(escaped),
                    None => continue,
                },
                other => Piece::Is(other),
            };
            match piece {
                Piece::Is(character) if rest.is_empty() => prefix.push(character),
                piece => rest.push(piece),
            }
        }
        Pattern { prefix, rest }
    }

    /// What every text that matches begins with.
    pub fn prefix(&self) -> &str {
        &self.prefix
    }

    /// Whether every text with the prefix matches.
    pub fn is_prefix(&self) -> bool {
        self.rest == [Piece::Any]
    }

    /// Whether a text matches.
    pub fn matches(&self, text: &str) -> bool {
        let Some(text) = text.strip_prefix(self.prefix.as_str()) else {
            return false;
        };
        let (mut left, mut pieces) = (text.chars(), self.rest.as_slice());
        // Where to go on if what follows the last `%` does not fit: one character further.
        let mut retry: Option<(std::str::Chars, &[Piece])> = None;
        loop {
            match pieces.split_first() {
                Some((Piece::Any, after)) => {
                    pieces = after;
                    retry = Some((left.clone(), after));
                    continue;
                }
                Some((Piece::One, after)) if left.next().is_some() => {
                    pieces = after;
                    continue;
                }
                Some((Piece::Is(character), after)) if left.next() == Some(*character) => {
                    pieces = after;
                    continue;
                }
                None if left.next().is_none() => return true,
                _ => {}
            }
            let Some((from, after)) = &mut retry else {
                return false;
            };
            if from.next().is_none() {
                return false;
            }
            left = from.clone();
            pieces = after;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Pattern;

    #[test]
    fn wildcards() {
        for (pattern, text, expected) in [
            ("", "", true),
            ("", "a", false),
            ("王", "王", true),
            ("王", "王小明", false),
            ("王%", "王", true),
            ("王%", "王小明", true),
            ("王%", "李王", false),
            ("%王", "李王", true),
            ("%王", "王李", false),
            ("王_", "王明", true),
            ("王_", "王", false),
            ("王_", "王小明", false),
            ("_小%", "王小明", true),
            ("%小%明%", "王小小明", true),
            ("%小%明", "王小明的", false),
            ("%ab%abc", "abababc", true),
            ("100\\%", "100%", true),
            ("100\\%", "1000", false),
            ("a\\_b%", "a_bc", true),
            ("a\\_b%", "axbc", false),
            ("%", "", true),
            ("%%", "a\nb", true),
        ] {
            assert_eq!(
                Pattern::new(pattern).matches(text),
                expected,
                "{pattern} {text}"
            );
        }
        assert!(Pattern::new("王%").is_prefix());
        assert!(!Pattern::new("王%明").is_prefix());
        assert_eq!(Pattern::new("1\\%0_%").prefix(), "1%0");
    }
}
