//! What load a scenario expects of its rooms: sentences of the paragraph that `check` prints, and what is surprising.
//! Arithmetic on means: who meets whom is for `simulate` to say.

use std::fmt::Write as _;

use crate::base::time::{Moment, Span};
use crate::scenario::plan::Plan;
use crate::scenario::plan::rooms::{ModerationMode, VenueKind, VenuePlan};
use crate::scenario::quantity::duration_text;

use super::{busiest_per_hour, percent, tenths};

/// The expected load of one venue.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct VenueLoad {
    /// First visits expected in all of the scenario.
    pub visits: f64,
    /// How long it is open, in seconds.
    pub open_secs: f64,
    /// Guests who would be there on average while it is open, in all of its rooms together, if being alone were all the
    /// same to them and nobody came back: λ·E\[S\].
    pub present: f64,
    /// The part of the moderators' time that reviews would take if those guests were always in company, answers left
    /// out; `None` where nobody reviews all that is said. Above 1 messages wait ever longer.
    pub reviewing: Option<f64>,
}

impl VenueLoad {
    fn of(plan: &Plan, venue: &VenuePlan) -> Self {
        let visits = venue.arrivals.expected(Moment::ZERO, Moment::ZERO + plan.length);
        let open_secs =
            venue.openings(plan.length).map(|opening| opening.to.since(opening.from).secs()).sum();
        let present = visits * venue.stay.mean() / open_secs;
        let all = matches!(
            venue.moderation.mode,
            ModerationMode::Before | ModerationMode::After { reported_only: false }
        );
        let reviewing = all.then(|| {
            let talk: f64 =
                venue.roles.iter().zip(venue.talk_per_sec).map(|(share, rate)| share * rate).sum();
            let messages_per_sec = present * talk + visits * venue.questions.share / open_secs;
            let blocked = venue.moderation.filter.filter(|filter| !filter.holds).map_or(0.0, |filter| {
                venue.harm.share * filter.catches + (1.0 - venue.harm.share) * filter.mistakes
            });
            let reviews_per_sec = messages_per_sec * (1.0 - blocked);
            reviews_per_sec * venue.moderation.review.mean() / f64::from(venue.moderation.moderators)
        });
        Self { visits, open_secs, present, reviewing }
    }
}

impl Plan {
    /// The expected load of every room and portal, in the order of the plan.
    #[must_use]
    pub fn venue_loads(&self) -> Vec<VenueLoad> {
        self.venues.iter().map(|venue| VenueLoad::of(self, venue)).collect()
    }

    /// The rooms and portals that are closed throughout what would be counted of so much of the scenario.
    pub fn closed(&self, warm_up: Span, length: Span) -> impl Iterator<Item = &VenuePlan> {
        let (from, to) = (Moment::ZERO + warm_up, Moment::ZERO + length);
        self.venues.iter().filter(move |venue| !venue.opens_within(from, to))
    }

    /// The rooms in which nothing would happen if the scenario were run.
    pub(in crate::scenario) fn closed_in_run(&self) -> Vec<String> {
        let (warm_up, length) = (self.run.warm_up, self.run.length);
        let told = |venue: &VenuePlan| {
            let opens = venue.opening_after(Moment::ZERO + warm_up)?;
            Some(format!(
                "{}: closed throughout what `run` counts of the first {}: it opens {} after the start",
                venue.name,
                duration_text(length),
                duration_text(opens.from.since(Moment::ZERO))
            ))
        };
        self.closed(warm_up, length).filter_map(told).collect()
    }
}

pub(super) fn sentence(text: &mut String, plan: &Plan, venue: &VenuePlan, load: &VenueLoad) {
    let name = &venue.name;
    let first = if venue.returns.is_some() { "first visits" } else { "visits" };
    let _ = write!(text, " {name}: {} {first} expected", load.visits.round());
    let busiest = busiest_per_hour(plan, &venue.arrivals);
    if busiest > 0.0 {
        let _ = write!(text, " ({}/h in the busiest quarter of an hour)", rough(busiest));
    }
    if venue.open.is_some() {
        let share = percent(load.open_secs / plan.length.secs());
        let _ = write!(text, ", all while it is open, {share}% of the time");
    }
    let present = rough(load.present);
    let guests = if present == "1" { "guest" } else { "guests" };
    let _ = write!(text, ", for {present} {guests} there at once on average");
    if let VenueKind::Portal { rooms, .. } = venue.kind {
        let _ = write!(text, " in {rooms} rooms together");
    }
    if venue.alone_patience.is_some() {
        text.push_str(" if nobody minded being alone");
    }
    if let Some(reviewing) = load.reviewing {
        let moderators = venue.moderation.moderators;
        let _ = write!(text, "; to review what they say takes {}% of the time of ", percent(reviewing));
        let _ = match moderators {
            1 => write!(text, "1 moderator"),
            _ => write!(text, "{moderators} moderators"),
        };
    }
    if let Some(deflects) = venue.deflects {
        let questions = (load.visits * venue.questions.share * deflects.share).round();
        let desk = &plan.desk(deflects.desk).name;
        let _ = write!(text, "; without it {questions} of their questions would go to {desk}");
    }
    text.push('.');
}

/// Tenths of what is few, and wholes of what is many.
fn rough(x: f64) -> String {
    if x < 100.0 { tenths(x) } else { x.round().to_string() }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use crate::scenario::{Scenario, parse};

    fn scenario(head: &str, room: &str) -> Scenario {
        let text = format!("name: x\nlength: 10d\nmoney: EUR\n{head}rooms:\n  fans:\n{room}\n");
        parse("x.yaml", text, Path::new(".")).unwrap_or_else(|problems| panic!("{problems}"))
    }

    const ROOM: &str = "    arrivals: {rate: 6/h}
    stay: {exponential: {mean: 600s}}
    moderation: {mode: before, moderators: 1, wage: 18 EUR/h, review: 60s}
    talk: {occasional: 20/h, regular: 120/h}
    questions: {share: 20%}";

    #[test]
    fn the_load_of_a_room_is_guests_and_what_they_say() {
        let plan = scenario("", ROOM).plan;
        let load = plan.venue_loads()[0];
        assert!((load.visits - 1440.0).abs() < 1e-6 && (load.present - 1.0).abs() < 1e-9, "{load:?}");
        // 3 messages an hour of a guest (9% of 20, 1% of 120), and 1.2 questions: 4.2 minutes' work of 60.
        assert!((load.reviewing.unwrap() - 4.2 / 60.0).abs() < 1e-9, "{load:?}");
        assert_eq!(
            plan.summary(),
            "x: 10d of guests. fans: 1440 visits expected (6/h in the busiest quarter of an hour), for 1 guest there at \
             once on average; to review what they say takes 7% of the time of 1 moderator."
        );
    }

    #[test]
    fn what_a_room_keeps_from_a_desk_is_told() {
        let desk = "support: {arrivals: {rate: 6/h}, patience: never, agents: {count: 2}}\n";
        let summary = scenario(desk, &format!("{ROOM}\n    deflects: 30%")).plan.summary();
        assert!(summary.starts_with("x: 10d of visitors. support:"), "{summary}");
        assert!(summary.ends_with("; without it 86 of their questions would go to support."), "{summary}");
    }

    #[test]
    fn opening_hours_make_for_more_guests_at_once() {
        let head = "start: \"2026-11-28 00:00 Europe/Paris\"\nrun: {length: 12h}\n";
        let room = format!("{ROOM}\n    open: [\"18:00-20:00\"]\n    alone_patience: 2m");
        let scenario = scenario(head, &room);
        let load = scenario.plan.venue_loads()[0];
        assert!((load.visits - 1440.0).abs() < 1e-6 && (load.present - 12.0).abs() < 1e-9, "{load:?}");
        assert!((load.open_secs - 72_000.0).abs() < 1e-9);
        let summary = scenario.plan.summary();
        assert!(
            summary.contains(
                "1440 visits expected (72/h in the busiest quarter of an hour), all while it is open, 8% of the time, for \
                 12 guests there at once on average if nobody minded being alone;"
            ),
            "{summary}"
        );
        assert_eq!(
            scenario.warnings,
            ["fans: closed throughout what `run` counts of the first 12h: it opens 18h after the start"]
        );
    }
}
