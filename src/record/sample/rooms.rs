//! Guests of a room and of a portal, in the sample.

use crate::base::id::{PopulationId, RoomId, VenueId, VisitId};
use crate::base::time::{Moment, Span};
use crate::base::words::rooms::{Asked, Fate, GuestEnding, GuestOutcome, Role, RoomObservation, Verdict};
use crate::record::setting::{Setting, VenueSetting};

use super::at;

/// A room whose questions would go to the desk, with two moderators at 36 an hour, and a portal of three rooms.
pub(super) fn settings() -> Vec<VenueSetting> {
    let fans = VenueSetting {
        name: "fans".to_owned(),
        portal: false,
        rooms: 1,
        open: None,
        moderation: "before".to_owned(),
        moderators: 2,
        wage_per_sec: 0.01,
        turns_to: Some(0),
        alive: 0.5,
    };
    let town = VenueSetting {
        name: "town".to_owned(),
        portal: true,
        rooms: 3,
        moderation: "none".to_owned(),
        moderators: 0,
        turns_to: None,
        ..fans.clone()
    };
    vec![fans, town]
}

/// Visit `i`, 40 s long: of four, one finds nobody and never meets anybody, one finds nobody and meets somebody after 10 s, two
/// meet somebody at once. Every other one asks, and every fourth is answered after 20 s.
pub(in crate::record) fn guest(setting: &Setting, venue: usize, i: u64) -> GuestOutcome {
    let start = at(100 + i * 10 % 1000);
    let later = |secs| start + Span::from_whole_secs(secs);
    let alone = i.is_multiple_of(4);
    let asked = i.is_multiple_of(2).then(|| Asked {
        at: start,
        answered: (i % 4 == 2).then(|| later(20)),
        desk_bound: true,
        turned: alone,
    });
    GuestOutcome {
        venue: VenueId(venue as u16),
        room: RoomId(i as u32 % setting.venues[venue].rooms),
        visit: VisitId {
            population: PopulationId((setting.desks.len() + venue) as u16),
            index: i,
            attempt: u8::from(i % 5 == 4),
        },
        role: Role::ALL[i as usize % 3],
        start,
        entered: Some(start),
        found_nobody: i % 4 < 2,
        met: (!alone).then(|| if i % 4 == 1 { later(10) } else { start }),
        asked,
        ended: later(40),
        ending: if alone { GuestEnding::Deserted } else { GuestEnding::Stayed },
    }
}

/// What is observed of a visit: one message each, every third held and reviewed for 5 s from 10 s after it was sent, every sixth
/// harmful and removed; in the portal every sixth is read for 30 s by somebody.
fn observations(guest: &GuestOutcome) -> Vec<(Moment, RoomObservation)> {
    let GuestOutcome { venue, room, start, .. } = *guest;
    let later = |secs| start + Span::from_whole_secs(secs);
    let (i, harmful) = (guest.visit.index, guest.visit.index.is_multiple_of(6));
    let held = venue.0 == 0 && i.is_multiple_of(3);
    let fate = if held { Fate::Held } else { Fate::Published };
    let mut all = vec![
        (start, RoomObservation::Entered { venue, room, at: start }),
        (start, RoomObservation::Posted { venue, room, at: start, fate, harmful }),
    ];
    if held {
        let verdict = if harmful { Verdict::Remove } else { Verdict::Pass };
        let (posted, from, to) = (start, later(10), later(15));
        all.push((to, RoomObservation::Reviewed { venue, posted, from, to, held, verdict }));
    } else if harmful {
        all.push((later(30), RoomObservation::Exposed { venue, from: start, to: later(30) }));
        all.push((later(5), RoomObservation::Reported { venue, at: later(5) }));
    }
    all.push((guest.ended, RoomObservation::Visit(*guest)));
    all
}

/// What is observed of all of them, in its order.
pub(super) fn observed(guests: &[GuestOutcome]) -> impl Iterator<Item = RoomObservation> {
    let mut all: Vec<_> = guests.iter().flat_map(observations).collect();
    all.sort_by_key(|(at, _)| *at);
    all.into_iter().map(|(_, observation)| observation)
}

/// That the moderators are paid from the beginning to long after the end.
pub(super) fn watched(setting: &Setting) -> Vec<RoomObservation> {
    let of = |(venue, setting): (usize, &VenueSetting)| {
        let watched =
            RoomObservation::Watched { venue: VenueId(venue as u16), from: Moment::ZERO, to: at(2000) };
        vec![watched; setting.moderators as usize]
    };
    setting.venues.iter().enumerate().flat_map(of).collect()
}
