//! Critical mass: at which rate of visits a room has company for its guests, and how many such rooms today's visits fill.

use crate::base::time::Moment;
use crate::scenario::plan::Plan;
use crate::scenario::plan::rooms::{VenueKind, VenuePlan};

use super::curve::{Crossing, Point, Reach, crossing, trace};
use super::formula::Formula;
use super::play::{Halt, Theatre};
use super::share::Share;
use super::stage::Effort;
use super::vary::{one_room, with_rooms, without_words};

/// Visits to play at each rate: with them an interval of the share is narrower than two points, and one of the critical
/// rate than a tenth of it.
const VISITS: f64 = 40_000.0;
/// From 1/1024 of today's visits to 64 times as many.
const REACH: Reach = Reach { down: 10, up: 6 };
/// Visits to play for each room of a portal.
const VISITS_PER_ROOM: f64 = 400.0;
/// Points of a formula's curve.
const CURVE: u32 = 80;

/// What traffic does to one room: of a portal, to one on its own.
#[derive(Clone, Debug, PartialEq)]
pub struct Mass {
    /// Visits a second to one room today, returns left out: the mean over the time that counts, and over a portal's rooms.
    pub today_per_sec: f64,
    /// The share that meets somebody today, in a room of that traffic.
    pub met_today: Share,
    /// The share by the rate of visits, per second; rising.
    pub curve: Vec<Point>,
    /// The same by formula where there is one, as a line: rate and share; otherwise why not, in clauses.
    pub formula: Result<Vec<(f64, f64)>, Vec<&'static str>>,
    /// Where the wanted share meets somebody.
    pub critical: Critical,
    /// Where a room is alive.
    pub alive: Critical,
    /// What today's visits keep alive.
    pub kept: Kept,
}

/// A rate of visits, per second, at which a share meets somebody.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Critical {
    /// The share.
    pub share: f64,
    /// The rate as simulated.
    pub simulated: Crossing,
    /// By formula, where there is one and it is ever reached.
    pub formula: Option<f64>,
}

/// How many rooms are alive.
#[derive(Clone, Debug, PartialEq)]
pub struct Kept {
    /// So many rooms among which today's visits are split evenly: all are alive.
    pub evenly: Count,
    /// The share that meets somebody where they are split among so many.
    pub split: Vec<(u64, Share)>,
    /// Of a portal, how many of its rooms are alive, and how many of them there should be.
    pub portal: Option<PortalKept>,
}

/// A number of rooms, with the ends of its 95 % interval.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Count {
    /// The number; where `or_more`, at least that.
    pub value: u64,
    /// The lower end; none where it is not known.
    pub low: Option<u64>,
    /// The upper end.
    pub high: Option<u64>,
    /// Whether fewer visits than were ever played keep a room alive.
    pub or_more: bool,
}

/// The rooms of a portal.
#[derive(Clone, Debug, PartialEq)]
pub struct PortalKept {
    /// How many there are.
    pub rooms: u32,
    /// How many of them have the visits that it takes.
    pub alive: Count,
    /// How many were alive when all of them were played together.
    pub alive_simulated: u32,
    /// How many rooms of this popularity there may be for all to have the visits that it takes.
    pub most: Count,
    /// The visits a second to the least popular room.
    pub least_per_sec: f64,
    /// The visits a second to the most popular one.
    pub most_per_sec: f64,
}

/// What traffic does to a venue.
pub(super) fn mass(
    theatre: &Theatre<'_>,
    plan: &Plan,
    venue: &VenuePlan,
    wanted: f64,
    effort: Effort,
) -> Result<Mass, Halt> {
    let quiet = without_words(venue);
    let rooms = f64::from(venue.rooms());
    let today = one_room(&quiet, 1.0 / rooms);
    let (from, to) = (Moment::ZERO + plan.warm_up, Moment::ZERO + plan.length);
    let today_per_sec = today.arrivals.expected(from, to) / to.since(from).secs();
    if today_per_sec == 0.0 {
        return Err(Halt::Nobody);
    }
    let play =
        |per_sec: f64| theatre.met(&effort.stage(plan, &one_room(&today, per_sec / today_per_sec), VISITS));
    let mut curve = trace(today_per_sec, &[wanted, venue.alive], REACH, play)?;
    let formula = Formula::of(&today, plan.length);
    if let Ok(formula) = formula {
        curve.iter_mut().for_each(|point| point.formula = Some(formula.met(point.at)));
    }
    let critical = |share: f64| Critical {
        share,
        simulated: crossing(&curve, share),
        formula: formula.as_ref().ok().and_then(|formula| formula.critical_per_sec(share)),
    };
    let (critical, alive) = (critical(wanted), critical(venue.alive));
    let evenly = Count::of(alive.simulated, |needed| (today_per_sec * rooms / needed) as u64);
    let split = split(&evenly, &mut |ways| play(today_per_sec * rooms / ways as f64))?;
    let portal = match venue.kind {
        VenueKind::Room => None,
        VenueKind::Portal { rooms, .. } => {
            let alive_simulated = alive_rooms(theatre, plan, &quiet, effort)?;
            Some(portal(venue, rooms, today_per_sec * f64::from(rooms), alive.simulated, alive_simulated))
        }
    };
    let met_today = curve.iter().find(|point| point.at == today_per_sec).ok_or(Halt::Nobody)?.met;
    let formula = formula.map(|formula| line(formula, &curve));
    let kept = Kept { evenly, split, portal };
    Ok(Mass { today_per_sec, met_today, curve, formula, critical, alive, kept })
}

/// The formula's curve, as far as the other goes.
fn line(formula: Formula<'_>, curve: &[Point]) -> Vec<(f64, f64)> {
    let (Some(first), Some(last)) = (curve.first(), curve.last()) else { return Vec::new() };
    let at = |step: u32| {
        let part = f64::from(step) / f64::from(CURVE);
        first.at * libm::pow(last.at / first.at, part)
    };
    (0..=CURVE).map(|step| (at(step), formula.met(at(step)))).collect()
}

/// Today's visits in one room, in two, and at the edge of what they keep alive. A room of n gets every n-th guest, and what
/// happens in the others does not concern it, so it is played alone.
fn split(
    evenly: &Count,
    play: &mut dyn FnMut(u64) -> Result<Share, Halt>,
) -> Result<Vec<(u64, Share)>, Halt> {
    let edge = evenly.value;
    // Among many rooms, one more is no difference to be seen.
    let mut ways = vec![1, 2, edge.max(1), (edge + 1).max(edge + edge / 10)];
    ways.sort_unstable();
    ways.dedup();
    ways.into_iter().map(|ways| Ok((ways, play(ways)?))).collect()
}

impl Count {
    /// How many rooms there may be, which is the fewer the more visits one needs.
    fn of(needed: Crossing, rooms: impl Fn(f64) -> u64) -> Self {
        match needed {
            Crossing::At { value, low, high } => {
                Self { value: rooms(value), low: high.map(&rooms), high: low.map(&rooms), or_more: false }
            }
            Crossing::Before(least) => Self { value: rooms(least), low: None, high: None, or_more: true },
            Crossing::Beyond(_) => Self { value: 0, low: None, high: None, or_more: false },
        }
    }
}

fn portal(venue: &VenuePlan, rooms: u32, per_sec: f64, needed: Crossing, alive_simulated: u32) -> PortalKept {
    let popularity = venue.popularity();
    let (first, last) = (popularity[0], popularity[popularity.len() - 1]);
    let has = |needed: f64| popularity.partition_point(|share| share * per_sec >= needed) as u64;
    let most = |needed: f64| {
        // The least popular of more rooms has fewer visits: where the last one has enough, all have.
        let enough = |rooms: u32| {
            with_rooms(venue, rooms).popularity().last().is_some_and(|share| share * per_sec >= needed)
        };
        let (mut enough_at, mut too_many) = (0, 1);
        while too_many <= crate::scenario::plan::rooms::MOST_ROOMS && enough(too_many) {
            (enough_at, too_many) = (too_many, too_many * 2);
        }
        while too_many - enough_at > 1 {
            let middle = enough_at + (too_many - enough_at) / 2;
            *(if enough(middle) { &mut enough_at } else { &mut too_many }) = middle;
        }
        u64::from(enough_at)
    };
    PortalKept {
        rooms,
        alive: Count::of(needed, has),
        alive_simulated,
        most: Count::of(needed, most),
        least_per_sec: last * per_sec,
        most_per_sec: first * per_sec,
    }
}

/// How many rooms of a portal are alive when all are played together.
fn alive_rooms(theatre: &Theatre<'_>, plan: &Plan, venue: &VenuePlan, effort: Effort) -> Result<u32, Halt> {
    let visits = VISITS_PER_ROOM * f64::from(venue.rooms());
    let rooms = theatre.met_by_room(&effort.stage(plan, venue, visits))?;
    let is_alive = |(held, n): &&(u64, u64)| *held as f64 >= venue.alive * *n as f64;
    Ok(rooms.values().filter(is_alive).count() as u32)
}
