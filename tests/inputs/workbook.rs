//! Workbooks made by hand, part by part: also such as Excel would not write.

use std::io::{Cursor, Write};

use zip::ZipWriter;
use zip::write::SimpleFileOptions;

/// A sheet: its name, whether it is hidden, its rows, what follows them.
pub struct Sheet {
    /// Its name.
    pub name: &'static str,
    /// It is hidden.
    pub hidden: bool,
    /// Its rows, as XML.
    pub rows: Vec<String>,
    /// What follows `sheetData`.
    pub after: &'static str,
}

impl Sheet {
    /// A visible sheet.
    pub fn new(name: &'static str, rows: Vec<String>) -> Sheet {
        Sheet {
            name,
            hidden: false,
            rows,
            after: "",
        }
    }
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('"', "&quot;")
}

/// A row of cells.
pub fn row(cells: &[String]) -> String {
    format!("<row>{}</row>", cells.concat())
}

/// A row of texts.
pub fn texts(cells: &[&str]) -> String {
    row(&cells.iter().map(|cell| text(cell)).collect::<Vec<_>>())
}

/// A cell with a text; an empty one where it is empty.
pub fn text(text: &str) -> String {
    if text.is_empty() {
        return "<c/>".to_owned();
    }
    let text = escaped(text);
    format!("<c t=\"inlineStr\"><is><t xml:space=\"preserve\">{text}</t></is></c>")
}

/// A number, as it stands in the file.
pub fn number(digits: &str) -> String {
    format!("<c><v>{digits}</v></c>")
}

/// A number shown with six digits.
pub fn six(digits: &str) -> String {
    format!("<c s=\"2\"><v>{digits}</v></c>")
}

/// A date, by its serial number.
pub fn date(serial: &str) -> String {
    format!("<c s=\"1\"><v>{serial}</v></c>")
}

/// A formula with the value that was last computed.
pub fn formula(formula: &str, value: &str) -> String {
    let formula = escaped(formula);
    format!("<c><f>{formula}</f>{value}</c>")
}

/// An error value.
pub fn error(value: &str) -> String {
    format!("<c t=\"e\"><v>{value}</v></c>")
}

const RELATIONS: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";

/// The bytes of a workbook.
pub fn workbook(sheets: &[Sheet]) -> Vec<u8> {
    let mut parts = vec![
        ("[Content_Types].xml".to_owned(), "<Types/>".to_owned()),
        (
            "_rels/.rels".to_owned(),
            format!(
                "<Relationships><Relationship Id=\"r\" Type=\"{RELATIONS}/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>"
            ),
        ),
        (
            "xl/styles.xml".to_owned(),
            "<styleSheet><numFmts count=\"1\"><numFmt numFmtId=\"164\" formatCode=\"000000\"/></numFmts>\
             <cellXfs count=\"3\"><xf numFmtId=\"0\"/><xf numFmtId=\"14\"/><xf numFmtId=\"164\"/></cellXfs></styleSheet>"
                .to_owned(),
        ),
    ];
    let (mut listed, mut related) = (String::new(), String::new());
    for (place, sheet) in sheets.iter().enumerate() {
        let state = if sheet.hidden { "hidden" } else { "visible" };
        let name = escaped(sheet.name);
        listed += &format!(
            "<sheet name=\"{name}\" sheetId=\"{place}\" state=\"{state}\" r:id=\"r{place}\"/>"
        );
        related += &format!(
            "<Relationship Id=\"r{place}\" Type=\"{RELATIONS}/worksheet\" Target=\"worksheets/sheet{place}.xml\"/>"
        );
        let xml = format!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?><worksheet><sheetData>{}</sheetData>{}</worksheet>",
            sheet.rows.concat(),
            sheet.after
        );
        parts.push((format!("xl/worksheets/sheet{place}.xml"), xml));
    }
    parts.push((
        "xl/workbook.xml".to_owned(),
        format!("<workbook xmlns:r=\"{RELATIONS}\"><sheets>{listed}</sheets></workbook>"),
    ));
    parts.push((
        "xl/_rels/workbook.xml.rels".to_owned(),
        format!("<Relationships>{related}</Relationships>"),
    ));
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, xml) in parts {
        writer
            .start_file(name, SimpleFileOptions::default())
            .expect("a part");
        writer.write_all(xml.as_bytes()).expect("written");
    }
    writer.finish().expect("a workbook").into_inner()
}
