//! Which rows are spoiled, how, and the list that says so.

use std::path::Path;

use crate::error::SynthError;
use crate::random::Random;
use crate::table::{Encoding, Table};

/// A way in which a row is spoiled: one entry of `schemas/problems.toml`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Problem {
    IdentityNumberCheck,
    IdentityNumberRegion,
    IdentityNumberBirthDate,
    IdentityNumberSex,
    CreditCodeCheck,
    OrganizationCodeCheck,
    CoordinateOutsideDivision,
    CodeUnknown,
    NoSuchDay,
    MissingValue,
    UnclosedQuote,
    ColumnCount,
    Undecodable,
    DuplicateKey,
}

impl Problem {
    /// The problem's code in `schemas/problems.toml`.
    pub(crate) fn code(self) -> &'static str {
        match self {
            Problem::IdentityNumberCheck => "identity-number-check",
            Problem::IdentityNumberRegion => "identity-number-region",
            Problem::IdentityNumberBirthDate => "identity-number-birth-date",
            Problem::IdentityNumberSex => "identity-number-sex",
            Problem::CreditCodeCheck => "credit-code-check",
            Problem::OrganizationCodeCheck => "organization-code-check",
            Problem::CoordinateOutsideDivision => "coordinate-outside-division",
            Problem::CodeUnknown => "code-unknown",
            Problem::NoSuchDay => "no-such-day",
            Problem::MissingValue => "missing-value",
            Problem::UnclosedQuote => "unclosed-quote",
            Problem::ColumnCount => "column-count",
            Problem::Undecodable => "undecodable",
            Problem::DuplicateKey => "duplicate-key",
        }
    }
}

/// Draws the rows to be spoiled and keeps the list of them.
pub(crate) struct Dirt {
    rate: f64,
    truth: Option<Table>,
    random: Random,
}

/// Where a table's problems touch its row.
pub(crate) struct Layout {
    /// The problems that the table can have.
    pub(crate) problems: &'static [Problem],
    /// A quoted, required text field that is not the key.
    pub(crate) name: usize,
}

impl Dirt {
    /// Spoils the share `rate` of the rows; the list is `dirt-truth.csv` in `folder`. Without a
    /// rate nothing is spoiled and no list is written.
    ///
    /// # Errors
    ///
    /// [`SynthError::Dirt`] when the rate is not from 0 to 1, [`SynthError::Write`].
    pub(crate) fn create(folder: &Path, seed: u64, rate: Option<f64>) -> Result<Self, SynthError> {
        let truth = match rate {
            None => None,
            Some(rate) if (0.0..=1.0).contains(&rate) => {
                let headers = ["file", "line", "problem"];
                Some(Table::create(
                    folder,
                    "dirt-truth.csv",
                    Encoding::Utf8,
                    &headers,
                )?)
            }
            Some(asked) => return Err(SynthError::Dirt { asked }),
        };
        let random = Random::new(seed, u64::MAX);
        Ok(Dirt {
            rate: rate.unwrap_or(0.0),
            truth,
            random,
        })
    }

    /// Writes the table's row. When the row is drawn it is spoiled first: in the ways that every
    /// table shares here, in all others by `spoil`, which gets the row and the problem. A
    /// duplicate is a second row with the same key, changed by `spoil`.
    ///
    /// # Errors
    ///
    /// [`SynthError::Write`].
    pub(crate) fn finish_row(
        &mut self,
        table: &mut Table,
        layout: &Layout,
        spoil: impl FnOnce(&mut Table, Problem, &mut Random),
    ) -> Result<(), SynthError> {
        if self.truth.is_none() || !self.random.chance(self.rate) {
            return table.finish_row();
        }
        // The problems take turns, so that each occurs about as often as the others.
        let problem = layout.problems[table.spoiled % layout.problems.len()];
        table.spoiled += 1;
        match problem {
            Problem::MissingValue => table.row.replace(layout.name, b""),
            Problem::UnclosedQuote => table.row.leave_open(layout.name),
            Problem::ColumnCount => drop(table.row.field("多出的一列")),
            Problem::Undecodable => table.row.make_undecodable(layout.name),
            Problem::DuplicateKey => {
                table.finish_row()?;
                spoil(table, problem, &mut self.random);
            }
            _ => spoil(table, problem, &mut self.random),
        }
        self.record(table, problem)?;
        table.finish_row()
    }

    fn record(&mut self, table: &Table, problem: Problem) -> Result<(), SynthError> {
        let Some(truth) = &mut self.truth else {
            return Ok(());
        };
        truth
            .row
            .clear()
            .field(table.name)
            .push_number(table.next_line(), 1)
            .end();
        truth.row.field(problem.code());
        truth.finish_row()
    }

    /// Closes the list; returns the number of spoiled rows.
    ///
    /// # Errors
    ///
    /// [`SynthError::Write`].
    pub(crate) fn close(self) -> Result<u64, SynthError> {
        self.truth
            .map_or(Ok(0), |truth| truth.close().map(|(rows, _)| rows))
    }
}
