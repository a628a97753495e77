//! The tree as typed → the plan. Every problem is noted and reading goes on, so that all are told at once; a plan comes
//! out only when there is none.

mod agents;
mod arrivals;
mod calendar;
mod desk;
mod forecast;
mod law;
mod names;
mod phone;
mod run;
mod section;
mod topics;
mod values;

use std::path::Path;

use super::defaults::Origin;
use super::explain::Row;
use super::format::Takes;
use super::keys;
use super::node::Node;
use super::plan::{DeskPlan, Plan};
use super::problem::{Place, Problem, Problems};
use super::quantity::Misfit;
use crate::base::id::DeskId;
use section::{Field, Section};

/// Where a scenario's text comes from.
pub(super) struct Source<'a> {
    /// The file, as it was named.
    pub(super) file: &'a str,
    pub(super) text: &'a str,
    /// Where the paths in it start from.
    pub(super) directory: &'a Path,
}

/// What reading has brought to light so far.
pub(super) struct Findings<'a> {
    source: Source<'a>,
    problems: Vec<Problem>,
    rows: Vec<Row>,
    warnings: Vec<String>,
}

/// What a scenario resolves to.
pub(super) struct Resolved {
    pub(super) plan: Plan,
    pub(super) rows: Vec<Row>,
    pub(super) warnings: Vec<String>,
}

impl Findings<'_> {
    fn problem(&mut self, at: Place, path: &str, found: String, expected: String, hint: Option<String>) {
        let source = self.source.text.lines().nth((at.line as usize).wrapping_sub(1)).map(str::to_owned);
        self.problems.push(Problem {
            file: self.source.file.to_owned(),
            place: at,
            source,
            path: path.to_owned(),
            found,
            expected,
            hint,
        });
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

/// Resolves a whole scenario.
pub(super) fn resolve(root: Node, source: Source<'_>) -> Result<Resolved, Problems> {
    let mut findings = Findings { source, problems: Vec::new(), rows: Vec::new(), warnings: Vec::new() };
    let plan = scenario(&mut findings, root);
    let Findings { problems, rows, warnings, .. } = findings;
    if let Some(problems) = Problems::collect(problems) {
        return Err(problems);
    }
    let plan = plan.expect("what cannot be resolved has been noted as a problem");
    Ok(Resolved { plan, rows, warnings })
}

fn scenario(findings: &mut Findings<'_>, root: Node) -> Option<Plan> {
    static WHOLE: Takes = Takes::Map(&keys::SCENARIO);
    let field = Field { node: root, takes: &WHOLE, path: String::new(), origin: Origin::Given };
    let mut top = Section::open(findings, field)?;
    let head = run::head(findings, &mut top);
    let calendar = head.calendar();
    // The desks need to know whether there is a phone; its rows come after theirs.
    let mark = findings.rows.len();
    let phone = top.take(findings, "phone");
    let pool = phone.as_ref().map(|field| phone::Pool::of(field));
    let phone = phone.map(|field| phone::phone(findings, field, &calendar));
    let phone_rows = findings.rows.split_off(mark);
    let desks = desk::desks(findings, &mut top, &calendar, pool);
    findings.rows.extend(phone_rows);
    let run = run::run(findings, &mut top, &head);
    let gates = run::gates(findings, &mut top);
    if !top.has("support") && !top.has("desks") && !top.has("phone") {
        let found = "nobody at all".to_owned();
        let hint = Some("describe one desk under `support`, or several under `desks`".to_owned());
        findings.problem(top.at(), "", found, "support, desks or phone".into(), hint);
    }
    top.close(findings, "here");
    let mut desks: Vec<DeskPlan> = desks?;
    let phone = match phone {
        None => None,
        Some(phone) => {
            desks.push(phone?);
            Some(DeskId(u16::try_from(desks.len() - 1).ok()?))
        }
    };
    Some(Plan {
        name: head.name?,
        seed: head.seed?,
        length: head.length?,
        warm_up: head.warm_up?,
        replications: head.replications?,
        start: head.start,
        desks,
        phone,
        run: run?,
        gates,
    })
}
