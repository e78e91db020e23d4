//! Why a load could not be done at all. Nothing has changed then.

use std::path::{Path, PathBuf};

use record::Prose;
use register::StoreError;

use crate::input::InputError;

/// Why a load could not be done.
#[derive(Debug, thiserror::Error)]
pub enum LoadError {
    /// The file does not fit the mapping.
    #[error("{file}{}: {what}", line_text(*line))]
    File {
        /// The file.
        file: PathBuf,
        /// The line, from 1; 0 where no line is meant.
        line: u64,
        /// What is wrong, and what was expected.
        what: String,
    },
    /// The file, or the reject file, cannot be read or written.
    #[error("{file}: {error}")]
    Io {
        /// The file.
        file: PathBuf,
        /// What.
        error: std::io::Error,
    },
    /// A source of synthetic data, and a data directory that is not for them.
    #[error(
        "source '{0}' is of synthetic data, and this data directory is not for them: make one with 'jiku init --synthetic' (该来源为合成数据，本数据目录不接受合成数据)"
    )]
    Synthetic(String),
    /// The store.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The state is no longer the one that the load was to find.
    #[error("another load was published meanwhile")]
    Moved,
    /// A thread of the load stopped unexpectedly.
    #[error("a thread of the load stopped unexpectedly; nothing was changed")]
    Panicked,
    /// Nobody wanted it any more.
    #[error("the load was called off; nothing was changed")]
    Cancelled,
}

fn line_text(line: u64) -> String {
    if line == 0 {
        String::new()
    } else {
        format!(", line {line}")
    }
}

impl LoadError {
    /// What is wrong, in both languages, for whoever sent the file: where it lies here is not told.
    pub(crate) fn prose_for_sender(&self) -> Prose {
        let name = |file: &Path| PathBuf::from(file.file_name().unwrap_or_default());
        match self {
            LoadError::File { file, line, what } => LoadError::File {
                file: name(file),
                line: *line,
                what: what.clone(),
            }
            .prose(),
            LoadError::Io { file, error } => {
                let name = name(file);
                let name = name.display();
                Prose::new(
                    format!("文件 {name} 无法读写：{error}"),
                    format!("{name}: {error}"),
                )
            }
            other => other.prose(),
        }
    }

    /// What is wrong, in both languages.
    pub fn prose(&self) -> Prose {
        let zh = match self {
            LoadError::File {
                file,
                line: 0,
                what,
            } => format!("文件 {} 有误：{what}", file.display()),
            LoadError::File { file, line, what } => {
                format!("文件 {} 第 {line} 行有误：{what}", file.display())
            }
            LoadError::Io { file, error } => format!("文件 {} 无法读写：{error}", file.display()),
            LoadError::Synthetic(source) => {
                format!("来源“{source}”为合成数据，而本数据目录不接受合成数据")
            }
            LoadError::Store(error) => format!("数据目录出错：{error}"),
            LoadError::Moved => "期间有别的装载已发布".to_owned(),
            LoadError::Panicked => "装载线程意外停止".to_owned(),
            LoadError::Cancelled => "装载已被取消".to_owned(),
        };
        Prose::new(zh, self.to_string())
    }

    /// The file could not be read; refusals of its form that travelled as errors of reading are told.
    pub(crate) fn file(path: &Path, error: std::io::Error) -> LoadError {
        match error.downcast::<InputError>() {
            Ok(refusal) => LoadError::at(path, 0, &refusal.to_string()),
            Err(error) => LoadError::Io {
                file: path.to_path_buf(),
                error,
            },
        }
    }

    pub(crate) fn input(path: &Path, error: InputError) -> LoadError {
        LoadError::file(path, error.into())
    }

    pub(crate) fn at(path: &Path, line: u64, what: &str) -> LoadError {
        LoadError::File {
            file: path.to_path_buf(),
            line,
            what: what.to_string(),
        }
    }
}
