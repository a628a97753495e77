//! The keys of community rooms and of portals of many rooms.

use super::super::defaults as default;
use super::super::format::{Format, Key};
use super::super::plan::rooms::MOST_ROOMS;
use super::{
    Default, Either, Law, List, Map, Named, Number, Optional, Otherwise, Price, ROOM_ARRIVALS, Rate,
    Required, Share, Takes, Where, Whole, Word, Words,
};

/// The words for [`crate::scenario::plan::rooms::ModerationMode`], in the order of its variants.
pub(in crate::scenario) const MODERATION_MODES: &[&str] = &["none", "before", "after"];

/// What is reviewed after it was published.
pub(in crate::scenario) const REVIEWS: &[&str] = &["all", "reported"];

/// What becomes of a message that the automatic filter flags.
pub(in crate::scenario) const FLAGGED: &[&str] = &["block", "hold"];

/// Most windows in a list of opening hours.
pub(in crate::scenario) const MOST_HOURS: usize = 24;

/// What desks have, and how it is said of a room.
const OF_DESKS: &[(&str, &str)] = &[
    ("patience", "how long a guest alone waits for company is `alone_patience`"),
    ("walk_out", "how long a guest stays is `stay`"),
    ("conversation", "what is said follows from `talk`, `words` and `questions`"),
    ("handling_time", "how long a guest stays is `stay`"),
    ("topics", "what guests want to know is `questions`"),
    ("agents", "who reviews messages is said in `moderation`: {mode: before, moderators: 1}"),
    ("moderators", "write moderation: {mode: before, moderators: 1}"),
    ("escalation", "what goes to a desk when nobody answers is `deflects`"),
    ("visitors", "who comes is said in `arrivals`, and what they are in `guests`"),
    ("retry", "who comes back is said in `returns`"),
    ("rooms", "many rooms are a portal: describe them under `portals`"),
    ("popularity", "many rooms are a portal: describe them under `portals`"),
];

/// The keys of a room, after those of its own that a kind of venue has.
macro_rules! venue {
    ($what:literal; $($own:tt)*) => {
        Format {
            foreign: OF_DESKS,
            ..map! { $what;
                $($own)*
                /// When guests come, were it always open.
                arrivals: Map(&ROOM_ARRIVALS), Required;
                /// When it is open, every day: ["18:00-20:00"]. Left out: always.
                open: List(&Takes::Hours), Optional;
                /// Who would come while it is closed and comes on the same day while it is open instead, in proportion to
                /// those who come then anyway; the others do not come.
                shifted: Share, Where(default::SHIFTED, "where there is `open`");
                /// How long a guest stays: in company, or in any case without alone_patience.
                stay: Law, Required;
                /// How long a guest alone waits for company, anew each time; the stay stands still meanwhile. Left out: a
                /// guest alone stays anyway.
                alone_patience: Law, Optional;
                /// How much of talkers they are; the shares add up to 100%.
                guests: Map(&GUESTS), Default(default::GUESTS);
                /// How often guests say something in company. Lurkers never do.
                talk: Map(&TALK), Default(default::EMPTY);
                /// Words in a message.
                words: Words, Default(default::ROOM_WORDS);
                /// What guests want to know. Left out: nobody asks.
                questions: Map(&QUESTIONS), Optional;
                /// The messages that do harm to whoever reads them.
                harm: Map(&HARM), Default(default::EMPTY);
                /// What is done about them: none, or {mode: before, moderators: 1, wage: 18 EUR/h}.
                moderation: Either(&Word(MODERATION_MODES), &Map(&MODERATION)), Default(default::MODERATION);
                /// Who comes back. Left out: nobody.
                returns: Map(&RETURNS), Optional;
                /// The share of questions that would go to the support desk if there were no room: answered they are
                /// deflected, unanswered they go there. Or {share: 30%, to: support}.
                deflects: Either(&Share, &Map(&DEFLECTS)), Optional;
                /// The share of visits that must meet somebody for a room to count as alive.
                alive: Share, Default(default::ALIVE);
            }
        }
    };
}

pub(super) static ROOM: Format = venue! { "a room"; };

pub(super) static PORTAL: Format = venue! { "a portal of many rooms";
    /// How many rooms it has.
    rooms: Whole("rooms", 1, MOST_ROOMS as u64), Required;
    /// How guests choose among them.
    popularity: Map(&POPULARITY), Default(default::EMPTY);
};

static POPULARITY: Format = map! { "a law of popularity";
    /// The k-th room is chosen in proportion to k to the power of minus this; 0: all are as popular.
    zipf: Number, Default(default::ZIPF);
};

static GUESTS: Format = map! { "guests";
    /// They read, and say nothing but questions of their own.
    lurkers: Share, Default(default::NOBODY);
    /// They say something now and then, and may answer.
    occasional: Share, Default(default::NOBODY);
    /// They keep the room going.
    regular: Share, Default(default::NOBODY);
};

static TALK: Format = map! { "talk";
    /// Messages of an occasional guest in company.
    occasional: Rate, Where(default::TALK_OCCASIONAL, "where some guests are occasional");
    /// Messages of a regular in company.
    regular: Rate, Where(default::TALK_REGULAR, "where some guests are regulars");
};

static QUESTIONS: Format = map! { "questions put on entering, to those who are there";
    /// The share of visits that come with one.
    share: Share, Required;
    /// The probability that one occasional or regular guest who reads it answers, whatever the others do.
    answered_by: Share, Default(default::ANSWERED_BY);
    /// How long after reading it.
    after: Law, Default(default::ANSWERED_AFTER);
};

static HARM: Format = map! { "harm";
    /// The share of all messages.
    share: Share, Default(default::HARM);
    /// A message has scrolled away when so many have followed it. Guests see what is said while they are there, not what stood
    /// there before they came.
    screen: Whole("messages on a screen", 1, 10_000), Default(default::SCREEN);
    /// The probability that a guest who sees one reports it.
    reported_by: Share, Default(default::REPORTED_BY);
    /// How long after seeing it.
    after: Law, Default(default::REPORTED_AFTER);
};

static MODERATION: Format = Format {
    foreign: &[
        ("reported_only", "write reviews: reported"),
        ("agents", "who reviews messages are `moderators`"),
        ("count", "who reviews messages are `moderators`"),
        ("handling_time", "how long a review takes is `review`"),
    ],
    ..map! { "moderation";
        /// When messages are reviewed: before anybody sees them, after they are published, or not at all.
        mode: Word(MODERATION_MODES), Required;
        /// Who reviews them, for all rooms together.
        moderators: Whole("moderators", 0, 10_000), Optional;
        /// What each of them is paid while it is open, busy or not.
        wage: Price, Optional;
        /// How long a review takes.
        review: Law, Where(default::REVIEW, "where something is reviewed");
        /// After: every message, or only what somebody has reported.
        reviews: Word(REVIEWS), Where(default::REVIEWS, "with mode after");
        /// Without review: a message is hidden when so many have reported it; `never`: it stays.
        hidden_after: Either(&Word(&["never"]), &HIDDEN_AFTER), Where(default::HIDDEN_AFTER, "with mode none");
        /// An automatic filter of all messages. Left out: none.
        filter: Map(&FILTER), Optional;
    }
};

/// The reports that it takes.
pub(in crate::scenario) static HIDDEN_AFTER: Takes = Whole("reports", 1, 10_000);

static FILTER: Format = map! { "an automatic filter";
    /// The share of harmful messages that it flags.
    catches: Share, Default(default::CATCHES);
    /// The share of others that it flags.
    mistakes: Share, Default(default::MISTAKES);
    /// What becomes of what it flags: nobody ever sees it, or it waits for a moderator.
    then: Word(FLAGGED), Default(default::FLAGGED);
};

static RETURNS: Format = map! { "returns";
    /// The probability of coming back after a visit in company.
    met: Share, Default(default::RETURNS_MET);
    /// The same of who was left without an answer in company.
    unanswered: Share, Otherwise("as alone");
    /// The same of who met nobody.
    alone: Share, Default(default::RETURNS_ALONE);
    /// How long after the visit.
    after: Law, Required;
};

static DEFLECTS: Format = map! { "deflection";
    /// The share of questions that would go to the desk if there were no room.
    share: Share, Required;
    /// Which desk.
    to: Takes::Text, Otherwise("the only one");
};

/// Rooms by name.
pub(super) const ROOMS: Takes = Named("a room", &Map(&ROOM));

/// Portals by name.
pub(super) const PORTALS: Takes = Named("a portal", &Map(&PORTAL));
