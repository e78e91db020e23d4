//! The splitter against a table of cases, against the `csv` crate, and against csv-spectrum.

use std::borrow::Cow;
use std::path::Path;

use proptest::prelude::*;

use super::*;
use crate::fields::fields;

/// A reader that gives few bytes at a time.
struct Trickle<'a>(&'a [u8], usize);

impl Read for Trickle<'_> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let count = self.1.min(out.len()).min(self.0.len());
        out[..count].copy_from_slice(&self.0[..count]);
        self.0 = &self.0[count..];
        Ok(count)
    }
}

fn dialect(delimiter: u8) -> Dialect {
    Dialect {
        delimiter,
        comment: None,
        encoding: TextEncoding::Utf8,
    }
}

type Found = (u64, String, Option<Fault>);

fn records_of(reader: impl Read, dialect: Dialect) -> Vec<Found> {
    let mut splitter = Splitter::new(reader, dialect);
    let mut all = Vec::new();
    while let Some(batch) = splitter.next_batch().expect("readable") {
        assert!(!batch.records.is_empty());
        for record in &batch.records {
            let raw = String::from_utf8_lossy(batch.raw(record)).into_owned();
            all.push((record.line, raw, record.fault));
        }
    }
    all
}

fn split(text: &str) -> Vec<Found> {
    let found = records_of(text.as_bytes(), dialect(b','));
    let slowly = records_of(Trickle(text.as_bytes(), 1), dialect(b','));
    assert_eq!(found, slowly);
    found
}

fn sound(rows: &[(u64, &str)]) -> Vec<Found> {
    rows.iter()
        .map(|(line, raw)| (*line, (*raw).to_owned(), None))
        .collect()
}

#[test]
fn every_line_end_counts() {
    assert_eq!(
        split("a\nb\r\nc\rd"),
        sound(&[(1, "a"), (2, "b"), (3, "c"), (4, "d")])
    );
    assert_eq!(split("\n\r\n\ra\n\n\nb\r"), sound(&[(4, "a"), (7, "b")]));
    assert_eq!(
        split("\"x\r\ny\rz\",1\nb"),
        sound(&[(1, "\"x\r\ny\rz\",1"), (4, "b")])
    );
    assert_eq!(split(""), sound(&[]));
    assert_eq!(split("\n\n"), sound(&[]));
    let mut splitter = Splitter::new(&b"a\r\nb\n"[..], dialect(b','));
    assert!(splitter.next_record().expect("readable").is_some());
    assert_eq!(splitter.line_end(), Some(LineEnd::CrLf));
    let rest = splitter.next_batch().expect("readable").expect("one more");
    assert_eq!((rest.first_line, rest.records[0].line), (2, 2));
}

#[test]
fn comments_are_skipped_but_counted() {
    let commented = Dialect {
        comment: Some(b'#'),
        ..dialect(b',')
    };
    let found = records_of(&b"# a \"quote\n#\na,#b\n#end"[..], commented);
    assert_eq!(found, sound(&[(3, "a,#b")]));
}

#[test]
fn broken_quotes_do_not_swallow_the_file() {
    let broken = |line: u64, raw: &str| (line, raw.to_owned(), Some(Fault::UnclosedQuote));
    let good = |line: u64, raw: &str| (line, raw.to_owned(), None);
    assert_eq!(
        split("h,i\n1,\"open\n2,b\n3,c\n"),
        vec![
            good(1, "h,i"),
            broken(2, "1,\"open"),
            good(3, "2,b"),
            good(4, "3,c")
        ]
    );
    assert_eq!(
        split("1,\"ab\"c,2\r\n2,b\r\n"),
        vec![broken(1, "1,\"ab\"c,2"), good(2, "2,b")]
    );
    assert_eq!(
        split("1,\"open\n2,\"shut\",x\n3,\"a\nb\"\n4"),
        vec![
            broken(1, "1,\"open"),
            good(2, "2,\"shut\",x"),
            good(3, "3,\"a\nb\""),
            good(5, "4")
        ]
    );
    assert_eq!(split("a,b\"c\"\n"), vec![good(1, "a,b\"c\"")]);
    assert_eq!(split("x,\""), vec![broken(1, "x,\"")]);
}

#[test]
fn a_quote_open_for_a_megabyte_costs_one_line() {
    let mut text = String::from("1,\"open\n");
    for row in 0..200_000 {
        text.push_str(&format!("{row},text\n"));
    }
    let found = records_of(text.as_bytes(), dialect(b','));
    assert_eq!(found.len(), 200_001);
    assert_eq!(found[0].2, Some(Fault::UnclosedQuote));
    assert_eq!(found[200_000], (200_001, "199999,text".to_owned(), None));
}

#[test]
fn endless_open_quotes_stay_affordable() {
    // Read from any line's start, all of what follows is one quoted field after the other.
    let text = "x\",a,\"\n".repeat(60_000);
    let found = records_of(text.as_bytes(), dialect(b','));
    assert_eq!(found.len(), 60_000);
    assert!(found.iter().all(|record| record.2.is_some()));
}

#[test]
fn lines_without_end_are_cut_and_passed() {
    for filler in ["x", "\"x\"\"", "张"] {
        let mut text = String::from("a,b\n1,");
        text.push_str(&filler.repeat(3 * RECORD_LIMIT / filler.len()));
        text.push_str("\r\n2,b\n");
        let found = records_of(text.as_bytes(), dialect(b','));
        assert_eq!(found.len(), 3);
        assert_eq!((found[1].0, found[1].2), (2, Some(Fault::TooLong)));
        assert!(found[1].1.len() <= KEPT_OF_TOO_LONG && !found[1].1.contains('\u{FFFD}'));
        assert_eq!(found[2], (3, "2,b".to_owned(), None));
    }
    let endless = io::Read::take(io::repeat(b'x'), 64 << 20);
    assert_eq!(records_of(endless, dialect(b',')).len(), 1);
}

/// A row, ten gigabytes of one line, and another row; nothing of it exists before it is read.
struct Endless {
    left: u64,
    after: &'static [u8],
}

impl Read for Endless {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        if self.left == 0 {
            return self.after.read(out);
        }
        let count = out
            .len()
            .min(usize::try_from(self.left).unwrap_or(usize::MAX));
        out[..count].fill(b'x');
        self.left -= count as u64;
        Ok(count)
    }
}

#[test]
fn a_line_of_ten_gigabytes_is_one_rejected_row_in_two_megabytes() {
    let long = Endless {
        left: 10 << 30,
        after: b",y\n3,c\n",
    };
    let mut splitter = Splitter::new((&b"a,b\n1,\"open\n"[..]).chain(long), dialect(b','));
    let mut found = Vec::new();
    let mut batch = Batch::default();
    while splitter.next_batch_into(&mut batch).expect("readable") {
        let held = splitter.held() + batch.bytes.capacity();
        assert!(held <= 5 * RECORD_LIMIT, "{held} bytes are held");
        found.extend(
            batch
                .records
                .iter()
                .map(|record| (record.line, record.fault)),
        );
    }
    let expected = [
        (1, None),
        (2, Some(Fault::UnclosedQuote)),
        (3, Some(Fault::TooLong)),
        (4, None),
    ];
    assert_eq!(found, expected);
}

#[test]
fn second_bytes_of_characters_are_no_delimiters() {
    // 81 7C is one character; the quote after it is text.
    let bars = Dialect {
        delimiter: b'|',
        comment: None,
        encoding: TextEncoding::Gb18030,
    };
    let mut splitter = Splitter::new(&b"\x81\x7C\"a|b\nc|\"d\"\n"[..], bars);
    let batch = splitter.next_batch().expect("readable").expect("records");
    assert_eq!(batch.records.len(), 2);
    assert!(batch.records.iter().all(|record| record.fault.is_none()));
}

#[test]
fn csv_spectrum_is_read_as_it_is_meant() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/messy/csv-spectrum");
    let mut seen = 0;
    for entry in std::fs::read_dir(folder.join("csvs")).expect("the fixtures") {
        let path = entry.expect("an entry").path();
        let name = path
            .file_stem()
            .and_then(|stem| stem.to_str())
            .expect("a name")
            .to_owned();
        let bytes = std::fs::read(&path).expect("a file");
        let rows: Vec<Vec<String>> = records_of(&bytes[..], dialect(b','))
            .into_iter()
            .map(|(_, raw, fault)| {
                assert_eq!(fault, None, "{name}");
                fields_of(&raw)
            })
            .collect();
        let truth = std::fs::read(folder.join("json").join(format!("{name}.json")));
        let truth = String::from_utf8_lossy(&truth.expect("the truth")).into_owned();
        let truth: serde_json::Value = serde_json::from_str(&truth).expect("JSON");
        let objects = match truth {
            serde_json::Value::Array(rows) => rows,
            one => vec![one],
        };
        assert_eq!(rows.len(), objects.len() + 1, "{name}");
        for (row, object) in rows[1..].iter().zip(&objects) {
            assert_eq!(
                row.len(),
                object.as_object().expect("an object").len(),
                "{name}"
            );
            for (header, cell) in rows[0].iter().zip(row) {
                // The truth of this one has other values than its CSV: see fixtures/messy/README.md.
                if name != "location_coordinates" {
                    assert_eq!(object[header.as_str()], cell.as_str(), "{name}");
                }
            }
        }
        seen += 1;
    }
    assert_eq!(seen, 12);
}

fn fields_of(raw: &str) -> Vec<String> {
    let mut found = Vec::new();
    fields(raw, b',', &mut found);
    found.into_iter().map(Cow::into_owned).collect()
}

fn table() -> impl Strategy<Value = Vec<Vec<String>>> {
    let cell = prop_oneof![
        "[a-z0-9]{0,6}",
        "[甲乙丙 ,\"\r\n]{0,5}",
        Just(String::new()),
        Just("\"".to_owned()),
    ];
    (1usize..5).prop_flat_map(move |width| {
        prop::collection::vec(prop::collection::vec(cell.clone(), width), 1..12)
    })
}

proptest! {
    #[test]
    fn agrees_with_the_csv_crate(rows in table(), crlf in any::<bool>(), step in 1usize..9) {
        let mut writer = csv::WriterBuilder::new()
            .terminator(if crlf { csv::Terminator::CRLF } else { csv::Terminator::Any(b'\n') })
            .from_writer(Vec::new());
        for row in &rows {
            writer.write_record(row).expect("a row");
        }
        let text = String::from_utf8(writer.into_inner().expect("a buffer")).expect("UTF-8");
        let expected: Vec<(u64, Vec<String>)> = csv::ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .from_reader(text.as_bytes())
            .records()
            .map(|record| record.expect("well formed"))
            .map(|record| (0, record.iter().map(str::to_owned).collect()))
            .collect();
        let found = records_of(Trickle(text.as_bytes(), step), dialect(b','));
        prop_assert!(found.iter().all(|record| record.2.is_none()));
        let fields: Vec<(u64, Vec<String>)> =
            found.iter().map(|record| (0, fields_of(&record.1))).collect();
        prop_assert_eq!(&fields, &expected);
        // The line of a record is one more than the line ends before it.
        let mut offset = 0;
        for (line, raw, _) in &found {
            let at = offset + text[offset..].find(raw.as_str()).expect("in the text");
            let before = text[..at].replace("\r\n", "\n").replace('\r', "\n");
            prop_assert_eq!(*line, 1 + before.matches('\n').count() as u64);
            offset = at + raw.len();
        }
    }

    #[test]
    fn no_line_is_lost_whatever_comes(bytes in prop::collection::vec(
        prop::sample::select(&b"a,\"\n\r"[..]), 0..80)) {
        let found = records_of(&bytes[..], dialect(b','));
        let slowly = records_of(Trickle(&bytes, 1), dialect(b','));
        prop_assert_eq!(&found, &slowly);
        let kept: usize = found.iter().map(|record| letters(record.1.as_bytes())).sum();
        prop_assert_eq!(kept, letters(&bytes));
        prop_assert!(found.windows(2).all(|pair| pair[0].0 < pair[1].0));
    }
}

fn letters(bytes: &[u8]) -> usize {
    bytes
        .iter()
        .filter(|byte| !matches!(byte, b'\n' | b'\r'))
        .count()
}
