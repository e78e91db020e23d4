//! Parts of messages that are sentences, and so differ between Chinese and English.

use std::fmt;

use compact_str::CompactString;
use serde::{Deserialize, Serialize};

/// A part of a message in both languages. What is the same in both (codes, names, forms such as
/// `2019-03`, what was given) becomes one with `into()`; what is a sentence is made with
/// [`prose!`](macro@crate::prose).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Prose {
    /// Chinese.
    pub zh: Box<str>,
    /// English.
    pub en: Box<str>,
}

impl Prose {
    /// A part in both languages.
    pub fn new(zh: impl Into<Box<str>>, en: impl Into<Box<str>>) -> Prose {
        Prose {
            zh: zh.into(),
            en: en.into(),
        }
    }
}

/// The English, as in logs.
impl fmt::Display for Prose {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.en)
    }
}

impl From<&str> for Prose {
    fn from(same: &str) -> Prose {
        Prose::new(same, same)
    }
}

impl From<String> for Prose {
    fn from(same: String) -> Prose {
        Prose::from(same.as_str())
    }
}

impl From<&String> for Prose {
    fn from(same: &String) -> Prose {
        Prose::from(same.as_str())
    }
}

impl From<&CompactString> for Prose {
    fn from(same: &CompactString) -> Prose {
        Prose::from(same.as_str())
    }
}

impl From<&Prose> for Prose {
    fn from(part: &Prose) -> Prose {
        part.clone()
    }
}

/// A [`Prose`](crate::Prose) of two templates with the same values: the Chinese, then the English.
/// After a semicolon stand variables that are prose themselves, and go into each in its language.
///
/// ```
/// let what = record::prose!("日期", "a date");
/// let all = record::prose!("{what}或 {}", "{what}, or {}", 7; what);
/// assert_eq!((&*all.zh, &*all.en), ("日期或 7", "a date, or 7"));
/// ```
#[macro_export]
macro_rules! prose {
    ($zh:literal, $en:literal $(, $value:expr)* $(; $($part:ident),+)?) => {
        $crate::Prose::new(
            { $($(let $part = &$part.zh;)+)? ::std::format!($zh $(, $value)*) },
            { $($(let $part = &$part.en;)+)? ::std::format!($en $(, $value)*) },
        )
    };
}
