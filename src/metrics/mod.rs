//! Floor 1: what is measured. Histograms, tallies, timelines, the recorder that fills them from observations, and the
//! estimators that make values and intervals of them.
//!
//! Everything counted is an integer, and everything merges: associative, commutative, lossless, whatever was recorded
//! where. Nothing here knows a figure's name: those are computed one floor up, in `record::figures`.

mod counter;
pub mod histogram;
pub mod interval;
mod layout;
pub mod recorder;
pub mod slices;
pub mod student;
pub mod survival;
pub mod tally;
pub mod timeline;
