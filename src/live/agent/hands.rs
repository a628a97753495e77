//! What an agent has in hand: the conversations that take a slot, those that have just ended, and those that wait for a slot.

use std::collections::VecDeque;

use crate::base::draw::Draws;
use crate::base::id::{ConversationId, VisitId};
use crate::base::words::{Channel, Progress};
use crate::wire::{ChatId, Duty};

/// How many conversations an agent remembers after their end. What crosses with an end comes soon after it.
const CLOSED_KEPT: usize = 64;
/// How many conversations beyond the slots wait in an agent's list at the most.
const BEYOND: usize = 64;

/// A conversation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Talk {
    pub(super) chat: ChatId,
    pub(super) visit: VisitId,
    /// At which of the agent's seats.
    pub(super) seat: usize,
    /// Messages sent, by earlier agents too.
    pub(super) said: u32,
    /// One more than the number of the visitor's last message.
    pub(super) heard: u32,
    /// Closed, its slot still taken.
    pub(super) is_over: bool,
}

/// A conversation that was given, and what is known of it.
#[derive(Clone, Debug)]
pub(super) struct Given {
    pub(super) talk: Talk,
    pub(super) channel: Channel,
    pub(super) so_far: Progress,
    pub(super) draws: Draws,
}

/// See the module.
#[derive(Debug)]
pub(super) struct Hands {
    /// By seat.
    slots: Vec<u32>,
    /// By [`ConversationId`].
    talks: Vec<Option<Talk>>,
    /// The last that were closed or passed on: a message may cross with that.
    closed: VecDeque<Talk>,
    /// Given when every slot was taken, for such as a server that takes a slot for free before the agent does. The first is next.
    beyond: VecDeque<Given>,
}

impl Hands {
    /// Empty, of one with these duties.
    pub(super) fn new(duties: &[Duty]) -> Self {
        let slots = duties.iter().map(|duty| duty.slots).collect();
        Self { slots, talks: Vec::new(), closed: VecDeque::new(), beyond: VecDeque::new() }
    }

    /// Whether one more conversation can begin at that seat.
    pub(super) fn has_slot(&self, seat: usize) -> bool {
        let taken = self.talks.iter().flatten().filter(|talk| talk.seat == seat).count();
        taken < self.slots[seat] as usize
    }

    /// Whether one more may wait.
    pub(super) fn has_list(&self) -> bool {
        self.beyond.len() < BEYOND
    }

    /// Begins.
    pub(super) fn take(&mut self, talk: Talk) -> ConversationId {
        let free = self.talks.iter().position(Option::is_none).unwrap_or_else(|| {
            self.talks.push(None);
            self.talks.len() - 1
        });
        self.talks[free] = Some(talk);
        ConversationId(free as u32)
    }

    /// Has it wait for a slot.
    pub(super) fn put_on_list(&mut self, given: Given) {
        self.beyond.push_back(given);
    }

    /// The first of those that wait for which there is a slot by now, and which waits no more.
    pub(super) fn next_on_list(&mut self) -> Option<Given> {
        let place = self.beyond.iter().position(|given| self.has_slot(given.talk.seat))?;
        self.beyond.remove(place)
    }

    /// One of those that wait, and does no more.
    pub(super) fn strike(&mut self, chat: ChatId) -> Option<Given> {
        let place = self.beyond.iter().position(|given| given.talk.chat == chat)?;
        self.beyond.remove(place)
    }

    /// The slot of a conversation is free again; what crosses with that is still known for a while.
    pub(super) fn let_go(&mut self, conversation: ConversationId) -> Option<Talk> {
        let talk = self.talks.get_mut(conversation.index()).and_then(Option::take)?;
        if self.closed.len() == CLOSED_KEPT {
            self.closed.pop_front();
        }
        self.closed.push_back(talk);
        Some(talk)
    }

    /// Whether no slot is taken.
    pub(super) fn are_empty(&self) -> bool {
        self.talks.iter().all(Option::is_none)
    }

    /// The conversation that has this number, in a slot.
    pub(super) fn talk_of(&mut self, conversation: ConversationId) -> Option<&mut Talk> {
        self.talks.get_mut(conversation.index())?.as_mut()
    }

    /// Which that is, in a slot.
    pub(super) fn conversation_of(&self, chat: ChatId) -> Option<ConversationId> {
        let place = self.talks.iter().position(|talk| talk.is_some_and(|talk| talk.chat == chat))?;
        Some(ConversationId(place as u32))
    }

    /// Whether a conversation is in a slot or waits for one.
    pub(super) fn have(&self, chat: ChatId) -> bool {
        self.in_slots().chain(self.on_list()).any(|talk| talk.chat == chat)
    }

    /// Those in slots.
    pub(super) fn in_slots(&self) -> impl Iterator<Item = &Talk> {
        self.talks.iter().flatten()
    }

    /// Those that were let go last.
    pub(super) fn let_go_last(&self) -> impl Iterator<Item = &Talk> {
        self.closed.iter()
    }

    /// Those that wait.
    pub(super) fn on_list(&self) -> impl Iterator<Item = &Talk> {
        self.beyond.iter().map(|given| &given.talk)
    }

    /// Every one that is still known.
    pub(super) fn known(&self) -> impl Iterator<Item = &Talk> {
        self.in_slots().chain(self.let_go_last()).chain(self.on_list())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::id::PopulationId;

    fn given(number: u64, seat: usize) -> Given {
        let visit = VisitId { population: PopulationId(0), index: number, attempt: 0 };
        let talk = Talk { chat: ChatId(number), visit, seat, said: 0, heard: 0, is_over: false };
        let so_far = Progress::NONE;
        Given {
            talk,
            channel: Channel::Chat,
            so_far,
            draws: Draws::of_population(1, 0, "desk").visitor(number),
        }
    }

    fn hands(slots: &[u32]) -> Hands {
        Hands { slots: slots.to_vec(), ..Hands::new(&[]) }
    }

    #[test]
    fn what_is_beyond_the_slots_waits_for_one() {
        let mut hands = hands(&[1, 1]);
        let first = hands.take(given(1, 0).talk);
        assert!(!hands.has_slot(0) && hands.has_slot(1));
        hands.put_on_list(given(2, 0));
        hands.put_on_list(given(3, 1));
        hands.put_on_list(given(4, 0));
        assert_eq!(hands.next_on_list().map(|given| given.talk.chat), Some(ChatId(3)), "its seat is free");
        assert!(hands.next_on_list().is_none());
        assert!(hands.have(ChatId(4)) && !hands.have(ChatId(3)));
        assert!(hands.strike(ChatId(2)).is_some() && hands.strike(ChatId(2)).is_none(), "the visitor left");
        assert_eq!(hands.let_go(first).map(|talk| talk.chat), Some(ChatId(1)));
        assert_eq!(hands.next_on_list().map(|given| given.talk.chat), Some(ChatId(4)));
        assert!(hands.are_empty() && hands.known().map(|talk| talk.chat).eq([ChatId(1)]));
    }

    #[test]
    fn what_is_remembered_is_bounded() {
        let mut hands = hands(&[1]);
        for number in 0..10 * CLOSED_KEPT as u64 {
            let conversation = hands.take(given(number, 0).talk);
            hands.let_go(conversation);
            if hands.has_list() {
                hands.put_on_list(given(number, 0));
            }
        }
        assert_eq!(hands.known().count(), CLOSED_KEPT + BEYOND);
    }
}
