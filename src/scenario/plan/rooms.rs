//! Rooms, portals of many rooms, and their guests and moderators, resolved.

use crate::base::dist::Law;
use crate::base::id::DeskId;
use crate::base::time::{Moment, Span};
use crate::base::words::rooms::{Fate, Role};

use super::ArrivalPlan;

/// The most rooms that a portal may have.
pub const MOST_ROOMS: u32 = 100_000;

/// A community room, or a portal of many rooms that are alike but for their popularity.
#[derive(Clone, Debug)]
pub struct VenuePlan {
    /// Its name: the second word of its figures.
    pub name: String,
    /// A room or a portal: the first word of its figures.
    pub kind: VenueKind,
    /// When its guests come: never while it is closed.
    pub arrivals: ArrivalPlan,
    /// When it is open, in order, without touching, each beginning in [0, length); `None`: always.
    pub open: Option<Vec<Opening>>,
    /// How long a guest stays, in company (without [`Self::alone_patience`], in any case).
    pub stay: Law,
    /// How long a guest alone waits for company, drawn anew each time; `None`: alone or not, the stay runs.
    pub alone_patience: Option<Law>,
    /// The shares of lurkers, occasional and regular guests, as in [`Role::ALL`]; they add up to 1.
    pub roles: [f64; Role::ALL.len()],
    /// Messages a second of a guest in company, by role; a lurker's are 0.
    pub talk_per_sec: [f64; Role::ALL.len()],
    /// Words in a message.
    pub words: Law,
    /// What guests want to know.
    pub questions: QuestionPlan,
    /// The messages that do harm.
    pub harm: HarmPlan,
    /// What is done about them.
    pub moderation: ModerationPlan,
    /// Who comes back; `None`: nobody.
    pub returns: Option<ReturnPlan>,
    /// What it has to do with a desk; `None`: nothing.
    pub deflects: Option<DeflectPlan>,
    /// The share of its visits that must meet somebody for a room to be alive.
    pub alive: f64,
}

/// One room, or many.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum VenueKind {
    /// One room.
    Room,
    /// Many rooms, the k-th of which is chosen with a probability proportional to k^−exponent.
    Portal {
        /// How many; at least 1.
        rooms: u32,
        /// Zipf's exponent; 0: all are as popular.
        exponent: f64,
    },
}

/// A stretch of time in which a room is open: [from, to).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Opening {
    /// Its start.
    pub from: Moment,
    /// Its end.
    pub to: Moment,
}

/// What guests want to know. A question is put on entering, to whoever is there.
#[derive(Clone, Debug, PartialEq)]
pub struct QuestionPlan {
    /// The share of visits that come with one.
    pub share: f64,
    /// The probability that an active guest who reads one answers it, independently of the others.
    pub answered_by: f64,
    /// How long after reading it.
    pub after: Law,
}

/// The messages that do harm.
#[derive(Clone, Debug, PartialEq)]
pub struct HarmPlan {
    /// Their share of all messages.
    pub share: f64,
    /// A message has scrolled away when so many have followed it in its room; at least 1.
    pub screen: u32,
    /// The probability that a guest who sees one reports it.
    pub reported_by: f64,
    /// How long after seeing it.
    pub after: Law,
}

/// What is done about messages that do harm.
#[derive(Clone, Debug, PartialEq)]
pub struct ModerationPlan {
    /// Before messages are published, after, or not at all.
    pub mode: ModerationMode,
    /// An automatic filter; `None`: none.
    pub filter: Option<FilterPlan>,
    /// Who reviews, for all rooms together. At least 1 where anything is ever reviewed.
    pub moderators: u32,
    /// What a paid second of each costs, in the scenario's money.
    pub wage_per_sec: f64,
    /// How long a review takes.
    pub review: Law,
}

/// When messages are reviewed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ModerationMode {
    /// Nobody reviews anything. A message that so many guests have reported is hidden; `None`: it stays.
    None {
        /// Reports that it takes.
        hidden_after: Option<u32>,
    },
    /// Every message is held until a moderator has passed it.
    Before,
    /// Messages are published at once and reviewed later, those that were reported first.
    After {
        /// Whether only those are reviewed that somebody reported.
        reported_only: bool,
    },
}

/// What a venue does with messages, as far as that does not depend on people.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rules {
    /// What is done about those that do harm.
    pub mode: ModerationMode,
    /// Whether what the automatic filter flags is held; otherwise it is blocked.
    pub filter_holds: bool,
    /// A message has scrolled away when so many have followed it in its room; at least 1.
    pub screen: u32,
}

impl Rules {
    /// What becomes of a message when it is sent; `suspect`: the automatic filter flags it.
    #[must_use]
    pub const fn fate(&self, suspect: bool) -> Fate {
        match (suspect, self.mode) {
            (true, _) if self.filter_holds => Fate::Held,
            (true, _) => Fate::Blocked,
            (false, ModerationMode::Before) => Fate::Held,
            (false, _) => Fate::Published,
        }
    }
}

/// An automatic filter.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct FilterPlan {
    /// The share of harmful messages that it flags.
    pub catches: f64,
    /// The share of others that it flags.
    pub mistakes: f64,
    /// Whether a message that it flags is held for a moderator; otherwise it is blocked.
    pub holds: bool,
}

/// Who comes back: after each visit, with a probability that depends on how it was.
#[derive(Clone, Debug, PartialEq)]
pub struct ReturnPlan {
    /// Of who met somebody and was not left without an answer.
    pub met: f64,
    /// Of who was left without an answer in company.
    pub unanswered: f64,
    /// Of who met nobody.
    pub alone: f64,
    /// How long after the visit.
    pub after: Law,
}

/// What a room has to do with a desk.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct DeflectPlan {
    /// The share of questions that would go to the desk if there were no room: answered they are deflected, unanswered
    /// they go there when the guest leaves.
    pub share: f64,
    /// The desk.
    pub desk: DeskId,
}

impl VenuePlan {
    /// How many rooms it has.
    #[must_use]
    pub const fn rooms(&self) -> u32 {
        match self.kind {
            VenueKind::Room => 1,
            VenueKind::Portal { rooms, .. } => rooms,
        }
    }

    /// Whether its moderators cost anything.
    #[must_use]
    pub fn costs(&self) -> bool {
        self.moderation.moderators > 0 && self.moderation.wage_per_sec > 0.0
    }

    /// What it does with messages.
    #[must_use]
    pub fn rules(&self) -> Rules {
        let filter_holds = self.moderation.filter.is_some_and(|filter| filter.holds);
        Rules { mode: self.moderation.mode, filter_holds, screen: self.harm.screen }
    }

    /// The first word of its figures.
    #[must_use]
    pub const fn word(&self) -> &'static str {
        match self.kind {
            VenueKind::Room => "room",
            VenueKind::Portal { .. } => "portal",
        }
    }

    /// The opening in which `at` lies; all time where it is always open, `None` while it is closed.
    #[must_use]
    pub fn opening_at(&self, at: Moment) -> Option<Opening> {
        match &self.open {
            None => Some(Opening { from: Moment::ZERO, to: Moment::NEVER }),
            Some(openings) => {
                let next = openings.partition_point(|opening| opening.to <= at);
                openings.get(next).copied().filter(|opening| opening.from <= at)
            }
        }
    }

    /// The first opening that begins after `at`.
    #[must_use]
    pub fn opening_after(&self, at: Moment) -> Option<Opening> {
        let openings = self.open.as_ref()?;
        openings.get(openings.partition_point(|opening| opening.from <= at)).copied()
    }

    /// Whether it is open at some time of [`from`, `to`).
    #[must_use]
    pub fn opens_within(&self, from: Moment, to: Moment) -> bool {
        from < to
            && (self.opening_at(from).is_some() || self.opening_after(from).is_some_and(|o| o.from < to))
    }

    /// Every opening within [`Moment::ZERO`, `length`).
    pub fn openings(&self, length: Span) -> impl Iterator<Item = Opening> {
        let end = Moment::ZERO + length;
        let always = [Opening { from: Moment::ZERO, to: end }];
        let openings = self.open.clone().unwrap_or_else(|| always.to_vec());
        openings.into_iter().filter(move |o| o.from < end).map(move |o| Opening { to: o.to.min(end), ..o })
    }

    /// The probability of each room to be chosen, the most popular first.
    #[must_use]
    pub fn popularity(&self) -> Vec<f64> {
        let VenueKind::Portal { rooms, exponent } = self.kind else { return vec![1.0] };
        let weights: Vec<f64> = (1..=rooms).map(|k| libm::pow(f64::from(k), -exponent)).collect();
        let sum: f64 = weights.iter().sum();
        weights.into_iter().map(|weight| weight / sum).collect()
    }

    /// Whether anything is ever reviewed.
    #[must_use]
    pub fn reviews(&self) -> bool {
        self.rules().filter_holds || !matches!(self.moderation.mode, ModerationMode::None { .. })
    }
}
