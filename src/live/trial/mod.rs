//! A dialect tried out: visitors and an agent, or two guests in a room, say a few words to each other as they would in a run, and every
//! frame is shown.
//!
//! Nothing is measured here. What the server has to do is waited for, and what does not come, comes twice or comes as something else
//! is told in words. Whoever was put on duty is taken off it, however it ends.

mod check;
mod desk;
mod player;
mod room;
mod rounds;
mod stage;
mod trace;
mod tried;
mod words;

use std::collections::BTreeMap;
use std::future::Future;
use std::pin::pin;
use std::sync::Arc;

use crate::base::time::RealSpan;
use crate::net::clock::Clock;
use crate::net::transport::Target;
use crate::scenario::plan::dialect::Role;
use crate::scenario::plan::target::Trust;
use crate::wire::dialect::{self, Account};
use player::Player;
use stage::Stage;
use words::Words;

pub use tried::{RoleTried, Tried, in_a_circle};

/// What is tried, and with whom.
pub struct Trial {
    /// The dialect, at the server.
    pub target: Arc<dialect::Target>,
    /// Whose certificates are good.
    pub trust: Trust,
    /// The clock from whose epoch the target counts.
    pub clock: Clock,
    /// As whom the visitors log in who come one after the other; the first guest is the first of them.
    pub visitors: [Account; 3],
    /// As whom an agent does, or the second guest.
    pub agent: Account,
    /// How many messages each of the two sends.
    pub messages: u32,
    /// How long each thing is waited for.
    pub patience: RealSpan,
    /// How long both stay connected without a word; unless said, twice as long as the slowest of the dialect's timers takes.
    pub idle: Option<RealSpan>,
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

    /// After polls that went round in circles, so often: one of them may well be why.
    fn after(self, circles: &BTreeMap<String, u32>) -> Self {
        let Some((poll, times)) = circles.first_key_value() else { return self };
        let circle = format!("{poll} gave {}", in_a_circle(*times));
        let hint =
            self.hint.as_ref().map_or_else(|| circle.clone(), |hint| format!("{circle} If so, {hint}"));
        self.hint(&hint)
    }
}

/// What two can play.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Piece {
    /// Visitors are given an agent by the server.
    Served,
    /// A visitor and an agent are told each other's address, as the testbed's own desk does.
    Introduced,
    /// Two guests in a room.
    Room,
}

impl Piece {
    const fn roles(self) -> [Role; 2] {
        match self {
            Self::Served | Self::Introduced => [Role::Visitor, Role::Agent],
            Self::Room => [Role::Guest, Role::Guest],
        }
    }
}

impl Trial {
    /// Tries whatever the dialect can do: a desk with a queue of the server's own, or else messages between two; and a room. `show` is given
    /// each line. What was tried; nothing, where `stop` came before the end.
    ///
    /// # Errors
    /// Says what was not as it should be.
    pub async fn play(
        self,
        show: &dyn Fn(&str),
        stop: impl Future<Output = ()>,
    ) -> Result<Option<Tried>, Stuck> {
        let mut stop = pin!(stop);
        let mut tried = Tried::default();
        for piece in self.pieces()? {
            let mut stage = self.stage(piece, show)?;
            let played = tokio::select! {
                played = stage.play(piece, &self.visitors) => Some(played),
                () = &mut stop => None,
            };
            let left = stage.wind_up().await;
            let Some(played) = played else { return Ok(None) };
            stage.players.iter().for_each(|player| tried.went_round(player.circles()));
            played.and(left).map_err(|stuck| stuck.after(&tried.circles))?;
            tried.add(&stage.tried);
        }
        Ok(Some(tried))
    }

    /// What there is to try.
    fn pieces(&self) -> Result<Vec<Piece>, Stuck> {
        let able = |role: Role| self.target.plan().roles[role as usize].abilities;
        let (visitor, agent, guest) = (able(Role::Visitor), able(Role::Agent), able(Role::Guest));
        let mut pieces = Vec::new();
        if visitor.queue && agent.queue {
            pieces.push(Piece::Served);
        } else if visitor.private && agent.private {
            pieces.push(Piece::Introduced);
        }
        if guest.rooms {
            pieces.push(Piece::Room);
        }
        if pieces.is_empty() {
            let why = format!("the dialect {} can do nothing that could be tried", self.target.plan().name);
            let hint = "`causerie dialect check` says what it can do, and docs/dialects.md what that takes";
            return Err(Stuck::new(why).hint(hint));
        }
        Ok(pieces)
    }

    fn stage<'a>(&self, piece: Piece, show: &'a dyn Fn(&str)) -> Result<Stage<'a>, Stuck> {
        let targets = self.target.endpoints().iter().map(|endpoint| Target::new(endpoint, &self.trust, 2));
        let targets = Arc::new(targets.collect::<Result<Vec<_>, _>>().map_err(Stuck::new)?);
        let number = if piece == Piece::Room { self.number.rotate_left(32) } else { self.number };
        let player = |at: usize, account: &Account| {
            let role = piece.roles()[at];
            let name =
                if piece == Piece::Room { format!("{role} {}", at + 1) } else { role.word().to_owned() };
            let seed = number.wrapping_add(at as u64);
            let way = (self.clock.clone(), Arc::clone(&targets));
            Player::new((name, role), &self.target, (account, seed), way, show)
        };
        let players = [player(0, &self.visitors[0]), player(1, &self.agent)];
        Ok(Stage::new(self, players, Words::new(number)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_poll_in_a_circle_may_be_why() {
        let stuck = |hint: Option<&str>| Stuck { why: "nothing came".into(), hint: hint.map(str::to_owned) };
        let circles = BTreeMap::from([("sync".to_owned(), 40)]);
        assert_eq!(stuck(None).after(&BTreeMap::new()).hint, None);
        let hint = |of: Option<&str>| stuck(of).after(&circles).hint.expect("a hint");
        assert_eq!(
            hint(None),
            "sync gave the same answer 40 times to the same question: is the cursor kept?"
        );
        assert!(hint(Some("which rule?")).ends_with("is the cursor kept? If so, which rule?"));
    }
}
