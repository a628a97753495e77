//! What everybody in a run speaks: the codec of each connection, and the account with which it logs in.

use std::sync::Arc;

use super::accounts::{Account, Lease, Roster};
use super::link::Voice;
use super::verdict::throttles_of;
use crate::base::endpoint::Endpoint;
use crate::scenario::plan::Plan;
use crate::scenario::plan::dialect::Role as SpeakerRole;
use crate::scenario::plan::target::{
    Accounts, ChatPlan, Declared, Dialect, QueuePlan, Source, TargetPlan, Trust,
};
use crate::wire::beside::{DESK, Queue, agent, guest, phone, visitor};
use crate::wire::json::client::Client;
use crate::wire::json::frame::Role;
use crate::wire::json::{self, SOCKET};
use crate::wire::messenger::Messenger;
use crate::wire::token::RunId;
use crate::wire::{Transport, dialect, irc, xmpp};

/// Who connects.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Who {
    /// A visitor who chats.
    Visitor,
    /// A visitor who phones, and nothing else.
    Caller,
    /// An agent of a chat desk.
    Agent,
    /// An agent of the phone pool alone.
    PhoneAgent,
    Guest,
    Moderator,
    /// Who says nothing, and asks.
    Witness,
}

impl Who {
    /// As a dialect has it.
    const fn speaker(self) -> SpeakerRole {
        match self {
            Self::Visitor | Self::Caller => SpeakerRole::Visitor,
            Self::Agent | Self::PhoneAgent => SpeakerRole::Agent,
            Self::Guest | Self::Moderator | Self::Witness => SpeakerRole::Guest,
        }
    }

    const fn role(self) -> Role {
        match self {
            Self::Visitor | Self::Caller => Role::Visitor,
            Self::Agent | Self::PhoneAgent => Role::Agent,
            Self::Guest | Self::Witness => Role::Guest,
            Self::Moderator => Role::Moderator,
        }
    }
}

/// Why there is no codec for one who would connect.
#[derive(Clone, Debug)]
pub(super) enum Mute {
    /// Every account is in use.
    NoAccount,
    /// That cannot be, and why.
    Impossible(String),
}

/// See the module.
#[derive(Debug)]
pub(super) struct Voices {
    speed: f64,
    run: RunId,
    /// Whether connections that break are taken up again.
    resumes: bool,
    /// What the settings are called that slow people down at such a server.
    pub(super) throttles: &'static str,
    chat: Option<Chat>,
}

/// A chat server that does not speak our protocol.
#[derive(Debug)]
struct Chat {
    plan: ChatPlan,
    url: String,
    endpoints: Vec<Endpoint>,
    /// Of a dialect that is described in a file, with what its accounts are known by.
    declared: Option<Arc<dialect::Target>>,
    /// Whether nobody need show who they are: then nothing need be secret either. (Where it need, a stream that could become secret has to.)
    is_trusting: bool,
    visitors: Arc<Roster>,
    agents: Arc<Roster>,
    /// Where the desk beside it is, if anybody needs one.
    desk: Option<String>,
    /// The desk whose chats the server itself gives to agents.
    served: Option<String>,
}

impl Voices {
    /// Of a run against this target, with the desk beside it; the run's number, its speed and its epoch, in nanoseconds since 1970.
    ///
    /// # Errors
    /// Says what is wrong with the target, for a person to read.
    pub(super) fn new(
        plan: &Plan,
        target: &TargetPlan,
        desk: Option<String>,
        (run, speed, epoch): (RunId, f64, u64),
    ) -> Result<Self, String> {
        let chat = match target.chat() {
            None => None,
            Some(chat) => Some(Chat::new(plan, target, chat, desk, (run, epoch))?),
        };
        let (resumes, throttles) = (plan.run.reconnect.is_some(), throttles_of(target));
        Ok(Self { speed, run, resumes, throttles, chat })
    }

    /// Whether the target speaks another protocol than ours.
    pub(super) const fn is_foreign(&self) -> bool {
        self.chat.is_some()
    }

    /// Where the transports of everybody's codecs lead; whose certificates are good there is said by the second.
    pub(super) fn endpoints<'a>(&'a self, target: &'a TargetPlan) -> Vec<(Transport, Endpoint, &'a Trust)> {
        let Some(chat) = &self.chat else {
            return vec![(SOCKET, json::endpoint(&target.url), &target.trust)];
        };
        let desk = chat.desk.as_ref().map(|url| (DESK, json::endpoint(url), &Trust::Machine));
        let endpoints = chat.endpoints.iter().enumerate();
        let endpoints = endpoints.map(|(i, at)| (Transport(i as u8), at.clone(), &target.trust));
        endpoints.chain(desk).collect()
    }

    /// Whether the target may let lie what is said, and can be asked.
    pub(super) fn can_be_asked(&self) -> bool {
        self.chat.as_ref().is_some_and(|chat| matches!(chat.plan.dialect, Dialect::Irc | Dialect::Xmpp))
    }

    /// The codec of one who is about to connect, and the account that is theirs until they are gone.
    pub(super) fn voice(&self, who: Who) -> Result<(Box<Voice>, Option<Lease>), Mute> {
        let Some(chat) = &self.chat else { return Ok((Box::new(self.client(who)), None)) };
        let roster = match who {
            Who::Caller | Who::PhoneAgent | Who::Moderator => {
                return Ok((Box::new(phone::Phone::new(self.client(who))), None));
            }
            Who::Visitor | Who::Guest | Who::Witness => &chat.visitors,
            Who::Agent => &chat.agents,
        };
        let lease = roster.lease().ok_or(Mute::NoAccount)?;
        let messenger = chat.messenger(&lease.account, who, false).map_err(Mute::Impossible)?;
        let desk = chat.desk.as_ref().map(|_| self.client_beside(chat, who));
        let voice: Box<Voice> = match who {
            Who::Agent => Box::new(agent::Agent::new(messenger, desk, chat.served.clone())),
            Who::Guest | Who::Witness => Box::new(guest::Guest::new(messenger, self.run.number())),
            _ => Box::new(visitor::Visitor::new(messenger, desk, chat.queue())),
        };
        Ok((voice, Some(lease)))
    }

    /// The accounts that are to be registered before the run, each as a codec that does so on logging in.
    pub(super) fn to_register(&self) -> Result<Vec<Box<Voice>>, String> {
        let Some(chat) = &self.chat else { return Ok(Vec::new()) };
        let rosters = [
            (&chat.plan.visitors, &chat.visitors, Who::Visitor),
            (&chat.plan.agents, &chat.agents, Who::Agent),
        ];
        let registered = rosters.into_iter().filter(|(accounts, ..)| chat.registers(accounts));
        let accounts =
            registered.flat_map(|(_, roster, who)| roster.all().into_iter().map(move |one| (one, who)));
        let voice = |(account, who): (Account, Who)| -> Result<Box<Voice>, String> {
            Ok(Box::new(guest::Guest::new(chat.messenger(&account, who, true)?, self.run.number())))
        };
        accounts.map(voice).collect()
    }

    fn client(&self, who: Who) -> Client {
        let client = Client::new(who.role(), self.speed, self.run);
        if self.resumes { client.resumable() } else { client }
    }

    /// The client of the desk beside this chat server. What a product with a queue of its own makes of a connection that broke nobody
    /// knows: there both begin anew.
    fn client_beside(&self, chat: &Chat, who: Who) -> Client {
        match chat.queue() {
            Queue::Testbed => self.client(who),
            Queue::Server => Client::new(who.role(), self.speed, self.run),
        }
    }
}

impl Chat {
    fn new(
        plan: &Plan,
        target: &TargetPlan,
        chat: &ChatPlan,
        desk: Option<String>,
        (run, epoch): (RunId, u64),
    ) -> Result<Self, String> {
        let declared = match &chat.dialect {
            Dialect::Irc | Dialect::Xmpp => None,
            Dialect::Declared(Declared { plan, settings, .. }) => {
                Some(Arc::new(dialect::Target::new(plan, &target.url, settings, epoch)?))
            }
        };
        let endpoints = match (&chat.dialect, &declared) {
            (_, Some(declared)) => declared.endpoints().to_vec(),
            (Dialect::Xmpp, None) => xmpp::endpoint(&target.url).into_iter().collect(),
            (_, None) => irc::endpoint(&target.url).into_iter().collect(),
        };
        if endpoints.is_empty() {
            return Err(format!("{} does not go over `{}`", chat.dialect.name(), target.url));
        }
        let by_server = matches!(chat.queue, QueuePlan::Server { .. });
        let chats = plan.desks.iter().find(|desk| !desk.is_phone());
        Ok(Self {
            plan: chat.clone(),
            url: target.url.clone(),
            endpoints,
            declared,
            is_trusting: target.trust == Trust::Anybody,
            visitors: Arc::new(Roster::new(&chat.visitors, 'v', run)?),
            agents: Arc::new(Roster::new(&chat.agents, 'a', run)?),
            desk,
            served: chats.filter(|_| by_server).map(|desk| desk.name.clone()),
        })
    }

    const fn queue(&self) -> Queue {
        match self.plan.queue {
            QueuePlan::Testbed { .. } => Queue::Testbed,
            QueuePlan::Server { .. } => Queue::Server,
        }
    }

    /// The codec of one who logs in with this account, which is registered first where it is `new`.
    fn messenger(&self, account: &Account, who: Who, new: bool) -> Result<Box<Messenger>, String> {
        let password = account.password.as_ref().map(|secret| secret.0.clone());
        match (&self.declared, &self.plan.dialect) {
            (Some(target), _) => {
                let (target, seed) = (target.clone(), nonce()? as u64);
                let user = account.name.clone();
                let password = match password {
                    Some(password) => password,
                    // Whom nobody knows yet is registered, and nobody is to guess as whom.
                    None if !account.is_known => format!("{:032x}", nonce()?),
                    None => String::new(),
                };
                let account = dialect::Account { user, password };
                let make = if new { dialect::Dialect::provisioning } else { dialect::Dialect::new };
                Ok(Box::new(make(target, who.speaker(), account, seed)))
            }
            (None, Dialect::Xmpp) => {
                let login = self.xmpp_login(account, new);
                Ok(Box::new(xmpp::Xmpp::new(login, &self.endpoints[0], nonce()?)?))
            }
            (None, _) => Ok(Box::new(irc::Irc::new(irc::Login { nickname: account.name.clone(), password }))),
        }
    }

    /// Whether something is done before the run for each of these accounts.
    fn registers(&self, accounts: &Accounts) -> bool {
        let has_list = !matches!(accounts.source, Source::Nobody { .. });
        match &self.declared {
            Some(target) => has_list && SpeakerRole::ALL.into_iter().any(|role| target.provisions(role)),
            None => accounts.is_registered(),
        }
    }

    fn xmpp_login(&self, account: &Account, register: bool) -> xmpp::Login {
        let Account { name, password, domain, is_known } = account;
        let password = password.as_ref().map(|secret| secret.0.clone()).unwrap_or_default();
        let known = || xmpp::Account { user: name.clone(), password, register };
        let host = host_of(&self.url);
        xmpp::Login {
            domain: domain.clone().unwrap_or_else(|| host.to_owned()),
            account: is_known.then(known),
            tls: if self.is_trusting || is_loopback(host) { xmpp::Tls::Offered } else { xmpp::Tls::Required },
            plain_in_clear: is_loopback(host),
            conference: self.plan.rooms.clone(),
        }
    }
}

/// The host that a URL names.
fn host_of(url: &str) -> &str {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let authority = rest.split('/').next().unwrap_or_default();
    match authority.strip_prefix('[') {
        Some(address) => address.split(']').next().unwrap_or_default(),
        None => authority.split(':').next().unwrap_or_default(),
    }
}

/// Whether what goes there leaves this machine for nobody.
fn is_loopback(host: &str) -> bool {
    host == "localhost" || host.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback())
}

/// A number that nobody can guess.
fn nonce() -> Result<u128, String> {
    let mut bits = [0; 16];
    getrandom::fill(&mut bits).map_err(|error| format!("no randomness was to be had: {error}"))?;
    Ok(u128::from_ne_bytes(bits))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_url_names_a_host() {
        for (url, host, loopback) in [
            ("xmpp://127.0.0.1:5222", "127.0.0.1", true),
            ("wss://[::1]:5280/ws", "::1", true),
            ("xmpp://chat.example", "chat.example", false),
            ("ws://localhost/x", "localhost", true),
        ] {
            assert_eq!((host_of(url), is_loopback(host_of(url))), (host, loopback));
        }
    }
}
