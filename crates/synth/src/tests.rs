//! Tests over whole cities: what is written is valid, unique, inside, coherent and repeatable.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use geometry::Crs;

use crate::city::City;
use crate::geography::Degrees;
use crate::numbers::{credit_check, identity_check, organization_check};
use crate::{Encoding, FILES, Options, Summary, SynthError, generate};

fn write(folder: &Path, persons: u64, seed: u64, dirt: Option<f64>) -> Summary {
    let options = Options {
        persons,
        seed,
        out: folder.to_owned(),
        dirt,
    };
    generate(&options, &|_, done, total| assert!(done <= total)).unwrap()
}

/// A file's text, strictly decoded as declared.
fn text(folder: &Path, name: &str) -> String {
    let encoding = FILES
        .iter()
        .find(|file| file.file == name)
        .unwrap()
        .encoding;
    let bytes = std::fs::read(folder.join(name)).unwrap();
    match encoding {
        Encoding::Utf8 => String::from_utf8(bytes).unwrap(),
        Encoding::Utf8Bom => String::from_utf8(bytes)
            .unwrap()
            .strip_prefix('\u{FEFF}')
            .unwrap()
            .to_owned(),
        Encoding::Gb18030 => {
            assert!(std::str::from_utf8(&bytes).is_err());
            let decoded =
                encoding_rs::GB18030.decode_without_bom_handling_and_without_replacement(&bytes);
            decoded.unwrap().into_owned()
        }
    }
}

fn cells(line: &str) -> Vec<String> {
    let mut cells = vec![String::new()];
    let mut quoted = false;
    for character in line.chars() {
        match character {
            '"' => quoted = !quoted,
            ',' if !quoted => cells.push(String::new()),
            other => cells.last_mut().unwrap().push(other),
        }
    }
    assert!(!quoted, "{line}");
    cells
}

type Row = BTreeMap<String, String>;

fn rows(folder: &Path, name: &str) -> Vec<Row> {
    let text = text(folder, name);
    let mut lines = text.lines();
    let headers = cells(lines.next().unwrap());
    let read = |line| {
        let cells = cells(line);
        assert_eq!(cells.len(), headers.len(), "{name}: {line}");
        headers.iter().cloned().zip(cells).collect()
    };
    lines.map(read).collect()
}

fn keys<'a>(rows: &'a [Row], column: &str) -> BTreeSet<&'a str> {
    let keys: BTreeSet<&str> = rows.iter().map(|row| row[column].as_str()).collect();
    assert_eq!(keys.len(), rows.len(), "{column} is not unique");
    keys
}

fn point(row: &Row) -> Degrees {
    (row["经度"].parse().unwrap(), row["纬度"].parse().unwrap())
}

fn wkt_points(text: &str) -> Vec<Degrees> {
    let inside = text.split_once('(').unwrap().1.trim_matches(['(', ')']);
    let pair = |pair: &str| {
        let (lon, lat) = pair.trim().split_once(' ').unwrap();
        (lon.parse().unwrap(), lat.parse().unwrap())
    };
    inside.split(',').map(pair).collect()
}

fn inside(city: &City, division: &str, position: Degrees) -> bool {
    let district = city
        .districts
        .iter()
        .find(|district| division.starts_with(district.code))
        .unwrap();
    district.area.contains(position)
}

#[test]
fn the_same_seed_writes_the_same_bytes() {
    let folders = [
        tempfile::tempdir().unwrap(),
        tempfile::tempdir().unwrap(),
        tempfile::tempdir().unwrap(),
    ];
    for (folder, seed) in folders.iter().zip([7, 7, 8]) {
        write(folder.path(), 3_000, seed, Some(0.02));
    }
    let mut names: Vec<&str> = FILES.iter().map(|file| file.file).collect();
    names.extend(["dirt-truth.csv", "manifest.json"]);
    for name in names {
        let [one, same, other] = [0, 1, 2]
            .map(|number: usize| std::fs::read(folders[number].path().join(name)).unwrap());
        assert!(one == same, "{name}");
        let real = name == "divisions.csv" || name.ends_with(".geojson");
        assert_eq!(one == other, real, "{name}");
    }
}

#[test]
fn numbers_codes_and_keys_are_valid_and_unique() {
    let folder = tempfile::tempdir().unwrap();
    let summary = write(folder.path(), 20_000, 1, None);
    assert!(!folder.path().join("dirt-truth.csv").exists());
    let persons = rows(folder.path(), "persons.csv");
    assert_eq!(persons.len(), 20_000);
    assert_eq!(keys(&persons, "公民身份号码").len(), 20_000);
    for person in &persons {
        let number = person["公民身份号码"].as_bytes();
        assert_eq!(identity_check(&number[..17]), number[17]);
        let region: u32 = person["公民身份号码"][..6].parse().unwrap();
        assert!((110_130..110_200).contains(&region));
        let birth = person["出生日期"].replace('-', "");
        assert!(person["公民身份号码"][6..].starts_with(&birth));
        assert_eq!(person["性别"] == "男", number[16] % 2 == 1);
        assert_eq!(person["数据性质"], "合成数据");
    }
    let organizations = rows(folder.path(), "organizations.csv");
    assert_eq!(organizations.len(), 3_000);
    keys(&organizations, "统一社会信用代码");
    for organization in &organizations {
        let code = organization["统一社会信用代码"].as_bytes();
        assert_eq!(organization_check(&code[8..16]), code[16]);
        assert_eq!(credit_check(&code[..17]), code[17]);
        assert!((*b"110130"..*b"110200").contains(&code[2..8].try_into().unwrap()));
    }
    for (file, written) in FILES.iter().zip(&summary.files) {
        let bytes = std::fs::metadata(folder.path().join(file.file))
            .unwrap()
            .len();
        assert_eq!((written.file, written.bytes), (*file, bytes));
    }
    let manifest: serde_json::Value = serde_json::from_str(
        &std::fs::read_to_string(folder.path().join("manifest.json")).unwrap(),
    )
    .unwrap();
    assert_eq!(manifest["synthetic"], true);
    assert_eq!(manifest["files"][7]["source"], "synth-persons");
    assert_eq!(manifest["files"][7]["rows"], 20_000);
}

#[test]
fn references_exist() {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), 6_000, 2, None);
    let [
        divisions,
        roads,
        buildings,
        addresses,
        places,
        households,
        persons,
        organizations,
    ] = [
        "divisions.csv",
        "roads.csv",
        "buildings.csv",
        "addresses.csv",
        "places.csv",
        "households.csv",
        "persons.csv",
        "organizations.csv",
    ]
    .map(|name| rows(folder.path(), name));
    let division = keys(&divisions, "区划代码");
    let road = keys(&roads, "道路编码");
    let building = keys(&buildings, "建筑物编码");
    let address = keys(&addresses, "地址编码");
    let household = keys(&households, "户号");
    let person = keys(&persons, "公民身份号码");
    keys(&places, "地点编码");
    keys(&addresses, "地址全称");
    let refer = |rows: &[Row], column: &str, known: &BTreeSet<&str>| {
        for row in rows {
            assert!(known.contains(row[column].as_str()), "{column}: {row:?}");
        }
    };
    refer(&addresses, "道路编码", &road);
    refer(&addresses, "建筑物编码", &building);
    for rows in [&addresses, &roads, &buildings, &places] {
        refer(rows, "区划代码", &division);
    }
    refer(&households, "地址编码", &address);
    refer(&persons, "户籍地址编码", &address);
    refer(&persons, "现住址编码", &address);
    refer(&persons, "户号", &household);
    refer(&persons, "出生地", &division);
    refer(&organizations, "住所地址编码", &address);
    refer(&organizations, "经营地址编码", &address);
    refer(&organizations, "法定代表人身份号码", &person);
    let people: BTreeMap<&str, &Row> = persons
        .iter()
        .map(|person| (person["公民身份号码"].as_str(), person))
        .collect();
    for organization in &organizations {
        let person = people[organization["法定代表人身份号码"].as_str()];
        assert!(person["出生日期"].as_str() < "1999" && person["死亡日期"].is_empty());
    }
    let same = persons
        .iter()
        .filter(|person| person["户籍地址编码"] == person["现住址编码"])
        .count();
    assert!(
        (0.75..0.88).contains(&(same as f64 / persons.len() as f64)),
        "{same}"
    );
}

#[test]
fn everything_lies_inside_its_district() {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), 60_000, 3, None);
    let city = City::read().unwrap();
    for row in rows(folder.path(), "addresses.csv") {
        assert!(inside(&city, &row["区划代码"], point(&row)), "{row:?}");
        let district = city
            .districts
            .iter()
            .find(|district| row["区划代码"].starts_with(district.code))
            .unwrap();
        assert!(row["地址全称"].starts_with(&format!("北京市{}", district.name)));
    }
    for (name, column) in [("roads.csv", "中心线"), ("buildings.csv", "轮廓")] {
        for row in rows(folder.path(), name) {
            for position in wkt_points(&row[column]) {
                assert!(inside(&city, &row["区划代码"], position), "{row:?}");
            }
        }
    }
    for row in rows(folder.path(), "places.csv") {
        let (lon, lat) = point(&row);
        let position = Crs::Gcj02.to_geographic(lon, lat).unwrap();
        assert!(inside(&city, &row["区划代码"], position), "{row:?}");
    }
    for district in &city.districts {
        for village in &district.villages {
            assert!(
                village.anchor.radius >= 300.0,
                "{}: {:?}",
                village.name,
                village.anchor
            );
            assert!(district.area.contains(village.anchor.centre));
        }
    }
}

#[test]
fn households_are_coherent() {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), 20_000, 4, None);
    let persons = rows(folder.path(), "persons.csv");
    let mut homes: BTreeMap<&str, Vec<&Row>> = BTreeMap::new();
    for person in &persons {
        homes.entry(&person["户号"]).or_default().push(person);
    }
    let year = |row: &Row| row["出生日期"][..4].parse::<i32>().unwrap();
    let (mut couples, mut children, mut own_name, mut three) = (0, 0, 0, 0);
    for home in homes.values() {
        let role = |name: &str| home.iter().find(|person| person["与户主关系"] == name);
        let head = role("户主").unwrap();
        assert_eq!(
            home.iter()
                .filter(|person| person["与户主关系"] == "户主")
                .count(),
            1
        );
        let offspring = || {
            home.iter()
                .filter(|person| ["子", "女"].contains(&person["与户主关系"].as_str()))
        };
        let elders = [role("父亲"), role("母亲")];
        three += usize::from(elders.iter().any(Option::is_some) && offspring().next().is_some());
        if let Some(spouse) = role("配偶") {
            couples += 1;
            assert!((year(head) - year(spouse)).abs() <= 9 && head["性别"] != spouse["性别"]);
        }
        for child in offspring() {
            assert_eq!(child["性别"] == "男", child["与户主关系"] == "子");
            let parents = [Some(head), role("配偶")];
            for parent in parents.iter().flatten() {
                assert!(
                    (18..=55).contains(&(year(child) - year(parent))),
                    "{home:?}"
                );
            }
            children += 1;
            own_name += usize::from(child["姓名"].chars().next() == head["姓名"].chars().next());
        }
        for elder in elders.iter().flatten() {
            assert!((18..=45).contains(&(year(head) - year(elder))), "{home:?}");
        }
    }
    assert!(
        couples > 3_000 && children > 3_000 && three > 100,
        "{couples} {children} {three}"
    );
    assert!(own_name * 10 > children * 8, "{own_name} of {children}");
    let minors = persons
        .iter()
        .filter(|person| person["出生日期"].as_str() >= "2003")
        .count();
    assert!((3_600..4_800).contains(&minors), "{minors}");
    for person in persons
        .iter()
        .filter(|person| person["出生日期"].as_str() >= "2003")
    {
        assert_eq!(person["婚姻状况"], "未婚");
    }
}

/// The lines of a file as bytes, without their ends.
fn lines(folder: &Path, name: &str) -> Vec<Vec<u8>> {
    let bytes = std::fs::read(folder.join(name)).unwrap();
    let lines = bytes.split(|&byte| byte == b'\n');
    lines
        .map(|line| line.strip_suffix(b"\r").unwrap_or(line).to_vec())
        .collect()
}

#[test]
fn the_truth_names_exactly_the_spoiled_lines() {
    let (clean, dirty) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    write(clean.path(), 5_000, 5, None);
    let summary = write(dirty.path(), 5_000, 5, Some(0.05));
    let truth = std::fs::read_to_string(dirty.path().join("dirt-truth.csv")).unwrap();
    let mut spoiled: BTreeMap<(String, usize), String> = BTreeMap::new();
    for line in truth.lines().skip(1) {
        let cells = cells(line);
        spoiled.insert(
            (cells[0].clone(), cells[1].parse().unwrap()),
            cells[2].clone(),
        );
    }
    assert_eq!(spoiled.len() as u64, summary.spoiled);
    assert!((280..450).contains(&spoiled.len()), "{}", spoiled.len());
    assert_eq!(spoiled.values().collect::<BTreeSet<_>>().len(), 14);
    for file in FILES {
        let mut expected = lines(clean.path(), file.file).into_iter();
        let mut previous: Vec<u8> = Vec::new();
        for (number, line) in lines(dirty.path(), file.file).into_iter().enumerate() {
            let problem = spoiled.remove(&(file.file.to_owned(), number + 1));
            let Some(problem) = problem else {
                previous = expected.next().unwrap();
                assert_eq!(line, previous, "{} line {}", file.file, number + 1);
                continue;
            };
            if problem != "duplicate-key" {
                previous = expected.next().unwrap();
            }
            assert_ne!(line, previous);
            check_spoiled(&problem, &line, &previous, file.encoding);
        }
        assert_eq!(expected.next(), None, "{}", file.file);
    }
    assert!(spoiled.is_empty());
}

/// The line has the problem, and what it does not concern is as in the clean line.
fn check_spoiled(problem: &str, line: &[u8], clean: &[u8], encoding: Encoding) {
    let decode = |bytes: &[u8]| match encoding {
        Encoding::Gb18030 => encoding_rs::GB18030
            .decode_without_bom_handling_and_without_replacement(bytes)
            .map(|text| text.into_owned()),
        _ => String::from_utf8(bytes.to_vec()).ok(),
    };
    let Some(text) = decode(line) else {
        return assert_eq!(problem, "undecodable");
    };
    let quotes = text.matches('"').count();
    if problem == "unclosed-quote" {
        return assert_eq!(quotes % 2, 1, "{text}");
    }
    let (cells, clean) = (cells(&text), cells(&decode(clean).unwrap()));
    let changed: Vec<usize> = (0..clean.len())
        .filter(|&number| cells[number] != clean[number])
        .collect();
    let key = cells[0].as_bytes();
    match problem {
        "column-count" => assert_eq!((cells.len(), changed.len()), (clean.len() + 1, 0)),
        "identity-number-check" => assert!(changed == [0] && identity_check(&key[..17]) != key[17]),
        "identity-number-region" => {
            assert!(changed == [0] && identity_check(&key[..17]) == key[17] && key[0] == b'1');
            assert!((b'7'..=b'9').contains(&key[1]));
        }
        "credit-code-check" => {
            assert!(changed == [0] && credit_check(&key[..17]) != key[17]);
            assert_eq!(organization_check(&key[8..16]), key[16]);
        }
        "organization-code-check" => {
            assert!(changed == [0] && credit_check(&key[..17]) == key[17]);
            assert_ne!(organization_check(&key[8..16]), key[16]);
        }
        "missing-value" => assert!(changed == [1] && cells[1].is_empty()),
        "duplicate-key" => assert!(changed == [1] && !cells[1].is_empty()),
        "coordinate-outside-division" => assert_eq!(changed.len(), 2),
        "identity-number-birth-date" | "identity-number-sex" | "code-unknown" | "no-such-day" => {
            assert!(changed.len() == 1 && changed[0] > 1, "{text}");
        }
        other => panic!("{other}: {text}"),
    }
}

#[test]
fn mappings_name_every_column() {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), 1, 6, None);
    let catalog = schema::Catalog::embedded().unwrap();
    for file in FILES.iter().filter(|file| file.file.ends_with(".csv")) {
        let source = &catalog.sources[file.source];
        assert!(source.synthetic, "{}", file.source);
        let declared = match source.encoding {
            schema::Encoding::Utf8 => "utf-8",
            schema::Encoding::Gb18030 => "gb18030",
            schema::Encoding::Auto => "auto",
        };
        assert_eq!(declared, file.encoding.name());
        let mut known: BTreeSet<String> = source.ignore.iter().cloned().collect();
        known.extend(
            source
                .columns
                .iter()
                .flat_map(|column| column.headers.clone()),
        );
        known.extend(
            source
                .points
                .iter()
                .flat_map(|point| [point.lon.clone(), point.lat.clone()]),
        );
        let text = text(folder.path(), file.file);
        let headers: BTreeSet<String> = cells(text.lines().next().unwrap()).into_iter().collect();
        assert_eq!(headers, known, "{}", file.source);
    }
}

#[test]
fn impossible_options_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let options = |persons, dirt| Options {
        persons,
        seed: 1,
        out: folder.path().join("city"),
        dirt,
    };
    let refuse = |options| generate(&options, &|_, _, _| ()).unwrap_err();
    assert!(matches!(
        refuse(options(0, None)),
        SynthError::Persons { asked: 0 }
    ));
    assert!(matches!(
        refuse(options(10, Some(1.5))),
        SynthError::Dirt { .. }
    ));
    assert!(!folder.path().join("city").exists());
}
