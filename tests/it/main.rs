//! The one integration binary.

mod architecture;
mod plans;
mod scenarios;
mod sim;
mod theory;
