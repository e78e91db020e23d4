//! The spatial register (空间库).
//!
//! What is particular to divisions and places and cannot be said in a table of `schemas/`: how a
//! division code is read and what it tells, and whether a place lies where it claims to.

pub mod register;
pub mod rules;

pub use crate::register::{SpatialRegister, boundaries};
pub use rules::division_code::{
    DivisionCode, DivisionCodeError, DivisionLevel, TownKind, VillageKind,
};
pub use rules::placement::{DivisionAreas, Placement};
