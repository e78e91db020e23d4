//! Loads as objects: over HTTP as a steward sees them, and through every kind of stop.

mod day;
mod races;
mod refusals;
mod restarts;
mod served;
