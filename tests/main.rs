//! Integration tests, in one binary.

mod city;
mod random;
mod real_data;
mod register_model;
mod synthetic_city;
