//! Integration tests, in one binary.

mod attacks;
mod audit;
mod callers;
mod city;
mod comparing;
// The database server that benchmarks compare with, for the same purpose.
#[allow(dead_code)]
#[path = "../benches/src/cluster.rs"]
mod cluster;
mod desk;
mod dirt;
mod frozen;
mod full_disk;
mod http;
mod inputs;
mod kill;
mod loads;
mod messy;
mod queries;
mod random;
mod readme;
mod real_data;
mod register_model;
mod rehearsal;
mod relevance;
mod responsibility;
mod seen;
mod served;
mod sharing;
mod synthetic_city;
mod writing;
mod writing_model;
