//! When each region code of GB/T 2260 was in use: provinces, cities and counties since 1980.
//!
//! The table is the code list `region-history` (`schemas/codelists/region-history.csv`): one row a
//! code, with the years it is known to have begun and ended, and the codes that took its place in the
//! note. It unites the current lists of the National Bureau of Statistics (2023) and of the Ministry
//! of Civil Affairs (2026) with the codes of the change events of 1980 to 2026; see
//! `fixtures/divisions/README.md` for how it was compiled.
//!
//! **How far to trust it.** Only years are known. The codes of the country were renumbered several
//! times before 1984, and events of that time are noisy: a code that ever occurred is known, and its
//! beginning is for information only. So the one question that is answered firmly is whether a code
//! was given up before a certain year, and in doubt the answer is no.

use std::sync::LazyLock;

use record::{CompactString, Day};
use schema::CodeList;

const EMBEDDED: &str = include_str!("../../../schemas/codelists/region-history.csv");

/// A region code and what is known of its time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Region {
    /// The six digits.
    pub code: CompactString,
    /// The name it bore last.
    pub name: CompactString,
    /// The year in which it is known to have begun.
    pub valid_from: Option<i16>,
    /// The year in which it ended: it was in use for some part of it.
    pub valid_to: Option<i16>,
    /// The code that took its place, or several parted by `;`, or nothing.
    pub successor: CompactString,
}

/// A row of the table cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {what} '{value}' is not {expected}")]
pub struct RegionHistoryError {
    /// The line, from 1.
    pub line: usize,
    /// The column.
    pub what: &'static str,
    /// What was found.
    pub value: String,
    /// What was expected.
    pub expected: &'static str,
}

/// The regions, by code.
#[derive(Clone, Debug, Default)]
pub struct RegionHistory {
    /// Sorted by code.
    regions: Vec<Region>,
}

static BUILT_IN: LazyLock<RegionHistory> = LazyLock::new(|| {
    // A test reads the same text and fails where a row is wrong.
    RegionHistory::from_csv(EMBEDDED).unwrap_or_default()
});

impl RegionHistory {
    /// The table that comes with the program.
    pub fn built_in() -> &'static RegionHistory {
        &BUILT_IN
    }

    /// Reads a table with the columns of a code list (`code,name_zh,name_en,parent,valid_from,
    /// valid_to,note`), without quotes.
    ///
    /// # Errors
    /// The first row whose code is not six digits, or whose years are no years.
    pub fn from_csv(text: &str) -> Result<RegionHistory, RegionHistoryError> {
        let rows = text.lines().enumerate().skip(1);
        let regions: Result<Vec<Region>, _> = rows
            .filter(|(_, line)| !line.is_empty())
            .map(|(place, line)| region(place + 1, line))
            .collect();
        Ok(regions?.into_iter().collect())
    }

    /// Takes the table from a catalogue's code list, for an installation that has its own.
    pub fn from_code_list(list: &CodeList) -> RegionHistory {
        let region = |entry: &schema::CodeEntry| Region {
            code: entry.code.clone(),
            name: entry.name_zh.clone(),
            valid_from: entry.valid_from.map(record::PartialDate::year),
            valid_to: entry.valid_to.map(record::PartialDate::year),
            successor: entry.note.clone(),
        };
        list.entries.iter().map(region).collect()
    }

    /// What is known of a code; `None` where it never occurred.
    pub fn get(&self, code: &str) -> Option<&Region> {
        let place = self
            .regions
            .binary_search_by(|region| region.code.as_str().cmp(code))
            .ok()?;
        Some(&self.regions[place])
    }

    /// Whether a region with this code existed on the day or at any time after it: the code is known,
    /// and did not end before the day's year. A day without a calendar date is taken for long ago.
    pub fn was_valid(&self, code: &str, on: Day) -> bool {
        let Some(region) = self.get(code) else {
            return false;
        };
        match (region.valid_to, on.calendar()) {
            (Some(end), Some((year, _, _))) => year <= end,
            _ => true,
        }
    }

    /// All regions, by code.
    pub fn regions(&self) -> &[Region] {
        &self.regions
    }
}

impl FromIterator<Region> for RegionHistory {
    fn from_iter<I: IntoIterator<Item = Region>>(regions: I) -> RegionHistory {
        let mut regions: Vec<Region> = regions.into_iter().collect();
        regions.sort_by(|left, right| left.code.cmp(&right.code));
        RegionHistory { regions }
    }
}

fn region(line: usize, row: &str) -> Result<Region, RegionHistoryError> {
    let mut cells = row.split(',');
    let mut cell = || cells.next().unwrap_or("").trim();
    let (code, name, _, _) = (cell(), cell(), cell(), cell());
    let (from, to, successor) = (cell(), cell(), cell());
    let wrong = |what, value: &str, expected| RegionHistoryError {
        line,
        what,
        value: value.to_string(),
        expected,
    };
    if code.len() != 6 || !code.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(wrong("code", code, "six digits"));
    }
    let year = |what, text: &str| match text {
        "" => Ok(None),
        _ => text
            .parse()
            .map(Some)
            .map_err(|_| wrong(what, text, "a year")),
    };
    Ok(Region {
        code: code.into(),
        name: name.into(),
        valid_from: year("valid_from", from)?,
        valid_to: year("valid_to", to)?,
        successor: successor.into(),
    })
}

#[cfg(test)]
mod tests;
