//! Rooms: a year of a deserted one, and a day of a portal of five hundred with twenty thousand visits an hour; each
//! recorded as `causerie simulate` records it, and beside it as many events through the bare queue.

use std::sync::atomic::AtomicBool;

use causerie::base::draw::{Draws, Purpose};
use causerie::base::figures::Command;
use causerie::base::time::{Moment, Span};
use causerie::base::words::Observation;
use causerie::base::words::rooms::RoomObservation;
use causerie::metrics::recorder::{Recorder, Sectioning};
use causerie::record::Setting;
use causerie::scenario::plan::Plan;
use causerie::sim::engine::{Witness, play};

use super::bare::{self, timed};

/// Gaps that the bare loop goes through again and again.
const GAPS: u64 = 1 << 16;

/// A room, or a portal, for so long.
struct Scene {
    name: &'static str,
    scenario: &'static str,
    /// As many events are in the queue at any time, about: two a guest who is there.
    pending: u64,
}

const YEAR: Scene = Scene {
    name: "a year of a sparse room",
    scenario: "\
name: a year
length: 365d
rooms:
  fans:
    arrivals: {rate: 6/h}
    stay: {exponential: {mean: 600s}}
    alone_patience: {exponential: {mean: 120s}}
    guests: {lurkers: 60%, occasional: 30%, regular: 10%}
    talk: {occasional: 12/h, regular: 60/h}
    questions: {share: 20%, answered_by: 30%, after: {lognormal: {median: 60s, cv: 1}}}
    harm: {share: 2.4%, screen: 25}
    moderation: {mode: after, moderators: 1, wage: 18 EUR/h, review: 60s}
money: EUR
",
    pending: 2,
};

const PORTAL: Scene = Scene {
    name: "a day of a portal",
    scenario: "\
name: a day
length: 1d
portals:
  exchange:
    rooms: 500
    popularity: {zipf: 1.1}
    arrivals: {rate: 20000/h}
    stay: {lognormal: {mean: 15m, cv: 1.2}}
    alone_patience: {exponential: {mean: 2m}}
    guests: {lurkers: 85%, occasional: 13%, regular: 2%}
    talk: {occasional: 10/h, regular: 40/h}
    questions: {share: 15%, answered_by: 10%, after: {lognormal: {median: 60s, cv: 1}}}
    harm: {share: 2.4%, screen: 25, reported_by: 3%}
    moderation:
      mode: after
      reviews: reported
      moderators: 2
      wage: 18 EUR/h
      review: {lognormal: {mean: 45s, cv: 1}}
      filter: {catches: 80%, mistakes: 1%, then: block}
money: EUR
",
    pending: 10_000,
};

/// What is recorded, and how much of it there was.
struct Recorded {
    recorder: Recorder,
    visits: u64,
    messages: u64,
    exposures: u64,
}

impl Witness for Recorded {
    fn note(&mut self, observation: &Observation) {
        match observation {
            Observation::Room(RoomObservation::Visit(_)) => self.visits += 1,
            Observation::Room(RoomObservation::Posted { .. }) => self.messages += 1,
            Observation::Room(RoomObservation::Exposed { .. }) => self.exposures += 1,
            _ => {}
        }
        self.recorder.note(observation);
    }
}

fn plan(scene: &Scene, seed: u64) -> Plan {
    let text = scene.scenario.to_owned();
    let scenario = causerie::scenario::parse("rooms.yaml", text, std::path::Path::new("."));
    let mut plan = scenario.unwrap_or_else(|problems| panic!("{problems}")).plan;
    plan.seed = seed;
    plan
}

/// The stays of guests.
fn gaps(plan: &Plan) -> Vec<Span> {
    let draws = Draws::of_population(1, 0, "gaps");
    (0..GAPS).map(|k| plan.venues[0].stay.span(&mut draws.stream(Purpose::Gap, k))).collect()
}

/// Plays each scene so many times, each beside the bare queue, and prints what each took, and the medians.
pub(crate) fn compare(times: u32) {
    for scene in [YEAR, PORTAL] {
        compare_scene(&scene, times);
    }
}

fn compare_scene(scene: &Scene, times: u32) {
    println!("{} on one core, recorded, beside as many events through the bare queue", scene.name);
    println!(" seed   visits  messages  harm seen    events        ms  M events/s  bare ms   ratio");
    let (mut millis, mut rates, mut ratios) = (Vec::new(), Vec::new(), Vec::new());
    for seed in 1..=u64::from(times) {
        let plan = plan(scene, seed);
        let gaps = gaps(&plan);
        let layout = Setting::of(&plan, Command::Simulate).layout();
        let recorder = Recorder::new(layout, Sectioning::Whole { index: 0 });
        let mut seen = Recorded { recorder, visits: 0, messages: 0, exposures: 0 };
        let (played, took) = timed(|| play(&plan, 0, Moment::NEVER, &AtomicBool::new(false), &mut seen));
        let (last, alone) = timed(|| bare::play(played.events, scene.pending, &gaps));
        assert!(last > Moment::ZERO);
        let (took, alone) = (took.as_secs_f64(), alone.as_secs_f64());
        let rate = played.events as f64 / took / 1e6;
        println!(
            "{seed:>5}  {:>7}  {:>8}  {:>9}  {:>8}  {:>8.1}  {rate:>10.2}  {:>7.1}  {:>6.3}",
            seen.visits,
            seen.messages,
            seen.exposures,
            played.events,
            1e3 * took,
            1e3 * alone,
            alone / took
        );
        millis.push(1e3 * took);
        rates.push(rate);
        ratios.push(alone / took);
    }
    let [millis, rates, ratios] = [millis, rates, ratios].map(super::rounds::median);
    println!(
        "median: {millis:.1} ms for {}, {rates:.2} M events/s; the simulator runs at {ratios:.3} of the bare queue's speed",
        scene.name
    );
}
