//! Floor 0: what every other module speaks in. Time, ids, draws, laws, words, and the catalogue of figures.
//!
//! Nothing here reads a clock, opens a socket or keeps a generator.

pub mod count;
pub mod dist;
pub mod draw;
pub mod endpoint;
pub mod figures;
pub mod hash;
pub mod http;
pub mod id;
pub mod markup;
pub mod time;
pub mod words;
