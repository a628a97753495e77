//! How many messages a second of processor time carries, as people and as the bare loop.

use std::io;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use super::desk::Desk;
use super::process::{Process, Server, now, pause, run, wait_for_files};

const DESK: Desk = Desk { conversations: 1_000, every_ms: 1_000, stays_secs: 40, late_ms: 1_000 };
/// After everybody is there, before it is measured.
const SETTLE: Duration = Duration::from_secs(4);
const MEASURED: Duration = Duration::from_secs(25);
const LONG: Duration = Duration::from_secs(60);

/// Runs both turn about, so many times, and prints what they took, and the median of the ratios.
///
/// # Errors
/// When a process cannot be run or fails.
pub(crate) fn compare(rounds: u32) -> io::Result<()> {
    let directory = tempfile::tempdir()?;
    let scenario = directory.path().join("messages.yaml");
    std::fs::write(&scenario, DESK.scenario())?;
    let a_second = DESK.conversations as f64 * 1e3 / DESK.every_ms as f64;
    println!(
        "{} conversations, {a_second:.0} messages a second; messages per second of processor time",
        DESK.conversations
    );
    println!("round  yardstick  causerie run   ratio");
    let mut ratios = Vec::new();
    for round in 0..rounds {
        let people = || people(&scenario, &directory.path().join(round.to_string()));
        // Whoever goes first finds the machine as the other left it.
        let (bare, people) = if round % 2 == 0 {
            let bare = yardstick()?;
            (bare, people()?)
        } else {
            let people = people()?;
            (yardstick()?, people)
        };
        let ratio = bare / people;
        println!("{:>5}  {:>9.0}  {:>12.0}  {ratio:>6.3}", round + 1, a_second / bare, a_second / people);
        ratios.push(ratio);
    }
    ratios.sort_unstable_by(f64::total_cmp);
    let middle = 0.5 * (ratios[(ratios.len() - 1) / 2] + ratios[ratios.len() / 2]);
    println!("median: {middle:.3} of the yardstick's messages per second of processor time (bar 0.80)");
    Ok(())
}

/// The share of a processor that `causerie run` takes.
fn people(scenario: &Path, out: &Path) -> io::Result<f64> {
    let server = Server::start()?;
    let client = run(scenario, &server, out)?;
    let share = while_all_talk(client)?;
    let summary = std::fs::read_to_string(out.join("summary.json"))?;
    let summary: serde_json::Value = serde_json::from_str(&summary)?;
    let lost = &summary["figures"]["messages.lost"]["value"];
    if lost != 0.0 { Err(io::Error::other(format!("messages were lost: {lost}"))) } else { Ok(share) }
}

/// The share of a processor that the bare loop takes.
fn yardstick() -> io::Result<f64> {
    let server = Server::start()?;
    let secs = 1 + DESK.ramp_secs() + DESK.stays_secs;
    let mut command = Command::new(std::env::current_exe()?);
    command.args(["yardstick", &server.url]);
    command.args([DESK.conversations, DESK.every_ms, secs].map(|number| number.to_string()));
    while_all_talk(Process::start(command.stdout(Stdio::null()))?)
}

fn while_all_talk(mut client: Process) -> io::Result<f64> {
    wait_for_files(&mut client, DESK.conversations + DESK.agents(), LONG, |_, _| Ok(()))?;
    pause(SETTLE);
    let (before, begun) = (client.cpu_secs()?, now());
    pause(MEASURED);
    let share = (client.cpu_secs()? - before) / begun.elapsed().as_secs_f64();
    client.end(&[0])?;
    Ok(share)
}
