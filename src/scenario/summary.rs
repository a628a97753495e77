//! What load a scenario expects: the paragraph that `check` prints when all is well. Arithmetic on means, no queueing
//! formula: whether it will do is for `simulate` to say.

mod rooms;
mod site;

use std::fmt::Write as _;

use crate::base::dist::Law;
use crate::base::time::{Moment, Span};

use super::duty::Duty;
use super::plan::{ArrivalPlan, Content, DeskPlan, GroupPlan, Plan, TopicPlan};
use super::quantity::{duration_text, plain};
pub use rooms::VenueLoad;

/// The expected load of one desk.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Load {
    /// Visitors of its own expected in all of the scenario, and those who come to it from elsewhere.
    pub visitors: f64,
    /// The most expected in any quarter of an hour, per hour (of its own visitors; of the whole where it is shorter).
    pub busiest_per_hour: f64,
    /// Conversations that would be in progress on average with nobody waiting and nobody giving up: erlangs of work at
    /// the pace of an agent who holds one. Of conversations played message by message, the agents' attention alone.
    pub offered_erlangs: f64,
    /// Conversations' worth of work that all agents on duty get done at once when every slot is in use, in the same
    /// unit, averaged over the scenario. Agents who chat and take calls count at both.
    pub capacity_erlangs: f64,
    /// Agents on duty at once, at the most.
    pub agents: u32,
    /// Conversations that they can hold.
    pub slots: u32,
    /// The part of all slots that is needed when every slot is in use, wrap-up included. Above 1 the queue grows until
    /// people give up.
    pub slots_needed: f64,
}

impl Load {
    /// Offered work over what can be done, or slots needed over slots, whichever is more. Above 1 the queue grows until
    /// people give up.
    #[must_use]
    pub fn utilisation(&self) -> f64 {
        self.slots_needed.max(self.attention())
    }

    fn attention(&self) -> f64 {
        self.offered_erlangs / self.capacity_erlangs
    }
}

impl Plan {
    /// The expected load of every desk, in the order of the plan.
    #[must_use]
    pub fn loads(&self) -> Vec<Load> {
        self.desks.iter().map(|desk| load(self, desk)).collect()
    }

    /// The expected load in one paragraph.
    #[must_use]
    pub fn summary(&self) -> String {
        let who = if self.desks.is_empty() { "guests" } else { "visitors" };
        let mut text = format!("{}: {} of {who}", self.name, duration_text(self.length));
        if self.warm_up > Span::ZERO {
            let _ = write!(text, ", the first {} left out", duration_text(self.warm_up));
        }
        text.push('.');
        for (desk, load) in self.desks.iter().zip(self.loads()) {
            sentence(&mut text, self, desk, &load);
        }
        for (venue, load) in self.venues.iter().zip(self.venue_loads()) {
            rooms::sentence(&mut text, self, venue, &load);
        }
        self.run.site.iter().for_each(|site| site::sentence(&mut text, site));
        text
    }

    /// What the load makes likely and nobody may have meant.
    #[must_use]
    pub fn overloads(&self) -> Vec<String> {
        let endless = |(desk, load): (&DeskPlan, Load)| {
            (load.utilisation() >= 1.0 && desk.patience.is_none()).then(|| {
                format!(
                    "{}: more work comes than can be done ({}%) and nobody gives up: the queue grows without end",
                    desk.name,
                    percent(load.utilisation())
                )
            })
        };
        self.desks.iter().zip(self.loads()).filter_map(endless).collect()
    }
}

fn load(plan: &Plan, desk: &DeskPlan) -> Load {
    let visitors = own(plan, desk) * desk.start.chat + from_desks(plan, desk);
    let most = |group: &GroupPlan| Duty::of(std::slice::from_ref(group)).most(plan.length);
    Load {
        visitors,
        busiest_per_hour: busiest_per_hour(plan, &desk.arrivals) * desk.start.chat,
        offered_erlangs: visitors * mean_work_secs(desk) / plan.length.secs(),
        capacity_erlangs: capacity_erlangs(plan, desk),
        agents: Duty::of(&desk.groups).most(plan.length),
        slots: desk.groups.iter().map(|group| most(group) * group.concurrency).sum(),
        slots_needed: visitors / plan.length.secs() / handled_per_sec(plan, desk),
    }
}

/// Visitors of its own, wherever they ask first.
fn own(plan: &Plan, desk: &DeskPlan) -> f64 {
    desk.arrivals.expected(Moment::ZERO, Moment::ZERO + plan.length)
}

fn mean_work_secs(desk: &DeskPlan) -> f64 {
    desk.topics.iter().map(|topic| topic.share * topic.content.mean_work_secs()).sum()
}

/// How many agents of a group are there on average, those kept from this desk left out.
fn present(plan: &Plan, desk: &DeskPlan, group: &GroupPlan) -> f64 {
    let kept = group.dual.map_or(0, |dual| dual.reserve);
    let on_duty = Duty::of(std::slice::from_ref(group)).mean(plan.length);
    (on_duty * (1.0 - desk.manners.shrinkage) - f64::from(kept)).max(0.0)
}

/// How much longer a chat takes an agent of the group whose slots are all in use.
fn full_stretch(group: &GroupPlan) -> f64 {
    group.stretch.last().copied().unwrap_or(1.0)
}

fn capacity_erlangs(plan: &Plan, desk: &DeskPlan) -> f64 {
    let at_once = |group: &GroupPlan| {
        if desk.talks() { 1.0 } else { f64::from(group.concurrency) / full_stretch(group) }
    };
    desk.groups.iter().map(|group| present(plan, desk, group) * at_once(group)).sum()
}

/// Conversations that all slots together can take in a second when every one is in use, with agents who are never
/// behind with their replies.
fn handled_per_sec(plan: &Plan, desk: &DeskPlan) -> f64 {
    let mean = |law: &Option<Law>| law.as_ref().map_or(0.0, Law::mean);
    let around = mean(&desk.manners.accept) + mean(&desk.manners.wrap_up);
    let held_secs = |topic: &TopicPlan, group: &GroupPlan| match &topic.content {
        Content::Work(law) => law.mean() * full_stretch(group),
        Content::Talk(talk) => {
            let types = desk.devices.iter().map(|device| device.share / device.words_per_sec).sum::<f64>();
            let turn = talk.think.mean() + talk.words.mean() * types;
            topic.content.mean_work_secs() + (talk.exchanges.mean() - 1.0) * turn
        }
    };
    let per_sec = |group: &GroupPlan| {
        let held: f64 = desk.topics.iter().map(|topic| topic.share * held_secs(topic, group)).sum();
        present(plan, desk, group) * f64::from(group.concurrency) / (held + around)
    };
    desk.groups.iter().map(per_sec).sum()
}

/// Visitors of the chat desks who are expected to come to the phone pool: who asks there first, and a share of those
/// whom the desk can serve.
fn from_desks(plan: &Plan, pool: &DeskPlan) -> f64 {
    if !pool.is_phone() {
        return 0.0;
    }
    let from = |desk: &DeskPlan| {
        let share: f64 = desk.topics.iter().map(|topic| topic.share * topic.escalation).sum();
        let own = own(plan, desk);
        let chats = own * desk.start.chat;
        let can = handled_per_sec(plan, desk).min(capacity_erlangs(plan, desk) / mean_work_secs(desk));
        // NaN of a desk that nobody comes to is no bound either.
        let served = (can * plan.length.secs() / chats).min(1.0);
        own - chats + chats * served * share * (desk.escalation.toll_free + desk.escalation.callback)
    };
    plan.desks.iter().filter(|desk| !desk.is_phone()).map(from).sum()
}

/// Over quarters of an hour that begin where a piece or a burst does, or end with the scenario.
fn busiest_per_hour(plan: &Plan, arrivals: &ArrivalPlan) -> f64 {
    let quarter = plan.length.min(Span::from_whole_secs(900));
    let last = Moment::ZERO + (plan.length - quarter);
    let pieces = arrivals.pieces.iter().map(|piece| piece.from);
    let starts = pieces.chain(arrivals.bursts.iter().map(|burst| burst.at)).chain([last]);
    // A profile that unfolds over years repeats itself: its first weeks show its busiest quarter.
    let per_hour = |from: Moment| arrivals.expected(from, from + quarter) * 3_600.0 / quarter.secs();
    starts.take(1_000).map(|from| per_hour(from.min(last))).fold(0.0, f64::max)
}

fn sentence(text: &mut String, plan: &Plan, desk: &DeskPlan, load: &Load) {
    let _ = write!(text, " {}: {} visitors expected", desk.name, load.visitors.round());
    if load.busiest_per_hour > 0.0 {
        let _ = write!(text, " ({}/h in the busiest quarter of an hour)", load.busiest_per_hour.round());
    }
    let (work, agents) = (if desk.talks() { "attention" } else { "work" }, load.agents);
    let _ = write!(text, ", {} erlangs of {work} for {agents} agents", tenths(load.offered_erlangs));
    let on_average = tenths(Duty::of(&desk.groups).mean(plan.length));
    if on_average != agents.to_string() {
        let _ = write!(text, " at the most ({on_average} on average)");
    }
    if load.slots > agents {
        let _ = write!(text, " with {} slots", load.slots);
        if !desk.talks() {
            let _ = write!(text, ", who get {} done when all are in use", tenths(load.capacity_erlangs));
        }
    }
    if desk.talks() {
        let (attention, slots) = (percent(load.attention()), percent(load.slots_needed));
        let _ = write!(text, ": {attention}% of their attention, {slots}% of their slots");
    } else {
        let _ = write!(text, ": {}% utilised", percent(load.utilisation()));
    }
    if load.utilisation() >= 1.0 {
        text.push_str(", overloaded");
    }
    text.push('.');
}

fn tenths(x: f64) -> String {
    plain((x * 10.0).round() / 10.0)
}

fn percent(share: f64) -> f64 {
    (share * 100.0).round()
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::scenario::parse;

    fn plan(desk: &str) -> Plan {
        let text = format!("name: x\nlength: 2h\nsupport:\n{desk}\n");
        parse("x.yaml", text, Path::new(".")).unwrap_or_else(|problems| panic!("{problems}")).plan
    }

    fn near(a: f64, b: f64) -> bool {
        (a - b).abs() < 1e-9 * b.abs().max(1.0)
    }

    #[test]
    fn the_load_is_work_over_what_all_slots_get_done() {
        let plan = plan(
            "  arrivals: {profile: {0m: 60/h, 1h: 120/h}, bursts: [{at: 90m, count: 30, within: 1m}]}
  patience: {exponential: {mean: 5m}}
  conversation: {handling_time: 6m}
  agents: {count: 10, concurrency: 2, stretch: [1, 1.6]}",
        );
        let load = plan.loads()[0];
        assert!(near(load.visitors, 210.0), "{load:?}");
        assert!(near(load.busiest_per_hour, 240.0), "{load:?}");
        assert!(near(load.offered_erlangs, 10.5), "{load:?}");
        assert!(near(load.capacity_erlangs, 12.5), "{load:?}");
        assert!(near(load.utilisation(), 0.84));
        assert_eq!(plan.overloads(), Vec::<String>::new());
        assert_eq!(
            plan.summary(),
            "x: 2h of visitors. support: 210 visitors expected (240/h in the busiest quarter of an hour), 10.5 \
             erlangs of work for 10 \
             agents with 20 slots, who get 12.5 done when all are in use: 84% utilised."
        );
    }

    #[test]
    fn only_who_is_on_duty_gets_anything_done() {
        let plan = plan(
            "  arrivals: {rate: 60/h}
  patience: {exponential: {mean: 5m}}
  conversation: {handling_time: 6m}
  agents: {shifts: {a: {count: 8, from: 0h, to: 1h}, b: {count: 4, from: 30m, to: 2h}}, wrap_up: 3m, shrinkage: 20%}",
        );
        let load = plan.loads()[0];
        assert_eq!((load.agents, load.slots), (12, 12));
        assert!(near(load.offered_erlangs, 6.0), "{load:?}");
        // 8 for an hour and 4 for one and a half, of two hours, a fifth of them absent.
        assert!(near(load.capacity_erlangs, 5.6), "{load:?}");
        assert!(near(load.slots_needed, 60.0 * 0.15 / 5.6), "the wrap-up takes slots: {load:?}");
        assert!(plan.summary().contains("6 erlangs of work for 12 agents at the most (7 on average)"));
    }

    #[test]
    fn ramps_and_windows_are_integrated() {
        let plan = plan(
            "  arrivals: {profile: {0m: 0/h, 1h: 120/h}, shape: linear}
  patience: never
  conversation: {handling_time: 1m}
  agents: {count: 10}",
        );
        let arrivals = &plan.desks[0].arrivals;
        let at = |minutes: u64| Moment::ZERO + Span::from_whole_secs(60 * minutes);
        assert!(near(arrivals.expected(at(0), at(60)), 60.0));
        assert!(near(arrivals.expected(at(0), at(30)), 15.0));
        assert!(near(arrivals.expected(at(30), at(90)), 45.0 + 60.0));
        assert!(near(arrivals.expected(at(0), Moment::NEVER), 180.0));
    }

    #[test]
    fn a_queue_that_grows_without_end_is_told() {
        let desk = |patience: &str| {
            plan(&format!(
                "  arrivals: {{rate: 100/h}}
  patience: {patience}
  conversation: {{handling_time: 12m}}
  agents: {{count: 20}}"
            ))
        };
        assert_eq!(desk("never").overloads().len(), 1);
        assert_eq!(desk("5m").overloads().len(), 0);
        assert!(
            desk("5m").summary().ends_with("20 erlangs of work for 20 agents: 100% utilised, overloaded.")
        );
    }
}
