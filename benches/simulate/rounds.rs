//! Whole processes against each other, turn about, so that what else the machine does falls on all alike.

use std::io;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// Ticks a second of the times in `/proc`: USER_HZ, 100 on every architecture that Linux has today.
const TICKS_PER_SEC: f64 = 100.0;

const REPLICATIONS: u64 = 40;
/// Of the yardstick's queue.
const ARRIVALS_PER_HOUR: u64 = 100;

/// What a process took.
#[derive(Clone, Copy, Debug)]
struct Cost {
    /// Processor time in user mode, all threads together, in seconds.
    user_secs: f64,
    /// Time on the wall, in seconds.
    wall_secs: f64,
}

/// The yardstick's queue as a scenario in which `visitors` visitors are expected.
fn scenario(visitors: u64) -> String {
    let hours = visitors / REPLICATIONS / ARRIVALS_PER_HOUR;
    format!(
        "name: yardstick\n\
         seed: 1\n\
         length: {hours}h\n\
         replications: {REPLICATIONS}\n\
         support:\n\
         \x20 arrivals: {{rate: {ARRIVALS_PER_HOUR}/h}}\n\
         \x20 patience: {{exponential: {{mean: 300s}}}}\n\
         \x20 conversation: {{handling_time: {{exponential: {{mean: 720s}}}}}}\n\
         \x20 agents: {{count: 20, concurrency: 1}}\n\
         \x20 service_level: {{within: 20s}}\n"
    )
}

/// Runs so many rounds of the three processes and prints what they took, and the medians of the ratios.
///
/// # Errors
/// When a process cannot be run or fails, or when there is no `/proc` to read processor times from.
pub(crate) fn compare(count: u32, visitors: u64) -> io::Result<()> {
    let directory = tempfile::tempdir()?;
    let file = directory.path().join("yardstick.yaml");
    std::fs::write(&file, scenario(visitors))?;
    let bench = std::env::current_exe()?;
    let yardstick = || cost(Command::new(&bench).args(["yardstick", &visitors.to_string()]));
    let simulate = |threads| cost(&mut simulation(&file, threads, directory.path()));

    println!("{visitors} visitors; user: processor seconds, wall: seconds on the wall");
    println!("round  yardstick user  simulate user   ratio | 1 thread wall  2 threads wall  speed-up");
    let (mut ratios, mut speed_ups) = (Vec::new(), Vec::new());
    for round in 0..count {
        // Whoever goes first finds the machine as the others left it: so the order is turned round every time.
        let (bare, one, two) = if round % 2 == 0 {
            (yardstick()?, simulate(1)?, simulate(2)?)
        } else {
            let (two, one) = (simulate(2)?, simulate(1)?);
            (yardstick()?, one, two)
        };
        let (ratio, speed_up) = (bare.user_secs / one.user_secs, one.wall_secs / two.wall_secs);
        println!(
            "{:>5}  {:>14.2}  {:>13.2}  {ratio:>6.3} | {:>13.2}  {:>14.2}  {speed_up:>8.3}",
            round + 1,
            bare.user_secs,
            one.user_secs,
            one.wall_secs,
            two.wall_secs
        );
        ratios.push(ratio);
        speed_ups.push(speed_up);
    }
    println!(
        "median: simulate runs at {:.3} of the yardstick's speed; two threads at {:.3} of one's",
        median(ratios),
        median(speed_ups)
    );
    Ok(())
}

fn simulation(file: &Path, threads: u32, directory: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_causerie"));
    command.arg("simulate").arg(file).args(["--threads", &threads.to_string()]);
    command.arg("--replications").arg(REPLICATIONS.to_string());
    command.arg("--out").arg(directory.join(format!("on {threads} threads"))).arg("--quiet");
    command
}

/// Runs a process to its end.
fn cost(command: &mut Command) -> io::Result<Cost> {
    let (user_before, begun) = (children_user_secs()?, now());
    let output = command.stdout(Stdio::null()).stderr(Stdio::piped()).output()?;
    let wall: Duration = begun.elapsed();
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr);
        return Err(io::Error::other(format!("{command:?}: {}\n{said}", output.status)));
    }
    Ok(Cost { user_secs: children_user_secs()? - user_before, wall_secs: wall.as_secs_f64() })
}

#[expect(clippy::disallowed_methods, reason = "how long a process takes is what is measured")]
fn now() -> Instant {
    Instant::now()
}

/// The processor time in user mode of all children that have ended: `cutime` of `/proc/self/stat`, field 16 (proc(5)).
fn children_user_secs() -> io::Result<f64> {
    let stat = std::fs::read_to_string("/proc/self/stat")?;
    // The second field, the name in brackets, may hold anything; behind its last bracket comes the third.
    let fields = stat.rsplit(')').next().unwrap_or_default();
    let ticks = fields.split_whitespace().nth(16 - 3).and_then(|field| field.parse::<u64>().ok());
    ticks
        .map(|ticks| ticks as f64 / TICKS_PER_SEC)
        .ok_or_else(|| io::Error::other("/proc/self/stat has no processor time of the children"))
}

pub(crate) fn median(mut values: Vec<f64>) -> f64 {
    values.sort_unstable_by(f64::total_cmp);
    let (below, above) = (values[(values.len() - 1) / 2], values[values.len() / 2]);
    0.5 * (below + above)
}
