//! Integration tests, in one binary.

mod city;
mod real_data;
mod synthetic_city;
