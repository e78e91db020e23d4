//! The dates of a life: birth before death, neither in the future, and both birth and sex as the
//! identity number says.
//!
//! Dates may be known to the year or the month only. A rule objects only where it is certain: a birth
//! in `1985` and a death on `1985-02-01` may both be right.

use record::{Day, PartialDate};

use super::identity_number::IdentityNumber;

/// What cannot be, or does not agree.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LifeError {
    /// Born after today.
    #[error("born {birth}, after today ({today})")]
    BirthInFuture {
        /// The birth date.
        birth: PartialDate,
        /// Today.
        today: Day,
    },
    /// Died after today.
    #[error("died {death}, after today ({today})")]
    DeathInFuture {
        /// The date of death.
        death: PartialDate,
        /// Today.
        today: Day,
    },
    /// Died before birth.
    #[error("died {death}, before being born {birth}")]
    DeathBeforeBirth {
        /// The birth date.
        birth: PartialDate,
        /// The date of death.
        death: PartialDate,
    },
    /// The birth date is not that of the identity number.
    #[error("born {birth}, but the identity number says {number}")]
    BirthDateDiffers {
        /// The birth date.
        birth: PartialDate,
        /// The birth date in the identity number.
        number: PartialDate,
    },
    /// The sex is not that of the identity number.
    #[error("sex {sex}, but the identity number says {number}")]
    SexDiffers {
        /// The code of GB/T 2261.1.
        sex: String,
        /// The code the identity number states.
        number: &'static str,
    },
}

/// The birth is not in the future.
///
/// # Errors
/// [`LifeError::BirthInFuture`] where even the first day the date may mean is after today.
pub fn check_birth(birth: PartialDate, today: Day) -> Result<(), LifeError> {
    if birth.first_day() > today {
        return Err(LifeError::BirthInFuture { birth, today });
    }
    Ok(())
}

/// The death is neither before the birth nor in the future. Both on one day is possible.
///
/// # Errors
/// [`LifeError::DeathBeforeBirth`] where every day the death may mean is before every day the birth
/// may mean; [`LifeError::DeathInFuture`].
pub fn check_death(
    birth: Option<PartialDate>,
    death: PartialDate,
    today: Day,
) -> Result<(), LifeError> {
    if let Some(birth) = birth
        && death.end_day() <= birth.first_day()
    {
        return Err(LifeError::DeathBeforeBirth { birth, death });
    }
    if death.first_day() > today {
        return Err(LifeError::DeathInFuture { death, today });
    }
    Ok(())
}

/// The birth date agrees with the identity number: the number's day lies within the date's year,
/// month or day.
///
/// # Errors
/// [`LifeError::BirthDateDiffers`].
pub fn check_birth_against_number(
    birth: PartialDate,
    number: &IdentityNumber,
) -> Result<(), LifeError> {
    let stated = number.birth_date();
    if birth.first_day() <= stated.first_day() && stated.first_day() < birth.end_day() {
        return Ok(());
    }
    Err(LifeError::BirthDateDiffers {
        birth,
        number: stated,
    })
}

/// The sex (code of GB/T 2261.1) agrees with the identity number; 0 (unknown) and 9 (unstated) agree
/// with either. Other codes are the code list's business and differ here.
///
/// # Errors
/// [`LifeError::SexDiffers`].
pub fn check_sex_against_number(sex: &str, number: &IdentityNumber) -> Result<(), LifeError> {
    let stated = number.sex().code();
    if sex == stated || matches!(sex, "0" | "9") {
        return Ok(());
    }
    Err(LifeError::SexDiffers {
        sex: sex.to_string(),
        number: stated,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::identity_number::parse;

    fn date(text: &str) -> PartialDate {
        text.parse().expect("a date")
    }

    fn today() -> Day {
        "2024-06-15".parse().expect("a day")
    }

    #[test]
    fn births_are_past() {
        for good in ["2024-06-15", "2024-06", "2024", "1900-01-01"] {
            assert_eq!(check_birth(date(good), today()), Ok(()), "{good}");
        }
        for future in ["2024-06-16", "2024-07", "2025"] {
            assert!(
                matches!(
                    check_birth(date(future), today()),
                    Err(LifeError::BirthInFuture { .. })
                ),
                "{future}"
            );
        }
    }

    #[test]
    fn deaths_follow_births() {
        let check = |birth: &str, death: &str| check_death(Some(date(birth)), date(death), today());
        for (birth, death) in [
            ("1985-02-01", "1985-02-01"),
            ("1985-02-01", "1985"),
            ("1985", "1985-01-01"),
            ("1985-02", "1985-02-01"),
        ] {
            assert_eq!(check(birth, death), Ok(()), "{birth} {death}");
        }
        for (birth, death) in [
            ("1985-02-02", "1985-02-01"),
            ("1985-02-01", "1985-01"),
            ("1985", "1984"),
        ] {
            assert!(
                matches!(check(birth, death), Err(LifeError::DeathBeforeBirth { .. })),
                "{birth} {death}"
            );
        }
        assert!(matches!(
            check_death(None, date("2024-06-16"), today()),
            Err(LifeError::DeathInFuture { .. })
        ));
    }

    #[test]
    fn the_number_agrees() {
        let number = parse("11010519491231002X").expect("valid");
        for good in ["1949-12-31", "1949-12", "1949"] {
            assert_eq!(check_birth_against_number(date(good), &number), Ok(()));
        }
        for wrong in ["1949-12-30", "1949-11", "1950"] {
            assert!(
                matches!(
                    check_birth_against_number(date(wrong), &number),
                    Err(LifeError::BirthDateDiffers { .. })
                ),
                "{wrong}"
            );
        }
        for good in ["2", "0", "9"] {
            assert_eq!(check_sex_against_number(good, &number), Ok(()));
        }
        assert_eq!(
            check_sex_against_number("1", &number),
            Err(LifeError::SexDiffers {
                sex: "1".into(),
                number: "2"
            })
        );
    }
}
