//! How many messages a second of processor time carries, as people and as the bare loop.

use std::io;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use super::alarm::Timers;
use super::desk::Desk;
use super::process::{Process, Server, now, pause, run, wait_for_files};

/// On a machine that has little to do, and on one that has as much as it can.
const DESKS: [Desk; 2] = [
    Desk { conversations: 1_000, every_ms: 500, stays_secs: 40, late_ms: 1_000 },
    Desk { conversations: 2_000, every_ms: 66, stays_secs: 40, late_ms: 1_000 },
];
/// After everybody is there, before it is measured.
const SETTLE: Duration = Duration::from_secs(4);
const MEASURED: Duration = Duration::from_secs(25);
const LONG: Duration = Duration::from_secs(60);

/// What is run: `causerie run`, or the yardstick with some timers.
#[derive(Clone, Copy, Debug)]
enum Runner {
    People,
    Yardstick(Timers),
}

/// In the order in which the first round has them.
const RUNNERS: [Runner; 3] =
    [Runner::Yardstick(Timers::Precise), Runner::People, Runner::Yardstick(Timers::Coarse)];

/// Runs all turn about, so many times at each desk, and prints what they took, and the medians of the ratios.
///
/// # Errors
/// When a process cannot be run or fails.
pub(crate) fn compare(rounds: u32) -> io::Result<()> {
    DESKS.iter().try_for_each(|desk| compare_at(desk, rounds))
}

fn compare_at(desk: &Desk, rounds: u32) -> io::Result<()> {
    let directory = tempfile::tempdir()?;
    let scenario = directory.path().join("messages.yaml");
    std::fs::write(&scenario, desk.scenario())?;
    let a_second = desk.conversations as f64 * 1e3 / desk.every_ms as f64;
    println!(
        "{} conversations, {a_second:.0} messages a second; messages per second of processor time",
        desk.conversations
    );
    println!("round  causerie run  yardstick   ratio  with coarse timers   ratio");
    let mut ratios = [Vec::new(), Vec::new()];
    for round in 0..rounds {
        let mut shares = [0.0; RUNNERS.len()];
        for turn in 0..RUNNERS.len() {
            // Whoever goes first finds the machine as the others left it.
            let place = if round % 2 == 0 { turn } else { RUNNERS.len() - 1 - turn };
            shares[place] = match RUNNERS[place] {
                Runner::People => people(desk, &scenario, &directory.path().join(round.to_string()))?,
                Runner::Yardstick(timers) => yardstick(desk, timers)?,
            };
        }
        let [precise, people, coarse] = shares;
        println!(
            "{:>5}  {:>12.0}  {:>9.0}  {:>6.3}  {:>18.0}  {:>6.3}",
            round + 1,
            a_second / people,
            a_second / precise,
            precise / people,
            a_second / coarse,
            coarse / people
        );
        ratios[0].push(precise / people);
        ratios[1].push(coarse / people);
    }
    let [precise, coarse] = ratios.map(median);
    println!(
        "median: {precise:.3} of the yardstick's messages per second of processor time (bar 0.80), {coarse:.3} with coarse timers"
    );
    Ok(())
}

fn median(mut ratios: Vec<f64>) -> f64 {
    ratios.sort_unstable_by(f64::total_cmp);
    0.5 * (ratios[(ratios.len() - 1) / 2] + ratios[ratios.len() / 2])
}

/// The share of a processor that `causerie run` takes.
fn people(desk: &Desk, scenario: &Path, out: &Path) -> io::Result<f64> {
    let server = Server::start()?;
    let client = run(scenario, &server, out)?;
    let share = while_all_talk(desk, client)?;
    let summary = std::fs::read_to_string(out.join("summary.json"))?;
    let summary: serde_json::Value = serde_json::from_str(&summary)?;
    let lost = &summary["figures"]["messages.lost"]["value"];
    if lost != 0.0 { Err(io::Error::other(format!("messages were lost: {lost}"))) } else { Ok(share) }
}

/// The share of a processor that the bare loop takes.
fn yardstick(desk: &Desk, timers: Timers) -> io::Result<f64> {
    let server = Server::start()?;
    let secs = 1 + desk.ramp_secs() + desk.stays_secs;
    let mut command = Command::new(std::env::current_exe()?);
    command.args(["yardstick", &server.url]);
    command
        .args([desk.conversations, desk.every_ms, secs].map(|number| number.to_string()))
        .arg(timers.name());
    while_all_talk(desk, Process::start(command.stdout(Stdio::null()))?)
}

fn while_all_talk(desk: &Desk, mut client: Process) -> io::Result<f64> {
    wait_for_files(&mut client, desk.conversations + desk.agents(), LONG, |_, _| Ok(()))?;
    pause(SETTLE);
    let (before, begun) = (client.cpu_secs()?, now());
    pause(MEASURED);
    let share = (client.cpu_secs()? - before) / begun.elapsed().as_secs_f64();
    client.end(&[0])?;
    Ok(share)
}
