//! Integration tests, in one binary.

mod city;
mod synthetic_city;
