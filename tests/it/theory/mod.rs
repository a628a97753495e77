//! The simulator against theory, by confidence interval: over independent replications, every value within 4 standard
//! errors of the truth, and the standard errors small enough for that to mean something.
//!
//! A short trial of everything runs with every `cargo test`; the long ones (`_long`, ignored) halve the standard errors
//! or better. Runs of one seed are the same to the bit, so what passes once passes until the model changes.

mod attention;
mod blending;
mod chats;
mod erlang;
mod estimate;
mod exchanges;
mod figures;
mod ghosts;
mod phone;
mod rooms;
mod single;
mod skills;
mod trial;
mod wrap_up;
