//! Whether the two clocks agree, at the scenario's own speed: the measurement behind the figure in the documentation.

use std::future::pending;
use std::path::Path;
use std::sync::Arc;

use causerie::base::figures::Command;
use causerie::live::{Played, play};
use causerie::metrics::histogram::Distribution;
use causerie::record::{Body, Setting};
use causerie::scenario;
use causerie::scenario::plan::Plan;
use causerie::server::{self, Config};
use causerie::study::twin::twin;
use tokio::net::TcpListener;

use super::{options, traffic};

/// A server in a thread of its own, as the child process of a run is.
pub(super) fn serve(config: Config) -> String {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    listener.set_nonblocking(true).unwrap();
    let url = format!("ws://{}", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let listener = TcpListener::from_std(listener).unwrap();
            server::serve(listener, config, pending()).await.unwrap();
        });
    });
    url
}

/// A quantile of the time in queue of the first desk, in seconds.
fn queue_time(body: &Body, q: f64) -> f64 {
    let mut times = Distribution::default();
    body.sections.iter().for_each(|section| times.merge(&section.desks[0].visits().queue_time()));
    times.quantile_secs(q).unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "takes a run's real time for each of five seeds"]
async fn peak_support_ends_the_same_way_in_both_times() {
    agrees("scenarios/peak-support.yaml").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "takes a run's real time for each of five seeds"]
async fn phone_escalation_ends_the_same_way_in_both_times() {
    agrees("scenarios/phone-escalation.yaml").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "takes a run's real time: a minute and a quarter"]
async fn sparse_community_meets_the_same_people_in_both_times() {
    let plan = shipped("scenarios/sparse-community.yaml");
    let played = against_a_server(&plan).await;
    let comparison =
        twin(&plan, &Setting::of(&plan, Command::Run), &played.body, None, Vec::new()).comparison;
    let (same, chance) = (comparison.rooms, comparison.unrelated_rooms);
    let messages = traffic(&played.body).messages;
    let lag = traffic(&played.body).generator.lag;
    eprintln!(
        "{same:?}; by chance {} of {} met; {messages:?}; lag p99 {:.2} max {:.2} ms; {:?}",
        chance.met_in_both,
        chance.met_in_either(),
        lag.quantile_secs(0.99).unwrap_or_default() * 1e3,
        lag.max_secs().unwrap_or_default() * 1e3,
        played.invalid,
    );
    assert_eq!((played.invalid, messages.lost, messages.duplicated), (None, 0, 0));
    assert!(same.paired > 50 && (same.only_in_run, same.only_in_twin) == (0, 0), "{same:?}");
    assert!(same.same_ending * 100 >= same.paired * 99, "{same:?}");
    assert!(same.same_company * 100 >= same.paired * 99, "{same:?}");
    assert!(same.met_in_either() > 20 && same.met_in_both * 100 >= same.met_in_either() * 97, "{same:?}");
    assert!(chance.met_in_both * 3 < chance.met_in_either(), "{chance:?}");
}

/// A scenario of this repository, as a run plays it.
fn shipped(scenario: &str) -> Plan {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(scenario);
    scenario::load(&path).unwrap_or_else(|problems| panic!("{problems}")).plan.as_run()
}

/// Plays a scenario against a server in a thread of its own.
pub(super) async fn against_a_server(plan: &Plan) -> Played {
    let speed = plan.run.speed;
    let options = options(serve(Config::of_plan(plan, speed)), speed, plan);
    play(Arc::new(plan.clone()), options, pending()).await.unwrap()
}

/// Plays a scenario with five seeds: 98 of 100 visits and more end in the run as they do in its twin.
async fn agrees(scenario: &str) {
    let (mut paired, mut same) = (0, 0);
    for seed in 1..=5 {
        let plan = Plan { seed, ..shipped(scenario) };
        let played = against_a_server(&plan).await;
        let twin = twin(&plan, &Setting::of(&plan, Command::Run), &played.body, None, Vec::new());
        let comparison = &twin.comparison;
        let traffic = traffic(&played.body);
        let micros = |secs: Option<f64>| secs.unwrap_or_default() * 1e6;
        eprintln!(
            "seed {seed}: {} of {} visits the same ({} of {} that queued); delivery p50 {:.0} p99 {:.0} µs; \
             lag p50 {:.0} p99 {:.0} max {:.0} µs; tcp {:.0} upgrade {:.0} login {:.0} µs; {:?}",
            comparison.same_ending,
            comparison.paired,
            comparison.queued_same,
            comparison.queued_paired,
            micros(traffic.delivery().quantile_secs(0.5)),
            micros(traffic.delivery().quantile_secs(0.99)),
            micros(traffic.generator.lag.quantile_secs(0.5)),
            micros(traffic.generator.lag.quantile_secs(0.99)),
            micros(traffic.generator.lag.max_secs()),
            micros(traffic.connect_tcp.quantile_secs(0.5)),
            micros(traffic.connect_upgrade.quantile_secs(0.5)),
            micros(traffic.connect_login.quantile_secs(0.5)),
            played.invalid,
        );
        assert!(comparison.same_ending * 100 >= comparison.paired * 98, "seed {seed}: {comparison:?}");
        for q in [0.5, 0.95] {
            let (ran, simulated) = (queue_time(&played.body, q), queue_time(&twin.body, q));
            eprintln!("seed {seed}: queue time p{}: {ran:.1} s, {simulated:.1} s", q * 100.0);
            // One who comes back a second later than in the twin, or finds another agent, moves all behind.
            let allowed = (0.06 * simulated).max(1.0);
            assert!((ran - simulated).abs() <= allowed, "seed {seed}, {q}: {ran} s for {simulated} s");
        }
        (paired, same) = (paired + comparison.paired, same + comparison.same_ending);
    }
    assert!(same * 1000 >= paired * 985, "{same} of {paired}");
}
