//! The list of files, in the order in which they are loaded, and the manifest that tells it.

use std::path::Path;

use crate::error::SynthError;
use crate::generate::Options;
use crate::table::Encoding;

/// What the column 数据性质 says of every invented row.
pub(crate) const SYNTHETIC: &str = "合成数据";
/// What it says of the divisions, which are real.
pub(crate) const PUBLIC: &str = "公开数据";

/// A file of the city: its name, the source mapping that reads it, and its encoding.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CityFile {
    /// File name in the folder.
    pub file: &'static str,
    /// Name of the mapping in `schemas/*/sources`.
    pub source: &'static str,
    /// How its text is encoded.
    pub encoding: Encoding,
}

const fn entry(file: &'static str, source: &'static str, encoding: Encoding) -> CityFile {
    CityFile {
        file,
        source,
        encoding,
    }
}

/// The files in load order: what is referred to comes before what refers to it, except the heads
/// of households, who are persons.
pub const FILES: [CityFile; 9] = [
    entry("divisions.csv", "synth-divisions", Encoding::Utf8),
    entry(
        "district-boundaries.geojson",
        "synth-district-boundaries",
        Encoding::Utf8,
    ),
    entry("roads.csv", "synth-roads", Encoding::Utf8),
    entry("buildings.csv", "synth-buildings", Encoding::Utf8),
    entry("addresses.csv", "synth-addresses", Encoding::Utf8Bom),
    entry("places.csv", "synth-places", Encoding::Gb18030),
    entry("households.csv", "synth-households", Encoding::Utf8),
    entry("persons.csv", "synth-persons", Encoding::Utf8),
    entry(
        "organizations.csv",
        "synth-organizations",
        Encoding::Gb18030,
    ),
];

/// One file as it was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Written {
    /// Which file.
    pub file: CityFile,
    /// Rows, without the header.
    pub rows: u64,
    /// Bytes.
    pub bytes: u64,
}

/// Writes `manifest.json`.
///
/// # Errors
///
/// [`SynthError::Write`].
pub(crate) fn write_manifest(
    options: &Options,
    files: &[Written],
    spoiled: u64,
) -> Result<(), SynthError> {
    let list: Vec<serde_json::Value> = files
        .iter()
        .map(|written| {
            serde_json::json!({
                "file": written.file.file,
                "source": written.file.source,
                "encoding": written.file.encoding.name(),
                "rows": written.rows,
                "bytes": written.bytes,
            })
        })
        .collect();
    let manifest = serde_json::json!({
        "synthetic": true,
        "notice": {
            "zh": "合成数据：人员、单位、住址均为虚构，仅区划名称、代码和区界是真实的公开数据。",
            "en": "Synthetic data: all persons, organizations and addresses are invented; only the names, codes and boundaries of the divisions are real, public data.",
        },
        "persons": options.persons,
        "seed": options.seed,
        "dirt": options.dirt,
        "spoiledRows": spoiled,
        "dirtTruth": options.dirt.map(|_| "dirt-truth.csv"),
        "referenceDate": "2020-12-31",
        "files": list,
    });
    let text = format!("{manifest:#}\n");
    write_whole(&options.out, "manifest.json", &text)
}

/// Writes a file at once.
///
/// # Errors
///
/// [`SynthError::Write`].
pub(crate) fn write_whole(folder: &Path, name: &str, text: &str) -> Result<(), SynthError> {
    let path = folder.join(name);
    std::fs::write(&path, text).map_err(|source| SynthError::Write { path, source })
}
