//! One room: who is in it, and the messages on its screen.

use std::collections::VecDeque;

/// A guest, as the driver numbers those who are in a venue's rooms.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Member(pub u32);

/// See the module.
#[derive(Clone, Debug)]
pub(super) struct Room<K> {
    members: Vec<Member>,
    /// The latest messages, the oldest first.
    screen: VecDeque<K>,
}

impl<K> Default for Room<K> {
    fn default() -> Self {
        Self { members: Vec::new(), screen: VecDeque::new() }
    }
}

impl<K: Copy + Ord> Room<K> {
    pub(super) fn members(&self) -> &[Member] {
        &self.members
    }

    pub(super) fn enter(&mut self, member: Member) {
        self.members.push(member);
    }

    pub(super) fn leave(&mut self, member: Member) {
        if let Some(place) = self.members.iter().position(|other| *other == member) {
            self.members.swap_remove(place);
        }
    }

    /// Shows a message below the others. Gives the one for which there is no place any more.
    pub(super) fn show(&mut self, post: K, places: u32) -> Option<K> {
        self.screen.push_back(post);
        if self.screen.len() > places as usize { self.screen.pop_front() } else { None }
    }

    pub(super) fn hide(&mut self, post: K) {
        self.screen.retain(|other| *other != post);
    }
}
