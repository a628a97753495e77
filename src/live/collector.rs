//! The one task that counts: it owns the recorder and the ledger, and hands on what they gathered as the run goes.

mod absences;
mod deliveries;

use std::collections::BTreeSet;

use tokio::sync::mpsc::UnboundedReceiver;
use tokio::sync::watch;

use super::fanout::{Fanout, Settled};
use super::heard;
use super::holds::Holds;
use super::ledger::{Failed, Ledger};
use super::meter::{Meter, Taken};
use super::notes::{Note, Reading, Whereabouts};
use super::routing::Waiting;
use crate::base::time::{Moment, RealMoment, RealSpan};
use crate::base::words::rooms::{Fate, GuestOutcome, PostId, RoomObservation};
use crate::base::words::site::Fetch;
use crate::base::words::{Observation, Outcome};
use crate::metrics::recorder::Recorder;
use crate::metrics::slices::Slicer;
use crate::metrics::tally::Direction;
use crate::net::clock::{Clock, Pace};
use crate::net::transport::Stages;
use crate::record::Body;
use crate::wire::token::Part;
use deliveries::Way;

/// How often the progress is renewed.
const PROGRESS_EVERY: RealSpan = RealSpan::from_nanos(200_000_000);
/// How often what was gathered is handed on.
const DELTA_EVERY: RealSpan = RealSpan::from_whole_secs(2);
/// How often is looked what the generator takes of its machine.
const READ_EVERY: RealSpan = RealSpan::from_whole_secs(1);
/// Notes are taken in batches: waking up for each would take time from those who are measured.
const PAUSE: RealSpan = RealSpan::from_nanos(10_000_000);
const BATCH: usize = 8_192;

/// How a run is getting on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Progress {
    /// Scenario time.
    pub now: Moment,
    /// Visitors and guests who are to come in all (those of this stripe; returns are not counted).
    pub expected: u64,
    /// Visitors and guests who have come.
    pub arrived: u64,
    /// Visitors and guests who are gone for good.
    pub done: u64,
    /// Visitors who wait at a desk.
    pub waiting: u64,
    /// Visitors in conversation.
    pub in_chat: u64,
    /// Guests in rooms.
    pub in_rooms: u64,
    /// Messages in rooms that moderators are to review; of what guests report, those in a moderator's hands.
    pub to_review: u64,
    /// Slots of agents that are taken: by visitors, by ghosts, or for a wrap-up; and messages that moderators review.
    pub in_hand: u64,
    /// Open connections.
    pub open: u64,
    /// The generator's greatest lag since the last time.
    pub lag: RealSpan,
    /// Messages on their way, to each recipient.
    pub outstanding: u64,
}

/// Where the parts of what is recorded go, in the order in which they are gathered.
pub type Parts = Box<dyn FnMut(&Body) + Send>;

/// Counts.
pub(super) struct Collector {
    pub(super) clock: Clock,
    pub(super) pace: Pace,
    pub(super) recorder: Recorder,
    pub(super) slicer: Slicer,
    pub(super) progress: watch::Sender<Progress>,
    pub(super) parts: Parts,
    pub(super) meter: Meter,
    pub(super) state: State,
}

/// All that was counted.
pub(super) struct Counted {
    pub(super) body: Body,
    pub(super) progress: Progress,
    pub(super) complaints: Complaints,
}

/// What there is to be said of a server.
#[derive(Clone, Debug, Default)]
pub(super) struct Complaints {
    /// It wanted less of us.
    pub(super) throttled: Complaint,
    /// It did not do what it was asked.
    pub(super) unwilling: Complaint,
    /// Connections to it broke off, and it is known why.
    pub(super) broke_off: Complaint,
    /// It did what the protocol does not allow.
    pub(super) nonsense: Complaint,
    /// It gave agents more than they have slots for.
    pub(super) beyond_slots: u64,
}

/// What happens again and again: how often, and what was said of it first.
#[derive(Clone, Debug, Default)]
pub(super) struct Complaint {
    pub(super) times: u64,
    pub(super) words: String,
}

impl Complaint {
    fn add(&mut self, words: &str) {
        self.times += 1;
        if self.times == 1 {
            words.clone_into(&mut self.words);
        }
    }
}

/// What has been counted and not handed on.
#[derive(Debug, Default)]
pub(super) struct State {
    pub(super) now: Progress,
    pub(super) ledger: Ledger,
    pub(super) fanout: Fanout,
    pub(super) waiting: Waiting,
    /// Where servers may let lie what is said.
    pub(super) holds: Option<Holds>,
    pub(super) complaints: Complaints,
    pub(super) to_review: BTreeSet<PostId>,
    pub(super) body: Body,
    pub(super) outcomes: Vec<Outcome>,
    pub(super) guests: Vec<GuestOutcome>,
}

impl Collector {
    /// Counts until everybody who could put down a note is gone; gives all that was counted.
    pub(super) async fn work(mut self, mut notes: UnboundedReceiver<Note>) -> Counted {
        let mut batch = Vec::with_capacity(BATCH);
        let mut next_progress = RealMoment::ZERO;
        let mut next_delta = self.clock.now() + DELTA_EVERY;
        // What it took until everybody was on duty.
        self.read_meter(self.clock.now());
        let mut next_reading = self.clock.now() + READ_EVERY;
        loop {
            let wake = self.clock.until(next_progress);
            let mut is_behind = false;
            tokio::select! {
                taken = notes.recv_many(&mut batch, BATCH) => {
                    if taken == 0 {
                        break;
                    }
                    is_behind = taken == BATCH;
                    batch.drain(..).for_each(|note| self.count(&note));
                }
                () = wake => {}
            }
            let now = self.clock.now();
            if now >= next_progress {
                self.renew_progress(now);
                next_progress = now + PROGRESS_EVERY;
            }
            if now >= next_reading {
                self.read_meter(now);
                next_reading = now + READ_EVERY;
            }
            if now >= next_delta {
                self.hand_on();
                next_delta = now + DELTA_EVERY;
            }
            if !is_behind {
                self.clock.until(now + PAUSE).await;
            }
        }
        self.finish()
    }

    fn finish(mut self) -> Counted {
        let now = self.clock.now();
        for failed in std::mem::take(&mut self.state.ledger).end() {
            self.failed(failed);
        }
        for settled in std::mem::take(&mut self.state.fanout).end() {
            self.settle(settled);
        }
        self.end_holds();
        self.read_meter(now);
        self.recorder.close(self.pace.scenario(now));
        self.slicer.close(self.pace.scenario(now));
        self.hand_on();
        self.renew_progress(now);
        // Even a run of nothing has its sections.
        let (sections, timeline) = self.recorder.finish();
        self.state.body.add_delta(&sections, &timeline);
        let State { now: progress, body, complaints, .. } = self.state;
        Counted { body, progress, complaints }
    }

    fn read_meter(&mut self, now: RealMoment) {
        let Taken { from, to, usage } = self.meter.read(now);
        self.recorder.took(self.pace.scenario(from), self.pace.scenario(to), &usage);
        self.recorder.generator().cpu_peak_ppm = self.meter.peak_ppm();
    }

    fn renew_progress(&mut self, now: RealMoment) {
        let progress = &mut self.state.now;
        progress.now = self.pace.scenario(now);
        progress.to_review = self.state.to_review.len() as u64;
        progress.outstanding = (self.state.ledger.outstanding() + self.state.fanout.outstanding()) as u64;
        self.progress.send_replace(*progress);
        progress.lag = RealSpan::ZERO;
    }

    fn hand_on(&mut self) {
        let (sections, timeline) = self.recorder.drain_delta();
        let part = Body {
            sections,
            timeline,
            slices: self.slicer.drain_delta(),
            outcomes: std::mem::take(&mut self.state.outcomes),
            guests: std::mem::take(&mut self.state.guests),
            outcomes_truncated: false,
        };
        (self.parts)(&part);
        self.state.body.add(&part);
    }

    fn count(&mut self, note: &Note) {
        match *note {
            Note::Observed(ref observation) => {
                self.recorder.note(observation);
                self.slicer.note(observation);
                match observation {
                    Observation::Visit(outcome) => {
                        self.state.waiting.gone(outcome.visit);
                        self.state.outcomes.push(*outcome);
                    }
                    Observation::Room(RoomObservation::Visit(visit)) => self.state.guests.push(*visit),
                    _ => {}
                }
            }
            Note::Arrived => self.state.now.arrived += 1,
            Note::Done => self.state.now.done += 1,
            Note::Moved(from, to) => {
                if let Some(left) = self.counter(from) {
                    *left = left.saturating_sub(1);
                }
                if let Some(entered) = self.counter(to) {
                    *entered += 1;
                }
            }
            Note::Took => self.state.now.in_hand += 1,
            Note::LetGo => self.state.now.in_hand = self.state.now.in_hand.saturating_sub(1),
            Note::Lagged(..) | Note::Began(..) | Note::Dropped(..) => self.count_lag(note),
            Note::Asks(visit, now) => self.state.waiting.asks(visit, now),
            Note::Given(visit, free_since, read) => {
                if let Some((since, took)) = self.state.waiting.given(visit, free_since, read) {
                    self.recorder.routed(self.pace.scenario(since), took);
                }
            }
            Note::Sent(visit, toward, number, intended) => {
                self.sent(intended);
                self.state.ledger.sent(visit, toward, number, intended);
                self.count_missed();
            }
            Note::Received(token, read, withheld) => self.received(token, read, withheld),
            Note::HeldBack(visit, direction, hold) => self.hold(visit, direction, hold),
            Note::Throttled(ref why) => self.state.complaints.throttled.add(why),
            Note::Unwilling(ref why) => self.state.complaints.unwilling.add(why),
            Note::BrokeOff(ref why) => self.state.complaints.broke_off.add(why),
            Note::Nonsense(ref what) => self.state.complaints.nonsense.add(what),
            Note::BeyondSlots => self.state.complaints.beyond_slots += 1,
            Note::Told(from, to, ref told) => {
                self.recorder.target(self.pace.scenario(from), self.pace.scenario(to), told);
            }
            Note::Fetched(at, Fetch { page, took, good, .. }) => {
                self.recorder.fetched(page, self.pace.scenario(at), took, good);
            }
            Note::Over(..) | Note::Away(..) | Note::Back(..) | Note::WasAway(..) => {
                self.count_recipient(note);
            }
            Note::Entered(..)
            | Note::Posted(..)
            | Note::ToReview(..)
            | Note::Decided(..)
            | Note::Heard(..)
            | Note::AwayFromRoom(..)
            | Note::BackInRoom(..)
            | Note::Leaves(..)
            | Note::Left(..) => self.count_in_rooms(note),
            Note::Connected(..) | Note::NotConnected(..) | Note::Disconnected | Note::Failed(..) => {
                self.count_connection(note);
            }
            Note::TriedAgain(..) | Note::CameBack(..) | Note::GaveUp(..) => self.count_return(note),
        }
    }

    fn counter(&mut self, whereabouts: Whereabouts) -> Option<&mut u64> {
        match whereabouts {
            Whereabouts::Away => None,
            Whereabouts::Waiting => Some(&mut self.state.now.waiting),
            Whereabouts::InChat => Some(&mut self.state.now.in_chat),
            Whereabouts::InRoom => Some(&mut self.state.now.in_rooms),
        }
    }

    fn count_lag(&mut self, note: &Note) {
        let (Note::Lagged(intended, lag) | Note::Began(intended, lag) | Note::Dropped(intended, lag)) = *note
        else {
            return;
        };
        match note {
            Note::Began(..) => self.recorder.began(intended, lag),
            Note::Dropped(..) => self.recorder.dropped(intended, lag),
            _ => self.recorder.lagged(intended, lag),
        }
        self.state.now.lag = self.state.now.lag.max(lag);
    }

    fn count_connection(&mut self, note: &Note) {
        match *note {
            Note::Connected(meant, connected) => {
                self.state.now.open += 1;
                let generator = self.recorder.generator();
                generator.connections += 1;
                generator.peak_open = generator.peak_open.max(self.state.now.open);
                if let Some(traffic) = self.recorder.traffic(meant) {
                    traffic.attempts += 1;
                    if let Some(Stages { tcp, tls, upgrade }) = connected.stages {
                        traffic.connect_tcp.record_real(tcp);
                        tls.into_iter().for_each(|tls| traffic.connect_tls.record_real(tls));
                        upgrade.into_iter().for_each(|upgrade| traffic.connect_upgrade.record_real(upgrade));
                    }
                    connected.login.into_iter().for_each(|login| traffic.connect_login.record_real(login));
                }
            }
            Note::NotConnected(meant, failure) => {
                let generator = self.recorder.generator();
                generator.connections += 1;
                generator.unconnected += 1;
                generator.dropped_starts += u64::from(failure.is_none());
                if let Some(traffic) = self.recorder.traffic(meant) {
                    traffic.attempts += 1;
                    failure.into_iter().for_each(|failure| traffic.fail(failure));
                }
            }
            Note::Disconnected => self.state.now.open = self.state.now.open.saturating_sub(1),
            Note::Failed(at, failure) => {
                if let Some(traffic) = self.recorder.traffic(at) {
                    traffic.fail(failure);
                }
            }
            _ => {}
        }
    }

    fn sent(&mut self, intended: Moment) {
        if let Some(traffic) = self.recorder.traffic(intended) {
            traffic.messages.sent += 1;
        }
    }

    fn count_in_rooms(&mut self, note: &Note) {
        let fanout = &mut self.state.fanout;
        match *note {
            Note::Entered(spot, visit) => fanout.entered(spot, visit),
            Note::Posted(post, spot, fate, meant, now) => {
                match fate {
                    Fate::Published => fanout.posted(post, spot, meant, now),
                    Fate::Held => fanout.held(post, spot, meant),
                    Fate::Blocked => {}
                }
                self.sent(meant);
            }
            Note::ToReview(post) => drop(self.state.to_review.insert(post)),
            Note::Decided(post, passed, meant, now) => {
                self.state.to_review.remove(&post);
                fanout.decided(post, passed, meant, now);
            }
            Note::Heard(reading) => self.heard(reading),
            Note::AwayFromRoom(spot, visit) => fanout.away(spot, visit),
            Note::BackInRoom(spot, visit) => fanout.back(spot, visit),
            Note::Leaves(spot, visit, now) => fanout.leaves(spot, visit, now),
            Note::Left(spot, visit, whole) => fanout.left(spot, visit, whole),
            _ => {}
        }
        for settled in self.state.fanout.take_settled() {
            self.settle(settled);
        }
    }

    fn heard(&mut self, Reading { token, visit, receipt, since, read, withheld }: Reading) {
        match receipt {
            heard::Receipt::First { reordered } => {
                if let Part::OfGuest(number) = token.part {
                    self.state.fanout.received(PostId { author: token.visit, number }, visit, read);
                }
                self.delivered(Direction::ToGuest, token, read.since(since), Way { reordered, withheld });
            }
            heard::Receipt::Again => self.repeated(token),
        }
    }

    fn settle(&mut self, settled: Settled) {
        match settled {
            Settled::Lost(sent) => self.failed(Failed::Lost(sent)),
            Settled::Missed(sent) => self.failed(Failed::Missed(sent)),
            Settled::Spread { sent, since, last } => {
                self.recorder.fanned_out(sent, last.since(self.pace.real(since)));
            }
        }
    }
}
