//! Floor 4: the engine of `run`. The people of a plan, as clients of a real server, in real time.
//!
//! Everything is scheduled ahead and measured from when it was meant to happen. What the generator itself was late by is
//! recorded; a run in which it could not keep up is invalid, not slow.
//!
//! [`play`] connects every agent and every moderator, puts them on duty in their order, and then lets scenario time begin: a
//! pacer starts every visitor's and every guest's session shortly before the intended start, each session keeps its own
//! timers and connection, and one collector counts what they report.

mod accounts;
mod agent;
mod arrival;
mod collector;
mod engine;
mod fanout;
mod gauges;
mod guest;
mod heard;
mod holds;
mod ledger;
mod link;
mod meter;
mod moderator;
mod notes;
mod pacing;
mod passed;
mod place;
mod promptness;
mod routing;
mod site;
mod slots;
mod staff;
mod stage;
mod text;
mod timers;
pub mod trial;
mod verdict;
mod visitor;
mod voices;
mod witness;

pub use collector::{Parts, Progress};
pub use engine::{LiveError, Options, Played, play};
pub use pacing::Stripe;
pub use site::Site;
