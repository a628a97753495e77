//! Two who talk: what they do, and what is waited for.

use std::collections::VecDeque;
use std::future::poll_fn;
use std::task::Poll;

use super::player::Player;
use super::tried::Tried;
use super::words::Words;
use super::{Piece, Stuck, Trial};
use crate::base::time::{RealMoment, RealSpan};
use crate::net::clock::Clock;
use crate::net::transport::Incoming;
use crate::scenario::plan::dialect::{ActKind, EventKind};
use crate::wire::dialect::Account;
use crate::wire::messenger::{Act, Event};

/// The two; who is who is said by their roles.
pub(super) const FIRST: usize = 0;
pub(super) const SECOND: usize = 1;

/// What may not come at all is waited for so long at the most.
const SOON: RealSpan = RealSpan::from_whole_secs(2);
/// How long what is not answered is given to be heard.
const SINKS_IN: RealSpan = RealSpan::from_nanos(500_000_000);
/// How long hanging up may take.
const GOODBYE: RealSpan = RealSpan::from_whole_secs(2);
/// How long two stay connected without a word at the most, unless more was asked for.
const LONGEST_IDLE: RealSpan = RealSpan::from_whole_secs(30);

/// What helps where nothing else is known of what did not come.
const WHICH_RULE: &str = "the frames above are what came: which rule was to make it an event?";

/// See the module.
pub(super) struct Stage<'a> {
    clock: Clock,
    pub(super) players: [Player<'a>; 2],
    pub(super) messages: u32,
    pub(super) patience: RealSpan,
    idle: Option<RealSpan>,
    pub(super) words: Words,
    pub(super) tried: Tried,
    /// What each calls the conversation, and who said that; and what they called those before.
    pub(super) peers: [Option<(&'static str, String)>; 2],
    pub(super) former: Vec<String>,
    /// What was called so before that was known, and by which event.
    pub(super) early: [Vec<(&'static str, String)>; 2],
    /// What each was told, and nobody has waited for yet.
    pub(super) heard: [VecDeque<Event>; 2],
    /// What is to be done by each before they go.
    pub(super) undo: [Vec<Act>; 2],
    /// Whether the server may refuse the first of the two now.
    pub(super) may_refuse: bool,
    /// What was not as it should be.
    pub(super) amiss: Option<Stuck>,
}

impl<'a> Stage<'a> {
    pub(super) fn new(trial: &Trial, players: [Player<'a>; 2], words: Words) -> Self {
        Self {
            clock: trial.clock.clone(),
            players,
            messages: trial.messages,
            patience: trial.patience,
            idle: trial.idle,
            words,
            tried: Tried::default(),
            peers: [None, None],
            former: Vec::new(),
            early: [Vec::new(), Vec::new()],
            heard: [VecDeque::new(), VecDeque::new()],
            undo: [Vec::new(), Vec::new()],
            may_refuse: false,
            amiss: None,
        }
    }

    pub(super) async fn play(&mut self, piece: Piece, visitors: &[Account; 3]) -> Result<(), Stuck> {
        match piece {
            Piece::Served => self.served(visitors).await,
            Piece::Introduced => self.introduced().await,
            Piece::Room => self.in_a_room().await,
        }
    }

    pub(super) fn can(&self, who: usize, act: ActKind) -> bool {
        self.players[who].plan().does(act)
    }

    /// Whether the dialect may ever tell `who` of this.
    pub(super) fn may_be_told(&self, who: usize, event: EventKind) -> bool {
        self.players[who].plan().told.contains(&event)
    }

    pub(super) async fn act(&mut self, who: usize, act: Act) {
        let player = &self.players[who];
        self.tried.did(player.role, &act, player.plan());
        let undo = &mut self.undo[who];
        match &act {
            Act::Ready { .. } => undo.push(Act::Rest),
            Act::Open { .. } | Act::Enter { .. } => undo.push(Act::Leave),
            act => undo.retain(|known| known != act),
        }
        self.players[who].act(&act).await;
    }

    /// The same, until nothing of it is under way any more.
    pub(super) async fn act_out(&mut self, who: usize, act: Act) -> Result<(), Stuck> {
        self.act(who, act).await;
        self.done(who).await
    }

    /// Waits until nothing is under way any more that somebody did: what fails is known by then.
    pub(super) async fn done(&mut self, who: usize) -> Result<(), Stuck> {
        let done = |stage: &mut Self| (!stage.players[who].dialect.is_busy()).then_some(());
        if self.wait(self.patience, done).await?.is_some() {
            return Ok(());
        }
        let why = format!("what the {} did is not done after {} s", self.name(who), self.patience.secs());
        Err(Stuck::new(why).hint("which of its steps waits, and for what that did not come?"))
    }

    /// Lets what somebody said be heard: what another says after it may overtake it, where nothing is answered.
    pub(super) async fn sink_in(&mut self) -> Result<(), Stuck> {
        self.wait(SINKS_IN, |_| None::<()>).await.map(drop)
    }

    pub(super) fn name(&self, who: usize) -> &str {
        &self.players[who].name
    }

    /// Waits until `found` finds something, for so long at the most.
    pub(super) async fn wait<T>(
        &mut self,
        within: RealSpan,
        found: impl Fn(&mut Self) -> Option<T>,
    ) -> Result<Option<T>, Stuck> {
        let limit = self.clock.now() + within;
        loop {
            self.settle();
            if let Some(amiss) = self.amiss.take() {
                return Err(amiss);
            }
            let found = found(self);
            if found.is_some() || self.clock.now() >= limit {
                return Ok(found);
            }
            self.go_on(limit).await;
        }
    }

    /// Takes out the first thing that `who` was told in which `find` finds something.
    pub(super) fn take<T>(&mut self, who: usize, find: impl Fn(&Event) -> Option<T>) -> Option<T> {
        let mut heard = self.heard[who].iter().enumerate();
        let (at, found) = heard.find_map(|(at, event)| Some((at, find(event)?)))?;
        self.heard[who].remove(at);
        Some(found)
    }

    /// Waits until somebody is told something.
    pub(super) async fn hear<T>(
        &mut self,
        who: usize,
        what: &str,
        find: impl Fn(&Event) -> Option<T>,
    ) -> Result<T, Stuck> {
        let heard = self.wait(self.patience, |stage| stage.take(who, &find)).await?;
        heard.ok_or_else(|| self.never(who, what, WHICH_RULE))
    }

    /// What did not come in all that time.
    pub(super) fn never(&self, who: usize, what: &str, hint: &str) -> Stuck {
        let secs = self.patience.secs();
        Stuck::new(format!("the {} never {what}: nothing of that within {secs} s", self.name(who))).hint(hint)
    }

    /// The same, where it may not come at all.
    pub(super) async fn soon<T>(
        &mut self,
        who: usize,
        find: impl Fn(&Event) -> Option<T>,
    ) -> Result<Option<T>, Stuck> {
        self.wait(SOON.min(self.patience), |stage| stage.take(who, &find)).await
    }

    /// The message of this number arrives.
    pub(super) async fn arrives(&mut self, who: usize, number: usize) -> Result<(), Stuck> {
        self.is_heard(who, number, "hears the message", WHICH_RULE).await
    }

    /// The same, in words of its own for where it does not come: `what` the one at that end never does, and what to look at.
    pub(super) async fn is_heard(
        &mut self,
        who: usize,
        number: usize,
        what: &str,
        hint: &str,
    ) -> Result<(), Stuck> {
        let arrived = |stage: &mut Self| stage.words.has_arrived(number).then_some(());
        let arrived = self.wait(self.patience, arrived).await?;
        arrived.ok_or_else(|| self.never(who, what, hint))
    }

    /// Logs in; gives the address.
    pub(super) async fn connect(&mut self, who: usize) -> Result<String, Stuck> {
        self.act(who, Act::Connect).await;
        let welcome = |event: &Event| match event {
            Event::Welcome { address, .. } => Some(address.clone()),
            _ => None,
        };
        self.hear(who, "is logged in", welcome).await
    }

    /// Somebody hangs up; what is under way by then may end.
    pub(super) async fn hang_up(&mut self, who: usize) -> Result<(), Stuck> {
        self.act(who, Act::Disconnect).await;
        self.wait(GOODBYE, |stage| (!stage.players[who].is_up()).then_some(())).await?;
        self.players[who].cut_off();
        self.undo[who].clear();
        self.heard[who].clear();
        Ok(())
    }

    /// Both stay connected without a word, for as long as a heartbeat takes to be missed.
    pub(super) async fn stay(&mut self) -> Result<(), Stuck> {
        let now = self.clock.now();
        let slowest = self.players.iter_mut().filter_map(|player| player.dialect.slowest_timer(now)).max();
        let twice = slowest.map(|every| (every + every).min(LONGEST_IDLE));
        let Some(idle) = self.idle.or(twice) else { return Ok(()) };
        self.players.iter().for_each(|player| player.stays(idle));
        let stayed = self.wait(idle, |_| None::<()>).await;
        self.tried.stayed = idle;
        let hint = "that was while nobody said anything: does the server want a heartbeat, or another one? see `timers`";
        stayed.map(drop).map_err(|stuck| Stuck { hint: stuck.hint.or(Some(hint.to_owned())), ..stuck })
    }

    /// Nobody stays in a conversation, in a queue or on duty, and both hang up.
    ///
    /// # Errors
    /// Says what came of that, if it is not as it should be.
    pub(super) async fn wind_up(&mut self) -> Result<(), Stuck> {
        for who in [FIRST, SECOND] {
            for act in std::mem::take(&mut self.undo[who]) {
                if self.players[who].is_up() {
                    self.act(who, act).await;
                }
            }
        }
        for who in [FIRST, SECOND] {
            if self.players[who].is_up() {
                self.act(who, Act::Disconnect).await;
            }
        }
        let limit = self.clock.now() + GOODBYE;
        while self.players.iter().any(Player::is_up) && self.clock.now() < limit {
            self.go_on(limit).await;
        }
        self.settle();
        self.amiss.take().map_or(Ok(()), Err)
    }

    /// Lets the next thing happen to either of the two, or `limit` come.
    async fn go_on(&mut self, limit: RealMoment) {
        let deadline = self.players.iter().filter_map(Player::next_deadline).chain([limit]).min();
        let clock = self.clock.clone();
        let came = tokio::select! {
            came = self.receive() => Some(came),
            () = clock.until(deadline.unwrap_or(limit)) => None,
        };
        match came {
            Some((who, transport, came)) => self.players[who].take_in(transport, came).await,
            None => {
                let now = self.clock.now();
                for player in &mut self.players {
                    if player.next_deadline().is_some_and(|deadline| deadline <= now) {
                        player.tick().await;
                    }
                }
            }
        }
    }

    async fn receive(&mut self) -> (usize, usize, Incoming) {
        poll_fn(|context| {
            for (who, player) in self.players.iter_mut().enumerate() {
                if let Poll::Ready((transport, came)) = player.poll_receive(context) {
                    return Poll::Ready((who, transport, came));
                }
            }
            Poll::Pending
        })
        .await
    }
}
