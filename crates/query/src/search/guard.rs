//! What may not be searched for.
//!
//! A query stands in a URL, and URLs are written to logs: what looks like an identity number is refused
//! and not repeated, whether it is right or not.

use record::prose;

use crate::QueryError;

/// The longest query, in characters.
pub const LONGEST: usize = 200;

/// Refuses queries that are too long, that hold nothing to search for, or what looks like an identity
/// number (GB 11643, of 18 or 15 characters).
pub fn check(text: &str) -> Result<(), QueryError> {
    let length = text.chars().count();
    if length > LONGEST {
        return Err(QueryError::Limit {
            parameter: "q".to_string(),
            value: length.to_string(),
            limit: prose!("{LONGEST} 个字符", "{LONGEST} characters"),
        });
    }
    let search = text::normal::search(text);
    if !search.chars().any(text::name::counts) {
        return Err(QueryError::bad(
            "q",
            text,
            prose!(
                "至少一个汉字、字母或数字",
                "at least one letter, character or digit"
            ),
        ));
    }
    if holds_identity_number(&search) {
        let expected = prose!(
            "姓名、名称或地址：公民身份号码不得写在网址里，请用 POST /collections/person/lookup 查找",
            "a name or an address: an identity number must not stand in a URL; send it in the body of POST /collections/person/lookup"
        );
        return Err(QueryError::bad("q", "…", expected));
    }
    Ok(())
}

/// Whether a run of digits of the search form, spaces and signs between them apart, may be an identity
/// number: it has the length, and a day of birth where that stands.
fn holds_identity_number(search: &str) -> bool {
    let closed: String = search
        .chars()
        .filter(|c| !c.is_whitespace() && *c != '-')
        .collect();
    closed
        .split(|c: char| !(c.is_ascii_digit() || c == 'x'))
        .any(|run| match run.len() {
            18 => {
                let digits = run.as_bytes()[..17].iter().all(u8::is_ascii_digit);
                digits && matches!(&run[6..8], "18" | "19" | "20") && is_day(&run[10..14])
            }
            15 => run.bytes().all(|b| b.is_ascii_digit()) && is_day(&run[8..12]),
            _ => false,
        })
}

/// Whether four digits are a month and a day.
fn is_day(digits: &str) -> bool {
    let (month, day) = digits.split_at(2);
    let within = |text: &str, last: u32| text.parse().is_ok_and(|n: u32| (1..=last).contains(&n));
    within(month, 12) && within(day, 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn identity_numbers_are_refused_and_not_repeated() {
        for text in [
            "11010519491231002X",
            "11010519491231002x",
            "１１０１０５１９４９１２３１００２Ｘ",
            "110105 19491231 0021",
            "王芳 110105194912310021",
            "110105491231002",
        ] {
            let error = check(text).expect_err(text).to_string();
            assert!(
                !error.contains("1949") && !error.contains("491231"),
                "{error}"
            );
        }
        for text in [
            "121101889669887157",
            "91110108MA01A2B3C4",
            "110108001002",
            "13800138000",
            "学院路27号",
        ] {
            assert!(check(text).is_ok(), "{text}");
        }
        for text in ["", " ", "·——", "？！"] {
            assert!(check(text).is_err(), "{text}");
        }
        assert!(matches!(
            check(&"王".repeat(10_000)),
            Err(QueryError::Limit { .. })
        ));
        assert!(check(&"王".repeat(200)).is_ok());
    }
}
