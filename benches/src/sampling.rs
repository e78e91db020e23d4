//! Of whom and where questions are asked: at random, the same with the same seed.

use std::collections::BTreeSet;

use record::Predicate;
use register::{Deadline, TimeScope, View};

use crate::flat::Sampled;
use crate::question::{Bounds, Question};

/// How many persons a box, a circle and the box of the combined question should hold in a city of
/// two million; of smaller cities not more than a fortieth.
const BOX: u64 = 140;
const CIRCLE: u64 = 5000;
const WIDE_BOX: u64 = 5000;
/// Steps in which the size of an area is found.
const STEPS: usize = 24;
const METRES_PER_DEGREE: f64 = 111_195.0;

/// A small generator (xorshift64*): nothing hangs on its quality.
#[derive(Clone, Debug)]
pub struct Random(u64);

impl Random {
    /// The same numbers for the same seed.
    pub fn new(seed: u64) -> Random {
        Random(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1)
    }

    /// A number below a bound, which is not 0.
    pub fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        let high = u128::from(self.0.wrapping_mul(0x2545_F491_4F6C_DD1D));
        ((high * bound as u128) >> 64) as usize
    }
}

/// The questions of one row of the table.
#[derive(Clone, Debug)]
pub struct Series {
    /// The row's name in `table`.
    pub name: &'static str,
    /// What is asked.
    pub questions: Vec<Question>,
}

/// All questions. Sizes of areas are sought with counts in `view`, before anything is timed.
pub fn series(
    sample: &[Sampled],
    persons: u64,
    view: &dyn View,
    random: &mut Random,
) -> anyhow::Result<Vec<Series>> {
    let area = Area {
        view,
        most: (persons / 40).max(1),
    };
    let mut of =
        |name,
         count,
         ask: &mut dyn FnMut(&Sampled, &mut Random) -> anyhow::Result<Option<Question>>| {
            let mut questions = Vec::new();
            let mut asked = BTreeSet::new();
            for _ in 0..4 * count {
                let person = &sample[random.below(sample.len())];
                let Some(question) = ask(person, random)? else {
                    continue;
                };
                // Different questions, so that none is answered from what the one before left behind.
                if asked.insert(question.json().to_string()) {
                    questions.push(question);
                }
                if questions.len() == count {
                    break;
                }
            }
            anyhow::Ok(Series { name, questions })
        };
    Ok(vec![
        of("key", 2000, &mut |person, _| {
            Ok(Some(Question::Key(person.identity.clone())))
        })?,
        of("name", 100, &mut |person, random| {
            Ok(two_characters(&person.name, random))
        })?,
        of("address", 200, &mut |person, _| {
            Ok(Some(Question::AddressPhrase(person.phrase.clone())))
        })?,
        of("box", 200, &mut |person, _| {
            area.bounds(person, BOX).map(|one| Some(Question::Box(one)))
        })?,
        of("nearest", 200, &mut |person, random| {
            let mut shift = || (random.below(2000) as f64 - 1000.0) * 1e-6;
            let (lon, lat) = (person.lon + shift(), person.lat + shift());
            Ok(Some(Question::Nearest { lon, lat }))
        })?,
        of("radius", 100, &mut |person, _| {
            let Sampled { lon, lat, .. } = *person;
            let metres = area.metres(person, CIRCLE)?;
            Ok(Some(Question::Radius { lon, lat, metres }))
        })?,
        Series {
            name: "group",
            questions: vec![Question::Group; 10],
        },
        of("combined", 100, &mut |person, _| {
            let prefix: String = person.name.chars().take(1).collect();
            let county = person.division[..6].to_string();
            let bounds = area.bounds(person, WIDE_BOX)?;
            Ok(Some(Question::Combined {
                prefix,
                county,
                bounds,
            }))
        })?,
    ])
}

fn two_characters(name: &str, random: &mut Random) -> Option<Question> {
    let characters: Vec<char> = name.chars().collect();
    let first = random.below(
        characters
            .len()
            .checked_sub(1)
            .filter(|places| *places > 0)?,
    );
    Some(Question::NameInside(
        characters[first..first + 2].iter().collect(),
    ))
}

/// Seeks areas that hold so many persons.
struct Area<'a> {
    view: &'a dyn View,
    most: u64,
}

impl Area<'_> {
    fn bounds(&self, around: &Sampled, wanted: u64) -> anyhow::Result<Bounds> {
        let of = |metres: f64| {
            let lat = metres / METRES_PER_DEGREE;
            let lon = lat / around.lat.to_radians().cos();
            // Seven decimals: what both sides keep.
            let round = |degrees: f64| (degrees * 1e7).round() / 1e7;
            [
                around.lon - lon,
                around.lat - lat,
                around.lon + lon,
                around.lat + lat,
            ]
            .map(round)
        };
        self.seek(wanted, |metres| Predicate::Box(of(metres)))
            .map(of)
    }

    fn metres(&self, around: &Sampled, wanted: u64) -> anyhow::Result<f64> {
        let Sampled { lon, lat, .. } = *around;
        let round = |metres: f64| (metres * 10.0).round() / 10.0;
        self.seek(wanted, |metres| Predicate::Near { lon, lat, metres })
            .map(round)
    }

    /// The size in metres, between 1 m and 100 km, whose area holds about as many as wanted.
    fn seek(&self, wanted: u64, area: impl Fn(f64) -> Predicate) -> anyhow::Result<f64> {
        let wanted = wanted.min(self.most);
        let now = TimeScope::Present(register::today());
        let (mut small, mut large) = (1.0_f64, 100_000.0_f64);
        for _ in 0..STEPS {
            let middle = (small * large).sqrt();
            let found = self
                .view
                .count("person", &area(middle), now, Deadline::NONE)?;
            if found.abs_diff(wanted) <= wanted / 10 {
                return Ok(middle);
            }
            if found < wanted {
                small = middle
            } else {
                large = middle
            }
        }
        Ok(small)
    }
}
