//! The two files that are not invented: divisions and the boundaries of the districts.

use std::path::Path;

use crate::city::{BOUNDARIES, City};
use crate::error::SynthError;
use crate::files::{PUBLIC, write_whole};
use crate::table::{Encoding, Table};

/// Writes `divisions.csv`: the provinces (as birthplaces), and all of Beijing. Returns rows and bytes.
///
/// # Errors
///
/// [`SynthError::Write`].
pub(crate) fn write_divisions(folder: &Path, city: &City) -> Result<(u64, u64), SynthError> {
    let headers = ["区划代码", "区划名称", "数据性质"];
    let mut table = Table::create(folder, "divisions.csv", Encoding::Utf8, &headers)?;
    let mut write = |code: &str, name: &str| {
        table.row.clear().push(code);
        for _ in code.len()..12 {
            table.row.push("0");
        }
        table.row.end().field(name).field(PUBLIC);
        table.finish_row()
    };
    write("11", "北京市")?;
    write("1101", "市辖区")?;
    for district in &city.districts {
        write(district.code, district.name)?;
        for (number, town) in district.towns.iter().enumerate() {
            write(town.code, town.name)?;
            for village in district
                .villages
                .iter()
                .filter(|village| village.town == number)
            {
                write(village.code, village.name)?;
            }
        }
    }
    for province in &city.provinces {
        write(province.code, province.name)?;
    }
    table.close()
}

/// Writes `district-boundaries.geojson`; returns features and bytes.
///
/// # Errors
///
/// [`SynthError::Write`].
pub(crate) fn write_boundaries(folder: &Path, city: &City) -> Result<(u64, u64), SynthError> {
    write_whole(folder, "district-boundaries.geojson", BOUNDARIES)?;
    Ok((city.districts.len() as u64, BOUNDARIES.len() as u64))
}
