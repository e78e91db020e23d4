//! Excel workbooks: the rows of one sheet, as rows of a CSV file.
//!
//! A workbook is walked through first (`guard`), so that nothing in it can ask for more memory than
//! there is. Then its one sheet with data is streamed cell by cell. The first row that is not empty is
//! the header; a row's line is its number in the sheet.

use std::fs::File;
use std::io::{self, BufReader, Read, Seek, SeekFrom};
use std::path::Path;

use calamine::{
    Cell, DataRef, Dimensions, Reader, SheetType, SheetVisible, Xlsx, XlsxCellReader, XlsxError,
};

use crate::encoding::TextEncoding;
use crate::input::{Counter, InputError};
use crate::mapper::Mapper;
use crate::rows::{CellFault, Flaw, Rows};
use crate::splitter::{Batch, Fault, KEPT_OF_TOO_LONG, LineEnd, RECORD_LIMIT, RecordRange};

pub mod cell;
mod guard;

/// Bytes of a full batch.
const BATCH: usize = 1 << 20;
/// The columns that a sheet can have.
const COLUMNS: u32 = 16_384;

/// A file whose bytes are counted as they are read.
struct Counted {
    file: File,
    counter: Counter,
}

impl Read for Counted {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.file.read(buffer)?;
        self.counter.add(read as u64);
        Ok(read)
    }
}

impl Seek for Counted {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.file.seek(to)
    }
}

/// A workbook that is open.
pub struct Workbook {
    book: Xlsx<BufReader<Counted>>,
    seen: guard::Seen,
}

/// The merged ranges of a sheet.
pub struct Merged {
    sheet: String,
    ranges: Vec<Dimensions>,
}

impl Merged {
    /// Refuses merged cells in the rows from the header's on and in its columns: whose value a merged
    /// cell is, nobody can tell.
    ///
    /// # Errors
    ///
    /// [`InputError::Merged`] with the first such range.
    pub fn refuse(&self, header_line: u64, width: usize) -> Result<(), InputError> {
        let merged = self.ranges.iter().find(|range| {
            u64::from(range.end.0) + 1 >= header_line && (range.start.1 as usize) < width
        });
        match merged {
            None => Ok(()),
            Some(range) => Err(InputError::Merged {
                sheet: self.sheet.clone(),
                range: format!("{}:{}", place(range.start), place(range.end)),
            }),
        }
    }
}

/// What was wrong with a workbook, told by the reader.
fn wrong(error: XlsxError) -> InputError {
    match error {
        XlsxError::Io(error) => InputError::Io(error),
        XlsxError::CellError(text) => {
            InputError::Damaged(format!("'{text}' is no error value known (未知的错误值)"))
        }
        other => InputError::Damaged(other.to_string()),
    }
}

impl Workbook {
    /// Opens a workbook, once it is sure that it can be held; bytes read are counted.
    ///
    /// # Errors
    ///
    /// [`InputError`] for workbooks that are damaged or too large.
    pub fn open(path: &Path, counter: &Counter) -> Result<Workbook, InputError> {
        let seen = guard::walk(path)?;
        let file = Counted {
            file: File::open(path)?,
            counter: counter.clone(),
        };
        let book = Xlsx::new(BufReader::new(file)).map_err(wrong)?;
        Ok(Workbook { book, seen })
    }

    /// The sheet that holds the rows: the one that was asked for, or the only visible one with data.
    /// Also the names of hidden sheets with data, which are not read.
    ///
    /// # Errors
    ///
    /// [`InputError`] where there is no such sheet, or several.
    pub fn choose(&mut self, wanted: Option<&str>) -> Result<(String, Vec<String>), InputError> {
        let sheets: Vec<(String, bool)> = self
            .book
            .sheets_metadata()
            .iter()
            .filter(|sheet| sheet.typ == SheetType::WorkSheet)
            .map(|sheet| (sheet.name.clone(), sheet.visible == SheetVisible::Visible))
            .collect();
        if let Some(wanted) = wanted {
            if sheets.iter().any(|(name, _)| name == wanted) {
                return Ok((wanted.to_string(), Vec::new()));
            }
            return Err(InputError::SheetMissing {
                wanted: wanted.to_string(),
                found: sheets.into_iter().map(|(name, _)| name).collect(),
            });
        }
        let (mut visible, mut hidden) = (Vec::new(), Vec::new());
        for (name, is_visible) in sheets {
            if self.has_data(&name)? {
                let kind = if is_visible {
                    &mut visible
                } else {
                    &mut hidden
                };
                kind.push(name);
            }
        }
        match visible.len() {
            0 => Err(InputError::NoSheet),
            1 => Ok((visible.remove(0), hidden)),
            _ => Err(InputError::SeveralSheets(visible)),
        }
    }

    fn has_data(&mut self, sheet: &str) -> Result<bool, InputError> {
        let mut cells = self.book.worksheet_cells_reader(sheet).map_err(wrong)?;
        while let Some(cell) = cells.next_cell().map_err(wrong)? {
            if !is_empty(cell.get_value()) {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// How many cells of a sheet are formulas; the values that were last computed count.
    ///
    /// # Errors
    ///
    /// [`InputError::NoValue`] for a formula whose value was not saved: it would pass for an empty cell.
    pub fn formulas(&mut self, sheet: &str) -> Result<u64, InputError> {
        let mut formulas = 0;
        if self.seen.formulas {
            let mut cells = self.book.worksheet_cells_reader(sheet).map_err(wrong)?;
            while let Some(cell) = cells.next_cell_with_formula_metadata().map_err(wrong)? {
                if cell.formula.is_some() && cell.value == DataRef::Empty {
                    return Err(InputError::NoValue {
                        sheet: sheet.to_string(),
                        cell: place(cell.pos),
                    });
                }
                formulas += u64::from(cell.formula.is_some());
            }
        }
        Ok(formulas)
    }

    /// The merged ranges of a sheet.
    ///
    /// # Errors
    ///
    /// [`InputError`] where the sheet is damaged.
    pub fn merged(&mut self, sheet: &str) -> Result<Merged, InputError> {
        let mut ranges = Vec::new();
        if self.seen.merged {
            ranges = self.book.merge_cells_by_sheet_name(sheet).map_err(wrong)?;
            ranges.retain(|range| range.start != range.end);
        }
        let sheet = sheet.to_string();
        Ok(Merged { sheet, ranges })
    }

    /// The rows of a sheet, with this between cells.
    ///
    /// # Errors
    ///
    /// [`InputError`] where the sheet cannot be read.
    pub fn rows(&mut self, sheet: &str, delimiter: u8) -> Result<SheetRows<'_>, InputError> {
        let cells = self.book.worksheet_cells_reader(sheet).map_err(wrong)?;
        let widths = cells
            .styles()
            .iter()
            .map(|style| {
                let format = style.number_format.as_ref();
                format.map_or(0, |format| zeros(&format.format_code))
            })
            .collect();
        Ok(SheetRows {
            cells,
            widths,
            delimiter: char::from(delimiter),
            forms: Vec::new(),
            width: 0,
            ahead: None,
            ended: false,
            row: Row::default(),
        })
    }
}

/// The digits that a number format fills up to: `000000` shows 101 as 000101.
fn zeros(format: &str) -> usize {
    let all = format.len() > 1 && format.bytes().all(|byte| byte == b'0');
    if all { format.len().min(30) } else { 0 }
}

/// A cell's name: `B7`.
fn place((row, column): (u32, u32)) -> String {
    let mut letters = Vec::new();
    let mut rest = column + 1;
    while rest > 0 {
        rest -= 1;
        letters.push(char::from(b'A' + (rest % 26) as u8));
        rest /= 26;
    }
    letters.iter().rev().collect::<String>() + &(row + 1).to_string()
}

fn is_empty(value: &DataRef) -> bool {
    match value {
        DataRef::Empty => true,
        DataRef::String(text) => text.trim().is_empty(),
        DataRef::SharedString(text) => text.trim().is_empty(),
        _ => false,
    }
}

/// The cells of one row; their texts one after the other.
#[derive(Default)]
struct Row {
    number: u32,
    text: String,
    /// Column, end of its text, fault.
    cells: Vec<(u32, usize, Option<CellFault>)>,
    too_long: bool,
}

/// Reads a sheet row by row.
pub struct SheetRows<'a> {
    cells: XlsxCellReader<'a, BufReader<Counted>>,
    /// Digits to fill up to, by style.
    widths: Vec<usize>,
    delimiter: char,
    /// How dates are written, by column.
    forms: Vec<String>,
    /// The header's width; rows are filled up to it.
    width: usize,
    ahead: Option<(Cell<DataRef<'a>>, usize)>,
    /// There are no more cells: asked again, calamine would look for them behind the rows.
    ended: bool,
    row: Row,
}

impl SheetRows<'_> {
    /// Reads the next row that is not empty; false at the end.
    fn read_row(&mut self) -> Result<bool, InputError> {
        self.row.cells.clear();
        self.row.text.clear();
        self.row.too_long = false;
        while !self.ended {
            let next = match self.ahead.take() {
                Some(ahead) => Some(ahead),
                None => self.cells.next_cell_with_style_id().map_err(wrong)?,
            };
            let Some((cell, style)) = next else {
                self.ended = true;
                break;
            };
            if is_empty(cell.get_value()) {
                continue;
            }
            let (number, column) = cell.get_position();
            match self.row.cells.last() {
                None if number < self.row.number => return Err(disorder(number)),
                None => self.row.number = number,
                Some(_) if number != self.row.number => {
                    self.ahead = Some((cell, style));
                    return Ok(true);
                }
                Some((last, ..)) if *last >= column => return Err(disorder(number)),
                Some(_) => {}
            }
            if column >= COLUMNS {
                return Err(disorder(number));
            }
            self.take(&cell, style, column);
        }
        Ok(!self.row.cells.is_empty())
    }

    fn take(&mut self, cell: &Cell<DataRef>, style: usize, column: u32) {
        let row = &mut self.row;
        if row.too_long {
            return;
        }
        let width = self.widths.get(style).copied().unwrap_or(0);
        let form = self.forms.get(column as usize);
        let form = form.map_or(cell::ISO, String::as_str);
        let fault = cell::write(cell.get_value(), width, form, &mut row.text);
        row.cells.push((column, row.text.len(), fault));
        row.too_long = row.text.len() > RECORD_LIMIT;
    }

    /// Adds the row that was read to a batch.
    fn push_row(&mut self, batch: &mut Batch) {
        let row = &self.row;
        let record = batch.records.len();
        let mut text = String::with_capacity(row.text.len() + self.width + 16);
        let (mut column, mut start) = (0, 0);
        for (place, end, fault) in &row.cells {
            while column < *place {
                text.push(self.delimiter);
                column += 1;
            }
            push_cell(&mut text, &row.text[start..*end], self.delimiter);
            start = *end;
            batch.flaws.extend(fault.map(|fault| Flaw {
                record,
                place: *place as usize,
                fault,
            }));
        }
        while column as usize + 1 < self.width {
            text.push(self.delimiter);
            column += 1;
        }
        let mut fault = None;
        if row.too_long || text.len() > RECORD_LIMIT {
            fault = Some(Fault::TooLong);
            let kept = KEPT_OF_TOO_LONG.min(text.len());
            text.truncate(TextEncoding::Utf8.boundary(text.as_bytes(), 0, kept));
        }
        let from = batch.bytes.len();
        batch.bytes.extend_from_slice(text.as_bytes());
        batch.records.push(RecordRange {
            line: u64::from(row.number) + 1,
            range: from..batch.bytes.len(),
            fault,
        });
    }

    fn take_rows(&mut self, most: usize) -> io::Result<Option<Batch>> {
        let mut batch = Batch::default();
        while batch.records.len() < most && batch.bytes.len() < BATCH && self.read_row()? {
            self.push_row(&mut batch);
        }
        let first = batch.records.first().map(|record| record.line);
        batch.first_line = first.unwrap_or_default();
        Ok(first.map(|_| batch))
    }
}

fn disorder(row: u32) -> InputError {
    let row = row + 1;
    InputError::Damaged(format!(
        "the cells of row {row} are out of order (第 {row} 行单元格次序有误)"
    ))
}

fn push_cell(row: &mut String, cell: &str, delimiter: char) {
    if cell.contains([delimiter, '"', '\n', '\r']) {
        row.push('"');
        row.push_str(&cell.replace('"', "\"\""));
        row.push('"');
    } else {
        row.push_str(cell);
    }
}

impl Rows for SheetRows<'_> {
    fn next_record(&mut self) -> io::Result<Option<Batch>> {
        self.take_rows(1)
    }

    fn next_batch(&mut self) -> io::Result<Option<Batch>> {
        self.take_rows(usize::MAX)
    }

    fn line_end(&self) -> Option<LineEnd> {
        Some(LineEnd::CrLf)
    }

    fn fit(&mut self, mapper: &Mapper) {
        self.width = mapper.width();
        self.forms = (0..self.width)
            .map(|place| mapper.date_form(place).to_string())
            .collect();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_have_names() {
        for (at, name) in [
            ((0, 0), "A1"),
            ((6, 25), "Z7"),
            ((0, 26), "AA1"),
            ((1, 16_383), "XFD2"),
        ] {
            assert_eq!(place(at), name);
        }
    }

    #[test]
    fn only_formats_of_zeros_fill_up() {
        for (format, width) in [
            ("000000", 6),
            ("0", 0),
            ("General", 0),
            ("0.00", 0),
            ("", 0),
        ] {
            assert_eq!(zeros(format), width);
        }
    }
}
