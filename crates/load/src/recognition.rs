//! Which source a file is of, told by its header.

use std::path::Path;

use schema::{Catalog, FileFormat};

use crate::encoding::detect;
use crate::error::LoadError;
use crate::fields::fields;
use crate::header::Header;
use crate::input;
use crate::mapper::Mapper;
use crate::splitter::{Dialect, Splitter};

/// The sources that a file may be of.
#[derive(Clone, Debug, Default)]
pub struct Recognition {
    /// Those whose header fits.
    pub fits: Vec<String>,
}

impl Recognition {
    /// Those that nearly fit.
    pub fn near_text(&self) -> Vec<String> {
        Vec::new()
    }
}

/// Tells which sources a file's header fits.
///
/// # Errors
///
/// A file that cannot be read.
pub fn recognise(catalog: &Catalog, path: &Path) -> Result<Recognition, LoadError> {
    let mut found = Recognition::default();
    for source in catalog.sources.values() {
        if source.format != FileFormat::Csv {
            continue;
        }
        let file = input::open(path).map_err(|error| LoadError::file(path, error))?;
        let Ok(detection) = detect(file.reader, None) else {
            continue;
        };
        let file = input::open(path).map_err(|error| LoadError::file(path, error))?;
        let dialect = Dialect {
            delimiter: source.delimiter,
            comment: source.comment,
            encoding: detection.encoding,
        };
        let mut splitter = Splitter::new(file.reader, dialect);
        let Ok(Some(head)) = splitter.next_record() else {
            continue;
        };
        let Some(record) = head.records.first() else {
            continue;
        };
        let Ok(text) = detection.encoding.decode(head.raw(record)) else {
            continue;
        };
        let text = text.trim_start_matches('\u{feff}').to_string();
        let mut cells = Vec::new();
        fields(&text, source.delimiter, &mut cells);
        if let Ok(header) = Header::new(&cells)
            && Mapper::new(source, &header).is_ok()
        {
            found.fits.push(source.name.clone());
        }
    }
    Ok(found)
}
