//! Loads as objects: over HTTP as a steward sees them, and through every kind of stop.

mod day;
mod full_disk;
mod races;
mod refusals;
mod restarts;
mod served;
