//! The venue against another that looks at everybody and everything each time: over random calls the two do the same.

use proptest::prelude::*;

use super::super::*;

const ROOMS: u32 = 2;
const MEMBERS: u32 = 6;
const MODERATORS: u32 = 3;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    /// Nobody is to review it, or somebody has.
    Settled {
        reviewed: bool,
    },
    /// Waits: the lowest rank is next.
    Waits {
        rank: (bool, i64),
    },
    InHand(u32),
}

#[derive(Clone, Copy, Debug)]
struct Message {
    room: u32,
    held: bool,
    /// When it was published, if it was; and whether it is still in sight.
    published: Option<i64>,
    in_sight: bool,
    reports: u32,
    state: State,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Moderator {
    Away,
    FreeSince(i64),
    Busy,
}

struct Naive {
    rules: Rules,
    rooms: [Option<u32>; MEMBERS as usize],
    messages: Vec<Message>,
    moderators: [Moderator; MODERATORS as usize],
    clock: i64,
}

impl Naive {
    fn tick(&mut self) -> i64 {
        self.clock += 1;
        self.clock
    }

    fn others(&self, room: u32, but: u32) -> Vec<Member> {
        let there = |member: &u32| *member != but && self.rooms[*member as usize] == Some(room);
        (0..MEMBERS).filter(there).map(Member).collect()
    }

    /// Somebody who is free gets the message; otherwise it waits with this rank.
    fn offer(&mut self, post: u32, rank: (bool, i64)) -> Option<ModeratorId> {
        let since = |m: &u32| match self.moderators[*m as usize] {
            Moderator::FreeSince(since) => Some(since),
            _ => None,
        };
        let free = (0..MODERATORS).filter(|m| since(m).is_some()).min_by_key(|m| (since(m), *m));
        let state = free.map_or(State::Waits { rank }, State::InHand);
        self.messages[post as usize].state = state;
        free.map(|m| {
            self.moderators[m as usize] = Moderator::Busy;
            ModeratorId(m)
        })
    }

    fn next_for(&mut self, moderator: u32) -> Option<u32> {
        let rank = |post: &u32| match self.messages[*post as usize].state {
            State::Waits { rank } => Some(rank),
            _ => None,
        };
        let posts = 0..self.messages.len() as u32;
        let next = posts.filter(|post| rank(post).is_some()).min_by_key(rank);
        let now = self.tick();
        self.moderators[moderator as usize] =
            if next.is_some() { Moderator::Busy } else { Moderator::FreeSince(now) };
        if let Some(post) = next {
            self.messages[post as usize].state = State::InHand(moderator);
        }
        next
    }

    fn publish(&mut self, post: u32) -> Published<u32, u32> {
        let now = self.tick();
        let room = self.messages[post as usize].room;
        let message = &mut self.messages[post as usize];
        (message.published, message.in_sight, message.held) = (Some(now), true, false);
        let in_sight = |post: &u32| {
            let message = self.messages[*post as usize];
            message.in_sight && message.room == room
        };
        let seen: Vec<u32> = (0..self.messages.len() as u32).filter(in_sight).collect();
        let too_many = seen.len() > self.rules.screen as usize;
        let oldest = seen.into_iter().min_by_key(|post| self.messages[*post as usize].published);
        let scrolled = oldest.filter(|_| too_many);
        if let Some(post) = scrolled {
            self.messages[post as usize].in_sight = false;
        }
        Published { room: RoomId(room), scrolled: scrolled.map(|post| (post, post)) }
    }

    fn send(&mut self, room: u32, fate: Fate) -> Sent<u32, u32> {
        let post = self.messages.len() as u32;
        let held = fate == Fate::Held;
        let state = State::Settled { reviewed: false };
        self.messages.push(Message { room, held, published: None, in_sight: false, reports: 0, state });
        let published = (fate == Fate::Published).then(|| self.publish(post));
        let all = self.rules.mode == ModerationMode::After { reported_only: false };
        let due = held || all && fate == Fate::Published;
        let now = self.tick();
        Sent { published, review: if due { self.offer(post, (true, now)) } else { None } }
    }

    fn report(&mut self, post: u32) -> Reported {
        let Some(message) = self.messages.get_mut(post as usize).filter(|message| message.in_sight) else {
            return Reported::Nothing;
        };
        message.reports += 1;
        let message = *message;
        let now = self.tick();
        match (self.rules.mode, message.state) {
            (ModerationMode::None { hidden_after: Some(enough) }, _) if message.reports >= enough => {
                self.messages[post as usize].in_sight = false;
                Reported::Hidden(RoomId(message.room))
            }
            (ModerationMode::After { .. }, State::Settled { reviewed: false }) => {
                self.offer(post, (false, now)).map_or(Reported::Nothing, Reported::Review)
            }
            (ModerationMode::After { .. }, State::Waits { rank: (true, _) }) => {
                self.messages[post as usize].state = State::Waits { rank: (false, now) };
                Reported::Nothing
            }
            _ => Reported::Nothing,
        }
    }

    fn in_hand(&self, moderator: u32) -> Option<u32> {
        let has = |post: &u32| self.messages[*post as usize].state == State::InHand(moderator);
        (0..self.messages.len() as u32).find(has)
    }

    fn gone(&mut self, moderator: u32) -> Option<(ModeratorId, u32)> {
        let post = self.in_hand(moderator);
        self.moderators[moderator as usize] = Moderator::Away;
        let (post, now) = (post?, self.tick());
        self.offer(post, (false, -now)).map(|other| (other, post))
    }

    fn decide(&mut self, moderator: u32, verdict: Verdict) -> Option<(Decided<u32, u32>, Option<u32>)> {
        let post = self.in_hand(moderator)?;
        let message = self.messages[post as usize];
        self.messages[post as usize].state = State::Settled { reviewed: true };
        let decided = match verdict {
            Verdict::Pass if message.held => Decided::Published(self.publish(post)),
            Verdict::Remove if message.in_sight => {
                self.messages[post as usize].in_sight = false;
                Decided::Hidden(RoomId(message.room))
            }
            _ => Decided::Nothing,
        };
        Some((decided, self.next_for(moderator)))
    }

    fn waiting(&self) -> usize {
        self.messages.iter().filter(|message| matches!(message.state, State::Waits { .. })).count()
    }

    /// Whether anything can still become of a message.
    fn matters(&self, post: u32) -> bool {
        let message = self.messages[post as usize];
        message.in_sight || matches!(message.state, State::Waits { .. } | State::InHand(_))
    }
}

#[derive(Clone, Copy, Debug)]
enum Call {
    Enter { member: u32, room: u32 },
    Leave(u32),
    Send { room: u32, suspect: bool },
    Report(u32),
    Ready(u32),
    Gone(u32),
    Decide { moderator: u32, verdict: Verdict },
}

fn call() -> impl Strategy<Value = Call> {
    let (member, room, moderator) = (0..MEMBERS, 0..ROOMS, 0..MODERATORS);
    let verdict = prop::sample::select(&[Verdict::Pass, Verdict::Remove][..]);
    prop_oneof![
        2 => (member.clone(), room.clone()).prop_map(|(member, room)| Call::Enter { member, room }),
        2 => member.prop_map(Call::Leave),
        6 => (room, prop::bool::weighted(0.2)).prop_map(|(room, suspect)| Call::Send { room, suspect }),
        4 => (0..30u32).prop_map(Call::Report),
        1 => moderator.clone().prop_map(Call::Ready),
        1 => moderator.clone().prop_map(Call::Gone),
        4 => (moderator, verdict).prop_map(|(moderator, verdict)| Call::Decide { moderator, verdict }),
    ]
}

fn rules() -> impl Strategy<Value = Rules> {
    let mode = prop_oneof![
        prop::option::of(1..3u32).prop_map(|hidden_after| ModerationMode::None { hidden_after }),
        Just(ModerationMode::Before),
        any::<bool>().prop_map(|reported_only| ModerationMode::After { reported_only }),
    ];
    (mode, any::<bool>(), 1..4u32).prop_map(|(mode, filter_holds, screen)| Rules {
        mode,
        filter_holds,
        screen,
    })
}

/// Makes the call to both, as far as a driver would; fails where their answers differ.
fn make(call: Call, venue: &mut Venue<u32, u32>, naive: &mut Naive) {
    match call {
        Call::Enter { member, room } if naive.rooms[member as usize].is_none() => {
            let others = naive.others(room, member);
            let joined = if let [alone] = others[..] { Some(alone) } else { None };
            naive.rooms[member as usize] = Some(room);
            let expected = Entry { others: others.len() as u32, joined };
            assert_eq!(venue.enter(RoomId(room), Member(member)), expected);
        }
        Call::Leave(member) => {
            let Some(room) = naive.rooms[member as usize].take() else { return };
            let alone = if let [alone] = naive.others(room, member)[..] { Some(alone) } else { None };
            assert_eq!(venue.leave(RoomId(room), Member(member)), alone);
        }
        Call::Send { room, suspect } => {
            let (post, fate) = (naive.messages.len() as u32, naive.rules.fate(suspect));
            assert_eq!(venue.send(RoomId(room), post, post, fate), naive.send(room, fate));
        }
        Call::Report(post) => assert_eq!(venue.report(post), naive.report(post)),
        Call::Ready(moderator) if naive.moderators[moderator as usize] == Moderator::Away => {
            assert_eq!(venue.ready(ModeratorId(moderator)), naive.next_for(moderator));
        }
        Call::Gone(moderator) => {
            assert_eq!(venue.gone(ModeratorId(moderator)), naive.gone(moderator));
        }
        Call::Decide { moderator, verdict } => {
            let not_in_hand = naive.messages.len() as u32;
            assert_eq!(venue.decide(ModeratorId(moderator), not_in_hand, verdict), None);
            if let Some(post) = naive.in_hand(moderator) {
                let expected = naive.decide(moderator, verdict);
                assert_eq!(venue.decide(ModeratorId(moderator), post, verdict), expected);
            }
        }
        Call::Enter { .. } | Call::Ready(_) => {}
    }
}

proptest! {
    #[test]
    fn the_venue_does_what_looking_at_everything_does(
        rules in rules(),
        calls in prop::collection::vec(call(), 1..120),
    ) {
        let mut venue = Venue::new(rules, ROOMS);
        let mut naive = Naive {
            rules,
            rooms: [None; MEMBERS as usize],
            messages: Vec::new(),
            moderators: [Moderator::Away; MODERATORS as usize],
            clock: 0,
        };
        for call in calls {
            make(call, &mut venue, &mut naive);
            prop_assert_eq!(venue.waiting(), naive.waiting());
            for room in 0..ROOMS {
                let mut members = venue.members(RoomId(room)).to_vec();
                members.sort_unstable();
                prop_assert_eq!(members, naive.others(room, MEMBERS));
            }
            for post in 0..naive.messages.len() as u32 {
                prop_assert_eq!(venue.content(post).is_some(), naive.matters(post), "message {}", post);
            }
        }
    }
}
