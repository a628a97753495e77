//! Ctrl-C and its kin: the first asks for an end, the second leaves at once.

use std::sync::atomic::{AtomicBool, Ordering};

use super::exit::{Exit, Failure};

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

/// What is said when a result is still to come.
pub(super) fn say_partial() {
    eprintln!("\nInterrupted: writing what there is. Once more to leave at once.");
}
