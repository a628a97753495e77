//! A long run, ignored unless asked for: whether the generator's memory stays flat.
//!
//! ```console
//! SOAK_MINUTES=30 cargo test --release --test it -- --ignored --nocapture soak
//! ```

use super::workplace::Workplace;
use super::{TINY, json};

/// Scenario seconds in a real second.
const SPEED: u64 = 10;

/// A desk with a hundred chats at once and a room of forty guests: some hundred messages a second, in real time.
fn scenario(minutes: u64) -> String {
    format!(
        "\
name: soak
length: {}m
support:
  arrivals: {{rate: 4000/h}}
  patience: {{exponential: {{mean: 4m}}}}
  conversation: {{handling_time: {{exponential: {{mean: 90s}}}}, messages: {{every: 10s}}, resolution: 90%}}
  agents: {{count: 60, concurrency: 3, stretch: [1, 1.1, 1.2]}}
rooms:
  lounge:
    arrivals: {{rate: 600/h}}
    stay: {{exponential: {{mean: 4m}}}}
    alone_patience: {{exponential: {{mean: 10m}}}}
    guests: {{regular: 100%}}
    talk: {{regular: 60/h}}
run: {{speed: {SPEED}, drain: 10m}}
",
        minutes * SPEED
    )
}

/// A line through points by least squares: its slope, and the half-width of its 95 % interval as if the points were
/// independent (the normal one: there are hundreds).
fn slope(points: &[(f64, f64)]) -> (f64, f64) {
    let n = points.len() as f64;
    let mean = |of: fn(&(f64, f64)) -> f64| points.iter().map(of).sum::<f64>() / n;
    let (x0, y0) = (mean(|p| p.0), mean(|p| p.1));
    let sxx: f64 = points.iter().map(|(x, _)| (x - x0) * (x - x0)).sum();
    let sxy: f64 = points.iter().map(|(x, y)| (x - x0) * (y - y0)).sum();
    let slope = sxy / sxx;
    let rest = |(x, y): &(f64, f64)| y - y0 - slope * (x - x0);
    let squares: f64 = points.iter().map(|p| rest(p) * rest(p)).sum();
    (slope, 1.96 * (squares / (n - 2.0) / sxx).sqrt())
}

#[test]
fn a_slope_is_that_of_the_line() {
    let line: Vec<(f64, f64)> = (0..100).map(|i| (f64::from(i), 3.0 * f64::from(i) + 7.0)).collect();
    let (found, half) = slope(&line);
    assert!((found - 3.0).abs() < 1e-9 && half < 1e-6, "{found} ± {half}");
}

#[test]
#[ignore = "it takes as long as SOAK_MINUTES says: 30 minutes"]
fn memory_stays_flat() {
    let minutes = std::env::var("SOAK_MINUTES").map_or(30, |text| text.parse().expect("whole minutes"));
    let place = Workplace::with(TINY);
    place.write("soak.yaml", scenario(minutes));
    let mut running = place.start(&["run", "soak.yaml", "--out", "results"]);
    running.child.wait().expect("the run");
    let ran = running.end();
    // A machine that has something else to do makes it invalid, and its memory is the same.
    assert!(matches!(ran.code, Some(0 | 3)), "{ran:#?}");
    let summary = json(&place.read("results/summary.json"));
    assert_eq!(summary["complete"], true);
    let figure = |name: &str| summary["figures"][name]["value"].as_f64().unwrap_or(f64::NAN);
    // Of the time in which people came: hours of real time, and megabytes.
    let csv = place.read("results/generator.csv");
    let rows = csv.lines().skip(1).map(|row| row.split(',').collect::<Vec<_>>());
    let points: Vec<(f64, f64)> = rows
        .filter_map(|row| Some((row[0].parse::<f64>().ok()?, row[5].parse::<f64>().ok()?)))
        .map(|(secs, bytes)| (secs / SPEED as f64 / 3_600.0, bytes / 1e6))
        .filter(|(hours, _)| *hours < minutes as f64 / 60.0)
        .collect();
    let (slope, half) = slope(&points[points.len() / 2..]);
    println!(
        "{minutes} min, exit code {:?}: {} messages delivered, lag p99 {:.2} ms, {} connections at once at the most, processor {:.1} %, \
         memory {:.1} MB at the most, slope over the second half {slope:+.2} ± {half:.2} MB an hour",
        ran.code,
        figure("messages.delivered"),
        figure("generator.lag.p99") * 1e3,
        figure("generator.peak_open"),
        figure("generator.cpu.share") * 100.0,
        figure("generator.memory.max") / 1e6,
    );
    // The record is kept in memory too: some hundred bytes a visit, and the histograms of its twenty batches, which are as many
    // however long the run is. Beyond that nothing may grow.
    let visits_an_hour = (figure("support.offered") + figure("room.lounge.visits")) * 60.0 / minutes as f64;
    let of_batches = 2.0 / (minutes as f64 / 120.0);
    let allowed = 2.0 * visits_an_hour * 120.0 / 1e6 + of_batches;
    assert!(slope - half < allowed, "more than {allowed:.1} MB an hour");
}
