//! The codes of the problems that reading a row may find. Their texts are in `schemas/problems.toml`;
//! a test checks that each is there.

use record::ProblemCode;

/// The bytes are no text in the file's encoding.
pub const UNDECODABLE: ProblemCode = "undecodable";
/// A quoted field closes illegally or not at all.
pub const UNCLOSED_QUOTE: ProblemCode = "unclosed-quote";
/// The record is longer than a record may be.
pub const TOO_LONG: ProblemCode = "too-long";
/// The row has more or fewer cells than the header.
pub const COLUMN_COUNT: ProblemCode = "column-count";
/// The field must have a value.
pub const REQUIRED: ProblemCode = "required";
/// The field takes one value, and the cell holds several.
pub const ONE_VALUE: ProblemCode = "one-value";
/// A control character.
pub const CONTROL_CHARACTER: ProblemCode = "text-control-character";
/// U+FFFD: a character was lost before the file reached us.
pub const LOST_CHARACTER: ProblemCode = "text-lost-character";
/// No date in any of the forms expected.
pub const NOT_A_DATE: ProblemCode = "not-a-date";
/// The form of a date, but no day of the calendar.
pub const NO_SUCH_DAY: ProblemCode = "no-such-day";
/// No number.
pub const NOT_A_NUMBER: ProblemCode = "not-a-number";
/// A number, but not a whole one.
pub const NOT_AN_INTEGER: ProblemCode = "not-an-integer";
/// More digits than can be kept.
pub const NUMBER_OUT_OF_RANGE: ProblemCode = "number-out-of-range";
/// Neither true nor false.
pub const NOT_A_BOOLEAN: ProblemCode = "not-a-boolean";
/// No code of the code list.
pub const UNKNOWN_CODE: ProblemCode = "unknown-code";
/// Not of the form of a division code.
pub const NOT_A_DIVISION_CODE: ProblemCode = "not-a-division-code";
/// No period.
pub const NOT_A_PERIOD: ProblemCode = "not-a-period";
/// A point with only one of its two numbers.
pub const POINT_INCOMPLETE: ProblemCode = "point-incomplete";
/// A position that the coordinate system cannot have.
pub const POSITION_OUT_OF_RANGE: ProblemCode = "position-out-of-range";
/// A geometry that cannot be read or breaks the rules of Simple Features.
pub const INVALID_GEOMETRY: ProblemCode = "invalid-geometry";
/// A row that ends before it begins.
pub const VALIDITY_EMPTY: ProblemCode = "validity-empty";
/// A row set aside by its source's mapping.
pub const QUARANTINED: ProblemCode = "quarantined";
/// A damaged row of a reject file that nobody has marked as mended.
pub const NOT_MENDED: ProblemCode = "not-mended";

/// All of them.
pub const ALL: [ProblemCode; 23] = [
    UNDECODABLE,
    UNCLOSED_QUOTE,
    TOO_LONG,
    COLUMN_COUNT,
    REQUIRED,
    ONE_VALUE,
    CONTROL_CHARACTER,
    LOST_CHARACTER,
    NOT_A_DATE,
    NO_SUCH_DAY,
    NOT_A_NUMBER,
    NOT_AN_INTEGER,
    NUMBER_OUT_OF_RANGE,
    NOT_A_BOOLEAN,
    UNKNOWN_CODE,
    NOT_A_DIVISION_CODE,
    NOT_A_PERIOD,
    POINT_INCOMPLETE,
    POSITION_OUT_OF_RANGE,
    INVALID_GEOMETRY,
    VALIDITY_EMPTY,
    QUARANTINED,
    NOT_MENDED,
];
