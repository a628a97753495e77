//! The tree as typed → the plan. Every problem is noted and reading goes on, so that all are told at once; a plan comes
//! out only when there is none.

mod agents;
mod arrivals;
mod breaks;
mod calendar;
mod calibrate;
mod channels;
mod concentrate;
mod conversation;
mod counts;
mod cycle;
mod deflects;
mod desk;
mod dialect;
mod escalation;
mod fatigue;
mod faults;
mod forecast;
mod guests;
mod hours;
mod law;
mod leaving;
mod manners;
mod moderation;
mod money;
mod names;
mod phone;
mod reconnect;
mod run;
mod sales;
mod section;
mod service_level;
mod shifts;
mod site;
mod stretch;
mod target;
mod topics;
mod typing;
mod values;
mod venues;

use std::path::Path;

use super::defaults::Origin;
use super::explain::Row;
use super::format::Takes;
use super::gate;
use super::keys;
use super::node::Node;
use super::plan::faults::Faults;
use super::plan::rooms::VenuePlan;
use super::plan::target::TargetPlan;
use super::plan::{ArrivalPlan, DeskPlan, Plan};
use super::problem::{self, Place, Problem, Problems};
use super::quantity::Misfit;
use super::solved::Solved;
use super::target_file::TargetFile;
use crate::base::id::DeskId;
use calendar::Calendar;
pub(super) use dialect::dialect;
use money::Purse;
use phone::Pool;
use section::{Field, Section};

/// Where a scenario's text comes from.
pub(super) struct Source<'a> {
    /// The file, as it was named.
    pub(super) file: &'a str,
    pub(super) text: &'a str,
    /// The file that stands in for what is typed after `target`.
    pub(super) target: Option<&'a TargetFile>,
    /// Where the paths in it start from.
    pub(super) directory: &'a Path,
    /// What is not to be solved anew.
    pub(super) held: Solved,
}

impl Source<'_> {
    /// In which file a place is, what is in that, and where there.
    fn located(&self, at: Place) -> (String, &str, Place) {
        let target = self.target.and_then(|target| Some((target, target.own(self.text, at)?)));
        match target {
            Some((target, at)) => (target.name.clone(), &target.text, at),
            None => (super::origin(self.file, at), self.text, at),
        }
    }
}

/// What reading has brought to light so far.
pub(super) struct Findings<'a> {
    source: Source<'a>,
    problems: Vec<Problem>,
    rows: Vec<Row>,
    warnings: Vec<String>,
    purse: Purse,
    solved: Solved,
}

/// What a scenario resolves to.
pub(super) struct Resolved {
    pub(super) plan: Plan,
    pub(super) rows: Vec<Row>,
    pub(super) warnings: Vec<String>,
    pub(super) solved: Solved,
}

impl Findings<'_> {
    fn problem(&mut self, at: Place, path: &str, found: String, expected: String, hint: Option<String>) {
        if self.problems.len() >= problem::MOST {
            return;
        }
        let (file, text, place) = self.source.located(at);
        let source = text.lines().nth((place.line as usize).wrapping_sub(1)).map(str::to_owned);
        self.problems.push(Problem { file, place, source, path: path.to_owned(), found, expected, hint });
    }

    /// The line of a place in the file that it is in.
    fn line(&self, at: Place) -> u32 {
        self.source.located(at).2.line
    }

    /// A problem of the value in `field`.
    fn misfit(&mut self, field: &Field, misfit: Misfit) {
        let found = misfit.found.unwrap_or_else(|| field.node.value.describe());
        self.problem(field.node.at, &field.path, found, misfit.expected, misfit.hint);
    }

    /// One resolved value, for `check --explain` and for the hash.
    fn row(&mut self, path: &str, value: impl Into<String>, origin: Origin) {
        self.rows.push(Row { path: path.to_owned(), value: value.into(), origin });
    }
}

impl<'a> Findings<'a> {
    fn of(source: Source<'a>) -> Self {
        Self {
            source,
            problems: Vec::new(),
            rows: Vec::new(),
            warnings: Vec::new(),
            purse: Purse::default(),
            solved: Solved::default(),
        }
    }
}

/// Resolves the faults of a server that are alone in a file.
pub(super) fn faults(root: Node, source: Source<'_>) -> Result<Faults, Problems> {
    static ALONE: Takes = Takes::Map(&keys::FAULTS);
    let mut findings = Findings::of(source);
    let field = Field { node: root, takes: &ALONE, path: String::new(), origin: Origin::Given };
    let faults = faults::faults(&mut findings, field);
    match Problems::collect(findings.problems) {
        Some(problems) => Err(problems),
        None => Ok(faults.expect("what cannot be resolved has been noted as a problem")),
    }
}

/// Resolves a whole scenario.
pub(super) fn resolve(root: Node, source: Source<'_>) -> Result<Resolved, Problems> {
    let mut findings = Findings::of(source);
    let plan = scenario(&mut findings, root);
    let Findings { problems, rows, mut warnings, solved, .. } = findings;
    if let Some(problems) = Problems::collect(problems) {
        return Err(problems);
    }
    let plan = plan.expect("what cannot be resolved has been noted as a problem");
    warnings.extend(plan.unattended());
    warnings.extend(plan.overloads());
    warnings.extend(plan.closed_in_run());
    Ok(Resolved { plan, rows, warnings, solved })
}

fn scenario(findings: &mut Findings<'_>, root: Node) -> Option<Plan> {
    static WHOLE: Takes = Takes::Map(&keys::SCENARIO);
    let field = Field { node: root, takes: &WHOLE, path: String::new(), origin: Origin::Given };
    let mut top = Section::open(findings, field)?;
    let head = run::head(findings, &mut top);
    let desks = all_desks(findings, &mut top, &head.calendar());
    let venues = venues::venues(findings, &mut top, &head, desks.as_deref());
    let people = desks.as_deref().zip(venues.as_deref());
    let peopled = people.is_none_or(|(desks, venues)| somebody_comes(findings, &top, desks, venues));
    let run = run::run(findings, &mut top, &head);
    let site = run.as_ref().and_then(|run| run.site.as_ref());
    let known = people
        .filter(|_| run.is_some() || !top.has("site"))
        .map(|(desks, venues)| gate::known(desks, venues, site));
    let gates = run::gates(findings, &mut top, known.as_ref(), head.length);
    let money = people.and_then(|_| money::spent(findings, &mut top));
    if let Some((people, target)) = people.zip(run.as_ref().and_then(|run| run.target.as_ref())) {
        target::fits(findings, &top, target, people);
    }
    top.close(findings, "here");
    let (mut desks, venues) = (desks?, venues.filter(|_| peopled)?);
    let run = run?;
    if let Some(routing) = run.target.as_ref().and_then(TargetPlan::routing) {
        // What the product does, whatever the desks would.
        desks.iter_mut().filter(|desk| !desk.is_phone()).for_each(|desk| desk.routing = routing);
    }
    let phone = desks.last().filter(|desk| desk.is_phone()).map(|_| DeskId(desks.len() as u16 - 1));
    Some(Plan {
        name: head.name?,
        seed: head.seed?,
        length: head.length?,
        warm_up: head.warm_up?,
        replications: head.replications?,
        start: head.start,
        desks,
        venues,
        phone,
        close: head.close?,
        money,
        run,
        gates: gates?,
    })
}

/// The chat desks, then the phone pool.
fn all_desks(findings: &mut Findings<'_>, top: &mut Section, calendar: &Calendar) -> Option<Vec<DeskPlan>> {
    // What escalates to the pool needs to know it; its rows come after those of the desks.
    let mark = findings.rows.len();
    let phone = top.take(findings, "phone");
    let at = phone.as_ref().map_or(top.at(), |field| field.node.at);
    let pool = phone.as_ref().map(Pool::of);
    let phone = phone.map(|field| phone::phone(findings, field, calendar));
    let phone_rows = findings.rows.split_off(mark);
    let desks = desk::desks(findings, top, calendar, pool);
    findings.rows.extend(phone_rows);
    let (desks, phone) = (desks?, phone.map_or(Some(None), |phone| phone.map(Some))?);
    let chats = desks.len();
    let (mut desks, voices): (Vec<DeskPlan>, Vec<_>) = desks.into_iter().unzip();
    if let Some(pool) = phone {
        desks.push(phone::manned(findings, pool, voices, at)?);
    }
    if let Some(pool) = desks.get(chats)
        && !pool.arrivals.comes()
        && !desks.iter().any(|desk| desk.escalates() || desk.start.chat < 1.0)
    {
        findings.warnings.push("phone: nobody calls and nobody is escalated to it".to_owned());
    }
    Some(desks)
}

/// Whether there are people: at a desk or in a room. Where there are none, that is noted, at the first arrivals.
fn somebody_comes(
    findings: &mut Findings<'_>,
    top: &Section,
    desks: &[DeskPlan],
    venues: &[VenuePlan],
) -> bool {
    if desks
        .iter()
        .map(|desk| &desk.arrivals)
        .chain(venues.iter().map(|venue| &venue.arrivals))
        .any(ArrivalPlan::comes)
    {
        return true;
    }
    let of_desk = |desk: &DeskPlan| match desk.is_phone() || top.has("support") {
        true => vec![desk.name.clone()],
        false => vec!["desks".to_owned(), desk.name.clone()],
    };
    let of_venue = |venue: &VenuePlan| vec![format!("{}s", venue.word()), venue.name.clone()];
    let mut places = desks.iter().map(of_desk).chain(venues.iter().map(of_venue));
    let arrivals = |place: Vec<String>| {
        ["arrivals", "offer"].into_iter().find_map(|key| {
            let path: Vec<&str> = place.iter().map(String::as_str).chain([key]).collect();
            top.find(&path).map(|at| (path.join("."), at))
        })
    };
    if let Some((path, at)) = places.find_map(arrivals) {
        let found = "arrivals whose rate is zero throughout".to_owned();
        let hint = Some("write rate: 240/h".to_owned());
        findings.problem(at, &path, found, "somebody who comes".into(), hint);
    } else {
        let hint =
            "describe one desk under `support`, several under `desks`, or rooms under `rooms`".to_owned();
        let expected = "support, desks, phone, rooms or portals, with arrivals".to_owned();
        findings.problem(top.at(), "", "nobody who comes".into(), expected, Some(hint));
    }
    false
}
