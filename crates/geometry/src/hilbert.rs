//! Keys along a Hilbert curve: positions that are near on the curve are near on the ground, so
//! that sorting by key keeps neighbours together.

use crate::position::Position;

/// Bits of each coordinate: the curve fills the square of all 32-bit coordinates.
const BITS: u32 = 32;

/// The place of a position along the Hilbert curve over the whole grid. Different positions have
/// different keys.
pub fn key(position: Position) -> u64 {
    let (mut x, mut y) = (unsigned(position.lon), unsigned(position.lat));
    let mut key = 0;
    for bit in (0..BITS).rev() {
        let (right, upper) = ((x >> bit) & 1, (y >> bit) & 1);
        key = (key << 2) | u64::from((3 * right) ^ upper);
        (x, y) = turned(x, y, right, upper);
    }
    key
}

/// The position of a key: the inverse of [`key`]. Keys that belong to no place on the earth give
/// coordinates out of range.
pub fn position(key: u64) -> Position {
    let (mut x, mut y) = (0_u32, 0_u32);
    for bit in 0..BITS {
        let quarter = ((key >> (2 * bit)) & 3) as u32;
        let right = quarter >> 1;
        let upper = (quarter ^ right) & 1;
        // Undo the turn on the bits found so far, which are below this one.
        let below = (1_u32 << bit) - 1;
        let (turned_x, turned_y) = turned(x, y, right, upper);
        x = (turned_x & below) | (right << bit);
        y = (turned_y & below) | (upper << bit);
    }
    Position {
        lon: signed(x),
        lat: signed(y),
    }
}

/// Turns a quarter of the square so that the curve runs through it as through the whole: swapped
/// in the lower quarters, and mirrored too in the lower right. Its own inverse.
fn turned(x: u32, y: u32, right: u32, upper: u32) -> (u32, u32) {
    match (right, upper) {
        (_, 1) => (x, y),
        (1, _) => (!y, !x),
        _ => (y, x),
    }
}

/// The order of signed numbers, in unsigned ones.
fn unsigned(value: i32) -> u32 {
    value.cast_unsigned() ^ (1 << 31)
}

fn signed(value: u32) -> i32 {
    (value ^ (1 << 31)).cast_signed()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_curve_goes_from_neighbour_to_neighbour() {
        let start = key(Position {
            lon: 1_163_913_000,
            lat: 399_075_000,
        });
        let mut last = position(start);
        for step in 1..20_000 {
            let next = position(start + step);
            let moved = next.lon.abs_diff(last.lon) + next.lat.abs_diff(last.lat);
            assert_eq!(moved, 1, "at step {step}");
            last = next;
        }
    }

    #[test]
    fn the_curve_begins_and_ends_at_the_lower_corners() {
        let corner = |lon| Position { lon, lat: i32::MIN };
        assert_eq!(key(corner(i32::MIN)), 0);
        assert_eq!(key(corner(i32::MAX)), u64::MAX);
    }

    proptest! {
        #[test]
        fn keys_and_positions_are_one_to_one(lon: i32, lat: i32, any_key: u64) {
            let at = Position { lon, lat };
            prop_assert_eq!(position(key(at)), at);
            prop_assert_eq!(key(position(any_key)), any_key);
        }

        #[test]
        fn a_quarter_square_is_one_stretch_of_keys(lon: i32, lat: i32, bits in 1u32..16) {
            // All positions that agree in their upper bits have keys that agree in theirs.
            let low = (1_i32 << bits) - 1;
            let first = key(Position { lon: lon & !low, lat: lat & !low });
            let other = key(Position { lon: lon | low, lat });
            prop_assert_eq!(first >> (2 * bits), other >> (2 * bits));
        }
    }
}
