//! Tests of the tokenizers: token lists, offsets, room between values.

use tantivy_tokenizer_api::{Token, TokenStream, Tokenizer};

use super::ChineseTokenizer;

fn tokens(mut tokenizer: ChineseTokenizer, text: &str) -> Vec<Token> {
    let mut tokens = Vec::new();
    tokenizer
        .token_stream(text)
        .process(&mut |token| tokens.push(token.clone()));
    tokens
}

/// The tokens as one line: `text@position`.
fn line(tokenizer: ChineseTokenizer, text: &str) -> String {
    let tokens = tokens(tokenizer, text);
    let shown: Vec<_> = tokens
        .iter()
        .map(|token| format!("{}@{}", token.text, token.position))
        .collect();
    shown.join(" ")
}

fn bigrams(text: &str) -> String {
    line(ChineseTokenizer::bigram(), text)
}

fn unigrams(text: &str) -> String {
    line(ChineseTokenizer::unigram(), text)
}

#[test]
fn bank() {
    assert_eq!(
        bigrams("中国建设银行股份有限公司"),
        "中国@0 国建@1 建设@2 设银@3 银行@4 行股@5 股份@6 份有@7 有限@8 限公@9 公司@10"
    );
    assert_eq!(unigrams("中国建设银行"), "中@0 国@1 建@2 设@3 银@4 行@5");
}

#[test]
fn address() {
    assert_eq!(
        bigrams("北京市海淀区中关村大街27号3单元502室"),
        "北京@0 京市@1 市海@2 海淀@3 淀区@4 区中@5 中关@6 关村@7 村大@8 大街@9 27@11 号@12 \
         3@13 单元@14 502@16 室@17"
    );
    assert_eq!(
        unigrams("27号3单元502室"),
        "27@0 号@1 3@2 单@3 元@4 502@5 室@6"
    );
}

#[test]
fn rare_characters() {
    assert_eq!(bigrams("莫𡐓村委会"), "莫𡐓@0 𡐓村@1 村委@2 委会@3");
    assert_eq!(bigrams("高\u{E08B}村"), "高\u{E08B}@0 \u{E08B}村@1");
    assert_eq!(bigrams("王\u{E863}"), "王䶮@0");
    assert_eq!(bigrams("二○一二"), "二〇@0 〇一@1 一二@2");
    assert_eq!(unigrams("\u{F0001}\u{31350}"), "\u{F0001}@0 \u{31350}@1");
}

#[test]
fn breaks_leave_a_number_out() {
    assert_eq!(bigrams("尤·努斯"), "尤@0 努斯@2");
    assert_eq!(bigrams("尤 • 努斯"), "尤@0 努斯@2");
    assert_eq!(unigrams("尤·努斯"), "尤@0 努@2 斯@3");
    assert_eq!(bigrams("（张）三-4"), "张@0 三@2 4@4");
    assert_eq!(bigrams("——"), "");
    assert_eq!(bigrams(""), "");
}

#[test]
fn mixed_scripts() {
    assert_eq!(bigrams("３号楼Ａ座"), "3@0 号楼@1 a@3 座@4");
    assert_eq!(bigrams("卡拉OK厅"), "卡拉@0 ok@2 厅@3");
    assert_eq!(bigrams("優の良品"), "优@0 の@1 良品@2");
    assert_eq!(bigrams("Cafe\u{301} Noir"), "café@0 noir@2");
    assert_eq!(bigrams("ئۇيغۇر张三"), "ئۇيغۇر@0 张三@1");
    assert_eq!(bigrams("50㎡房"), "50m2@0 房@1");
}

#[test]
fn offsets_are_those_of_the_original() {
    for text in [
        "  中國Ａ座 　银",
        "張\u{200B}三Ａ\u{200B}B，27號",
        "𡐓村ABC",
    ] {
        for tokenizer in [ChineseTokenizer::bigram(), ChineseTokenizer::unigram()] {
            for token in tokens(tokenizer, text) {
                let original = &text[token.offset_from..token.offset_to];
                assert_eq!(crate::normal::search(original), token.text);
            }
        }
    }
    for token in tokens(ChineseTokenizer::bigram(), "50㎡住房") {
        assert_eq!((token.offset_from, token.offset_to), (0, "50㎡住房".len()));
    }
}

#[test]
fn values_leave_room() {
    // tantivy puts the next value of a field one position after the end of the last.
    let last = tokens(ChineseTokenizer::bigram(), "建设").pop().unwrap();
    assert_eq!((last.position, last.position_length), (0, 2));
    let last = tokens(ChineseTokenizer::bigram(), "建设银").pop().unwrap();
    assert_eq!((last.position, last.position_length), (1, 2));
}
