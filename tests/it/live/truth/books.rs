//! What a server's account says of a run: when each message was passed on, and what befell it on purpose.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Write};
use std::sync::{Arc, Mutex};

use causerie::base::id::VisitId;
use causerie::base::time::{Moment, RealMoment};
use causerie::live::Played;
use causerie::metrics::histogram::Distribution;
use causerie::metrics::tally::TrafficTally;
use causerie::net::clock::Pace;
use causerie::scenario::plan::Plan;
use causerie::server::account::{Deed, Entry, FORMAT, Head, Sink};
use causerie::wire::token::{Part, Token};

/// An account in memory.
#[derive(Clone, Default)]
pub(super) struct Paper(Arc<Mutex<Vec<u8>>>);

impl Write for Paper {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Paper {
    pub(super) fn sink(&self) -> Sink {
        Sink::new(self.clone())
    }

    /// What stands there of the messages whose intended instant counts in this run.
    pub(super) fn books(&self, plan: &Plan, played: &Played) -> Books {
        Books::read(std::str::from_utf8(&self.0.lock().unwrap()).unwrap(), plan, played)
    }
}

/// See the module.
#[derive(Debug, Default)]
pub(super) struct Books {
    /// Everything, in order.
    pub(super) deeds: Vec<Deed>,
    /// The messages that the server read.
    pub(super) received: BTreeSet<String>,
    /// From the intended instant to that at which a message was passed on to a recipient, in seconds.
    pub(super) delivery: Vec<f64>,
    pub(super) dropped: u64,
    /// By one who was away: it was not passed on, or did not arrive.
    pub(super) missed: u64,
    pub(super) duplicated: u64,
    /// As RFC 4737 has it, by recipient, sender and conversation.
    pub(super) reordered: u64,
}

/// For how long a machine that is busy leaves somebody waiting now and then.
const A_FEW_TURNS_SECS: f64 = 0.02;

/// A recipient, and whose message it is in which conversation.
type Stream = (u64, VisitId, u8);

impl Books {
    fn read(text: &str, plan: &Plan, played: &Played) -> Self {
        let mut lines = text.lines();
        let head: Head = serde_json::from_str(lines.next().unwrap()).unwrap();
        assert_eq!(head.account, FORMAT);
        let mut reader = Reader {
            pace: Pace::new(played.origin, plan.run.speed),
            window: Moment::ZERO + plan.warm_up..Moment::ZERO + plan.length,
            shift: i128::from(head.epoch_unix_nanos) - i128::from(played.epoch_unix_nanos),
            next: BTreeMap::new(),
            missed: BTreeSet::new(),
            books: Self::default(),
        };
        let mut last = 0;
        let entry = |line| serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}"));
        let entries: Vec<Entry> = lines.map(entry).collect();
        // That a message did not arrive is known when its recipient is back.
        reader.missed = entries.iter().filter_map(missed).collect();
        for entry in entries {
            assert!(entry.at >= last, "{entry:?}");
            last = entry.at;
            reader.enter(&entry);
            reader.books.deeds.push(entry.deed);
        }
        let mut books = reader.books;
        books.delivery.sort_by(f64::total_cmp);
        books
    }

    /// How often the account says something of the kind.
    pub(super) fn count(&self, is_so: impl Fn(&Deed) -> bool) -> u64 {
        self.deeds.iter().filter(|deed| is_so(deed)).count() as u64
    }

    fn quantile_secs(&self, q: f64) -> f64 {
        let rank = (q * self.delivery.len() as f64).ceil() as usize;
        self.delivery[rank.max(1) - 1]
    }

    /// The report counts the same deliveries, and as many that came twice or late.
    #[track_caller]
    pub(super) fn confirm_counts(&self, traffic: &TrafficTally<Distribution>) {
        let (messages, delivered) = (&traffic.messages, traffic.delivery().count);
        assert_eq!(delivered, self.delivery.len() as u64, "{messages:?}");
        assert_eq!(messages.delivered, delivered);
        let counted = (messages.duplicated, messages.reordered);
        assert_eq!(counted, (self.duplicated, self.reordered), "duplicated, reordered");
    }

    /// The report says the same: [`Self::confirm_counts`], and every percentile within 1 % or 1 ms, and within what the generator
    /// says of its own lag, if that is no more than a few turns of a machine that others use too: a p99.9 of some thousand is one or
    /// two messages. The lag is looked at ten times as far out, since one bad moment delays all who are told the same.
    #[track_caller]
    pub(super) fn confirm(&self, traffic: &TrafficTally<Distribution>) {
        self.confirm_counts(traffic);
        let (delivery, lag) = (traffic.delivery(), &traffic.generator.lag);
        assert!(delivery.count > 1_000, "too few for a p99.9: {}", delivery.count);
        for q in [0.5, 0.9, 0.95, 0.99, 0.999] {
            let (reported, true_secs) = (delivery.quantile_secs(q).unwrap(), self.quantile_secs(q));
            let off = (reported - true_secs).abs();
            let late_secs = lag.quantile_secs(1.0 - (1.0 - q) / 10.0).unwrap().min(A_FEW_TURNS_SECS);
            let within = (true_secs * 0.01).max(0.001) + late_secs;
            assert!(off <= within, "p{}: {reported} s and {true_secs} s, {late_secs} s late", q * 100.0);
        }
    }
}

/// The message that an entry says was missed, and by which connection it went.
fn missed(entry: &Entry) -> Option<(String, u64)> {
    match &entry.deed {
        Deed::Missed { token, client } => Some((token.clone(), *client)),
        _ => None,
    }
}

struct Reader {
    pace: Pace,
    window: std::ops::Range<Moment>,
    /// From the server's stamps to the run's, in nanoseconds.
    shift: i128,
    next: BTreeMap<Stream, (u32, BTreeSet<u32>)>,
    missed: BTreeSet<(String, u64)>,
    books: Books,
}

impl Reader {
    fn counts(&self, token: &Token) -> bool {
        self.window.contains(&self.pace.scenario(token.intended))
    }

    fn enter(&mut self, entry: &Entry) {
        let token = |token: &str| Token::decode(token).unwrap();
        match &entry.deed {
            Deed::Received { token: text, .. } if self.counts(&token(text)) => {
                assert!(self.books.received.insert(text.clone()), "{text} was read twice");
            }
            Deed::Dropped { token: text, .. } if self.counts(&token(text)) => self.books.dropped += 1,
            Deed::Unsent { token: text, .. } | Deed::Missed { token: text, .. }
                if self.counts(&token(text)) =>
            {
                self.books.missed += 1;
            }
            Deed::Forwarded { token: text, client } if self.missed.contains(&(text.clone(), *client)) => {}
            Deed::Duplicated { token: text, client } => {
                assert!(
                    !self.pass_on(&token(text), *client, entry.at),
                    "the first of {text} is no duplicate"
                );
            }
            Deed::Forwarded { token: text, client } => {
                assert!(self.pass_on(&token(text), *client, entry.at), "{text} is passed on as if anew");
            }
            _ => {}
        }
    }

    /// A message goes out to `client`; whether for the first time.
    fn pass_on(&mut self, token: &Token, client: u64, at: u64) -> bool {
        let (kind, number) = match token.part {
            Part::OfVisitor(number) => (1, number),
            Part::OfAgent(number) => (2, number),
            Part::OfGuest(number) => (3, number),
            Part::Opening(_) => panic!("an opening is no message"),
        };
        let counts = self.counts(token);
        let (next, seen) = self.next.entry((client, token.visit, kind)).or_default();
        let is_first = seen.insert(number);
        let is_late = number < *next;
        *next = (*next).max(number + 1);
        match (counts, is_first) {
            (false, _) => {}
            (true, true) => {
                let stamp = RealMoment::from_nanos((i128::from(at) + self.shift) as u64);
                self.books.delivery.push(stamp.since(token.intended).secs());
                self.books.reordered += u64::from(is_late);
            }
            (true, false) => self.books.duplicated += 1,
        }
        is_first
    }
}
