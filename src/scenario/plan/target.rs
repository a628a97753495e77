//! The chat server that `run` talks to.

use std::sync::Arc;

use super::Routing;
use super::dialect::{Abilities, DialectPlan, Role};
use crate::base::time::RealSpan;

/// A server that is there already.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TargetPlan {
    /// Scheme, host and port, perhaps a path.
    pub url: String,
    /// Whose certificates are good, where it speaks TLS.
    pub trust: Trust,
    /// Where it says how it is, if it does.
    pub metrics: Option<MetricsPlan>,
    /// What it speaks.
    pub speech: Speech,
}

impl TargetPlan {
    /// A server that speaks our own protocol, as this machine trusts it.
    #[must_use]
    pub const fn causerie(url: String) -> Self {
        Self { url, trust: Trust::Machine, metrics: None, speech: Speech::Causerie }
    }

    /// The chat server that this is, if it does not speak our protocol.
    #[must_use]
    pub fn chat(&self) -> Option<&ChatPlan> {
        match &self.speech {
            Speech::Causerie => None,
            Speech::Chat(chat) => Some(chat),
        }
    }

    /// How the server itself gives chats to agents, where it does and that is known.
    #[must_use]
    pub fn routing(&self) -> Option<Routing> {
        match self.chat()?.queue {
            QueuePlan::Server { routing, .. } => routing,
            QueuePlan::Testbed { .. } => None,
        }
    }
}

/// What a server speaks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Speech {
    /// Our own protocol, which has all that people do.
    Causerie,
    /// That of a chat server.
    Chat(Box<ChatPlan>),
}

/// A chat server as there are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChatPlan {
    /// Its protocol.
    pub dialect: Dialect,
    /// Who decides who serves whom.
    pub queue: QueuePlan,
    /// As whom visitors and guests log in.
    pub visitors: Accounts,
    /// As whom agents do.
    pub agents: Accounts,
    /// The domain of the rooms, where the server does not name it.
    pub rooms: Option<String>,
}

/// The protocol of a chat server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Dialect {
    /// RFC 2812, with what IRCv3 adds.
    Irc,
    /// RFC 6120.
    Xmpp,
    /// One that is described in a file, or comes with causerie.
    Declared(Declared),
}

/// A dialect that is described in a file, or comes with causerie.
#[derive(Clone, Debug)]
pub struct Declared {
    /// What it says.
    pub plan: Arc<DialectPlan>,
    /// Tells its text apart.
    pub fingerprint: String,
    /// What differs from one installation of the server to another.
    pub settings: Vec<(String, String)>,
}

impl PartialEq for Declared {
    fn eq(&self, other: &Self) -> bool {
        (&self.fingerprint, &self.settings) == (&other.fingerprint, &other.settings)
    }
}

impl Eq for Declared {}

impl Dialect {
    /// Its name, for a person to read.
    #[must_use]
    pub fn name(&self) -> &str {
        match self {
            Self::Irc => "irc",
            Self::Xmpp => "xmpp",
            Self::Declared(declared) => &declared.plan.name,
        }
    }

    /// What it can do for a role.
    #[must_use]
    pub fn abilities(&self, role: Role) -> Abilities {
        match self {
            Self::Irc => Abilities { private: true, rooms: true, queue: false, typing: false },
            Self::Xmpp => Abilities { private: true, rooms: true, queue: false, typing: true },
            Self::Declared(declared) => declared.plan.roles[role as usize].abilities,
        }
    }

    /// How many connections somebody in this role may have at once.
    #[must_use]
    pub fn connections(&self, role: Role) -> u64 {
        match self {
            Self::Irc | Self::Xmpp => 1,
            Self::Declared(declared) => declared.plan.roles[role as usize].connections,
        }
    }
}

/// Who decides who serves whom.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum QueuePlan {
    /// The testbed's own desk, beside the server.
    Testbed {
        /// Where it is, if the run does not start it.
        url: Option<String>,
    },
    /// The server.
    Server {
        /// How, as far as that is known.
        routing: Option<Routing>,
        /// Where the desk of the phone is, if the run does not start it.
        url: Option<String>,
    },
}

/// As whom some people log in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Accounts {
    /// The domain, where a server has several.
    pub domain: Option<String>,
    /// Who has an account.
    pub source: Source,
}

impl Accounts {
    /// Whether they are registered before the run.
    #[must_use]
    pub const fn is_registered(&self) -> bool {
        matches!(self.source, Source::Registered { .. })
    }
}

/// Where accounts come from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Source {
    /// Nobody has one, or it is as good as none: a name of one's own choice.
    Nobody {
        /// What the server asks of everybody, if anything.
        password: Option<Password>,
    },
    /// So many are registered before the run.
    Registered {
        /// How many, at once in use.
        count: u32,
        /// Everybody's, or one drawn for the run.
        password: Option<Password>,
    },
    /// They are there already.
    Listed {
        /// Names, and passwords where they have their own.
        users: Vec<(String, Option<Secret>)>,
        /// Of those who have none of their own.
        password: Option<Password>,
    },
}

/// A password that is in the environment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Password {
    /// The name of the variable.
    pub variable: String,
}

/// A text that is shown to nobody.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(pub String);

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Secret(…)")
    }
}

/// Where the target says how it is, in the text format of Prometheus.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MetricsPlan {
    /// `http://host:port/path`, or `https://…`.
    pub url: String,
    /// How often it is asked, in real time.
    pub every: RealSpan,
    /// What it calls its queue, if it has one.
    pub queue: Option<String>,
}

/// Whose certificates are good.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Trust {
    /// Those of the authorities that this machine trusts.
    #[default]
    Machine,
    /// Those of these authorities, and of no others.
    Only {
        /// Their certificates, in PEM.
        pem: String,
    },
    /// Anybody's: who answers is not checked.
    Anybody,
}
