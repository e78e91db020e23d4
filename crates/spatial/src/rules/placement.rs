//! A place lies in the division it claims.
//!
//! An address says 东城区 and its point lies in 朝阳区: one of the two is wrong, and both are worth
//! seeing. Boundaries in circulation are generalised, so that places near a border fall on its wrong
//! side by tens or hundreds of metres; a tolerance keeps these apart from real mistakes. A shape (a
//! building, a parcel) is judged as a whole first and by its representative point where it crosses
//! the border.
//!
//! The rule never moves or corrects anything: it gives a verdict.

use std::collections::BTreeMap;

use geometry::{BoundsRelation, GeometryError, Position, PreparedArea, Shape};

use super::division_code::DivisionCode;

/// How a place lies to the division it claims.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Placement {
    /// In it; its edge belongs to it.
    Inside,
    /// A shape whose representative point is inside, but some of it is not.
    Straddles,
    /// Outside, within the tolerance.
    Near {
        /// How far from the division, in metres.
        metres: f64,
    },
    /// Outside, further than the tolerance.
    Outside {
        /// How far from the division, in metres.
        metres: f64,
        /// The finest division known in which it does lie.
        found: Option<DivisionCode>,
    },
    /// No boundary is known for the division, nor for any above it.
    Unknown,
}

impl Placement {
    /// Whether there is nothing to report: inside, straddling or near, or not to be known.
    pub fn is_plausible(self) -> bool {
        !matches!(self, Placement::Outside { .. })
    }
}

#[derive(Clone, Debug)]
struct Area {
    prepared: PreparedArea,
    shape: Shape,
}

/// The boundaries of divisions, by code: counties as a rule, but any level will do. Can be shared by
/// threads.
#[derive(Clone, Debug, Default)]
pub struct DivisionAreas {
    areas: BTreeMap<DivisionCode, Area>,
    tolerance: f64,
}

impl DivisionAreas {
    /// No boundaries yet. The tolerance is in metres; 0, negative and not-a-number mean none. It
    /// should be about the error of the boundaries: 0 for surveyed ones, some 500 m for boundaries
    /// generalised for maps of a whole province.
    pub fn new(tolerance: f64) -> DivisionAreas {
        DivisionAreas {
            areas: BTreeMap::new(),
            tolerance: tolerance.max(0.0),
        }
    }

    /// Adds a division's boundary, in place of the one it had.
    ///
    /// # Errors
    /// [`GeometryError::NotAnArea`] where the shape is or has a part that is not a polygon.
    pub fn insert(&mut self, code: DivisionCode, boundary: Shape) -> Result<(), GeometryError> {
        let prepared = PreparedArea::new(&boundary)?;
        let area = Area {
            prepared,
            shape: boundary,
        };
        self.areas.insert(code, area);
        Ok(())
    }

    /// How many boundaries there are.
    pub fn len(&self) -> usize {
        self.areas.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.areas.is_empty()
    }

    /// The finest division known in which a position lies; of several of one level (on a common edge)
    /// the first by code. Looks at every boundary's box.
    pub fn find(&self, position: Position) -> Option<DivisionCode> {
        let mut found: Option<DivisionCode> = None;
        for (code, area) in &self.areas {
            if found.is_none_or(|found| code.level() > found.level())
                && area.prepared.contains(position)
            {
                found = Some(*code);
            }
        }
        found
    }

    /// How a position lies to the division it claims. Where there is no boundary for the division
    /// itself, that of the nearest division above it stands in.
    pub fn place_position(&self, claimed: DivisionCode, position: Position) -> Placement {
        match self.area(claimed) {
            None => Placement::Unknown,
            Some(area) => self.place_in(area, position),
        }
    }

    /// Whether a position lies in the division it claims, or on its edge; none where no boundary is
    /// known. Cheaper than [`DivisionAreas::place_position`], which measures what is outside.
    pub fn contains(&self, claimed: DivisionCode, position: Position) -> Option<bool> {
        let area = self.area(claimed)?;
        Some(area.prepared.contains(position))
    }

    /// How a shape lies to the division it claims; as [`DivisionAreas::place_position`].
    pub fn place_shape(&self, claimed: DivisionCode, shape: &Shape) -> Placement {
        let Some(area) = self.area(claimed) else {
            return Placement::Unknown;
        };
        if let Some(position) = shape.position() {
            return self.place_in(area, position);
        }
        if area.prepared.relation(shape.bounds()) == BoundsRelation::Inside
            || geometry::predicate::contains(&area.shape, shape)
        {
            return Placement::Inside;
        }
        match self.place_in(area, shape.representative_point()) {
            Placement::Inside => Placement::Straddles,
            other => other,
        }
    }

    fn area(&self, claimed: DivisionCode) -> Option<&Area> {
        std::iter::once(claimed)
            .chain(claimed.ancestors())
            .find_map(|code| self.areas.get(&code))
    }

    fn place_in(&self, area: &Area, position: Position) -> Placement {
        if area.prepared.contains(position) {
            return Placement::Inside;
        }
        let metres = geometry::distance::distance_metres(&area.shape, position);
        if metres <= self.tolerance {
            return Placement::Near { metres };
        }
        Placement::Outside {
            metres,
            found: self.find(position),
        }
    }
}

#[cfg(test)]
mod tests;
