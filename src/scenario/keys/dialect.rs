//! The keys of a dialect: how a chat server's protocol is written down. Taught in `docs/dialects.md`.

use crate::scenario::defaults as default;
use crate::scenario::format::{Format, Key, Takes};
use crate::scenario::keys::{
    Default, Flag, List, Map, Named, Optional, PositiveDuration, Required, Whole, Word,
};

use Takes::Any;

/// The words for [`crate::scenario::plan::dialect::Kind`], in the order of its variants.
pub(in crate::scenario) const KINDS: &[&str] = &["http", "websocket", "poll"];
/// The most tries of one question.
const MOST_TRIES: u64 = 1_000;

pub(in crate::scenario) static DIALECT: Format = map! { "a dialect";
    /// The name of the dialect.
    dialect: Any, Required;
    /// What it speaks to, in a sentence.
    about: Any, Required;
    /// What differs from one installation of the server to another.
    settings: Named("settings", &Map(&SETTING)), Optional;
    /// Variables whose values are printed nowhere, beside the password.
    secrets: List(&Any), Optional;
    /// The connections of each person.
    transports: Named("transports", &Map(&TRANSPORT)), Required;
    /// How the server says that it wants less, and what is done about it.
    throttled: Map(&THROTTLED), Default(default::EMPTY);
    /// What holds for everybody whose own part says nothing else.
    everybody: Map(&ROLE), Optional;
    /// What a visitor does and is told.
    visitor: Map(&ROLE), Optional;
    /// What an agent does and is told.
    agent: Map(&ROLE), Optional;
    /// What a guest of a room does and is told.
    guest: Map(&ROLE), Optional;
};

pub(in crate::scenario) static SETTING: Format = map! { "a setting";
    /// What it is, in a sentence.
    about: Any, Required;
    /// What holds unless something else is said.
    default: Any, Optional;
    /// Whether its value is printed nowhere.
    secret: Flag, Default(default::NOT_SECRET);
};

pub(in crate::scenario) static TRANSPORT: Format = map! { "a transport";
    /// What goes over it.
    kind: Word(KINDS), Required;
    /// Path and query; of HTTP, what every path begins with.
    path: Any, Optional;
    /// Where it leads, if not to the target's own address.
    at: Any, Optional;
    /// Headers of each request, and of a WebSocket's opening.
    headers: Any, Optional;
    /// The WebSocket subprotocol that is asked for.
    subprotocol: Any, Optional;
    /// How long after an answer a poll asks again.
    every: PositiveDuration, Optional;
    /// What a poll asks with, if not GET.
    method: Any, Optional;
    /// What a poll asks, as JSON.
    json: Any, Optional;
    /// The statuses of which a poll hears the answer; without it those from 200 to 299.
    status: Any, Optional;
    /// What is kept of each good answer to a poll, for the next.
    keep: Any, Optional;
};

pub(in crate::scenario) static THROTTLED: Format = map! { "throttling";
    /// The statuses of HTTP that say so.
    status: Any, Optional;
    /// The codes with which a WebSocket is closed that say so.
    close: Any, Optional;
    /// How long to wait: a duration.
    wait: Any, Optional;
    /// How often a question is asked again.
    times: Whole("tries", 0, MOST_TRIES), Default(default::THROTTLED_TIMES);
};

pub(in crate::scenario) static ROLE: Format = map! { "a role";
    /// Done once for each account before the run.
    provision: List(&Map(&STEP)), Optional;
    /// Connects and logs in.
    connect: List(&Map(&STEP)), Optional;
    /// Says goodbye; all transports are closed after that.
    disconnect: List(&Map(&STEP)), Optional;
    /// Sends `text` to `peer`.
    tell: List(&Map(&STEP)), Optional;
    /// Begins to type to `peer`.
    compose: List(&Map(&STEP)), Optional;
    /// Will talk with `peer`.
    meet: List(&Map(&STEP)), Optional;
    /// Talks with `peer` no longer.
    part: List(&Map(&STEP)), Optional;
    /// Asks to be served, about `topic`, with the first message `text`.
    open: List(&Map(&STEP)), Optional;
    /// Takes conversations from now on, `slots` at once.
    ready: List(&Map(&STEP)), Optional;
    /// Takes no more conversations.
    rest: List(&Map(&STEP)), Optional;
    /// Enters `room`.
    enter: List(&Map(&STEP)), Optional;
    /// Says `text` to all in the room.
    post: List(&Map(&STEP)), Optional;
    /// Leaves the room, the queue or the conversation.
    leave: List(&Map(&STEP)), Optional;
    /// What comes of what the server sends.
    on: List(&Map(&RULE)), Optional;
    /// What is done again and again.
    timers: List(&Map(&TIMER)), Optional;
};

pub(in crate::scenario) static STEP: Format = map! { "a step";
    /// Conditions; the step is left out unless all hold.
    when: Any, Optional;
    /// Opens a WebSocket or begins a poll.
    open: Any, Optional;
    /// Closes a transport.
    close: Any, Optional;
    /// Sends a frame over a WebSocket.
    send: Map(&SEND), Optional;
    /// Asks over HTTP, and waits for the answer.
    ask: Map(&ASK), Optional;
    /// Waits for a frame, or until something is kept.
    await: Map(&AWAIT), Optional;
    /// Waits for so long.
    pause: Any, Optional;
    /// Variables of the connection.
    keep: Any, Optional;
    /// Variables of these steps alone.
    let: Any, Optional;
    /// Variables of the connection that are not needed any more.
    forget: List(&Any), Optional;
    /// What the person is told.
    event: Map(&EVENT), Optional;
};

pub(in crate::scenario) static SEND: Format = map! { "a frame";
    /// The transport; not needed where there is one.
    over: Any, Optional;
    /// What the frame begins with, before its JSON.
    starts: Any, Optional;
    /// The frame as JSON.
    json: Any, Optional;
    /// The frame as text.
    text: Any, Optional;
};

pub(in crate::scenario) static ASK: Format = map! { "a question";
    /// The transport; not needed where there is one.
    over: Any, Optional;
    /// GET, unless there is a body: then POST.
    method: Any, Optional;
    /// Path and query.
    path: Any, Required;
    /// Headers of this request.
    headers: Any, Optional;
    /// The body as JSON.
    json: Any, Optional;
    /// The body as an HTML form.
    form: Any, Optional;
    /// The body as text.
    text: Any, Optional;
    /// The statuses that are well; without it those from 200 to 299.
    status: Any, Optional;
    /// What holds of a good answer.
    holds: Any, Optional;
    /// When it is asked again.
    retry: Map(&RETRY), Optional;
    /// Variables of these steps, of the answer.
    let: Any, Optional;
    /// Variables of the connection, of the answer.
    keep: Any, Optional;
};

pub(in crate::scenario) static RETRY: Format = map! { "a retry";
    /// Conditions; it is asked again when all hold of the answer.
    when: Any, Required;
    /// How often at the most.
    times: Whole("tries", 1, MOST_TRIES), Required;
    /// How long to wait: a duration.
    wait: Any, Required;
    /// What the person is told meanwhile.
    event: Map(&EVENT), Optional;
};

pub(in crate::scenario) static AWAIT: Format = map! { "what is waited for";
    /// The transport; not needed where there is one.
    over: Any, Optional;
    /// What the whole frame is.
    text: Any, Optional;
    /// What the frame begins with; the rest is its JSON.
    starts: Any, Optional;
    /// Where in the frame to look.
    in: Any, Optional;
    /// Conditions that all hold.
    when: Any, Optional;
    /// Variables of these steps, of the frame.
    let: Any, Optional;
    /// Variables of the connection, of the frame.
    keep: Any, Optional;
    /// How such a frame says that the server wants less; what was sent is then sent again.
    throttled: Map(&AWAIT_LESS), Optional;
    /// What holds of a good answer.
    holds: Any, Optional;
    /// Instead of a frame: the variable that something else is to keep.
    kept: Any, Optional;
    /// How long at the most.
    within: PositiveDuration, Default(default::AWAIT_WITHIN);
};

static AWAIT_LESS: Format = map! { "throttling by a frame";
    /// Conditions; the server wants less when all hold of the frame.
    when: Any, Required;
    /// How long to wait: a duration.
    wait: Any, Optional;
};

pub(in crate::scenario) static RULE: Format = map! { "a rule";
    /// The transport; not needed where there is one.
    over: Any, Optional;
    /// What the whole frame is.
    text: Any, Optional;
    /// What the frame begins with; the rest is its JSON.
    starts: Any, Optional;
    /// Where in the frame to look; `*` is everything that is there.
    in: Any, Optional;
    /// Conditions that all hold.
    when: Any, Optional;
    /// What tells one from the other: each is taken in once.
    once: Any, Optional;
    /// Variables of this rule.
    let: Any, Optional;
    /// Variables of the connection.
    keep: Any, Optional;
    /// What the person is told.
    event: Map(&EVENT), Optional;
    /// What is done.
    do: List(&Map(&STEP)), Optional;
    /// Rules for what was found.
    rules: List(&Map(&RULE)), Optional;
};

pub(in crate::scenario) static TIMER: Format = map! { "a timer";
    /// How often: a duration.
    every: Any, Required;
    /// Conditions; without them nothing is done.
    when: Any, Optional;
    /// What is done.
    do: List(&Map(&STEP)), Required;
};

/// The events of [`crate::scenario::plan::dialect::EventKind`], in the order of its variants.
pub(in crate::scenario) static EVENT: Format = choice! { "an event";
    /// Logged in.
    welcome: Map(&ADDRESS), Optional;
    /// The server will not have us.
    refused: Map(&WHY), Optional;
    /// The server wants less of this.
    throttled: Map(&LESS), Optional;
    /// A visitor waits.
    queued: Map(&WAITING), Optional;
    /// A visitor is served.
    assigned: Map(&PEER), Optional;
    /// A conversation is the agent's.
    given: Map(&PEER), Optional;
    /// The visitor has left.
    left: Map(&PEER), Optional;
    /// The conversation is over.
    closed: Map(&PEER), Optional;
    /// Takes conversations, as was asked for.
    on_duty: Map(&NOTHING), Optional;
    /// Somebody types.
    typing: Map(&PEER), Optional;
    /// Somebody wrote.
    told: Map(&SAID), Optional;
    /// In the room.
    entered: Map(&OTHERS), Optional;
    /// Somebody else came into the room.
    joined: Map(&NOTHING), Optional;
    /// Somebody else left it.
    parted: Map(&NOTHING), Optional;
    /// Somebody else said something in the room.
    posted: Map(&POSTED), Optional;
    /// The server has taken in all that was sent before.
    taken_in: Map(&NOTHING), Optional;
    /// The server makes no sense; the connection is closed.
    broken: Map(&WHY), Optional;
};

static NOTHING: Format = map! { "an event of one word"; };

static ADDRESS: Format = map! { "logged in";
    /// Where others reach this person.
    address: Any, Required;
};

static WHY: Format = map! { "a reason";
    /// Why, in the server's words.
    why: Any, Required;
};

static LESS: Format = map! { "throttling";
    /// Of what, in the server's words.
    why: Any, Required;
    /// When it may be tried again: a duration.
    retry_after: Any, Optional;
};

static WAITING: Format = map! { "waiting";
    /// How many wait, this visitor included.
    waiting: Any, Optional;
};

static PEER: Format = map! { "somebody";
    /// Who, as `tell` would name them.
    peer: Any, Required;
};

static SAID: Format = map! { "a message";
    /// Who from, as `tell` would name them.
    peer: Any, Required;
    /// The text.
    text: Any, Required;
};

static OTHERS: Format = map! { "being in a room";
    /// How many others are.
    others: Any, Required;
};

static POSTED: Format = map! { "a message in a room";
    /// The text.
    text: Any, Required;
};
