//! The table of speeds, beside PostgreSQL + PostGIS.

fn main() {}
