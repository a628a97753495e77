//! Community rooms, and portals of many rooms that are alike.

use super::calendar::Calendar;
use super::concentrate::{Concentrated, concentrate};
use super::guests;
use super::run::Head;
use super::section::{Field, Section, join};
use super::{Findings, arrivals, deflects, hours, law, moderation, names};
use crate::base::time::Span;
use crate::scenario::node::Value;
use crate::scenario::plan::rooms::{MOST_ROOMS, Opening, VenueKind, VenuePlan};
use crate::scenario::plan::{ArrivalPlan, DeskPlan};
use crate::scenario::quantity::{Misfit, number, plain};

/// The greatest exponent of popularity: beyond it nobody comes to any but the first room.
const GREATEST_EXPONENT: f64 = 10.0;

/// What venues have to know of the scenario.
struct Context<'a> {
    calendar: Calendar,
    warm_up: Span,
    /// All desks, unless some could not be resolved.
    desks: Option<&'a [DeskPlan]>,
}

/// Every room, then every portal, in the order of the file; `None` when one of them is wrong.
pub(super) fn venues(
    findings: &mut Findings<'_>,
    top: &mut Section,
    head: &Head,
    desks: Option<&[DeskPlan]>,
) -> Option<Vec<VenuePlan>> {
    let warm_up = head.warm_up.unwrap_or(Span::ZERO);
    let context = Context { calendar: head.calendar(), warm_up, desks };
    let mut taken = names_of_desks(top);
    let mut all: Vec<Option<VenuePlan>> = Vec::new();
    for key in ["rooms", "portals"] {
        let Some(field) = top.take(findings, key) else { continue };
        let Some(named) = names::named(findings, &field) else {
            all.push(None);
            continue;
        };
        for (name, at, field) in named {
            names::refuse_reserved(findings, key, &name, at);
            names::refuse_taken(findings, key, &name, at, &taken);
            taken.push(name.clone());
            all.push(venue(findings, field, name, &context));
        }
    }
    let venues: Vec<VenuePlan> = all.into_iter().collect::<Option<_>>()?;
    let rooms: u64 = venues.iter().map(|venue| u64::from(venue.rooms())).sum();
    if rooms > u64::from(MOST_ROOMS) {
        let (found, expected) = (format!("{rooms} rooms"), format!("at most {MOST_ROOMS} in all"));
        findings.problem(top.place("portals"), "portals", found, expected, None);
        return None;
    }
    Some(venues)
}

/// As typed: whether they are right or wrong.
fn names_of_desks(top: &Section) -> Vec<String> {
    let alone = top.has("support").then(|| "support".to_owned());
    let several = match top.value_of("desks") {
        Some(Value::Map(entries)) => entries.iter().map(|entry| entry.key.clone()).collect(),
        _ => Vec::new(),
    };
    alone.into_iter().chain(several).collect()
}

fn venue(
    findings: &mut Findings<'_>,
    field: Field,
    name: String,
    context: &Context<'_>,
) -> Option<VenuePlan> {
    let is_portal = field.path.starts_with("portals.");
    let mut section = Section::open(findings, field)?;
    let kind = if is_portal { portal(findings, &mut section) } else { Some(VenueKind::Room) };
    let arrivals = section
        .take(findings, "arrivals")
        .and_then(|field| arrivals::of_guests(findings, field, &context.calendar));
    let open = hours::openings(findings, &mut section, &context.calendar, context.warm_up);
    let arrivals = while_open(findings, &mut section, arrivals, open.as_ref(), &context.calendar);
    let stay = section.take(findings, "stay").and_then(|field| law::positive(findings, field));
    let alone_patience = match section.take(findings, "alone_patience") {
        Some(field) => law::positive(findings, field).map(|worded| Some(worded.law)),
        None => Some(None),
    };
    let roles = guests::roles(findings, &mut section);
    let talk_per_sec = guests::talk(findings, &mut section, roles);
    let words = section.take(findings, "words").and_then(|field| law::words(findings, field));
    let questions = guests::questions(findings, &mut section, roles);
    let asks = questions.as_ref().is_none_or(|questions| questions.share > 0.0);
    let harm = moderation::harm(findings, &mut section);
    let moderation = moderation::moderation(findings, &mut section);
    let returns = guests::returns(findings, &mut section, asks);
    let deflects = deflects::deflects(findings, &mut section, context.desks, asks);
    let alive = section.take(findings, "alive").and_then(|field| findings.share(&field));
    Some(VenuePlan {
        name,
        kind: kind?,
        arrivals: arrivals?,
        open: open?,
        stay: stay?.law,
        alone_patience: alone_patience?,
        roles: roles?,
        talk_per_sec: talk_per_sec?,
        words: words?.law,
        questions: questions?,
        harm: harm?,
        moderation: moderation?,
        returns: returns?,
        deflects: deflects?,
        alive: alive?,
    })
}

fn portal(findings: &mut Findings<'_>, portal: &mut Section) -> Option<VenueKind> {
    let rooms = portal.take(findings, "rooms").and_then(|field| findings.whole(&field));
    let mut popularity = findings.section(portal, "popularity")?;
    let field = popularity.take(findings, "zipf")?;
    let exponent = findings.read(&field, |text| {
        number(text).filter(|exponent| (0.0..=GREATEST_EXPONENT).contains(exponent)).ok_or_else(|| {
            let expected = format!("an exponent from 0 to {}", plain(GREATEST_EXPONENT));
            Misfit::new(&expected)
                .hint("at 0 all rooms are as popular, and the more it is the less the others are")
        })
    })?;
    findings.row(&field.path, plain(exponent), field.origin);
    Some(VenueKind::Portal { rooms: rooms?, exponent })
}

/// The arrivals while it is open. `open`: what came of the opening hours.
fn while_open(
    findings: &mut Findings<'_>,
    venue: &mut Section,
    arrivals: Option<ArrivalPlan>,
    open: Option<&Option<Vec<Opening>>>,
    calendar: &Calendar,
) -> Option<ArrivalPlan> {
    if !venue.has("open") {
        venue.refuse(findings, "shifted", "without `open`");
        return arrivals;
    }
    let shifted = venue.take_where(findings, "shifted", true).and_then(|field| findings.share(&field));
    let (arrivals, open) = (arrivals?, open?.as_ref()?);
    let bursts_fit = bursts_while_open(findings, venue, &arrivals, open);
    let Concentrated { pieces, lost } = concentrate(arrivals.pieces, open, shifted?, calendar);
    if lost > 0.0 {
        let path = join(venue.path(), "open");
        let lost = plain((lost * 10.0).round() / 10.0);
        findings.warnings.push(format!("{path}: {lost} visits are of days on which it does not open: lost"));
    }
    bursts_fit.then_some(ArrivalPlan { pieces, ..arrivals })
}

/// Whether every burst lies in one opening; notes it where one does not.
fn bursts_while_open(
    findings: &mut Findings<'_>,
    venue: &Section,
    arrivals: &ArrivalPlan,
    open: &[Opening],
) -> bool {
    let typed = match venue.value_of("arrivals").and_then(|arrivals| arrivals.get("bursts")) {
        Some(Value::List(nodes)) => nodes.as_slice(),
        _ => &[],
    };
    let mut good = true;
    for (i, (burst, node)) in arrivals.bursts.iter().zip(typed).enumerate() {
        let end = burst.at + burst.within;
        if !open.iter().any(|opening| opening.from <= burst.at && burst.at < opening.to && end <= opening.to)
        {
            let path = format!("{}.arrivals.bursts[{i}]", venue.path());
            let found = "a burst of guests while it is closed".to_owned();
            let hint =
                Some("they all have to come, from `at` to the end of `within`, within `open`".to_owned());
            findings.problem(node.at, &path, found, "a burst while it is open".into(), hint);
            good = false;
        }
    }
    good
}
