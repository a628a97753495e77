//! The one integration binary.

mod architecture;
mod cli;
mod dialects;
#[cfg(feature = "live")]
mod live;
mod planning;
mod plans;
mod scenarios;
mod sim;
#[cfg(feature = "live")]
mod terminator;
mod theory;
