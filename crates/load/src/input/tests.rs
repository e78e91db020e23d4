//! Files told by their content, archives, and bombs.

use std::io::Write;

use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use super::*;

const TABLE: &[u8] = "code,name\n1,甲\n".as_bytes();

fn file(bytes: &[u8]) -> tempfile::NamedTempFile {
    let mut file = tempfile::NamedTempFile::new().expect("a file");
    file.write_all(bytes).expect("written");
    file
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut writer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    writer.write_all(bytes).expect("written");
    writer.finish().expect("a gzip file")
}

fn archive(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = ZipWriter::new(io::Cursor::new(Vec::new()));
    for (name, bytes) in files {
        let options = SimpleFileOptions::default();
        if name.ends_with('/') {
            writer.add_directory(*name, options).expect("a folder");
            continue;
        }
        writer.start_file(*name, options).expect("a file");
        writer.write_all(bytes).expect("written");
    }
    writer.finish().expect("an archive").into_inner()
}

fn content(bytes: &[u8]) -> Result<(Packing, Vec<u8>), String> {
    let file = file(bytes);
    let mut input = open(file.path()).map_err(|error| error.to_string())?;
    let mut out = Vec::new();
    match input.reader.read_to_end(&mut out) {
        Ok(_) => Ok((input.packing, out)),
        Err(error) => Err(error.to_string()),
    }
}

#[test]
fn the_content_says_how_it_is_packed() {
    let mut xz = liblzma::write::XzEncoder::new(Vec::new(), 6);
    xz.write_all(TABLE).expect("written");
    let xz = xz.finish().expect("an xz file");
    let zip = archive(&[("表.csv", TABLE)]);
    for (bytes, packing) in [
        (TABLE, Packing::Plain),
        (&gzip(TABLE), Packing::Gzip),
        (
            &[gzip(&TABLE[..4]), gzip(&TABLE[4..])].concat(),
            Packing::Gzip,
        ),
        (&xz, Packing::Xz),
        (&zip, Packing::Zip),
    ] {
        assert_eq!(content(bytes), Ok((packing, TABLE.to_vec())));
    }
    for (bytes, what) in [
        (&b"\x28\xB5\x2F\xFDrest"[..], "zstd"),
        (b"BZh91AY", "bzip2"),
        (b"7z\xBC\xAF\x27\x1C\0", "7z"),
        (b"Rar!\x1A\x07", "RAR"),
        (&zip[..zip.len() / 2], "damaged"),
        (&gzip(TABLE)[..20], ""),
    ] {
        let error = content(bytes).expect_err(what);
        assert!(error.contains(what), "{error}");
    }
}

#[test]
fn an_archive_holds_one_file() {
    let found = content(&archive(&[
        ("__MACOSX/._表.csv", b"x"),
        ("数据/", b""),
        ("数据/.DS_Store", b"x"),
        ("数据/表.csv", TABLE),
    ]));
    assert_eq!(found, Ok((Packing::Zip, TABLE.to_vec())));
    let error = content(&archive(&[("a.csv", TABLE), ("说明.txt", b"x")])).expect_err("two");
    assert!(error.contains("a.csv, 说明.txt"), "{error}");
    assert!(content(&archive(&[("空/", b"")])).is_err_and(|error| error.contains("no file")));
    for (name, what) in [
        ("xl/workbook.bin", "xlsb"),
        ("word/document.xml", "Word"),
        ("META-INF/manifest.xml", "OpenDocument"),
    ] {
        let error = content(&archive(&[(name, b"x")])).expect_err(what);
        assert!(error.contains(what), "{error}");
    }
    let book = archive(&[("[Content_Types].xml", b"x"), ("xl/workbook.xml", b"x")]);
    assert_eq!(packing(file(&book).path()).ok(), Some(Packing::Workbook));
    assert!(content(&book).is_err_and(|error| error.contains("workbook")));
}

#[test]
fn names_in_gbk_are_told_and_damage_is_found() {
    let name = encoding_rs::GB18030.encode("人口表.csv").0.into_owned();
    let placeholder = "x".repeat(name.len());
    let mut two = archive(&[(&placeholder, TABLE), ("b.csv", TABLE)]);
    replace(&mut two, placeholder.as_bytes(), &name);
    let error = content(&two).expect_err("two files");
    assert!(error.contains("人口表.csv, b.csv"), "{error}");

    let sound = archive(&[("a.csv", TABLE)]);
    for (at, flag, what) in [(6, 1, "encrypted"), (14, 0xFF, "cut off or altered")] {
        let mut spoiled = sound.clone();
        let central = spoiled
            .windows(4)
            .position(|bytes| bytes == b"PK\x01\x02")
            .expect("the directory");
        // In the directory every member stands two bytes later than before the file.
        spoiled[at] ^= flag;
        spoiled[central + at + 2] ^= flag;
        let error = content(&spoiled).expect_err(what);
        assert!(error.contains(what), "{error}");
    }
}

fn replace(bytes: &mut [u8], from: &[u8], to: &[u8]) {
    let mut place = 0;
    while let Some(at) = bytes[place..]
        .windows(from.len())
        .position(|part| part == from)
    {
        bytes[place + at..place + at + to.len()].copy_from_slice(to);
        place += at + to.len();
    }
}

#[test]
fn bombs_are_found_while_they_go_off() {
    let much = vec![b'0'; 2 * FLOOR as usize];
    let mut xz = liblzma::write::XzEncoder::new(Vec::new(), 1);
    xz.write_all(&much).expect("written");
    for bomb in [
        gzip(&much),
        xz.finish().expect("an xz file"),
        archive(&[("a.csv", &much)]),
    ] {
        let file = file(&bomb);
        let mut reader = open(file.path()).expect("it begins well").reader;
        let read = io::copy(&mut reader, &mut Watched(0)).expect_err("a bomb");
        assert!(read.to_string().contains("bomb"), "{read}");
    }
}

/// Takes no more than a bomb may give.
struct Watched(u64);

impl Write for Watched {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0 += bytes.len() as u64;
        assert!(self.0 <= FLOOR, "{} bytes came out", self.0);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[test]
fn a_hundred_to_one_is_no_bomb() {
    let filler = "未填".repeat(200);
    let mut table = Vec::new();
    while table.len() as u64 <= FLOOR + (1 << 20) {
        writeln!(table, "{},{filler},{filler}", table.len()).expect("written");
    }
    let packed = gzip(&table);
    let ratio = table.len() / packed.len();
    assert!((100..RATIO as usize).contains(&ratio), "{ratio}");
    let file = file(&packed);
    let mut reader = open(file.path()).expect("a file").reader;
    let read = io::copy(&mut reader, &mut io::sink()).expect("no bomb");
    assert_eq!(read, table.len() as u64);
}

#[test]
fn the_hash_is_that_of_the_whole_file() {
    for bytes in [TABLE.to_vec(), gzip(TABLE), archive(&[("a.csv", TABLE)])] {
        let file = file(&bytes);
        let mut input = open(file.path()).expect("a file");
        io::copy(&mut input.reader, &mut io::sink()).expect("readable");
        assert_eq!(input.hash.hex(), blake3::hash(&bytes).to_hex().to_string());
    }
}
