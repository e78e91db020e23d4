//! Square cells of about the same size everywhere, for grouping by place.
//!
//! Rows of latitude are as high as the cell's size. Each row is cut into as many equal columns as
//! make the cells as wide as high in the middle of the row; rounding the count changes a width by at
//! most half a cell over the whole circle of latitude. By the poles, and for cells of hundreds of
//! kilometres, cells are wider on the side of the equator. Cells never overlap and leave no gap. Limits are whole grid units: a position is always in the same one cell.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::distance::METRES_PER_UNIT;
use crate::error::GeometryError;
use crate::position::{Bounds, MAXIMUM_LAT, MAXIMUM_LON, Position};

/// The largest cell size in metres.
pub const MAXIMUM_METRES: u32 = 1_000_000;

/// Grid units around the earth.
const AROUND: u64 = 2 * MAXIMUM_LON as u64;
/// Grid units from pole to pole.
const POLE_TO_POLE: u64 = 2 * MAXIMUM_LAT as u64;

/// A cell of the grid with cells of a given size. Ordered by size, then from south to north, then
/// from west to east. Its text is `metres-row-column`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Cell {
    /// Side in metres, about.
    pub metres: u32,
    /// Rows from the south pole, from 0.
    pub row: u32,
    /// Columns from 180° W, from 0.
    pub column: u32,
}

/// The cell that a position is in, of the grid with cells of about `metres` (1 to 1,000,000).
///
/// # Errors
///
/// [`GeometryError::GridCell`] for another size.
pub fn cell(position: Position, metres: u32) -> Result<Cell, GeometryError> {
    let height = height(metres)?;
    let lat = i64::from(position.lat) + i64::from(MAXIMUM_LAT);
    let lon = i64::from(position.lon) + i64::from(MAXIMUM_LON);
    // The poles and 180° E belong to the last row and column.
    let row = (lat.unsigned_abs() / height).min(rows(height) - 1);
    let columns = columns(height, row);
    let column = (lon.unsigned_abs() * columns / AROUND).min(columns - 1);
    Ok(Cell {
        metres,
        row: row as u32,
        column: column as u32,
    })
}

/// The positions of a cell: exactly those that [`cell`] puts into it. Neighbouring cells have no
/// position in common, so their boxes are one grid unit (a centimetre) apart.
///
/// # Errors
///
/// [`GeometryError::GridCell`] for a cell that does not exist.
pub fn cell_bounds(cell: Cell) -> Result<Bounds, GeometryError> {
    let height = height(cell.metres)?;
    let (row, column) = (u64::from(cell.row), u64::from(cell.column));
    let missing = || GeometryError::GridCell(cell.to_string());
    if row >= rows(height) {
        return Err(missing());
    }
    let columns = columns(height, row);
    if column >= columns {
        return Err(missing());
    }
    let west = (column * AROUND).div_ceil(columns);
    let south = row * height;
    let east = match column + 1 == columns {
        true => AROUND,
        false => ((column + 1) * AROUND).div_ceil(columns) - 1,
    };
    let north = match row + 1 == rows(height) {
        true => POLE_TO_POLE,
        false => south + height - 1,
    };
    let position = |lon: u64, lat: u64| Position {
        lon: (lon as i64 - i64::from(MAXIMUM_LON)) as i32,
        lat: (lat as i64 - i64::from(MAXIMUM_LAT)) as i32,
    };
    Ok(Bounds {
        min: position(west, south),
        max: position(east, north),
    })
}

impl fmt::Display for Cell {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}-{}-{}", self.metres, self.row, self.column)
    }
}

impl FromStr for Cell {
    type Err = GeometryError;

    /// Reads `metres-row-column`, of a cell that exists.
    fn from_str(text: &str) -> Result<Cell, GeometryError> {
        let malformed = || GeometryError::GridCell(text.to_owned());
        let mut numbers = text.split('-').map(str::parse::<u32>);
        let mut number = || numbers.next().and_then(Result::ok).ok_or_else(malformed);
        let cell = Cell {
            metres: number()?,
            row: number()?,
            column: number()?,
        };
        if numbers.next().is_some() {
            return Err(malformed());
        }
        cell_bounds(cell).map(|_| cell)
    }
}

/// The height of a row in grid units.
fn height(metres: u32) -> Result<u64, GeometryError> {
    if (1..=MAXIMUM_METRES).contains(&metres) {
        Ok((f64::from(metres) / METRES_PER_UNIT).round() as u64)
    } else {
        Err(GeometryError::GridCell(format!("of {metres} metres")))
    }
}

fn rows(height: u64) -> u64 {
    POLE_TO_POLE.div_ceil(height)
}

/// How many columns a row has: at least one.
fn columns(height: u64, row: u64) -> u64 {
    let middle = (row * height + height / 2).min(POLE_TO_POLE) as f64 - f64::from(MAXIMUM_LAT);
    let around = AROUND as f64 * (middle / 1e7).to_radians().cos();
    ((around / height as f64).round() as u64).max(1)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::distance::haversine_metres;

    #[test]
    fn cells_of_a_city_are_about_square() {
        let beijing = Position::from_degrees(116.3913, 39.9075).expect("in range");
        let cell = cell(beijing, 500).expect("a size in range");
        let bounds = cell_bounds(cell).expect("a cell just made");
        let corner = |lon, lat| Position { lon, lat };
        let width = haversine_metres(bounds.min, corner(bounds.max.lon, bounds.min.lat));
        let height = haversine_metres(bounds.min, corner(bounds.min.lon, bounds.max.lat));
        assert!((width - 500.0).abs() < 0.5, "{width}");
        assert!((height - 500.0).abs() < 0.5, "{height}");
        assert_eq!(cell.to_string().parse(), Ok(cell));
    }

    #[test]
    fn sizes_and_cells_that_do_not_exist() {
        let origin = Position::default();
        assert!(cell(origin, 0).is_err());
        assert!(cell(origin, MAXIMUM_METRES + 1).is_err());
        for text in [
            "",
            "500-1",
            "500-1-1-1",
            "500-99999999-0",
            "500-0-5",
            "x-1-1",
            "0-0-0",
        ] {
            assert!(text.parse::<Cell>().is_err(), "{text}");
        }
    }

    proptest! {
        #[test]
        fn a_cell_holds_exactly_its_positions(
            lon in -MAXIMUM_LON..=MAXIMUM_LON,
            lat in -MAXIMUM_LAT..=MAXIMUM_LAT,
            metres in prop_oneof![1u32..100, 100..MAXIMUM_METRES],
        ) {
            let position = Position { lon, lat };
            let found = cell(position, metres).expect("a size in range");
            let bounds = cell_bounds(found).expect("a cell just made");
            prop_assert!(bounds.contains(position));
            prop_assert!(Bounds::WORLD.contains_bounds(&bounds));
            for corner in [bounds.min, bounds.max] {
                prop_assert_eq!(cell(corner, metres), Ok(found));
            }
            if bounds.min.lon > -MAXIMUM_LON {
                let west = Position { lon: bounds.min.lon - 1, lat };
                prop_assert_eq!(cell(west, metres).expect("in range").column, found.column - 1);
            }
        }
    }
}
