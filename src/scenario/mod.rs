//! Floor 1: YAML → validated plan.
//!
//! Two stages: as typed (a tree whose nodes know their place), then resolved ([`plan::Plan`]). All problems are found
//! in one go, each with its place, what was found, what was expected and a hint.

pub mod arrivals;
pub mod gate;
pub mod plan;
