//! causerie: a load and simulation testbed for chat platforms.
//!
//! One YAML scenario describes the people; `simulate` plays them in virtual time, `run` against a real server.
//! The modules stand on floors and import only downward: see `ARCHITECTURE.md`.

pub mod base;
pub mod cli;
pub mod gates;
#[cfg(feature = "live")]
pub mod live;
pub mod metrics;
#[cfg(feature = "live")]
pub mod net;
pub mod people;
pub mod platform;
pub mod record;
pub mod report;
pub mod scenario;
#[cfg(feature = "live")]
pub mod server;
pub mod sim;
#[cfg(feature = "site")]
pub mod site;
pub mod staffing;
pub mod study;
pub mod wire;
