//! Tests of the query plan, by example and against a plain substring search.

use proptest::prelude::*;
use tantivy_tokenizer_api::{TokenStream, Tokenizer};

use super::{Phrase, phrases};
use crate::normal;
use crate::tokenizer::ChineseTokenizer;

/// The plan as text, phrases parted by `;`.
fn shown(query: &str) -> String {
    let one = |phrase: &Phrase| match phrase {
        Phrase::Character(c) => format!("{c}*"),
        Phrase::Terms(terms) => {
            let terms: Vec<_> = terms
                .iter()
                .map(|(at, text)| format!("{text}@{at}"))
                .collect();
            terms.join(" ")
        }
    };
    let plans: Vec<_> = phrases(query).iter().map(one).collect();
    plans.join(";")
}

#[test]
fn plans() {
    for (query, plan) in [
        ("建设", "建设@0"),
        ("建设银", "建设@0 设银@1"),
        ("建设银行", "建设@0 银行@2"),
        ("建设银行股", "建设@0 银行@2 行股@3"),
        ("行", "行*"),
        ("3号楼", "3@0 号楼@1"),
        ("3号A", "3@0 号@1 a@2"),
        ("27号", "27@0 号@1"),
        ("中关村27号", "中关@0 关村@1 27@3 号@4"),
        ("ABC", "abc@0"),
        ("尤·努斯", "尤*;努斯@0"),
        (" 張三， 李四 ", "张三@0;李四@0"),
        ("·", ""),
        ("", ""),
    ] {
        assert_eq!(shown(query), plan, "{query}");
    }
}

/// Tokens with positions, over all values of a field as tantivy numbers them.
fn field(values: &[&str]) -> Vec<(usize, String)> {
    let mut tokenizer = ChineseTokenizer::default();
    let mut tokens = Vec::new();
    let mut from = 0;
    for value in values {
        let mut end = from;
        tokenizer.token_stream(value).process(&mut |token| {
            tokens.push((from + token.position, token.text.clone()));
            end = end.max(from + token.position + token.position_length);
        });
        from = end + 1;
    }
    tokens
}

/// Does the field hold all terms at the same distances?
fn holds(field: &[(usize, String)], terms: &[(usize, String)]) -> bool {
    let Some((first, text)) = terms.first() else {
        return true;
    };
    let starts = field.iter().filter(|(_, token)| token == text);
    starts.into_iter().any(|(start, _)| {
        terms.iter().all(|(at, text)| {
            let at = start + at - first;
            field
                .iter()
                .any(|(position, token)| *position == at && token == text)
        })
    })
}

fn matches(phrase: &Phrase, values: &[&str]) -> bool {
    let field = field(values);
    match phrase {
        Phrase::Character(c) => field.iter().any(|(_, token)| token.starts_with(*c)),
        Phrase::Terms(terms) => holds(&field, terms),
    }
}

fn finds(query: &str, values: &[&str]) -> bool {
    phrases(query).iter().all(|phrase| matches(phrase, values))
}

/// The plain way: each word of the query's search form is a substring of the text's, and cuts
/// no run of letters and digits.
fn contains(query: &str, value: &str) -> bool {
    let value = normal::search(value);
    let query = normal::search(query);
    query
        .split(|c: char| c == ' ' || c.is_ascii_punctuation() || c == '·')
        .filter(|part| !part.is_empty())
        .all(|part| {
            value
                .char_indices()
                .any(|(at, _)| starts_whole(&value, at, part))
        })
}

/// Does `part` stand at byte `at` of `value` without cutting a run of letters and digits?
fn starts_whole(value: &str, at: usize, part: &str) -> bool {
    let alnum = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric());
    let before = value[..at].chars().next_back();
    let after = value[at..].chars().nth(part.chars().count());
    value[at..].starts_with(part)
        && !(alnum(before) && alnum(part.chars().next()))
        && !(alnum(after) && alnum(part.chars().next_back()))
}

#[test]
fn bank_is_found() {
    let bank = &["中国建设银行股份有限公司"];
    for query in [
        "建设银行",
        "建设银行股份",
        "中国",
        "司",
        "行股份有限公司",
        "中國 銀行",
    ] {
        assert!(finds(query, bank), "{query}");
    }
    for query in ["建行", "设建", "银行公司", "中国银行", "a"] {
        assert!(!finds(query, bank), "{query}");
    }
}

#[test]
fn address_is_found() {
    let address = &["北京市海淀区中关村大街27号3单元502室"];
    for query in [
        "27号",
        "3单元",
        "３單元502室",
        "大街27号3单",
        "号3",
        "502",
        "室",
    ] {
        assert!(finds(query, address), "{query}");
    }
    for query in ["7号", "50", "27单元", "27号5", "号单元", "街2"] {
        assert!(!finds(query, address), "{query}");
    }
}

#[test]
fn values_are_apart() {
    assert!(finds("银行", &["建设", "银行"]));
    assert!(!finds("设银", &["建设", "银行"]));
    assert!(!finds("建设银行", &["建设", "银行"]));
    assert!(!finds("27号", &["27", "号"]));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4_000))]

    #[test]
    fn positions_say_what_substrings_say(
        text in "[中国國Ａa1𡐓 ·]{0,12}",
        query in "[中国a1𡐓 ]{1,6}",
    ) {
        prop_assert_eq!(finds(&query, &[&text]), contains(&query, &text));
    }

    #[test]
    fn pieces_of_a_text_are_found(text in "[中国建设1a\u{E08B}]{1,12}", from in 0usize..12, to in 0usize..12) {
        let characters: Vec<char> = text.chars().collect();
        let (from, to) = (from.min(characters.len()), to.min(characters.len()));
        let query: String = characters.get(from..to).unwrap_or(&[]).iter().collect();
        prop_assert_eq!(finds(&query, &[&text]), contains(&query, &text));
    }

    #[test]
    fn no_phrase_reaches_across_values(
        first in "[中国a1]{0,4}",
        second in "[中国a1]{0,4}",
        query in "[中国a1]{1,5}",
    ) {
        let apart = contains(&query, &first) || contains(&query, &second);
        prop_assert_eq!(finds(&query, &[&first, &second]), apart);
    }
}
