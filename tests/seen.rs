//! Who may see what: roles through the whole router, the matrix of the policy's files, and data sets that
//! differ only in what is hidden.

mod leaks;
mod matrix;
mod policy_files;
mod slices;
mod stage;
