//! The runtime of the commands that touch the network.

use tokio::runtime::{Builder, Runtime};

use super::exit::{Exit, Failure};

/// A runtime on every core.
pub(super) fn start() -> Result<Runtime, Failure> {
    Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(|error| Failure::new(Exit::Usage, format!("no runtime can be started: {error}"), None))
}
