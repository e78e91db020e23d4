//! Names of logs and buckets.

use crate::error::LedgerError;

/// The most bytes of a name.
const MAXIMUM_LENGTH: usize = 100;

/// Refuses a name with other than 1 to 100 of `a-z A-Z 0-9 _ - . /`.
pub(crate) fn check(name: &str) -> Result<(), LedgerError> {
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"_-./".contains(&byte);
    if name.is_empty() || name.len() > MAXIMUM_LENGTH || !name.bytes().all(allowed) {
        return Err(LedgerError::InvalidName {
            name: name.to_owned(),
        });
    }
    Ok(())
}
