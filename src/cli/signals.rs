//! Ctrl-C and its kin: the first asks for an end, the second leaves at once. What comes twice in a moment is one: `timeout` tells the
//! process and then its group.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use super::exit::{Exit, Failure};
use super::out::say;
use super::stamp::Stamp;

/// How long a signal is the same as the one before.
const SAME_MS: u64 = 250;

/// Calls `ask` at the first SIGINT, SIGTERM or SIGHUP; leaves the process at the second.
pub(super) fn on_interrupt(ask: impl Fn() + Send + 'static) -> Result<(), Failure> {
    let first_unix_ms = AtomicU64::new(0);
    let handler = move || {
        let now = Stamp::now().unix_ms();
        match first_unix_ms.compare_exchange(0, now, Ordering::SeqCst, Ordering::SeqCst) {
            Ok(_) => ask(),
            Err(first) if now.abs_diff(first) < SAME_MS => {}
            Err(_) => std::process::exit(Exit::Interrupted.code().into()),
        }
    };
    ctrlc::set_handler(handler)
        .map_err(|error| Failure::new(Exit::Usage, format!("signals cannot be handled: {error}"), None))
}

/// Lets a file that grows beyond `ulimit -f` be an error of whoever writes it, as a full disk is, and not the end of the process.
#[cfg(unix)]
pub(super) fn outlive_file_limit() {
    // Where it cannot be had, the process ends as others do.
    let _ = signal_hook::flag::register(signal_hook::consts::SIGXFSZ, Arc::default());
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
