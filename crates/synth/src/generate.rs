//! The whole city: how much each district and village gets, and the files one after the other.

use std::path::PathBuf;

use crate::city::{City, District};
use crate::dirt::Dirt;
use crate::divisions::{write_boundaries, write_divisions};
use crate::error::{MOST_PERSONS, SynthError};
use crate::files::{FILES, Written, write_manifest};
use crate::organizations::Organizations;
use crate::people::People;
use crate::random::Random;
use crate::spatial::{Site, Size, SpatialTables};

/// Persons for whom a further village of a district comes into use.
const PERSONS_A_VILLAGE: u64 = 250;
/// Homes, and further premises, for each person.
const HOMES: f64 = 0.36;
const PREMISES: f64 = 0.04;
/// Organizations for each person.
const ORGANIZATIONS: f64 = 0.15;
/// Persons for each place.
const PERSONS_A_PLACE: u64 = 400;

/// What city to write, and where.
#[derive(Clone, Debug, PartialEq)]
pub struct Options {
    /// Persons, 1 to [`MOST_PERSONS`].
    pub persons: u64,
    /// The same seed (with the same persons and dirt) writes the same bytes.
    pub seed: u64,
    /// The folder; it is created when it is missing, and files of the same names are replaced.
    pub out: PathBuf,
    /// Share of the rows of persons, organizations and addresses that are spoiled, 0 to 1; with
    /// any number (0 included) the list `dirt-truth.csv` is written.
    pub dirt: Option<f64>,
}

/// What was written.
#[derive(Clone, Debug, PartialEq)]
pub struct Summary {
    /// The files in load order.
    pub files: Vec<Written>,
    /// Rows that were spoiled.
    pub spoiled: u64,
}

impl Summary {
    /// Rows of all files.
    pub fn rows(&self) -> u64 {
        self.files.iter().map(|written| written.rows).sum()
    }

    /// Bytes of all files.
    pub fn bytes(&self) -> u64 {
        self.files.iter().map(|written| written.bytes).sum()
    }
}

/// Writes a synthetic city. `progress` is told the stage (`divisions`, `city`, `manifest`), and how
/// many of how many steps of it are done; in the stage `city` the steps are persons.
///
/// # Errors
///
/// [`SynthError::Persons`] or [`SynthError::Dirt`] for options that cannot be met, before anything
/// is written; [`SynthError::Write`] when a file cannot be written, and
/// [`SynthError::NumbersUsedUp`] for a city far larger than Beijing.
pub fn generate(
    options: &Options,
    progress: &dyn Fn(&str, u64, u64),
) -> Result<Summary, SynthError> {
    check(options)?;
    let out = &options.out;
    std::fs::create_dir_all(out).map_err(|source| SynthError::Write {
        path: out.clone(),
        source,
    })?;
    let city = City::read()?;
    progress("divisions", 0, 1);
    let divisions = write_divisions(out, &city)?;
    let boundaries = write_boundaries(out, &city)?;
    progress("divisions", 1, 1);

    let mut dirt = Dirt::create(out, options.seed, options.dirt)?;
    let mut spatial = SpatialTables::create(out)?;
    let mut people = People::create(out, &city)?;
    let mut organizations = Organizations::create(out, &city)?;
    let mut number = 0;
    let mut done = 0;
    progress("city", 0, options.persons);
    for (district_number, district) in city.districts.iter().enumerate() {
        let persons = share_of(&city, district_number, options.persons);
        for (village, persons) in spread(district, persons, options.seed) {
            let size = size(persons, done);
            let site = Site {
                district,
                district_number,
                village: &district.villages[village],
                size,
            };
            let mut random = Random::new(options.seed, number);
            spatial.write(site, &mut dirt, &mut random)?;
            people.write(&city, site, &mut dirt, &mut random)?;
            organizations.write(&city, site, &people, &mut dirt, &mut random)?;
            number += 1;
            done += u64::from(persons);
            progress("city", done, options.persons);
        }
    }
    progress("manifest", 0, 1);
    let counts = [
        divisions,
        boundaries,
        spatial.roads.close()?,
        spatial.buildings.close()?,
        spatial.addresses.close()?,
        spatial.places.close()?,
        people.households.close()?,
        people.persons.close()?,
        organizations.table.close()?,
    ];
    let files: Vec<Written> = FILES
        .iter()
        .zip(counts)
        .map(|(&file, (rows, bytes))| Written { file, rows, bytes })
        .collect();
    let spoiled = dirt.close()?;
    write_manifest(options, &files, spoiled)?;
    progress("manifest", 1, 1);
    Ok(Summary { files, spoiled })
}

/// Refuses options that cannot be met.
fn check(options: &Options) -> Result<(), SynthError> {
    if options.persons == 0 || options.persons > MOST_PERSONS {
        return Err(SynthError::Persons {
            asked: options.persons,
        });
    }
    if let Some(asked) = options.dirt.filter(|rate| !(0.0..=1.0).contains(rate)) {
        return Err(SynthError::Dirt { asked });
    }
    Ok(())
}

/// Persons of a district by its population; the sum over all districts is `persons`.
fn share_of(city: &City, district: usize, persons: u64) -> u64 {
    let up_to = |end: usize| {
        city.districts[..end]
            .iter()
            .map(|district| district.population)
            .sum::<u64>()
    };
    let all = up_to(city.districts.len());
    // Below 2^64: at most 10^8 persons times 2.2 × 10^7 residents.
    let rounded = |end: usize| persons * up_to(end) / all;
    rounded(district + 1) - rounded(district)
}

/// The villages in use with their persons: as many as the district's persons need, evenly spread
/// over its towns, of different sizes.
fn spread(district: &District, persons: u64, seed: u64) -> Vec<(usize, u32)> {
    if persons == 0 {
        return Vec::new();
    }
    let villages = district.villages.len();
    let used = usize::try_from(persons / PERSONS_A_VILLAGE)
        .unwrap_or(villages)
        .clamp(1, villages);
    let mut random = Random::new(seed, u64::MAX - 1 - district.population);
    let weights: Vec<f64> = (0..used).map(|_| 0.4 + 1.2 * random.unit()).collect();
    let all: f64 = weights.iter().sum();
    let (mut reached, mut given) = (0.0, 0);
    let mut list = Vec::with_capacity(used);
    for (number, weight) in weights.iter().enumerate() {
        reached += weight;
        let up_to = if number + 1 == used {
            persons
        } else {
            (reached / all * persons as f64) as u64
        };
        let own = up_to.saturating_sub(given);
        given = given.max(up_to);
        if own > 0 {
            list.push((number * villages / used, own as u32));
        }
    }
    list
}

/// How much of everything a village of `persons` gets, when `done` persons were placed before.
fn size(persons: u32, done: u64) -> Size {
    let after = done + u64::from(persons);
    let organizations = |count: u64| (count as f64 * ORGANIZATIONS).round() as u64;
    Size {
        persons,
        homes: ((f64::from(persons) * HOMES).round() as u32).max(1),
        premises: ((f64::from(persons) * PREMISES).round() as u32).max(1),
        // Rounded up, so that the smallest city has one.
        places: (after.div_ceil(PERSONS_A_PLACE) - done.div_ceil(PERSONS_A_PLACE)) as u32,
        organizations: (organizations(after) - organizations(done)) as u32,
    }
}
