//! Floor 3: thresholds and baselines over figures. Judges what a record says; never computes a figure of its own.

pub mod baseline;
pub mod check;
mod parts;
pub mod validity;
