//! Floor 4: virtual time. The people and the platform of a plan, with nothing between them: no network, no clock, a day
//! in a blink.
//!
//! What happens is decided by the plan and the seed alone. Events of the same instant happen in the order in which
//! they were planned; an arrival of that instant comes after them.

pub mod engine;
mod hands;
mod parlour;
pub mod queue;
pub mod replicate;
mod salon;
mod stage;
mod timers;
mod world;
