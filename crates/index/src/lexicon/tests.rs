//! Tests of lexicons: what is found by keys, against a plain look at every name.

use tantivy::directory::OwnedBytes;
use text::name::Form;
use text::sound::{KEPT, Pattern, Speller, Step, patterns};

use super::file::{Lexicon, push};

const NAMES: [&str; 16] = [
    "王小明",
    "王晓鸣",
    "汪小明",
    "王明",
    "李小明",
    "单雄信",
    "吕布",
    "欧阳修",
    "欧阳小明",
    "阿明",
    "王\u{E08B}",
    "吴小",
    "王小",
    "万一",
    "王晓",
    "尤·努斯",
];

fn lexicon(names: &[&str]) -> Lexicon {
    let mut pairs = Vec::new();
    let mut speller = Speller::new();
    let mut keys = Vec::new();
    for (place, name) in (0..).zip(names) {
        speller.read(Form::Person, name);
        speller.keys(&mut keys);
        pairs.extend(keys.drain(..).map(|key| (key, place)));
    }
    let counts: Vec<u16> = (0..names.len() as u16).collect();
    let mut bytes = Vec::new();
    push(&mut bytes, &mut pairs, &counts);
    // A second column, of no names.
    push(&mut bytes, &mut Vec::new(), &[]);
    let mut file = OwnedBytes::new(bytes);
    let lexicon = Lexicon::read(&mut file).expect("a lexicon");
    let empty = Lexicon::read(&mut file).expect("another");
    assert!(
        patterns("w")
            .iter()
            .all(|pattern| empty.items(pattern).is_empty())
    );
    lexicon
}

fn found(lexicon: &Lexicon, pattern: &Pattern) -> Vec<u64> {
    let items = lexicon.items(pattern).into_iter().flatten();
    let mut places: Vec<u64> = items.map(|item| lexicon.place(item)).collect();
    places.sort_unstable();
    places.dedup();
    places
}

#[test]
fn keys_find_what_a_plain_look_finds() {
    let lexicon = lexicon(&NAMES);
    let queries = [
        "w",
        "wxm",
        "wangxm",
        "wangxiaoming",
        "wangxiao",
        "xm",
        "xiaoming",
        "sxx",
        "lb",
        "lvbu",
        "ouyang",
        "oyxm",
        "a",
        "zzz",
        "wx",
        "王xm",
        "ns",
        "yns",
    ];
    let mut speller = Speller::new();
    for query in queries {
        for pattern in patterns(query) {
            for whole in [false, true] {
                let pattern = Pattern {
                    whole,
                    ..pattern.clone()
                };
                let mut expected = Vec::new();
                for (place, name) in (0..).zip(NAMES) {
                    speller.read(Form::Person, name);
                    if speller.fit(&pattern).is_some() {
                        expected.push(place);
                    }
                }
                let mut found = found(&lexicon, &pattern);
                if !pattern.is_told_by_keys() {
                    // Keys know no characters: they find at least all.
                    assert!(
                        expected.iter().all(|place| found.contains(place)),
                        "{query}"
                    );
                    found.retain(|place| expected.contains(place));
                }
                assert_eq!(found, expected, "{query} {whole} {pattern:?}");
            }
        }
    }
    assert_eq!(lexicon.count(3), 3);
    assert_eq!(lexicon.count(99), 0);
}

#[test]
fn long_patterns_and_empty_ones_end() {
    let lexicon = lexicon(&NAMES);
    let any = Step {
        numbers: vec![(1, 511)],
        characters: text::sound::Chars::Any,
    };
    for steps in [1, 2, KEPT, KEPT + 3] {
        let pattern = Pattern {
            steps: vec![any.clone(); steps],
            whole: false,
        };
        let longest = found(&lexicon, &pattern).len();
        assert_eq!(longest == NAMES.len(), steps <= 2, "{steps}");
    }
    let nothing = Pattern {
        steps: vec![Step {
            numbers: Vec::new(),
            characters: text::sound::Chars::Any,
        }],
        whole: false,
    };
    assert!(found(&lexicon, &nothing).is_empty());
}

#[test]
fn a_damaged_file_is_refused() {
    for bytes in [vec![], vec![1; 8], vec![255; 16], vec![9; 64]] {
        assert!(Lexicon::read(&mut OwnedBytes::new(bytes)).is_err());
    }
}
