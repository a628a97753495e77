//! When visitors come: a rate, a profile or a forecast, bursts, and who comes back.

use super::Findings;
use super::calendar::{Calendar, Timed, timed};
use super::section::{Field, Section, join};
use super::{forecast, law};
use crate::base::time::{Moment, Span};
use crate::scenario::format::Takes;
use crate::scenario::keys::SHAPES;
use crate::scenario::node::{Node, Value};
use crate::scenario::plan::{ArrivalPlan, Burst, MOST_IN_BURSTS, RatePiece, RetryPlan};
use crate::scenario::problem::Place;
use crate::scenario::quantity::{Misfit, duration_text};

/// The most pieces that a profile may unfold into.
const MOST_PIECES: usize = 1_000_000;

/// When a desk's own visitors come, and who comes back: its arrivals, or its part of a site's visitors.
pub(super) fn demand(
    findings: &mut Findings<'_>,
    desk: &mut Section,
    calendar: &Calendar,
) -> Option<(ArrivalPlan, Option<RetryPlan>)> {
    let (own, offer) = (desk.take(findings, "arrivals"), desk.take(findings, "offer"));
    match (own, offer) {
        (Some(field), None) => arrivals(findings, field, calendar),
        (None, Some(field)) => taken_up(findings, field, calendar),
        (None, None) => {
            desk.missing(findings, "arrivals");
            None
        }
        (Some(_), Some(_)) => {
            let found = "both arrivals and an offer".to_owned();
            let hint = Some("an offer says how many arrive: visitors times take-up".to_owned());
            findings.problem(desk.place("offer"), desk.path(), found, "one of the two".into(), hint);
            None
        }
    }
}

/// The part of a site's visitors who use the desk.
fn taken_up(
    findings: &mut Findings<'_>,
    field: Field,
    calendar: &Calendar,
) -> Option<(ArrivalPlan, Option<RetryPlan>)> {
    let mut section = Section::open(findings, field)?;
    let visitors = section.take(findings, "visitors").and_then(|field| arrivals(findings, field, calendar));
    let take_up = section.take(findings, "take_up").and_then(|field| findings.share(&field));
    let ((mut plan, retry), take_up) = (visitors?, take_up?);
    plan.scale(take_up);
    Some((plan, retry))
}

/// Arrivals, and who comes back.
pub(super) fn arrivals(
    findings: &mut Findings<'_>,
    field: Field,
    calendar: &Calendar,
) -> Option<(ArrivalPlan, Option<RetryPlan>)> {
    let mut section = Section::open(findings, field)?;
    if !anybody(findings, &section) {
        return None;
    }
    let plan = plan(findings, &mut section, calendar);
    let retry = match section.take(findings, "retry") {
        Some(field) => retry(findings, field).map(Some),
        None => Some(None),
    };
    section.close(findings, "without a profile");
    Some((plan?, retry?))
}

/// The arrivals of a room: who comes back does not depend on having given up.
pub(super) fn of_guests(
    findings: &mut Findings<'_>,
    field: Field,
    calendar: &Calendar,
) -> Option<ArrivalPlan> {
    let mut section = Section::open(findings, field)?;
    if !anybody(findings, &section) {
        return None;
    }
    let plan = plan(findings, &mut section, calendar);
    section.close(findings, "without a profile");
    plan
}

/// Whether it is said how many come; notes it where it is not.
fn anybody(findings: &mut Findings<'_>, section: &Section) -> bool {
    let said = ["rate", "profile", "bursts"].iter().any(|key| section.has(key));
    if !said && !section.slipped() {
        let found = "nobody who comes".to_owned();
        let hint = Some("arrivals: {rate: 240/h}".to_owned());
        findings.problem(section.at(), section.path(), found, "a rate, a profile or bursts".into(), hint);
    }
    said
}

fn plan(findings: &mut Findings<'_>, section: &mut Section, calendar: &Calendar) -> Option<ArrivalPlan> {
    let pieces = pieces(findings, section, calendar);
    let busyness_cv = busyness(findings, section);
    let bursts = bursts(findings, section, calendar);
    Some(ArrivalPlan { pieces: pieces?, busyness_cv: busyness_cv?, bursts: bursts? })
}

fn pieces(findings: &mut Findings<'_>, section: &mut Section, calendar: &Calendar) -> Option<Vec<RatePiece>> {
    let (rate, profile) = (section.take(findings, "rate"), section.take(findings, "profile"));
    if rate.is_some() && profile.is_some() {
        let found = "both a rate and a profile".to_owned();
        findings.problem(section.place("profile"), section.path(), found, "one of the two".into(), None);
        return None;
    }
    if let Some(field) = rate {
        let per_sec = findings.rate(&field)?;
        let to = Moment::ZERO + calendar.length;
        return Some(vec![RatePiece { from: Moment::ZERO, to, from_per_sec: per_sec, to_per_sec: per_sec }]);
    }
    let Some(field) = profile else { return Some(Vec::new()) };
    if field.value_of("file").is_some() {
        if section.has("shape") {
            let found = "the shape of a forecast".to_owned();
            let hint = Some("remove it".to_owned());
            let expected = "none: its volumes are those of whole intervals".to_owned();
            findings.problem(section.place("shape"), section.path(), found, expected, hint);
            section.take(findings, "shape");
        }
        let mut file = Section::open(findings, field)?;
        let field = file.take(findings, "file")?;
        return forecast::forecast(findings, &field, calendar);
    }
    let shape = section.take(findings, "shape").and_then(|field| findings.word(&field));
    let linear = shape.map(|i| SHAPES[i] == "linear");
    let points = points(findings, &field, calendar)?;
    Some(joined(&points, linear?, calendar.length))
}

/// One rate of a profile, as typed.
struct Point {
    when: Timed,
    at: Place,
    typed: String,
    per_sec: f64,
}

/// The instants from which rates hold, in order, the first at the start.
fn points(findings: &mut Findings<'_>, field: &Field, calendar: &Calendar) -> Option<Vec<(Moment, f64)>> {
    static RATE: Takes = Takes::Rate;
    let Value::Map(entries) = &field.node.value else {
        let misfit =
            Misfit::new("a map from times to rates").hint("profile: {\"09:00\": 120/h, \"12:00\": 200/h}");
        findings.misfit(field, misfit);
        return None;
    };
    let mut points = Vec::new();
    let mut whole = true;
    for entry in entries {
        let path = join(&field.path, &entry.key);
        let below = |node: Node| Field { node, takes: &RATE, path: path.clone(), origin: field.origin };
        let rate = findings.rate(&below(entry.node.clone()));
        let typed = Node { at: entry.at, value: Value::Scalar(entry.key.clone()), guessed: false };
        match (timed(calendar, &entry.key), rate) {
            (Ok(when), Some(per_sec)) => {
                points.push(Point { when, at: entry.at, typed: entry.key.clone(), per_sec });
            }
            (Err(misfit), _) => {
                findings.misfit(&below(typed), misfit);
                whole = false;
            }
            (_, None) => whole = false,
        }
    }
    if entries.is_empty() {
        findings.misfit(field, Misfit::new("at least one time and its rate"));
    }
    if !whole || entries.is_empty() || !in_order(findings, field, &points, calendar) {
        return None;
    }
    let unfolded = unfold(&points, calendar);
    if unfolded.is_none() {
        findings.misfit(field, Misfit::new("a profile of at most 1000000 rates over the whole length"));
    }
    unfolded
}

/// Whether the times are of one kind, in order, and begin with the scenario; notes it where they do not.
fn in_order(findings: &mut Findings<'_>, field: &Field, points: &[Point], calendar: &Calendar) -> bool {
    let mut last: Option<(Moment, &Point)> = None;
    for point in points {
        let moment = match point.when {
            Timed::OfDay(time) => calendar.first(time),
            Timed::After(span) => Some(Moment::ZERO + span),
        };
        let Some(moment) = moment else { return false };
        let mixed = last.is_some_and(|(_, before)| {
            matches!(before.when, Timed::OfDay(_)) != matches!(point.when, Timed::OfDay(_))
        });
        let wrong = match last {
            None if moment != Moment::ZERO => {
                let late = duration_text(moment.since(Moment::ZERO));
                Some((
                    format!("a profile that begins {late} after the scenario"),
                    "a rate from its start on".to_owned(),
                ))
            }
            _ if mixed => {
                Some(("times of day and times after the start mixed".into(), "one or the other".into()))
            }
            Some((before, point)) if moment <= before => Some((
                "times that go back".into(),
                format!("times in order, from the start: this one after {}", point.typed),
            )),
            _ => None,
        };
        if let Some((found, expected)) = wrong {
            findings.problem(point.at, &field.path, found, expected, None);
            return false;
        }
        if moment >= Moment::ZERO + calendar.length {
            let path = join(&field.path, &point.typed);
            findings.warnings.push(format!("{path}: comes after the end of the scenario"));
        }
        last = Some((moment, point));
    }
    true
}

/// Every instant of the scenario at which a rate is given: times of day come again every day. `None`: too many.
fn unfold(points: &[Point], calendar: &Calendar) -> Option<Vec<(Moment, f64)>> {
    let end = Moment::ZERO + calendar.length;
    let mut unfolded: Vec<(Moment, f64)> = Vec::new();
    for day in 0.. {
        for point in points {
            let moment = match point.when {
                Timed::After(span) => Moment::ZERO + span,
                Timed::OfDay(time) => {
                    let tomorrow = calendar.start.as_ref().is_some_and(|start| time < start.time());
                    calendar.on_day(time, day + i64::from(tomorrow))?
                }
            };
            if moment > end {
                return Some(unfolded);
            }
            // Where the clocks change, a time that does not exist can come after one that does.
            while unfolded.last().is_some_and(|(last, _)| *last >= moment) {
                unfolded.pop();
            }
            unfolded.push((moment, point.per_sec));
            if unfolded.len() > MOST_PIECES {
                return None;
            }
        }
        if points.iter().any(|point| matches!(point.when, Timed::After(_))) {
            break;
        }
    }
    Some(unfolded)
}

/// The pieces between the points, to the end of the scenario; the last rate holds.
fn joined(points: &[(Moment, f64)], linear: bool, length: Span) -> Vec<RatePiece> {
    let end = Moment::ZERO + length;
    let mut pieces = Vec::with_capacity(points.len());
    for (i, (from, rate)) in points.iter().enumerate() {
        let (to, next) = points.get(i + 1).copied().unwrap_or((end, *rate));
        if *from < to {
            let to_per_sec = if linear { next } else { *rate };
            pieces.push(RatePiece { from: *from, to, from_per_sec: *rate, to_per_sec });
        }
    }
    pieces
}

fn busyness(findings: &mut Findings<'_>, section: &mut Section) -> Option<f64> {
    let mut busyness = findings.section(section, "busyness")?;
    let field = busyness.take(findings, "cv")?;
    findings.variation(&field)
}

fn bursts(findings: &mut Findings<'_>, section: &mut Section, calendar: &Calendar) -> Option<Vec<Burst>> {
    let Some(field) = section.take(findings, "bursts") else { return Some(Vec::new()) };
    let items = findings.list(field)?;
    let bursts: Vec<Option<Burst>> = items.into_iter().map(|item| burst(findings, item, calendar)).collect();
    let bursts: Vec<Burst> = bursts.into_iter().collect::<Option<_>>()?;
    let visitors: u64 = bursts.iter().map(|burst| burst.count).sum();
    if visitors > MOST_IN_BURSTS {
        let found = format!("bursts of {visitors} visitors");
        let path = join(section.path(), "bursts");
        let expected = format!("at most {MOST_IN_BURSTS} in all bursts");
        findings.problem(section.place("bursts"), &path, found, expected, None);
        return None;
    }
    Some(bursts)
}

fn burst(findings: &mut Findings<'_>, field: Field, calendar: &Calendar) -> Option<Burst> {
    let mut section = Section::open(findings, field)?;
    let at = section.take(findings, "at").and_then(|field| instant(findings, &field, calendar));
    let count = section.take(findings, "count").and_then(|field| findings.whole(&field));
    let within = section.take(findings, "within").and_then(|field| findings.duration(&field));
    Some(Burst { at: at?, count: count?, within: within? })
}

fn instant(findings: &mut Findings<'_>, field: &Field, calendar: &Calendar) -> Option<Moment> {
    let text = findings.string_within(field)?;
    let moment = match timed(calendar, &text) {
        Ok(Timed::After(span)) => Moment::ZERO + span,
        Ok(Timed::OfDay(time)) => calendar.first(time)?,
        Err(misfit) => {
            findings.misfit(field, misfit);
            return None;
        }
    };
    if moment >= Moment::ZERO + calendar.length {
        findings.misfit(field, Misfit::new("a time before the end of the scenario"));
        return None;
    }
    findings.row(&field.path, duration_text(moment.since(Moment::ZERO)), field.origin);
    Some(moment)
}

fn retry(findings: &mut Findings<'_>, field: Field) -> Option<RetryPlan> {
    let mut section = Section::open(findings, field)?;
    let share = section.take(findings, "share").and_then(|field| findings.share(&field));
    let after = section.take(findings, "after").and_then(|field| law::law(findings, field));
    let most = section.take(findings, "most").and_then(|field| findings.whole(&field));
    Some(RetryPlan { share: share?, after: after?, most: most? })
}
