//! The spatial register (空间库).
//!
//! What is particular to divisions and places and cannot be said in a table of `schemas/`: how a
//! division code is read and what it tells, whether a place lies where it claims to, and when each
//! region code was in use.

pub mod region_history;
pub mod register;
pub mod rules;

pub use region_history::{Region, RegionHistory};
pub use rules::division_code::{
    DivisionCode, DivisionCodeError, DivisionLevel, TownKind, VillageKind,
};
pub use rules::placement::{DivisionAreas, Placement};
pub use crate::register::SpatialRegister;
