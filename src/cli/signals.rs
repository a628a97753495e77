//! Ctrl-C and its kin: the first asks for an end, the second leaves at once.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use super::exit::{Exit, Failure};
use super::out::say;

/// Calls `ask` at the first SIGINT, SIGTERM or SIGHUP; leaves the process at the second.
pub(super) fn on_interrupt(ask: impl Fn() + Send + 'static) -> Result<(), Failure> {
    let asked = AtomicBool::new(false);
    let handler = move || {
        if asked.swap(true, Ordering::SeqCst) {
            std::process::exit(Exit::Interrupted.code().into());
        }
        ask();
    };
    ctrlc::set_handler(handler)
        .map_err(|error| Failure::new(Exit::Usage, format!("signals cannot be handled: {error}"), None))
}

/// Set once somebody wants what is simulated to end.
pub(super) fn stopped() -> Result<Arc<AtomicBool>, Failure> {
    let stop = Arc::new(AtomicBool::new(false));
    let asked = Arc::clone(&stop);
    on_interrupt(move || {
        say_partial();
        asked.store(true, Ordering::SeqCst);
    })?;
    Ok(stop)
}

/// What is said when a result is still to come.
pub(super) fn say_partial() {
    say("\nInterrupted: writing what there is. Once more to leave at once.\n");
}
