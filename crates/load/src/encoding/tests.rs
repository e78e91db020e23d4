//! Detection and strict decoding, on made and on real files.

use super::*;

const VILLAGES: &[u8] = include_bytes!("../../../../fixtures/messy/villages_2048.gb18030.crlf.csv");
const RARE: &str = include_str!("../../../../fixtures/messy/villages_rare_chars.utf8.csv");

fn detected(bytes: &[u8]) -> Detection {
    detect(bytes, None).expect("a text file")
}

#[test]
fn byte_order_marks_decide() {
    let found = detected(b"\xEF\xBB\xBFa\n\xFF\xFF\n");
    assert_eq!(
        (found.encoding, found.byte_order_mark),
        (TextEncoding::Utf8, 3)
    );
    let found = detected(b"\x84\x31\x95\x33a\n");
    assert_eq!(
        (found.encoding, found.byte_order_mark),
        (TextEncoding::Gb18030, 4)
    );
    for (bytes, encoding) in [
        (&b"\xFF\xFEa\0"[..], TextEncoding::Utf16Le),
        (b"\xFE\xFF\0a", TextEncoding::Utf16Be),
    ] {
        for declared in [None, Some(TextEncoding::Gb18030)] {
            let found = detect(bytes, declared).expect("a text file");
            assert_eq!((found.encoding, found.byte_order_mark), (encoding, 2));
        }
    }
    let workbook = detect(&b"PK\x03\x04rest"[..], Some(TextEncoding::Utf8));
    assert!(matches!(workbook, Err(EncodingError::NotText { .. })));
}

#[test]
fn what_is_no_text_is_named() {
    let table = "编号,名称\r\n1,甲\r\n".repeat(9);
    let little: Vec<u8> = table.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let big: Vec<u8> = table.encode_utf16().flat_map(u16::to_be_bytes).collect();
    for bytes in [&little, &big] {
        let found = detect(&bytes[..], None);
        assert!(
            matches!(found, Err(EncodingError::UnmarkedUtf16)),
            "{found:?}"
        );
    }
    for (bytes, what) in [
        (&[0; 512][..], "binary data"),
        (b"\xFF\xFE\0\0a\0\0\0", "UTF-32"),
        (
            b"\xD0\xCF\x11\xE0\xA1",
            "an old (.xls) or encrypted Excel workbook",
        ),
        (b"<html><table>", "an HTML page"),
    ] {
        let found = detect(bytes, None);
        assert!(
            matches!(found, Err(EncodingError::NotText { what: named }) if named == what),
            "{found:?}"
        );
    }
    // A few zeros are a matter of their rows.
    let few = format!("code,name\n{}A\0,b\n", "1,2\n".repeat(30));
    assert_eq!(detected(few.as_bytes()).encoding, TextEncoding::Utf8);
}

#[test]
fn without_a_mark_it_is_utf8_or_else_gb18030() {
    assert_eq!(detected(b"").encoding, TextEncoding::Utf8);
    assert_eq!(detected(b"a,b\n1,2").encoding, TextEncoding::Utf8);
    assert_eq!(
        detected("姓名\n张三".as_bytes()).encoding,
        TextEncoding::Utf8
    );
    assert_eq!(detected(VILLAGES).encoding, TextEncoding::Gb18030);
    assert_eq!(detected(RARE.as_bytes()).encoding, TextEncoding::Utf8);
    let declared = detect(RARE.as_bytes(), Some(TextEncoding::Gb18030)).expect("text");
    assert_eq!(declared.encoding, TextEncoding::Gb18030);
}

#[test]
fn a_few_bad_lines_do_not_turn_the_file() {
    let mut file = "张三,1\nascii\n".repeat(99).into_bytes();
    file.extend_from_slice(b"\xD5\xC5\xC8\xFD,2\n");
    let found = detected(&file);
    assert_eq!(found.encoding, TextEncoding::Utf8);
    assert_eq!((found.non_ascii_lines, found.not_utf8_lines), (100, 1));
    file.extend_from_slice(b"\xD5\xC5\xC8\xFD,2");
    assert_eq!(detected(&file).encoding, TextEncoding::Gb18030);
}

#[test]
fn characters_cut_by_the_chunk_are_whole() {
    for shift in 0..4 {
        let mut file = "x".repeat(shift).into_bytes();
        file.extend("䌷".repeat(CHUNK).into_bytes());
        let found = detected(&file);
        assert_eq!(
            (found.encoding, found.not_utf8_lines),
            (TextEncoding::Utf8, 0)
        );
    }
    let many = "甲,乙,丙丁\r\n".repeat(CHUNK / 8).into_bytes();
    assert_eq!(detected(&many).not_utf8_lines, 0);
}

#[test]
fn decoding_is_strict_and_names_the_place() {
    assert_eq!(
        TextEncoding::Utf8.decode(b"ab\xFFc"),
        Err(Undecodable { offset: 2 })
    );
    assert_eq!(
        TextEncoding::Gb18030.decode(b"\xD5\xC5,\xFF"),
        Err(Undecodable { offset: 3 })
    );
    assert_eq!(
        TextEncoding::Gb18030.decode(b"abc\x81"),
        Err(Undecodable { offset: 3 })
    );
    assert!(matches!(
        TextEncoding::Gb18030.decode(b"abc"),
        Ok(Cow::Borrowed("abc"))
    ));
    assert!(matches!(
        TextEncoding::Utf8.decode("张".as_bytes()),
        Ok(Cow::Borrowed("张"))
    ));
}

#[test]
fn real_rare_names_go_both_ways_unharmed() {
    let text = TextEncoding::Gb18030.decode(VILLAGES).expect("GB18030");
    let back = TextEncoding::Gb18030.encode(&text).expect("GB18030");
    assert_eq!(back.as_ref(), VILLAGES);
    let rows: Vec<&str> = text.split("\r\n").collect();
    let rare: Vec<&str> = RARE.lines().skip(1).collect();
    assert_eq!(rare.len(), 48);
    for row in rare {
        assert!(rows.contains(&row), "{row}");
        let bytes = TextEncoding::Gb18030.encode(row).expect("GB18030");
        assert_eq!(TextEncoding::Gb18030.decode(&bytes).expect("GB18030"), row);
    }
}

#[test]
fn boundaries_know_second_bytes() {
    // 亅 is 81 7C: its second byte is the code of a vertical bar.
    let bytes = b"\x81\x7C|a";
    assert!(!TextEncoding::Gb18030.is_character(bytes, 0, 1));
    assert!(TextEncoding::Gb18030.is_character(bytes, 0, 2));
    let text = "ab䌷村";
    assert_eq!(TextEncoding::Utf8.boundary(text.as_bytes(), 0, 4), 2);
}
