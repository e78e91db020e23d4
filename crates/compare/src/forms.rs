//! Numbers of identity in other forms than the one the register keeps.
//!
//! Which form a field has is said by the name of its rule in the schema: rules are procedures of the
//! registers' crates, and so is what else a number may look like.

use person::rules::identity_number;
use schema::{Collection, Field};
use text::variant::Variant;

/// The old form of fifteen digits.
pub const FIFTEEN_DIGITS: &str = "fifteen-digit-number";
/// The old form's length.
const OLD_LENGTH: usize = 15;

/// The form that the register keeps of a number, and in what the given one differs; `None` where it is
/// kept as it is given, or is no such number.
pub fn canonical(field: &Field, given: &str) -> Option<(String, &'static str)> {
    let kept = match field.rule.as_deref() {
        Some("resident-identity-number") => {
            let number = identity_number::parse(given).ok()?;
            number.canonical().to_string()
        }
        Some("credit-code") => {
            let code = organization::rules::credit_code::parse(given).ok()?;
            code.canonical().to_string()
        }
        _ => {
            let folded = text::normal::search(given);
            // Keys without a rule are kept as their sources write them, in capitals mostly.
            if field.rule.is_some() || *folded == *given {
                folded.to_ascii_uppercase()
            } else {
                folded.into_owned()
            }
        }
    };
    if kept == given {
        return None;
    }
    let is_old = given.trim().chars().count() == OLD_LENGTH && kept.len() != OLD_LENGTH;
    let differs = if is_old {
        FIFTEEN_DIGITS
    } else if kept.eq_ignore_ascii_case(given) {
        Variant::Case.name()
    } else {
        Variant::Width.name()
    };
    Some((kept, differs))
}

/// The field by which an entity was known before it got its key, and its number there, where a text is
/// such a number: an organization's registration number of fifteen digits.
pub fn former_number<'a>(collection: &'a Collection, given: &str) -> Option<(&'a Field, String)> {
    let field = collection
        .fields
        .iter()
        .find(|field| field.rule.as_deref() == Some("business-number"))?;
    let number = organization::rules::business_number::parse(given).ok()?;
    Some((field, number.canonical().to_string()))
}
