//! Who is asked: one trait, and how asking is timed.

use std::time::{Duration, Instant};

use serde::Serialize;

use crate::answer::Answer;
use crate::question::Question;

/// One pass over a series ends after this long, and tells how far it came.
const PASS: Duration = Duration::from_secs(20);

/// A side. What it receives is timed; making sense of it is not.
pub trait Side {
    /// An answer as it is received.
    type Raw;

    /// Asks, and receives all of the answer.
    fn ask(&mut self, question: &Question) -> anyhow::Result<Self::Raw>;

    /// Makes sense of what was received.
    fn read(&self, question: &Question, raw: Self::Raw) -> anyhow::Result<Answer>;
}

/// How long answers took, in milliseconds.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Timing {
    /// Half of them took no longer.
    pub median: f64,
    /// 95 in 100 took no longer.
    pub p95: f64,
    /// How many were timed.
    pub asked: usize,
}

/// The answers, untimed: this also warms caches.
pub fn answers<S: Side>(side: &mut S, questions: &[Question]) -> anyhow::Result<Vec<Answer>> {
    let begun = Instant::now();
    let mut answers = Vec::with_capacity(questions.len());
    for question in questions {
        let raw = side.ask(question)?;
        answers.push(side.read(question, raw)?);
        if begun.elapsed() > PASS {
            break;
        }
    }
    Ok(answers)
}

/// How long the answers take.
pub fn time<S: Side>(side: &mut S, questions: &[Question]) -> anyhow::Result<Timing> {
    let begun = Instant::now();
    let mut taken = Vec::with_capacity(questions.len());
    for question in questions {
        let asked = Instant::now();
        let raw = side.ask(question)?;
        taken.push(asked.elapsed().as_secs_f64() * 1000.0);
        drop(raw);
        if begun.elapsed() > PASS {
            break;
        }
    }
    taken.sort_by(f64::total_cmp);
    let at = |share: f64| {
        let place = (share * taken.len() as f64).ceil() as usize;
        taken
            .get(place.saturating_sub(1))
            .copied()
            .unwrap_or(f64::NAN)
    };
    Ok(Timing {
        median: at(0.5),
        p95: at(0.95),
        asked: taken.len(),
    })
}
