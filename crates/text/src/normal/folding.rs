//! The table behind the search form: what each character becomes on its own.
//!
//! Built once from the files in `data/` and Unicode's tables; looked up with one array
//! access for the basic plane.

use std::collections::HashMap;
use std::iter::once;
use std::sync::LazyLock;

use unicode_normalization::char::canonical_combining_class;
use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfkc_quick};

/// Traditional to simplified characters.
const SIMPLIFIED: &str = include_str!("../../data/simplified.txt");
/// Variants to the character in common use.
const VARIANTS: &str = include_str!("../../data/variants.txt");
/// Old private use code points to today's characters.
const PRIVATE_USE: &str = include_str!("../../data/private_use.txt");

/// Signs of which many look alike: the sign used, then those which become it. NFKC has
/// already been applied, so full-width and small forms need no mention.
const SIGNS: &[(char, &str)] = &[
    (
        '·',
        "\u{2022}\u{2027}\u{2219}\u{22C5}\u{30FB}\u{16EB}\u{2E31}\u{2E33}\u{25CF}\u{26AB}\u{2981}\u{25E6}\u{25AA}\u{A78F}",
    ),
    (
        '-',
        "\u{2010}\u{2012}\u{2013}\u{2014}\u{2015}\u{2043}\u{2212}\u{02D7}\u{2500}\u{2501}\u{2E3A}\u{2E3B}\u{30A0}",
    ),
    ('~', "\u{301C}\u{3030}\u{223C}"),
    ('\u{3007}', "\u{25CB}\u{25EF}"),
];

/// What becomes of one character in the search form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fold {
    /// It stays.
    Keep,
    /// It disappears.
    Drop,
    /// It is white space: a run becomes one space.
    Space,
    /// It must be seen with its neighbours: a combining mark, or one which becomes several.
    Compose,
    /// It becomes this character.
    To(char),
}

// The cells of the table for the basic plane. No character folds to one of these control
// characters, so every other value is the character folded to.
const KEEP: u16 = 0;
const DROP: u16 = 1;
const SPACE: u16 = 2;
const COMPOSE: u16 = 3;
/// The character folds to one beyond the basic plane.
const ELSEWHERE: u16 = 4;

/// The table for all characters.
pub(crate) struct Folding {
    /// One cell for each code point of the basic plane.
    basic: Box<[u16]>,
    /// Foldings from or to characters beyond the basic plane.
    beyond: HashMap<char, char>,
}

/// For each character of the search form the others that become it.
static BACK: LazyLock<HashMap<char, Vec<char>>> = LazyLock::new(|| {
    let folding = Folding::get();
    let mut back: HashMap<char, Vec<char>> = HashMap::new();
    let basic = ('\0'..='\u{FFFF}').filter(|c| !matches!(folding.fold(*c), Fold::Keep));
    let mut all: Vec<char> = basic.chain(folding.beyond.keys().copied()).collect();
    all.sort_unstable();
    all.dedup();
    for c in all {
        if let Fold::To(to) = folding.fold(c) {
            back.entry(to).or_default().push(c);
        }
    }
    back
});

static FOLDING: LazyLock<Folding> = LazyLock::new(Folding::build);

impl Folding {
    /// The table, built at the first call.
    pub(crate) fn get() -> &'static Folding {
        &FOLDING
    }

    /// What becomes of `c`.
    #[inline]
    pub(crate) fn fold(&self, c: char) -> Fold {
        match self.basic.get(c as usize) {
            Some(&KEEP) => Fold::Keep,
            Some(&DROP) => Fold::Drop,
            Some(&SPACE) => Fold::Space,
            Some(&COMPOSE) => Fold::Compose,
            Some(&ELSEWHERE) | None => self.fold_beyond(c),
            Some(&cell) => char::from_u32(u32::from(cell)).map_or(Fold::Keep, Fold::To),
        }
    }

    /// The other characters that become `c`.
    pub(crate) fn from(&self, c: char) -> &'static [char] {
        BACK.get(&c).map_or(&[], Vec::as_slice)
    }

    /// [`Folding::fold`] where the character or its folding lies beyond the basic plane.
    fn fold_beyond(&self, c: char) -> Fold {
        match c {
            // The supplementary multilingual plane: scripts with case, mathematical letters,
            // emoji. Rare here, so the general way does.
            '\u{10000}'..='\u{1FFFF}' => Fold::Compose,
            // Compatibility ideographs decompose.
            '\u{2F800}'..='\u{2FA1F}' => Fold::Compose,
            // Tags and variation selectors.
            '\u{E0000}'..='\u{E0FFF}' => Fold::Drop,
            _ => self.beyond.get(&c).map_or(Fold::Keep, |&to| Fold::To(to)),
        }
    }

    /// Does the text hold a character which must be seen with its neighbours?
    pub(crate) fn composes(&self, text: &str) -> bool {
        text.chars().any(|c| self.fold(c) == Fold::Compose)
    }

    /// Reads the tables and works out every cell.
    fn build() -> Folding {
        let pairs = pairs();
        let mut basic = vec![KEEP; 0x1_0000].into_boxed_slice();
        let mut beyond = HashMap::new();
        for (code, cell) in (0..).zip(basic.iter_mut()) {
            let Some(c) = char::from_u32(code) else {
                continue;
            };
            *cell = match work_out(&pairs, c) {
                Fold::Keep => KEEP,
                Fold::Drop => DROP,
                Fold::Space => SPACE,
                Fold::Compose => COMPOSE,
                Fold::To(to) => u16::try_from(u32::from(to)).unwrap_or_else(|_| {
                    beyond.insert(c, to);
                    ELSEWHERE
                }),
            };
        }
        for &from in pairs.keys().filter(|&&from| from > '\u{FFFF}') {
            beyond.insert(from, resolve(&pairs, from));
        }
        Folding { basic, beyond }
    }
}

/// Why one character becomes another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reason {
    /// A traditional character becomes its simplified form.
    Traditional,
    /// A variant, or an old private use code point, becomes the character in common use.
    Rare,
    /// A sign becomes the one of those alike that is used.
    Sign,
}

/// All pairs of the data files and of [`SIGNS`]: character, what it becomes.
fn pairs() -> HashMap<char, char> {
    let all = reasoned().into_iter();
    all.map(|(from, (to, _))| (from, to)).collect()
}

/// All pairs, each with its reason.
pub(crate) fn reasoned() -> HashMap<char, (char, Reason)> {
    let mut pairs = HashMap::new();
    for (file, reason) in [(SIMPLIFIED, Reason::Traditional), (VARIANTS, Reason::Rare)] {
        for group in lines(file) {
            let mut characters = group.chars();
            if let Some(to) = characters.next() {
                pairs.extend(characters.map(|from| (from, (to, reason))));
            }
        }
    }
    for line in lines(PRIVATE_USE) {
        if let Some((to, code)) = line.split_once('\t')
            && let Some(to) = to.chars().next()
            && let Some(from) = u32::from_str_radix(code, 16).ok().and_then(char::from_u32)
        {
            pairs.insert(from, (to, Reason::Rare));
        }
    }
    for &(to, signs) in SIGNS {
        pairs.extend(signs.chars().map(|from| (from, (to, Reason::Sign))));
    }
    pairs
}

/// The lines of a data file without comments.
fn lines(file: &'static str) -> impl Iterator<Item = &'static str> {
    file.lines()
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
}

/// Follows the pairs from `c` to the character which folds no further.
fn resolve(pairs: &HashMap<char, char>, c: char) -> char {
    let mut at = c;
    // No chain of the data is longer than three; the bound guards against a circle.
    for _ in 0..8 {
        match pairs.get(&at) {
            Some(&next) => at = next,
            None => break,
        }
    }
    at
}

/// What becomes of a character of the basic plane, from first principles.
fn work_out(pairs: &HashMap<char, char>, c: char) -> Fold {
    if is_invisible(c) {
        return Fold::Drop;
    }
    if c.is_whitespace() || c.is_control() {
        return Fold::Space;
    }
    let to = match c {
        // Ideographs, Hangul syllables and private use have no compatibility forms.
        '\u{3400}'..='\u{9FFF}' | '\u{AC00}'..='\u{D7A3}' | '\u{E000}'..='\u{F8FF}' => c,
        _ => match settle(c) {
            Some(to) => to,
            None => return Fold::Compose,
        },
    };
    let to = resolve(pairs, to);
    if to.is_whitespace() {
        Fold::Space
    } else if to == c {
        Fold::Keep
    } else {
        Fold::To(to)
    }
}

/// NFKC and lower case of a single character, when both leave one character which composes
/// with no neighbour.
fn settle(c: char) -> Option<char> {
    let mut at = c;
    loop {
        let next = only(only(once(at).nfkc())?.to_lowercase())?;
        if next == at {
            break;
        }
        at = next;
    }
    (stands_alone(c) && stands_alone(at)).then_some(at)
}

/// The one character of the sequence, if it has exactly one.
fn only(mut characters: impl Iterator<Item = char>) -> Option<char> {
    let first = characters.next()?;
    characters.next().is_none().then_some(first)
}

/// Does the character never compose with the one before it, nor change places with it?
fn stands_alone(c: char) -> bool {
    canonical_combining_class(c) == 0 && is_nfkc_quick(once(c)) != IsNormalized::Maybe
}

/// Characters without a shape of their own, which only disturb a search: soft hyphen, zero
/// width characters, direction marks, variation selectors, byte order marks.
pub(crate) fn is_invisible(c: char) -> bool {
    matches!(c,
        '\u{AD}'
        | '\u{34F}'
        | '\u{61C}'
        | '\u{180B}'..='\u{180F}'
        | '\u{200B}'..='\u{200F}'
        | '\u{202A}'..='\u{202E}'
        | '\u{2060}'..='\u{206F}'
        | '\u{FE00}'..='\u{FE0F}'
        | '\u{FEFF}'
        | '\u{FFF9}'..='\u{FFFB}')
}
