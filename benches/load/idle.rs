//! What an idle conversation takes of the client's memory.

use std::io;
use std::time::Duration;

use super::desk::Desk;
use super::process::{Server, pause, run, wait_for_files};

/// Files that a process has open before it connects, at the most.
const OWN_FILES: u64 = 24;
const LONG: Duration = Duration::from_secs(300);
/// How long nothing happens before the memory is read.
const PAUSE: Duration = Duration::from_secs(5);

/// Prints what each of so many conversations takes: (resident with all of them open - resident before the first connection) /
/// conversations, the agents' sockets included.
///
/// # Errors
/// When a process cannot be run, or does not open its conversations.
pub(crate) fn measure(conversations: u64) -> io::Result<()> {
    let desk = Desk { conversations, every_ms: 3_600_000, stays_secs: 20, late_ms: 1_000 };
    let directory = tempfile::tempdir()?;
    let scenario = directory.path().join("idle.yaml");
    std::fs::write(&scenario, desk.scenario())?;
    let server = Server::start()?;
    let mut client = run(&scenario, &server, &directory.path().join("results"))?;
    let mut before = 0;
    wait_for_files(&mut client, desk.agents() + conversations, LONG, |client, open| {
        if open <= OWN_FILES {
            before = client.resident()?;
        }
        Ok(())
    })?;
    pause(PAUSE);
    let open = client.resident()?;
    client.end(&[0])?;
    println!(
        "{conversations} idle conversations, {} agents: {:.1} MB resident, {:.1} MB before, {:.2} kB a conversation (bar 20)",
        desk.agents(),
        open as f64 / 1e6,
        before as f64 / 1e6,
        open.saturating_sub(before) as f64 / conversations as f64 / 1e3
    );
    Ok(())
}
