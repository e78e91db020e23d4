//! jiku-tests.
