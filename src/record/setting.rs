//! What a record must know of the plan, so that every figure can be computed and named from the record alone.

use serde::{Deserialize, Serialize};

use crate::base::figures::{Known, KnownDesk};
use crate::base::time::{Moment, NANOS, Span};
use crate::metrics::recorder::{DeskLayout, GroupLayout, Layout, Window};
use crate::scenario::gate::Gate;
use crate::scenario::plan::{DeskPlan, GroupPlan, Plan};

use super::serial;

/// The plan's bones. Times are scenario time in nanoseconds.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Setting {
    /// Where the window starts.
    pub warm_up_nanos: u64,
    /// Where it ends.
    pub length_nanos: u64,
    /// Replications planned (1 of a run).
    pub replications: u32,
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
    /// Of a plan, as it is played: for a run, of [`Plan::as_run`].
    #[must_use]
    pub fn of(plan: &Plan) -> Self {
        Self {
            warm_up_nanos: plan.warm_up.nanos(),
            length_nanos: plan.length.nanos(),
            replications: plan.replications,
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
            Some(law) => format!("{:.0} s on average", law.mean()),
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
        self.groups.iter().map(|group| group.agents).sum()
    }

    fn layout(&self) -> DeskLayout {
        DeskLayout {
            topics: self.topics.len(),
            groups: self.groups.iter().map(|group| GroupLayout { slots: group.concurrency }).collect(),
            within: Span::from_nanos(self.within_nanos),
            short_abandon: Span::from_nanos(self.short_abandon_nanos),
            phone: self.phone,
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

impl GroupSetting {
    fn of(plan: &GroupPlan) -> Self {
        Self { name: plan.name.clone(), agents: plan.count, concurrency: plan.concurrency }
    }
}
