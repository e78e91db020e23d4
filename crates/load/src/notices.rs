//! Notices: rows that are taken although their department does not answer for all they say.
//!
//! Such a value overwrites none of a department that answers for the field; it is kept beside it. The
//! report counts them by field, and a table beside the reject file has a line for each.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::PathBuf;

use record::{FieldNumber, Fields, Problem};
use register::StoreError;
use schema::{Catalog, Source};

/// The columns of the table.
const HEADER: &str = "行号 line,字段 field,代码 code,说明 message";
/// The problem's code.
const CODE: &str = "not-responsible";

/// Where notices go, and how their texts read.
pub struct NoticeTable<'a> {
    /// The file; it is made with the first notice.
    pub path: PathBuf,
    /// The texts, and the labels of departments.
    pub catalog: &'a Catalog,
}

impl Drop for Notices<'_> {
    fn drop(&mut self) {
        // A load that failed leaves none.
        if let (Some(_), Some(table)) = (self.file.take(), &self.table) {
            let _ = std::fs::remove_file(&table.path);
        }
    }
}

/// Notes what a source's department says without answering for it.
pub struct Notices<'a> {
    source: &'a Source,
    /// The fields for which the department has no authority. Naming an entity by its key needs none.
    foreign: Vec<FieldNumber>,
    table: Option<NoticeTable<'a>>,
    file: Option<BufWriter<File>>,
    /// How many rows said something of each such field.
    pub counts: BTreeMap<String, u64>,
}

impl<'a> Notices<'a> {
    /// Notices of a load through a source, which are only counted.
    pub fn new(source: &'a Source) -> Notices<'a> {
        let collection = &source.collection;
        let foreign = collection.fields.iter().filter(|field| {
            field.is_given()
                && !collection.key.contains(&field.number)
                && field.authority.rank(&source.department).is_none()
        });
        Notices {
            source,
            foreign: foreign.map(|field| field.number).collect(),
            table: None,
            file: None,
            counts: BTreeMap::new(),
        }
    }

    /// Writes each of them into a table from now on.
    pub fn write_to(&mut self, table: NoticeTable<'a>) {
        self.table = Some(table);
    }

    /// The fields of a row for which the department does not answer.
    pub fn of(&self, fields: &Fields) -> Vec<FieldNumber> {
        let says = |number: &&FieldNumber| register::rules::get(fields, **number).is_some();
        self.foreign.iter().filter(says).copied().collect()
    }

    /// Notes them of a row that was taken.
    ///
    /// # Errors
    ///
    /// The table cannot be written.
    pub fn note(&mut self, line: u64, fields: &[FieldNumber]) -> Result<(), StoreError> {
        for number in fields {
            let name = &self.source.collection.at(*number).name;
            *self.counts.entry(name.to_string()).or_default() += 1;
            self.write(line, *number)
                .map_err(|source| self.failed(source))?;
        }
        Ok(())
    }

    fn failed(&self, source: io::Error) -> StoreError {
        let path = self.table.as_ref().map(|table| table.path.clone());
        StoreError::Files {
            path: path.unwrap_or_default(),
            source,
        }
    }

    fn write(&mut self, line: u64, number: FieldNumber) -> io::Result<()> {
        let Some(table) = &self.table else {
            return Ok(());
        };
        let field = self.source.collection.at(number);
        let responsible = &field.authority.responsible;
        let expected = match table.catalog.departments.get(responsible) {
            Some(label) => record::Prose::new(label.zh.as_str(), label.en.as_str()),
            None => responsible.as_str().into(),
        };
        let problem = Problem::new(CODE, &field.name, "", expected);
        let (zh, en) = (&field.label.zh, &field.label.en);
        let text = table.catalog.problems.text_with(&problem, zh, en, line);
        let file = match &mut self.file {
            Some(file) => file,
            None => {
                if let Some(folder) = table.path.parent() {
                    std::fs::create_dir_all(folder)?;
                }
                let mut file = BufWriter::new(File::create(&table.path)?);
                // Spreadsheets tell UTF-8 by its mark.
                write!(file, "\u{FEFF}{HEADER}\r\n")?;
                self.file.insert(file)
            }
        };
        let message = format!("{} / {}", text.zh, text.en).replace('"', "\"\"");
        write!(file, "{line},{zh},{CODE},\"{message}\"\r\n")
    }

    /// Closes the table. Returns where it is; none where nothing was noted.
    ///
    /// # Errors
    ///
    /// The table cannot be written.
    pub fn finish(&mut self) -> Result<Option<PathBuf>, StoreError> {
        let Some(file) = self.file.take() else {
            return Ok(None);
        };
        let closed = file.into_inner().map_err(io::IntoInnerError::into_error);
        closed
            .and_then(|file| file.sync_all())
            .map_err(|source| self.failed(source))?;
        Ok(self.table.as_ref().map(|table| table.path.clone()))
    }
}
