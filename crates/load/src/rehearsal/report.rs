//! What a rehearsal found: data, to be kept, compared, sent and shown.

use register::Counts;
use schema::Label;
use serde::{Deserialize, Serialize};

use super::coordinates::Coordinates;
use super::movement::DivisionMove;
use crate::report::LoadReport;

/// Examples that are kept of one kind of finding.
pub const EXAMPLES: usize = 10;

/// What a load of a file would do to the state it was rehearsed against. Values of restricted fields
/// stand masked everywhere.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Rehearsal {
    /// What the load would report; its outcome is [`crate::Outcome::Rehearsed`] where it would be
    /// published.
    pub report: LoadReport,
    /// The last transaction of the state that it was rehearsed against.
    pub against: u64,
    /// The day from which changes hold where the file does not say.
    pub as_of: String,
    /// Rows by what they would do.
    pub rows: Rows,
    /// Entities that a whole-set file lacks, and that would be ended.
    pub missing: Missing,
    /// What would change, field by field.
    pub fields: Vec<FieldChange>,
    /// Rows refused, by reason.
    pub rejected: Vec<Rejection>,
    /// Rows whose natural key an earlier row of the file has.
    pub collisions: Collisions,
    /// References whose target is not known, by field.
    pub references: Vec<Unresolved>,
    /// Entities suspected to be one, by rule.
    pub suspects: Vec<Suspects>,
    /// The columns of the file.
    pub columns: Vec<ColumnReport>,
    /// Where coordinates lie; none where rows do not claim both a place and a division.
    pub coordinates: Option<Coordinates>,
    /// The counties whose number of records would change, by code.
    pub divisions: Vec<DivisionMove>,
    /// A hash of all that the load would do: see [`Rehearsal::differs`].
    pub effect: String,
}

/// Rows by what they would do; they balance: read = inserted + changed + corrected + unchanged +
/// rejected.
///
/// A row that says something new of an entity *corrects* where, on a day before the load's date, its
/// department had given another value of a field that the row gives or leaves empty, or had said anything
/// where the row ends the entity: the past was wrong. Otherwise it *changes*: it holds from the load's
/// date, or speaks of days and fields of which the department had not spoken, or fills what was empty.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rows {
    /// Rows that are data.
    pub read: u64,
    /// Rows that introduce an entity.
    pub inserted: u64,
    /// Rows that change one.
    pub changed: u64,
    /// Rows that say that the past was otherwise.
    pub corrected: u64,
    /// Rows that say nothing new.
    pub unchanged: u64,
    /// Rows refused.
    pub rejected: u64,
}

impl Rows {
    /// From the counts of a load, whose changed rows include corrections.
    pub fn of(counts: Counts, corrected: u64) -> Rows {
        Rows {
            read: counts.read,
            inserted: counts.inserted,
            changed: counts.changed - corrected,
            corrected,
            unchanged: counts.unchanged,
            rejected: counts.rejected,
        }
    }

    /// Whether they add up.
    pub fn balance(&self) -> bool {
        let all = self.inserted + self.changed + self.corrected + self.unchanged + self.rejected;
        self.read == all
    }
}

/// Which record an example is of.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Subject {
    /// The line of the file; 0 where no line speaks of it.
    pub line: u64,
    /// Its id; none for one that is new.
    pub id: Option<String>,
    /// Its natural key, masked where it is restricted.
    pub key: String,
    /// Its title, masked where it is restricted.
    pub title: String,
}

/// Entities that a whole-set file lacks.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Missing {
    /// How many.
    pub count: u64,
    /// Some of them.
    pub examples: Vec<Subject>,
}

/// What would change in one field.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldChange {
    /// The field.
    pub field: String,
    /// Its label.
    pub label: Label,
    /// Rows that change it.
    pub changed: u64,
    /// Rows that correct it.
    pub corrected: u64,
    /// Of both: rows that give a value where there was none.
    pub filled: u64,
    /// Of both: rows that take the value away.
    pub emptied: u64,
    /// Some of them.
    pub examples: Vec<Change>,
}

/// One change of a value.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    /// Of which record.
    #[serde(flatten)]
    pub subject: Subject,
    /// The value before; none where there was none.
    pub before: Option<String>,
    /// The value after; none where there would be none.
    pub after: Option<String>,
    /// The first day on which the two differ; none: as far back as anybody knows.
    pub from: Option<String>,
    /// Whether the past would be corrected.
    pub corrects: bool,
}

/// Rows refused for one reason.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rejection {
    /// The problem's code.
    pub code: String,
    /// The field; empty where the whole row is meant.
    pub field: String,
    /// How many rows have it.
    pub count: u64,
    /// The first lines.
    pub lines: Vec<RejectedLine>,
}

/// One refused row.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RejectedLine {
    /// The line.
    pub line: u64,
    /// What is wrong, for those who mend it.
    pub text: Label,
}

/// Rows whose natural key an earlier row of the file has.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Collisions {
    /// Rows that contradict an earlier one and are refused.
    pub refused: u64,
    /// Rows that say what an earlier one has said.
    pub repeated: u64,
    /// Rows that go on where an earlier one ends, or that take its place, as the mapping allows.
    pub continued: u64,
    /// Some of those that are refused.
    pub examples: Vec<Collision>,
}

/// A row whose natural key an earlier row has.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Collision {
    /// The line.
    pub line: u64,
    /// The earlier row's line.
    pub earlier: u64,
    /// The key, masked where it is restricted.
    pub key: String,
}

/// References of one field whose target is not known.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unresolved {
    /// The field.
    pub field: String,
    /// Its label.
    pub label: Label,
    /// The collection referred to.
    pub target: String,
    /// How many references there are in the rows that are not refused.
    pub all: u64,
    /// How many of them do not resolve.
    pub count: u64,
    /// Some of them.
    pub examples: Vec<UnresolvedExample>,
}

/// A reference whose target is not known.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UnresolvedExample {
    /// The line.
    pub line: u64,
    /// The key, masked where it is restricted.
    pub key: String,
}

/// Entities suspected to be one by a rule of the collection.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Suspects {
    /// The rule.
    pub rule: String,
    /// What it says.
    pub label: Label,
    /// Rows that agree with an earlier row of the file.
    pub in_file: u64,
    /// Some of them.
    pub file_examples: Vec<FilePair>,
    /// New entities that agree with one of the register.
    pub in_register: u64,
    /// Some of them.
    pub register_examples: Vec<RegisterPair>,
    /// New entities that were compared with the register.
    pub compared: u64,
    /// Not all rows could be compared: there may be more.
    pub capped: bool,
}

/// Two rows of a file that may be about one entity.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FilePair {
    /// The later row.
    #[serde(flatten)]
    pub subject: Subject,
    /// The earlier row's line.
    pub earlier: u64,
}

/// A row and a record that may be about one entity.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RegisterPair {
    /// The row.
    #[serde(flatten)]
    pub subject: Subject,
    /// The record.
    pub known: Subject,
}

/// One column of the file.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ColumnReport {
    /// Its header.
    pub header: String,
    /// The field it fills; none where it fills none, or makes one with another column.
    pub field: Option<String>,
    /// Its values are masked.
    pub masked: bool,
    /// Cells.
    pub cells: u64,
    /// Cells with a value.
    pub filled: u64,
    /// Distinct values.
    pub distinct: u64,
    /// Whether that is exact, not an estimate.
    pub distinct_exact: bool,
    /// The most frequent values, of those that occur more than once.
    pub top: Vec<TopValue>,
    /// By how much the counts of these may be too low.
    pub top_error: u64,
    /// The most frequent forms: 9 digits, A and a letters, 汉 Chinese characters.
    pub formats: Vec<Format>,
    /// Values of other forms.
    pub other_formats: u64,
    /// The shortest value.
    pub shortest: Option<Extent>,
    /// The longest.
    pub longest: Option<Extent>,
    /// How its numbers or days are spread.
    pub spread: Option<SpreadReport>,
}

/// A frequent value.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TopValue {
    /// The value, as the file has it.
    pub value: String,
    /// How often it occurs.
    pub count: u64,
}

/// A form of values.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Format {
    /// The form.
    pub form: String,
    /// How many values have it.
    pub count: u64,
}

/// A shortest or longest value.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Extent {
    /// Characters.
    pub characters: u64,
    /// The line where it stands first.
    pub line: u64,
    /// The value.
    pub value: String,
}

/// How numbers or days are spread. Days are written as days.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SpreadReport {
    /// How many values.
    pub count: u64,
    /// The smallest.
    pub minimum: String,
    /// The largest.
    pub maximum: String,
    /// The mean.
    pub mean: String,
    /// The median.
    pub median: String,
    /// The smallest value that is no outlier: eight robust standard deviations from the median.
    pub usual_from: String,
    /// The largest.
    pub usual_to: String,
    /// Values outside.
    pub outliers: u64,
    /// The furthest of them.
    pub examples: Vec<Outlier>,
}

/// A value far out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Outlier {
    /// The line.
    pub line: u64,
    /// The value.
    pub value: String,
}

impl Rehearsal {
    /// Whether two rehearsals of one file would do something different: rows with other outcomes, other
    /// values before or after, other entities ended, other references that resolve. What is only
    /// measured, such as the profile or the number of records of a county, does not count.
    pub fn differs(&self, other: &Rehearsal) -> bool {
        self.effect != other.effect
    }
}
