//! What a record must know of the plan, so that every figure can be computed and named from the record alone.

use serde::{Deserialize, Serialize};

use crate::base::figures::{Command, Known, KnownDesk};
use crate::base::time::{Moment, NANOS, Span};
use crate::metrics::recorder::{DeskLayout, GroupLayout, Layout, Sectioning, Window};
use crate::scenario::gate::Gate;
use crate::scenario::plan::{DeskPlan, GroupPlan, Plan};

use super::{Body, serial};

/// Batches of a run (Schmeiser, "Batch size effects in the analysis of simulation output", 1982: more than thirty gain
/// nothing, and fewer are less correlated).
pub const BATCHES: u32 = 20;

/// The plan's bones. Times are scenario time in nanoseconds.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Setting {
    /// Where the window starts.
    pub warm_up_nanos: u64,
    /// Where it ends.
    pub length_nanos: u64,
    /// Replications planned (1 of a run and of its twin).
    pub replications: u32,
    /// Sections that each replication is divided into: 1 where replications give the intervals, else [`BATCHES`].
    pub batches: u32,
    /// The desks, in the plan's order.
    pub desks: Vec<DeskSetting>,
    /// The thresholds, in the order in which they were typed.
    #[serde(with = "serial::gates")]
    pub gates: Vec<Gate>,
}

/// One desk.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeskSetting {
    /// The first word of its figures.
    pub name: String,
    /// Whether it is the phone pool.
    pub phone: bool,
    /// Its topics; none named: the one topic of a desk that names none.
    pub topics: Vec<Option<String>>,
    /// Its groups of agents.
    pub groups: Vec<GroupSetting>,
    /// The service level's threshold T.
    pub within_nanos: u64,
    /// How early one must leave for it not to be held against the desk.
    pub short_abandon_nanos: u64,
    /// How long its visitors wait, in words.
    pub patience: String,
}

/// One group of agents.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GroupSetting {
    /// Its name; none: the one group of a desk that names none.
    pub name: Option<String>,
    /// How many agents.
    pub agents: u32,
    /// Conversations at once of each of them.
    pub concurrency: u32,
}

impl Setting {
    /// Of a plan, as `command` plays it: for a run and its twin, of [`Plan::as_run`].
    #[must_use]
    pub fn of(plan: &Plan, command: Command) -> Self {
        let (replications, batches) = match command {
            Command::Simulate => (plan.replications, 1),
            Command::Run => (1, BATCHES),
        };
        Self {
            warm_up_nanos: plan.warm_up.nanos(),
            length_nanos: plan.length.nanos(),
            replications,
            batches,
            desks: plan.desks.iter().map(DeskSetting::of).collect(),
            gates: plan.gates.clone(),
        }
    }

    /// What the figures cover.
    #[must_use]
    pub fn window(&self) -> Window {
        Window {
            warm_up: Moment::from_nanos(self.warm_up_nanos),
            length: Moment::from_nanos(self.length_nanos),
        }
    }

    /// The window's length in seconds.
    #[must_use]
    pub fn window_secs(&self) -> f64 {
        self.length_nanos.saturating_sub(self.warm_up_nanos) as f64 / NANOS as f64
    }

    /// What a recorder needs to know.
    #[must_use]
    pub fn layout(&self) -> Layout {
        Layout { window: self.window(), desks: self.desks.iter().map(DeskSetting::layout).collect() }
    }

    /// What the sections of replication `index` are.
    #[must_use]
    pub fn sectioning(&self, index: u32) -> Sectioning {
        if self.batches > 1 {
            Sectioning::Batches { count: self.batches }
        } else {
            Sectioning::Whole { index }
        }
    }

    /// How many replications `body` holds: sums over the body are to be divided by it.
    #[must_use]
    pub fn replications_in(&self, body: &Body) -> usize {
        if self.batches > 1 { 1 } else { body.sections.len().max(1) }
    }

    /// The names that figures are made of.
    #[must_use]
    pub fn known(&self) -> Known {
        Known { desks: self.desks.iter().map(DeskSetting::known).collect() }
    }
}

impl DeskSetting {
    fn of(plan: &DeskPlan) -> Self {
        let patience = match &plan.patience {
            None => "never leave".to_owned(),
            Some(law) => format!("{} on average", minutes(law.mean())),
        };
        Self {
            name: plan.name.clone(),
            phone: plan.is_phone(),
            topics: plan.topics.iter().map(|topic| topic.name.clone()).collect(),
            groups: plan.groups.iter().map(GroupSetting::of).collect(),
            within_nanos: plan.service_level.within.nanos(),
            short_abandon_nanos: plan.service_level.short_abandon.nanos(),
            patience,
        }
    }

    /// Agents in all groups.
    #[must_use]
    pub fn agents(&self) -> u32 {
        self.groups.iter().map(|group| group.agents).fold(0, u32::saturating_add)
    }

    /// Conversations at once of all of them.
    #[must_use]
    pub fn slots(&self) -> u32 {
        let of = |group: &GroupSetting| group.agents.saturating_mul(group.concurrency);
        self.groups.iter().map(of).fold(0, u32::saturating_add)
    }

    fn layout(&self) -> DeskLayout {
        DeskLayout {
            topics: self.topics.len(),
            groups: self.groups.iter().map(|group| GroupLayout { slots: group.concurrency }).collect(),
            within: Span::from_nanos(self.within_nanos),
            short_abandon: Span::from_nanos(self.short_abandon_nanos),
        }
    }

    fn known(&self) -> KnownDesk {
        KnownDesk {
            name: self.name.clone(),
            topics: self.topics.iter().flatten().cloned().collect(),
            groups: self.groups.iter().filter_map(|group| group.name.clone()).collect(),
            phone: self.phone,
        }
    }
}

/// `45 s`, `6 min`, `6m 30s`.
fn minutes(secs: f64) -> String {
    let whole = secs.round() as u64;
    match (whole / 60, whole % 60) {
        (0, secs) => format!("{secs} s"),
        (minutes, 0) => format!("{minutes} min"),
        (minutes, secs) => format!("{minutes}m {secs:02}s"),
    }
}

impl GroupSetting {
    fn of(plan: &GroupPlan) -> Self {
        Self { name: plan.name.clone(), agents: plan.count, concurrency: plan.concurrency }
    }
}
