//! A dialect: how a chat server's protocol is spoken, written down instead of programmed. What is parsed from text is parsed when it is
//! read: templates, paths and conditions stand here ready to be used, and names have become numbers.
//!
//! A plan is shared by all connections. A connection has variables (kept for its life, [`DialectPlan::variables`]), tables (variables by
//! key), counters, and for each run of steps locals of its own.

pub mod path;
pub mod template;

use std::collections::BTreeSet;
use std::fmt;
use std::sync::Arc;

use crate::base::time::RealSpan;
use path::Each;
use template::{Condition, Shape, Target, Template};

/// The most transports of a dialect.
pub const MOST_TRANSPORTS: usize = 6;

/// How often a timer may ring.
pub const OFTENEST: RealSpan = RealSpan::from_nanos(100_000_000);

/// A dialect that makes sense.
#[derive(Debug)]
pub struct DialectPlan {
    /// Its name.
    pub name: String,
    /// What it speaks to.
    pub about: String,
    /// What differs from one installation to another: the first of the variables.
    pub settings: Vec<Setting>,
    /// The names of the variables of a connection: the settings, the [`BUILT_IN`] ones, what is kept.
    pub variables: Vec<String>,
    /// Those of them whose values are printed nowhere.
    pub secrets: Vec<usize>,
    /// The names of the tables.
    pub tables: Vec<String>,
    /// The names of the counters.
    pub counters: Vec<String>,
    /// The connections of each person.
    pub transports: Vec<TransportPlan>,
    /// How the server says that it wants less.
    pub throttle: Throttle,
    /// What each does, in the order of [`Role`].
    pub roles: [RolePlan; 3],
}

/// Variables that every connection has from the beginning on: who it is, and where it leads.
pub const BUILT_IN: [&str; 5] = ["user", "password", "host", "origin", "role"];

impl DialectPlan {
    /// What it lacks to be a dialect of a server with a queue of its own, in words; nothing, where it is one.
    #[must_use]
    pub fn lacks_of_queue(&self) -> Option<String> {
        let of = |role: Role, act: ActKind, event: &str| {
            let plan = &self.roles[role as usize];
            match plan.lacks {
                _ if plan.abilities.queue => None,
                Some(lack) => Some(format!("{} cannot connect: {lack}", role.with_article())),
                None if !plan.does(act) => Some(format!("{} has no `{}`", role.with_article(), act.word())),
                None => Some(format!("{} is never told `{event}`", role.with_article())),
            }
        };
        of(Role::Visitor, ActKind::Open, "assigned").or_else(|| of(Role::Agent, ActKind::Ready, "given"))
    }

    /// Whether the server decides who serves whom, as far as the dialect says: it has a queue, and no word for meeting whom others have
    /// chosen.
    #[must_use]
    pub fn queues_alone(&self) -> bool {
        let both = [Role::Visitor, Role::Agent].map(|role| &self.roles[role as usize]);
        both.iter().all(|plan| plan.abilities.queue && !plan.does(ActKind::Meet))
    }
}

/// What differs from one installation of a server to another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Setting {
    /// Its name.
    pub name: String,
    /// What it is.
    pub about: String,
    /// What holds unless something else is said.
    pub default: Option<String>,
}

/// Who speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Role {
    /// Who asks to be served.
    Visitor,
    /// Who serves.
    Agent,
    /// Who is in a room.
    Guest,
}

impl Role {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Visitor, Self::Agent, Self::Guest];

    /// As it is written.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Visitor => "visitor",
            Self::Agent => "agent",
            Self::Guest => "guest",
        }
    }

    /// As it is called in a sentence.
    #[must_use]
    pub const fn with_article(self) -> &'static str {
        match self {
            Self::Visitor => "a visitor",
            Self::Agent => "an agent",
            Self::Guest => "a guest",
        }
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

/// What goes over a transport.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Questions and answers.
    Http,
    /// Frames both ways.
    WebSocket,
    /// One question again and again, whose answers are taken for frames.
    Poll,
}

/// One connection.
#[derive(Debug)]
pub struct TransportPlan {
    /// Its name.
    pub name: String,
    /// What goes over it.
    pub kind: Kind,
    /// Path and query; of HTTP, what every path begins with.
    pub path: Template,
    /// Where it leads, where that is not the target's own address. Made of settings.
    pub at: Option<Template>,
    /// Headers; one whose variables are not there yet is left out.
    pub headers: Vec<(String, Template)>,
    /// The WebSocket subprotocol.
    pub subprotocol: Option<String>,
    /// Of a poll.
    pub poll: Option<PollPlan>,
}

/// How a poll asks.
#[derive(Debug)]
pub struct PollPlan {
    /// How long after an answer it asks again.
    pub every: RealSpan,
    /// `GET`…
    pub method: String,
    /// The body, if it has one.
    pub json: Option<Shape>,
    /// Statuses, from the first to the second, of which the answers are heard.
    pub status: Vec<(u16, u16)>,
    /// What is kept of each answer, if its status is one of 200 to 299.
    pub keep: Vec<(Target, Template)>,
}

/// How a server says that it wants less, and what is done about it.
#[derive(Debug)]
pub struct Throttle {
    /// Statuses of HTTP.
    pub status: Vec<u16>,
    /// Codes with which a WebSocket is closed.
    pub close: Vec<u16>,
    /// How long to wait; without it what `Retry-After` says.
    pub wait: Option<Lasting>,
    /// How often a question is asked again.
    pub times: u32,
}

/// A length of time.
#[derive(Clone, Debug)]
pub enum Lasting {
    /// The dialect says which.
    Fixed(RealSpan),
    /// It is made of what others say: the server, or whoever sets the dialect up.
    Said(Template),
}

/// What people do, as scripts are keyed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[repr(usize)]
#[allow(missing_docs)]
pub enum ActKind {
    Provision,
    Connect,
    Disconnect,
    Tell,
    Compose,
    Meet,
    Part,
    Open,
    Ready,
    Rest,
    Enter,
    Post,
    Leave,
}

impl ActKind {
    /// All of them, with their names and what each is given: the first locals of its steps.
    pub const ALL: [(Self, &'static str, &'static [&'static str]); 13] = [
        (Self::Provision, "provision", &[]),
        (Self::Connect, "connect", &[]),
        (Self::Disconnect, "disconnect", &[]),
        (Self::Tell, "tell", &["peer", "text"]),
        (Self::Compose, "compose", &["peer"]),
        (Self::Meet, "meet", &["peer"]),
        (Self::Part, "part", &["peer"]),
        (Self::Open, "open", &["topic", "text"]),
        (Self::Ready, "ready", &["slots"]),
        (Self::Rest, "rest", &[]),
        (Self::Enter, "enter", &["room"]),
        (Self::Post, "post", &["text"]),
        (Self::Leave, "leave", &[]),
    ];

    /// As it is written.
    #[must_use]
    pub const fn word(self) -> &'static str {
        Self::ALL[self as usize].1
    }

    /// Whether somebody in this role ever does it in a run.
    #[must_use]
    pub const fn is_of(self, role: Role) -> bool {
        match self {
            Self::Provision | Self::Connect | Self::Disconnect => true,
            Self::Tell | Self::Compose | Self::Meet | Self::Part => !matches!(role, Role::Guest),
            Self::Open => matches!(role, Role::Visitor),
            Self::Ready | Self::Rest => matches!(role, Role::Agent),
            Self::Enter | Self::Post => matches!(role, Role::Guest),
            Self::Leave => !matches!(role, Role::Agent),
        }
    }
}

/// What one role does and is told.
#[derive(Clone, Debug, Default)]
pub struct RolePlan {
    /// By [`ActKind`]: what is not there cannot be done.
    pub acts: [Option<Arc<Script>>; ActKind::ALL.len()],
    /// What comes of frames, by transport.
    pub on: Vec<Vec<Listener>>,
    /// What is done again and again.
    pub timers: Vec<Timer>,
    /// All that it may ever be told.
    pub told: BTreeSet<EventKind>,
    /// How many transports it may have open at once.
    pub connections: u64,
    /// What can be done with all that.
    pub abilities: Abilities,
    /// Why nobody can connect, where that is so.
    pub lacks: Option<Lack>,
}

impl RolePlan {
    /// Whether this is done.
    #[must_use]
    pub fn does(&self, act: ActKind) -> bool {
        self.acts[act as usize].is_some()
    }
}

/// What it takes to connect, and is not there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lack {
    /// Anything of that role.
    Section,
    /// The act.
    Connect,
    /// The event that it comes to.
    Welcome,
}

impl fmt::Display for Lack {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Section => "nothing is written for that role, and everybody has no `connect`",
            Self::Connect => "there is no `connect`",
            Self::Welcome => "`connect` never comes to the event `welcome`",
        })
    }
}

/// What a dialect can do for a role.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Abilities {
    /// The server has a queue of its own: a visitor asks to be served, an agent is given conversations.
    pub queue: bool,
    /// Messages between two.
    pub private: bool,
    /// Rooms to enter and to talk in.
    pub rooms: bool,
    /// It says that somebody types.
    pub typing: bool,
}

/// Steps, done one after the other.
#[derive(Debug, Default)]
pub struct Script {
    /// Where they stand in the dialect: `visitor.connect`.
    pub place: String,
    /// The steps.
    pub steps: Vec<Step>,
}

/// One step.
#[derive(Debug)]
pub struct Step {
    /// It is left out unless all hold.
    pub when: Vec<Condition>,
    /// What is done.
    pub verb: Verb,
}

/// What a step does.
#[derive(Debug)]
pub enum Verb {
    /// Opens a transport.
    Open(usize),
    /// Closes a transport.
    Close(usize),
    /// Sends a frame.
    Send(Sending),
    /// Asks over HTTP.
    Ask(Box<Asking>),
    /// Waits for a frame.
    Await(Box<Awaiting>),
    /// Waits until a variable is kept.
    Until {
        /// Which.
        kept: Target,
        /// How long at the most.
        within: RealSpan,
    },
    /// Waits for so long.
    Pause(Lasting),
    /// Sets variables.
    Set(Vec<(Target, Template)>),
    /// Forgets variables.
    Forget(Vec<Target>),
    /// Tells the person.
    Event(EventPlan),
}

/// A frame to send.
#[derive(Debug)]
pub struct Sending {
    /// The transport.
    pub over: usize,
    /// What it begins with.
    pub starts: Template,
    /// What comes then.
    pub body: Option<Shape>,
}

/// The body of a question.
#[derive(Debug)]
pub enum Body {
    /// JSON.
    Json(Shape),
    /// An HTML form.
    Form(Vec<(String, Template)>),
    /// Text.
    Text(Template),
}

/// A question over HTTP.
#[derive(Debug)]
pub struct Asking {
    /// The transport.
    pub over: usize,
    /// `GET`…
    pub method: String,
    /// Path and query, after what the transport's begin with.
    pub path: Template,
    /// Headers beside the transport's.
    pub headers: Vec<(String, Template)>,
    /// The body.
    pub body: Option<Body>,
    /// The statuses that are well, from the first to the last of each.
    pub status: Vec<(u16, u16)>,
    /// What holds of a good answer.
    pub holds: Vec<Condition>,
    /// When it is asked again.
    pub retry: Option<Retry>,
    /// What is set from the answer.
    pub set: Vec<(Target, Template)>,
}

/// When a question is asked again.
#[derive(Debug)]
pub struct Retry {
    /// When all hold of the answer.
    pub when: Vec<Condition>,
    /// So often at the most.
    pub times: u32,
    /// After so long.
    pub wait: Lasting,
    /// What the person is told meanwhile.
    pub event: Option<EventPlan>,
}

/// How a frame looks that is meant.
#[derive(Debug, Clone)]
pub enum Start {
    /// This is the whole frame.
    Whole(Template),
    /// It begins with this, and the rest is JSON where that is asked for.
    With(Template),
}

/// A frame that is waited for.
#[derive(Debug)]
pub struct Awaiting {
    /// The transport.
    pub over: usize,
    /// How the frame looks.
    pub start: Start,
    /// Where in it to look.
    pub each: Option<Each>,
    /// What holds there.
    pub when: Vec<Condition>,
    /// How such a frame says that the server wants less.
    pub less: Option<Less>,
    /// What holds of a good answer.
    pub holds: Vec<Condition>,
    /// What is set from there.
    pub set: Vec<(Target, Template)>,
    /// How long at the most.
    pub within: RealSpan,
}

/// How a frame says that the server wants less, and what is done about it.
#[derive(Debug)]
pub struct Less {
    /// When all hold of the frame.
    pub when: Vec<Condition>,
    /// After so long it is tried again.
    pub wait: Option<Lasting>,
    /// From this step on.
    pub again: usize,
}

/// Rules for the frames that begin alike.
#[derive(Clone, Debug)]
pub struct Listener {
    /// The whole frame, or its beginning.
    pub start: String,
    /// Whether it is the whole.
    pub whole: bool,
    /// The rules, in their order.
    pub looks: Vec<Look>,
}

/// Rules that look at the same place. Of several things that are there, each goes through all of them before the next does.
#[derive(Clone, Debug)]
pub struct Look {
    /// Where; nothing: at the whole.
    pub each: Option<Each>,
    /// The rules, in their order.
    pub rules: Vec<Arc<Rule>>,
}

/// What comes of a frame, or of a part of it.
#[derive(Debug)]
pub struct Rule {
    /// Its number among all rules.
    pub number: usize,
    /// Where it stands in the dialect: `visitor.on[2]`.
    pub place: String,
    /// What holds there.
    pub when: Vec<Condition>,
    /// What tells one from the other.
    pub once: Option<Template>,
    /// What is set from there.
    pub set: Vec<(Target, Template)>,
    /// What the person is told.
    pub event: Option<EventPlan>,
    /// What is done.
    pub run: Option<Arc<Script>>,
    /// Rules for what was found.
    pub looks: Vec<Look>,
}

/// What is done again and again, while the person is connected.
#[derive(Clone, Debug)]
pub struct Timer {
    /// How often.
    pub every: Lasting,
    /// When all hold.
    pub when: Arc<Vec<Condition>>,
    /// What is done.
    pub run: Arc<Script>,
}

/// Of what kind an event is; each takes what the table in `scenario::keys::dialect` says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[allow(missing_docs)]
pub enum EventKind {
    Welcome,
    Refused,
    Throttled,
    Queued,
    Assigned,
    Given,
    Left,
    Closed,
    OnDuty,
    Typing,
    Told,
    Entered,
    Joined,
    Parted,
    Posted,
    TakenIn,
    Broken,
}

impl EventKind {
    /// All of them, with their names.
    pub const ALL: [(Self, &'static str); 17] = [
        (Self::Welcome, "welcome"),
        (Self::Refused, "refused"),
        (Self::Throttled, "throttled"),
        (Self::Queued, "queued"),
        (Self::Assigned, "assigned"),
        (Self::Given, "given"),
        (Self::Left, "left"),
        (Self::Closed, "closed"),
        (Self::OnDuty, "on_duty"),
        (Self::Typing, "typing"),
        (Self::Told, "told"),
        (Self::Entered, "entered"),
        (Self::Joined, "joined"),
        (Self::Parted, "parted"),
        (Self::Posted, "posted"),
        (Self::TakenIn, "taken_in"),
        (Self::Broken, "broken"),
    ];

    /// As it is written.
    #[must_use]
    pub const fn word(self) -> &'static str {
        Self::ALL[self as usize].1
    }
}

/// What a person is told.
#[derive(Debug)]
pub struct EventPlan {
    /// Of what kind.
    pub kind: EventKind,
    /// What it takes, in the order of the table; an optional one may be missing.
    pub takes: Vec<Option<Template>>,
}
