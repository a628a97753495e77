//! What can be typed.

use std::path::PathBuf;
use std::thread;

use clap::{Parser, Subcommand, ValueEnum};

use crate::scenario::Beside;
use crate::scenario::plan::MOST_REPLICATIONS;

/// Load and simulate chat platforms: one scenario, one behaviour model, two clocks.
#[derive(Debug, Parser)]
#[command(version, max_term_width = 80, after_help = EXIT_CODES)]
pub(super) struct Args {
    #[command(subcommand)]
    pub(super) command: Command,
}

const EXIT_CODES: &str = "\
Exit codes:
  0    all well
  1    a gate failed, or a comparison is for the worse
  2    bad usage or a bad scenario
  3    the run is invalid, or no gate could be judged
  4    the target could not be reached or refused us
  130  interrupted; a partial report is written";

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Play a scenario in real time against a chat server, with its simulated twin beside it
    #[cfg(feature = "live")]
    Run(RunArgs),
    /// Play a scenario in virtual time: a day in a blink
    Simulate(SimulateArgs),
    /// Simulate every combination of some values of a scenario, on common random numbers
    Sweep(SweepArgs),
    /// Say at which traffic rooms come to life, how many of them or which opening hours today's fills, and how many
    /// moderators they need
    Plan(PlanArgs),
    /// Validate a scenario, and say what load to expect
    Check(CheckArgs),
    /// Check or try a dialect: how a chat server's protocol is spoken, written down in YAML
    #[command(subcommand)]
    Dialect(DialectCommand),
    /// Put two records side by side
    Compare(CompareArgs),
    /// Render a record again
    Report(ReportArgs),
    /// Start the embedded chat server alone, with a page where a person can chat
    #[cfg(feature = "live")]
    Serve(ServeArgs),
    /// Print the JSON Schema of the scenario format, for editors
    Schema,
    /// Play the visitors of a scenario's site, as the child of a run
    #[cfg(feature = "site")]
    #[command(hide = true)]
    Visit(VisitArgs),
}

/// What `run` and `simulate` have in common.
#[derive(Debug, clap::Args)]
pub(super) struct PlayArgs {
    /// The scenario, a YAML file
    pub(super) scenario: PathBuf,
    /// Instead of the scenario's seed
    #[arg(long, allow_negative_numbers = true)]
    pub(super) seed: Option<u64>,
    /// Multiplies the arrivals; the agents stay
    #[arg(long, value_name = "FACTOR", allow_negative_numbers = true, value_parser = positive)]
    pub(super) scale: Option<f64>,
    /// How long visitors come, in scenario time, instead of the scenario's length (90s, 45m, 2h)
    #[arg(long, value_name = "TIME", allow_hyphen_values = true)]
    pub(super) length: Option<String>,
    /// Where the results go [default: reports/<scenario>/<start time>]
    #[arg(long, value_name = "DIR")]
    pub(super) out: Option<PathBuf>,
    /// Print summary.json on stdout, and nothing else there
    #[arg(long)]
    pub(super) json: bool,
    /// No progress on stderr
    #[arg(long, short)]
    pub(super) quiet: bool,
}

#[cfg(feature = "live")]
#[derive(Debug, clap::Args)]
pub(super) struct RunArgs {
    #[command(flatten)]
    pub(super) play: PlayArgs,
    /// Scenario seconds in a real second, instead of the scenario's own
    #[arg(long, value_name = "FACTOR", allow_negative_numbers = true, value_parser = positive)]
    pub(super) speed: Option<f64>,
    /// How long everybody may finish afterwards, in scenario time, instead of the scenario's own
    #[arg(long, value_name = "TIME", allow_hyphen_values = true)]
    pub(super) drain: Option<String>,
    /// The chat server: ws://host:port, irc://host, xmpp://host or http://host, wss:// and so on with TLS, or a YAML file
    /// of what would stand after `target` in the scenario [default: the scenario's, or else the embedded one, started and
    /// ended with the run]
    #[arg(long, value_name = "URL|FILE")]
    pub(super) target: Option<String>,
    /// What the chat server at that URL speaks, where it does not say so: the name or the file of a dialect
    #[arg(long, value_name = "NAME|FILE", requires = "target")]
    pub(super) dialect: Option<String>,
    /// PEM file of the authorities whose certificates are good, instead of those that this machine trusts
    #[arg(long, value_name = "PATH")]
    pub(super) ca_file: Option<PathBuf>,
    /// Take any certificate: who answers is not checked
    #[arg(long, conflicts_with = "ca_file")]
    pub(super) insecure: bool,
}

#[derive(Debug, clap::Args)]
pub(super) struct SimulateArgs {
    #[command(flatten)]
    pub(super) play: PlayArgs,
    #[command(flatten)]
    pub(super) days: DaysArgs,
}

/// What all commands have in common that play many days in virtual time.
#[derive(Debug, clap::Args)]
pub(super) struct DaysArgs {
    /// How many independent days to play, instead of the scenario's own
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=i64::from(MOST_REPLICATIONS)))]
    replications: Option<u32>,
    /// On how many cores [default: all]; the figures do not depend on it
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    threads: Option<u16>,
}

impl DaysArgs {
    /// How many days were asked for.
    pub(super) const fn replications(&self) -> Option<u32> {
        self.replications
    }

    /// What is given here instead of in the scenario.
    pub(super) fn beside(&self) -> Beside {
        let keys = self.replications.map(|n| ("replications".to_owned(), n.to_string()));
        Beside { target: None, keys: keys.into_iter().collect() }
    }

    /// On how many threads to play.
    pub(super) fn threads(&self) -> usize {
        let all = || thread::available_parallelism().map_or(1, usize::from);
        self.threads.map_or_else(all, usize::from)
    }
}

/// What `sweep` adds at the end of its help.
const OF_SWEEPS: &str = "\
VALUES are written as in the scenario, separated by commas:
  --vary support.agents.count=8..16                   every whole number
  --vary support.conversation.resolution=0%..80%:20%  every 20%
  --vary support.patience.exponential.mean=60s,2m,5m  these
  --vary 'support.agents.routing=least busy,most busy'

Every combination is compared with the scenario as it stands, day by day.
Its gates are judged in every combination; the exit code does not depend on
them.";

#[derive(Debug, clap::Args)]
#[command(
    after_help = OF_SWEEPS,
    mut_arg("json", |arg| arg.help("Print sweep.json on stdout, and nothing else there"))
)]
pub(super) struct SweepArgs {
    #[command(flatten)]
    pub(super) play: PlayArgs,
    #[command(flatten)]
    pub(super) days: DaysArgs,
    /// A key of the scenario and the values that it takes; one to three of them, at most 400 combinations
    #[arg(long, value_name = "KEY=VALUES", required = true, allow_hyphen_values = true)]
    pub(super) vary: Vec<String>,
    /// A figure to show, as often as wanted [default: the desk's service level, abandonment, escalation and
    /// utilisation, and the margin]
    #[arg(long, value_name = "NAME")]
    pub(super) figure: Vec<String>,
}

/// What `plan` adds at the end of its help.
const OF_PLANS: &str = "\
Every room and every portal is played alone, as often as its shares take to be
known to about a percentage point: where guests come at one rate around the
clock in 20 stretches of our own length, elsewhere as many times as needed from
the scenario's warm-up to its length. --replications and --length say otherwise.";

#[derive(Debug, clap::Args)]
#[command(
    after_help = OF_PLANS,
    mut_arg("json", |arg| arg.help("Print plan.json on stdout, and nothing else there")),
    mut_arg("replications", |arg| arg.help("How many independent days to play each variant, instead of as many as it takes")),
    mut_arg("length", |arg| arg.help("How long guests come, in scenario time, in each variant (90s, 45m, 2h)"))
)]
pub(super) struct PlanArgs {
    #[command(flatten)]
    pub(super) play: PlayArgs,
    #[command(flatten)]
    pub(super) days: DaysArgs,
    /// The share of visits that are to meet somebody
    #[arg(long, value_name = "SHARE", default_value = "80%", allow_hyphen_values = true)]
    pub(super) meet: String,
    /// How soon a message is to be published or, where that comes first, reviewed, in scenario time
    #[arg(long, value_name = "TIME", default_value = "2m", allow_hyphen_values = true)]
    pub(super) publish_within: String,
    /// The share of messages of which that is wanted
    #[arg(long, value_name = "SHARE", default_value = "95%", allow_hyphen_values = true)]
    pub(super) of: String,
}

#[derive(Debug, clap::Args)]
pub(super) struct CheckArgs {
    /// The scenario, a YAML file
    pub(super) scenario: PathBuf,
    /// Print every resolved value, and whether it is given, sourced or assumed
    #[arg(long)]
    pub(super) explain: bool,
}

#[derive(Debug, Subcommand)]
pub(super) enum DialectCommand {
    /// Validate a dialect, and say what it can do
    Check(DialectCheckArgs),
    /// Let visitors and an agent talk in a dialect as in a run, and show every frame
    #[cfg(feature = "live")]
    Try(DialectTryArgs),
}

/// What `dialect try` adds at the end of its help.
#[cfg(feature = "live")]
const OF_TRIALS: &str = "\
Passwords come from the environment: CAUSERIE_PASSWORD, or of one of the two
CAUSERIE_VISITOR_PASSWORD and CAUSERIE_AGENT_PASSWORD. Whoever has no name
here gets a new one, and a password that is drawn.

In what is shown, » is what a person does, → what is sent, ← what comes, and
· what the person is told. Secrets, cookies and passwords are masked.

One visitor is served and leaves after the agent's last words, another is left
by the agent, a third leaves the queue. Each message has to come to the other,
once and to the letter. It ends with what was tried and what was not, or with
the first thing that was not as it should be; whoever was on duty is off it.

Exit codes: 0 what was tried was as it should be, 2 bad usage or a dialect that
is none, 4 something was not as it should be, 130 stopped.";

#[cfg(feature = "live")]
#[derive(Debug, clap::Args)]
#[command(after_help = OF_TRIALS)]
pub(super) struct DialectTryArgs {
    /// The dialect: a YAML file, or the name of one that comes with the program
    pub(super) dialect: String,
    /// The chat server, as http://host:port or https://host:port
    #[arg(long, value_name = "URL")]
    pub(super) url: String,
    /// A setting of the dialect, as often as needed
    #[arg(long, value_name = "NAME=VALUE", value_parser = setting)]
    pub(super) set: Vec<(String, String)>,
    /// As whom the visitors log in, one after the other, and the first guest of a room
    #[arg(long, value_name = "USER")]
    pub(super) visitor: Option<String>,
    /// As whom the agent logs in, and the second guest
    #[arg(long, value_name = "USER")]
    pub(super) agent: Option<String>,
    /// How many messages each of the two sends
    #[arg(long, value_name = "N", default_value_t = 2, value_parser = clap::value_parser!(u32).range(1..=100))]
    pub(super) messages: u32,
    /// How long each thing is waited for (10s, 1m)
    #[arg(long, value_name = "TIME", default_value = "15s")]
    pub(super) patience: String,
    /// How long both stay connected without a word, so that a missed heartbeat shows; 0s: not at all [default: twice as
    /// long as the slowest of the dialect's timers takes, 30 s at the most]
    #[arg(long, value_name = "TIME", allow_hyphen_values = true)]
    pub(super) idle: Option<String>,
    /// PEM file of the authorities whose certificates are good, instead of those that this machine trusts
    #[arg(long, value_name = "PATH")]
    pub(super) ca_file: Option<PathBuf>,
    /// Take any certificate: who answers is not checked
    #[arg(long, conflicts_with = "ca_file")]
    pub(super) insecure: bool,
}

#[cfg(feature = "live")]
fn setting(text: &str) -> Result<(String, String), String> {
    let (name, value) = text.split_once('=').ok_or("NAME=VALUE is expected")?;
    Ok((name.to_owned(), value.to_owned()))
}

#[derive(Debug, clap::Args)]
pub(super) struct DialectCheckArgs {
    /// The dialect: a YAML file, or the name of one that comes with the program
    pub(super) dialect: String,
}

#[derive(Debug, clap::Args)]
pub(super) struct CompareArgs {
    /// The record before: a results folder, or its `record`
    pub(super) before: PathBuf,
    /// The record after
    pub(super) after: PathBuf,
}

#[derive(Debug, clap::Args)]
pub(super) struct ReportArgs {
    /// A results folder, or its `record`
    pub(super) record: PathBuf,
    /// What to print on stdout
    #[arg(long, value_enum, default_value_t = Format::Terminal)]
    pub(super) format: Format,
    /// Write every file of the report there
    #[arg(long, value_name = "DIR")]
    pub(super) out: Option<PathBuf>,
}

/// Every format of a report.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Format {
    /// For a terminal of 80 columns
    Terminal,
    /// The page report.html
    Html,
    /// summary.json
    Json,
    /// summary.md
    Markdown,
    /// junit.xml
    Junit,
    /// outcomes.csv
    Outcomes,
    /// intervals.csv
    Intervals,
    /// histograms.hlog
    Hlog,
    /// generator.csv
    Generator,
    /// guests.csv
    Guests,
    /// rooms.csv
    Rooms,
    /// room_intervals.csv
    RoomIntervals,
    /// occupancy.csv
    Occupancy,
}

#[cfg(feature = "live")]
#[derive(Debug, clap::Args)]
pub(super) struct ServeArgs {
    /// Route as the desks of this scenario do, and have its faults
    pub(super) scenario: Option<PathBuf>,
    /// What to do wrong, on purpose: a YAML file as `faults` in a scenario, and instead of that
    #[arg(long, value_name = "FILE")]
    pub(super) faults: Option<PathBuf>,
    /// Write down there, before it is done, what is done to which message
    #[arg(long, value_name = "FILE")]
    pub(super) account: Option<PathBuf>,
    /// The address to listen on
    #[arg(long, value_name = "IP", default_value = "127.0.0.1")]
    pub(super) address: std::net::IpAddr,
    /// The port to listen on; 0: any free one
    #[arg(long, default_value_t = 8787)]
    pub(super) port: u16,
    /// Scenario seconds in a real second; clients must name the same
    #[arg(long, value_name = "FACTOR", default_value_t = 1.0, allow_negative_numbers = true, value_parser = positive)]
    pub(super) speed: f64,
    /// End when stdin does: for whoever started this server as a child
    #[arg(long, hide = true)]
    pub(super) until_stdin_ends: bool,
}

/// What a run tells the child that plays its site's visitors.
#[cfg(feature = "site")]
#[derive(Debug, clap::Args)]
pub(super) struct VisitArgs {
    /// The scenario
    pub(super) scenario: PathBuf,
    /// Where the site is
    #[arg(long)]
    pub(super) host: String,
    /// The run's seed
    #[arg(long)]
    pub(super) seed: u64,
}

fn positive(text: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(value) if value > 1e6 => Err("at most 1000000 is possible".to_owned()),
        Ok(value) if value > 0.0 => Ok(value),
        _ => Err("a number above 0 is expected".to_owned()),
    }
}
