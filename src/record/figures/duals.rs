//! Agents of a chat desk who take calls too: their calls are counted in the phone pool, where they are dual agents, and their chats
//! at their own desk.

use crate::metrics::tally::Section;
use crate::record::setting::Setting;

/// The time that the agents of a desk's group spent on calls.
pub(super) fn on_calls(setting: &Setting, section: &Section, (desk, group): (usize, usize)) -> u128 {
    let theirs = |dual: Option<(u16, u16)>| {
        dual.is_some_and(|(d, g)| (usize::from(d), usize::from(g)) == (desk, group))
    };
    let pools = setting.desks.iter().zip(&section.desks);
    let groups = pools.flat_map(|(pool, tally)| pool.groups.iter().zip(&tally.groups));
    groups.filter(|(group, _)| theirs(group.dual)).map(|(_, tally)| tally.slot_nanos).sum()
}
