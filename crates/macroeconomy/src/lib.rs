//! The macroeconomic register (宏观经济库).
//!
//! What is particular to indicators and observations and cannot be said in a table of `schemas/`.

pub mod register;
pub mod rules;

pub use crate::register::MacroeconomyRegister;
pub use rules::observation::ObservationError;
