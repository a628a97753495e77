//! A run that judges itself: a generator that cannot keep up says so, and what it takes of its machine is on record.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use causerie::base::figures::Command;
use causerie::base::time::Moment;
use causerie::base::words::Ending;
use causerie::gates::validity::{Rule, rulings};
use causerie::live::{Played, play};
use causerie::record::Setting;
use causerie::record::figures::figures;
use causerie::server::Config;

use super::{options, plan, serve, traffic};

const STEADY: &str = "
name: steady
length: 10m
support:
  arrivals: {rate: 1200/h}
  patience: {exponential: {mean: 300s}}
  conversation: {handling_time: {exponential: {mean: 120s}}, messages: {every: 20s}}
  agents: {count: 30, concurrency: 1}
run: {speed: 200, drain: 30m}
";

/// Plays [`STEADY`] by its own limits while two workers are kept from their work for `each` time after time, or once.
async fn played_beside(each: Duration, again: bool) -> Played {
    let plan = plan(STEADY);
    let url = serve(Config::of_plan(&plan, plan.run.speed)).await;
    let mut options = options(url, plan.run.speed, &plan);
    options.setting = Setting::of(&plan, Command::Run);
    let (progress, seen) = tokio::sync::watch::channel(causerie::live::Progress::default());
    options.progress = progress;
    let over = Arc::new(AtomicBool::new(false));
    let sluggards = (0..2).map(|_| {
        let (over, mut seen) = (over.clone(), seen.clone());
        tokio::spawn(async move {
            let _ = seen.wait_for(|progress| progress.arrived > 20).await;
            while !over.load(Ordering::Relaxed) {
                keep_from_work(each);
                tokio::task::yield_now().await;
                if !again {
                    break;
                }
            }
        })
    });
    let sluggards: Vec<_> = sluggards.collect();
    let played = play(Arc::new(plan), options, std::future::pending()).await.unwrap();
    over.store(true, Ordering::Relaxed);
    for sluggard in sluggards {
        sluggard.await.unwrap();
    }
    played
}

/// A thread of the runtime does nothing else: that is what this is about.
#[expect(clippy::disallowed_methods, reason = "a thread of the runtime is kept from its work, in real time")]
fn keep_from_work(long: Duration) {
    std::thread::sleep(long);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_generator_that_is_late_again_and_again_invalidates_its_run() {
    let played = played_beside(Duration::from_millis(40), true).await;
    let why = played.invalid.clone().expect("it was late for nearly everything");
    assert!(why.starts_with("the generator could not keep up: it was "), "{why}");
    assert!(why.ends_with(" ms late or more for one thing in a hundred (limit 10 ms)"), "{why}");
    let setting = Setting::of(&plan(STEADY), Command::Run);
    let judged = rulings(&setting, &played.body, false);
    let lag = judged.iter().find(|ruling| ruling.rule == Rule::Lag).unwrap();
    assert!(!lag.holds() && lag.value.unwrap() > 0.01, "{lag:?}");
    // What comes late is not dropped for that.
    let generator = &traffic(&played.body).generator;
    assert_eq!(generator.starts, played.progress.expected);
    assert!(generator.lag.count > generator.starts + traffic(&played.body).messages.sent / 2);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn starts_that_come_too_late_to_be_meant_are_dropped_and_counted() {
    let played = played_beside(Duration::from_millis(1_800), false).await;
    let generator = traffic(&played.body).generator;
    assert!(generator.late_starts > 10, "{generator:?}");
    assert_eq!(generator.dropped_starts, generator.late_starts);
    assert_eq!(generator.starts, played.progress.expected);
    assert_eq!(played.progress.arrived + generator.dropped_starts, played.progress.expected);
    assert_eq!(played.body.outcomes.len() as u64, played.progress.arrived, "who did not come has no ending");
    let broken: Vec<Rule> = rulings(&Setting::of(&plan(STEADY), Command::Run), &played.body, false)
        .into_iter()
        .filter(|ruling| !ruling.holds())
        .map(|ruling| ruling.rule)
        .collect();
    assert!(broken.contains(&Rule::DroppedStarts), "{broken:?}");
    assert!(played.invalid.is_some_and(|why| why.starts_with("the generator could not keep up: ")));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_the_generator_takes_and_how_it_is_routed_is_on_record() {
    let plan = plan(STEADY);
    let played = super::run(plan.clone(), plan.run.speed).await;
    let traffic = traffic(&played.body);
    // Each who was served was routed once, and a wait for an agent is no part of it.
    let served: Vec<_> = played.body.outcomes.iter().filter(|outcome| outcome.assigned.is_some()).collect();
    let by = |end| served.iter().filter(|outcome| outcome.assigned.is_some_and(|at| at < end)).count() as u64;
    let (before_the_end, all) = (by(Moment::ZERO + plan.length), by(Moment::NEVER));
    assert!((before_the_end..=all).contains(&traffic.routing.count), "{before_the_end} {all} {traffic:?}");
    let waited = |outcome: &&causerie::base::words::Outcome| {
        outcome.assigned.map_or(0.0, |at| at.since(outcome.start).secs()) / plan.run.speed
    };
    let waits = served.iter().map(waited).sum::<f64>() / served.len() as f64;
    assert!(waits > 0.05, "{waits} s: nobody had to wait");
    assert!(
        traffic.routing.mean_secs().unwrap() < waits / 3.0,
        "{:?} of {waits} s",
        traffic.routing.mean_secs()
    );
    assert!(!played.body.outcomes.iter().any(|outcome| outcome.ending == Ending::Unfinished));

    let figures = figures(&Setting::of(&plan, Command::Run), &played.body);
    let value = |name: &str| figures[name].value;
    assert_eq!(value("generator.dropped_starts"), Some(0.0));
    assert!(value("generator.timer_resolution").is_some_and(|secs| secs > 0.0 && secs < 0.1));
    if cfg!(target_os = "linux") {
        let machine = played.body.timeline.machine();
        assert!(machine.iter().any(|interval| interval.memory_max_kib > 1_000));
        assert!(
            machine.iter().filter(|interval| interval.cpu_available_nanos > 0).count() > 100,
            "all along"
        );
        assert!(value("generator.memory.max").is_some_and(|bytes| bytes > 1e6));
        let (share, peak) = (value("generator.cpu.share").unwrap(), value("generator.cpu.peak").unwrap());
        assert!(share > 0.0 && peak > 0.0 && peak <= 1.0, "{share} {peak}");
    }
}
