//! macroeconomy.
