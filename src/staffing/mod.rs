//! Floor 2: what queueing theory says about a desk, a room or its moderators in the steady state, in closed form or by an
//! exact Markov chain.
//!
//! The formulas are what the simulator is tested against, and what a plan starts from. Everything here is a pure
//! function of rates and counts: no draws, no clock, no simulation. Rates are per second, times in seconds, shares
//! fractions from 0 to 1.
//!
//! What is not here is left out on purpose: laws other than the exponential (but for the mean wait of
//! [`single`] and the company of [`rooms`]), skills, and anything that changes over the day. Those are for the simulator.

pub mod attention;
pub mod backlog;
pub mod birth_death;
pub mod chat;
pub mod erlang;
pub mod review;
pub mod rooms;
pub mod single;
