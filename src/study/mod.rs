//! Floor 5: what takes more than one engine, one more than once, or one beside another.

mod company;
pub mod peak;
pub mod plan;
pub mod sweep;
pub mod twin;
