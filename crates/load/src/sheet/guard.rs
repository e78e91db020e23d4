//! Walks through a workbook once before anything of it is held: `calamine` keeps texts and styles in
//! memory and trusts the file's counts. After this walk, what it can be made to hold is bounded.
//!
//! Every part of the archive is walked, whatever its name: which part is a sheet, the file itself says.

use std::fs::File;
use std::io::{self, BufReader, Read};
use std::path::Path;

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};
use zip::ZipArchive;

use crate::input::{FLOOR, InputError, RATIO};

/// The largest sheet, unpacked: it is read as a stream.
const SHEET: u64 = 4 << 30;
/// The largest table of texts, unpacked: it is held. Four million texts of twenty characters.
const TEXTS: u64 = 256 << 20;
/// The largest other part, unpacked.
const OTHER: u64 = 16 << 20;
/// The largest cell or text with its markup; Excel allows 32,767 characters.
const CELL: u64 = 4 << 20;
/// The most formats of cells; Excel allows 65,490.
const FORMATS: u64 = 100_000;
/// The most merged ranges that are looked at.
const RANGES: u64 = 1_000_000;

/// What the walk has seen.
#[derive(Clone, Copy, Debug, Default)]
pub struct Seen {
    /// Some sheet has formulas.
    pub formulas: bool,
    /// Some sheet has merged cells.
    pub merged: bool,
}

/// One part, with what has been read of it.
struct Part<R> {
    inner: R,
    name: String,
    read: u64,
    most: u64,
    /// Read since something small was complete.
    pending: u64,
    packed: u64,
}

impl<R: Read> Read for Part<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer)?;
        self.read += read as u64;
        self.pending += read as u64;
        if self.read > FLOOR && self.read / RATIO > self.packed {
            let what = format!("'{}'", self.name);
            return Err(InputError::Bomb { what }.into());
        }
        // Buffers read ahead.
        if self.read > self.most || self.pending > CELL + (64 << 10) {
            return Err(self.too_large());
        }
        Ok(read)
    }
}

impl<R> Part<R> {
    fn too_large(&self) -> io::Error {
        InputError::LargePart(self.name.clone()).into()
    }
}

/// Walks through all parts.
///
/// # Errors
///
/// [`InputError`] for parts that are too large or damaged.
pub fn walk(path: &Path) -> Result<Seen, InputError> {
    let file = File::open(path)?;
    let size = file.metadata()?.len();
    let mut archive = ZipArchive::new(BufReader::new(file)).map_err(damaged)?;
    let mut seen = Seen::default();
    let mut total = 0;
    for place in 0..archive.len() {
        let mut entry = archive.by_index(place).map_err(damaged)?;
        let mut start = [0; 1];
        let read = entry.read(&mut start)?;
        let part = Part {
            name: String::from_utf8_lossy(entry.name_raw()).into_owned(),
            packed: entry.compressed_size(),
            inner: start[..read].chain(&mut entry),
            read: 0,
            most: OTHER,
            pending: 0,
        };
        // XML begins with a mark, or with the byte order mark of UTF-8 before it.
        total += if read == 1 && matches!(start[0], b'<' | b'\xEF') {
            walk_xml(part, &mut seen)?
        } else {
            skip(part)?
        };
        // Parts may lie over one another in the file.
        if total > FLOOR && total / RATIO > size {
            let what = "the workbook".to_string();
            return Err(InputError::Bomb { what });
        }
    }
    Ok(seen)
}

fn damaged(error: zip::result::ZipError) -> InputError {
    InputError::Damaged(error.to_string())
}

/// Reads past a part that is no XML, as pictures are; how long it is.
fn skip(mut part: Part<impl Read>) -> Result<u64, InputError> {
    let mut buffer = [0; 16 << 10];
    while part.read(&mut buffer)? > 0 {
        part.pending = 0;
    }
    Ok(part.read)
}

/// Counts of one part.
#[derive(Default)]
struct Walk {
    in_cell: bool,
    is_sheet: bool,
    root_seen: bool,
    texts: u64,
    texts_said: u64,
    formats: u64,
    ranges: u64,
}

/// Walks through a part that is XML; how long it is.
fn walk_xml(part: Part<impl Read>, seen: &mut Seen) -> Result<u64, InputError> {
    let name = part.name.clone();
    let mut reader = Reader::from_reader(BufReader::new(part));
    let config = reader.config_mut();
    config.check_end_names = false;
    config.check_comments = false;
    let wrong = || InputError::Damaged(name.clone());
    let mut walk = Walk::default();
    let mut buffer = Vec::new();
    loop {
        buffer.clear();
        if !walk.in_cell {
            reader.get_mut().get_mut().pending = 0;
        }
        match reader.read_event_into(&mut buffer) {
            Ok(Event::Start(element)) => {
                let most = walk.element(&element, seen).ok_or_else(wrong)?;
                walk.in_cell |= matches!(element.local_name().as_ref(), "c" | "si");
                reader.get_mut().get_mut().most = most;
            }
            Ok(Event::Empty(element)) => {
                let most = walk.element(&element, seen).ok_or_else(wrong)?;
                reader.get_mut().get_mut().most = most;
            }
            Ok(Event::End(element)) => {
                walk.in_cell &= !matches!(element.local_name().as_ref(), "c" | "si");
            }
            Ok(Event::Eof) => break,
            Ok(_) => {}
            Err(quick_xml::Error::Io(error)) => return Err(told(&error).unwrap_or_else(wrong)),
            Err(_) => return Err(wrong()),
        }
    }
    // The reader of texts makes room for as many as the file says that it has.
    if walk.texts_said > walk.texts * 2 + (64 << 10) {
        return Err(wrong());
    }
    Ok(reader.get_ref().get_ref().read)
}

/// The refusal of [`Part`] that travelled as an error of reading.
fn told(error: &io::Error) -> Option<InputError> {
    match error.get_ref()?.downcast_ref()? {
        InputError::Bomb { what } => Some(InputError::Bomb { what: what.clone() }),
        InputError::LargePart(name) => Some(InputError::LargePart(name.clone())),
        _ => None,
    }
}

impl Walk {
    /// Takes an element, and says how large the part may be; none where the element has no place in it
    /// or there are too many of it.
    fn element(&mut self, element: &BytesStart, seen: &mut Seen) -> Option<u64> {
        let local = element.local_name();
        let name: &str = local.as_ref();
        if !std::mem::replace(&mut self.root_seen, true) {
            self.is_sheet = name == "worksheet";
        }
        match name {
            "f" => seen.formulas = true,
            "mergeCell" => {
                seen.merged = true;
                self.ranges += 1;
            }
            "si" => self.texts += 1,
            "xf" => self.formats += 1,
            "sst" if self.is_sheet => return None,
            "sst" => {
                let said = element.try_get_attribute("uniqueCount").ok()?;
                self.texts_said = match said {
                    Some(said) => said.value.trim().parse().ok()?,
                    None => 0,
                };
                return Some(TEXTS);
            }
            // What is held of other parts must not come out of one as large as a sheet.
            "cellXfs" | "fonts" | "fills" | "borders" | "numFmts" | "definedName"
            | "Relationship" | "sheets"
                if self.is_sheet =>
            {
                return None;
            }
            _ => {}
        }
        if self.formats > FORMATS || self.ranges > RANGES {
            return None;
        }
        Some(match (self.is_sheet, self.texts > 0) {
            (true, _) => SHEET,
            (false, true) => TEXTS,
            (false, false) => OTHER,
        })
    }
}

#[cfg(test)]
mod tests;
