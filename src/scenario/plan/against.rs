//! A plan as a chat server can play it that is not our own.

use super::rooms::ModerationMode;
use super::target::{ChatPlan, QueuePlan};
use super::{AtShiftEnd, DeskPlan, Plan};
use crate::base::time::Span;

impl Plan {
    /// The same plan without what this server has no word for, and what that is, in sentences. Its twin plays no more than that.
    #[must_use]
    pub fn against(mut self, chat: &ChatPlan) -> (Self, Vec<String>) {
        let mut left_out = Vec::new();
        let dialect = chat.dialect.name();
        for venue in &mut self.venues {
            let nothing = ModerationMode::None { hidden_after: None };
            let moderation = &mut venue.moderation;
            if moderation.mode != nothing || moderation.filter.is_some() {
                left_out.push(format!(
                    "{}: nobody moderates in this run, and nothing is filtered: {dialect} has no word for it.",
                    venue.name
                ));
            }
            (moderation.mode, moderation.filter, moderation.moderators) = (nothing, None, 0);
        }
        if matches!(chat.queue, QueuePlan::Server { .. }) {
            for desk in self.desks.iter_mut().filter(|desk| !desk.is_phone()) {
                if desk.manners.ramp_up > Span::ZERO {
                    left_out.push(format!("{}: no ramp-up: the server gives chats as it likes.", desk.name));
                    desk.manners.ramp_up = Span::ZERO;
                }
            }
        }
        (self, left_out)
    }
}

/// Why no server could give the chats of these desks to agents by itself, if so.
#[must_use]
pub fn why_not_by_server(desks: &[DeskPlan]) -> Option<&'static str> {
    let mut chats = desks.iter().filter(|desk| !desk.is_phone());
    let first = chats.next()?;
    if chats.next().is_some() {
        return Some("several desks, where the server's own queue is one");
    }
    transfers(first).then_some("transfers from agent to agent, which are the testbed's own")
}

/// Whether its agents ever pass a visitor on.
fn transfers(desk: &DeskPlan) -> bool {
    let hands_over = desk.manners.at_shift_end == AtShiftEnd::HandOver;
    let has_shifts = desk.groups.iter().any(|group| !group.shifts.is_empty());
    desk.mistaken > 0.0 && desk.topics.len() > 1 || hands_over && has_shifts
}
