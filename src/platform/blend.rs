//! Agents who serve a chat desk and the phone pool at once: which of the two seats of each may be given something.
//!
//! On a call nobody gets chats. What chats do to calls, and how many are kept off the phone, is the group's policy.
//!
//! # The driver's contract
//!
//! * Both seats of a member enter their desks before [`Blend::enter`], and nothing is given to them until its switches
//!   are carried out. Every change of what a seat holds is told at once, before anything else is given to anybody.
//! * Switches of one answer are carried out together ([`super::desk::Desk::suspend`], [`super::desk::Desk::resume`]);
//!   then the seats that were opened are offered those who wait ([`super::desk::Desk::next_for`]), in their order. What
//!   they are given closes seats, and never opens one.

use crate::scenario::plan::CallPolicy;

/// One of the two seats of a member.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SeatKind {
    /// At the chat desk.
    Chat,
    /// In the phone pool.
    Phone,
}

/// A seat is to be opened (resumed) or closed (suspended).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Switch {
    /// Whose.
    pub member: u32,
    /// Which.
    pub seat: SeatKind,
    /// To be opened.
    pub open: bool,
}

#[derive(Clone, Copy, Debug, Default)]
struct Member {
    on_duty: bool,
    /// Chats in hand.
    chats: u32,
    on_call: bool,
    chat_open: bool,
    phone_open: bool,
}

/// A group of such agents, numbered densely by the caller.
#[derive(Clone, Debug)]
pub struct Blend {
    call: CallPolicy,
    reserve: u32,
    members: Vec<Member>,
    on_duty: u32,
    /// Of those on duty, who are on a call.
    on_calls: u32,
}

impl Blend {
    /// A group of which nobody is on duty, `reserve` of whom are kept off the phone when they are.
    #[must_use]
    pub fn new(call: CallPolicy, reserve: u32) -> Self {
        Self { call, reserve, members: Vec::new(), on_duty: 0, on_calls: 0 }
    }

    /// A member has come on duty at both desks, both seats open.
    pub fn enter(&mut self, member: u32, switches: &mut Vec<Switch>) {
        self.change(member, switches, |m| {
            *m = Member { on_duty: true, chat_open: true, phone_open: true, ..*m };
        });
    }

    /// A member has gone off duty at both desks; what is in hand goes on.
    pub fn leave(&mut self, member: u32, switches: &mut Vec<Switch>) {
        self.change(member, switches, |m| m.on_duty = false);
    }

    /// A member's chat seat holds so many now, those in wrap-up included.
    pub fn chats(&mut self, member: u32, held: u32, switches: &mut Vec<Switch>) {
        self.change(member, switches, |m| m.chats = held);
    }

    /// A member's phone seat holds a call now, or none any more.
    pub fn call(&mut self, member: u32, on: bool, switches: &mut Vec<Switch>) {
        self.change(member, switches, |m| m.on_call = on);
    }

    fn change(&mut self, member: u32, switches: &mut Vec<Switch>, change: impl FnOnce(&mut Member)) {
        let index = member as usize;
        if self.members.len() <= index {
            self.members.resize_with(index + 1, Member::default);
        }
        let spared = self.spares_another();
        let before = self.members[index];
        change(&mut self.members[index]);
        let after = self.members[index];
        let counts = |m: Member| (u32::from(m.on_duty), u32::from(m.on_duty && m.on_call));
        self.on_duty = self.on_duty + counts(after).0 - counts(before).0;
        self.on_calls = self.on_calls + counts(after).1 - counts(before).1;
        if self.spares_another() == spared {
            self.refresh(member, switches);
        } else {
            (0..self.members.len() as u32).for_each(|member| self.refresh(member, switches));
        }
    }

    /// Whether one more may be on a call.
    fn spares_another(&self) -> bool {
        self.on_calls.saturating_add(self.reserve) < self.on_duty
    }

    /// Says what is to be switched of a member's seats. Of those off duty nothing is: they get nothing anyway.
    fn refresh(&mut self, member: u32, switches: &mut Vec<Switch>) {
        let spares_another = self.spares_another();
        let m = &mut self.members[member as usize];
        if !m.on_duty {
            return;
        }
        let hands_free = match self.call {
            CallPolicy::WaitsForChats => m.chats == 0,
            CallPolicy::PausesChats => true,
        };
        let mut switch = |seat, is_open: &mut bool, open| {
            if std::mem::replace(is_open, open) != open {
                switches.push(Switch { member, seat, open });
            }
        };
        switch(SeatKind::Chat, &mut m.chat_open, !m.on_call);
        // One who is on a call has no line for another.
        switch(SeatKind::Phone, &mut m.phone_open, !m.on_call && hands_free && spares_another);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(change: impl FnOnce(&mut Vec<Switch>)) -> Vec<(u32, SeatKind, bool)> {
        let mut switches = Vec::new();
        change(&mut switches);
        switches.into_iter().map(|s| (s.member, s.seat, s.open)).collect()
    }

    #[test]
    fn a_call_that_waits_for_chats_is_for_those_who_have_none() {
        let mut blend = Blend::new(CallPolicy::WaitsForChats, 0);
        assert_eq!(told(|s| blend.enter(0, s)), []);
        assert_eq!(told(|s| blend.chats(0, 1, s)), [(0, SeatKind::Phone, false)]);
        assert_eq!(told(|s| blend.chats(0, 2, s)), []);
        assert_eq!(told(|s| blend.chats(0, 0, s)), [(0, SeatKind::Phone, true)]);
        let alone = [(0, SeatKind::Chat, false), (0, SeatKind::Phone, false)];
        assert_eq!(told(|s| blend.call(0, true, s)), alone, "on a call nobody gets chats");
        let back = [(0, SeatKind::Chat, true), (0, SeatKind::Phone, true)];
        assert_eq!(told(|s| blend.call(0, false, s)), back);
    }

    #[test]
    fn a_call_that_pauses_chats_comes_whatever_is_in_hand() {
        let mut blend = Blend::new(CallPolicy::PausesChats, 0);
        blend.enter(3, &mut Vec::new());
        assert_eq!(told(|s| blend.chats(3, 2, s)), []);
        assert_eq!(
            told(|s| blend.call(3, true, s)),
            [(3, SeatKind::Chat, false), (3, SeatKind::Phone, false)]
        );
    }

    #[test]
    fn the_reserve_stays_off_the_phone() {
        use SeatKind::{Chat, Phone};
        let mut blend = Blend::new(CallPolicy::PausesChats, 1);
        assert_eq!(told(|s| blend.enter(0, s)), [(0, Phone, false)], "the only one is kept");
        assert_eq!(told(|s| blend.enter(1, s)), [(0, Phone, true)], "one of the two may go");
        assert_eq!(
            told(|s| blend.call(0, true, s)),
            [(0, Chat, false), (0, Phone, false), (1, Phone, false)],
            "and then the other may not"
        );
        assert_eq!(told(|s| blend.enter(2, s)), [(1, Phone, true)]);
        assert_eq!(told(|s| blend.leave(2, s)), [(1, Phone, false)]);
        // Who goes home on a call leaves one on duty: still the reserve.
        assert_eq!(told(|s| blend.leave(0, s)), []);
        assert_eq!(told(|s| blend.call(0, false, s)), []);
        assert_eq!(told(|s| blend.enter(0, s)), [(1, Phone, true)]);
    }
}
