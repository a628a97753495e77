//! Whole small runs over real sockets: the embedded server and the engine in one process.

mod agreement;
mod faults;
mod hostile;
mod malice;
mod metrics;
mod page;
mod persons;
mod rogue;
mod rooms;
mod runs;
mod talks;
mod target;
mod tls;
mod truth;
mod validity;

use std::future::pending;
use std::path::Path;
use std::sync::Arc;

use causerie::base::figures::Command;
use causerie::live::{Options, Progress, Stripe};
use causerie::metrics::histogram::Distribution;
use causerie::metrics::tally::{GroupTally, TrafficTally};
use causerie::record::{Body, Setting};
use causerie::scenario;
use causerie::scenario::plan::Plan;
use causerie::scenario::plan::target::TargetPlan;
use causerie::server::{self, Config};
use causerie::wire::token::RunId;
use tokio::net::TcpListener;
use tokio::sync::watch;

/// A run of a few seconds.
const TINY: &str = "
name: tiny
length: 10m
support:
  arrivals: {rate: 120/h}
  patience: never
  conversation: {handling_time: {constant: 60s}, messages: {every: 10s}}
  agents: {count: 2, concurrency: 1}
run: {speed: 300}
";

/// A plan from YAML, as `run` plays it.
fn plan(yaml: &str) -> Plan {
    let parsed = scenario::parse("test.yaml", yaml.to_owned(), Path::new("."));
    parsed.unwrap_or_else(|problems| panic!("{problems}")).plan.as_run()
}

/// Starts a server of its own, and gives its URL. It lives as long as the runtime.
async fn serve(config: Config) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("ws://{}", listener.local_addr().unwrap());
    tokio::spawn(server::serve(listener, config, pending()));
    url
}

/// The tests all run at once, and are late: whether the generator keeps up is the subject of `validity` alone.
fn options(url: String, speed: f64, plan: &Plan) -> Options {
    let mut setting = Setting::of(plan, Command::Run);
    let limits = setting.limits.as_mut().expect("a run has limits");
    (limits.lag_p99_nanos, limits.cpu) = (1_000_000_000, 1.0);
    Options {
        target: TargetPlan::causerie(url),
        desk: None,
        site: None,
        speed,
        stripe: Stripe::WHOLE,
        run: RunId::new(7),
        setting,
        parts: Box::new(|_| {}),
        progress: watch::channel(Progress::default()).0,
    }
}

/// Runs `plan` against a server of its own.
async fn run(plan: Plan, speed: f64) -> causerie::live::Played {
    let url = serve(Config::of_plan(&plan, speed)).await;
    let options = options(url, speed, &plan);
    causerie::live::play(Arc::new(plan), options, pending()).await.unwrap()
}

/// The traffic of all sections.
fn traffic(body: &Body) -> TrafficTally<Distribution> {
    body.sections.iter().filter_map(|section| section.traffic.clone()).fold(
        TrafficTally::default(),
        |mut sum, part| {
            sum.merge(&part);
            sum
        },
    )
}

/// The first group of the first desk, over all sections.
fn group(body: &Body) -> GroupTally<Distribution> {
    let groups = body.sections.iter().map(|section| &section.desks[0].groups[0]);
    groups.fold(GroupTally::default(), |mut sum, part| {
        sum.merge(part);
        sum
    })
}
