//! What a record must know of the plan, so that every figure can be computed and named from the record alone.

mod limits;
mod site;
mod venue;

use serde::{Deserialize, Serialize};

use crate::base::figures::{Command, Known, KnownDesk};
use crate::base::id::PopulationId;
use crate::base::time::{Moment, NANOS, Span};
use crate::metrics::recorder::{DeskLayout, GroupLayout, Layout, Sectioning, Window};
use crate::metrics::slices;
use crate::scenario::gate::{Gate, Scope};
use crate::scenario::plan::{DeskPlan, GroupPlan, OfferPlan, Plan, SalesPlan, Served, ShiftPlan};

use super::{Body, serial};
pub use limits::Limits;
pub use site::SiteSetting;
pub use venue::VenueSetting;

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
    /// The rooms and portals, in the plan's order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub venues: Vec<VenueSetting>,
    /// The site around the chat, where a run has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub site: Option<SiteSetting>,
    /// The currency of all prices, where there are any.
    pub money: Option<String>,
    /// The thresholds, in the order in which they were typed.
    #[serde(with = "serial::gates")]
    pub gates: Vec<Gate>,
    /// What makes a run valid; a simulation always is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limits: Option<Limits>,
}

/// One desk.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
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
    /// Whether it is the first response that must come within T, and not the assignment.
    pub of_first_response: bool,
    /// How early one must leave for it not to be held against the desk.
    pub short_abandon_nanos: u64,
    /// How long its visitors wait, in words.
    pub patience: String,
    /// What its own visitors buy, on whichever channel.
    pub sales: Option<SalesSetting>,
    /// What a second on its line costs.
    pub toll_per_sec: f64,
}

/// What sales leave.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct SalesSetting {
    /// The part of a sale that is left after the cost of the goods.
    pub margin: f64,
    /// In a chat.
    pub chat: OfferSetting,
    /// On the phone, called or calling.
    pub phone: OfferSetting,
}

/// What a sale is worth.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct OfferSetting {
    /// What a buyer spends.
    pub basket: f64,
    /// What a further sale adds, as a part of the basket.
    pub addition: f64,
}

/// One group of agents.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct GroupSetting {
    /// Its name; none: the one group of a desk that names none.
    pub name: Option<String>,
    /// How many agents.
    pub agents: u32,
    /// Conversations at once of each of them.
    pub concurrency: u32,
    /// What a paid second of each costs.
    pub wage_per_sec: f64,
    /// When they are paid.
    pub shifts: Vec<ShiftSetting>,
    /// Where they are agents of a chat desk who take calls too, of a group that stands in the phone pool: the numbers of
    /// their desk and their group there. They are staffed, engaged and paid there.
    pub dual: Option<(u16, u16)>,
}

/// So many agents who are paid from then to then. Nanoseconds of scenario time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "(u32, u64, u64)", into = "(u32, u64, u64)")]
pub struct ShiftSetting {
    /// How many.
    pub agents: u32,
    /// From then.
    pub from_nanos: u64,
    /// To then; the greatest number there is: to the end.
    pub to_nanos: u64,
}

impl From<(u32, u64, u64)> for ShiftSetting {
    fn from((agents, from_nanos, to_nanos): (u32, u64, u64)) -> Self {
        Self { agents, from_nanos, to_nanos }
    }
}

impl From<ShiftSetting> for (u32, u64, u64) {
    fn from(shift: ShiftSetting) -> Self {
        (shift.agents, shift.from_nanos, shift.to_nanos)
    }
}

impl Setting {
    /// Of a plan, as `command` plays it: for a run and its twin, of [`Plan::as_run`].
    #[must_use]
    pub fn of(plan: &Plan, command: Command) -> Self {
        let (replications, batches, limits) = match command {
            Command::Simulate => (plan.replications, 1, None),
            Command::Run => (1, BATCHES, Some(Limits::of(&plan.run.valid))),
        };
        Self {
            warm_up_nanos: plan.warm_up.nanos(),
            length_nanos: plan.length.nanos(),
            replications,
            batches,
            desks: plan.desks.iter().map(DeskSetting::of).collect(),
            venues: plan.venues.iter().map(|venue| VenueSetting::of(venue, plan.length)).collect(),
            site: plan.run.site.as_ref().map(SiteSetting::of),
            money: plan.money.clone(),
            gates: plan.gates.clone(),
            limits,
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
        let desks = self.desks.iter().map(DeskSetting::layout).collect();
        let venues = self.venues.iter().map(VenueSetting::layout).collect();
        Layout { window: self.window(), desks, venues, slices: self.slice_widths() }
    }

    /// The widths of slices that gates ask for, each once, the narrowest first. A width that would make more than
    /// [`slices::MOST`] of them is left out.
    #[must_use]
    pub fn slice_widths(&self) -> Vec<Span> {
        let asked = self.gates.iter().filter_map(|gate| match gate.scope {
            Scope::Every(width) => Some(width),
            Scope::Whole | Scope::Days(_) => None,
        });
        let mut widths: Vec<Span> = asked.filter(|width| self.can_slice(*width)).collect();
        widths.sort_unstable();
        widths.dedup();
        widths
    }

    /// Whether slices of this width are few enough.
    #[must_use]
    pub fn can_slice(&self, width: Span) -> bool {
        width > Span::ZERO && self.length_nanos.div_ceil(width.nanos()) <= slices::MOST
    }

    /// The same setting of the slice number `index` alone: its window is what the whole window has of the slice.
    #[must_use]
    pub fn of_slice(&self, width_nanos: u64, index: u32) -> Self {
        let from = width_nanos.saturating_mul(u64::from(index));
        let to = from.saturating_add(width_nanos);
        Self {
            warm_up_nanos: self.warm_up_nanos.max(from),
            length_nanos: self.length_nanos.min(to),
            batches: 1,
            ..self.clone()
        }
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

    /// The names of the site's pages; none of a scenario without one.
    #[must_use]
    pub fn pages(&self) -> &[String] {
        self.site.as_ref().map_or(&[], |site| &site.pages)
    }

    /// What a population comes to: the name of a desk, or of a venue.
    #[must_use]
    pub fn population(&self, population: PopulationId) -> &str {
        let desks = self.desks.iter().map(|desk| desk.name.as_str());
        let mut all = desks.chain(self.venues.iter().map(|venue| venue.name.as_str()));
        all.nth(population.index()).unwrap_or_default()
    }

    /// The names that figures are made of.
    #[must_use]
    pub fn known(&self) -> Known {
        Known {
            desks: self.desks.iter().map(DeskSetting::known).collect(),
            venues: self.venues.iter().map(VenueSetting::known).collect(),
            pages: self.pages().to_vec(),
        }
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
            of_first_response: plan.service_level.of == Served::FirstResponse,
            short_abandon_nanos: plan.service_level.short_abandon.nanos(),
            patience,
            sales: plan.sales.as_ref().map(SalesSetting::of),
            toll_per_sec: plan.toll_per_sec,
        }
    }

    /// Agents in all groups of its own.
    #[must_use]
    pub fn agents(&self) -> u32 {
        self.own_groups().map(|group| group.agents).fold(0, u32::saturating_add)
    }

    /// Conversations at once of all of them.
    #[must_use]
    pub fn slots(&self) -> u32 {
        let of = |group: &GroupSetting| group.agents.saturating_mul(group.concurrency);
        self.own_groups().map(of).fold(0, u32::saturating_add)
    }

    /// Agents of other desks who take calls too.
    #[must_use]
    pub fn duals(&self) -> u32 {
        let duals = self.groups.iter().filter(|group| group.dual.is_some());
        duals.map(|group| group.agents).fold(0, u32::saturating_add)
    }

    fn own_groups(&self) -> impl Iterator<Item = &GroupSetting> {
        self.groups.iter().filter(|group| group.dual.is_none())
    }

    fn costs(&self) -> bool {
        self.toll_per_sec > 0.0 || self.groups.iter().any(|group| group.wage_per_sec > 0.0)
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
            costs: self.costs(),
            sells: self.sales.is_some(),
        }
    }
}

impl SalesSetting {
    fn of(plan: &SalesPlan) -> Self {
        let offer = |offer: &OfferPlan| OfferSetting { basket: offer.basket, addition: offer.addition };
        Self { margin: plan.margin, chat: offer(&plan.chat), phone: offer(&plan.phone) }
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
        let shift = |shift: &ShiftPlan| ShiftSetting {
            agents: shift.count,
            from_nanos: shift.from.nanos(),
            to_nanos: shift.to.nanos(),
        };
        Self {
            name: plan.name.clone(),
            agents: plan.count,
            concurrency: plan.concurrency,
            wage_per_sec: plan.wage_per_sec,
            shifts: plan.shifts.iter().map(shift).collect(),
            dual: plan.dual.map(|dual| (dual.desk.0, dual.group.0)),
        }
    }

    /// What they are paid for within `window`, summed over them, in seconds: every shift, breaks and absences included.
    #[must_use]
    pub fn rostered_secs(&self, window: Window) -> f64 {
        let of = |shift: &ShiftSetting| {
            let from = shift.from_nanos.max(window.warm_up.nanos());
            let to = shift.to_nanos.min(window.length.nanos());
            f64::from(shift.agents) * to.saturating_sub(from) as f64 / NANOS as f64
        };
        self.shifts.iter().map(of).sum()
    }
}
