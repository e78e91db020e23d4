//! Geometries into a tile: brought to its units, clipped, with no more positions than can be seen, and
//! written as commands.

use geometry::Shape;
use geometry::parts::{Pair, Parts, simplified};

use crate::encoding::EXTENT;
use crate::matrix::Tile;

/// Units around a tile that are drawn with it, so that lines and symbols meet across its edge.
pub const MARGIN: f64 = 64.0;
/// By how many units a line may leave where it should be: a quarter of a pixel of 256 to a tile.
const TOLERANCE: f64 = 4.0;
/// Rings and lines that span less than this many units in both directions cannot be seen.
const SMALLEST: f64 = 8.0;
/// From this level on everything is drawn as it is.
const FINEST_LEVEL: u8 = 16;

type Line = Vec<(i32, i32)>;

/// A geometry in a tile.
#[derive(Clone, Debug, PartialEq)]
pub struct Drawn {
    /// 1 points, 2 lines, 3 polygons.
    pub kind: u32,
    /// The commands.
    pub commands: Vec<u32>,
}

/// What of a shape is drawn in a tile: points, lines and polygons apart; nothing where none of it is there.
pub fn draw(shape: &Shape, tile: &Tile) -> Vec<Drawn> {
    let side = f64::from(EXTENT);
    let place = |lon: f64, lat: f64| match tile.place(lon, lat) {
        Some([x, y]) => Ok::<_, ()>([x * side, y * side]),
        // Past the end of the map, where nothing is drawn: far outside on the same side.
        None => Ok([f64::NAN, f64::NAN]),
    };
    let Ok(parts) = shape.parts(place) else {
        return Vec::new();
    };
    let mut canvas = Canvas {
        is_exact: tile.level >= FINEST_LEVEL,
        ..Canvas::default()
    };
    canvas.parts(&parts);
    canvas.drawn()
}

/// The commands of one point, in units of the tile.
pub fn point(x: f64, y: f64) -> Vec<u32> {
    let mut pen = Pen::default();
    pen.points(&[(x.round() as i32, y.round() as i32)]);
    pen.commands
}

#[derive(Default)]
struct Canvas {
    is_exact: bool,
    points: Line,
    lines: Vec<Line>,
    polygons: Vec<Vec<Line>>,
}

impl Canvas {
    fn parts(&mut self, parts: &Parts) {
        match parts {
            Parts::Point(at) => self.point(at),
            Parts::MultiPoint(points) => points.iter().for_each(|at| self.point(at)),
            Parts::Line(line) => self.line(line),
            Parts::MultiLine(lines) => lines.iter().for_each(|line| self.line(line)),
            Parts::Polygon(rings) => self.polygon(rings),
            Parts::MultiPolygon(all) => all.iter().for_each(|rings| self.polygon(rings)),
            Parts::Collection(members) => members.iter().for_each(|one| self.parts(one)),
        }
    }

    fn point(&mut self, at: &Pair) {
        if at.iter().all(|number| inside(*number)) {
            self.points.push(rounded(at));
        }
    }

    fn line(&mut self, line: &[Pair]) {
        if !self.is_seen(line) {
            return;
        }
        let line = self.generalised(line);
        for piece in clipped_line(&line) {
            let piece = snapped(&piece);
            if piece.len() > 1 {
                self.lines.push(piece);
            }
        }
    }

    fn polygon(&mut self, rings: &[Vec<Pair>]) {
        let mut drawn = Vec::new();
        for (place, ring) in rings.iter().enumerate() {
            let ring = if self.is_seen(ring) {
                let ring = clipped_ring(&self.generalised(ring));
                let mut ring = snapped(&ring);
                // Rings are closed by a command, not by their first position again.
                if ring.len() > 1 && ring.first() == ring.last() {
                    ring.pop();
                }
                ring
            } else {
                Vec::new()
            };
            if ring.len() < 3 || area(&ring) == 0 {
                if place == 0 {
                    return;
                }
                continue;
            }
            drawn.push(wound(ring, place == 0));
        }
        self.polygons.push(drawn);
    }

    /// Whether a line is large enough to be seen, and on the map.
    fn is_seen(&self, line: &[Pair]) -> bool {
        if line.iter().flatten().any(|number| number.is_nan()) {
            return false;
        }
        let span = |axis: usize| {
            let values = || line.iter().map(|at| at[axis]);
            values().fold(f64::MIN, f64::max) - values().fold(f64::MAX, f64::min)
        };
        self.is_exact || span(0) >= SMALLEST || span(1) >= SMALLEST
    }

    fn generalised(&self, line: &[Pair]) -> Vec<Pair> {
        match self.is_exact {
            true => line.to_vec(),
            false => simplified(line, TOLERANCE),
        }
    }

    fn drawn(self) -> Vec<Drawn> {
        let mut out = Vec::new();
        let mut put = |kind: u32, draw: &dyn Fn(&mut Pen)| {
            let mut pen = Pen::default();
            draw(&mut pen);
            if !pen.commands.is_empty() {
                let commands = pen.commands;
                out.push(Drawn { kind, commands });
            }
        };
        put(1, &|pen| pen.points(&self.points));
        put(2, &|pen| self.lines.iter().for_each(|line| pen.line(line)));
        put(3, &|pen| {
            self.polygons
                .iter()
                .flatten()
                .for_each(|ring| pen.ring(ring))
        });
        out
    }
}

fn inside(number: f64) -> bool {
    (-MARGIN..=f64::from(EXTENT) + MARGIN).contains(&number)
}

fn rounded(at: &Pair) -> (i32, i32) {
    (at[0].round() as i32, at[1].round() as i32)
}

/// Whole units, without a position twice in a row.
fn snapped(line: &[Pair]) -> Line {
    let mut out: Line = line.iter().map(rounded).collect();
    out.dedup();
    out
}

/// Twice the area; more than 0 where the ring goes round clockwise as it is seen (y grows downwards).
fn area(ring: &[(i32, i32)]) -> i64 {
    let next = ring.iter().cycle().skip(1);
    let pairs = ring.iter().zip(next);
    pairs
        .map(|((x, y), (to_x, to_y))| {
            i64::from(*x) * i64::from(*to_y) - i64::from(*to_x) * i64::from(*y)
        })
        .sum()
}

/// An outer ring goes round one way, holes the other.
fn wound(mut ring: Line, is_outer: bool) -> Line {
    if (area(&ring) > 0) != is_outer {
        ring.reverse();
    }
    ring
}

/// The pieces of a line that are in the tile with its margin (Liang and Barsky).
fn clipped_line(line: &[Pair]) -> Vec<Vec<Pair>> {
    let mut pieces: Vec<Vec<Pair>> = Vec::new();
    let mut is_open = false;
    for pair in line.windows(2) {
        let (from, to) = (pair[0], pair[1]);
        let Some((enter, leave)) = span(from, to) else {
            is_open = false;
            continue;
        };
        let at = |part: f64| {
            [
                from[0] + part * (to[0] - from[0]),
                from[1] + part * (to[1] - from[1]),
            ]
        };
        if !is_open || enter > 0.0 {
            pieces.push(vec![at(enter)]);
        }
        if let Some(piece) = pieces.last_mut() {
            piece.push(at(leave));
        }
        is_open = leave >= 1.0;
    }
    pieces
}

/// From which part to which part of an edge it is inside.
fn span(from: Pair, to: Pair) -> Option<(f64, f64)> {
    let (low, high) = (-MARGIN, f64::from(EXTENT) + MARGIN);
    let (mut enter, mut leave) = (0.0f64, 1.0f64);
    for axis in 0..2 {
        let step = to[axis] - from[axis];
        for (distance, step) in [(from[axis] - low, -step), (high - from[axis], step)] {
            if step == 0.0 {
                if distance < 0.0 {
                    return None;
                }
                continue;
            }
            let part = distance / step;
            match step < 0.0 {
                true => enter = enter.max(part),
                false => leave = leave.min(part),
            }
        }
    }
    (enter <= leave).then_some((enter, leave))
}

/// A ring cut to the tile with its margin, side by side (Sutherland and Hodgman). Where a ring leaves and
/// comes back, edges run along the margin, outside of what is seen.
fn clipped_ring(ring: &[Pair]) -> Vec<Pair> {
    let (low, high) = (-MARGIN, f64::from(EXTENT) + MARGIN);
    let mut ring = ring.to_vec();
    for (axis, limit, is_low) in [
        (0, low, true),
        (0, high, false),
        (1, low, true),
        (1, high, false),
    ] {
        let is_in = |at: &Pair| match is_low {
            true => at[axis] >= limit,
            false => at[axis] <= limit,
        };
        let mut out = Vec::with_capacity(ring.len());
        for (place, to) in ring.iter().enumerate() {
            let from = &ring[(place + ring.len() - 1) % ring.len()];
            if is_in(from) != is_in(to) {
                let part = (limit - from[axis]) / (to[axis] - from[axis]);
                let other = 1 - axis;
                let mut at = [limit; 2];
                at[other] = from[other] + part * (to[other] - from[other]);
                out.push(at);
            }
            if is_in(to) {
                out.push(*to);
            }
        }
        ring = out;
        if ring.is_empty() {
            break;
        }
    }
    ring
}

/// Writes commands: each position as the step from the one before.
#[derive(Default)]
struct Pen {
    commands: Vec<u32>,
    at: (i32, i32),
}

impl Pen {
    fn command(&mut self, id: u32, count: usize) {
        self.commands
            .push(id | (u32::try_from(count).unwrap_or(0) << 3));
    }

    fn step(&mut self, to: (i32, i32)) {
        let zigzag = |step: i32| ((step << 1) ^ (step >> 31)) as u32;
        self.commands.push(zigzag(to.0 - self.at.0));
        self.commands.push(zigzag(to.1 - self.at.1));
        self.at = to;
    }

    fn points(&mut self, points: &[(i32, i32)]) {
        if !points.is_empty() {
            self.command(1, points.len());
            points.iter().for_each(|at| self.step(*at));
        }
    }

    fn line(&mut self, line: &[(i32, i32)]) {
        let Some((first, rest)) = line.split_first() else {
            return;
        };
        self.command(1, 1);
        self.step(*first);
        self.command(2, rest.len());
        rest.iter().for_each(|at| self.step(*at));
    }

    fn ring(&mut self, ring: &[(i32, i32)]) {
        self.line(ring);
        self.command(7, 1);
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::matrix::MatrixSet;

    #[test]
    fn commands_are_those_of_the_specification() {
        // Its own examples, 4.3.5.
        let mut pen = Pen::default();
        pen.points(&[(25, 17)]);
        assert_eq!(pen.commands, [9, 50, 34]);
        let mut pen = Pen::default();
        pen.line(&[(2, 2), (2, 10), (10, 10)]);
        assert_eq!(pen.commands, [9, 4, 4, 18, 0, 16, 16, 0]);
        let mut pen = Pen::default();
        pen.ring(&[(3, 6), (8, 12), (20, 34)]);
        assert_eq!(pen.commands, [9, 6, 12, 18, 10, 12, 24, 44, 15]);
    }

    #[test]
    fn shapes_are_cut_to_the_tile() {
        let tile = Tile::new(MatrixSet::Cgcs2000Quad, 0, 0, 1).expect("a tile");
        let draw = |wkt: &str| draw(&Shape::from_wkt(wkt).expect("a shape"), &tile);
        assert_eq!(draw("POINT(-90 0)"), []);
        assert_eq!(draw("POINT(90 0)")[0].commands, [9, 4096, 4096]);
        let square = draw("POLYGON((-90 -45,90 -45,90 45,-90 45,-90 -45))");
        assert_eq!((square.len(), square[0].kind), (1, 3));
        assert_eq!(draw("LINESTRING(-90 0,-80 10)"), []);
        let hole = draw("POLYGON((10 -45,90 -45,90 45,10 45,10 -45),(20 0,30 0,30 10,20 10,20 0))");
        assert_eq!(hole[0].commands.iter().filter(|one| **one == 15).count(), 2);
        let tiny = "POLYGON((90 0,90.01 0,90.01 0.01,90 0))";
        assert_eq!(draw(tiny), [], "nobody could see it");
    }

    proptest! {
        #[test]
        fn clipped_lines_stay_inside(line in proptest::collection::vec((-9e3..9e3f64, -9e3..9e3f64), 2..20)) {
            let line: Vec<Pair> = line.into_iter().map(|(x, y)| [x, y]).collect();
            for piece in clipped_line(&line) {
                for at in &piece {
                    prop_assert!(at.iter().all(|number| inside(number.clamp(number - 1e-6, number + 1e-6).round())), "{at:?}");
                }
            }
            let ring = clipped_ring(&line);
            for at in &ring {
                prop_assert!(at.iter().all(|number| inside(number.round())), "{at:?}");
            }
        }
    }
}
