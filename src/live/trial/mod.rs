//! A dialect tried out: one visitor and one agent, or two guests in a room, say a few words to each other, and every frame is shown.
//!
//! Nothing is measured here. What the server has to do is waited for, and what does not come is told in words.

mod player;
mod trace;

use std::future::poll_fn;
use std::sync::Arc;
use std::task::Poll;

use crate::base::time::{RealMoment, RealSpan};
use crate::net::clock::Clock;
use crate::net::transport::{Incoming, Target};
use crate::scenario::plan::dialect::{ActKind, Role};
use crate::scenario::plan::target::Trust;
use crate::wire::dialect::{self, Account, Dialect};
use crate::wire::messenger::{Act, Event};
use player::Player;

/// What is tried, and with whom.
pub struct Trial {
    /// The dialect, at the server.
    pub target: Arc<dialect::Target>,
    /// Whose certificates are good.
    pub trust: Trust,
    /// The clock from whose epoch the target counts.
    pub clock: Clock,
    /// As whom a visitor logs in, or the first guest.
    pub visitor: Account,
    /// As whom an agent does, or the second guest.
    pub agent: Account,
    /// How many messages each of the two sends.
    pub messages: u32,
    /// How long each thing is waited for.
    pub patience: RealSpan,
    /// Tells this trial from others: what is drawn for its connections, and what its messages begin with.
    pub number: u64,
}

/// Why a trial did not come to its end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stuck {
    /// What happened, or what did not.
    pub why: String,
    /// What to do about it.
    pub hint: Option<String>,
}

impl Stuck {
    fn new(why: String) -> Self {
        Self { why, hint: None }
    }

    fn hint(self, hint: &str) -> Self {
        Self { hint: Some(hint.to_owned()), ..self }
    }
}

/// The two who talk; who is who is said by their roles.
const FIRST: usize = 0;
const SECOND: usize = 1;

impl Trial {
    /// Tries whatever the dialect can do: a desk with a queue of the server's own, or else messages between two; and a room. `show` is given
    /// each line.
    ///
    /// # Errors
    /// Says how far it came.
    pub async fn play(self, show: &dyn Fn(&str)) -> Result<(), Stuck> {
        let able = |role: Role| self.target.plan().roles[role as usize].abilities;
        let (visitor, agent, guest) = (able(Role::Visitor), able(Role::Agent), able(Role::Guest));
        let mut tried = false;
        if visitor.queue && agent.queue {
            tried = true;
            self.stage([Role::Visitor, Role::Agent], show)?.served().await?;
        } else if visitor.private && agent.private {
            tried = true;
            self.stage([Role::Visitor, Role::Agent], show)?.introduced().await?;
        }
        if guest.rooms {
            tried = true;
            self.stage([Role::Guest, Role::Guest], show)?.in_a_room().await?;
        }
        if tried {
            return Ok(());
        }
        let why = format!("the dialect {} can do nothing that could be tried", self.target.plan().name);
        Err(Stuck::new(why)
            .hint("`causerie dialect check` says what it can do, and docs/dialects.md what that takes"))
    }

    fn stage<'a>(&self, roles: [Role; 2], show: &'a dyn Fn(&str)) -> Result<Stage<'a>, Stuck> {
        let targets = self.target.endpoints().iter().map(|endpoint| Target::new(endpoint, &self.trust, 2));
        let targets = targets.collect::<Result<Vec<_>, _>>().map_err(Stuck::new)?;
        let targets = Arc::new(targets);
        let transports = self.target.plan().transports.iter().map(|transport| transport.name.clone());
        let transports: Arc<Vec<String>> = Arc::new(transports.collect());
        let two_guests = roles[FIRST] == roles[SECOND];
        let number = if two_guests { self.number.rotate_left(32) } else { self.number };
        let player = |at: usize, account: &Account| {
            let role = roles[at];
            let seed = number.wrapping_add(at as u64);
            let dialect = Dialect::new(Arc::clone(&self.target), role, account.clone(), seed);
            let name = if two_guests { format!("{role} {}", at + 1) } else { role.word().to_owned() };
            let meets = &self.target.plan().roles[role as usize].acts[ActKind::Meet as usize];
            let composes = &self.target.plan().roles[role as usize].acts[ActKind::Compose as usize];
            Player {
                name,
                meets: meets.is_some(),
                composes: composes.is_some(),
                dialect,
                clock: self.clock.clone(),
                targets: Arc::clone(&targets),
                transports: Arc::clone(&transports),
                lines: Vec::new(),
                unreachable: None,
                to_do: Vec::new(),
                heard: std::collections::VecDeque::new(),
                show,
            }
        };
        let players = [player(FIRST, &self.visitor), player(SECOND, &self.agent)];
        let Self { clock, messages, patience, .. } = self;
        Ok(Stage { clock: clock.clone(), players, messages: *messages, patience: *patience, number, said: 0 })
    }
}

/// Two who talk.
struct Stage<'a> {
    clock: Clock,
    players: [Player<'a>; 2],
    messages: u32,
    patience: RealSpan,
    number: u64,
    said: u32,
}

impl Stage<'_> {
    /// A visitor is given an agent by the server.
    async fn served(mut self) -> Result<(), Stuck> {
        self.connect(SECOND).await?;
        self.act(SECOND, Act::Ready { slots: 1 }).await;
        self.hear(SECOND, "is on duty", |event| matches!(event, Event::OnDuty)).await?;
        self.connect(FIRST).await?;
        let text = self.words();
        self.act(FIRST, Act::Open { topic: String::new(), text }).await;
        let given =
            self.hear(SECOND, "is given the visitor", |event| matches!(event, Event::Given { .. })).await?;
        let Event::Given { peer: of_agent } = given else { return Ok(()) };
        let assigned = |event: &Event| matches!(event, Event::Assigned { .. });
        // In some products a visitor knows with the agent's first message, and not before.
        let peer = match self.soon(FIRST, assigned).await? {
            Some(Event::Assigned { peer }) => peer,
            _ => {
                let text = self.words();
                self.act(SECOND, Act::Tell { peer: of_agent.clone(), text }).await;
                match self.hear(FIRST, "is assigned an agent", assigned).await? {
                    Event::Assigned { peer } => peer,
                    _ => return Ok(()),
                }
            }
        };
        self.talk(&peer, &of_agent).await?;
        self.act(SECOND, Act::Part { peer: of_agent }).await;
        self.hear(FIRST, "is told that the chat is over", |event| matches!(event, Event::Closed { .. }))
            .await?;
        self.act(SECOND, Act::Rest).await;
        self.leave().await
    }

    /// A visitor and an agent are told each other's address, as the testbed's own desk does.
    async fn introduced(mut self) -> Result<(), Stuck> {
        let of_agent = self.connect(SECOND).await?;
        let of_visitor = self.connect(FIRST).await?;
        for (who, peer) in [(FIRST, &of_agent), (SECOND, &of_visitor)] {
            if self.players[who].meets {
                self.act(who, Act::Meet { peer: peer.clone() }).await;
            }
        }
        self.talk(&of_agent, &of_visitor).await?;
        self.act(SECOND, Act::Part { peer: of_visitor }).await;
        self.act(FIRST, Act::Part { peer: of_agent }).await;
        self.leave().await
    }

    /// Two guests in a room.
    async fn in_a_room(mut self) -> Result<(), Stuck> {
        let room = format!("causerie-try-{}", self.number % 1_000_000);
        for who in [FIRST, SECOND] {
            self.connect(who).await?;
            self.act(who, Act::Enter { room: room.clone() }).await;
            self.hear(who, "is in the room", |event| matches!(event, Event::Entered { .. })).await?;
        }
        for _ in 0..self.messages {
            for (who, other) in [(FIRST, SECOND), (SECOND, FIRST)] {
                let text = self.words();
                self.act(who, Act::Post { text: text.clone() }).await;
                self.arrives(other, &text).await?;
            }
        }
        for who in [FIRST, SECOND] {
            self.act(who, Act::Leave).await;
        }
        self.leave().await
    }

    /// The visitor writes to `agent`, the agent to `visitor`: each as they know the other.
    async fn talk(&mut self, agent: &str, visitor: &str) -> Result<(), Stuck> {
        for _ in 0..self.messages {
            for (who, peer, other) in [(FIRST, agent, SECOND), (SECOND, visitor, FIRST)] {
                let peer = peer.to_owned();
                if self.players[who].composes {
                    self.act(who, Act::Compose { peer: peer.clone() }).await;
                }
                let text = self.words();
                self.act(who, Act::Tell { peer, text: text.clone() }).await;
                self.arrives(other, &text).await?;
            }
        }
        Ok(())
    }

    /// A message such as those of a run: a token, and some words.
    fn words(&mut self) -> String {
        self.said += 1;
        let letters = "abcdefghijklmnopqrstuvwxyz234567".as_bytes();
        let mut bits = self.number.wrapping_mul(0x9E37_79B9_7F4A_7C15).wrapping_add(u64::from(self.said));
        let token: String = (0..32)
            .map(|_| {
                bits = bits.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                char::from(letters[(bits >> 59) as usize])
            })
            .collect();
        format!("{token} this is message {} & \"all\" is <well>", self.said)
    }

    async fn act(&mut self, who: usize, act: Act) {
        self.players[who].act(&act).await;
    }

    /// Logs in; gives the address.
    async fn connect(&mut self, who: usize) -> Result<String, Stuck> {
        self.act(who, Act::Connect).await;
        let event = self.hear(who, "is logged in", |event| matches!(event, Event::Welcome { .. })).await?;
        let Event::Welcome { address, .. } = event else { return Ok(String::new()) };
        Ok(address)
    }

    /// A message arrives, and is what it was.
    async fn arrives(&mut self, who: usize, text: &str) -> Result<(), Stuck> {
        let token = text.split(' ').next().unwrap_or_default().to_owned();
        let of = |event: &Event| match event {
            Event::Told { text, .. } | Event::Posted { text } => Some(text.clone()),
            _ => None,
        };
        let event =
            self.hear(who, "hears the message", |event| of(event).is_some_and(|text| text.contains(&token)));
        let came = of(&event.await?).unwrap_or_default();
        if came.split_whitespace().next() == Some(token.as_str()) {
            return Ok(());
        }
        let why = format!("the {} hears `{came}` where `{text}` was said", self.players[who].name);
        Err(Stuck::new(why).hint("a message has to begin as it was said: undo what the server makes of it ({{… | plain}} takes HTML away)"))
    }

    /// Waits until somebody is told something.
    async fn hear(&mut self, who: usize, what: &str, fits: impl Fn(&Event) -> bool) -> Result<Event, Stuck> {
        match self.heard_by(who, self.patience, &fits).await? {
            Some(event) => Ok(event),
            None => {
                let why = format!(
                    "the {} never {what}: nothing of that within {} s",
                    self.players[who].name,
                    self.patience.secs()
                );
                Err(Stuck::new(why)
                    .hint("the frames above are what came: which rule was to make it an event?"))
            }
        }
    }

    /// The same, where it may not come at all.
    async fn soon(&mut self, who: usize, fits: impl Fn(&Event) -> bool) -> Result<Option<Event>, Stuck> {
        let soon = RealSpan::from_whole_secs(2).min(self.patience);
        self.heard_by(who, soon, &fits).await
    }

    async fn heard_by(
        &mut self,
        who: usize,
        within: RealSpan,
        fits: &dyn Fn(&Event) -> bool,
    ) -> Result<Option<Event>, Stuck> {
        let limit = self.clock.now() + within;
        loop {
            self.players.iter_mut().try_for_each(Player::complain)?;
            while let Some(event) = self.players[who].heard.pop_front() {
                if fits(&event) {
                    return Ok(Some(event));
                }
            }
            if self.clock.now() >= limit {
                return Ok(None);
            }
            self.go_on(limit).await;
        }
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

    /// Both hang up; what is under way by then may end.
    async fn leave(mut self) -> Result<(), Stuck> {
        for who in [FIRST, SECOND] {
            self.act(who, Act::Disconnect).await;
        }
        let limit = self.clock.now() + RealSpan::from_whole_secs(2);
        while self.players.iter().any(Player::is_up) && self.clock.now() < limit {
            self.go_on(limit).await;
        }
        self.players.iter_mut().try_for_each(Player::complain)
    }
}
