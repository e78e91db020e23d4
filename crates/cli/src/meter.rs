//! Progress on a terminal: a bar with rate and time left for the stage at work. Nothing is drawn
//! where standard error is no terminal, or the answer is JSON.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// What a stage counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// Rows, records, blocks.
    Items,
    /// Bytes of a file.
    Bytes,
}

/// Shows one stage after the other. Shared by threads.
pub struct Meter {
    hidden: bool,
    stage: Mutex<Option<(String, ProgressBar)>>,
}

impl Meter {
    /// A meter; `hidden` draws nothing.
    pub fn new(hidden: bool) -> Meter {
        Meter {
            hidden,
            stage: Mutex::new(None),
        }
    }

    /// Shows how far a stage has come. A stage of another name takes the place of the one before;
    /// with a total of 0 only a spinner moves.
    pub fn show(&self, stage: &str, unit: Unit, done: u64, total: u64) {
        let mut shown = self.stage.lock().unwrap_or_else(PoisonError::into_inner);
        // A spinner becomes a bar once the total is known.
        let goes_on = |(name, bar): &(String, ProgressBar)| {
            name == stage && (bar.length() == Some(0)) == (total == 0)
        };
        if !shown.as_ref().is_some_and(goes_on) {
            if let Some((_, bar)) = shown.take() {
                bar.finish_and_clear();
            }
            *shown = Some((stage.to_owned(), self.bar(stage, unit, total)));
        }
        if let Some((_, bar)) = shown.as_ref() {
            bar.set_length(total);
            bar.set_position(done);
        }
    }

    /// Adds a note to the bar on show, such as rows and their rate.
    pub fn note(&self, text: String) {
        let shown = self.stage.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, bar)) = shown.as_ref() {
            bar.set_message(text);
        }
    }

    /// Takes the bar away.
    pub fn clear(&self) {
        let mut shown = self.stage.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, bar)) = shown.take() {
            bar.finish_and_clear();
        }
    }

    fn bar(&self, stage: &str, unit: Unit, total: u64) -> ProgressBar {
        let target = if self.hidden {
            ProgressDrawTarget::hidden()
        } else {
            ProgressDrawTarget::stderr()
        };
        let template = match (unit, total) {
            (_, 0) => "{prefix} {spinner} {elapsed} {msg}",
            (Unit::Items, _) => {
                "{prefix} {bar:30} {percent:>3}% {human_pos}/{human_len} {per_sec} ETA {eta} {msg}"
            }
            (Unit::Bytes, _) => {
                "{prefix} {bar:30} {percent:>3}% {binary_bytes}/{binary_total_bytes} \
                 {binary_bytes_per_sec} ETA {eta} {msg}"
            }
        };
        let bar = ProgressBar::with_draw_target(Some(total), target);
        // The templates are fixed: a wrong one would only cost the bar its form.
        if let Ok(style) = ProgressStyle::with_template(template) {
            bar.set_style(style);
        }
        bar.set_prefix(stage.to_owned());
        bar.enable_steady_tick(Duration::from_millis(200));
        bar
    }
}

impl Drop for Meter {
    fn drop(&mut self) {
        self.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn templates_are_sound() {
        let meter = Meter::new(true);
        for (unit, total) in [(Unit::Items, 0), (Unit::Items, 5), (Unit::Bytes, 9)] {
            meter.bar("x", unit, total);
        }
        meter.show("a", Unit::Items, 1, 2);
        meter.show("b", Unit::Bytes, 0, 0);
        let length = || {
            let shown = meter.stage.lock().expect("a meter");
            shown.as_ref().and_then(|(_, bar)| bar.length())
        };
        assert_eq!(length(), Some(0));
        meter.show("b", Unit::Bytes, 1, 2);
        assert_eq!(length(), Some(2));
        meter.note("1".to_owned());
    }
}
