//! What a client may make the server hold.

use super::hall::Refusal;
use crate::base::time::RealSpan;

/// Connections at once.
pub(super) const CONNECTIONS: usize = 50_000;
/// Frames that wait for a client who does not read; one more, and the client is cut off.
pub(super) const BACKLOG: usize = 1_024;
/// How long a client whose connection broke is waited for.
pub(super) const GRACE: RealSpan = RealSpan::from_whole_secs(60);
/// Clients who are waited for at once.
pub(super) const AWAY: usize = 50_000;
/// Frames told to a client of which is known what they were, where the connection may be taken up again.
pub(super) const TOLD: usize = 256;
/// Desks at once, over all runs.
pub(super) const STATIONS: usize = 1_000;
/// Topics of a desk, and groups of a desk.
pub(super) const KINDS: usize = 256;
/// Agents on duty at a desk.
pub(super) const AGENTS: usize = 50_000;
/// Visitors at a desk, waiting or served.
pub(super) const VISITORS: usize = 50_000;
/// Conversations of an agent at once.
pub(super) const SLOTS: u32 = 1_000;
/// Skills that one topic takes, or one agent has.
pub(super) const SKILLS: usize = 64;
/// Messages of a visitor whom nobody serves, kept for the agent to come.
pub(super) const UNHEARD: usize = 8;
/// Messages on a room's screen.
pub(super) const SCREEN: u32 = 10_000;
/// Messages that one guest reports in one stay.
pub(super) const REPORTS: usize = 1_000;
/// Bytes in a name or a token.
const NAME: usize = 200;

/// How much there may be at venues.
#[derive(Clone, Copy, Debug)]
pub(super) struct VenueLimits {
    /// Venues at once, over all runs.
    pub(super) venues: usize,
    /// Rooms at once, over all venues.
    pub(super) rooms: usize,
    /// Guests in the rooms of a venue.
    pub(super) guests: usize,
    /// Moderators of a venue.
    pub(super) moderators: usize,
    /// Messages that a venue keeps: on screens, and to be reviewed.
    pub(super) kept: usize,
    /// Bytes of messages that are kept, over all venues.
    pub(super) kept_bytes: usize,
}

impl Default for VenueLimits {
    fn default() -> Self {
        Self {
            venues: 1_000,
            rooms: 100_000,
            guests: 50_000,
            moderators: 10_000,
            kept: 1_000_000,
            kept_bytes: 256 << 20,
        }
    }
}

/// Checks the length of a name.
pub(super) fn text(what: &str, name: &str) -> Result<(), Refusal> {
    if name.len() > NAME { Err(format!("a {what} of {} bytes; at most {NAME}", name.len())) } else { Ok(()) }
}
