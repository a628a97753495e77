//! What must hold.

use std::collections::BTreeSet;

use super::*;
use causerie::base::draw::{Draws, Purpose};
use causerie::base::words::rooms::{GuestEnding, Role};
use causerie::scenario::plan::rooms::ModerationMode;

/// The stretch in which a guest was in the room; `None` where it was an instant, or never.
fn presence(visit: &GuestOutcome) -> Option<(Moment, Moment)> {
    visit.entered.filter(|entered| *entered < visit.ended).map(|entered| (entered, visit.ended))
}

fn draws(plan: &Plan, visit: VisitId) -> Draws {
    let (name, _) = plan.populations().nth(visit.population.index()).expect("a population of the plan");
    Draws::of_population(plan.seed, 0, name).visitor(visit.index)
}

pub(super) fn everybody_ends_once(plan: &Plan, rooms: &Rooms) {
    let mut guests: BTreeMap<_, Vec<&GuestOutcome>> = BTreeMap::new();
    for visit in &rooms.visits {
        guests.entry((visit.visit.population, visit.visit.index)).or_default().push(visit);
    }
    for visits in guests.values() {
        for (number, visit) in visits.iter().enumerate() {
            assert_eq!(
                usize::from(visit.visit.attempt),
                number,
                "a visit is missing, or told twice: {visit:?}"
            );
            assert_eq!(visit.room, visits[0].room, "a guest comes back to the same room");
            assert_eq!(visit.role, visits[0].role, "a guest remains who they are");
            assert!(visit.start <= visit.ended && visit.start < Moment::ZERO + plan.length, "{visit:?}");
        }
        for pair in visits.windows(2) {
            assert!(pair[0].ended <= pair[1].start, "in two rooms at once: {pair:?}");
        }
    }
    assert_eq!(rooms.entered.len(), rooms.visits.len(), "who comes is in the room at once");
}

/// Met and never met, by who was there at once.
pub(super) fn company_is_who_was_there_at_once(rooms: &Rooms) {
    for visits in rooms.by_room().values() {
        for visit in visits {
            let entered = visit.entered.expect("everybody enters");
            let others = || visits.iter().filter(|other| other.visit != visit.visit);
            let together = |other: &&GuestOutcome| {
                let since = other.entered.expect("everybody enters").max(entered);
                (since < other.ended.min(visit.ended)).then_some(since)
            };
            match visit.met {
                Some(met) => assert!(met >= entered && met <= visit.ended, "{visit:?}"),
                None => assert!(others().find_map(|other| together(&other)).is_none(), "{visit:?}"),
            }
            if let Some(first) = others().filter_map(|other| together(&other)).min() {
                let met = visit.met.expect("who shared a stretch of time has met somebody");
                assert!(met <= first, "{visit:?} was with somebody from {first:?} on");
            }
            let there =
                |other: &GuestOutcome| other.entered.is_some_and(|e| e < entered && entered < other.ended);
            assert!(!visit.found_nobody || !others().any(there), "{visit:?} overlooked somebody");
            // Of two who come in the same instant the first finds nobody, and has company at once.
            let joined = others().any(|other| other.entered == Some(entered));
            let at_once = visit.met == Some(entered);
            assert!(at_once || visit.found_nobody, "{visit:?} met somebody and does not know");
            assert!(!at_once || !visit.found_nobody || joined, "{visit:?} met nobody who was there");
        }
    }
}

/// In company the stay runs, alone it does not (where there is a patience for that).
pub(super) fn stays_run_in_company(plan: &Plan, rooms: &Rooms) {
    for ((venue, _), visits) in rooms.by_room() {
        let of = plan.venue(venue);
        for visit in &visits {
            let Some((from, to)) = presence(visit) else { continue };
            let stay =
                of.stay.span(&mut draws(plan, visit.visit).stream(Purpose::Stay, visit.visit.attempt.into()));
            let ran = match of.alone_patience {
                None => to.since(from),
                Some(_) => {
                    covered(visits.iter().filter(|o| o.visit != visit.visit).filter_map(presence), from, to)
                }
            };
            match visit.ending {
                GuestEnding::Stayed => assert_eq!(ran, stay, "{visit:?}"),
                GuestEnding::Deserted => assert!(ran < stay, "{visit:?} was not alone: the stay was over"),
                _ => assert!(ran <= stay, "{visit:?} stayed longer than meant to"),
            }
            assert!(visit.ending != GuestEnding::Deserted || of.alone_patience.is_some(), "{visit:?}");
        }
    }
}

/// How much of [from, to) is covered by these stretches together.
fn covered(stretches: impl Iterator<Item = (Moment, Moment)>, from: Moment, to: Moment) -> Span {
    let mut stretches: Vec<_> =
        stretches.map(|(a, b)| (a.max(from), b.min(to))).filter(|(a, b)| a < b).collect();
    stretches.sort_unstable();
    let (mut sum, mut reached) = (Span::ZERO, from);
    for (a, b) in stretches {
        if b > reached {
            sum += b.since(a.max(reached));
            reached = b;
        }
    }
    sum
}

pub(super) fn nobody_is_there_while_it_is_closed(plan: &Plan, rooms: &Rooms) {
    for visit in &rooms.visits {
        let opening = plan.venue(visit.venue).opening_at(visit.start);
        let opening = opening.unwrap_or_else(|| panic!("comes while it is closed: {visit:?}"));
        assert!(visit.ended <= opening.to, "{visit:?} is there after closing time {opening:?}");
        assert!(visit.ending != GuestEnding::Closed || visit.ended == opening.to, "{visit:?}");
    }
}

pub(super) fn what_is_held_is_reviewed_once(plan: &Plan, rooms: &Rooms) {
    for (id, venue) in plan.venue_ids() {
        let sent = |fate| {
            let of = rooms.posted.iter().filter(|post| post.venue == id && post.fate == fate);
            of.map(|post| post.at).collect::<Vec<_>>()
        };
        let reviews = |held| {
            let of = rooms.reviewed.iter().filter(|review| review.venue == id && review.held == held);
            let mut posted: Vec<Moment> = of.map(|review| review.posted).collect();
            posted.sort_unstable();
            posted
        };
        assert_eq!(reviews(true), sorted(sent(Fate::Held)), "what is held is reviewed, each message once");
        let published = sorted(sent(Fate::Published));
        match venue.moderation.mode {
            ModerationMode::Before => {
                assert!(published.is_empty(), "published unreviewed");
                assert!(reviews(false).is_empty());
            }
            ModerationMode::After { reported_only: false } => assert_eq!(reviews(false), published),
            ModerationMode::After { reported_only: true } => assert!(reviews(false).len() <= published.len()),
            ModerationMode::None { .. } => assert!(reviews(false).is_empty()),
        }
        for review in rooms.reviewed.iter().filter(|review| review.venue == id) {
            assert!(review.posted <= review.from && review.from <= review.to, "{review:?}");
        }
    }
}

fn sorted(mut moments: Vec<Moment>) -> Vec<Moment> {
    moments.sort_unstable();
    moments
}

/// Harm seen is never more than harm published × readers present, and none where everything is reviewed first.
pub(super) fn harm_is_seen_by_those_present(plan: &Plan, rooms: &Rooms) {
    let by_room = rooms.by_room();
    for (id, venue) in plan.venue_ids() {
        let seen = rooms.exposed.iter().filter(|(venue, ..)| *venue == id).count();
        let published = |post: &&Posted| post.venue == id && post.harmful && post.fate == Fate::Published;
        let readers = |post: &Posted| {
            let present = |visit: &&GuestOutcome| {
                visit.entered.is_some_and(|entered| entered <= post.at) && post.at <= visit.ended
            };
            // The author reads it too, but is none of them.
            by_room[&(id, post.room)].iter().filter(present).count() - 1
        };
        let most: usize = rooms.posted.iter().filter(published).map(readers).sum();
        assert!(seen <= most, "{seen} times of at most {most}");
        if venue.moderation.mode == ModerationMode::Before {
            assert_eq!(seen, 0, "moderators let harm pass");
        }
        for (_, from, to) in rooms.exposed.iter().filter(|(venue, ..)| *venue == id) {
            assert!(from <= to);
        }
    }
}

/// A message that everybody present could read.
struct Publication {
    posted: Moment,
    at: Moment,
    harmful: bool,
}

impl Publication {
    /// Every one of a room: what was published when it was sent, and what a moderator passed.
    fn all(rooms: &Rooms, venue: VenueId, room: RoomId) -> Vec<Self> {
        let sent = rooms.posted.iter().filter(|post| post.venue == venue && post.room == room);
        let published = |post: &Posted| {
            let (posted, harmful, held) = (post.at, post.harmful, post.fate == Fate::Held);
            let at_once = (post.fate == Fate::Published).then_some(Self { posted, at: posted, harmful });
            let passes = move |review: &&Reviewed| {
                held && review.venue == venue && review.posted == posted && review.verdict == Verdict::Pass
            };
            let passed = rooms.reviewed.iter().filter(passes);
            at_once.into_iter().chain(passed.map(move |review| Self { posted, at: review.to, harmful }))
        };
        sent.flat_map(published).collect()
    }
}

/// What is delivered was published: a question before somebody answers it, an answer and a harmful message in the instant
/// in which they are read. A message that was blocked or is held, and one that was removed, never is.
pub(super) fn what_is_delivered_was_published(plan: &Plan, rooms: &Rooms) {
    let mut harm: BTreeSet<(VenueId, Moment)> = BTreeSet::new();
    for ((venue, room), visits) in rooms.by_room() {
        let published = Publication::all(rooms, venue, room);
        harm.extend(published.iter().filter(|one| one.harmful).map(|one| (venue, one.at)));
        for visit in &visits {
            let Some(Asked { at, answered: Some(answered), .. }) = visit.asked else { continue };
            assert!(answered >= at && answered <= visit.ended, "{visit:?}");
            let roles = plan.venue(venue).roles;
            assert!(roles[Role::Occasional as usize] + roles[Role::Regular as usize] > 0.0, "{visit:?}");
            let question = published.iter().filter(|one| !one.harmful && one.posted == at);
            let public = question.map(|one| one.at).min().unwrap_or(Moment::NEVER);
            assert!(public <= answered, "the question was answered, but not published: {visit:?}");
            let answers = |one: &Publication| !one.harmful && one.at == answered && one.posted >= public;
            assert!(published.iter().any(answers), "the answer was read, but not published: {visit:?}");
        }
    }
    for (venue, from, _) in &rooms.exposed {
        assert!(harm.contains(&(*venue, *from)), "harm was seen at {from:?}, but not published");
    }
}

pub(super) fn moderators_do_one_thing_at_a_time(plan: &Plan, rooms: &Rooms) {
    for (id, venue) in plan.venue_ids() {
        let mut steps: Vec<(Moment, i64)> = Vec::new();
        for review in rooms.reviewed.iter().filter(|review| review.venue == id && review.from < review.to) {
            steps.extend([(review.from, 1), (review.to, -1)]);
        }
        steps.sort_unstable();
        let mut busy = 0;
        for (at, step) in steps {
            busy += step;
            assert!(busy <= i64::from(venue.moderation.moderators), "{busy} reviews at once at {at:?}");
        }
        let paid: u64 =
            rooms.watched.iter().filter(|w| w.0 == id).map(|(_, from, to)| to.since(*from).nanos()).sum();
        let open: u64 = venue.openings(plan.length).map(|o| o.to.since(o.from).nanos()).sum();
        let least = open * u64::from(venue.moderation.moderators);
        assert!(paid >= least, "opening hours are paid for");
    }
}

pub(super) fn who_turns_to_the_desk_is_served_there(plan: &Plan, rooms: &Rooms, replication: &Replication) {
    let is_guest = |visit: VisitId| plan.venue_of(visit.population).is_some();
    let mut turned: Vec<(VisitId, Moment)> = Vec::new();
    for visit in &rooms.visits {
        let Some(asked) = visit.asked else { continue };
        if asked.turned {
            assert!(asked.desk_bound && asked.answered.is_none(), "{visit:?}");
            turned.push((visit.visit.at_desk(), visit.ended));
        } else if asked.desk_bound && asked.answered.is_none() {
            assert!(visit.ended >= Moment::ZERO + plan.length, "a question for the desk is lost: {visit:?}");
        }
    }
    let at_desk = replication.seen.visits.iter().filter(|visit| is_guest(visit.visit));
    let mut came: Vec<(VisitId, Moment)> = at_desk.map(|visit| (visit.visit, visit.start)).collect();
    turned.sort_unstable();
    came.sort_unstable();
    assert!(turned.windows(2).all(|two| two[0].0 != two[1].0), "two visitors are one: {turned:?}");
    assert_eq!(turned, came, "who turns to the desk comes there at that instant, and nobody else");
}
