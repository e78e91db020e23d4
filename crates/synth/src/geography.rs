//! Districts as polygons, and places for their villages that no source gives.
//!
//! Only districts have boundaries. Each town gets a centre from a low-discrepancy sequence inside
//! its district, each village an anchor on a spiral around that centre. The distance from an
//! anchor to the nearest boundary is measured once, and everything of the village stays within a
//! circle of less than that: so every point lies in its district without being tested.

/// A position as longitude and latitude in degrees.
pub(crate) type Degrees = (f64, f64);

/// Distance that a village keeps at least from its district's boundary, in metres.
const LEAST_CLEARANCE: f64 = 450.0;
/// Share of the clearance that a village uses: the rest covers the frame's error (below 1 %).
const CLEARANCE_USED: f64 = 0.75;
const METRES_A_DEGREE: f64 = 111_195.0;

/// A plane around a latitude: metres east and north, good within a district.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Frame {
    metres_a_degree_east: f64,
}

impl Frame {
    fn at(latitude: f64) -> Self {
        Frame {
            metres_a_degree_east: METRES_A_DEGREE * latitude.to_radians().cos(),
        }
    }

    /// The position so many metres east and north of another.
    pub(crate) fn offset(&self, from: Degrees, metres: (f64, f64)) -> Degrees {
        (
            from.0 + metres.0 / self.metres_a_degree_east,
            from.1 + metres.1 / METRES_A_DEGREE,
        )
    }

    /// Metres east and north from one position to another.
    fn between(&self, from: Degrees, to: Degrees) -> (f64, f64) {
        (
            (to.0 - from.0) * self.metres_a_degree_east,
            (to.1 - from.1) * METRES_A_DEGREE,
        )
    }
}

/// A district's area: all rings of all its polygons, holes included.
#[derive(Clone, Debug)]
pub(crate) struct Area {
    rings: Vec<Vec<Degrees>>,
    low: Degrees,
    high: Degrees,
    /// The plane around its middle.
    pub(crate) frame: Frame,
}

/// Where a village lies, and how far it reaches.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Anchor {
    /// Its middle.
    pub(crate) centre: Degrees,
    /// Metres within which all that belongs to it lies.
    pub(crate) radius: f64,
}

impl Area {
    /// An area of closed rings; `None` when there is no ring or one of fewer than four positions.
    pub(crate) fn new(rings: Vec<Vec<Degrees>>) -> Option<Self> {
        if rings.is_empty() || rings.iter().any(|ring| ring.len() < 4) {
            return None;
        }
        let (mut low, mut high) = ((f64::MAX, f64::MAX), (f64::MIN, f64::MIN));
        for position in rings.iter().flatten() {
            low = (low.0.min(position.0), low.1.min(position.1));
            high = (high.0.max(position.0), high.1.max(position.1));
        }
        Some(Area {
            rings,
            low,
            high,
            frame: Frame::at((low.1 + high.1) / 2.0),
        })
    }

    /// Whether a position lies inside (even-odd rule over all rings).
    pub(crate) fn contains(&self, position: Degrees) -> bool {
        let mut inside = false;
        for (start, end) in self.edges() {
            if (start.1 > position.1) != (end.1 > position.1) {
                let share = (position.1 - start.1) / (end.1 - start.1);
                inside ^= position.0 < start.0 + share * (end.0 - start.0);
            }
        }
        inside
    }

    /// Metres to the nearest boundary of a position inside; 0 for one outside.
    fn clearance(&self, position: Degrees) -> f64 {
        if !self.contains(position) {
            return 0.0;
        }
        let mut least = f64::MAX;
        for (start, end) in self.edges() {
            let (from, to) = (
                self.frame.between(position, start),
                self.frame.between(position, end),
            );
            let along = (to.0 - from.0, to.1 - from.1);
            let length = along.0 * along.0 + along.1 * along.1;
            let share = if length > 0.0 {
                (-(from.0 * along.0 + from.1 * along.1) / length).clamp(0.0, 1.0)
            } else {
                0.0
            };
            let nearest = (from.0 + share * along.0, from.1 + share * along.1);
            least = least.min(nearest.0 * nearest.0 + nearest.1 * nearest.1);
        }
        least.sqrt()
    }

    /// Square metres.
    fn size(&self) -> f64 {
        let mut total = 0.0;
        for ring in &self.rings {
            let corner = |number: usize| self.frame.between(self.low, ring[number]);
            let doubled: f64 = (1..ring.len())
                .map(|number| (corner(number - 1), corner(number)))
                .map(|(start, end)| start.0 * end.1 - end.0 * start.1)
                .sum();
            // Outer rings and holes run in opposite directions.
            total += doubled / 2.0;
        }
        total.abs()
    }

    fn edges(&self) -> impl Iterator<Item = (Degrees, Degrees)> + '_ {
        self.rings
            .iter()
            .flat_map(|ring| ring.windows(2).map(|pair| (pair[0], pair[1])))
    }

    /// The anchors of each town's villages, given the number of villages of each town.
    pub(crate) fn anchors(&self, towns: &[usize]) -> Vec<Vec<Anchor>> {
        let villages: usize = towns.iter().sum();
        let size = self.size();
        let reach = (0.5 * (size / villages.max(1) as f64).sqrt()).clamp(300.0, 1_000.0);
        let town_reach = 0.6 * (size / towns.len().max(1) as f64).sqrt();
        let mut step = 0;
        let mut anchors = Vec::with_capacity(towns.len());
        for &count in towns {
            let centre = self.next_inside(&mut step);
            let around = |number: usize| {
                let distance = town_reach * ((number as f64 + 0.5) / count as f64).sqrt();
                let angle = number as f64 * 2.399_963_229_728_653;
                let (sine, cosine) = angle.sin_cos();
                self.settle(centre, (distance * cosine, distance * sine), reach)
            };
            anchors.push((0..count).map(around).collect());
        }
        anchors
    }

    /// The next position of the Halton sequence that keeps clear of the boundary.
    fn next_inside(&self, step: &mut u32) -> Degrees {
        for _ in 0..10_000 {
            *step += 1;
            let share = (halton(*step, 2), halton(*step, 3));
            let position = (
                self.low.0 + share.0 * (self.high.0 - self.low.0),
                self.low.1 + share.1 * (self.high.1 - self.low.1),
            );
            if self.clearance(position) >= LEAST_CLEARANCE {
                return position;
            }
        }
        self.low
    }

    /// The anchor at an offset from a centre, drawn towards it until it keeps clear of the boundary.
    fn settle(&self, centre: Degrees, offset: (f64, f64), reach: f64) -> Anchor {
        let mut offset = offset;
        for _ in 0..8 {
            let position = self.frame.offset(centre, offset);
            let clearance = self.clearance(position);
            if clearance >= LEAST_CLEARANCE {
                return Anchor {
                    centre: position,
                    radius: reach.min(clearance * CLEARANCE_USED),
                };
            }
            offset = (offset.0 * 0.6, offset.1 * 0.6);
        }
        Anchor {
            centre,
            radius: reach.min(self.clearance(centre) * CLEARANCE_USED),
        }
    }
}

/// The Halton sequence's number `step` in a base: evenly spread over 0 to 1.
fn halton(step: u32, base: u32) -> f64 {
    let (mut rest, mut share, mut value) = (step, 1.0, 0.0);
    while rest > 0 {
        share /= f64::from(base);
        value += share * f64::from(rest % base);
        rest /= base;
    }
    value
}
