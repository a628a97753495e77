//! Visitors and an agent: how a talk begins and ends in a run, from either side.

use super::Stuck;
use super::stage::{FIRST, SECOND, Stage};
use crate::scenario::plan::dialect::{ActKind, EventKind};
use crate::wire::dialect::Account;
use crate::wire::messenger::{Act, Event};

impl Stage<'_> {
    /// A visitor is given an agent by the server and goes, another is left by the agent, and one does not wait.
    pub(super) async fn served(&mut self, visitors: &[Account; 3]) -> Result<(), Stuck> {
        self.connect(SECOND).await?;
        self.takes_chats().await?;
        self.connect(FIRST).await?;
        let (of_visitor, of_agent) = self.asks().await?;
        self.talk(self.messages, &of_visitor, &of_agent).await?;
        self.stay().await?;
        self.visitor_goes_first(of_visitor, of_agent).await?;
        self.comes(&visitors[1], 1).await?;
        let (of_visitor, of_agent) = self.asks().await?;
        self.talk(1, &of_visitor, &of_agent).await?;
        self.agent_goes_first(of_visitor, of_agent).await?;
        if self.can(SECOND, ActKind::Rest) && self.can(FIRST, ActKind::Leave) {
            self.comes_in_vain(&visitors[2]).await?;
        }
        self.act_out(SECOND, Act::Rest).await
    }

    /// A visitor and an agent are told each other's address, as the testbed's own desk does.
    pub(super) async fn introduced(&mut self) -> Result<(), Stuck> {
        let of_visitor = self.connect(SECOND).await?;
        let of_agent = self.connect(FIRST).await?;
        for (who, peer) in [(FIRST, &of_visitor), (SECOND, &of_agent)] {
            self.meet(who, "the other's `welcome`", peer)?;
            if self.can(who, ActKind::Meet) {
                self.act_out(who, Act::Meet { peer: peer.clone() }).await?;
            }
        }
        self.talk(self.messages, &of_visitor, &of_agent).await?;
        self.stay().await?;
        self.act_out(FIRST, Act::Part { peer: of_visitor }).await?;
        self.act_out(SECOND, Act::Part { peer: of_agent }).await
    }

    async fn takes_chats(&mut self) -> Result<(), Stuck> {
        self.act(SECOND, Act::Ready { slots: 1 }).await;
        self.hear(SECOND, "is on duty", |event| (*event == Event::OnDuty).then_some(())).await
    }

    /// Another visitor comes.
    async fn comes(&mut self, account: &Account, nth: u64) -> Result<(), Stuck> {
        self.players[FIRST].become_another(account, self.words.seed(nth));
        self.connect(FIRST).await.map(drop)
    }

    /// The visitor asks to be served, and is. What each of the two calls the conversation: the visitor, the agent.
    async fn asks(&mut self) -> Result<(String, String), Stuck> {
        let (question, text) = self.words.message(FIRST);
        self.act(FIRST, Act::Open { topic: String::new(), text }).await;
        let of_agent = self.hear(SECOND, "is given the visitor", given).await?;
        self.meet(SECOND, "`given`", &of_agent)?;
        self.question_arrives(question).await?;
        let of_visitor = match self.soon(FIRST, assigned).await? {
            Some(peer) => peer,
            // In some products a visitor knows with the agent's first message, and not before.
            None => {
                self.say(SECOND, &of_agent).await?;
                self.hear(FIRST, "is assigned an agent", assigned).await?
            }
        };
        self.meet(FIRST, "`assigned`", &of_visitor)?;
        self.done(FIRST).await?;
        Ok((of_visitor, of_agent))
    }

    /// The agent hears what the visitor opened with: in a run it is known by that whose conversation it is.
    async fn question_arrives(&mut self, number: usize) -> Result<(), Stuck> {
        let hint = "in a run the agent's side knows by it whose conversation that is, and without it every visit is lost: \
                    a rule makes it `told`, or the visitor keeps the `text` of `open` and sends it once `assigned`";
        self.is_heard(SECOND, number, "hears what the visitor opened with", hint).await
    }

    /// Both write, each to what they call the conversation.
    async fn talk(&mut self, messages: u32, of_visitor: &str, of_agent: &str) -> Result<(), Stuck> {
        for nth in 0..messages {
            for (who, peer, other) in [(FIRST, of_visitor, SECOND), (SECOND, of_agent, FIRST)] {
                if self.can(who, ActKind::Compose) {
                    self.act(who, Act::Compose { peer: peer.to_owned() }).await;
                    if nth == 0 && self.may_be_told(other, EventKind::Typing) {
                        self.soon(other, |event| matches!(event, Event::Typing { .. }).then_some(())).await?;
                    }
                }
                self.say(who, peer).await?;
            }
        }
        Ok(())
    }

    /// One writes, and the other hears it.
    async fn say(&mut self, who: usize, peer: &str) -> Result<(), Stuck> {
        let (number, text) = self.words.message(who);
        self.told(who, peer, number, text).await
    }

    async fn told(&mut self, who: usize, peer: &str, number: usize, text: String) -> Result<(), Stuck> {
        self.act(who, Act::Tell { peer: peer.to_owned(), text }).await;
        self.arrives(if who == FIRST { SECOND } else { FIRST }, number).await?;
        self.done(who).await
    }

    /// The agent says that this is all.
    async fn last_words(&mut self, of_agent: &str) -> Result<(), Stuck> {
        let (number, text) = self.words.last(SECOND);
        self.told(SECOND, of_agent, number, text).await
    }

    /// After the last words the visitor parts, and the agent when that is known.
    async fn visitor_goes_first(&mut self, of_visitor: String, of_agent: String) -> Result<(), Stuck> {
        self.last_words(&of_agent).await?;
        self.act_out(FIRST, Act::Part { peer: of_visitor }).await?;
        let left = |event: &Event| matches!(event, Event::Left { .. }).then_some(());
        let hears = self.may_be_told(SECOND, EventKind::Left);
        let heard = hears && self.soon(SECOND, left).await?.is_some();
        // In some products it takes the end of the connection.
        self.hang_up(FIRST).await?;
        if hears && !heard {
            let hint = "`part` of the visitor ends the conversation on the server, and a rule of the agent makes that `left`";
            let heard = self.wait(self.patience, |stage| stage.take(SECOND, left)).await?;
            heard.ok_or_else(|| self.never(SECOND, "hears that the visitor left", hint))?;
        }
        self.act_out(SECOND, Act::Part { peer: of_agent }).await?;
        self.over();
        Ok(())
    }

    /// After the last words the agent parts, and the visitor when that is known.
    async fn agent_goes_first(&mut self, of_visitor: String, of_agent: String) -> Result<(), Stuck> {
        self.last_words(&of_agent).await?;
        self.act_out(SECOND, Act::Part { peer: of_agent }).await?;
        let parts = self.players[SECOND].plan().acts[ActKind::Part as usize].as_ref();
        if parts.is_some_and(|part| !part.steps.is_empty()) && self.may_be_told(FIRST, EventKind::Closed) {
            let closed = |event: &Event| matches!(event, Event::Closed { .. }).then_some(());
            let hint = "`part` of the agent ends the conversation on the server, and a rule of the visitor makes that `closed`";
            let heard = self.wait(self.patience, |stage| stage.take(FIRST, closed)).await?;
            heard.ok_or_else(|| self.never(FIRST, "hears that the chat is over", hint))?;
        }
        self.act_out(FIRST, Act::Part { peer: of_visitor }).await?;
        self.hang_up(FIRST).await?;
        self.over();
        Ok(())
    }

    /// A visitor comes while nobody takes chats, and does not wait until somebody does.
    async fn comes_in_vain(&mut self, account: &Account) -> Result<(), Stuck> {
        self.act_out(SECOND, Act::Rest).await?;
        self.sink_in().await?;
        self.comes(account, 2).await?;
        self.may_refuse = true;
        let (_, text) = self.words.message(FIRST);
        self.act(FIRST, Act::Open { topic: String::new(), text }).await;
        let answered = |event: &Event| match event {
            Event::Queued { .. } | Event::Refused { .. } | Event::Assigned { .. } => Some(event.clone()),
            _ => None,
        };
        let answer = self.soon(FIRST, answered).await?;
        let is_served = matches!(answer, Some(Event::Assigned { .. }));
        let by_us = if is_served { self.soon(SECOND, given).await? } else { self.take(SECOND, given) };
        if by_us.is_some() {
            let hint = "`rest` has to tell the server that the agent takes no more chats";
            return Err(Stuck::new("the agent is given a visitor after `rest`".to_owned()).hint(hint));
        }
        match answer {
            // Somebody else serves there.
            Some(Event::Assigned { peer }) => self.act_out(FIRST, Act::Part { peer }).await?,
            Some(Event::Refused { .. }) => {}
            _ => self.leaves_the_queue().await?,
        }
        self.may_refuse = false;
        self.hang_up(FIRST).await
    }

    /// Nobody is given who has left the queue.
    async fn leaves_the_queue(&mut self) -> Result<(), Stuck> {
        self.act_out(FIRST, Act::Leave).await?;
        self.sink_in().await?;
        self.takes_chats().await?;
        if self.soon(SECOND, given).await?.is_some() {
            let hint = "`leave` has to take the visitor out of the server's queue";
            let why = "the agent is given a visitor who has left the queue".to_owned();
            return Err(Stuck::new(why).hint(hint));
        }
        Ok(())
    }
}

/// What the agent calls a conversation that is given.
fn given(event: &Event) -> Option<String> {
    match event {
        Event::Given { peer } => Some(peer.clone()),
        _ => None,
    }
}

/// What the visitor calls it.
fn assigned(event: &Event) -> Option<String> {
    match event {
        Event::Assigned { peer } => Some(peer.clone()),
        _ => None,
    }
}
