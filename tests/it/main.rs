//! The one integration binary.

mod architecture;
#[cfg(feature = "live")]
mod live;
mod plans;
mod scenarios;
mod sim;
mod theory;
