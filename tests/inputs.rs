//! Files of every form, and what becomes of bad ones: each has a named outcome, and nothing is half
//! done.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use load::{LoadError, LoadOptions, LoadReport, Outcome, Quiet, RejectLimit};
use record::{Predicate, Value};
use register::{DataDirectory, Deadline, Embedded, Store, TimeScope};
use schema::Catalog;

use crate::city;
use crate::dirt::cells;

mod workbook;

use workbook::{Sheet, date, error, formula, number, row, six, text, texts, workbook};

/// Mappings of buildings: name, what stands before the first table.
const MAPPINGS: [(&str, &str); 4] = [
    ("plain", ""),
    ("compact", "date_formats = [\"%Y%m%d\"]"),
    ("named", "sheet = \"数据\""),
    ("whole", "scope = \"whole\""),
];

const HEADER: &str = "code,name,floors,height,completed,note";
const COLUMNS: [&str; 6] = ["code", "name", "floors", "height", "completed", "note"];

/// A store with these mappings, in a folder of its own.
struct Trial {
    folder: tempfile::TempDir,
    catalog: Arc<Catalog>,
    store: Embedded,
}

impl Trial {
    fn new() -> Trial {
        let folder = tempfile::tempdir().expect("a folder");
        let schemas = folder.path().join("schemas");
        copy(
            &Path::new(env!("CARGO_MANIFEST_DIR")).join("../schemas"),
            &schemas,
        );
        for (name, before) in MAPPINGS {
            let mut text = format!(
                "source = \"{name}\"\nlabel = {{ zh = \"试验\", en = \"Trial\" }}\n\
                 collection = \"building\"\ndepartment = \"statistics\"\nformat = \"csv\"\n\
                 ignore = [\"note\"]\n{before}\n"
            );
            for column in &COLUMNS[..5] {
                text += &format!("[[column]]\nheader = \"{column}\"\nfield = \"{column}\"\n");
            }
            let path = schemas.join(format!("spatial/sources/{name}.toml"));
            std::fs::write(path, text).expect("a mapping");
        }
        let catalog = Arc::new(Catalog::from_dir(&schemas).expect("schemas"));
        let directory =
            DataDirectory::create(&folder.path().join("data"), false).expect("a data directory");
        let (store, _) =
            Embedded::open(directory, catalog.clone(), city::registers(), &|_, _, _| {})
                .expect("a store");
        Trial {
            folder,
            catalog,
            store,
        }
    }

    fn file(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn try_load(&self, source: &str, path: &Path) -> Result<LoadReport, LoadError> {
        let options = LoadOptions {
            limit: RejectLimit::Percent(100.0),
            ..LoadOptions::default()
        };
        let source = self.catalog.source(source).expect("a source");
        let before = (self.store.view().transaction(), self.count());
        let result = load::load(&self.store, source, path, &options, &Quiet);
        if result.is_err() {
            let after = (self.store.view().transaction(), self.count());
            assert_eq!(
                after, before,
                "a file that was refused has changed something"
            );
        }
        result
    }

    fn load(&self, source: &str, bytes: &[u8]) -> LoadReport {
        let path = self.file("file.csv");
        std::fs::write(&path, bytes).expect("a file");
        let report = self.try_load(source, &path).expect("a load");
        assert!(report.counts.balance(), "{report:?}");
        // Reports are kept as JSON.
        let json = serde_json::to_string(&report).expect("JSON");
        let again: LoadReport = serde_json::from_str(&json).expect("a report");
        assert_eq!(again, report);
        report
    }

    /// Why a file is refused.
    fn refusal(&self, source: &str, bytes: &[u8]) -> String {
        let path = self.file("file.csv");
        std::fs::write(&path, bytes).expect("a file");
        let error = self.try_load(source, &path).expect_err("a refusal");
        error.to_string()
    }

    fn count(&self) -> u64 {
        let time = TimeScope::Present(register::today());
        self.store
            .view()
            .count("building", &Predicate::All, time, Deadline::NONE)
            .expect("a count")
    }

    fn properties(&self, code: &str) -> serde_json::Value {
        let time = TimeScope::Present(register::today());
        let found = self
            .store
            .view()
            .lookup("building", &[Value::text(code)], time)
            .expect("a look-up");
        let record = found.unwrap_or_else(|| panic!("no building {code}"));
        let mut body: serde_json::Value = serde_json::from_str(&record.body).expect("JSON");
        body["properties"].take()
    }
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).expect("a folder");
    for entry in std::fs::read_dir(from).expect("a folder").flatten() {
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), target).expect("a copy");
        }
    }
}

/// A file of this header and these rows.
fn table(rows: &[&str]) -> String {
    let rows: Vec<String> = rows.iter().map(|row| format!("{row}\n")).collect();
    format!("{HEADER}\n{}", rows.concat())
}

/// Rejected rows: line and code.
fn rejected(report: &LoadReport) -> Vec<(u64, String)> {
    let Some(path) = &report.rejects else {
        return Vec::new();
    };
    let bytes = std::fs::read(path).expect("a reject file");
    let text = String::from_utf8(bytes).expect("UTF-8");
    cells(text.trim_start_matches('\u{feff}'))[1..]
        .iter()
        .map(|row| {
            let [line, _, code, _] = &row[row.len() - 4..] else {
                panic!("four columns: {row:?}");
            };
            (line.parse().expect("a line"), code.clone())
        })
        .collect()
}

fn remarks(report: &LoadReport) -> BTreeMap<&str, u64> {
    let remarks = report.remarks.iter();
    remarks
        .map(|remark| {
            assert!(!remark.zh.is_empty() && !remark.en.is_empty());
            (remark.code.as_str(), remark.count)
        })
        .collect()
}

#[test]
fn bad_rows_have_named_outcomes() {
    let trial = Trial::new();
    let file = table(&[
        "A1,甲,3,1.5,2024-02-29,",
        "A2,乙,3,1.5,2024-02-30,",
        "A3,丙,3,1.5,2024-02-28,x,y",
        "A4,丁,１２,３．５,２０２４-02-28,",
        "A5,\u{E5E6}\u{F0000}名,3,1.5,2024-02-28,",
        "A6,\"open,3,1.5,2024-02-28,",
        "A7,nul\0l,3,1.5,2024-02-28,",
        " A8 ,\u{3000}e\u{301},3,1.5,2024-02-28,",
        "A9,壬,3,1.1E+17,2024-02-28,",
    ]);
    let report = trial.load("plain", file.as_bytes());
    let expected = [
        (3, "no-such-day"),
        (4, "column-count"),
        (7, "unclosed-quote"),
        (8, "text-control-character"),
        (10, "not-a-number"),
    ];
    assert_eq!(
        rejected(&report),
        expected.map(|(line, code)| (line, code.to_owned()))
    );
    let normalised = [("composed", 1), ("half-width", 3), ("trimmed", 2)];
    assert_eq!(
        report.normalised,
        normalised
            .map(|(kind, count)| (kind.to_owned(), count))
            .into()
    );
    assert_eq!(remarks(&report), [("private-use-characters", 1)].into());
    assert_eq!(
        (report.format.as_str(), report.encoding.as_str()),
        ("csv", "UTF-8")
    );
    let wide = trial.properties("A4");
    assert_eq!(
        (&wide["floors"], wide["height"].to_string().as_str()),
        (&12.into(), "3.5")
    );
    assert_eq!(wide["completed"], "2024-02-28");
    assert_eq!(trial.properties("A5")["name"], "\u{E5E6}\u{F0000}名");
    assert_eq!(trial.properties("A8")["name"], "é");
}

#[test]
fn bad_files_are_refused_by_name() {
    let trial = Trial::new();
    let columns = vec!["c"; 1_000_000].join(",");
    let few = format!("{},{}", HEADER, vec!["x"; 4_091].join(","));
    let utf16: Vec<u8> = table(&["A1,甲,3,,,"])
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    let renamed = table(&["A1,甲,3,,,"]).replace("completed", "complete");
    for (bytes, what) in [
        (columns.as_bytes(), "at most 4096 columns"),
        (few.as_bytes(), "4097 columns"),
        (renamed.as_bytes(), "is 'complete' meant to be 'completed'?"),
        (
            b"code,name,floors,height,completed,note,extra\n",
            "does not name (映射中没有的列): extra",
        ),
        (b"code,name,name,floors,height,completed\n", "two columns"),
        (&utf16, "UTF-16 without a byte order mark"),
        (b"", "the file is empty"),
        (b"\xEF\xBB\xBF", "the file is empty"),
        (b"\xFF\xFE", "the file is empty"),
        (b"\n\n", "the file is empty"),
        (b"code,\"name\n1,2\n", "a quote is not closed"),
        (&[0; 4096], "binary data"),
        (b"\xD0\xCF\x11\xE0\xA1\xB1", "old (.xls) or encrypted"),
        (b"\xFF\xFEc\0o", "cut off"),
    ] {
        let error = trial.refusal("plain", bytes);
        assert!(error.contains(what), "{what}: {error}");
    }
    assert_eq!(trial.count(), 0);
    // A header alone is nothing, unless it would end everything.
    let header = format!("{HEADER}\n");
    let report = trial.load("plain", header.as_bytes());
    assert_eq!(report.outcome, Outcome::Unchanged);
    assert_eq!(remarks(&report), [("no-data-rows", 1)].into());
    trial.load("whole", table(&["A1,甲,3,,,", "A2,乙,4,,,"]).as_bytes());
    let error = trial.refusal("whole", header.as_bytes());
    assert!(error.contains("would end everything"), "{error}");
    assert_eq!(trial.count(), 2);
}

#[test]
fn a_line_of_a_gigabyte_is_one_rejected_row() {
    let trial = Trial::new();
    let path = trial.file("long.csv");
    let mut file = File::create(&path).expect("a file");
    // The first megabyte tells that this is text; the line itself is a hole in the file.
    let filler = "x".repeat(500);
    let rows: Vec<String> = (0..2_500)
        .map(|row| format!("A{row},{filler},3,,,\n"))
        .collect();
    file.write_all(format!("{HEADER}\n{}B,", rows.concat()).as_bytes())
        .expect("written");
    file.seek(SeekFrom::Current(1 << 30)).expect("a hole");
    file.write_all("\nC,丙,3,,,\n".as_bytes()).expect("written");
    let report = trial.try_load("plain", &path).expect("a load");
    assert_eq!(rejected(&report), [(2_502, "too-long".to_owned())]);
    assert_eq!(report.counts.inserted, 2_501);
    let rejects = std::fs::metadata(report.rejects.expect("a reject file")).expect("it");
    assert!(rejects.len() < 4_096, "{} bytes", rejects.len());
    assert_eq!(trial.properties("C")["name"], "丙");
}

/// A city's buildings as a workbook: the rows of [`SOUND`].
fn sound() -> Vec<String> {
    vec![
        texts(&COLUMNS),
        row(&[
            six("101"),
            text("甲, \"乙\"\n丙"),
            number("3"),
            number("1.5"),
            date("45351"),
            text(""),
        ]),
        row(&[]),
        row(&[
            text("A2"),
            text("丁"),
            text(""),
            number("0.30000000000000004"),
            date("45352"),
            text(""),
        ]),
        row(&[number("123456789012345"), text("é"), number("12"), text("")]),
    ]
}

const SOUND: &str = "code,name,floors,height,completed,note\n\
    000101,\"甲, \"\"乙\"\"\n丙\",3,1.5,20240229,\n\
    A2,丁,,0.3,20240301,\n\
    123456789012345,é,12,,,\n";

#[test]
fn a_workbook_says_what_its_csv_says() {
    for source in ["plain", "compact"] {
        let trial = Trial::new();
        let report = trial.load(source, &workbook(&[Sheet::new("Sheet1", sound())]));
        assert_eq!(report.outcome, Outcome::Published, "{report:?}");
        assert_eq!(
            (report.format.as_str(), report.counts.inserted),
            ("xlsx", 3)
        );
        assert_eq!(report.remarks, []);
        // The default forms of dates have this one too.
        let again = trial.load(source, SOUND.as_bytes());
        assert_eq!(
            (again.outcome, again.counts.unchanged),
            (Outcome::Unchanged, 3),
            "{again:?}"
        );
    }
}

#[test]
fn what_excel_has_damaged_is_refused_row_by_row() {
    let trial = Trial::new();
    let rows = vec![
        texts(&COLUMNS),
        row(&[number("110101199003070011"), text("甲")]),
        row(&[text("A2"), error("#REF!")]),
        row(&[text("A3"), text("丙"), text(""), text(""), date("9999999")]),
        row(&[
            text("A4"),
            text("丁"),
            text(""),
            text(""),
            text(""),
            error("#N/A"),
        ]),
        row(&[
            text("A5"),
            text("戊"),
            text(""),
            text(""),
            text(""),
            text(""),
            text("x"),
        ]),
        row(&[text("A6"), text("己"), text(""), number("1e17")]),
    ];
    let report = trial.load("plain", &workbook(&[Sheet::new("Sheet1", rows)]));
    let expected = [
        (2, "excel-digits-lost"),
        (3, "excel-error"),
        (4, "excel-date"),
        (6, "column-count"),
        (7, "excel-digits-lost"),
    ];
    assert_eq!(
        rejected(&report),
        expected.map(|(line, code)| (line, code.to_owned()))
    );
    assert_eq!(trial.properties("A4")["name"], "丁");
    let path = report.rejects.expect("a reject file");
    let text = std::fs::read_to_string(&path).expect("UTF-8");
    assert!(text.starts_with('\u{feff}') && text.ends_with("\r\n"));
    let message = text.lines().nth(1).expect("a row");
    assert_eq!(message.matches("1101011990030700").count(), 1, "{message}");
    assert!(text.contains("A2,#REF!,"), "{text}");
    // Mended, it comes back as a CSV of the same source.
    let mended = text
        .replace("110101199003070016", "110101199003070011")
        .replace("#REF!", "乙")
        .replace("9999999", "2024-03-01")
        .replace("A5,戊,,,,\",x\"", "A5,戊,,,,")
        .replace("100000000000000000", "17");
    let report = trial.load("plain", mended.as_bytes());
    assert_eq!((report.counts.inserted, report.rejects), (5, None));
    assert_eq!(trial.properties("110101199003070011")["name"], "甲");
}

#[test]
fn formulas_count_by_their_last_value() {
    let trial = Trial::new();
    let rows = |value: &str| {
        vec![
            texts(&COLUMNS),
            row(&[text("A1"), text("甲"), formula("1+2", value)]),
            row(&[
                text("A2"),
                formula("\"b\"&1", "<v></v>").replace("<c>", "<c t=\"str\">"),
            ]),
        ]
    };
    let report = trial.load("plain", &workbook(&[Sheet::new("S", rows("<v>3</v>"))]));
    assert_eq!(remarks(&report), [("formula-values", 2)].into());
    assert_eq!(trial.properties("A1")["floors"], 3);
    let error = trial.refusal("plain", &workbook(&[Sheet::new("S", rows(""))]));
    assert!(
        error.contains("cell C2 of sheet 'S' is a formula"),
        "{error}"
    );
}

#[test]
fn merged_cells_among_the_rows_are_refused() {
    let trial = Trial::new();
    let merged = |after: &'static str| {
        let mut sheet = Sheet::new("楼", sound());
        sheet.after = after;
        workbook(&[sheet])
    };
    for (after, range) in [
        (
            "<mergeCells><mergeCell ref=\"A1:B1\"/></mergeCells>",
            "A1:B1",
        ),
        (
            "<mergeCells><mergeCell ref=\"C9:C9\"/><mergeCell ref=\"B2:B4\"/></mergeCells>",
            "B2:B4",
        ),
    ] {
        let error = trial.refusal("plain", &merged(after));
        assert!(
            error.contains(&format!("cells {range} of sheet '楼'")),
            "{error}"
        );
    }
    let beside = "<mergeCells><mergeCell ref=\"H1:J9\"/></mergeCells>";
    assert_eq!(trial.load("plain", &merged(beside)).counts.inserted, 3);
}

#[test]
fn a_workbook_has_one_sheet_with_data() {
    let trial = Trial::new();
    let empty = || Sheet::new("空", vec![texts(&["", " "])]);
    let hidden = Sheet {
        hidden: true,
        ..Sheet::new("旧", sound())
    };
    let report = trial.load(
        "plain",
        &workbook(&[empty(), hidden, Sheet::new("数据", sound())]),
    );
    assert_eq!(report.counts.inserted, 3);
    assert_eq!(remarks(&report), [("hidden-sheets", 1)].into());
    assert!(report.remarks[0].en.contains("旧"), "{:?}", report.remarks);
    let two = workbook(&[
        Sheet::new("说明", vec![texts(&["x"])]),
        Sheet::new("数据", sound()),
    ]);
    let error = trial.refusal("plain", &two);
    assert!(error.contains("说明, 数据"), "{error}");
    let named = trial.load("named", &two).counts;
    assert_eq!((named.read, named.rejected), (3, 0));
    let error = trial.refusal("named", &workbook(&[Sheet::new("表", sound())]));
    assert!(error.contains("no sheet '数据'"), "{error}");
    let error = trial.refusal("plain", &workbook(&[empty()]));
    assert!(error.contains("no visible sheet"), "{error}");
    // Of unlike name and content, the content counts.
    let book = workbook(&[Sheet::new("数据", sound())]);
    std::fs::write(trial.file("file.txt.gz"), &book).expect("a file");
    let report = trial
        .try_load("plain", &trial.file("file.txt.gz"))
        .expect("a load");
    assert_eq!(report.format, "xlsx");
}

/// Bytes with every occurrence of some replaced.
fn replaced(bytes: &[u8], from: &[u8], to: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    let mut rest = bytes;
    while let Some(at) = rest.windows(from.len()).position(|part| part == from) {
        out.extend_from_slice(&rest[..at]);
        out.extend_from_slice(to);
        rest = &rest[at + from.len()..];
    }
    out.extend_from_slice(rest);
    out
}

/// Makes sure that a reject file has these bytes of a header and of rows, in this order.
fn assert_rows_kept(file: &[u8], header: &[u8], rows: &[&[u8]], line_end: &[u8]) {
    let starts_with_header = file
        .windows(header.len())
        .take(4)
        .any(|part| part == header);
    assert!(starts_with_header, "the header is not as it was");
    let mut place = 0;
    for row in rows {
        let at = file[place..]
            .windows(row.len())
            .position(|part| part == *row);
        place += at.expect("the row as it was") + row.len();
    }
    assert!(file.ends_with(line_end));
}

#[test]
fn rejects_in_gb18030_are_kept_byte_for_byte() {
    let trial = Trial::new();
    // Characters of four bytes, of which the second may be a digit and the fourth too; quotes; a line
    // end within quotes; bytes that are no text.
    let encoded = |text: &str| encoding_rs::GB18030.encode(text).0.into_owned();
    let rows: [Vec<u8>; 4] = [
        encoded("A1,\"𠮷\"\"㐂\"\"\r\n,龦\",x,,,"),
        encoded("A2,\"丁\",x,\"1,5\",,\u{E000}"),
        [b"A3,".to_vec(), vec![0x81, 0x20], b",x,,,".to_vec()].concat(),
        encoded("A4,㐀㐁,x,,,"),
    ];
    let mut file = encoded(HEADER);
    for row in &rows {
        file.extend_from_slice(b"\r\n");
        file.extend_from_slice(row);
    }
    file.extend_from_slice(b"\r\nA5,e,3,,,\r\n");
    let report = trial.load("plain", &file);
    assert_eq!(
        (report.encoding.as_str(), report.counts.rejected),
        ("GB18030", 4)
    );
    let rejects = std::fs::read(report.rejects.expect("a reject file")).expect("it");
    let kept: Vec<&[u8]> = rows.iter().map(Vec::as_slice).collect();
    assert_rows_kept(&rejects, &encoded(HEADER), &kept, b"\r\n");
    let mut mended = rejects;
    for (from, to) in [
        (&b",x,"[..], &b",7,"[..]),
        (b"\x81\x20", b"c"),
        (b"\"1,5\"", b"1.5"),
    ] {
        mended = replaced(&mended, from, to);
    }
    let report = trial.load("plain", &mended);
    assert_eq!((report.counts.inserted, report.rejects), (4, None));
    assert_eq!(trial.properties("A1")["name"], "𠮷\"㐂\"\r\n,龦");
    assert_eq!(trial.properties("A4")["name"], "㐀㐁");
}

#[test]
fn rejects_in_utf_16_are_kept_byte_for_byte() {
    for (name, unit) in [
        ("UTF-16LE", u16::to_le_bytes as fn(u16) -> [u8; 2]),
        ("UTF-16BE", u16::to_be_bytes),
    ] {
        let trial = Trial::new();
        let encoded = |text: &str| text.encode_utf16().flat_map(unit).collect::<Vec<u8>>();
        let lone = [encoded("A3,"), unit(0xD842).to_vec(), encoded(",x,,,")].concat();
        let rows = [
            encoded("A1,\"𠮷\"\"㐂\"\"\r\n,龦\",x,,,"),
            encoded("A2,丁\u{FFFD},3,,,"),
            lone,
        ];
        let mut file = [unit(0xFEFF).to_vec(), encoded(HEADER)].concat();
        for row in &rows {
            file.extend(encoded("\r\n"));
            file.extend_from_slice(row);
        }
        file.extend(encoded("\r\nA5,戊,3,,,\r\n"));
        let report = trial.load("plain", &file);
        assert_eq!(
            (report.encoding.as_str(), report.counts.inserted),
            (name, 1)
        );
        let codes: Vec<&String> = report.problems.keys().collect();
        assert_eq!(
            codes,
            ["not-a-number", "text-lost-character", "undecodable"]
        );
        assert_eq!(report.counts.rejected, 3, "{report:?}");
        let rejects = std::fs::read(report.rejects.expect("a reject file")).expect("it");
        assert!(rejects.starts_with(&unit(0xFEFF)));
        let kept: Vec<&[u8]> = rows.iter().map(Vec::as_slice).collect();
        assert_rows_kept(&rejects, &encoded(HEADER), &kept, &encoded("\r\n"));
        // Mended but for the last, they come back in the same encoding.
        let mended = replaced(&rejects, &encoded("1,\"𠮷"), &encoded("1,\"𠮶"));
        let mended = replaced(&mended, &encoded("龦\",x,"), &encoded("龦\",7,"));
        let mended = replaced(&mended, &unit(0xFFFD), &encoded("c"));
        let report = trial.load("plain", &mended);
        assert_eq!(report.counts.inserted, 2, "{report:?}");
        assert_eq!(report.counts.rejected, 1, "{report:?}");
        assert_eq!(trial.properties("A1")["name"], "𠮶\"㐂\"\r\n,龦");
        assert_eq!(trial.properties("A2")["name"], "丁c");
    }
}
