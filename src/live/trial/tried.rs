//! What of a dialect was tried, and what was not.

use std::collections::{BTreeMap, BTreeSet};

use crate::base::time::RealSpan;
use crate::scenario::plan::dialect::{ActKind, DialectPlan, EventKind, Role, RolePlan};
use crate::wire::dialect::kind_of;
use crate::wire::messenger::{Act, Event};

/// What was tried, and came as it should.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tried {
    parts: [Part; Role::ALL.len()],
    /// How long two stayed connected without a word, at the most.
    pub stayed: RealSpan,
    /// Polls that asked for the same and were told the same again and again, and how often at the most.
    pub circles: BTreeMap<String, u32>,
}

/// What one role did and was told.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Part {
    done: BTreeSet<ActKind>,
    told: BTreeSet<EventKind>,
}

/// A role that was tried, in the words of the dialect.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RoleTried {
    /// Which.
    pub role: Role,
    /// Acts that it did.
    pub done: Vec<&'static str>,
    /// Events that it was told.
    pub told: Vec<&'static str>,
    /// Acts that the dialect has for it, and that it did not do.
    pub undone: Vec<&'static str>,
    /// Events of which the dialect might have told it, and did not.
    pub untold: Vec<&'static str>,
    /// What a desk has acts and events for, and the dialect none.
    pub lacking: Vec<&'static str>,
}

impl Part {
    /// What somebody at a desk with a queue of the server's own lacks.
    fn lacking(&self, plan: &RolePlan) -> Vec<&'static str> {
        let did = |kind: ActKind| self.done.contains(&kind);
        let (acts, event) = if did(ActKind::Open) {
            ([ActKind::Part, ActKind::Leave], EventKind::Closed)
        } else if did(ActKind::Ready) {
            ([ActKind::Part, ActKind::Rest], EventKind::Left)
        } else {
            return Vec::new();
        };
        let acts = acts.into_iter().filter(|kind| plan.acts[*kind as usize].is_none()).map(ActKind::word);
        acts.chain((!plan.told.contains(&event)).then_some(event.word())).collect()
    }
}

/// What there is to be said of a poll that went round in a circle so often.
#[must_use]
pub fn in_a_circle(times: u32) -> String {
    format!("the same answer {times} times to the same question: is the cursor kept?")
}

impl Tried {
    pub(super) fn add(&mut self, other: &Self) {
        for (part, other) in self.parts.iter_mut().zip(&other.parts) {
            part.done.extend(&other.done);
            part.told.extend(&other.told);
        }
        self.stayed = self.stayed.max(other.stayed);
        self.went_round(other.circles.clone());
    }

    /// Polls went round in a circle so often.
    pub(super) fn went_round(&mut self, circles: impl IntoIterator<Item = (String, u32)>) {
        for (poll, times) in circles {
            let most = self.circles.entry(poll).or_default();
            *most = times.max(*most);
        }
    }

    /// Somebody did this, as far as there is a word for it.
    pub(super) fn did(&mut self, role: Role, act: &Act, plan: &RolePlan) {
        let Some(kind) = kind_of(act) else { return };
        let first = (kind == ActKind::Connect).then_some(ActKind::Provision);
        let kinds = first.into_iter().chain([kind]);
        self.parts[role as usize].done.extend(kinds.filter(|kind| plan.does(*kind)));
    }

    /// Somebody was told this.
    pub(super) fn was_told(&mut self, role: Role, event: &Event) {
        self.parts[role as usize].told.extend(kind_of_event(event));
    }

    /// Every role that was tried, held against what `plan` has for it.
    #[must_use]
    pub fn roles(&self, plan: &DialectPlan) -> Vec<RoleTried> {
        let of = |role: Role| {
            let (part, plan) = (&self.parts[role as usize], &plan.roles[role as usize]);
            let words = |acts: &mut dyn Iterator<Item = ActKind>| acts.map(ActKind::word).collect::<Vec<_>>();
            let all = || ActKind::ALL.into_iter().map(|(kind, ..)| kind).filter(|kind| plan.does(*kind));
            let names = |events: &mut dyn Iterator<Item = &EventKind>| {
                events.filter(|kind| **kind != EventKind::TakenIn).map(|kind| kind.word()).collect::<Vec<_>>()
            };
            RoleTried {
                role,
                done: words(&mut all().filter(|kind| part.done.contains(kind))),
                told: names(&mut part.told.iter()),
                undone: words(&mut all().filter(|kind| !part.done.contains(kind))),
                untold: names(&mut plan.told.difference(&part.told)),
                lacking: part.lacking(plan),
            }
        };
        Role::ALL.into_iter().map(of).filter(|tried| !tried.done.is_empty()).collect()
    }
}

fn kind_of_event(event: &Event) -> Option<EventKind> {
    Some(match event {
        Event::Welcome { .. } => EventKind::Welcome,
        Event::Refused { .. } => EventKind::Refused,
        Event::Throttled { .. } => EventKind::Throttled,
        Event::Queued { .. } => EventKind::Queued,
        Event::Assigned { .. } => EventKind::Assigned,
        Event::Given { .. } => EventKind::Given,
        Event::Left { .. } => EventKind::Left,
        Event::Closed { .. } => EventKind::Closed,
        Event::OnDuty => EventKind::OnDuty,
        Event::Typing { .. } => EventKind::Typing,
        Event::Told { .. } => EventKind::Told,
        Event::Entered { .. } => EventKind::Entered,
        Event::Joined => EventKind::Joined,
        Event::Parted => EventKind::Parted,
        Event::Posted { .. } => EventKind::Posted,
        // What is told without the dialect.
        _ => return None,
    })
}
