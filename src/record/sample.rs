//! A small record with something of everything, for the tests of this floor.

mod rooms;

use crate::base::figures::Command;
use crate::base::hash::fingerprint;
use crate::base::id::{DeskId, GroupId, PageId, TopicId, VisitId};
use crate::base::time::{Moment, NANOS, RealSpan, Span};
use crate::base::words::{Channel, Closing, Ending, Observation, Outcome, Sale};
use crate::metrics::recorder::Recorder;
use crate::metrics::slices::Slicer;
use crate::metrics::tally::{Direction, Failure};
use crate::scenario::gate::{Comparison as Sign, Gate, Scope};
use crate::scenario::plan::ValidPlan;

use super::header::FORMAT;
use super::setting::{
    DeskSetting, GroupSetting, Limits, OfferSetting, SalesSetting, ShiftSetting, SiteSetting,
};
use super::twin::Differing;
use super::{Body, Comparison, Header, Record, Setting, Trailer, Twin};

/// A desk with two topics and two groups, of whom the juniors take calls too, and a phone pool; [100 s, 1100 s). An hour of
/// an agent costs 36, a minute on the line 6, and a sale of 10 leaves half.
pub(crate) fn setting(replications: u32, batches: u32) -> Setting {
    let names = |list: [&str; 2]| list.map(|name| Some(name.to_owned()));
    let shift = ShiftSetting { agents: 3, from_nanos: 0, to_nanos: u64::MAX };
    let group = |name, agents, concurrency| GroupSetting {
        name,
        agents,
        concurrency,
        wage_per_sec: 0.01,
        shifts: vec![ShiftSetting { agents, ..shift }],
        dual: None,
    };
    let groups = names(["junior", "senior"]).map(|name| group(name, 3, 2));
    let offer = |basket| OfferSetting { basket, addition: 0.5 };
    let support = DeskSetting {
        name: "support".to_owned(),
        phone: false,
        topics: names(["order", "return"]).to_vec(),
        groups: groups.to_vec(),
        within_nanos: 20 * NANOS,
        short_abandon_nanos: 5 * NANOS,
        of_first_response: false,
        patience: "300 s on average".to_owned(),
        sales: Some(SalesSetting { margin: 0.5, chat: offer(10.0), phone: offer(20.0) }),
        toll_per_sec: 0.0,
    };
    let duals = GroupSetting { dual: Some((0, 0)), wage_per_sec: 0.0, ..group(None, 3, 1) };
    let phone = DeskSetting {
        name: "phone".to_owned(),
        phone: true,
        topics: vec![None, None],
        groups: vec![group(None, 2, 1), duals],
        sales: None,
        toll_per_sec: 0.1,
        ..support.clone()
    };
    let gate = Gate {
        text: "support.abandoned.share < 5%".to_owned(),
        figure: "support.abandoned.share".to_owned(),
        comparison: Sign::Below,
        limit: 0.05,
        scope: Scope::Whole,
    };
    let every = Gate { scope: Scope::Every(Span::from_whole_secs(300)), ..gate.clone() };
    let on_days = Gate { scope: Scope::Days(0.9), ..gate.clone() };
    Setting {
        warm_up_nanos: 100 * NANOS,
        length_nanos: 1100 * NANOS,
        replications,
        batches,
        desks: vec![support, phone],
        venues: rooms::settings(),
        site: Some(SiteSetting {
            host: None,
            visitors: 9,
            pages: vec!["home".to_owned(), "widget".to_owned()],
        }),
        money: Some("EUR".to_owned()),
        gates: vec![gate, every, on_days],
        limits: (batches > 1).then(|| Limits::of(&ValidPlan::default())),
    }
}

fn at(secs: u64) -> Moment {
    Moment::from_nanos(secs * NANOS)
}

/// Visit `i`: one in four leaves the queue after 12 s, the others are served after i mod 3 · 10 s, for 60 s.
pub(super) fn outcome(i: u64) -> Outcome {
    let start = 100 + i * 10 % 1000;
    let served = i % 4 != 3;
    let assigned = served.then_some(at(start + i % 3 * 10));
    Outcome {
        desk: DeskId(0),
        visit: VisitId {
            population: crate::base::id::PopulationId(0),
            index: i,
            attempt: u8::from(i % 5 == 4),
        },
        topic: TopicId((i % 2) as u16),
        channel: Channel::Chat,
        start: at(start),
        delayed: !i.is_multiple_of(3),
        assigned,
        responded: assigned.map(|at| at + Span::from_whole_secs(9)),
        cannot_call: i.is_multiple_of(8),
        sale: if served { Sale::ALL[(i % 4) as usize] } else { Sale::NoIntent },
        callback_from: None,
        outright: false,
        ended: at(if served { start + i % 3 * 10 + 60 } else { start + 12 }),
        ending: match i % 16 {
            _ if served => Ending::Resolved,
            15 => Ending::AbandonedSilent,
            _ => Ending::AbandonedQueue,
        },
    }
}

/// A call that ends in a callback, taken after 50 s on hold and answered after 100 s more.
fn called_back(i: u64) -> Outcome {
    let start = at(100 + i * 10 % 1000);
    let later = |secs| start + Span::from_whole_secs(secs);
    Outcome {
        desk: DeskId(1),
        visit: VisitId { population: crate::base::id::PopulationId(1), index: i, attempt: 0 },
        topic: TopicId(0),
        channel: Channel::Callback { tried: 1 },
        start,
        delayed: true,
        assigned: Some(later(150)),
        responded: None,
        cannot_call: false,
        sale: Sale::NoIntent,
        callback_from: Some(later(50)),
        outright: false,
        ended: later(300),
        ending: Ending::Resolved,
    }
}

/// What is observed of a visit, told to both.
fn note(recorder: &mut Recorder, slicer: &mut Slicer, outcome: &Outcome) {
    let mut tell = |observation: &Observation| {
        recorder.note(observation);
        slicer.note(observation);
    };
    tell(&Observation::Visit(*outcome));
    let (desk, topic) = (outcome.desk, outcome.topic);
    let group = GroupId(if outcome.desk.0 == 0 { outcome.topic.0 } else { 0 });
    let visit = outcome.visit;
    let Some(assigned) = outcome.assigned else {
        // Every fourth of those who leave does so without a word, and has an agent wait for two minutes.
        if outcome.ending == Ending::AbandonedSilent {
            let (assigned, freed) = (outcome.ended, outcome.ended + Span::from_whole_secs(120));
            let closing = Closing::Silent;
            tell(&Observation::Haunted { desk, topic, start: outcome.start, at: assigned });
            tell(&Observation::Handled { desk, group, visit, topic, assigned, freed, closing });
            tell(&Observation::Engaged { desk, group, from: assigned, to: freed });
        }
        return;
    };
    let (freed, closing) = (outcome.ended, Closing::Resolved);
    tell(&Observation::Handled { desk, group, visit, topic, assigned, freed, closing });
    tell(&Observation::Engaged { desk, group, from: assigned, to: freed });
    if let Some(responded) = outcome.responded {
        tell(&Observation::Accepted { desk, assigned, at: assigned });
        tell(&Observation::Attended { desk, group, from: assigned, to: responded });
        tell(&Observation::Replied { desk, asked: responded, at: freed });
    }
}

/// `visits` visits at the desk and in each venue, half as many calls; with traffic where there are batches.
pub(crate) fn body(setting: &Setting, visits: u64) -> Body {
    let mut body = Body::default();
    for replication in 0..setting.replications {
        let mut recorder = Recorder::new(setting.layout(), setting.sectioning(replication));
        let mut slicer = Slicer::new(&setting.layout());
        for (desk, of) in setting.desks.iter().enumerate() {
            for (group, agents) in of.groups.iter().enumerate().filter(|(_, group)| group.dual.is_none()) {
                let (desk, group) = (DeskId(desk as u16), GroupId(group as u16));
                for _ in 0..agents.agents {
                    let staffed = Observation::Staffed { desk, group, from: Moment::ZERO, to: at(2000) };
                    recorder.note(&staffed);
                    slicer.note(&staffed);
                }
            }
        }
        let mut tell = |observation| {
            let observation = Observation::Room(observation);
            recorder.note(&observation);
            slicer.note(&observation);
        };
        rooms::watched(setting).into_iter().for_each(&mut tell);
        let venues = 0..setting.venues.len();
        let guests: Vec<_> =
            venues.flat_map(|venue| (0..visits).map(move |i| rooms::guest(setting, venue, i))).collect();
        rooms::observed(&guests).for_each(&mut tell);
        body.add_guests(&guests);
        for i in 0..visits {
            // Replications differ: each leaves the first few visitors out.
            let outcome = outcome(i + u64::from(replication));
            note(&mut recorder, &mut slicer, &outcome);
            body.add_outcomes(&[outcome]);
            if i % 2 == 0 {
                note(&mut recorder, &mut slicer, &called_back(i));
            }
            if setting.batches > 1 {
                traffic(&mut recorder, outcome.start);
            }
        }
        recorder.close(at(1100));
        slicer.close(at(1100));
        let (sections, timeline) = recorder.finish();
        body.add_delta(&sections, &timeline);
        body.add_slices(&slicer.drain_delta());
    }
    body
}

fn traffic(recorder: &mut Recorder, at: Moment) {
    let long = RealSpan::from_nanos(3_000_000);
    recorder.delivered(Direction::ToAgent, at, long);
    recorder.delivered(Direction::ToVisitor, at, long);
    recorder.lagged(at, RealSpan::from_nanos(90_000));
    recorder.fetched(PageId(0), at, long, true);
    recorder.fetched(PageId(1), at, long, at.nanos().is_multiple_of(4 * NANOS));
    let generator = recorder.generator();
    generator.peak_open = 7;
    generator.cpu_nanos += 1;
    generator.cpu_available_nanos += 4;
    generator.cpu_peak_ppm = 300_000;
    generator.memory_max_kib = 9_000;
    generator.timer_nanos = 700;
    let Some(traffic) = recorder.traffic(at) else { return };
    traffic.attempts += 1;
    traffic.messages.sent += 2;
    traffic.fail(Failure::Throttled);
    for stage in [
        &mut traffic.connect_tcp,
        &mut traffic.connect_tls,
        &mut traffic.connect_upgrade,
        &mut traffic.connect_login,
    ] {
        stage.record_real(long);
    }
}

/// A run of so many visits, with its twin, complete.
pub(crate) fn record(visits: u64) -> Record {
    let setting = setting(1, 2);
    let body = body(&setting, visits);
    let twin = Body {
        outcomes: body.outcomes[1..].to_vec(),
        guests: body.guests[1..].to_vec(),
        slices: Vec::new(),
        ..body.clone()
    };
    let differing = Differing {
        desk: 0,
        visit: "0/7".to_owned(),
        start_nanos: 1,
        in_run: "resolved".to_owned(),
        in_run_nanos: 2,
        in_twin: "abandoned.queue".to_owned(),
        in_twin_nanos: 3,
    };
    let comparison = Comparison {
        paired: visits,
        same_ending: visits - 1,
        assumed: vec!["that it routes as we do".to_owned()],
        differing: vec![differing],
        ..Comparison::default()
    };
    let text = "name: sample\n";
    let header = Header {
        format: FORMAT,
        causerie: "0.1.0".to_owned(),
        command: Command::Run,
        scenario: "sample".to_owned(),
        scenario_text: text.to_owned(),
        scenario_hash: fingerprint(text),
        plan_hash: fingerprint("plan"),
        seed: u64::MAX,
        speed: 60.0,
        scale: 1.5,
        stripe: (0, 1),
        host: "here".to_owned(),
        machine: "two processors".to_owned(),
        epoch_unix_ms: 1_767_225_600_000,
        target: Some("the embedded server".to_owned()),
        unverified: false,
        start: None,
        setting,
    };
    let trailer = Trailer { ended_unix_ms: 1_767_225_660_000, ..Trailer::default() };
    Record { header, body, twin: Some(Twin { body: twin, comparison }), trailer: Some(trailer) }
}
