//! Every key of the format: what it takes, what holds without it, what it means. See [`super::format`].

use super::defaults as default;
use super::format::{Format, Key, Takes, When};
use super::plan::MOST_REPLICATIONS;

use Takes::{
    Amount, Count, Duration, Either, Factor, File, Flag, Law, List, Map, Named, Number, Pace,
    PositiveDuration, Price, Rate, Share, Whole, Word, Words,
};
use When::{Default, Optional, Otherwise, Required, Where};

/// A seed is written into JSON, whose readers keep 53 bits of a number.
const LARGEST_SEED: u64 = (1 << 53) - 1;

/// The words for [`crate::scenario::plan::Routing`], in the order of its variants.
pub(super) const ROUTINGS: &[&str] = &["least busy", "most busy", "longest idle", "round robin"];

/// How a profile goes from one of its rates to the next.
pub(super) const SHAPES: &[&str] = &["constant", "linear"];

/// The words for [`crate::scenario::plan::AtClose`], in the order of its variants.
pub(super) const AT_CLOSE: &[&str] = &["serve", "dismiss"];

/// The words for [`crate::scenario::plan::AtShiftEnd`], in the order of its variants.
pub(super) const AT_SHIFT_END: &[&str] = &["finish", "hand over"];

/// The words for [`crate::scenario::plan::CallPolicy`], in the order of its variants.
pub(super) const CALL_POLICIES: &[&str] = &["waits for chats", "pauses chats"];

/// The words for [`crate::scenario::plan::Served`], in the order of its variants.
pub(super) const SERVED: &[&str] = &["answer", "first_response"];

/// By what a group of agents can be reached.
pub(super) const CHANNELS: &[&str] = &["chat", "phone", "callback"];

/// A table of keys: `/// what it means`, `name: what it takes, what holds without it;`.
macro_rules! format {
    ($choice:literal, $what:literal; $($(#[doc = $doc:literal])+ $name:ident: $takes:expr, $when:expr;)*) => {
        Format {
            what: $what,
            choice: $choice,
            foreign: &[],
            keys: &[$(Key { name: stringify!($name), takes: $takes, when: $when, doc: concat!($($doc),+) }),*],
        }
    };
}

/// A map of which any keys may be there.
macro_rules! map {
    ($($table:tt)*) => { format!(false, $($table)*) };
}

/// A map of which exactly one key must be there.
macro_rules! choice {
    ($($table:tt)*) => { format!(true, $($table)*) };
}

pub(super) mod dialect;
mod faults;
mod laws;
mod rooms;
mod site;
mod talk;

pub(super) use faults::FAULTS;
pub(super) use laws::{durations, numbers};
pub(super) use rooms::{FLAGGED, HIDDEN_AFTER, MODERATION_MODES, MOST_HOURS, REVIEWS};
pub(super) use site::MOST_PAGES;
use talk::{BALK, CONVERSATION, DEVICES, ESCALATION, TALKS};
pub(super) use talk::{COUNTS, MOST_EXCHANGES, TOPIC};

/// The file as a whole.
pub(super) static SCENARIO: Format = map! { "a scenario";
    /// What the scenario is called.
    name: Takes::Text, Required;
    /// The seed of every draw: the same seed, the same people.
    seed: Whole("the seed", 0, LARGEST_SEED), Default(default::SEED);
    /// When it starts: "2026-11-28 09:00 Europe/Paris". Needed by times of day.
    start: Takes::Start, Optional;
    /// How long visitors come, in one replication.
    length: PositiveDuration, Required;
    /// How much of the beginning is left out of every figure.
    warm_up: Duration, Default(default::WARM_UP);
    /// How many independent days `simulate` plays.
    replications: Whole("replications", 1, MOST_REPLICATIONS as u64), Default(default::REPLICATIONS);
    /// The currency of every wage and price: EUR.
    money: Takes::Currency, Optional;
    /// What becomes of everybody at the end of the length.
    close: Map(&CLOSE), Default(default::EMPTY);
    /// The desk, where there is one.
    support: Map(&DESK), Optional;
    /// The desks by name, where there are several.
    desks: Named("a desk", &Map(&DESK)), Optional;
    /// The phone pool: a toll-free number and callbacks.
    phone: Map(&PHONE), Optional;
    /// Community rooms by name.
    rooms: rooms::ROOMS, Optional;
    /// Portals of many rooms that are alike, by name.
    portals: rooms::PORTALS, Optional;
    /// What `run` does unless told otherwise.
    run: Map(&RUN), Default(default::EMPTY);
    /// The chat server that `run` talks to; left out: the embedded one.
    target: Map(&TARGET), Optional;
    /// The site around the chat, which `run` visits too; its times are real.
    site: Map(&site::SITE), Optional;
    /// What the embedded chat server does wrong, on purpose; its times are real.
    faults: Map(&FAULTS), Optional;
    /// Thresholds on figures: "support.abandoned.share < 5%".
    gates: List(&Takes::Gate), Optional;
};

static CLOSE: Format = map! { "a close";
    /// Of those who wait: served by who is on duty then, or sent away.
    queue: Word(AT_CLOSE), Default(default::CLOSE_QUEUE);
    /// Of the chats in hand.
    chats: Word(&["finish"]), Default(default::CLOSE_CHATS);
};

static RUN: Format = map! { "a run";
    /// Scenario seconds in a real second.
    speed: Takes::Factor, Default(default::SPEED);
    /// How much of the scenario is played, from its start.
    length: PositiveDuration, Otherwise("the scenario's length");
    /// Left out of the run's figures.
    warm_up: Duration, Otherwise("the scenario's warm_up, or 0s where run.length is given");
    /// How long, in scenario time, everybody may finish after the length.
    drain: Duration, Default(default::DRAIN);
    /// How those whose connection breaks come back; left out: they do not. Its times are real.
    reconnect: Map(&RECONNECT), Optional;
    /// How far it may go wrong before its figures say nothing: beyond any of these the run is invalid, and exits with 3.
    valid: Map(&VALID), Default(default::EMPTY);
};

static RECONNECT: Format = map! { "a reconnect";
    /// How long they wait before the first try; before every further one, twice as long.
    after: PositiveDuration, Default(default::RECONNECT_AFTER);
    /// How long they wait at the most, but for the jitter.
    up_to: PositiveDuration, Default(default::RECONNECT_UP_TO);
    /// By how much of itself each wait is longer or shorter, evenly: those cut off together do not all come back at once.
    jitter: Share, Default(default::JITTER);
    /// Tries at the most; after that the connection is lost for good.
    tries: Whole("tries", 1, 100), Default(default::RECONNECT_TRIES);
};

static VALID: Format = map! { "what makes a run valid";
    /// How late, in real time, the load generator may be for what it had scheduled, but for one thing in a hundred.
    lag_p99: PositiveDuration, Default(default::LAG_P99);
    /// Starts that it may drop: those that come more than a second of real time late, or for want of a socket.
    dropped_starts: Share, Default(default::DROPPED_STARTS);
    /// The share of the machine's processors that it may use in its busiest ten seconds.
    cpu: Share, Default(default::CPU);
    /// Connections that may not come about, of those that were tried.
    unconnected: Share, Default(default::UNCONNECTED);
    /// Visits that may not have come to an end when the run does.
    unfinished: Share, Default(default::UNFINISHED);
};

static TARGET: Format = map! { "a target";
    /// Where it listens: ws://host:port/path, irc://host, xmpp://host, http://host; with TLS wss://, ircs://, xmpps://, https://.
    url: Takes::Text, Required;
    /// PEM file of the authorities whose certificates are good, instead of those that this machine trusts.
    ca_file: File, Optional;
    /// Any certificate will do: who answers is not checked.
    insecure: Flag, Where(default::INSECURE, "of targets with TLS");
    /// What it speaks: irc, xmpp, a dialect that comes with causerie, or a file with one of your own; left out: what
    /// the url says, and of ws:// and wss:// the causerie protocol.
    dialect: Takes::Text, Optional;
    /// What differs from one installation of the server to another, by name: what its dialect asks for.
    settings: Named("a setting", &Takes::Text), Optional;
    /// Who decides who serves whom: the testbed's own desk, beside the server, or the server itself; left out: the
    /// server, where its dialect has a queue and no `meet`.
    queue: Word(&["testbed", "server"]), Where(default::QUEUE, "of servers that do not speak the causerie protocol");
    /// How the server gives chats to agents, where it decides.
    routing: Word(ROUTINGS), Optional;
    /// Where the testbed's desk is, ws://host:port; left out: the run starts one.
    desk: Takes::Text, Optional;
    /// The domain of the rooms, where the server does not name it (xmpp): conference.example.org.
    rooms: Takes::Text, Optional;
    /// As whom people log in.
    accounts: Map(&ACCOUNTS), Where(default::EMPTY, "of servers that do not speak the causerie protocol");
    /// Where it says how it is, for the report's time line.
    metrics: Map(&METRICS), Optional;
};

static ACCOUNTS: Format = map! { "accounts";
    /// Of visitors and guests.
    visitors: Map(&ACCOUNT), Default(default::EMPTY);
    /// Of agents.
    agents: Map(&ACCOUNT), Default(default::EMPTY);
};

static ACCOUNT: Format = map! { "accounts of some people; with neither register nor file they log in without one";
    /// The domain they are of, where the server has several.
    domain: Takes::Text, Optional;
    /// So many are registered before the run, and used in turn.
    register: Whole("accounts", 1, 100_000), Optional;
    /// CSV file of accounts that are there: a line `user` or `user,password`, then one a line.
    file: File, Optional;
    /// The password, as the name of a variable of the environment: $CHAT_PASSWORD.
    password: Takes::Text, Optional;
};

static METRICS: Format = map! { "a target's metrics";
    /// An address that answers in the text format of Prometheus: http://host:port/metrics or https://…
    prometheus: Takes::Text, Required;
    /// How often it is asked, in real time.
    every: PositiveDuration, Default(default::METRICS_EVERY);
    /// The metric that is the length of its queue, summed over labels.
    queue: Takes::Text, Optional;
};

static DESK: Format = map! { "a desk";
    /// When visitors come; or give `offer`.
    arrivals: Map(&ARRIVALS), Otherwise("follows from offer");
    /// How many of the site's visitors use the desk, in place of arrivals.
    offer: Map(&OFFER), Optional;
    /// Where visitors ask first; the shares add up to 100%.
    channels: Map(&CHANNEL_MIX), Otherwise("all at the desk");
    /// How long a visitor waits in the queue; `never`: nobody leaves it.
    patience: Either(&Word(&["never"]), &Law), Required;
    /// How long a visitor stays in a chat before walking out of it.
    walk_out: Law, Optional;
    /// Who of those who give up says nothing: server and agent notice only after ghost_timeout.
    silent: Share, Where(default::SILENT, TALKS);
    /// How long an agent waits for an answer before taking the visitor for a ghost.
    ghost_timeout: PositiveDuration, Where(default::GHOST_TIMEOUT, TALKS);
    /// How long a visitor waits for a reply in the chat before giving up; `never`: nobody does.
    reply_patience: Either(&Word(&["never"]), &Law), Where(default::REPLY_PATIENCE, TALKS);
    /// Who sees the queue and does not join it.
    balk: Map(&BALK), Optional;
    /// Who cannot or will not phone, and stays in the chat whatever it costs.
    cannot_call: Share, Where(default::CANNOT_CALL, "where some of the chats that are played message by message end \
                                                     on the phone");
    /// What visitors type on; the shares add up to 100%.
    devices: Map(&DEVICES), Where(default::DEVICES, TALKS);
    /// What a conversation is: played message by message, or a handling time.
    conversation: Map(&CONVERSATION), Default(default::EMPTY);
    /// What visitors come for; the shares add up to 100%.
    topics: Named("a topic", &Map(&TOPIC)), Optional;
    /// Who ends up needing the phone.
    escalation: Map(&ESCALATION), Default(default::EMPTY);
    /// Who serves.
    agents: Map(&AGENTS), Required;
    /// What the conversations sell.
    sales: Map(&SALES), Optional;
    /// What counts as served in time.
    service_level: Map(&CHAT_SERVICE), Default(default::EMPTY);
};

static OFFER: Format = map! { "an offer";
    /// When visitors come to the site, as arrivals.
    visitors: Map(&ARRIVALS), Required;
    /// The share of them who use the desk.
    take_up: Share, Required;
};

static CHANNEL_MIX: Format = map! { "channels";
    /// They chat.
    chat: Share, Default(default::NOBODY);
    /// They call the toll-free number.
    phone: Share, Default(default::NOBODY);
    /// They ask to be called back.
    callback: Share, Default(default::NOBODY);
};

static SALES: Format = map! { "sales";
    /// The share of visitors who come to buy.
    intent: Share, Required;
    /// The part of a sale that is left after the cost of the goods.
    margin: Share, Default(default::MARGIN);
    /// In a chat.
    chat: Map(&CHAT_SALES), Required;
    /// On the phone, calling or called back.
    phone: Map(&PHONE_SALES), Default(default::EMPTY);
};

static CHAT_SALES: Format = map! { "sales on a channel";
    /// The probability that one who came to buy and is served does.
    conversion: Share, Required;
    /// What a buyer spends.
    basket: Amount, Required;
    /// The probability that a buyer buys something more.
    upsell: Share, Default(default::UPSELL);
    /// What the further sale adds, as a part of the basket.
    addition: Share, Default(default::ADDITION);
};

static PHONE_SALES: Format = map! { "sales on a channel";
    /// The probability that one who came to buy and is served does.
    conversion: Share, Otherwise("twice the chat's");
    /// What a buyer spends.
    basket: Amount, Otherwise("as in a chat");
    /// The probability that a buyer buys something more.
    upsell: Share, Otherwise("as in a chat");
    /// What the further sale adds, as a part of the basket.
    addition: Share, Otherwise("as in a chat");
};

/// The keys of arrivals, before those that only some have.
macro_rules! arrivals {
    ($($own:tt)*) => {
        map! { "arrivals";
            /// The same rate all along: 240/h.
            rate: Rate, Optional;
            /// Rates from given times on: {"09:00": 120/h, …}, {0m: 120/h, …} or {file: forecast.csv}.
            profile: Either(&Map(&FORECAST), &Takes::Profile), Optional;
            /// How the profile goes from one rate to the next.
            shape: Word(SHAPES), Default(default::SHAPE);
            /// The error of the forecast: one factor a replication, Gamma, mean 1.
            busyness: Map(&BUSYNESS), Default(default::EMPTY);
            /// Crowds that come at once.
            bursts: List(&Map(&BURST)), Optional;
            $($own)*
        }
    };
}

pub(super) static ARRIVALS: Format = arrivals! {
    /// Who of those who gave up comes back.
    retry: Map(&RETRY), Optional;
};

/// Arrivals of a room.
static ROOM_ARRIVALS: Format = Format {
    foreign: &[("retry", "who comes back to a room is said in `returns`, beside `arrivals`")],
    ..arrivals! {}
};

pub(super) static FORECAST: Format = map! { "a forecast";
    /// CSV of interval start and volume, one interval a line.
    file: File, Required;
};

static BUSYNESS: Format = map! { "busyness";
    /// The coefficient of variation of the factor.
    cv: Takes::Variation, Default(default::BUSYNESS_CV);
};

pub(super) static BURST: Format = map! { "a burst";
    /// When it begins: "11:30", or 45m after the start.
    at: Takes::Moment, Required;
    /// How many come.
    count: Whole("visitors", 1, 1_000_000), Required;
    /// In how long, evenly.
    within: Duration, Required;
};

static RETRY: Format = map! { "a retry";
    /// The probability of coming back after giving up.
    share: Share, Required;
    /// How long after giving up.
    after: Law, Required;
    /// Returns at the most.
    most: Whole("returns", 1, 100), Default(default::RETRY_MOST);
};

static AGENTS: Format = map! { "agents";
    /// How many there are, where all are alike and there throughout.
    count: COUNT, Otherwise("the groups' or the shifts'");
    /// Chats at once, at the most.
    concurrency: SLOTS, Default(default::CONCURRENCY);
    /// How much longer a chat takes while its agent holds 1, 2, 3 …: [1, 1.25, 1.6]. Needed when concurrency
    /// is above 1 and chats have a handling time; played message by message, how long they take comes of itself.
    stretch: Takes::Stretch, Optional;
    /// What they can do.
    skills: List(&Takes::Text), Optional;
    /// How well each of them writes, 1 being the mean: {lognormal: {mean: 1, cv: 0.15}}. Left out: all alike.
    writing: Words, Optional;
    /// What each of them is paid, at work or on a break.
    wage: Price, Optional;
    /// Groups of agents by name, where not all are alike.
    groups: Named("a group of agents", &Map(&GROUP)), Optional;
    /// Who gets a chat when several could.
    routing: Word(ROUTINGS), Default(default::ROUTING);
    /// From assignment to acceptance; left out: at once.
    accept: Law, Optional;
    /// How long a slot stays taken after a chat; `none`: it is free at once.
    wrap_up: Either(&Word(&["none"]), &Law), Where(default::WRAP_UP, TALKS);
    /// An agent who holds a chat gets no other for this long after the last one.
    ramp_up: Duration, Where(default::RAMP_UP, TALKS);
    /// Who is there when, by name.
    shifts: Named("a shift", &Map(&SHIFT)), Otherwise("all are there throughout");
    /// What becomes of the chats in hand when a shift ends.
    at_shift_end: Word(AT_SHIFT_END), Where(default::AT_SHIFT_END, "where there are shifts");
    /// The probability that an agent is not there for a shift that is paid for.
    shrinkage: Share, Default(default::SHRINKAGE);
};

static GROUP: Format = map! { "a group of agents";
    /// How many there are, where all are there throughout.
    count: COUNT, Otherwise("its shifts'");
    /// Chats at once, at the most.
    concurrency: SLOTS, Default(default::CONCURRENCY);
    /// How much longer a chat takes while its agent holds 1, 2, 3 …
    stretch: Takes::Stretch, Optional;
    /// What they can do.
    skills: List(&Takes::Text), Optional;
    /// How well each of them writes, 1 being the mean: {lognormal: {mean: 1, cv: 0.15}}. Left out: all alike.
    writing: Words, Optional;
    /// What each of them is paid, at work or on a break.
    wage: Price, Optional;
    /// What they serve: without chat they are agents of the phone pool, and beside it they take calls too.
    channels: List(&Word(CHANNELS)), Default(default::CHANNELS);
    /// What a call does to the chats of agents who take both.
    call: Word(CALL_POLICIES), Where(default::CALL, "where channels has both chat and phone");
    /// So many of those on duty are kept off the phone, where they take both.
    reserve: Whole("agents", 0, 100_000), Where(default::RESERVE, "where channels has both chat and phone");
};

static SHIFT: Format = map! { "a shift";
    /// Which group, where there are several.
    group: Takes::Text, Otherwise("the only one");
    /// How many agents.
    count: COUNT, Required;
    /// When they come: "09:00", every day of the scenario, or 45m after its start.
    from: Takes::Moment, Required;
    /// When they take no more chats.
    to: Takes::Moment, Required;
    /// When they are away in between.
    breaks: List(&Map(&BREAK)), Optional;
};

static BREAK: Format = map! { "a break";
    /// When the first of them takes it.
    at: Takes::Moment, Required;
    /// How long.
    for: PositiveDuration, Required;
    /// Over how long it is spread: each goes a little later than the one before.
    stagger: Duration, Default(default::STAGGER);
};

const COUNT: Takes = Whole("agents", 1, 100_000);
const SLOTS: Takes = Whole("chats at once", 1, 100);

static CHAT_SERVICE: Format = map! { "a service level";
    /// The threshold: served within this.
    within: Duration, Default(default::CHAT_WITHIN);
    /// What has to come within it: an agent, or the agent's first message.
    of: Word(SERVED), Default(default::SERVED_OF);
    /// Who leaves within this is left out of short_excluded.
    short_abandon: Duration, Otherwise("as long as within");
};

static PHONE_SERVICE: Format = map! { "a service level";
    /// The threshold: answered within this.
    within: Duration, Default(default::PHONE_WITHIN);
    /// Who hangs up within this is left out of short_excluded.
    short_abandon: Duration, Otherwise("as long as within");
};

static PHONE: Format = map! { "a phone pool";
    /// Who calls without having chatted first.
    arrivals: Map(&ARRIVALS), Optional;
    /// How many agents answer the phone, beside those of groups with the channel; they serve callbacks too.
    lines: Whole("lines", 1, 100_000), Otherwise("the groups with the channel");
    /// What each of those who answer the lines is paid.
    wage: Price, Optional;
    /// What being on the line costs.
    toll_free: Price, Optional;
    /// How long a call takes.
    handling_time: Law, Default(default::CALL_TIME);
    /// How long a caller holds the line; `never`: nobody hangs up.
    patience: Either(&Word(&["never"]), &Law), Default(default::CALL_PATIENCE);
    /// Calling back; `none`: nobody is called back.
    callback: Either(&Word(&["none"]), &Map(&CALLBACK)), Default(default::EMPTY);
    /// What counts as answered in time.
    service_level: Map(&PHONE_SERVICE), Default(default::EMPTY);
};

static CALLBACK: Format = map! { "callbacks";
    /// How long a caller holds the line before one is offered.
    offer_after: Duration, Default(default::OFFER_AFTER);
    /// The share of those offered one who take it.
    accepted: Share, Default(default::ACCEPTED);
    /// How long after the request it is given up.
    within: PositiveDuration, Default(default::CALLBACK_WITHIN);
    /// The probability that a try reaches the person.
    reached: Share, Default(default::REACHED);
    /// Tries at the most.
    tries: Whole("tries", 1, 100), Default(default::TRIES);
    /// How long a try that reaches nobody takes the agent.
    ring: Duration, Default(default::RING);
    /// How long after such a try the next may begin.
    again_after: Duration, Default(default::AGAIN_AFTER);
};
