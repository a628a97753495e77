//! Floor 1: what is measured. Histograms, tallies, timelines, and the recorder that fills them from observations.
//!
//! Everything counted is an integer, and everything merges: associative, commutative, lossless, whatever was recorded
//! where. Figures are computed from this one floor up, in `record::figures`; nothing here knows a figure's name.

pub mod histogram;
pub mod recorder;
pub mod tally;
pub mod timeline;
