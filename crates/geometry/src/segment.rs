//! Exact tests on straight edges between grid positions.
//!
//! Differences of longitudes fit in 33 bits and of latitudes in 32, so every product below fits in
//! an `i64` and no answer depends on rounding.

use std::cmp::Ordering;

use crate::position::Position;

/// On which side of the line from `a` to `b` the position lies: `Greater` left, `Less` right,
/// `Equal` on the line.
pub(crate) fn side(a: Position, b: Position, position: Position) -> Ordering {
    let (dx, dy) = delta(a, b);
    let (px, py) = delta(a, position);
    (dx * py).cmp(&(dy * px))
}

fn delta(from: Position, to: Position) -> (i64, i64) {
    (
        i64::from(to.lon) - i64::from(from.lon),
        i64::from(to.lat) - i64::from(from.lat),
    )
}

/// Whether the boxes of two edges share a position.
fn boxes_meet(a: Position, b: Position, c: Position, d: Position) -> bool {
    a.lon.min(b.lon) <= c.lon.max(d.lon)
        && c.lon.min(d.lon) <= a.lon.max(b.lon)
        && a.lat.min(b.lat) <= c.lat.max(d.lat)
        && c.lat.min(d.lat) <= a.lat.max(b.lat)
}

/// Whether the edges `a`–`b` and `c`–`d` share a point, ends included. Either may be a single
/// position.
pub(crate) fn meet(a: Position, b: Position, c: Position, d: Position) -> bool {
    if !boxes_meet(a, b, c, d) {
        return false;
    }
    let same_side = |x: Ordering, y: Ordering| x == y && x != Ordering::Equal;
    !same_side(side(a, b, c), side(a, b, d)) && !same_side(side(c, d, a), side(c, d, b))
}

/// Whether the edges `a`–`b` and `b`–`c` run back over one another (a spike at `b`).
pub(crate) fn doubles_back(a: Position, b: Position, c: Position) -> bool {
    let (ax, ay) = delta(b, a);
    let (cx, cy) = delta(b, c);
    side(a, b, c) == Ordering::Equal && (ax.signum() == cx.signum() && ay.signum() == cy.signum())
}

/// A point where two edges that [`meet`] do so, rounded to the grid.
pub(crate) fn meeting_point(a: Position, b: Position, c: Position, d: Position) -> Position {
    for (end, from, to) in [(a, c, d), (b, c, d), (c, a, b), (d, a, b)] {
        if meet(end, end, from, to) {
            return end;
        }
    }
    let (ux, uy) = delta(a, b);
    let (vx, vy) = delta(c, d);
    let (wx, wy) = delta(a, c);
    let cross =
        |x1: i64, y1: i64, x2: i64, y2: i64| (x1 as f64) * (y2 as f64) - (y1 as f64) * (x2 as f64);
    let along = cross(wx, wy, vx, vy) / cross(ux, uy, vx, vy);
    Position {
        lon: (f64::from(a.lon) + along * ux as f64).round() as i32,
        lat: (f64::from(a.lat) + along * uy as f64).round() as i32,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(lon: i32, lat: i32) -> Position {
        Position { lon, lat }
    }

    #[test]
    fn touching_crossing_and_missing() {
        assert!(meet(at(0, 0), at(4, 4), at(0, 4), at(4, 0)));
        assert!(meet(at(0, 0), at(4, 4), at(4, 4), at(9, 0)));
        assert!(meet(at(0, 0), at(4, 4), at(2, 2), at(2, 2)));
        assert!(meet(at(0, 0), at(4, 0), at(2, 0), at(6, 0)));
        assert!(!meet(at(0, 0), at(4, 4), at(3, 2), at(4, 0)));
        assert!(!meet(at(0, 0), at(4, 0), at(5, 0), at(6, 0)));
        assert_eq!(
            meeting_point(at(0, 0), at(4, 4), at(0, 4), at(4, 0)),
            at(2, 2)
        );
    }

    #[test]
    fn spikes() {
        assert!(doubles_back(at(0, 0), at(4, 4), at(2, 2)));
        assert!(!doubles_back(at(0, 0), at(4, 4), at(6, 6)));
        assert!(!doubles_back(at(0, 0), at(4, 4), at(4, 0)));
    }

    #[test]
    fn the_widest_products_do_not_overflow() {
        let (west, east) = (
            at(-1_800_000_000, -900_000_000),
            at(1_800_000_000, 900_000_000),
        );
        assert_eq!(side(west, east, at(0, 0)), Ordering::Equal);
        assert_eq!(side(west, east, at(0, 1)), Ordering::Greater);
        assert_eq!(side(west, east, at(1, 0)), Ordering::Less);
    }
}
