//! The highest rate at which a run stays valid, and how late the generator is at half of it.

use std::io;
use std::path::Path;

use super::desk::Desk;
use super::process::{Server, run};

const CONVERSATIONS: u64 = 2_000;
/// How long everybody talks at each rate, in seconds.
const TALKS: u64 = 15;
/// The limit of the lag, as a scenario has it that says nothing.
const LATE_MS: u64 = 10;
/// The exit code of a run that is invalid.
const INVALID: i32 = 3;
/// How far apart the highest valid rate and the lowest invalid one may be, of the former.
const CLOSE: f64 = 0.1;

/// How a run at some rate went.
struct Run {
    is_valid: bool,
    lag_p99_ms: f64,
    cpu_peak: f64,
}

/// Raises the rate until a run is invalid, then closes in on it, and prints what was found.
///
/// # Errors
/// When a process cannot be run, or no rate is low enough.
pub(crate) fn find() -> io::Result<()> {
    let directory = tempfile::tempdir()?;
    println!("{CONVERSATIONS} conversations; messages a second, and the generator at that");
    println!("   rate    lag p99  processor when busiest");
    let (mut valid, mut invalid) = (0.0, f64::INFINITY);
    let mut rate: f64 = 1_000.0;
    while invalid > valid * (1.0 + CLOSE) {
        if play(rate, directory.path())?.is_valid {
            valid = rate;
        } else {
            invalid = rate;
        }
        rate = if invalid.is_finite() { 0.5 * (valid + invalid) } else { 2.0 * valid };
        if rate < 50.0 {
            return Err(io::Error::other("no rate is low enough on this machine"));
        }
    }
    let half = play(0.5 * valid, directory.path())?;
    println!(
        "saturation: {valid:.0} messages a second; at half of that the lag's p99 is {:.3} ms (bar 2)",
        half.lag_p99_ms
    );
    Ok(())
}

fn play(rate: f64, directory: &Path) -> io::Result<Run> {
    let every_ms = (CONVERSATIONS as f64 * 1e3 / rate).round() as u64;
    let desk = Desk { conversations: CONVERSATIONS, every_ms, stays_secs: TALKS, late_ms: LATE_MS };
    let scenario = directory.join("saturation.yaml");
    std::fs::write(&scenario, desk.scenario())?;
    let out = directory.join("saturation");
    let _ = std::fs::remove_dir_all(&out);
    let server = Server::start()?;
    let code = run(&scenario, &server, &out)?.end(&[0, INVALID])?;
    let summary = std::fs::read_to_string(out.join("summary.json"))?;
    let summary: serde_json::Value = serde_json::from_str(&summary)?;
    let figure = |name: &str| summary["figures"][name]["value"].as_f64().unwrap_or(f64::NAN);
    let went = Run {
        is_valid: code == 0,
        lag_p99_ms: 1e3 * figure("generator.lag.p99"),
        cpu_peak: figure("generator.cpu.peak"),
    };
    let word = if went.is_valid { "" } else { "  INVALID" };
    println!("{rate:>7.0}  {:>6.3} ms  {:>21.1} %{word}", went.lag_p99_ms, 100.0 * went.cpu_peak);
    Ok(went)
}
