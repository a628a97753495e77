//! What a message in a room is: its words, whether it does harm, whether a filter would flag it. All of it is drawn for its
//! author, so that whoever reads or reviews it knows it from its number alone.

use crate::base::draw::{Draws, Purpose};
use crate::base::words::rooms::{Post, PostId, PostKind};
use crate::scenario::plan::rooms::VenuePlan;
use crate::scenario::plan::words_said;

/// Whether the guest of this key comes to a visit with a question: then it is the visit's first message.
#[must_use]
pub(super) fn asks(venue: &VenuePlan, draws: Draws, attempt: u8) -> bool {
    draws.chance(venue.questions.share, Purpose::Asks, attempt.into())
}

/// The message of this number, by the guest of this key; `answers`: the question that it answers, if it does.
#[must_use]
pub fn post(venue: &VenuePlan, id: PostId, draws: Draws, answers: Option<PostId>) -> Post {
    let k = id.ordinal();
    let kind = match answers {
        Some(question) => PostKind::Answer(question),
        None if id.number == 0 && asks(venue, draws, id.author.attempt) => PostKind::Question,
        None => PostKind::Talk,
    };
    let harmful = draws.chance(venue.harm.share, Purpose::Harmful, k);
    let suspect = venue.moderation.filter.is_some_and(|filter| {
        let share = if harmful { filter.catches } else { filter.mistakes };
        draws.chance(share, Purpose::Flagged, k)
    });
    let words = words_said(venue.words.sample(&mut draws.stream(Purpose::Words, k)));
    Post { id, draws, kind, words, harmful, suspect }
}
