//! Where coordinates lie, compared with the divisions that their rows claim, and whether the file is
//! in another coordinate system than its mapping says.
//!
//! GCJ-02 and BD-09 put a place some hundred metres beside where it is, everywhere in the same
//! direction for kilometres around. Of rows near the border of their division some then fall on its
//! wrong side, and reading the file as what it is brings them back, whereas reading sound coordinates as
//! something else drives some out. Each candidate is therefore tried on the same rows: how many lie in
//! the division they claim. The result is a hypothesis with the counts; nothing is ever moved by it.

use geometry::{Crs, Position, Shape};
use record::{FieldNumber, Value};
use register::rules::get;
use schema::{Label, Source};
use serde::{Deserialize, Serialize};
use spatial::{DivisionAreas, DivisionCode, Placement};

use super::privacy::Writer;
use super::report::EXAMPLES;
use crate::mapper::MappedRow;

/// The systems that a file may be in although its mapping says otherwise.
const CANDIDATES: [(Crs, &str); 3] = [
    (Crs::Cgcs2000, "CGCS2000"),
    (Crs::Gcj02, "GCJ-02"),
    (Crs::Bd09, "BD-09"),
];
/// Rows up to this line are all tried.
const TRIED: u64 = 50_000;
/// Of those behind it, one in so many.
const THEN_ONE_IN: u64 = 16;
/// So many rows at least must come back into their divisions.
const FEWEST_GAINED: u64 = 5;
/// For each that is driven out, so many must come back.
const GAINED_FOR_ONE: u64 = 4;

/// Where the coordinates of a file lie.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Coordinates {
    /// The coordinate system that the mapping declares.
    pub declared: String,
    /// Rows with a place and a division whose boundary is known.
    pub checked: u64,
    /// Of these: in the division they claim, or on its edge.
    pub inside: u64,
    /// Of these: outside.
    pub outside: u64,
    /// Rows with a place and a division of which no boundary is known.
    pub unknown: u64,
    /// Some of those outside.
    pub examples: Vec<Astray>,
    /// The declared system and others, tried on the same rows.
    pub trials: Vec<Trial>,
    /// What this points to; none where nothing speaks against the declared system.
    pub hypothesis: Option<Hypothesis>,
}

/// A row whose place lies outside the division it claims.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Astray {
    /// The line.
    pub line: u64,
    /// Its title, masked where it is restricted.
    pub title: String,
    /// The division claimed.
    pub claimed: String,
    /// The finest division known in which it lies.
    pub found: Option<String>,
    /// How far outside, in metres.
    pub metres: u64,
    /// Longitude, CGCS2000.
    pub lon: f64,
    /// Latitude, CGCS2000.
    pub lat: f64,
}

/// A coordinate system, tried.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Trial {
    /// The system.
    pub crs: String,
    /// Rows tried.
    pub tried: u64,
    /// Rows that lie in the division they claim, if the file is in this system.
    pub inside: u64,
}

/// The file seems to be in another system than its mapping says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hypothesis {
    /// The system that it seems to be in.
    pub crs: String,
    /// Rows tried.
    pub tried: u64,
    /// Rows in their division as the mapping reads the file.
    pub inside_as_declared: u64,
    /// Rows in their division as this system.
    pub inside: u64,
    /// The same in words.
    pub text: Label,
}

/// What is looked at, made ready for a file.
pub struct Surveyor {
    areas: DivisionAreas,
    location: FieldNumber,
    division: FieldNumber,
    declared: String,
    crs: Option<Crs>,
}

/// What was seen in some rows.
#[derive(Clone, Debug, Default)]
pub struct Seen {
    checked: u64,
    inside: u64,
    unknown: u64,
    examples: Vec<Astray>,
    tried: u64,
    inside_declared: u64,
    candidates: [Tried; CANDIDATES.len()],
}

/// A candidate, against the declared system.
#[derive(Clone, Copy, Debug, Default)]
struct Tried {
    inside: u64,
    /// Rows inside by it alone.
    gained: u64,
    /// Rows inside by the declared system alone.
    lost: u64,
}

impl Surveyor {
    /// A surveyor of a source's rows; none where they do not give both a place and a division, or where
    /// no boundary is known.
    pub fn of_source<E>(
        source: &Source,
        boundaries: impl FnOnce() -> Result<DivisionAreas, E>,
    ) -> Result<Option<Surveyor>, E> {
        let collection = &source.collection;
        let Some((location, division)) = collection.location.zip(collection.division) else {
            return Ok(None);
        };
        let given = |number| collection.at(number).is_given();
        if !given(location) || !given(division) || collection.key.contains(&division) {
            return Ok(None);
        }
        let areas = boundaries()?;
        let crs = Crs::from_name(&source.crs).ok();
        Ok((!areas.is_empty()).then(|| Surveyor {
            areas,
            location,
            division,
            declared: source.crs.clone(),
            // Metres of a projected system are never taken for degrees.
            crs: crs.filter(|crs| !crs.is_projected()),
        }))
    }

    /// Looks at a row.
    pub fn look(&self, line: u64, row: &MappedRow, writer: Writer, seen: &mut Seen) {
        let claimed = get(&row.fields, self.division).and_then(Value::as_text);
        let Some(claimed) = claimed.and_then(|code| DivisionCode::parse(code).ok()) else {
            return;
        };
        let Some(position) = get(&row.fields, self.location).and_then(position) else {
            return;
        };
        let Some(inside) = self.areas.contains(claimed, position) else {
            seen.unknown += 1;
            return;
        };
        seen.checked += 1;
        seen.inside += u64::from(inside);
        if !inside && seen.examples.len() < EXAMPLES {
            let title = writer.title(&row.fields);
            seen.examples
                .push(self.astray(line, title, claimed, position));
        }
        if (line <= TRIED || line.is_multiple_of(THEN_ONE_IN))
            && let Some(crs) = self.crs
        {
            try_others(&self.areas, crs, (claimed, position, inside), seen);
        }
    }

    fn astray(
        &self,
        line: u64,
        title: String,
        claimed: DivisionCode,
        position: Position,
    ) -> Astray {
        let (metres, found) = match self.areas.place_position(claimed, position) {
            Placement::Near { metres } => (metres, self.areas.find(position)),
            Placement::Outside { metres, found } => (metres, found),
            _ => (0.0, None),
        };
        let (lon, lat) = position.degrees();
        Astray {
            line,
            title,
            claimed: claimed.as_str().to_string(),
            found: found.map(|code| code.as_str().to_string()),
            metres: metres.round() as u64,
            lon,
            lat,
        }
    }

    /// What is to be said of all rows.
    pub fn report(&self, seen: &Seen) -> Coordinates {
        let mut trials = vec![Trial {
            crs: self.declared.clone(),
            tried: seen.tried,
            inside: seen.inside_declared,
        }];
        let candidates = CANDIDATES.iter().zip(&seen.candidates);
        let others: Vec<_> = candidates
            .filter(|((crs, _), _)| !self.is_declared(*crs))
            .collect();
        trials.extend(others.iter().map(|((_, name), tried)| Trial {
            crs: (*name).to_string(),
            tried: seen.tried,
            inside: tried.inside,
        }));
        let best = others
            .iter()
            .filter(|(_, tried)| speaks_for(seen, tried))
            .max_by_key(|(_, tried)| tried.inside);
        Coordinates {
            declared: self.declared.clone(),
            checked: seen.checked,
            inside: seen.inside,
            outside: seen.checked - seen.inside,
            unknown: seen.unknown,
            examples: seen.examples.clone(),
            trials,
            hypothesis: best.map(|((_, name), tried)| self.hypothesis(name, seen, tried)),
        }
    }

    fn is_declared(&self, crs: Crs) -> bool {
        let same = |declared: Crs| declared == crs || declared.is_identity() && crs.is_identity();
        self.crs.is_none_or(same)
    }

    fn hypothesis(&self, crs: &str, seen: &Seen, tried: &Tried) -> Hypothesis {
        let (declared, all) = (&self.declared, seen.tried);
        let (before, after) = (seen.inside_declared, tried.inside);
        Hypothesis {
            crs: crs.to_string(),
            tried: all,
            inside_as_declared: before,
            inside: after,
            text: Label {
                zh: format!(
                    "坐标像是 {crs}，而不是映射所声明的 {declared}：{all} 行中，按 {declared} 有 {before} 行落在所属区划内，按 {crs} 有 {after} 行。请与报送部门核实坐标系。"
                ),
                en: format!(
                    "The coordinates look like {crs}, not {declared} as the mapping says: of {all} rows {before} lie in their division as {declared}, {after} as {crs}. Ask the department which system they are in."
                ),
            },
        }
    }
}

/// Whether the rows speak for a candidate and against the declared system.
fn speaks_for(seen: &Seen, tried: &Tried) -> bool {
    let outside = |inside: u64| seen.tried - inside;
    tried.gained >= FEWEST_GAINED
        && tried.gained >= GAINED_FOR_ONE * tried.lost
        && outside(tried.inside) * 2 <= outside(seen.inside_declared)
}

/// Reads a place as if the file were in each of the candidates.
fn try_others(
    areas: &DivisionAreas,
    declared: Crs,
    (claimed, position, inside): (DivisionCode, Position, bool),
    seen: &mut Seen,
) {
    let (lon, lat) = position.degrees();
    // The coordinates as they stand in the file.
    let Ok((x, y)) = declared.from_geographic(lon, lat) else {
        return;
    };
    seen.tried += 1;
    seen.inside_declared += u64::from(inside);
    for ((crs, _), tried) in CANDIDATES.iter().zip(&mut seen.candidates) {
        let moved = crs.to_geographic(x, y).ok();
        let moved = moved.and_then(|(lon, lat)| Position::from_degrees(lon, lat));
        let there = moved.and_then(|position| areas.contains(claimed, position));
        let there = there.unwrap_or(false);
        tried.inside += u64::from(there);
        tried.gained += u64::from(there && !inside);
        tried.lost += u64::from(inside && !there);
    }
}

fn position(value: &Value) -> Option<Position> {
    match value {
        Value::Point { lon, lat } => Some(Position {
            lon: *lon,
            lat: *lat,
        }),
        Value::Geometry(wkb) => Some(Shape::from_wkb(wkb).ok()?.representative_point()),
        _ => None,
    }
}

impl Seen {
    /// Adds what was seen in the rows that follow.
    pub fn merge(&mut self, next: Seen) {
        self.checked += next.checked;
        self.inside += next.inside;
        self.unknown += next.unknown;
        self.tried += next.tried;
        self.inside_declared += next.inside_declared;
        for (known, next) in self.candidates.iter_mut().zip(next.candidates) {
            known.inside += next.inside;
            known.gained += next.gained;
            known.lost += next.lost;
        }
        let free = EXAMPLES - self.examples.len();
        self.examples.extend(next.examples.into_iter().take(free));
    }
}

#[cfg(test)]
mod tests;
