//! The command line as a user meets it: the real program in an empty directory, what it prints, what it leaves behind
//! and how it ends.

mod arguments;
mod checking;
mod dialects;
#[cfg(unix)]
mod endurance;
#[cfg(feature = "live")]
mod faults;
#[cfg(all(unix, feature = "live"))]
mod files;
mod planning;
mod records;
mod refusals;
mod rooms;
#[cfg(feature = "live")]
mod running;
#[cfg(feature = "live")]
mod secure;
#[cfg(feature = "live")]
mod serving;
#[cfg(unix)]
mod signals;
mod simulating;
#[cfg(feature = "site")]
mod site;
#[cfg(feature = "live")]
mod soak;
mod sweeping;
#[cfg(all(unix, feature = "live"))]
mod targets;
mod workplace;

/// A scenario that takes no time: twenty visitors, three agents, nothing left out that a mistake could hit. The tests all run at once,
/// and the generator is late.
const TINY: &str = "\
name: tiny
length: 10m
replications: 20
support:
  arrivals: {rate: 120/h}
  patience: {exponential: {mean: 4m}}
  conversation: {handling_time: {exponential: {mean: 60s}}, messages: {every: 10s}, resolution: 90%}
  agents: {count: 3, concurrency: 1}
run: {speed: 300, drain: 5m, valid: {lag_p99: 1s}}
";

/// [`TINY`] with one thing replaced.
fn tiny_but(this: &str, that: &str) -> String {
    assert!(TINY.contains(this), "{this}");
    TINY.replacen(this, that, 1)
}

/// [`TINY`] with these gates.
fn tiny_with_gates(gates: &[&str]) -> String {
    format!("{TINY}gates: {gates:?}\n")
}

/// What a machine reads of a report.
fn json(text: &str) -> serde_json::Value {
    serde_json::from_str(text).unwrap_or_else(|error| panic!("{error}:\n{text}"))
}
