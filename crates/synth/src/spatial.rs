//! Roads, buildings, addresses and places of one village after the other.

use std::path::Path;

use geometry::Crs;

use crate::city::{District, Village};
use crate::dates::day;
use crate::dirt::{Dirt, Layout, Problem};
use crate::error::SynthError;
use crate::files::SYNTHETIC;
use crate::geography::Degrees;
use crate::random::Random;
use crate::table::{Encoding, Row, Table};

/// Addresses in one building.
const ADDRESSES_A_BUILDING: u32 = 12;
/// Buildings before a village gets one more road, and the most roads it gets.
const BUILDINGS_A_ROAD: u32 = 60;
const MOST_ROADS: u32 = 5;
/// Metres from the middle of a road to the middles of its rows of buildings.
const ROWS: [f64; 3] = [22.0, 46.0, 70.0];
/// Share of a village's radius that its roads span: rows of buildings need the rest.
const ROAD_REACH: f64 = 0.62;

const ADDRESS_LAYOUT: Layout = Layout {
    problems: &[
        Problem::CoordinateOutsideDivision,
        Problem::MissingValue,
        Problem::UnclosedQuote,
        Problem::ColumnCount,
        Problem::Undecodable,
        Problem::DuplicateKey,
    ],
    name: 1,
};
const LONGITUDE: usize = 14;
const LATITUDE: usize = 15;

/// Kinds of places with what follows the village's name.
const PLACES: [(&str, &str); 10] = [
    ("学校", "小学"),
    ("公园", "公园"),
    ("公交站", "公交站"),
    ("社区卫生服务机构", "社区卫生服务站"),
    ("幼儿园", "幼儿园"),
    ("市场", "便民菜市场"),
    ("学校", "中学"),
    ("社区服务中心", "便民服务中心"),
    ("医院", "医院"),
    ("广场", "文化广场"),
];

/// How much of everything a village gets.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Size {
    /// Persons.
    pub(crate) persons: u32,
    /// Addresses that are homes: the first ones.
    pub(crate) homes: u32,
    /// Addresses of shops and offices: the rest.
    pub(crate) premises: u32,
    /// Places.
    pub(crate) places: u32,
    /// Organizations.
    pub(crate) organizations: u32,
}

impl Size {
    /// All addresses.
    pub(crate) fn addresses(&self) -> u32 {
        self.homes + self.premises
    }
}

/// An address by village code and number (from 0).
pub(crate) type AddressKey = (&'static str, u32);

/// Adds an address code to the field under way.
pub(crate) fn push_address_code(row: &mut Row, key: AddressKey) -> &mut Row {
    row.push("DZ")
        .push(key.0)
        .push_number(u64::from(key.1) + 1, 5)
}

/// One village in its district.
#[derive(Clone, Copy)]
pub(crate) struct Site<'a> {
    pub(crate) district: &'a District,
    /// The district's position among the districts.
    pub(crate) district_number: usize,
    pub(crate) village: &'a Village,
    pub(crate) size: Size,
}

/// The four files of the built city.
pub(crate) struct SpatialTables {
    pub(crate) roads: Table,
    pub(crate) buildings: Table,
    pub(crate) addresses: Table,
    pub(crate) places: Table,
}

/// The roads of a village: parallel, in metres from its middle.
struct Street {
    name: String,
    /// Distance from the village's middle, across.
    across: f64,
    /// Half its length.
    half: f64,
}

struct Streets {
    direction: (f64, f64),
    list: Vec<Street>,
}

/// A building beside a street.
struct Building {
    number: u32,
    street: usize,
    /// House number on the street.
    house: u32,
    /// Which of the buildings that share the house number.
    block: u32,
    /// Along and across the street's direction from the village's middle, in metres.
    middle: (f64, f64),
    half_width: f64,
    floors: u32,
    units: u32,
    home: bool,
}

impl SpatialTables {
    /// Creates the four files.
    ///
    /// # Errors
    ///
    /// [`SynthError::Write`].
    pub(crate) fn create(folder: &Path) -> Result<Self, SynthError> {
        let roads = [
            "道路编码",
            "道路名称",
            "道路等级",
            "区划代码",
            "长度",
            "中心线",
            "数据性质",
        ];
        let buildings = [
            "建筑物编码",
            "建筑物名称",
            "用途",
            "层数",
            "高度",
            "竣工日期",
            "区划代码",
            "轮廓",
            "数据性质",
        ];
        let addresses = [
            "地址编码",
            "地址全称",
            "区划代码",
            "区县",
            "街道乡镇",
            "社区村",
            "道路编码",
            "道路名称",
            "门牌号",
            "建筑物编码",
            "楼号",
            "单元",
            "楼层",
            "房间号",
            "经度",
            "纬度",
            "邮政编码",
            "数据性质",
        ];
        let places = [
            "地点编码",
            "名称",
            "类型",
            "区划代码",
            "地址编码",
            "经度",
            "纬度",
            "数据性质",
        ];
        Ok(SpatialTables {
            roads: Table::create(folder, "roads.csv", Encoding::Utf8, &roads)?,
            buildings: Table::create(folder, "buildings.csv", Encoding::Utf8, &buildings)?,
            addresses: Table::create(folder, "addresses.csv", Encoding::Utf8Bom, &addresses)?,
            places: Table::create(folder, "places.csv", Encoding::Gb18030, &places)?,
        })
    }

    /// Writes what one village has.
    ///
    /// # Errors
    ///
    /// [`SynthError::Write`].
    pub(crate) fn write(
        &mut self,
        site: Site<'_>,
        dirt: &mut Dirt,
        random: &mut Random,
    ) -> Result<(), SynthError> {
        let counts =
            [site.size.homes, site.size.premises].map(|count| count.div_ceil(ADDRESSES_A_BUILDING));
        let buildings = counts[0] + counts[1];
        let streets = lay_streets(site, buildings, random);
        for (number, street) in streets.list.iter().enumerate() {
            self.write_road(site, &streets, street, number)?;
        }
        for number in 0..buildings {
            let home = number < counts[0];
            let building = place_building(site, &streets, number, buildings, home, random);
            self.write_building(site, &streets, &building, random)?;
            let (first, last) = if home {
                (number * ADDRESSES_A_BUILDING, site.size.homes)
            } else {
                (
                    site.size.homes + (number - counts[0]) * ADDRESSES_A_BUILDING,
                    site.size.addresses(),
                )
            };
            for address in first..last.min(first + ADDRESSES_A_BUILDING) {
                self.write_address(
                    site,
                    &streets,
                    &building,
                    (address, address - first),
                    random,
                )?;
                dirt.finish_row(&mut self.addresses, &ADDRESS_LAYOUT, spoil_address)?;
            }
        }
        for number in 0..site.size.places {
            self.write_place(site, number, random)?;
        }
        Ok(())
    }

    fn write_road(
        &mut self,
        site: Site<'_>,
        streets: &Streets,
        street: &Street,
        number: usize,
    ) -> Result<(), SynthError> {
        let row = self.roads.row.clear();
        push_road_code(row, site, number).end().field(&street.name);
        row.field(if number == 0 { "支路" } else { "街巷" })
            .field(site.village.code);
        row.push_decimal(street.half * 2.0, 1)
            .end()
            .push("LINESTRING(");
        for (step, bend) in [(-1.0, 0.0), (-0.4, 4.0), (0.3, -3.0), (1.0, 0.0)] {
            let position = streets.position(site, (street.half * step, street.across + bend));
            row.push(if step == -1.0 { "" } else { ", " });
            push_position(row, position, " ");
        }
        row.push(")").end_quoted().field(SYNTHETIC);
        self.roads.finish_row()
    }

    fn write_building(
        &mut self,
        site: Site<'_>,
        streets: &Streets,
        building: &Building,
        random: &mut Random,
    ) -> Result<(), SynthError> {
        let row = self.buildings.row.clear();
        push_building_code(row, site, building.number).end();
        row.push(&streets.list[building.street].name)
            .push_number(building.house.into(), 1)
            .push("号院");
        row.push_number(building.block.into(), 1);
        row.push(if building.home {
            "号楼"
        } else {
            "号商务楼"
        })
        .end();
        row.field(match (building.home, random.below(3)) {
            (true, _) => "住宅",
            (false, 0) => "办公",
            (false, _) => "商业",
        });
        row.push_number(building.floors.into(), 1).end();
        row.push_decimal(
            f64::from(building.floors) * if building.home { 2.9 } else { 3.9 },
            1,
        )
        .end();
        let (oldest, newest) = (day(1978, 1, 1), day(2020, 12, 31));
        row.push_date(random.between(oldest, newest), "")
            .end()
            .field(site.village.code);
        row.push("POLYGON((");
        let (width, depth) = (building.half_width, 6.0);
        for (number, (along, across)) in [
            (-width, -depth),
            (width, -depth),
            (width, depth),
            (-width, depth),
            (-width, -depth),
        ]
        .iter()
        .enumerate()
        {
            let corner = (building.middle.0 + along, building.middle.1 + across);
            row.push(if number == 0 { "" } else { ", " });
            push_position(row, streets.position(site, corner), " ");
        }
        row.push("))").end_quoted().field(SYNTHETIC);
        self.buildings.finish_row()
    }

    /// Puts one address into the row; `numbers` are its numbers in the village and in the building.
    fn write_address(
        &mut self,
        site: Site<'_>,
        streets: &Streets,
        building: &Building,
        numbers: (u32, u32),
        random: &mut Random,
    ) -> Result<(), SynthError> {
        let Site {
            district, village, ..
        } = site;
        let rural = village.is_rural() && building.home;
        let unit = numbers.1 % building.units + 1;
        let floor = numbers.1 / building.units % building.floors + 1;
        let door = numbers.1 / building.units / building.floors + 1;
        let room = u64::from(if rural {
            numbers.1 + 1
        } else {
            floor * 100 + door
        });
        let street = &streets.list[building.street].name;
        let town = district.towns[village.town].name;
        let block = if building.home {
            "号楼"
        } else {
            "号商务楼"
        };

        let row = self.addresses.row.clear();
        push_address_code(row, (village.code, numbers.0)).end();
        row.push("北京市")
            .push(district.name)
            .push(town)
            .push(&village.short_name)
            .push(street);
        row.push_number(building.house.into(), 1)
            .push("号院")
            .push_number(building.block.into(), 1)
            .push(block);
        if building.home && !rural {
            row.push_number(unit.into(), 1).push("单元");
        }
        row.push_number(room, 1)
            .push(if rural { "号" } else { "室" })
            .end_quoted();
        row.field(village.code)
            .field(district.name)
            .field(town)
            .field(&village.short_name);
        push_road_code(row, site, building.street)
            .end()
            .field(street);
        row.push_number(building.house.into(), 1).push("号院").end();
        push_building_code(row, site, building.number).end();
        row.push_number(building.block.into(), 1).end();
        if building.home && !rural {
            row.push_number(unit.into(), 1);
        }
        row.end();
        if !rural {
            row.push_number(floor.into(), 1);
        }
        row.end().push_number(room, 1).end();
        let shift = f64::from(random.below(9)) - 4.0;
        let position = streets.position(site, (building.middle.0 + shift, building.middle.1));
        push_position(row, position, "");
        row.field(district.postcode).field(SYNTHETIC);
        Ok(())
    }

    fn write_place(
        &mut self,
        site: Site<'_>,
        number: u32,
        random: &mut Random,
    ) -> Result<(), SynthError> {
        let Site {
            district,
            village,
            size,
            ..
        } = site;
        // Villages begin at different kinds, so that a small city has all of them.
        let start = village.code.bytes().map(u32::from).sum::<u32>();
        let (kind, ending) = PLACES[((start + number) % PLACES.len() as u32) as usize];
        let row = self.places.row.clear();
        row.push("DD")
            .push(village.code)
            .push_number(u64::from(number) + 1, 3)
            .end();
        row.push(village.stem);
        if number >= PLACES.len() as u32 {
            row.push("第")
                .push_number(u64::from(number) / PLACES.len() as u64 + 1, 1);
        }
        row.push(ending).end().field(kind).field(village.code);
        if size.addresses() > 0 && random.chance(0.7) {
            push_address_code(row, (village.code, random.below(size.addresses())));
        }
        row.end();
        let (distance, angle) = (
            random.unit().sqrt() * 0.9,
            random.unit() * std::f64::consts::TAU,
        );
        let reach = distance * village.anchor.radius;
        let offset = (reach * angle.cos(), reach * angle.sin());
        let (lon, lat) = district.area.frame.offset(village.anchor.centre, offset);
        let displaced = Crs::Gcj02.from_geographic(lon, lat).unwrap_or((lon, lat));
        push_position(row, displaced, "");
        row.field(SYNTHETIC);
        self.places.finish_row()
    }
}

impl Streets {
    /// The position so many metres along and across the streets from the village's middle.
    fn position(&self, site: Site<'_>, (along, across): (f64, f64)) -> Degrees {
        let (cosine, sine) = self.direction;
        let metres = (
            along * cosine - across * sine,
            along * sine + across * cosine,
        );
        site.district
            .area
            .frame
            .offset(site.village.anchor.centre, metres)
    }
}

fn lay_streets(site: Site<'_>, buildings: u32, random: &mut Random) -> Streets {
    const ENDINGS: [&str; 5] = ["路", "北路", "南路", "中街", "西街"];
    const LANES: [&str; 5] = ["", "一巷", "二巷", "三巷", "四巷"];
    let named_after_road = site.village.stem.ends_with(['路', '街', '巷', '条', '道']);
    let endings = if named_after_road { LANES } else { ENDINGS };
    let count = (1 + buildings / BUILDINGS_A_ROAD).min(MOST_ROADS);
    let angle = random.unit() * std::f64::consts::PI;
    let radius = site.village.anchor.radius;
    let street = |number: u32| {
        let side = if number.is_multiple_of(2) { -1.0 } else { 1.0 };
        let across = f64::from(number.div_ceil(2)) * side * 0.16 * radius;
        let reach = ROAD_REACH * radius;
        Street {
            name: format!(
                "{}{}",
                site.village.stem,
                endings[number as usize % endings.len()]
            ),
            across,
            half: (reach * reach - across * across).sqrt(),
        }
    };
    let (sine, cosine) = angle.sin_cos();
    Streets {
        direction: (cosine, sine),
        list: (0..count).map(street).collect(),
    }
}

fn place_building(
    site: Site<'_>,
    streets: &Streets,
    number: u32,
    buildings: u32,
    home: bool,
    random: &mut Random,
) -> Building {
    let count = streets.list.len() as u32;
    let slots = buildings.div_ceil(count).div_ceil(6);
    let (street, slot) = ((number % count) as usize, number / count);
    let (side, row, place) = (slot % 2, slot / 2 % 3, slot / 6);
    let Street { across, half, .. } = streets.list[street];
    let spacing = 2.0 * half / f64::from(slots);
    let along = -half + (f64::from(place) + 0.5) * spacing;
    let away = ROWS[row as usize] * if side == 0 { 1.0 } else { -1.0 };
    let rural = site.village.is_rural() && home;
    let (floors, units) = match (rural, home) {
        (true, _) => (1, 1),
        (_, true) => (
            *random.pick(&[4, 5, 6, 6, 6, 11, 16, 18, 24, 28]),
            1 + random.below(6),
        ),
        (_, false) => (2 + random.below(20), 1),
    };
    Building {
        number,
        street,
        house: 2 * place + 1 + side,
        block: row + 1,
        middle: (along, across + away),
        half_width: (spacing * 0.35).clamp(4.0, 25.0),
        floors,
        units,
        home,
    }
}

fn push_road_code<'a>(row: &'a mut Row, site: Site<'_>, number: usize) -> &'a mut Row {
    row.push("DL")
        .push(site.village.code)
        .push_number(number as u64 + 1, 2)
}

fn push_building_code<'a>(row: &'a mut Row, site: Site<'_>, number: u32) -> &'a mut Row {
    row.push("JZ")
        .push(site.village.code)
        .push_number(u64::from(number) + 1, 4)
}

/// Adds a position, to a tenth of a metre: parted by `separator`, or as two fields when it is empty.
fn push_position(row: &mut Row, position: Degrees, separator: &str) {
    row.push_decimal(position.0, 6);
    if separator.is_empty() {
        row.end().push_decimal(position.1, 6).end();
    } else {
        row.push(separator).push_decimal(position.1, 6);
    }
}

fn spoil_address(table: &mut Table, problem: Problem, random: &mut Random) {
    match problem {
        // Some hundred kilometres south: in China, but in no district of the city.
        Problem::CoordinateOutsideDivision => {
            let lon = format!("115.{:06}", 100_000 + random.below(800_000));
            let lat = format!("35.{:06}", 100_000 + random.below(800_000));
            table.row.replace(LONGITUDE, lon.as_bytes());
            table.row.replace(LATITUDE, lat.as_bytes());
        }
        Problem::DuplicateKey => table
            .row
            .replace(ADDRESS_LAYOUT.name, "北京市重复登记的另一处地址".as_bytes()),
        _ => {}
    }
}
