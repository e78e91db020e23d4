//! The register of legal entities (法人库).
//!
//! What is particular to organizations and cannot be said in a table of `schemas/`: how the codes that
//! organizations bear are read and checked, and how a firm's name falls into parts.

pub mod register;
pub mod rules;

pub use crate::register::OrganizationRegister;
pub use rules::business_number::{BusinessNumber, BusinessNumberError};
pub use rules::credit_code::{CreditCode, CreditCodeError};
pub use rules::lei::{Lei, LeiError};
pub use rules::organization_code::{OrganizationCode, OrganizationCodeError};
