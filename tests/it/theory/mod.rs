//! The simulator against theory, by confidence interval: over independent replications, every value within 4 standard
//! errors of the truth, and the standard errors small enough for that to mean something.
//!
//! A short trial of everything runs with every `cargo test`; the long ones (`_long`, ignored) halve the standard errors
//! or better. Runs of one seed are the same to the bit, so what passes once passes until the model changes.

mod chats;
mod erlang;
mod estimate;
mod figures;
mod phone;
mod single;
mod skills;
mod trial;
