//! Persons joined with their addresses: the file PostgreSQL loads, and a sample of whom to ask about.

use std::collections::HashMap;
use std::fs::File;
use std::io::{BufReader, BufWriter};
use std::path::Path;

use anyhow::{Context as _, ensure};
use csv::{ReaderBuilder, StringRecord, WriterBuilder};

use crate::sampling::Random;

/// The columns of the file, in order.
pub const COLUMNS: [&str; 8] = [
    "number",
    "identity_number",
    "name",
    "address",
    "division",
    "sex",
    "birth_date",
    "location",
];
/// Persons in the sample, at most.
const SAMPLE: usize = 5000;

/// What Jiku derives from a person's address.
struct Home {
    text: String,
    division: String,
    lon: String,
    lat: String,
    /// Road and number: a part of the text.
    phrase: String,
}

/// One of the persons that questions are made of.
#[derive(Clone, Debug)]
pub struct Sampled {
    /// Identity number.
    pub identity: String,
    /// Name.
    pub name: String,
    /// Road and number.
    pub phrase: String,
    /// Code of 12 digits.
    pub division: String,
    /// Degrees.
    pub lon: f64,
    /// Degrees.
    pub lat: f64,
}

/// Writes the file, whose columns are those of `postgresql::TABLE`, and draws a sample.
pub fn write(city: &Path, flat: &Path, random: &mut Random) -> anyhow::Result<Vec<Sampled>> {
    let homes = homes(&city.join("addresses.csv"))?;
    let persons = city.join("persons.csv");
    let mut reader = ReaderBuilder::new().from_reader(BufReader::new(File::open(&persons)?));
    let columns = [
        "公民身份号码",
        "姓名",
        "性别",
        "出生日期",
        "现住址编码",
        "户籍地址编码",
    ];
    let places = places(reader.headers()?, columns)?;
    let mut writer = WriterBuilder::new().from_writer(BufWriter::new(File::create(flat)?));
    let mut sample = Vec::new();
    let mut row = StringRecord::new();
    // Jiku numbers new persons in the order of the file, too.
    let mut number: usize = 0;
    while reader.read_record(&mut row)? {
        number += 1;
        let [identity, name, sex, birth, current, registered] = places.map(|place| &row[place]);
        let home = homes.get(current).or_else(|| homes.get(registered));
        let home = home.with_context(|| format!("{identity} lives at no known address"))?;
        let sex = if sex == "男" { "1" } else { "2" };
        // PostgreSQL's dates have no precision.
        let birth = if birth.len() == 7 {
            format!("{birth}-01")
        } else {
            birth.to_string()
        };
        let point = format!("POINT({} {})", home.lon, home.lat);
        let id = number.to_string();
        writer.write_record([
            &id,
            identity,
            name,
            &home.text,
            &home.division,
            sex,
            &birth,
            &point,
        ])?;
        let place = if number <= SAMPLE {
            number - 1
        } else {
            random.below(number)
        };
        if place < SAMPLE {
            let sampled = Sampled {
                identity: identity.to_string(),
                name: name.to_string(),
                phrase: home.phrase.clone(),
                division: home.division.clone(),
                lon: home.lon.parse()?,
                lat: home.lat.parse()?,
            };
            if place == sample.len() {
                sample.push(sampled)
            } else {
                sample[place] = sampled
            }
        }
    }
    writer.flush()?;
    ensure!(!sample.is_empty(), "{} holds nobody", persons.display());
    Ok(sample)
}

fn homes(file: &Path) -> anyhow::Result<HashMap<String, Home>> {
    let mut reader = ReaderBuilder::new().from_reader(BufReader::new(File::open(file)?));
    let columns = [
        "地址编码",
        "地址全称",
        "区划代码",
        "经度",
        "纬度",
        "道路名称",
        "门牌号",
    ];
    let places = places(reader.headers()?, columns)?;
    let mut homes = HashMap::new();
    let mut row = StringRecord::new();
    while reader.read_record(&mut row)? {
        let [code, text, division, lon, lat, road, house] = places.map(|place| &row[place]);
        let home = Home {
            text: text.to_string(),
            division: division.to_string(),
            lon: lon.to_string(),
            lat: lat.to_string(),
            phrase: format!("{road}{house}"),
        };
        homes.insert(code.to_string(), home);
    }
    Ok(homes)
}

fn places<const N: usize>(header: &StringRecord, names: [&str; N]) -> anyhow::Result<[usize; N]> {
    let mut places = [0; N];
    for (place, name) in places.iter_mut().zip(names) {
        let at = header
            .iter()
            .position(|one| one.trim_start_matches('\u{feff}') == name);
        *place = at.with_context(|| format!("no column {name}"))?;
    }
    Ok(places)
}
