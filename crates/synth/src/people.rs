//! Persons and households of one village after the other.

use std::path::Path;

use crate::city::City;
use crate::dates::{Day, REFERENCE_YEAR, civil, day};
use crate::dirt::{Dirt, Layout, Problem};
use crate::error::SynthError;
use crate::families::{Household, Member, Role, assemble};
use crate::files::SYNTHETIC;
use crate::numbers::{IdentityNumber, IdentityNumbers, Sex, identity_check};
use crate::pool::Pool;
use crate::random::{Random, Weighted};
use crate::spatial::{AddressKey, Site, push_address_code};
use crate::table::{Encoding, Row, Table};

const PERSON_LAYOUT: Layout = Layout {
    problems: &[
        Problem::IdentityNumberCheck,
        Problem::IdentityNumberRegion,
        Problem::IdentityNumberBirthDate,
        Problem::IdentityNumberSex,
        Problem::CodeUnknown,
        Problem::NoSuchDay,
        Problem::MissingValue,
        Problem::UnclosedQuote,
        Problem::ColumnCount,
        Problem::Undecodable,
        Problem::DuplicateKey,
    ],
    name: 1,
};
const IDENTITY: usize = 0;
const SEX: usize = 3;
const ETHNIC_GROUP: usize = 4;
const BIRTH_DATE: usize = 5;

/// Ethnic groups of the city by share in 100,000; the rest of the 56 are left out.
const ETHNIC_GROUPS: [(&str, f64); 17] = [
    ("汉族", 95_200.0),
    ("满族", 2_000.0),
    ("回族", 1_180.0),
    ("蒙古族", 550.0),
    ("土家族", 180.0),
    ("朝鲜族", 170.0),
    ("壮族", 130.0),
    ("苗族", 120.0),
    ("彝族", 80.0),
    ("维吾尔族", 70.0),
    ("侗族", 60.0),
    ("布依族", 50.0),
    ("藏族", 50.0),
    ("白族", 50.0),
    ("瑶族", 40.0),
    ("锡伯族", 40.0),
    ("达斡尔族", 30.0),
];

/// The two files of the population, and what must be remembered while they are written.
pub(crate) struct People {
    pub(crate) persons: Table,
    pub(crate) households: Table,
    /// Living adults, to represent organizations.
    pub(crate) adults: Pool<IdentityNumber>,
    /// Homes elsewhere, for those who are registered in one place and live in another.
    pub(crate) homes: Pool<AddressKey>,
    numbers: IdentityNumbers,
    ethnic_groups: Weighted,
    name: String,
}

/// What the members of a household share.
struct Home {
    key: AddressKey,
    registered: AddressKey,
    current: AddressKey,
    ethnic_group: usize,
    /// Surnames of the head (or husband), of the wife, and of the children.
    surnames: [usize; 3],
    local: bool,
}

/// What of a person does not follow from the household.
struct Life {
    identity: IdentityNumber,
    birth: Day,
    death: Option<Day>,
}

impl People {
    /// Creates the two files.
    ///
    /// # Errors
    ///
    /// [`SynthError::Write`].
    pub(crate) fn create(folder: &Path, city: &City) -> Result<Self, SynthError> {
        let persons = [
            "公民身份号码",
            "姓名",
            "曾用名",
            "性别",
            "民族",
            "出生日期",
            "出生地",
            "户籍地址编码",
            "现住址编码",
            "户号",
            "与户主关系",
            "婚姻状况",
            "文化程度",
            "死亡日期",
            "数据性质",
        ];
        let households = ["户号", "户类型", "地址编码", "立户日期", "数据性质"];
        let shares: Vec<f64> = ETHNIC_GROUPS.iter().map(|group| group.1).collect();
        Ok(People {
            persons: Table::create(folder, "persons.csv", Encoding::Utf8, &persons)?,
            households: Table::create(folder, "households.csv", Encoding::Utf8, &households)?,
            adults: Pool::new(),
            homes: Pool::new(),
            numbers: IdentityNumbers::new(city.districts.len()),
            ethnic_groups: Weighted::new(&shares),
            name: String::new(),
        })
    }

    /// Writes a village's households and their members.
    ///
    /// # Errors
    ///
    /// [`SynthError::Write`], [`SynthError::NumbersUsedUp`].
    pub(crate) fn write(
        &mut self,
        city: &City,
        site: Site<'_>,
        dirt: &mut Dirt,
        random: &mut Random,
    ) -> Result<(), SynthError> {
        let households = assemble(city, site.size.persons, random);
        let count = households.len() as u64;
        for (number, household) in households.iter().enumerate() {
            let address = number as u64 * u64::from(site.size.homes) / count;
            let current = (site.village.code, address as u32);
            let home = self.settle(
                city,
                (site.village.code, number as u32),
                current,
                household,
                random,
            );
            if number % 5 == 0 {
                self.homes.push(current);
            }
            let lives = self.lives(site, household, random)?;
            for (member, life) in household.members.iter().zip(&lives) {
                let widowed = member.coupled && life.death.is_none() && {
                    let partner = partner(household, member);
                    partner.is_some_and(|partner| lives[partner].death.is_some())
                };
                self.person(city, site, &home, (member, life), widowed, random);
                let spoil = |table: &mut Table, problem, random: &mut Random| {
                    spoil_person(table, problem, life, random);
                };
                dirt.finish_row(&mut self.persons, &PERSON_LAYOUT, spoil)?;
                let adult = (22..=75).contains(&member.age) && life.death.is_none();
                if adult && (self.adults.is_empty() || random.chance(0.25)) {
                    self.adults.push(life.identity);
                }
            }
            if let Some(head) = lives.first() {
                self.household(&home, household, head.birth, random)?;
            }
        }
        Ok(())
    }

    fn settle(
        &self,
        city: &City,
        key: AddressKey,
        current: AddressKey,
        household: &Household,
        random: &mut Random,
    ) -> Home {
        let elsewhere = household.collective || random.chance(0.2);
        let other = if elsewhere {
            self.homes.draw(random)
        } else {
            None
        };
        let husband = city.surname_choice.draw(random);
        let wife = city.surname_choice.draw(random);
        Home {
            key,
            current,
            registered: other.unwrap_or(current),
            ethnic_group: self.ethnic_groups.draw(random),
            surnames: [
                husband,
                wife,
                if random.chance(0.94) { husband } else { wife },
            ],
            local: random.chance(0.6),
        }
    }

    fn lives(
        &mut self,
        site: Site<'_>,
        household: &Household,
        random: &mut Random,
    ) -> Result<Vec<Life>, SynthError> {
        let mut lives = Vec::with_capacity(household.members.len());
        for (number, member) in household.members.iter().enumerate() {
            let year = REFERENCE_YEAR - i32::from(member.age);
            let birth = random.between(day(year, 1, 1), day(year, 12, 31));
            let head_of_others = number == 0 && household.members.len() > 1;
            let dies = !head_of_others && random.chance(mortality(member.age));
            let after = day(REFERENCE_YEAR + 1, 1, 1);
            let death = random.between(after, after + 365 * 5);
            lives.push(Life {
                identity: self.numbers.next(site.district_number, birth, member.sex)?,
                birth,
                death: dies.then_some(death),
            });
        }
        Ok(lives)
    }

    /// Puts a person into the row.
    fn person(
        &mut self,
        city: &City,
        site: Site<'_>,
        home: &Home,
        (member, life): (&Member, &Life),
        widowed: bool,
        random: &mut Random,
    ) {
        let female = member.sex == Sex::Female;
        let surname = match member.role {
            Role::Head | Role::Father => home.surnames[0],
            Role::Spouse => home.surnames[1],
            Role::Son | Role::Daughter => home.surnames[2],
            Role::Mother | Role::Other => city.surname_choice.draw(random),
        };
        let row = self.persons.row.clear();
        row.push_ascii(&life.identity).end();
        city.full_name(surname, female, random, &mut self.name);
        row.push(&self.name).end_quoted();
        if random.chance(0.01) {
            city.full_name(surname, female, random, &mut self.name);
            row.push(&self.name);
        }
        row.end().field(if female { "女" } else { "男" });
        let own_group = matches!(member.role, Role::Spouse | Role::Other | Role::Mother);
        let group = if own_group {
            self.ethnic_groups.draw(random)
        } else {
            home.ethnic_group
        };
        row.field(ETHNIC_GROUPS[group].0);
        if member.age >= 60 && random.chance(0.01) {
            // Old papers sometimes tell no more than the month.
            let (year, month, _) = civil(life.birth);
            row.push_number(year as u64, 4)
                .push("-")
                .push_number(month as u64, 2)
                .end();
        } else {
            row.push_date(life.birth, "-").end();
        }
        let native = if member.age < 18 {
            random.chance(0.8)
        } else {
            home.local
        };
        if native {
            row.push(site.district.code);
        } else {
            row.push(city.provinces[city.province_choice.draw(random)].code);
        }
        row.push("000000").end();
        push_address_code(row, home.registered).end();
        push_address_code(row, home.current).end();
        push_household_number(row, home.key).end();
        row.field(role_name(member.role))
            .field(marital_status(member, widowed, random));
        row.field(education(member.age, random));
        if let Some(death) = life.death {
            row.push_date(death, "-");
        }
        row.end().field(SYNTHETIC);
    }

    fn household(
        &mut self,
        home: &Home,
        household: &Household,
        head_born: Day,
        random: &mut Random,
    ) -> Result<(), SynthError> {
        let row = self.households.row.clear();
        push_household_number(row, home.key).end();
        row.field(if household.collective {
            "集体户"
        } else {
            "家庭户"
        });
        push_address_code(row, home.current).end();
        let last = day(REFERENCE_YEAR, 12, 31);
        let first = (head_born + 18 * 366).max(day(1958, 1, 9)).min(last);
        row.push_date(random.between(first, last), "")
            .end()
            .field(SYNTHETIC);
        self.households.finish_row()
    }
}

fn push_household_number(row: &mut Row, key: AddressKey) -> &mut Row {
    row.push("HH")
        .push(key.0)
        .push_number(u64::from(key.1) + 1, 5)
}

/// The position of a coupled member's husband or wife.
fn partner(household: &Household, member: &Member) -> Option<usize> {
    let role = match member.role {
        Role::Head => Role::Spouse,
        Role::Spouse => Role::Head,
        Role::Father => Role::Mother,
        Role::Mother => Role::Father,
        _ => return None,
    };
    household
        .members
        .iter()
        .position(|other| other.role == role && other.coupled)
}

/// The probability of dying in the five years after the reference year, roughly.
fn mortality(age: u8) -> f64 {
    match age {
        0..40 => 0.002,
        40..60 => 0.01,
        60..70 => 0.04,
        70..80 => 0.12,
        80..90 => 0.35,
        _ => 0.75,
    }
}

fn role_name(role: Role) -> &'static str {
    match role {
        Role::Head => "户主",
        Role::Spouse => "配偶",
        Role::Son => "子",
        Role::Daughter => "女",
        Role::Father => "父亲",
        Role::Mother => "母亲",
        Role::Other => "非亲属",
    }
}

fn marital_status(member: &Member, widowed: bool, random: &mut Random) -> &'static str {
    let chance = random.below(100);
    match (member.coupled, member.age) {
        (true, _) if widowed => "丧偶",
        (true, _) if chance < 7 => "再婚",
        (true, _) => "已婚",
        (false, 0..25) => "未婚",
        (false, 25..60) if chance < 30 => "离婚",
        (false, 25..60) => "未婚",
        (false, _) if chance < 75 => "丧偶",
        (false, _) if chance < 90 => "离婚",
        (false, _) => "未婚",
    }
}

/// The highest level reached, or empty for small children.
fn education(age: u8, random: &mut Random) -> &'static str {
    const LEVELS: [&str; 7] = [
        "研究生",
        "大学本科",
        "大学专科",
        "中专",
        "高中",
        "初中",
        "小学",
    ];
    // Cumulated per cent of the levels in this order.
    let shares: [u32; 7] = match age {
        0..6 => return "",
        6..12 => return "小学",
        12..15 => return "初中",
        15..18 => [0, 0, 0, 25, 100, 100, 100],
        18..24 => [1, 42, 66, 74, 92, 99, 100],
        24..40 => [14, 52, 72, 78, 88, 98, 100],
        40..60 => [7, 29, 46, 54, 70, 94, 100],
        _ => [2, 13, 23, 32, 52, 82, 100],
    };
    let chance = random.below(100);
    let level = shares
        .iter()
        .position(|&share| chance < share)
        .unwrap_or(LEVELS.len() - 1);
    LEVELS[level]
}

fn spoil_person(table: &mut Table, problem: Problem, life: &Life, random: &mut Random) {
    let row = &mut table.row;
    let mut identity = life.identity;
    match problem {
        Problem::IdentityNumberCheck => {
            let digit = if identity[17] == b'X' {
                0
            } else {
                identity[17] - b'0'
            };
            identity[17] = b'0' + (digit + 1 + random.below(8) as u8) % 10;
            row.replace(IDENTITY, &identity);
        }
        Problem::IdentityNumberRegion => {
            // No province ever had the number 17, 18 or 19.
            identity[..6].copy_from_slice(b"170101");
            identity[1] += random.below(3) as u8;
            identity[17] = identity_check(&identity[..17]);
            row.replace(IDENTITY, &identity);
        }
        Problem::IdentityNumberBirthDate => {
            let (year, month, of_month) = civil(life.birth - random.between(40, 300));
            row.replace(
                BIRTH_DATE,
                format!("{year:04}-{month:02}-{of_month:02}").as_bytes(),
            );
        }
        Problem::IdentityNumberSex => {
            let male = (identity[16] - b'0') % 2 == 1;
            row.replace(SEX, if male { "女" } else { "男" }.as_bytes());
        }
        Problem::CodeUnknown => row.replace(ETHNIC_GROUP, "地球族".as_bytes()),
        Problem::NoSuchDay => {
            let year = civil(life.birth).0;
            row.replace(BIRTH_DATE, format!("{year:04}-02-30").as_bytes());
        }
        Problem::DuplicateKey => row.replace(PERSON_LAYOUT.name, "重复登记".as_bytes()),
        _ => {}
    }
}
