//! A record for tests: a queue of its own, played by a few lines of arithmetic, so that no change of the
//! people or the engines changes a report's snapshots.

use crate::base::figures::Command;
use crate::base::id::{DeskId, GroupId, PageId, TopicId, VisitId};
use crate::base::time::{Moment, NANOS, RealSpan, Span};
use crate::base::words::{Channel, Closing, Ending, Observation, Outcome, Sale};
use crate::metrics::recorder::Recorder;
use crate::metrics::slices::{Slicer, Slices};
use crate::metrics::tally::{Direction, Failure};
use crate::metrics::timeline::{MachineInterval, TargetInterval};
use crate::record::header::FORMAT;
use crate::record::setting::{
    BATCHES, DeskSetting, GroupSetting, Limits, OfferSetting, SalesSetting, ShiftSetting, SiteSetting,
};
use crate::record::twin::Differing;
use crate::record::{Body, Company, Comparison, Header, Record, Setting, Trailer, Twin};
use crate::scenario::gate::{self, Gate, Scope};
use crate::scenario::plan::ValidPlan;

const LENGTH_SECS: u64 = 2_700;

/// A run at speed 60 with a twin, topics, groups, a phone pool, ghosts, prices and gates of every kind.
pub(super) fn run() -> Record {
    let header = header(Command::Run, setting(1, BATCHES));
    let mut tape = Tape::new(&header.setting, 0);
    let outcomes = play(&mut tape, 1, 1.0);
    traffic(&mut tape.recorder);
    let body = tape.body(outcomes);
    let twin = Twin { body: twin_body(&header.setting), comparison: comparison(&body) };
    let trailer = Trailer { ended_unix_ms: header.epoch_unix_ms + 52_340, ..Trailer::default() };
    Record { header, body, twin: Some(twin), trailer: Some(trailer) }
}

/// A simulation of `replications`.
pub(super) fn simulation(replications: u32) -> Record {
    let header = header(Command::Simulate, setting(replications, 1));
    let mut all = Body::default();
    for index in 0..replications {
        let mut tape = Tape::new(&header.setting, index);
        let outcomes = play(&mut tape, u64::from(index) + 1, 1.0);
        let one = tape.body(outcomes);
        all.add_delta(&one.sections, &one.timeline);
        all.add_slices(&one.slices);
        if index == 0 {
            all.add_outcomes(&one.outcomes);
        }
    }
    let trailer = Trailer { ended_unix_ms: header.epoch_unix_ms + 310, ..Trailer::default() };
    Record { header, body: all, twin: None, trailer: Some(trailer) }
}

/// What is told to the recorder is told to the slicer.
struct Tape {
    recorder: Recorder,
    slicer: Slicer,
}

impl Tape {
    fn new(setting: &Setting, index: u32) -> Self {
        let recorder = Recorder::new(setting.layout(), setting.sectioning(index));
        Self { recorder, slicer: Slicer::new(&setting.layout()) }
    }

    fn note(&mut self, observation: &Observation) {
        self.recorder.note(observation);
        self.slicer.note(observation);
    }

    fn body(mut self, outcomes: Vec<Outcome>) -> Body {
        let slices: Vec<Slices> = self.slicer.drain_delta();
        let (sections, timeline) = self.recorder.finish();
        Body { sections, slices, timeline, outcomes, ..Body::default() }
    }
}

fn twin_body(setting: &Setting) -> Body {
    let mut tape = Tape::new(setting, 0);
    let outcomes = play(&mut tape, 1, 0.99);
    Body { slices: Vec::new(), ..tape.body(outcomes) }
}

fn comparison(body: &Body) -> Comparison {
    let paired = body.outcomes.len() as u64;
    Comparison {
        paired,
        same_ending: paired - 4,
        queued_paired: paired / 3,
        queued_same: paired / 3 - 4,
        only_in_run: 0,
        only_in_twin: 1,
        unrelated_seed: 7_919,
        unrelated_paired: paired - 10,
        unrelated_same: paired / 2,
        rooms: Company::default(),
        unrelated_rooms: Company::default(),
        assumed: vec!["The target routes to whoever is least busy.".to_owned()],
        differing: vec![differing()],
    }
}

/// Left the queue in the run, was served in the twin.
fn differing() -> Differing {
    Differing {
        desk: 0,
        visit: "0/17+1".to_owned(),
        start_nanos: 95 * NANOS,
        in_run: Ending::AbandonedQueue.name().to_owned(),
        in_run_nanos: 125 * NANOS,
        in_twin: Ending::Resolved.name().to_owned(),
        in_twin_nanos: 400 * NANOS,
    }
}

fn header(command: Command, setting: Setting) -> Header {
    let run = command == Command::Run;
    Header {
        format: FORMAT,
        causerie: "0.1.0".to_owned(),
        command,
        scenario: "peak support".to_owned(),
        scenario_text: "name: peak support\n".to_owned(),
        scenario_hash: "85944171f73967e8".to_owned(),
        plan_hash: "cbf29ce484222325".to_owned(),
        seed: 1,
        speed: if run { 60.0 } else { 1.0 },
        scale: 1.0,
        stripe: (0, 1),
        host: "bench-1".to_owned(),
        machine: "2 processors, Linux".to_owned(),
        epoch_unix_ms: 1_772_877_600_000,
        target: run.then(|| "the embedded server".to_owned()),
        unverified: false,
        start: Some("2026-03-07T10:00:00+01:00[Europe/Berlin]".to_owned()),
        setting,
    }
}

fn setting(replications: u32, batches: u32) -> Setting {
    let offer = |basket| OfferSetting { basket, addition: 0.3 };
    let desk = |name: &str, phone, topics: &[&str], groups: &[(&str, u32, u32)]| DeskSetting {
        name: name.to_owned(),
        phone,
        topics: if topics.is_empty() {
            vec![None]
        } else {
            topics.iter().map(|t| Some((*t).to_owned())).collect()
        },
        groups: groups
            .iter()
            .map(|(name, agents, concurrency)| GroupSetting {
                name: (!name.is_empty()).then(|| (*name).to_owned()),
                agents: *agents,
                concurrency: *concurrency,
                wage_per_sec: 24.0 / 3_600.0,
                shifts: vec![ShiftSetting { agents: *agents, from_nanos: 0, to_nanos: u64::MAX }],
                dual: None,
            })
            .collect(),
        within_nanos: 20 * NANOS,
        of_first_response: !phone,
        short_abandon_nanos: 10 * NANOS,
        sales: (!phone).then_some(SalesSetting { margin: 0.4, chat: offer(74.0), phone: offer(81.0) }),
        toll_per_sec: if phone { 0.04 / 60.0 } else { 0.0 },
        patience: "2 min on average".to_owned(),
    };
    let gate = |text: &str, figure: &str, comparison, limit| Gate {
        text: text.to_owned(),
        figure: figure.to_owned(),
        comparison,
        limit,
        scope: gate::Scope::Whole,
    };
    use gate::Comparison::{AtLeast, Below};
    let level = "support.service_level.offered.share";
    let of = |scope, gate: Gate| Gate { scope, ..gate };
    let ten_minutes = Scope::Every(Span::from_whole_secs(600));
    Setting {
        warm_up_nanos: 300 * NANOS,
        length_nanos: LENGTH_SECS * NANOS,
        replications,
        batches,
        desks: vec![
            desk("support", false, &["order", "return", "invoice"], &[("junior", 16, 2), ("senior", 8, 2)]),
            desk("phone", true, &[], &[("", 6, 1)]),
        ],
        venues: Vec::new(),
        site: Some(SiteSetting {
            host: None,
            visitors: 150,
            pages: ["home", "list", "widget"].map(str::to_owned).to_vec(),
        }),
        money: Some("EUR".to_owned()),
        gates: vec![
            gate("support.abandoned.share < 20%", "support.abandoned.share", Below, 0.2),
            gate("support.queue_time.p95 < 30s", "support.queue_time.p95", Below, 30.0),
            gate("support.service_level.offered.share >= 70%", level, AtLeast, 0.7),
            of(
                ten_minutes,
                gate("support.service_level.offered.share >= 40% in every 10m", level, AtLeast, 0.4),
            ),
            of(
                Scope::Days(0.9),
                gate("support.service_level.offered.share >= 55% on 90% of days", level, AtLeast, 0.55),
            ),
            gate("cost.per_resolved < 6.50 EUR", "cost.per_resolved", Below, 6.5),
            gate("delivery.p95 < 50ms", "delivery.p95", Below, 0.05),
            gate("callback.wait.p99 < 1h", "callback.wait.p99", Below, 3600.0),
        ],
        limits: (batches > 1).then(|| Limits::of(&ValidPlan::default())),
    }
}

/// Numbers that look drawn: a linear congruential generator (Knuth's MMIX constants).
struct Dice(u64);

impl Dice {
    fn unit(&mut self) -> f64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((self.0 >> 11) as f64 + 0.5) / (1u64 << 53) as f64
    }

    fn exponential(&mut self, mean: f64) -> f64 {
        -libm::log(self.unit()) * mean
    }
}

fn at(secs: f64) -> Moment {
    Moment::ZERO + Span::from_secs(secs)
}

/// First come, first served, by whichever slot is free first; the escalated call the phone pool.
fn play(tape: &mut Tape, seed: u64, pace: f64) -> Vec<Outcome> {
    let mut dice = Dice(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15));
    let mut outcomes = Vec::new();
    let mut calls = Vec::new();
    let mut desk = Slots::new(48);
    let (mut now, mut index) = (0.0, 0);
    loop {
        // Quiet, a peak in the middle, quiet.
        let peak = 1.0 - (now / LENGTH_SECS as f64 * 2.0 - 1.0).abs();
        now += dice.exponential(1.0 / (0.18 + 0.45 * peak));
        if now >= LENGTH_SECS as f64 {
            break;
        }
        let topic = (dice.unit() * 3.0 * dice.unit().sqrt()) as u16;
        let (patience, work) = (dice.exponential(120.0), dice.exponential(95.0 + 20.0 * f64::from(topic)));
        let luck = dice.unit();
        let ending = match luck {
            l if l < 0.17 => Ending::Escalated,
            l if l < 0.87 => Ending::Resolved,
            _ => Ending::Unresolved,
        };
        let visit = VisitId { population: crate::base::id::PopulationId(0), index, attempt: 0 };
        let work = work * pace;
        let who = Visitor { desk: 0, visit, topic, start: now, patience, work, ending, luck };
        let outcome = desk.serve(tape, &who);
        if outcome.ending == Ending::Escalated {
            calls.push((outcome.ended.secs() + 5.0, index, dice.exponential(150.0)));
        }
        outcomes.push(outcome);
        index += 1;
    }
    calls.sort_by(|a, b| a.0.total_cmp(&b.0));
    let mut phone = Slots::new(6);
    for (start, index, work) in calls {
        let visit = VisitId { population: crate::base::id::PopulationId(0), index, attempt: 0 };
        let (ending, luck) = (Ending::Resolved, work % 1.0);
        let caller = Visitor { desk: 1, visit, topic: 0, start, patience: 180.0, work, ending, luck };
        outcomes.push(phone.serve(tape, &caller));
    }
    staff(tape, &desk, &phone);
    outcomes
}

struct Visitor {
    desk: u16,
    visit: VisitId,
    topic: u16,
    start: f64,
    patience: f64,
    work: f64,
    ending: Ending,
    /// From 0 to 1: whatever else is up to chance.
    luck: f64,
}

impl Visitor {
    /// How one who waits too long gives up.
    fn gives_up(&self) -> Ending {
        match self.luck {
            _ if self.desk == 1 => Ending::AbandonedQueue,
            l if l < 0.4 => Ending::AbandonedSilent,
            _ => Ending::AbandonedQueue,
        }
    }

    fn buys(&self) -> Sale {
        match self.luck {
            l if l < 0.02 => Sale::Upsold,
            l if l < 0.08 => Sale::Bought,
            l if l < 0.25 => Sale::Missed,
            _ => Sale::NoIntent,
        }
    }
}

/// When each slot is free again, and when it was in use.
struct Slots {
    free: Vec<f64>,
    used: Vec<Vec<(f64, f64)>>,
}

impl Slots {
    fn new(count: usize) -> Self {
        Self { free: vec![0.0; count], used: vec![Vec::new(); count] }
    }

    fn serve(&mut self, tape: &mut Tape, who: &Visitor) -> Outcome {
        let slot = (0..self.free.len()).min_by(|a, b| self.free[*a].total_cmp(&self.free[*b])).unwrap();
        let from = self.free[slot].max(who.start);
        let wait = from - who.start;
        let balks = who.desk == 0 && wait > 90.0 && who.luck > 0.8;
        let served = wait <= who.patience && !balks;
        let (ended, ending) = match (balks, served) {
            (true, _) => (who.start, Ending::Balked),
            (false, true) => (from + who.work, who.ending),
            (false, false) => (who.start + who.patience, who.gives_up()),
        };
        let outcome = Outcome {
            desk: DeskId(who.desk),
            visit: who.visit,
            topic: TopicId(who.topic),
            channel: if who.desk == 0 { Channel::Chat } else { Channel::Call },
            start: at(who.start),
            delayed: from > who.start,
            assigned: served.then(|| at(from)),
            responded: (served && who.desk == 0).then(|| at(from + 9.0)),
            cannot_call: who.desk == 0 && who.visit.index.is_multiple_of(9),
            sale: if served { who.buys() } else { Sale::NoIntent },
            callback_from: None,
            outright: false,
            ended: at(ended),
            ending,
        };
        tape.note(&Observation::Visit(outcome));
        let closing = match ending {
            Ending::Resolved => Closing::Resolved,
            Ending::Escalated => Closing::Escalated,
            Ending::Unresolved => Closing::Unresolved,
            Ending::AbandonedSilent => Closing::Silent,
            _ => return outcome,
        };
        let taken = if served { who.work + 10.0 } else { 60.0 };
        self.free[slot] = from + taken;
        self.used[slot].push((from, from + taken));
        let group = group_of(who.desk, slot);
        self.told(tape, who, group, (at(from), at(from + taken)), closing);
        outcome
    }

    fn told(
        &self,
        tape: &mut Tape,
        who: &Visitor,
        group: GroupId,
        (assigned, freed): (Moment, Moment),
        closing: Closing,
    ) {
        let (desk, visit, topic) = (DeskId(who.desk), who.visit, TopicId(who.topic));
        tape.note(&Observation::Handled { desk, group, visit, topic, assigned, freed, closing });
        if closing == Closing::Silent {
            tape.note(&Observation::Haunted { desk, topic, start: at(who.start), at: assigned });
        }
        if who.desk == 1 {
            return;
        }
        let later = |secs: f64| assigned + Span::from_secs(secs);
        tape.note(&Observation::Accepted { desk, assigned, at: later(2.0 + 3.0 * who.luck) });
        tape.note(&Observation::Attended { desk, group, from: later(5.0), to: later(9.0) });
        if closing != Closing::Silent {
            let took = 12.0 + 40.0 * who.luck;
            tape.note(&Observation::Attended { desk, group, from: later(20.0), to: later(20.0 + took) });
            tape.note(&Observation::Replied { desk, asked: later(15.0), at: later(20.0 + took) });
        }
    }
}

/// The first 32 slots of the chat desk are the juniors'.
fn group_of(desk: u16, slot: usize) -> GroupId {
    GroupId(u16::from(desk == 0 && slot >= 32))
}

/// Who was on duty, and engaged: a chat agent's two slots together.
fn staff(tape: &mut Tape, desk: &Slots, phone: &Slots) {
    for (number, slots, together) in [(0, desk, 2), (1, phone, 1)] {
        for (agent, mine) in slots.used.chunks(together).enumerate() {
            let (desk, group) = (DeskId(number), group_of(number, agent * together));
            let to = at(LENGTH_SECS as f64);
            tape.note(&Observation::Staffed { desk, group, from: Moment::ZERO, to });
            let mut used: Vec<(f64, f64)> = mine.iter().flatten().copied().collect();
            used.sort_by(|a, b| a.0.total_cmp(&b.0));
            let mut open: Option<(f64, f64)> = None;
            for (from, to) in used {
                match &mut open {
                    Some(engaged) if from <= engaged.1 => engaged.1 = engaged.1.max(to),
                    _ => {
                        if let Some((from, to)) = open.replace((from, to)) {
                            let (from, to) = (at(from), at(to));
                            tape.note(&Observation::Engaged { desk, group, from, to });
                        }
                    }
                }
            }
            if let Some((from, to)) = open {
                tape.note(&Observation::Engaged { desk, group, from: at(from), to: at(to) });
            }
        }
    }
}

/// Messages, connections and the generator's own lag.
fn traffic(recorder: &mut Recorder) {
    let mut dice = Dice(99);
    let millis = |ms: f64| RealSpan::from_secs(ms / 1e3);
    for i in 0..9_000u32 {
        let intended = at(dice.unit() * LENGTH_SECS as f64);
        let direction = if i % 2 == 0 { Direction::ToAgent } else { Direction::ToVisitor };
        let stall = if i % 400 == 0 { 35.0 * dice.unit() } else { 0.0 };
        recorder.delivered(direction, intended, millis(0.3 + dice.exponential(0.4) + stall));
        let lag = millis(dice.exponential(0.15));
        if i % 9 == 0 {
            recorder.began(intended, lag);
        } else {
            recorder.lagged(intended, lag);
        }
        let Some(traffic) = recorder.traffic(intended) else { continue };
        traffic.messages.sent += 1;
        if i % 9 == 0 {
            traffic.attempts += 1;
            traffic.connect_tcp.record_real(millis(0.05 + dice.exponential(0.04)));
            traffic.connect_upgrade.record_real(millis(0.4 + dice.exponential(0.2)));
            traffic.connect_login.record_real(millis(0.2 + dice.exponential(0.1)));
            traffic.routing.record_real(millis(0.3 + dice.exponential(0.2)));
        }
    }
    for i in 0..3_000u32 {
        let asked = at(dice.unit() * LENGTH_SECS as f64);
        let page = PageId((i % 5 % 3) as u16);
        recorder.fetched(page, asked, millis(2.0 + dice.exponential(f64::from(page.0 + 1))), i % 250 > 0);
    }
    let first = recorder.traffic(at(400.0)).unwrap();
    first.messages.sent += 1;
    first.messages.lost += 1;
    first.fail(Failure::Disconnected);
    for second in 0..LENGTH_SECS / 60 {
        let usage = MachineInterval {
            cpu_nanos: u128::from(NANOS) * u128::from(100 + second) / 300,
            cpu_available_nanos: 2 * u128::from(NANOS),
            memory_max_kib: 20_000 + 90 * second,
        };
        let (from, to) = (at(second as f64 * 60.0), at((second + 1) as f64 * 60.0));
        recorder.took(from, to, &usage);
        let told = TargetInterval {
            cpu_nanos: u128::from(NANOS) * u128::from(40 + second) / 60,
            measured_nanos: u128::from(NANOS),
            memory_max_kib: 51_000 + 10 * second,
            queue_sum: u128::from(second % 7),
            queue_max: second % 7,
            queue_readings: 1,
        };
        recorder.target(from, to, &told);
    }
    let generator = recorder.generator();
    generator.connections = 1_001;
    generator.unconnected = 1;
    generator.peak_open = 141;
    generator.cpu_peak_ppm = 236_000;
    generator.timer_nanos = 240;
}
