//! What the sides answer, in one form, and whether it is the same.

use std::collections::BTreeMap;

use anyhow::Context as _;
use serde_json::Value;

use crate::question::Question;

/// Distances are told to the centimetre.
const CENTIMETRE: f64 = 0.011;

/// A person, with all that both sides hold.
#[derive(Clone, Debug, PartialEq)]
pub struct Person {
    /// Identity number.
    pub identity: String,
    /// Name.
    pub name: String,
    /// Full address.
    pub address: String,
    /// Code of 12 digits.
    pub division: String,
    /// Code.
    pub sex: String,
    /// `1981-01-25`, or `1981-01` where no more is known.
    pub birth: String,
    /// Degrees.
    pub lon: f64,
    /// Degrees.
    pub lat: f64,
    /// Metres, where distances were asked for.
    pub distance: Option<f64>,
}

/// An answer.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Answer {
    /// How many match in all.
    pub total: u64,
    /// The persons of the page.
    pub persons: Vec<Person>,
    /// Counts by county and sex.
    pub groups: BTreeMap<(String, String), u64>,
}

impl Answer {
    /// From what `POST /query` answers, or a key look-up.
    pub fn from_json(body: &[u8]) -> anyhow::Result<Answer> {
        let body: Value = serde_json::from_slice(body)?;
        let list = |name: &str| body[name].as_array().map_or(&[][..], Vec::as_slice);
        let found = list("features")
            .iter()
            .chain(list("records"))
            .filter(|one| !one.is_null());
        let persons = found
            .map(|feature| person(feature).with_context(|| format!("a person: {feature}")))
            .collect::<anyhow::Result<Vec<_>>>()?;
        let mut groups = BTreeMap::new();
        for group in list("groups") {
            let key = |name: &str| group["key"][name].as_str().unwrap_or_default().to_string();
            let mut county = key("division:county");
            county.truncate(6);
            groups.insert(
                (county, key("sex")),
                group["count"].as_u64().context("a count")?,
            );
        }
        let total = body["numberMatched"].as_u64().context("numberMatched")?;
        Ok(Answer {
            total,
            persons,
            groups,
        })
    }

    /// Whether two answers to a question say the same.
    pub fn agrees(&self, other: &Answer, question: &Question) -> bool {
        match question {
            Question::Group => self.groups == other.groups,
            Question::Nearest { .. } => self.is_as_near(other),
            Question::Box(_) => self.total == other.total && same(&self.sorted(), &other.sorted()),
            _ => self.total == other.total && same(&self.persons, &other.persons),
        }
    }

    /// Members of a household are equally near: of those at the edge either may stand for the other.
    fn is_as_near(&self, other: &Answer) -> bool {
        let near = |answer: &Answer| -> Vec<f64> {
            answer
                .persons
                .iter()
                .filter_map(|person| person.distance.map(told))
                .collect()
        };
        let (ours, theirs) = (near(self), near(other));
        let edge = ours.last().copied().unwrap_or_default() - 2.0 * CENTIMETRE;
        let within = |answer: &Answer| {
            let mut persons = answer.sorted();
            persons.retain(|person| person.distance.is_some_and(|metres| told(metres) < edge));
            persons
        };
        ours.len() == theirs.len()
            && ours
                .iter()
                .zip(&theirs)
                .all(|(one, other)| (one - other).abs() <= CENTIMETRE)
            && same(&within(self), &within(other))
    }

    fn sorted(&self) -> Vec<Person> {
        let mut persons = self.persons.clone();
        persons.sort_by(|one, other| one.identity.cmp(&other.identity));
        persons
    }
}

/// A distance as it is told over HTTP: to the centimetre.
fn told(metres: f64) -> f64 {
    (metres * 100.0).round() / 100.0
}

fn same(ours: &[Person], theirs: &[Person]) -> bool {
    ours.len() == theirs.len() && ours.iter().zip(theirs).all(|(one, other)| one.is(other))
}

impl Person {
    fn is(&self, other: &Person) -> bool {
        // PostgreSQL's dates are of days only.
        let shorter = self.birth.len().min(other.birth.len());
        self.identity == other.identity
            && self.name == other.name
            && self.address == other.address
            && self.division == other.division
            && self.sex == other.sex
            && self.birth[..shorter] == other.birth[..shorter]
            && (self.lon - other.lon).abs() < 1e-7
            && (self.lat - other.lat).abs() < 1e-7
    }
}

fn person(feature: &Value) -> Option<Person> {
    let properties = &feature["properties"];
    let text = |name: &str| properties[name].as_str().map(str::to_string);
    let coordinates = &feature["geometry"]["coordinates"];
    Some(Person {
        identity: text("identityNumber")?,
        name: text("name")?,
        address: text("addressText")?,
        division: text("division")?,
        sex: text("sex")?,
        birth: text("birthDate")?,
        lon: coordinates[0].as_f64()?,
        lat: coordinates[1].as_f64()?,
        distance: feature["distance"].as_f64(),
    })
}
