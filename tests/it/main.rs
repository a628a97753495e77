//! The one integration binary.

mod architecture;
#[cfg(feature = "live")]
mod live;
mod scenarios;
