//! Ctrl-C and its kin: the first asks for an end with a partial report, the second leaves at once.

use std::sync::atomic::{AtomicBool, Ordering};

use super::exit::{Exit, Failure};

/// Calls `ask` at the first SIGINT, SIGTERM or SIGHUP; leaves the process at the second.
pub(super) fn on_interrupt(ask: impl Fn() + Send + 'static) -> Result<(), Failure> {
    let asked = AtomicBool::new(false);
    let handler = move || {
        if asked.swap(true, Ordering::SeqCst) {
            std::process::exit(Exit::Interrupted.code().into());
        }
        eprintln!("\nInterrupted: writing what there is; once more to leave at once.");
        ask();
    };
    ctrlc::set_handler(handler)
        .map_err(|error| Failure::new(Exit::Usage, format!("signals cannot be handled: {error}"), None))
}
