//! Integration tests, in one binary.

mod city;
mod http;
mod dirt;
mod kill;
mod messy;
mod random;
mod real_data;
mod register_model;
mod served;
mod synthetic_city;
