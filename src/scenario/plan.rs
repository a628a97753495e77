//! The plan: a scenario resolved. Every default is filled in, every name is an index, every unit is gone, and what
//! makes no sense cannot be written down. Nothing downstream of `scenario` sees the YAML.

pub mod against;
mod arrivals;
mod desk;
pub mod dialect;
pub mod faults;
pub mod reconnect;
pub mod rooms;
pub mod site;
mod staff;
mod talk;
pub mod target;
mod valid;

use crate::base::id::{DeskId, ModeratorId, PopulationId, VenueId};
use crate::base::time::Span;

use super::gate::Gate;
use faults::Faults;
use reconnect::ReconnectPlan;
use rooms::VenuePlan;
use site::SitePlan;
use target::TargetPlan;

pub use arrivals::{ArrivalPlan, Burst, RatePiece, RetryPlan};
pub use desk::{
    CallbackPlan, ChannelMix, DeskKind, DeskPlan, DevicePlan, EscalationPlan, LeavingPlan, OfferPlan,
    SalesPlan, Served, ServiceLevelPlan,
};
pub use staff::{AtShiftEnd, BreakPlan, CallPolicy, DualPlan, GroupPlan, MannersPlan, Routing, ShiftPlan};
pub use talk::{Content, FatiguePlan, MOST_WORDS, MessagePlan, ReplyPlan, TalkPlan, TopicPlan, words_said};
pub use valid::ValidPlan;

/// Replications at the most: the record keeps a section of each.
pub const MOST_REPLICATIONS: u32 = 100_000;
/// The most visitors that all bursts of a population may have: they are held in memory.
pub const MOST_IN_BURSTS: u64 = 5_000_000;

/// What a scenario says, resolved.
#[derive(Clone, Debug)]
pub struct Plan {
    /// The scenario's name.
    pub name: String,
    /// The seed of every draw.
    pub seed: u64,
    /// Arrivals come in [0, length).
    pub length: Span,
    /// The cohort of every figure are those who were meant to start in [warm_up, length).
    pub warm_up: Span,
    /// How many independent replications `simulate` runs; at least 1.
    pub replications: u32,
    /// When the scenario starts, where it says so: its calendar, for labels and for profiles.
    pub start: Option<jiff::Zoned>,
    /// The desks, the phone pool last. At least one desk, or one venue.
    pub desks: Vec<DeskPlan>,
    /// The rooms and the portals of many rooms.
    pub venues: Vec<VenuePlan>,
    /// The phone pool, where there is one.
    pub phone: Option<DeskId>,
    /// What becomes of those who wait when the doors close, at `length`.
    pub close: AtClose,
    /// The currency of every cost and price, where there are any: `EUR`.
    pub money: Option<String>,
    /// What `run` does unless told otherwise.
    pub run: RunPlan,
    /// The thresholds, in the order in which they were typed.
    pub gates: Vec<Gate>,
}

/// What becomes of those who wait when the doors close.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AtClose {
    /// They are served: who is on duty then stays until nobody waits.
    Serve,
    /// They are sent away: refused.
    Dismiss,
}

/// What `run` does unless told otherwise.
#[derive(Clone, Debug, PartialEq)]
pub struct RunPlan {
    /// Scenario seconds in a real second.
    pub speed: f64,
    /// Instead of the scenario's length.
    pub length: Span,
    /// Instead of the scenario's warm-up.
    pub warm_up: Span,
    /// How long, in scenario time, everybody is let finish after `length`.
    pub drain: Span,
    /// How those come back whose connection breaks; `None`: they do not.
    pub reconnect: Option<ReconnectPlan>,
    /// The chat server; `None`: the embedded one.
    pub target: Option<TargetPlan>,
    /// The site around the chat, where it is visited too.
    pub site: Option<SitePlan>,
    /// What the embedded one does wrong, on purpose.
    pub faults: Option<Faults>,
    /// What makes it valid.
    pub valid: ValidPlan,
}

impl Plan {
    /// The desk of this number.
    #[must_use]
    pub fn desk(&self, desk: DeskId) -> &DeskPlan {
        &self.desks[desk.index()]
    }

    /// Every desk with its number.
    pub fn desk_ids(&self) -> impl Iterator<Item = (DeskId, &DeskPlan)> {
        self.desks.iter().enumerate().map(|(i, desk)| (DeskId(i as u16), desk))
    }

    /// The venue of this number.
    #[must_use]
    pub fn venue(&self, venue: VenueId) -> &VenuePlan {
        &self.venues[venue.index()]
    }

    /// Every venue with its number.
    pub fn venue_ids(&self) -> impl Iterator<Item = (VenueId, &VenuePlan)> {
        self.venues.iter().enumerate().map(|(i, venue)| (VenueId(i as u16), venue))
    }

    /// Every moderator, with the venue.
    pub fn moderator_ids(&self) -> impl Iterator<Item = (VenueId, ModeratorId)> {
        self.venue_ids()
            .flat_map(|(id, venue)| (0..venue.moderation.moderators).map(move |n| (id, ModeratorId(n))))
    }

    /// Everybody who serves, on duty or not: agents, and moderators.
    #[must_use]
    pub fn staff(&self) -> u64 {
        let agents: u64 = self.desks.iter().map(|desk| u64::from(desk.own_agents())).sum();
        agents + self.moderator_ids().count() as u64
    }

    /// Those who come to a desk.
    #[must_use]
    pub const fn visitors_of(desk: DeskId) -> PopulationId {
        PopulationId(desk.0)
    }

    /// Those who come to a venue.
    #[must_use]
    pub fn guests_of(&self, venue: VenueId) -> PopulationId {
        PopulationId(self.desks.len() as u16 + venue.0)
    }

    /// The venue whose guests these are; `None` of a desk's visitors.
    #[must_use]
    pub fn venue_of(&self, population: PopulationId) -> Option<VenueId> {
        let venue = population.index().checked_sub(self.desks.len())?;
        (venue < self.venues.len()).then_some(VenueId(venue as u16))
    }

    /// The desk at which a population asks to be served: its own, or the one to which a venue's guests turn. `None`: none
    /// at all.
    #[must_use]
    pub fn desk_of(&self, population: PopulationId) -> Option<DeskId> {
        match self.venue_of(population) {
            Some(venue) => self.venue(venue).deflects.as_ref().map(|deflects| deflects.desk),
            None => (population.index() < self.desks.len()).then_some(DeskId(population.0)),
        }
    }

    /// The name and the arrivals of every population, in their order.
    pub fn populations(&self) -> impl Iterator<Item = (&str, &ArrivalPlan)> {
        let desks = self.desks.iter().map(|desk| (desk.name.as_str(), &desk.arrivals));
        desks.chain(self.venues.iter().map(|venue| (venue.name.as_str(), &venue.arrivals)))
    }

    /// The same plan as `run` plays it: its length and its warm-up.
    #[must_use]
    pub fn as_run(mut self) -> Self {
        self.length = self.run.length;
        self.warm_up = self.run.warm_up;
        self
    }

    /// The same plan with `factor` times the arrivals; the agents stay.
    ///
    /// # Errors
    /// In words, when a population's bursts would be of more than [`MOST_IN_BURSTS`].
    pub fn scaled(mut self, factor: f64) -> Result<Self, String> {
        let desks = self.desks.iter_mut().map(|desk| (&desk.name, &mut desk.arrivals));
        let venues = self.venues.iter_mut().map(|venue| (&venue.name, &mut venue.arrivals));
        for (name, arrivals) in desks.chain(venues) {
            arrivals.scale(factor);
            let visitors = arrivals.in_bursts();
            if visitors > MOST_IN_BURSTS {
                return Err(format!(
                    "{name}: bursts of {visitors} visitors; at most {MOST_IN_BURSTS} in all bursts together are possible"
                ));
            }
        }
        Ok(self)
    }
}
