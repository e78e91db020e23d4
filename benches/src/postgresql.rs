//! PostgreSQL: the same persons, and the same questions in SQL.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::Instant;

use anyhow::{Context as _, ensure};
use postgres::types::{FromSql, ToSql, Type};
use postgres::{Client, Row, Statement};
use record::Day;
use serde::Serialize;

use crate::answer::{Answer, Person};
use crate::cluster::Cluster;
use crate::question::{Bounds, Question};
use crate::side::Side;

/// The table. Its first column is the number of the row: the order in which Jiku numbers persons.
pub const TABLE: &str = "CREATE TABLE person (
    number bigint NOT NULL, identity_number text NOT NULL, name text NOT NULL, address text NOT NULL,
    division text NOT NULL, sex text NOT NULL, birth_date date NOT NULL,
    location geography(Point, 4326) NOT NULL)";

/// The indexes.
pub const INDEXES: [&str; 5] = [
    "ALTER TABLE person ADD PRIMARY KEY (identity_number)",
    "CREATE INDEX ON person USING gin (name gin_trgm_ops)",
    "CREATE INDEX ON person USING gin (address gin_trgm_ops)",
    "CREATE INDEX ON person (division text_pattern_ops)",
    "CREATE INDEX ON person USING gist (location)",
];

const COLUMNS: &str = "identity_number, name, address, division, sex, birth_date, location";
const IN_BOX: &str = "location && ST_MakeEnvelope($1, $2, $3, $4, 4326)::geography
    AND ST_X(location::geometry) BETWEEN $1 AND $3 AND ST_Y(location::geometry) BETWEEN $2 AND $4";
const PLACE: &str = "ST_SetSRID(ST_MakePoint($1, $2), 4326)::geography";

/// What loading took.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Loaded {
    /// Rows.
    pub rows: u64,
    /// `COPY`, in seconds.
    pub copy_seconds: f64,
    /// All indexes, in seconds.
    pub index_seconds: f64,
    /// Table and indexes, in bytes.
    pub bytes: u64,
}

impl Loaded {
    /// Until the persons are searchable, in seconds.
    pub fn seconds(&self) -> f64 {
        self.copy_seconds + self.index_seconds
    }
}

/// Loads the file of `flat`.
pub fn load(cluster: &Cluster, flat: &Path) -> anyhow::Result<Loaded> {
    let mut client = cluster.connect()?;
    client.batch_execute("CREATE EXTENSION postgis; CREATE EXTENSION pg_trgm;")?;
    let grams: i32 = client
        .query_one("SELECT cardinality(show_trgm('王小明'))", &[])?
        .get(0);
    ensure!(
        grams == 4,
        "pg_trgm sees no Chinese characters: the locale is wrong"
    );
    client.batch_execute(TABLE)?;
    let begun = Instant::now();
    let rows = client.execute(
        &format!("COPY person FROM '{}' (FORMAT csv)", flat.display()),
        &[],
    )?;
    let copy_seconds = begun.elapsed().as_secs_f64();
    let begun = Instant::now();
    for index in INDEXES {
        client.batch_execute(index)?;
    }
    let index_seconds = begun.elapsed().as_secs_f64();
    // Statistics and the visibility map, as autovacuum would bring them in life: not in the time.
    client.batch_execute("VACUUM ANALYZE person")?;
    client.batch_execute("CHECKPOINT")?;
    let bytes: i64 = client
        .query_one("SELECT pg_total_relation_size('person')", &[])?
        .get(0);
    Ok(Loaded {
        rows,
        copy_seconds,
        index_seconds,
        bytes: bytes.unsigned_abs(),
    })
}

/// Ways to plan: when plans are made (with the values of each question, or as PostgreSQL sees fit),
/// and whether one question may take several processes. Each row counts the best of them.
pub const PLANS: [&str; 4] = [
    "plan_cache_mode = auto",
    "plan_cache_mode = force_custom_plan",
    "max_parallel_workers_per_gather = 0",
    "plan_cache_mode = force_custom_plan; SET max_parallel_workers_per_gather = 0",
];

/// One connection with prepared statements.
pub struct Postgresql {
    client: Client,
    statements: Statements,
}

struct Statements {
    key: Statement,
    name: Statement,
    address: Statement,
    inside: Statement,
    nearest: Statement,
    radius: Statement,
    group: Statement,
    combined: Statement,
}

impl Postgresql {
    /// Connects, and prepares the statements.
    pub fn new(cluster: &Cluster, plans: &str) -> anyhow::Result<Postgresql> {
        let mut client = cluster.connect()?;
        client.batch_execute(&format!("SET {plans}"))?;
        let mut prepare = |sql: String| client.prepare(&sql);
        let page = |condition: &str| {
            format!(
                "SELECT {COLUMNS}, count(*) OVER () FROM person WHERE {condition} ORDER BY number LIMIT 10"
            )
        };
        let statements = Statements {
            key: prepare(format!(
                "SELECT {COLUMNS} FROM person WHERE identity_number = $1"
            ))?,
            name: prepare(page("name LIKE $1"))?,
            address: prepare(page("address LIKE $1"))?,
            inside: prepare(format!("SELECT {COLUMNS} FROM person WHERE {IN_BOX}"))?,
            nearest: prepare(format!(
                "SELECT {COLUMNS}, location <-> {PLACE} FROM person ORDER BY location <-> {PLACE} LIMIT 10"
            ))?,
            // On the sphere, as Jiku measures; it is also faster than the spheroid.
            radius: prepare(format!(
                "SELECT count(*) FROM person WHERE ST_DWithin(location, {PLACE}, $3, false)"
            ))?,
            group: prepare(
                "SELECT left(division, 6), sex, count(*) FROM person GROUP BY 1, 2".to_string(),
            )?,
            combined: prepare(page(&format!(
                "{IN_BOX} AND name LIKE $5 AND division LIKE $6"
            )))?,
        };
        Ok(Postgresql { client, statements })
    }
}

impl Side for Postgresql {
    type Raw = Vec<Row>;

    fn ask(&mut self, question: &Question) -> anyhow::Result<Vec<Row>> {
        let Postgresql { client, statements } = self;
        let mut query =
            |statement: &Statement, values: &[&(dyn ToSql + Sync)]| client.query(statement, values);
        let rows = match question {
            Question::Key(key) => query(&statements.key, &[key]),
            Question::NameInside(part) => query(&statements.name, &[&format!("%{part}%")]),
            Question::AddressPhrase(part) => query(&statements.address, &[&format!("%{part}%")]),
            Question::Box([west, south, east, north]) => {
                query(&statements.inside, &[west, south, east, north])
            }
            Question::Nearest { lon, lat } => query(&statements.nearest, &[lon, lat]),
            Question::Radius { lon, lat, metres } => query(&statements.radius, &[lon, lat, metres]),
            Question::Group => query(&statements.group, &[]),
            Question::Combined {
                prefix,
                county,
                bounds,
            } => {
                let [west, south, east, north]: &Bounds = bounds;
                let (prefix, county) = (format!("{prefix}%"), format!("{county}%"));
                query(
                    &statements.combined,
                    &[west, south, east, north, &prefix, &county],
                )
            }
        };
        Ok(rows?)
    }

    fn read(&self, question: &Question, rows: Vec<Row>) -> anyhow::Result<Answer> {
        let count = |row: &Row, column: usize| row.get::<_, i64>(column).unsigned_abs();
        match question {
            Question::Group => {
                let groups: BTreeMap<_, _> = rows
                    .iter()
                    .map(|row| ((row.get(0), row.get(1)), count(row, 2)))
                    .collect();
                Ok(Answer {
                    total: groups.len() as u64,
                    groups,
                    ..Answer::default()
                })
            }
            Question::Radius { .. } => {
                let total = rows.first().map_or(0, |row| count(row, 0));
                Ok(Answer {
                    total,
                    ..Answer::default()
                })
            }
            _ => {
                let persons = rows
                    .iter()
                    .map(person)
                    .collect::<anyhow::Result<Vec<_>>>()?;
                let total = match question {
                    Question::Key(_) | Question::Box(_) | Question::Nearest { .. } => {
                        rows.len() as u64
                    }
                    _ => rows.first().map_or(0, |row| count(row, 7)),
                };
                Ok(Answer {
                    total,
                    persons,
                    ..Answer::default()
                })
            }
        }
    }
}

fn person(row: &Row) -> anyhow::Result<Person> {
    let Raw(birth) = row.get(5);
    let days = i32::from_be_bytes(birth.as_slice().try_into()?);
    let Raw(point) = row.get(6);
    let (lon, lat) = position(&point).context("a point")?;
    Ok(Person {
        identity: row.get(0),
        name: row.get(1),
        address: row.get(2),
        division: row.get(3),
        sex: row.get(4),
        birth: Day(days + FIRST_DAY).to_string(),
        lon,
        lat,
        distance: row.try_get(7).ok(),
    })
}

/// Days from 1970-01-01 to 2000-01-01, from where PostgreSQL counts.
const FIRST_DAY: i32 = 10_957;

/// Longitude and latitude of a point in extended well-known binary, little-endian with a system.
fn position(point: &[u8]) -> Option<(f64, f64)> {
    let coordinate = |from: usize| {
        Some(f64::from_le_bytes(
            point.get(from..from + 8)?.try_into().ok()?,
        ))
    };
    Some((coordinate(9)?, coordinate(17)?))
}

/// A value as it came.
struct Raw(Vec<u8>);

impl<'a> FromSql<'a> for Raw {
    fn from_sql(_: &Type, raw: &'a [u8]) -> Result<Raw, Box<dyn std::error::Error + Sync + Send>> {
        Ok(Raw(raw.to_vec()))
    }

    fn accepts(_: &Type) -> bool {
        true
    }
}
