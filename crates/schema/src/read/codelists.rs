//! `codelists/<list>.csv`.

use std::collections::HashMap;

use record::{CompactString, PartialDate};

use super::SchemaFile;
use crate::{CodeEntry, CodeList, Mistake, SchemaError};

const HEADER: [&str; 7] = [
    "code",
    "name_zh",
    "name_en",
    "parent",
    "valid_from",
    "valid_to",
    "note",
];

pub(super) fn read(file: &SchemaFile) -> Result<CodeList, SchemaError> {
    let mut reader = csv::ReaderBuilder::new()
        .flexible(true)
        .from_reader(file.text.as_bytes());
    let header = reader.headers().map_err(|error| csv_error(file, &error))?;
    if header.is_empty()
        || header.len() > HEADER.len()
        || header.iter().ne(HEADER[..header.len()].iter().copied())
        || header.len() < 2
    {
        return Err(file.mistake(
            1,
            Mistake::Invalid {
                what: "header",
                value: header.iter().collect::<Vec<_>>().join(","),
                expected: HEADER.join(","),
            },
        ));
    }
    let mut list = CodeList {
        name: file.stem().to_string(),
        ..CodeList::default()
    };
    let mut lines = Vec::new();
    for row in reader.records() {
        let row = row.map_err(|error| csv_error(file, &error))?;
        let line = row
            .position()
            .map_or(0, |position| position.line() as usize);
        let entry = entry(file, line, &row)?;
        let place = list.entries.len() as u32;
        if list.codes.insert(entry.code.clone(), place).is_some() {
            return Err(file.mistake(
                line,
                Mistake::Duplicate {
                    what: "code",
                    name: entry.code.to_string(),
                },
            ));
        }
        list.entries.push(entry);
        lines.push(line);
    }
    check_parents(file, &list, &lines)?;
    list.names = names(&list.entries);
    Ok(list)
}

fn csv_error(file: &SchemaFile, error: &csv::Error) -> SchemaError {
    let line = error
        .position()
        .map_or(0, |position| position.line() as usize);
    file.mistake(line, Mistake::Form(error.to_string()))
}

fn entry(
    file: &SchemaFile,
    line: usize,
    row: &csv::StringRecord,
) -> Result<CodeEntry, SchemaError> {
    let cell = |place: usize| row.get(place).unwrap_or("").trim();
    let refuse = |what, value: &str, expected: &str| {
        let (value, expected) = (value.to_string(), expected.to_string());
        file.mistake(
            line,
            Mistake::Invalid {
                what,
                value,
                expected,
            },
        )
    };
    if row.len() > HEADER.len() {
        let count = row.len().to_string();
        return Err(refuse("number of cells", &count, "7 at most"));
    }
    for (place, what) in [(0, "code"), (1, "name_zh")] {
        if cell(place).is_empty() {
            return Err(refuse(what, "", "a text"));
        }
    }
    let date = |place: usize| match cell(place) {
        "" => Ok(None),
        text => text
            .parse::<PartialDate>()
            .map(Some)
            .map_err(|error| refuse(HEADER[place], text, &error.to_string())),
    };
    let (valid_from, valid_to) = (date(4)?, date(5)?);
    if let (Some(from), Some(to)) = (valid_from, valid_to)
        && to.first_day() <= from.first_day()
    {
        return Err(refuse("valid_to", cell(5), "a date after valid_from"));
    }
    let parent = cell(3);
    Ok(CodeEntry {
        code: cell(0).into(),
        name_zh: cell(1).into(),
        name_en: cell(2).into(),
        parent: (!parent.is_empty()).then(|| parent.into()),
        valid_from,
        valid_to,
        note: cell(6).into(),
    })
}

/// Every parent is in the list, and no code stands above itself.
fn check_parents(file: &SchemaFile, list: &CodeList, lines: &[usize]) -> Result<(), SchemaError> {
    for (entry, line) in list.entries.iter().zip(lines) {
        let Some(parent) = &entry.parent else {
            continue;
        };
        if !list.codes.contains_key(parent) {
            return Err(file.mistake(
                *line,
                Mistake::Missing {
                    what: "parent code",
                    name: parent.to_string(),
                    expected: String::new(),
                },
            ));
        }
        if list.ancestors(&entry.code).take(64).count() == 64 {
            return Err(file.mistake(
                *line,
                Mistake::Invalid {
                    what: "parent",
                    value: parent.to_string(),
                    expected: "a code that does not lie below this one".to_string(),
                },
            ));
        }
    }
    Ok(())
}

fn names(entries: &[CodeEntry]) -> HashMap<CompactString, u32> {
    let mut names = HashMap::new();
    let ended_last = |ended: bool| {
        (0u32..)
            .zip(entries)
            .filter(move |(_, entry)| entry.valid_to.is_some() == ended)
    };
    for (place, entry) in ended_last(false).chain(ended_last(true)) {
        names.entry(entry.name_zh.clone()).or_insert(place);
    }
    names
}
