//! Floor 5: what takes more than one engine, or one engine more than once.

mod company;
pub mod peak;
pub mod plan;
pub mod sweep;
pub mod twin;
