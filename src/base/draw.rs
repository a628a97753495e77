//! All randomness: a pure function of (seed, replication, population, index, purpose, k).
//!
//! A [`Draws`] is one visitor's (or one population's) key; [`Draws::stream`] opens the stream of one purpose. Nothing
//! is shared and nothing advances, so it does not matter who asks, in which order, on which thread or machine: visitor
//! 1234 has the same patience whoever serves her and however many agents there are, and what nobody asks for is never
//! computed.
//!
//! A key is mixed by the finalizer of splitmix64 (Steele, Lea, Flood: "Fast splittable pseudorandom number
//! generators", OOPSLA 2014) after each component; a stream is xoshiro256++ (Blackman, Vigna: "Scrambled linear
//! pseudorandom number generators", 2021), whose values are fixed by its publication and so by no release of a crate.

use rand::{Rng, SeedableRng};
use rand_xoshiro::Xoshiro256PlusPlus;

use super::hash::fnv1a;

/// What a draw is for. The numbers are part of every trace: never renumber, only append.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u16)]
pub enum Purpose {
    /// The gaps between the arrivals of a population: one stream, drawn from in their order.
    Gap = 1,
    /// How busy the whole replication is (the forecast's error).
    Busyness = 2,
    /// Where in its window the k-th visitor of a burst starts.
    Burst = 3,
    /// What the visitor comes for.
    Topic = 4,
    /// How long the visitor waits in the queue, by attempt.
    Patience = 5,
    /// How long the chat takes an agent who has nothing else to do.
    Work = 6,
    /// Whether the chat ends on the phone.
    Escalation = 7,
    /// Where an escalated visitor goes: the toll-free line, a callback, home.
    EscalationChannel = 8,
    /// When the visitor walks out of a chat, by attempt.
    WalkOut = 9,
    /// Whether one who gave up comes back, by attempt.
    Retry = 10,
    /// How long until one who gave up comes back, by attempt.
    RetryDelay = 11,
    /// How long a caller holds the line, by attempt.
    PhonePatience = 12,
    /// How long the call takes.
    PhoneWork = 13,
    /// Whether a caller on hold takes the offered callback.
    CallbackAccepted = 14,
    /// Whether the k-th try to call back reaches the person.
    CallbackReached = 15,
    /// Whether a chat that was not escalated was of any use.
    Resolution = 16,
    /// How many words the k-th message has.
    Words = 17,
    /// Whether a caller who hung up calls again, by attempt.
    PhoneRetry = 18,
    /// How long until a caller who hung up calls again, by attempt.
    PhoneRetryDelay = 19,
    /// By which channel the visitor asks first.
    StartChannel = 20,
    /// What the visitor types on.
    Device = 21,
    /// Whether the visitor cannot or will not phone.
    CannotCall = 22,
    /// Whether one who gives up leaves without a word, by attempt.
    Silent = 23,
    /// How many exchanges the conversation takes.
    Exchanges = 24,
    /// How long the visitor thinks before the k-th message.
    Think = 25,
    /// Whether the k-th reply is a canned one.
    Canned = 26,
    /// How long the k-th reply takes, where it is not a matter of words.
    Compose = 27,
    /// How long the visitor waits for a reply, by attempt.
    ReplyPatience = 28,
    /// How much typing it takes until the visitor asks for the phone.
    Fatigue = 29,
    /// How long the agent takes to accept, by attempt.
    Accept = 30,
    /// How long the agent takes to wrap up, by attempt.
    WrapUp = 31,
    /// Whether the visitor named the wrong topic, and which.
    Mistaken = 32,
    /// Whether the visitor came to buy.
    Intent = 33,
    /// Whether the visitor buys, by channel.
    Conversion = 34,
    /// Whether the visitor buys something more, by channel.
    Upsell = 35,
    /// Whether an agent of this number is absent.
    Absence = 36,
    /// How well an agent of this number writes.
    Writing = 37,
    /// Which room of a portal the guest comes to.
    Room = 38,
    /// How much of a talker the guest is.
    Role = 39,
    /// How long the guest stays in company, by visit.
    Stay = 40,
    /// How long the guest stays alone, by visit and by how often alone before.
    AlonePatience = 41,
    /// How long until the guest's k-th message.
    Talk = 42,
    /// Whether the guest comes with a question, by visit.
    Asks = 43,
    /// Whether the guest answers a question, by question.
    Answers = 44,
    /// How long the answer takes, by question.
    AnswerDelay = 45,
    /// Whether the guest's k-th message is harmful.
    Harmful = 46,
    /// Whether the automatic filter flags the guest's k-th message.
    Flagged = 47,
    /// Whether the guest reports a harmful message, by message.
    Reports = 48,
    /// How long until that, by message.
    ReportDelay = 49,
    /// How long a moderator takes over the guest's k-th message.
    Review = 50,
    /// Whether the guest comes back, by visit.
    RoomReturn = 51,
    /// How long until then, by visit.
    RoomReturnDelay = 52,
    /// Where in the next opening a guest comes who would have come back while it is closed, by visit.
    RoomReturnPlace = 53,
    /// Whether the desk is where the guest's question would go otherwise, by visit.
    Deflected = 54,
    /// How long one whose connection broke waits before the k-th try to reconnect.
    Reconnect = 55,
    /// What tells one thing from another that a connection names itself, such as a message.
    Identifier = 56,
    /// Where in the visit one is who is on the site when a run begins: 0 of the page in sight, k of the page that is fetched over
    /// and over.
    SitePlace = 57,
    /// Which page the visitor of a site goes to next.
    SitePage = 58,
    /// How long the visitor of a site looks at it.
    SiteWait = 59,
    /// How much longer a server with faults takes to tell a client something; from here to 105: of such a server, by
    /// message and recipient or by connection.
    FaultLatency = 100,
    /// Whether a message is dropped, duplicated or reordered.
    FaultFate = 101,
    /// Whether a connection is refused.
    FaultRefused = 102,
    /// Whether a connection is reset, and when.
    FaultReset = 103,
    /// Whether a connection is read slowly.
    FaultSlow = 104,
    /// How long the server pauses after the k-th frame that it read.
    FaultPause = 105,
}

/// The generator of one purpose: a short private stream.
#[derive(Clone, Debug)]
pub struct Stream(Xoshiro256PlusPlus);

impl Stream {
    /// The next 64 bits.
    #[inline]
    pub fn bits(&mut self) -> u64 {
        self.0.next_u64()
    }

    /// Uniform on the open interval (0, 1): neither end occurs, so `log` of it is always finite.
    #[inline]
    pub fn open01(&mut self) -> f64 {
        unit(self.bits())
    }
}

/// The number in the open interval (0, 1) that the upper 53 bits name: a multiple of 2⁻⁵³ shifted by half a step.
#[inline]
pub(super) fn unit(bits: u64) -> f64 {
    ((bits >> 11) as f64 + 0.5) * (1.0 / (1u64 << 53) as f64)
}

/// The key of everything that is drawn for one person or one population.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Draws(u64);

const fn mix(mut z: u64) -> u64 {
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 31)
}

/// The odd constant that splitmix64 steps by: 2⁶⁴ divided by the golden ratio.
const STEP: u64 = 0x9E37_79B9_7F4A_7C15;

const fn fold(key: u64, component: u64) -> u64 {
    mix(key.wrapping_add(STEP).wrapping_add(component.wrapping_mul(STEP)))
}

impl Draws {
    /// What is drawn once for a whole population in one replication (its busyness, its arrivals). Populations are told
    /// apart by name, so that adding one to a scenario changes nobody else's draws.
    #[must_use]
    pub const fn of_population(seed: u64, replication: u32, name: &str) -> Self {
        Self(fold(fold(fold(0, seed), replication as u64), fnv1a(name.as_bytes())))
    }

    /// What is drawn for the agents of a desk in one replication: [`Self::visitor`] of it is what is drawn for the
    /// agent of that number.
    #[must_use]
    pub const fn of_agents(seed: u64, replication: u32, desk: &str) -> Self {
        Self(fold(Self::of_population(seed, replication, desk).0, fnv1a(b"agents")))
    }

    /// What is drawn for visitor `index`; `self` is the population's key.
    #[must_use]
    pub const fn visitor(self, index: u64) -> Self {
        Self(fold(self.0, index))
    }

    /// The stream of the `k`-th use of `purpose`.
    #[inline]
    #[must_use]
    pub fn stream(self, purpose: Purpose, k: u64) -> Stream {
        let key = fold(self.0, ((purpose as u64) << 48) ^ k);
        Stream(Xoshiro256PlusPlus::seed_from_u64(key))
    }

    /// Whether what has this probability is so, by the `k`-th use of `purpose`. The certain cases draw nothing: most
    /// scenarios leave most shares at 0 or 1.
    #[must_use]
    pub fn chance(self, share: f64, purpose: Purpose, k: u64) -> bool {
        share > 0.0 && (share >= 1.0 || self.uniform(purpose, k) < share)
    }

    /// One uniform number in (0, 1): the first of the stream of the `k`-th use of `purpose`.
    #[must_use]
    pub fn uniform(self, purpose: Purpose, k: u64) -> f64 {
        self.stream(purpose, k).open01()
    }
}
