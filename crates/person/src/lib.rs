//! The population register (人口库).
//!
//! What is particular to persons and cannot be said in a table of `schemas/`: how an identity number
//! is read and checked, and how the dates of a life agree with each other and with the number.

pub mod register;
pub mod rules;

pub use crate::register::PersonRegister;
pub use rules::identity_number::{
    IdentityNumber, IdentityNumberError, NumberKind, RegionHistory, Sex,
};
pub use rules::life::LifeError;
