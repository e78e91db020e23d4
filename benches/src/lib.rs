//! jiku-benches.
