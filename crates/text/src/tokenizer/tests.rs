//! Tests of the tokenizers: token lists, offsets, room between values.

use tantivy_tokenizer_api::{Token, TokenStream, Tokenizer};

use super::ChineseTokenizer;

fn tokens(text: &str) -> Vec<Token> {
    let mut tokens = Vec::new();
    ChineseTokenizer::default()
        .token_stream(text)
        .process(&mut |token| tokens.push(token.clone()));
    tokens
}

/// The tokens as one line: `text@position`.
fn line(text: &str) -> String {
    let shown: Vec<_> = tokens(text)
        .iter()
        .map(|token| format!("{}@{}", token.text, token.position))
        .collect();
    shown.join(" ")
}

#[test]
fn bank() {
    assert_eq!(
        line("中国建设银行股份有限公司"),
        "中国@0 国建@1 建设@2 设银@3 银行@4 行股@5 股份@6 份有@7 有限@8 限公@9 公司@10 司@11"
    );
}

#[test]
fn address() {
    assert_eq!(
        line("北京市海淀区中关村大街27号3单元502室"),
        "北京@0 京市@1 市海@2 海淀@3 淀区@4 区中@5 中关@6 关村@7 村大@8 大街@9 街@10 27@11 号@12 \
         3@13 单@14 单元@14 元@15 502@16 室@17"
    );
    assert_eq!(line("3号楼"), "3@0 号@1 号楼@1 楼@2");
}

#[test]
fn rare_characters() {
    assert_eq!(line("莫𡐓村委会"), "莫𡐓@0 𡐓村@1 村委@2 委会@3 会@4");
    assert_eq!(line("高\u{E08B}村"), "高\u{E08B}@0 \u{E08B}村@1 村@2");
    assert_eq!(line("王\u{E863}"), "王䶮@0 䶮@1");
    assert_eq!(line("二○一二"), "二〇@0 〇一@1 一二@2 二@3");
    assert_eq!(
        line("\u{F0001}\u{31350}"),
        "\u{F0001}\u{31350}@0 \u{31350}@1"
    );
}

#[test]
fn breaks_leave_a_number_out() {
    assert_eq!(line("尤·努斯"), "尤@0 努斯@2 斯@3");
    assert_eq!(line("尤 • 努斯"), "尤@0 努斯@2 斯@3");
    assert_eq!(line("（张）三-4"), "张@0 三@2 4@4");
    assert_eq!(line("27 号楼"), "27@0 号楼@2 楼@3");
    assert_eq!(line("——"), "");
    assert_eq!(line(""), "");
}

#[test]
fn mixed_scripts() {
    assert_eq!(line("３号楼Ａ座"), "3@0 号@1 号楼@1 楼@2 a@3 座@4");
    assert_eq!(line("卡拉OK厅"), "卡拉@0 拉@1 ok@2 厅@3");
    assert_eq!(line("優の良品"), "优@0 の@1 良@2 良品@2 品@3");
    assert_eq!(line("Cafe\u{301} Noir"), "café@0 noir@2");
    assert_eq!(line("ئۇيغۇر张三"), "ئۇيغۇر@0 张@1 张三@1 三@2");
    assert_eq!(line("50㎡房"), "50m2@0 房@1");
}

#[test]
fn offsets_are_those_of_the_original() {
    for text in [
        "  中國Ａ座 　银",
        "張\u{200B}三Ａ\u{200B}B，27號楼",
        "𡐓村ABC",
    ] {
        for token in tokens(text) {
            let original = &text[token.offset_from..token.offset_to];
            assert_eq!(crate::normal::search(original), token.text);
        }
    }
    for token in tokens("50㎡住房") {
        assert_eq!((token.offset_from, token.offset_to), (0, "50㎡住房".len()));
    }
}
