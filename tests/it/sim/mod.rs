//! The simulator as a whole: laws that hold in every scenario, and that the seed alone decides what happens.

mod conservation;
mod determinism;
mod examples;
mod random;
mod rooms;
mod slots;
mod visitors;
mod witness;
