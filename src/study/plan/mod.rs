//! A plan: what a scenario's rooms need. At which traffic they come to life, how many rooms or opening hours today's
//! traffic fills, and how many moderators publish in time.
//!
//! Every venue is played alone, with one thing varied at a time and the same draws throughout: in all variations the same guests
//! come, and stay as long. Where a formula holds it stands beside the simulation, and where none does that is said.

mod curve;
mod formula;
mod hours;
mod mass;
mod moderators;
mod play;
mod share;
mod stage;
mod vary;
mod watch;

use std::sync::atomic::AtomicBool;

pub use curve::{Crossing, Point};
pub use hours::Hours;
pub use mass::{Count, Critical, Kept, Mass, PortalKept};
pub use moderators::{Level, Moderators, Needed, Reviewed, Unmoderated};
pub use share::Share;
pub use stage::Effort;

use crate::base::time::Span;
use crate::record::Header;
use crate::scenario::plan::Plan;
use crate::scenario::plan::rooms::{VenueKind, VenuePlan};
use play::{Halt, Theatre};

/// What is wanted of every room.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Wanted {
    /// The share of visits that meet somebody; above 0 and below 1.
    pub meet: f64,
    /// How soon a message is to be reviewed.
    pub within: Span,
    /// The share of messages of which that is wanted; above 0 and below 1.
    pub of: f64,
}

/// A plan, as far as it went.
#[derive(Clone, Debug, PartialEq)]
pub struct Planning {
    /// The scenario, and where it was planned for.
    pub header: Header,
    /// When it ended, in milliseconds since 1970 (Unix time).
    pub ended_unix_ms: u64,
    /// What is wanted.
    pub wanted: Wanted,
    /// The rooms and portals whose plan is whole.
    pub venues: Vec<Outlook>,
    /// Whether somebody stopped it: some venues are missing.
    pub interrupted: bool,
}

/// The plan of a venue.
#[derive(Clone, Debug, PartialEq)]
pub struct Outlook {
    /// Its name.
    pub name: String,
    /// A room or a portal.
    pub kind: VenueKind,
    /// What traffic does to one of its rooms.
    pub mass: Mass,
    /// What opening hours do to it; otherwise why there is no answer. None of a portal.
    pub hours: Option<Result<Hours, &'static str>>,
    /// What moderators are up to.
    pub moderators: Result<Moderators, Unmoderated>,
}

/// A part of the plan of a venue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// Critical mass.
    Mass,
    /// Opening hours.
    Hours,
    /// Moderators.
    Moderators,
}

impl Part {
    /// All, in the order in which they are played.
    pub const ALL: [Self; 3] = [Self::Mass, Self::Hours, Self::Moderators];

    /// What it is about.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Mass => "critical mass",
            Self::Hours => "opening hours",
            Self::Moderators => "moderators",
        }
    }
}

/// Why there is no plan.
#[derive(Debug)]
pub enum Unplanned {
    /// The threads cannot be started.
    NoThreads(rayon::ThreadPoolBuildError),
    /// Nobody comes to the venue of this name, as far as it was played.
    Nobody(String),
}

/// Plans every venue of a scenario on `threads` threads; `begins` is told of every part of every venue before it is played.
/// Once `stop` is set, the venue that is not finished is left out, and all after it.
///
/// # Errors
/// When the threads cannot be started, or there is a venue to which nobody comes.
pub fn plan(
    plan: &Plan,
    wanted: Wanted,
    effort: Effort,
    (threads, stop): (usize, &AtomicBool),
    begins: &dyn Fn(&VenuePlan, Part),
) -> Result<Vec<Outlook>, Unplanned> {
    let theatre = Theatre::new(threads, stop).map_err(Unplanned::NoThreads)?;
    let mut venues = Vec::new();
    for venue in &plan.venues {
        match outlook(&theatre, plan, venue, wanted, effort, begins) {
            Ok(outlook) => venues.push(outlook),
            Err(Halt::Nobody) => return Err(Unplanned::Nobody(venue.name.clone())),
            Err(Halt::Stopped) => break,
        }
    }
    Ok(venues)
}

fn outlook(
    theatre: &Theatre<'_>,
    plan: &Plan,
    venue: &VenuePlan,
    wanted: Wanted,
    effort: Effort,
    begins: &dyn Fn(&VenuePlan, Part),
) -> Result<Outlook, Halt> {
    begins(venue, Part::Mass);
    let mass = mass::mass(theatre, plan, venue, wanted.meet, effort)?;
    begins(venue, Part::Hours);
    let hours = match venue.kind {
        VenueKind::Room => Some(hours::hours(theatre, plan, venue, wanted.meet, effort)?),
        VenueKind::Portal { .. } => None,
    };
    begins(venue, Part::Moderators);
    let moderators = moderators::moderators(theatre, plan, venue, wanted, effort)?;
    Ok(Outlook { name: venue.name.clone(), kind: venue.kind, mass, hours, moderators })
}
