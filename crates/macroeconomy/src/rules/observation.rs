//! An observation agrees with its indicator: the unit it is counted in, and how often it is taken.
//!
//! 亿元 taken for 万元 is wrong by a factor of ten thousand and looks plausible in a chart; a year's
//! figure among those of quarters makes every sum wrong. Neither is converted: which of the two is
//! right is for the source to say.

use schema::Period;

/// In what an observation does not agree with its indicator.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ObservationError {
    /// The unit is not the indicator's.
    #[error("counted in {found}, but the indicator is in {expected}")]
    Unit {
        /// The indicator's unit.
        expected: String,
        /// The observation's unit.
        found: String,
    },
    /// The period is longer or shorter than the indicator's frequency. Codes of SDMX CL_FREQ: A a
    /// year, S half a year, Q a quarter, M a month.
    #[error("a period of frequency {found}, but the indicator has frequency {expected}")]
    Frequency {
        /// The indicator's frequency.
        expected: String,
        /// The period's frequency.
        found: &'static str,
    },
}

/// The unit is the indicator's, letter by letter but for white space around it. An observation
/// without a unit is in its indicator's; an indicator without one agrees with any.
///
/// # Errors
/// [`ObservationError::Unit`].
pub fn check_unit(found: Option<&str>, indicator: Option<&str>) -> Result<(), ObservationError> {
    let stated = |unit: Option<&str>| {
        unit.map(str::trim)
            .filter(|unit| !unit.is_empty())
            .map(String::from)
    };
    match (stated(found), stated(indicator)) {
        (Some(found), Some(expected)) if found != expected => {
            Err(ObservationError::Unit { expected, found })
        }
        _ => Ok(()),
    }
}

/// The period is as long as the indicator's frequency (a code of the code list `frequency`) says. An
/// indicator without a frequency agrees with any.
///
/// # Errors
/// [`ObservationError::Frequency`].
pub fn check_frequency(period: Period, indicator: Option<&str>) -> Result<(), ObservationError> {
    match indicator {
        Some(expected) if expected != period.frequency() => Err(ObservationError::Frequency {
            expected: expected.to_string(),
            found: period.frequency(),
        }),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn units_are_the_indicators() {
        for (found, indicator) in [
            (Some("亿元"), Some("亿元")),
            (Some(" 亿元 "), Some("亿元")),
            (None, Some("亿元")),
            (Some(""), Some("亿元")),
            (Some("亿元"), None),
            (None, None),
        ] {
            assert_eq!(check_unit(found, indicator), Ok(()), "{found:?}");
        }
        assert_eq!(
            check_unit(Some("万元"), Some("亿元")),
            Err(ObservationError::Unit {
                expected: "亿元".into(),
                found: "万元".into()
            })
        );
    }

    #[test]
    fn periods_have_the_indicators_frequency() {
        for (period, own) in [
            ("2019年", "A"),
            ("2019年上半年", "S"),
            ("2019年第一季度", "Q"),
            ("2019年3月", "M"),
        ] {
            let period: Period = period.parse().expect("a period");
            assert_eq!(check_frequency(period, None), Ok(()));
            for indicator in ["A", "S", "Q", "M"] {
                let expected = if indicator == own {
                    Ok(())
                } else {
                    Err(ObservationError::Frequency {
                        expected: indicator.into(),
                        found: own,
                    })
                };
                assert_eq!(
                    check_frequency(period, Some(indicator)),
                    expected,
                    "{period}"
                );
            }
        }
    }
}
