//! What outlives a connection: a client who asked for it, and whose connection breaks, is waited for, and taken up again where
//! the break was by whoever shows the token.
//!
//! The client stays where it is in the hall; what goes on meanwhile is told on its return, but for messages: they are not kept
//! for who is away, but *missed*. How many are waited for, for how long, and how much is kept for each is bounded. A token is
//! drawn by the operating system, 128 bits of it; there is one owner of a session at a time, and whoever shows the token is the next.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::{OwnedSemaphorePermit, Semaphore, mpsc, oneshot};

use super::House;
use super::account::Deed;
use super::hall::{ClientId, Message, Outbox, Parcel};
use super::limits;
use crate::base::time::RealSpan;
use crate::wire::json::frame::{Resume, Role};
use crate::wire::token::Token;

/// Somebody has shown the token, and wants the session.
pub(super) type Claim = oneshot::Sender<Session>;

/// A client who has greeted, for as long as the server knows of them.
#[derive(Debug)]
pub(super) struct Session {
    presence: Presence,
    /// The number of the present connection, or the last.
    pub(super) number: u64,
    pub(super) frames: Outbox,
    /// What the client is to be told first on this connection.
    pub(super) first: VecDeque<Parcel>,
    /// Of a client who asked for it.
    lasting: Option<Lasting>,
}

/// What it takes to be taken up again.
#[derive(Debug)]
struct Lasting {
    key: Key,
    claims: mpsc::Receiver<Claim>,
    /// Frames heard.
    heard: u64,
    told: Told,
}

/// The place of a client in the hall, who leaves it with this.
#[derive(Debug)]
struct Presence {
    house: House,
    id: ClientId,
}

impl Drop for Presence {
    fn drop(&mut self) {
        // A server that dies forgets everybody at once.
        if self.house.life.has_changed().is_ok() {
            let now = self.house.now();
            self.house.hall().leave(now, self.id);
        }
    }
}

/// What a session is known by, for as long as there is one.
#[derive(Debug)]
struct Key {
    token: u128,
    sessions: Arc<Sessions>,
}

impl Drop for Key {
    fn drop(&mut self) {
        self.sessions.owners().remove(&self.token);
    }
}

impl Key {
    fn text(&self) -> String {
        format!("{:032x}", self.token)
    }
}

/// Who owns each session that can be taken up.
#[derive(Debug)]
pub(super) struct Sessions {
    owners: Mutex<BTreeMap<u128, Owner>>,
    /// For those who are waited for, and for how long each is.
    places: Arc<Semaphore>,
    grace: RealSpan,
}

#[derive(Clone, Debug)]
struct Owner {
    role: Role,
    run: u32,
    claims: mpsc::Sender<Claim>,
}

impl Default for Sessions {
    fn default() -> Self {
        Self::within(limits::AWAY, limits::GRACE)
    }
}

impl Sessions {
    /// None yet; so many are waited for at once, and for so long.
    fn within(away: usize, grace: RealSpan) -> Self {
        Self { owners: Mutex::default(), places: Arc::new(Semaphore::new(away)), grace }
    }

    fn owners(&self) -> MutexGuard<'_, BTreeMap<u128, Owner>> {
        self.owners.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A place for one more who is away.
    fn place(&self) -> Option<OwnedSemaphorePermit> {
        self.places.clone().try_acquire_owned().ok()
    }

    /// A session that can be taken up from now on; `None` where the operating system has no token for it.
    fn begin(self: &Arc<Self>, role: Role, run: u32) -> Option<Lasting> {
        let mut bits = [0; 16];
        getrandom::fill(&mut bits).ok()?;
        let token = u128::from_ne_bytes(bits);
        let (sender, claims) = mpsc::channel(1);
        self.owners().insert(token, Owner { role, run, claims: sender });
        Some(Lasting { key: Key { token, sessions: self.clone() }, claims, heard: 0, told: Told::default() })
    }

    /// The session of this token, from whoever has it, if there is one in this role and run.
    async fn claim(&self, token: &str, role: Role, run: u32) -> Option<Session> {
        let hex = token.len() == 32 && token.bytes().all(|digit| digit.is_ascii_hexdigit());
        let token = u128::from_str_radix(token, 16).ok().filter(|_| hex)?;
        let owner = self.owners().get(&token).cloned();
        let owner = owner.filter(|owner| (owner.role, owner.run) == (role, run))?;
        let (claim, given) = oneshot::channel();
        owner.claims.send(claim).await.ok()?;
        given.await.ok()
    }
}

impl Session {
    /// A client who comes for the first time, by the connection of this number.
    pub(super) fn new(house: &House, number: u64, role: Role, run: u32, asked: Option<&Resume>) -> Self {
        let (id, frames) = house.hall().join(role, run);
        let presence = Presence { house: house.clone(), id };
        let lasting = asked.and_then(|_| house.sessions.begin(role, run));
        Self { presence, number, frames, first: VecDeque::new(), lasting }
    }

    /// The session that the client means, which goes on by the connection of this number; `None` where there is none, or
    /// nobody knows any more what the client has not heard.
    pub(super) async fn taken_up(
        house: &House,
        number: u64,
        role: Role,
        run: u32,
        resume: &Resume,
    ) -> Option<Self> {
        let mut session = house.sessions.claim(resume.token.as_deref()?, role, run).await?;
        let lasting = session.lasting.as_mut()?;
        let (missed, again) = lasting.told.since(resume.heard?)?;
        let was = std::mem::replace(&mut session.number, number);
        house.account.note(|| Deed::Resumed { client: number, was });
        for token in missed {
            house.account.note(|| Deed::Missed { token: token.encode(), client: was });
        }
        again.into_iter().rev().for_each(|parcel| session.first.push_front(parcel));
        Some(session)
    }

    /// Who that is in the hall.
    pub(super) fn id(&self) -> ClientId {
        self.presence.id
    }

    /// What the answer to the greeting says of taking up: `resumed`, where that has just been done.
    pub(super) fn resume(&self, resumed: bool) -> Option<Resume> {
        let lasting = self.lasting.as_ref()?;
        Some(Resume { token: Some(lasting.key.text()), heard: resumed.then_some(lasting.heard) })
    }

    /// Whether it can be taken up when the connection breaks.
    pub(super) fn is_lasting(&self) -> bool {
        self.lasting.is_some()
    }

    /// What comes next: something to be told (`None`: the client was cut off), or somebody who claims the session.
    pub(super) async fn next(&mut self, has_room: bool) -> Next {
        let claims = self.lasting.as_mut().map(|lasting| &mut lasting.claims);
        let claimed = async {
            match claims {
                // The other end is kept where the session is known.
                Some(claims) => match claims.recv().await {
                    Some(claim) => claim,
                    None => std::future::pending().await,
                },
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            biased;
            claim = claimed => Next::Claimed(claim),
            parcel = self.frames.recv(), if has_room => Next::Tell(parcel),
        }
    }

    /// A frame of the client was heard.
    pub(super) fn hear(&mut self) {
        self.lasting.iter_mut().for_each(|lasting| lasting.heard += 1);
    }

    /// The client is about to be told.
    pub(super) fn tell(&mut self, parcel: &Parcel) {
        self.lasting.iter_mut().for_each(|lasting| lasting.told.tell(parcel));
    }

    /// Nobody takes it up any more: what is still to be told will not be.
    pub(super) fn end(mut self) {
        while let Ok(parcel) = self.frames.try_recv() {
            self.miss(&parcel);
        }
    }

    /// The connection is broken: waits for another, for as long as anybody is waited for.
    pub(super) async fn wait(mut self) {
        let house = self.presence.house.clone();
        let Some(_place) = house.sessions.place().filter(|_| self.is_lasting()) else {
            return self.end();
        };
        let until = house.clock.now() + house.sessions.grace;
        loop {
            let next = tokio::select! {
                biased;
                next = self.next(true) => next,
                () = house.clock.until(until) => return self.end(),
            };
            match next {
                Next::Claimed(claim) => match self.hand_over(claim) {
                    Some(back) => self = back,
                    None => return,
                },
                Next::Tell(Some(parcel)) => {
                    if !self.miss(&parcel) {
                        self.first.push_back(parcel);
                    }
                    if self.first.len() > limits::BACKLOG {
                        return self.end();
                    }
                }
                Next::Tell(None) => return,
            }
        }
    }

    /// Whoever claims it gets it; back, where they have gone meanwhile.
    pub(super) fn hand_over(self, claim: Claim) -> Option<Self> {
        claim.send(self).err()
    }

    /// What cannot be told now: a message is missed, all else is not.
    fn miss(&self, parcel: &Parcel) -> bool {
        let message = parcel.message();
        if let Some(Message(Some(token))) = message {
            let client = self.number;
            self.presence.house.account.note(|| Deed::Unsent { token: token.encode(), client });
        }
        message.is_some()
    }
}

/// What happens to a session beside its connection.
#[derive(Debug)]
pub(super) enum Next {
    /// The client is to be told this; `None`: nothing any more.
    Tell(Option<Parcel>),
    /// Somebody has shown the token.
    Claimed(Claim),
}

/// The last frames that a client was told, greetings apart. Of a message, only which it was.
#[derive(Debug, Default)]
struct Told {
    last: VecDeque<Said>,
    /// How many there were before those.
    before: u64,
}

#[derive(Debug)]
enum Said {
    Message(Message),
    Other(Parcel),
}

impl Told {
    fn tell(&mut self, parcel: &Parcel) {
        if parcel.is_welcome() {
            return;
        }
        if self.last.len() == limits::TOLD {
            self.last.pop_front();
            self.before += 1;
        }
        self.last.push_back(match parcel.message() {
            Some(message) => Said::Message(message),
            None => Said::Other(parcel.clone()),
        });
    }

    /// What a client did not hear who heard so many frames: messages of a run, and everything else, which is to be told again. `None`
    /// where that is not known any more, or never was.
    fn since(&mut self, heard: u64) -> Option<(Vec<Token>, Vec<Parcel>)> {
        let known = usize::try_from(heard.checked_sub(self.before)?).ok()?;
        if known > self.last.len() {
            return None;
        }
        let (mut missed, mut again) = (Vec::new(), Vec::new());
        for said in std::mem::take(&mut self.last).into_iter().skip(known) {
            match said {
                Said::Message(Message(token)) => missed.extend(token),
                Said::Other(parcel) => again.push(parcel),
            }
        }
        self.before = heard;
        Some((missed, again))
    }
}

#[cfg(test)]
mod tests;
