//! What a record must know of a room or a portal.

use serde::{Deserialize, Serialize};

use crate::base::figures::{KnownVenue, VenueWord};
use crate::base::id::DeskId;
use crate::base::time::{Moment, Span};
use crate::metrics::recorder::VenueLayout;
use crate::scenario::plan::rooms::{ModerationMode, Opening, VenueKind, VenuePlan};

/// One room, or a portal of many.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct VenueSetting {
    /// Its name: the second word of its figures.
    pub name: String,
    /// Whether it is a portal.
    pub portal: bool,
    /// How many rooms.
    pub rooms: u32,
    /// When they are open, from then to then, in nanoseconds; none: always.
    pub open: Option<Vec<(u64, u64)>>,
    /// How messages are moderated, as it would be typed: `none`, `before` or `after`.
    pub moderation: String,
    /// How many moderators.
    pub moderators: u32,
    /// What a paid second of each costs.
    pub wage_per_sec: f64,
    /// The number of the desk that takes what nobody answers, if there is one.
    pub turns_to: Option<u16>,
    /// The share of its visits that must meet somebody for a room to be alive.
    pub alive: f64,
}

impl VenueSetting {
    pub(super) fn of(plan: &VenuePlan, length: Span) -> Self {
        let opening = |opening: Opening| (opening.from.nanos(), opening.to.nanos());
        Self {
            name: plan.name.clone(),
            portal: matches!(plan.kind, VenueKind::Portal { .. }),
            rooms: plan.rooms(),
            open: plan.open.is_some().then(|| plan.openings(length).map(opening).collect()),
            moderation: mode(plan.moderation.mode).to_owned(),
            moderators: plan.moderation.moderators,
            wage_per_sec: plan.moderation.wage_per_sec,
            turns_to: plan.deflects.map(|deflects| deflects.desk.0),
            alive: plan.alive,
        }
    }

    /// The words that its figures begin with: `room.NAME` or `portal.NAME`.
    #[must_use]
    pub fn prefix(&self) -> String {
        format!("{}.{}", self.word().name(), self.name)
    }

    /// Whether its moderators cost anything.
    #[must_use]
    pub fn costs(&self) -> bool {
        self.moderators > 0 && self.wage_per_sec > 0.0
    }

    const fn word(&self) -> VenueWord {
        if self.portal { VenueWord::Portal } else { VenueWord::Room }
    }

    pub(super) fn layout(&self) -> VenueLayout {
        let opening = |&(from, to): &(u64, u64)| (Moment::from_nanos(from), Moment::from_nanos(to));
        VenueLayout {
            rooms: self.rooms,
            open: self.open.as_ref().map(|openings| openings.iter().map(opening).collect()),
            turns_to: self.turns_to.map(DeskId),
        }
    }

    pub(super) fn known(&self) -> KnownVenue {
        KnownVenue {
            word: self.word(),
            name: self.name.clone(),
            costs: self.costs(),
            deflects: self.turns_to.is_some(),
        }
    }
}

const fn mode(mode: ModerationMode) -> &'static str {
    match mode {
        ModerationMode::None { .. } => "none",
        ModerationMode::Before => "before",
        ModerationMode::After { .. } => "after",
    }
}
