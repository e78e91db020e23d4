//! Messages to whoever called a command, in Chinese and English.

use std::fmt;

use serde::{Deserialize, Serialize};

/// Why a command did not do all it was asked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refusal {
    /// Chinese.
    pub zh: String,
    /// English.
    pub en: String,
}

impl fmt::Display for Refusal {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.en)
    }
}

impl std::error::Error for Refusal {}

/// An error in both languages.
pub fn refusal(zh: impl Into<String>, en: impl Into<String>) -> anyhow::Error {
    let (zh, en) = (zh.into(), en.into());
    anyhow::Error::new(Refusal { zh, en })
}

impl Refusal {
    /// An error as it is shown. One that has no Chinese text keeps its own after a general one.
    pub fn of(error: &anyhow::Error) -> Refusal {
        match error.downcast_ref::<Refusal>() {
            Some(refusal) => refusal.clone(),
            None => {
                let en = format!("{error:#}");
                Refusal {
                    zh: format!("操作没有完成：{en}"),
                    en,
                }
            }
        }
    }
}

/// Prints an error to standard error: a line a language, or one JSON object.
pub fn print(error: &anyhow::Error, json: bool) {
    let refusal = Refusal::of(error);
    if json {
        eprintln!("{}", serde_json::json!({ "error": refusal }));
    } else if error.is::<Refusal>() {
        eprintln!("错误：{}\nerror: {}", refusal.zh, refusal.en);
    } else {
        eprintln!("错误 error: {}", refusal.en);
    }
}
