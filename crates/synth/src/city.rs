//! The real frame of the city: Beijing's divisions with names, boundaries and population, and the
//! tables from which everything else is drawn. All of it is inside the program.

use serde_json::Value;

use crate::error::SynthError;
use crate::geography::{Anchor, Area, Degrees};
use crate::random::{Random, Weighted};

/// The boundaries of the districts as GeoJSON text.
pub(crate) const BOUNDARIES: &str = include_str!("../data/beijing_districts.geojson");

const BOUNDARIES_NAME: &str = "beijing_districts.geojson";

/// A village or community.
pub(crate) struct Village {
    /// 12-digit code.
    pub(crate) code: &'static str,
    /// Name in full, such as 多福巷社区居委会.
    pub(crate) name: &'static str,
    /// Name in addresses, such as 多福巷社区 or 溪翁庄村.
    pub(crate) short_name: String,
    /// The name's own part, such as 多福巷.
    pub(crate) stem: &'static str,
    /// Position of its town in the district's list.
    pub(crate) town: usize,
    /// Where it lies.
    pub(crate) anchor: Anchor,
}

impl Village {
    /// Whether it is a villagers' committee (GB/T 10114: 200–399), not a residents' committee.
    pub(crate) fn is_rural(&self) -> bool {
        self.code.as_bytes()[9] == b'2' || self.code.as_bytes()[9] == b'3'
    }
}

/// A street or town.
pub(crate) struct Town {
    /// 9-digit code.
    pub(crate) code: &'static str,
    /// Name.
    pub(crate) name: &'static str,
}

/// A district.
pub(crate) struct District {
    /// 6-digit code.
    pub(crate) code: &'static str,
    /// Name.
    pub(crate) name: &'static str,
    /// Residents at the 2020 census.
    pub(crate) population: u64,
    /// Main postcode.
    pub(crate) postcode: &'static str,
    /// Its polygons.
    pub(crate) area: Area,
    /// Its streets and towns that have villages.
    pub(crate) towns: Vec<Town>,
    /// Its villages in the order of their codes.
    pub(crate) villages: Vec<Village>,
}

/// A province other than the city.
pub(crate) struct Province {
    /// 6-digit code.
    pub(crate) code: &'static str,
    /// Name.
    pub(crate) name: &'static str,
}

/// A line of trade.
pub(crate) struct Trade {
    /// The word in names.
    pub(crate) word: &'static str,
    /// Class of GB/T 4754-2017.
    pub(crate) industry: &'static str,
    /// Business scope.
    pub(crate) scope: &'static str,
}

/// All tables.
pub(crate) struct City {
    pub(crate) districts: Vec<District>,
    pub(crate) provinces: Vec<Province>,
    pub(crate) province_choice: Weighted,
    pub(crate) surnames: Vec<&'static str>,
    pub(crate) surname_choice: Weighted,
    pub(crate) given: Vec<&'static str>,
    /// By sex: male, female.
    pub(crate) given_choice: [Weighted; 2],
    /// First age of each five-year group, with its sex: males first.
    pub(crate) pyramid: Vec<(u8, bool)>,
    pub(crate) pyramid_choice: Weighted,
    pub(crate) brands: Vec<&'static str>,
    pub(crate) trades: Vec<Trade>,
    pub(crate) trade_choice: Weighted,
    /// Positions in `trades` of those that shops and workshops follow.
    pub(crate) shop_trades: Vec<usize>,
}

/// Rows of an embedded table without its header: line number and cells.
struct Rows {
    name: &'static str,
    rows: Vec<(usize, Vec<&'static str>)>,
}

impl Rows {
    fn read(name: &'static str, text: &'static str, columns: usize) -> Result<Self, SynthError> {
        let mut rows = Vec::new();
        for (number, line) in text.lines().enumerate().skip(1) {
            // Only the last cell may be quoted, and it holds no quotes.
            let cells: Vec<&str> = line
                .splitn(columns, ',')
                .map(|cell| cell.trim_matches('"'))
                .collect();
            if cells.len() != columns {
                return Err(SynthError::Table {
                    table: name,
                    line: number + 1,
                    expected: "one more column",
                });
            }
            rows.push((number + 1, cells));
        }
        Ok(Rows { name, rows })
    }

    fn column(&self, column: usize) -> Vec<&'static str> {
        self.rows.iter().map(|(_, cells)| cells[column]).collect()
    }

    fn numbers(&self, column: usize) -> Result<Vec<f64>, SynthError> {
        let read = |(line, cells): &(usize, Vec<&'static str>)| {
            cells[column].parse().map_err(|_| SynthError::Table {
                table: self.name,
                line: *line,
                expected: "a number",
            })
        };
        self.rows.iter().map(read).collect()
    }
}

impl City {
    /// Reads the tables and places the villages.
    ///
    /// # Errors
    ///
    /// [`SynthError::Table`] when a table is not as it should be.
    pub(crate) fn read() -> Result<Self, SynthError> {
        let provinces = Rows::read("provinces.csv", include_str!("../data/provinces.csv"), 3)?;
        let surnames = Rows::read("surnames.csv", include_str!("../data/surnames.csv"), 2)?;
        let given = Rows::read(
            "given_characters.csv",
            include_str!("../data/given_characters.csv"),
            3,
        )?;
        let pyramid = Rows::read(
            "pyramid_2020.csv",
            include_str!("../data/pyramid_2020.csv"),
            3,
        )?;
        let trades = Rows::read("trades.csv", include_str!("../data/trades.csv"), 4)?;
        let trade = |(_, cells): &(usize, Vec<&'static str>)| Trade {
            word: cells[0],
            industry: cells[1],
            scope: cells[3],
        };
        let trade_list: Vec<Trade> = trades.rows.iter().map(trade).collect();
        let is_shop = |trade: &Trade| {
            ["52", "62", "80"]
                .iter()
                .any(|division| trade.industry.starts_with(division))
        };
        let ages: Vec<u8> = pyramid.numbers(0)?.iter().map(|&age| age as u8).collect();
        let people = [pyramid.numbers(1)?, pyramid.numbers(2)?].concat();
        let groups = |female: bool| ages.iter().map(move |&age| (age, female));
        Ok(City {
            districts: districts()?,
            provinces: provinces
                .rows
                .iter()
                .map(|(_, cells)| Province {
                    code: cells[0],
                    name: cells[1],
                })
                .collect(),
            province_choice: Weighted::new(&provinces.numbers(2)?),
            surnames: surnames.column(0),
            surname_choice: Weighted::new(&surnames.numbers(1)?),
            given: given.column(0),
            given_choice: [
                given_choice(&given, "female")?,
                given_choice(&given, "male")?,
            ],
            pyramid: groups(false).chain(groups(true)).collect(),
            pyramid_choice: Weighted::new(&people),
            brands: include_str!("../data/brands.txt").lines().collect(),
            shop_trades: (0..trade_list.len())
                .filter(|&number| is_shop(&trade_list[number]))
                .collect(),
            trade_choice: Weighted::new(&trades.numbers(2)?),
            trades: trade_list,
        })
    }

    /// The name of a person: a surname and one or two further characters.
    pub(crate) fn full_name(
        &self,
        surname: usize,
        female: bool,
        random: &mut Random,
        name: &mut String,
    ) {
        name.clear();
        name.push_str(self.surnames[surname]);
        let choice = &self.given_choice[usize::from(female)];
        name.push_str(self.given[choice.draw(random)]);
        if !random.chance(0.15) {
            name.push_str(self.given[choice.draw(random)]);
        }
    }
}

/// The choice of given-name characters in which those leaning to the other sex are rare.
fn given_choice(given: &Rows, other_sex: &str) -> Result<Weighted, SynthError> {
    let mut weights = given.numbers(1)?;
    for (weight, (_, cells)) in weights.iter_mut().zip(&given.rows) {
        *weight *= match cells[2] {
            "" => 1.0,
            leaning if leaning == other_sex => 0.03,
            _ => 2.0,
        };
    }
    Ok(Weighted::new(&weights))
}

fn districts() -> Result<Vec<District>, SynthError> {
    let table = Rows::read(
        "districts_beijing.csv",
        include_str!("../data/districts_beijing.csv"),
        4,
    )?;
    let towns = Rows::read(
        "towns_beijing.csv",
        include_str!("../data/towns_beijing.csv"),
        2,
    )?;
    let villages = Rows::read(
        "villages_beijing.csv",
        include_str!("../data/villages_beijing.csv"),
        2,
    )?;
    let populations = table.numbers(2)?;
    let mut areas = areas()?;
    let mut districts = Vec::with_capacity(table.rows.len());
    for ((line, cells), population) in table.rows.iter().zip(populations) {
        let missing = SynthError::Table {
            table: table.name,
            line: *line,
            expected: "a district with a boundary",
        };
        let place = areas
            .iter()
            .position(|(code, _)| code == cells[0])
            .ok_or(missing)?;
        let mut district = District {
            code: cells[0],
            name: cells[1],
            population: population as u64,
            postcode: cells[3],
            area: areas.swap_remove(place).1,
            towns: Vec::new(),
            villages: Vec::new(),
        };
        settle(&mut district, &towns, &villages);
        districts.push(district);
    }
    Ok(districts)
}

/// Gives a district its towns and villages, each with its anchor.
fn settle(district: &mut District, towns: &Rows, villages: &Rows) {
    let of_district = |rows: &Rows, code: &str| -> Vec<(&'static str, &'static str)> {
        let all = rows.rows.iter().map(|(_, cells)| (cells[0], cells[1]));
        all.filter(|(entry, _)| entry.starts_with(code)).collect()
    };
    let mut by_town = Vec::new();
    for (code, name) in of_district(towns, district.code) {
        let inside = of_district(villages, code);
        if !inside.is_empty() {
            district.towns.push(Town { code, name });
            by_town.push(inside);
        }
    }
    let counts: Vec<usize> = by_town.iter().map(Vec::len).collect();
    let anchors = district.area.anchors(&counts);
    for (town, (inside, anchors)) in by_town.into_iter().zip(anchors).enumerate() {
        for ((code, name), anchor) in inside.into_iter().zip(anchors) {
            let (short_name, stem) = shorten(name);
            district.villages.push(Village {
                code,
                name,
                short_name,
                stem,
                town,
                anchor,
            });
        }
    }
}

/// A village's name in addresses, and its own part.
fn shorten(name: &'static str) -> (String, &'static str) {
    let endings = ["居民委员会", "村民委员会", "居委会", "村委会"];
    let body = endings
        .iter()
        .find_map(|ending| name.strip_suffix(ending))
        .unwrap_or(name);
    let village = name.ends_with("村委会") || name.ends_with("村民委员会");
    let stem = body.strip_suffix("社区").unwrap_or(body);
    let stem = if village {
        stem.strip_suffix('村').unwrap_or(stem)
    } else {
        stem
    };
    let stem = if stem.is_empty() { body } else { stem };
    let ending = if village {
        "村"
    } else if name == body && !body.ends_with("社区") {
        ""
    } else {
        "社区"
    };
    (format!("{stem}{ending}"), stem)
}

fn areas() -> Result<Vec<(String, Area)>, SynthError> {
    let fault = |expected| SynthError::Table {
        table: BOUNDARIES_NAME,
        line: 0,
        expected,
    };
    let root: Value = serde_json::from_str(BOUNDARIES).map_err(|_| fault("JSON"))?;
    let features = root["features"]
        .as_array()
        .ok_or(fault("an array of features"))?;
    let mut areas = Vec::with_capacity(features.len());
    for feature in features {
        let code = feature["properties"]["gb"]
            .as_str()
            .and_then(|gb| gb.strip_prefix("156"));
        let code = code.ok_or(fault("gb = 156 + code"))?;
        let polygons = feature["geometry"]["coordinates"]
            .as_array()
            .ok_or(fault("a MultiPolygon"))?;
        let mut rings = Vec::new();
        for ring in polygons.iter().filter_map(Value::as_array).flatten() {
            rings.push(positions(ring).ok_or(fault("rings of positions"))?);
        }
        areas.push((
            code.to_owned(),
            Area::new(rings).ok_or(fault("closed rings"))?,
        ));
    }
    Ok(areas)
}

fn positions(ring: &Value) -> Option<Vec<Degrees>> {
    let position = |value: &Value| Some((value.get(0)?.as_f64()?, value.get(1)?.as_f64()?));
    ring.as_array()?.iter().map(position).collect()
}
