//! Workbooks made to ask for too much.

use std::io::Write;

use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use super::*;

/// An archive with one part, written piece by piece.
fn walked(part: &str, pieces: impl IntoIterator<Item = String>) -> Result<Seen, String> {
    let file = tempfile::NamedTempFile::new().expect("a file");
    let mut writer = ZipWriter::new(file.reopen().expect("the file"));
    writer
        .start_file(part, SimpleFileOptions::default())
        .expect("a part");
    for piece in pieces {
        writer.write_all(piece.as_bytes()).expect("written");
    }
    writer.finish().expect("an archive");
    walk(file.path()).map_err(|error| error.to_string())
}

fn one(part: &str, xml: &str) -> Result<Seen, String> {
    walked(part, [xml.to_owned()])
}

/// A beginning, and so many times the same.
fn repeated(start: &str, piece: &str, times: usize) -> impl Iterator<Item = String> {
    let block = piece.repeat(1000);
    std::iter::once(start.to_owned()).chain(std::iter::repeat_n(block, times / 1000))
}

#[test]
fn what_a_sheet_has_is_seen() {
    let sheet = "<?xml version=\"1.0\"?><worksheet><sheetData><row r=\"1\"><c r=\"A1\"><v>1</v></c></row></sheetData></worksheet>";
    let seen = one("xl/worksheets/sheet1.xml", sheet).expect("sound");
    assert!(!seen.formulas && !seen.merged);
    let sheet = "\u{feff}<worksheet><sheetData><row><c><f>1+1</f><v>2</v></c></row></sheetData><mergeCells><mergeCell ref=\"A1:B1\"/></mergeCells></worksheet>";
    let seen = one("xl/worksheets/sheet1.xml", sheet).expect("sound");
    assert!(seen.formulas && seen.merged);
    assert!(one("xl/media/image1.png", "\u{89}PNG").is_ok());
}

#[test]
fn counts_that_the_file_only_claims_are_refused() {
    let said = |count: &str| {
        let xml = format!("<sst uniqueCount=\"{count}\"><si><t>a</t></si></sst>");
        one("xl/sharedStrings.xml", &xml)
    };
    assert!(said("1").is_ok());
    for count in ["99999999999999", "-1", "many"] {
        assert!(said(count).is_err(), "{count}");
    }
}

#[test]
fn nothing_small_may_be_large() {
    for (start, piece) in [
        ("<worksheet><sheetData><row><c><is><t>", "aaaaaaaaaaaaaaaa"),
        ("<worksheet><sheetData><row><c><is>", "<r><t>aaaaa</t></r>"),
        ("<sst><si>", "<r><t>aaaaaa</t></r>"),
        ("<sst><si><t a=\"", "aaaaaaaaaaaaaaaa"),
        ("<worksheet><!-- ", "<a>no element</a>"),
        ("<worksheet>", "                "),
    ] {
        let error = walked("xl/x.xml", repeated(start, piece, 400_000)).expect_err(piece);
        assert!(
            error.contains("'xl/x.xml' in the workbook is too large"),
            "{start}: {error}"
        );
    }
    let formats = repeated("<styleSheet><cellXfs>", "<xf/>", 200_000);
    assert!(walked("xl/styles.xml", formats).is_err());
    let picture = repeated("x", "aaaaaaaaaaaaaaaa", 2_000_000);
    assert!(walked("xl/media/a.png", picture).is_err_and(|error| error.contains("too large")));
}

#[test]
fn a_sheet_cannot_pass_for_the_table_of_texts() {
    for xml in [
        "<worksheet><sst uniqueCount=\"1\"/></worksheet>",
        "<worksheet><cellXfs/></worksheet>",
    ] {
        assert!(one("xl/sharedStrings.xml", xml).is_err());
    }
}

#[test]
fn a_bomb_of_rows_is_found() {
    let row = format!("<row/>{}", " ".repeat(8_000));
    let rows = repeated("<worksheet><sheetData>", &row, 10_000);
    let error = walked("xl/worksheets/sheet1.xml", rows).expect_err("a bomb");
    assert!(error.contains("bomb"), "{error}");
}
