//! Floor 2: the chat platform, sans-IO.
//!
//! The simulator calls it directly; the embedded server puts it behind a socket. It knows tickets (whoever wants to be
//! served), agents and slots, and decides who serves whom. It never reads a clock, draws a number or keeps a timer:
//! waiting is what visitors do.

pub mod blend;
pub mod desk;
mod list;
mod roster;
pub mod venue;
