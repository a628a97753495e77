//! Who serves: one kind of agents or groups of them, there throughout or by shifts, at the desk, on the phone or both.

use super::Findings;
use super::calendar::Calendar;
use super::channels::{self, CHAT, Reach};
use super::conversation::{BESIDE_WORK, ONE_KIND};
use super::law;
use super::manners::manners;
use super::names::named;
use super::phone::{self, Pool, Voices};
use super::section::{Field, Section};
use super::shifts::{self, OfGroup};
use super::stretch::stretch;
use crate::base::id::{DeskId, GroupId};
use crate::scenario::keys::ROUTINGS;
use crate::scenario::plan::{CallPolicy, DualPlan, GroupPlan, MannersPlan, Routing, ShiftPlan};
use crate::scenario::problem::Place;
use crate::scenario::quantity::Misfit;

/// The most slots of one desk.
const MOST_SLOTS: u64 = 10_000_000;

/// What agents have to know of their desk and of the scenario.
pub(super) struct Context<'a> {
    pub(super) calendar: &'a Calendar,
    /// The phone pool, where there is one.
    pub(super) pool: Option<Pool>,
    /// The number of their desk.
    pub(super) desk: DeskId,
    /// Whether its conversations are played message by message.
    pub(super) talks: bool,
}

/// The agents of a desk.
pub(super) struct Staff {
    /// Those who chat.
    pub(super) groups: Vec<GroupPlan>,
    /// Those who are of use to the phone pool.
    pub(super) voices: Voices,
    pub(super) manners: MannersPlan,
    pub(super) routing: Routing,
}

/// A group as typed, before its shifts are known.
struct Draft {
    plan: GroupPlan,
    reach: Reach,
    blend: Option<(CallPolicy, u32)>,
    places: Places,
}

/// Where to point.
struct Places {
    path: String,
    at: Place,
    count: Place,
    reserve: Place,
    /// Whether a count was typed, right or wrong.
    has_count: bool,
}

/// The groups, who gets a chat, and how they go about it.
pub(super) fn agents(findings: &mut Findings<'_>, field: Field, context: &Context<'_>) -> Option<Staff> {
    let mut section = Section::open(findings, field)?;
    let (names, drafts) = drafts(findings, &mut section, context);
    let shifts = match (section.take(findings, "shifts"), &names) {
        (Some(field), Some(names)) => shifts::shifts(findings, &field, names, context.calendar),
        (Some(_), None) => None,
        (None, _) => Some(Vec::new()),
    };
    let routing = section.take(findings, "routing").and_then(|field| findings.word(&field)).map(routing);
    let manners = manners(findings, &mut section, context.talks);
    let (at, path) = (section.at(), section.path().to_owned());
    if section.has("groups") || drafts.is_some() {
        section.close(findings, "beside groups: each group has its own");
    }
    let drafts = staffed(findings, drafts?, shifts?)?;
    let staff = sorted(findings, drafts, (at, &path), context)?;
    let (routing, manners) = (routing?, manners?);
    let voices = Voices { shrinkage: manners.shrinkage, at, path, ..staff.1 };
    Some(Staff { groups: staff.0, voices, manners, routing })
}

pub(super) fn routing(word: usize) -> Routing {
    [Routing::LeastBusy, Routing::MostBusy, Routing::LongestIdle, Routing::RoundRobin]
        [word.min(ROUTINGS.len() - 1)]
}

/// Every group as typed, and the names that shifts may use: none where all agents are alike; `None`, where it is not
/// known what they are.
fn drafts(
    findings: &mut Findings<'_>,
    section: &mut Section,
    context: &Context<'_>,
) -> (Option<Vec<String>>, Option<Vec<Draft>>) {
    if let Some(field) = section.take(findings, "groups") {
        let Some(named) = named(findings, &field) else { return (None, None) };
        let names: Vec<String> = named.iter().map(|(name, ..)| name.clone()).collect();
        let drafts: Vec<Option<Draft>> = named
            .into_iter()
            .map(|(name, _, field)| {
                let mut section = Section::open(findings, field)?;
                let draft = draft(findings, &mut section, Some(name), context)?;
                section.close(findings, "of agents who do not chat");
                Some(draft)
            })
            .collect();
        return (Some(names), drafts.into_iter().collect());
    }
    if section.has("count") || section.has("shifts") {
        return (Some(Vec::new()), draft(findings, section, None, context).map(|draft| vec![draft]));
    }
    let found = "neither `count` nor `groups` nor `shifts`".to_owned();
    let hint = Some("agents: {count: 20}".to_owned());
    findings.problem(section.at(), section.path(), found, "how many agents there are".into(), hint);
    (None, None)
}

fn draft(
    findings: &mut Findings<'_>,
    section: &mut Section,
    name: Option<String>,
    context: &Context<'_>,
) -> Option<Draft> {
    let count = match section.take(findings, "count") {
        Some(field) => findings.whole::<u32>(&field),
        None => Some(0),
    };
    let (reach, blend) = match &name {
        Some(_) => {
            let reach = channels::reach(findings, section, context.pool);
            (reach, reach.and_then(|reach| channels::blend(findings, section, reach)))
        }
        None => (Some(CHAT), Some(None)),
    };
    let wage_per_sec = match section.take(findings, "wage") {
        Some(field) => findings.price(&field),
        None => Some(0.0),
    };
    let plan = match reach {
        Some(reach) if !reach.chat => one_at_a_time(findings, section).then(|| phone::group(reach)),
        _ => chatting(findings, section, context.talks),
    };
    let places = Places {
        path: section.path().to_owned(),
        at: section.at(),
        count: section.place("count"),
        reserve: section.place("reserve"),
        has_count: section.has("count"),
    };
    let plan = GroupPlan { name, count: count?, wage_per_sec: wage_per_sec?, ..plan? };
    Some(Draft { plan, reach: reach?, blend: blend?, places })
}

/// Whether agents who only phone have the one slot that they can have.
fn one_at_a_time(findings: &mut Findings<'_>, section: &mut Section) -> bool {
    let Some(field) = section.take(findings, "concurrency") else { return false };
    let slots = findings.whole::<u32>(&field);
    if slots.is_some_and(|slots| slots > 1) {
        let misfit = Misfit::new("1: agents who only phone have one call at a time");
        findings.misfit(&field, misfit.hint("add the channel chat, or remove it"));
    }
    slots == Some(1)
}

/// A group of agents who chat: slots, stretch, skills.
fn chatting(findings: &mut Findings<'_>, section: &mut Section, talks: bool) -> Option<GroupPlan> {
    let concurrency = section.take(findings, "concurrency").and_then(|field| findings.whole::<u32>(&field));
    let stretch = if talks {
        section.refuse(findings, "stretch", "where conversations are played message by message");
        concurrency.map(|slots| vec![1.0; slots as usize])
    } else {
        stretch(findings, section, concurrency)
    };
    let skills = match section.take(findings, "skills") {
        Some(field) => findings.set(field),
        None => Some(Vec::new()),
    };
    let writing = match section.take(findings, "writing") {
        Some(field) if talks => law::words(findings, field).map(|worded| Some(worded.law)),
        _ => Some(None),
    };
    if !talks {
        section.without(findings, &["writing"], BESIDE_WORK, ONE_KIND);
    }
    Some(GroupPlan {
        concurrency: concurrency?,
        stretch: stretch?,
        skills: skills?,
        writing: writing?,
        ..phone::group(CHAT)
    })
}

/// The groups with their shifts: their own, or one from the start to the end.
fn staffed(findings: &mut Findings<'_>, drafts: Vec<Draft>, shifts: Vec<OfGroup>) -> Option<Vec<Draft>> {
    let mut own: Vec<Vec<ShiftPlan>> = vec![Vec::new(); drafts.len()];
    for (group, shifts) in shifts {
        own[group].extend(shifts);
    }
    let staffed = drafts.into_iter().zip(own).map(|(mut draft, shifts)| {
        let Places { path, at, count, has_count, .. } = &draft.places;
        let wrong = match (*has_count, shifts.is_empty()) {
            (true, false) => Some((
                *count,
                "a count beside shifts, which have their own",
                "one of the two",
                "remove the count",
            )),
            (false, true) => Some((
                *at,
                "neither a count nor a shift",
                "how many there are",
                "count: 20, if they are there throughout",
            )),
            _ => None,
        };
        if let Some((at, found, expected, hint)) = wrong {
            findings.problem(at, path, found.into(), expected.into(), Some(hint.into()));
            return None;
        }
        draft.plan.shifts =
            if shifts.is_empty() { vec![ShiftPlan::throughout(draft.plan.count)] } else { shifts };
        let count: u64 = draft.plan.shifts.iter().map(|shift| u64::from(shift.count)).sum();
        draft.plan.count = u32::try_from(count).unwrap_or(u32::MAX);
        Some(draft)
    });
    let staffed: Vec<Option<Draft>> = staffed.collect();
    staffed.into_iter().collect()
}

/// Those who chat, and those who are of use to the phone pool.
fn sorted(
    findings: &mut Findings<'_>,
    drafts: Vec<Draft>,
    (at, path): (Place, &str),
    context: &Context<'_>,
) -> Option<(Vec<GroupPlan>, Voices)> {
    let slots: u64 =
        drafts.iter().map(|draft| u64::from(draft.plan.count) * u64::from(draft.plan.concurrency)).sum();
    if slots > MOST_SLOTS {
        let found = format!("agents for {slots} chats at once");
        findings.problem(at, path, found, format!("at most {MOST_SLOTS} at one desk"), None);
        return None;
    }
    let mut groups: Vec<GroupPlan> = Vec::new();
    let mut voices = Voices::default();
    for Draft { plan, reach, blend, places } in drafts {
        if !reach.chat {
            voices.callers.push(plan);
            continue;
        }
        if let Some((call, reserve)) = blend {
            if reserve >= plan.count {
                let found = format!("a reserve of {reserve} among {} agents", plan.count);
                let hint = Some("without channels they only chat".to_owned());
                findings.problem(places.reserve, &places.path, found, "some who take calls".into(), hint);
                return None;
            }
            let dual = DualPlan { desk: context.desk, group: GroupId(groups.len() as u16), call, reserve };
            voices.duals.push(phone::duals(&plan, reach, dual));
        }
        groups.push(plan);
    }
    if groups.is_empty() {
        let found = "nobody who chats".to_owned();
        let hint = Some("channels: [chat, phone]".to_owned());
        findings.problem(at, path, found, "at least one group with the channel chat".into(), hint);
        return None;
    }
    Some((groups, voices))
}
