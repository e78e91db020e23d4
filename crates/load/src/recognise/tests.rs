//! Headers of the sources that there are, whole and spoiled.

use std::io::Write;

use super::*;

fn catalog() -> Catalog {
    Catalog::embedded().expect("schemas")
}

fn file(bytes: &[u8]) -> tempfile::NamedTempFile {
    let mut file = tempfile::NamedTempFile::new().expect("a file");
    file.write_all(bytes).expect("written");
    file
}

fn recognised(bytes: &[u8]) -> Recognition {
    recognise(&catalog(), file(bytes).path()).expect("readable")
}

/// The first header of every column that a table's mapping names.
fn headers(source: &Source) -> Vec<String> {
    let columns = source.columns.iter().map(|column| &column.headers[0]);
    let points = source
        .points
        .iter()
        .flat_map(|point| [&point.lon, &point.lat]);
    let mut all: Vec<String> = columns.chain(points).cloned().collect();
    all.extend(
        source
            .validity
            .from
            .iter()
            .chain(&source.validity.to)
            .cloned(),
    );
    all.extend(source.skip.iter().map(|skip| skip.column.clone()));
    all.dedup();
    let mut once = Vec::new();
    for header in all {
        if !once.contains(&header) {
            once.push(header);
        }
    }
    once
}

#[test]
fn a_header_with_all_columns_fits_its_source() {
    let catalog = catalog();
    let mut seen = 0;
    for source in tables(&catalog).filter(|source| source.unpivot.is_none()) {
        let delimiter = char::from(source.delimiter).to_string();
        let text = headers(source).join(&delimiter) + "\r\n";
        for encoding in [TextEncoding::Utf8, TextEncoding::Gb18030] {
            let bytes = encoding.encode(&text).expect("encodable");
            let found = recognised(&bytes);
            assert!(
                found.fits.contains(&source.name),
                "{}: {found:?}",
                source.name
            );
        }
        seen += 1;
    }
    assert!(seen > 10, "{seen}");
}

#[test]
fn utf_16_and_packed_files_are_recognised_too() {
    let text = "统一社会信用代码,名称\r\n".to_owned();
    let utf16: Vec<u8> = format!("\u{feff}{text}")
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    gzip.write_all(text.as_bytes()).expect("written");
    let plain = recognised(text.as_bytes());
    assert_eq!(recognised(&utf16), plain);
    assert_eq!(recognised(&gzip.finish().expect("a file")), plain);
}

#[test]
fn a_renamed_column_names_the_near_source() {
    let catalog = catalog();
    let source = catalog.source("synth-organizations").expect("it");
    let text = headers(source).join(",").replace("成立日期", "成立时间");
    let found = recognised(text.as_bytes());
    assert_eq!((found.only(), found.fits.len()), (None, 0));
    let near = &found.near[0];
    assert_eq!(near.source, "synth-organizations");
    assert_eq!(near.missing, ["成立日期"]);
    assert_eq!(near.unknown, ["成立时间"]);
    let error = Header::new(&text.split(',').collect::<Vec<_>>())
        .expect("a header")
        .refuse_misfit(source)
        .expect_err("a misfit")
        .to_string();
    assert!(
        error.contains("is '成立时间' meant to be '成立日期'?"),
        "{error}"
    );
}

#[test]
fn nothing_fits_what_is_no_table() {
    assert_eq!(recognised(b"x,y,z\n1,2,3\n"), Recognition::default());
    for bytes in [&b""[..], b"\xEF\xBB\xBF", b"\"open", b"%PDF-1.7", &[0; 100]] {
        let error = recognise(&catalog(), file(bytes).path());
        assert!(error.is_err(), "{bytes:?}: {error:?}");
    }
    let wide = vec!["c"; 5000].join(",");
    let error = recognise(&catalog(), file(wide.as_bytes()).path()).expect_err("too wide");
    assert!(error.to_string().contains("5000 columns"), "{error}");
}

#[test]
fn json_is_recognised_by_its_first_row() {
    let catalog = catalog();
    for source in json_sources(&catalog).filter(|source| source.format == FileFormat::Geojson) {
        let properties: Vec<String> = headers(source)
            .iter()
            .filter(|name| !["geometry", "id"].contains(&name.as_str()))
            .map(|name| format!("\"{name}\":\"1\""))
            .collect();
        let text = format!(
            "{{\"type\":\"FeatureCollection\",\"features\":[{{\"type\":\"Feature\",\"properties\":{{{}}},\"geometry\":null}}, no JSON from here on",
            properties.join(",")
        );
        let found = recognised(text.as_bytes());
        assert!(
            found.fits.contains(&source.name),
            "{}: {found:?}",
            source.name
        );
    }
    assert_eq!(recognised(b"{\"features\":[]}").fits, Vec::<String>::new());
}
