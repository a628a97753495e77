//! One attention: replies owed wait their turn, first come first served, and each takes its time to read and compose.

use super::{
    Agent, AgentAct, Chat, Closing, Content, ConversationId, Course, Cue, DeskId, DeskPlan, Effects, GroupId,
    Moment, Observation, Persona, Phase, Reason, Scene, Span, Talk, TalkStage, Timer,
};

/// The reply that the agent is at.
#[derive(Clone, Copy, Debug)]
pub(super) struct Composing {
    conversation: ConversationId,
    /// Since when, or since when again; `None` while it stands still.
    since: Option<Moment>,
    /// What is left of it as of then.
    left: Span,
}

impl Composing {
    /// Reports the attention given so far.
    pub(super) fn report(&self, cue: &mut Cue<'_, impl Effects<AgentAct>>, (desk, group): (DeskId, GroupId)) {
        if let Some(from) = self.since {
            cue.fx.observe(Observation::Attended { desk, group, from, to: cue.now });
        }
    }
}

impl Agent {
    fn talk_of(&mut self, conversation: ConversationId) -> Option<&mut Talk> {
        let place = self.place_of(conversation)?;
        if let Phase::Talk(talk) = &mut self.chats[place].phase { Some(talk) } else { None }
    }

    /// Whether it is the visitor's turn.
    pub(super) fn awaits(&mut self, conversation: ConversationId) -> bool {
        self.talk_of(conversation).is_some_and(|talk| talk.stage == TalkStage::Awaiting)
    }

    /// Accepts a conversation that took its time to be accepted.
    pub(super) fn accept(&mut self, cue: &mut Cue<'_, impl Effects<AgentAct>>, conversation: ConversationId) {
        if let Some(place) = self.place_of(conversation) {
            let (desk, assigned) = (self.desk, self.chats[place].assigned);
            cue.fx.observe(Observation::Accepted { desk, assigned, at: cue.now });
            self.turn_to(cue, conversation);
        }
    }

    /// The conversation is accepted: its first reply is owed, or the visitor's next message awaited.
    pub(super) fn turn_to(
        &mut self,
        cue: &mut Cue<'_, impl Effects<AgentAct>>,
        conversation: ConversationId,
    ) {
        let Some(talk) = self.talk_of(conversation) else { return };
        if talk.stage == (TalkStage::Offered { owed: true }) {
            talk.stage = TalkStage::Owed;
            self.owed.push_back(conversation);
            self.attend(cue);
        } else {
            talk.stage = TalkStage::Awaiting;
            self.watch_for_ghost(cue, conversation);
        }
    }

    fn watch_for_ghost(&self, cue: &mut Cue<'_, impl Effects<AgentAct>>, conversation: ConversationId) {
        let timeout = cue.scene.plan.desk(self.desk).leaving.ghost_timeout;
        if timeout != Span::NEVER {
            cue.fx.arm(Timer::of(conversation, Reason::Ghost), cue.now + timeout);
        }
    }

    /// A message of the visitor: another reply is owed. (That the opening question is, is known already.)
    pub(super) fn hear(&mut self, cue: &mut Cue<'_, impl Effects<AgentAct>>, conversation: ConversationId) {
        let Some(talk) = self.talk_of(conversation) else { return };
        match talk.stage {
            TalkStage::Awaiting => {
                talk.answered = true;
                talk.stage = TalkStage::Owed;
                cue.fx.cancel(Timer::of(conversation, Reason::Ghost));
                self.owed.push_back(conversation);
                self.attend(cue);
            }
            TalkStage::Offered { owed: false } => talk.stage = TalkStage::Offered { owed: true },
            TalkStage::Offered { owed: true } | TalkStage::Owed => {}
        }
    }

    /// Turns to the next reply owed, unless busy.
    pub(super) fn attend(&mut self, cue: &mut Cue<'_, impl Effects<AgentAct>>) {
        if self.on_call {
            return;
        }
        if let Some(composing) = &mut self.composing {
            if composing.since.is_none() {
                composing.since = Some(cue.now);
                cue.fx.arm(Timer::of(composing.conversation, Reason::Composed), cue.now + composing.left);
            }
            return;
        }
        let Some(conversation) = self.owed.pop_front() else { return };
        let Some(place) = self.place_of(conversation) else { return };
        let left = self.cost(&self.chats[place], &cue.scene);
        self.composing = Some(Composing { conversation, since: Some(cue.now), left });
        cue.fx.arm(Timer::of(conversation, Reason::Composed), cue.now + left);
        if cue.scene.messages {
            cue.fx.act(AgentAct::Type { conversation });
        }
    }

    /// A call comes in between.
    pub(super) fn pause(&mut self, cue: &mut Cue<'_, impl Effects<AgentAct>>) {
        let seat = (self.desk, self.group);
        if let Some(composing) = &mut self.composing
            && let Some(since) = composing.since
        {
            composing.report(cue, seat);
            composing.left =
                Span::from_nanos(composing.left.nanos().saturating_sub(cue.now.since(since).nanos()));
            composing.since = None;
            cue.fx.cancel(Timer::of(composing.conversation, Reason::Composed));
        }
    }

    /// The attention that the next reply takes.
    fn cost(&self, chat: &Chat, scene: &Scene<'_>) -> Span {
        let (Some(course), Phase::Talk(talk)) = (course(chat, scene.plan.desk(self.desk), scene), chat.phase)
        else {
            return Span::ZERO;
        };
        let hands_over = talk.escalates && talk.given + 1 >= talk.whole;
        if hands_over || self.is_mistaken(chat, talk, scene) {
            course.canned(talk.given)
        } else {
            course.reply(talk.given, self.writing)
        }
    }

    /// Whether the visitor named the wrong topic, and the right one is beyond this agent.
    fn is_mistaken(&self, chat: &Chat, talk: Talk, scene: &Scene<'_>) -> bool {
        let desk = scene.plan.desk(self.desk);
        if desk.mistaken == 0.0 || talk.given > 0 || desk.group(self.group).can_serve(desk.topic(chat.topic))
        {
            return false;
        }
        let persona = Persona::new(scene.plan, chat.visit.population, chat.draws);
        persona.named_topic(self.desk, chat.channel) != chat.topic
    }

    /// The reply is composed: it is sent, and what was the last one ends the conversation.
    pub(super) fn reply(&mut self, cue: &mut Cue<'_, impl Effects<AgentAct>>, conversation: ConversationId) {
        if let Some(composing) = self.composing.take() {
            composing.report(cue, (self.desk, self.group));
        }
        let Some(place) = self.place_of(conversation) else { return };
        let chat = self.chats[place];
        let desk = cue.scene.plan.desk(self.desk);
        let (Some(course), Phase::Talk(mut talk)) = (course(&chat, desk, &cue.scene), chat.phase) else {
            return;
        };
        if self.is_mistaken(&chat, talk, &cue.scene) {
            return self.transfer(cue, place, chat.topic);
        }
        cue.fx.act(AgentAct::Say { conversation, words: course.words(true, talk.given) });
        talk.given += 1;
        talk.stage = TalkStage::Awaiting;
        self.chats[place].phase = Phase::Talk(talk);
        if talk.given < talk.whole {
            self.watch_for_ghost(cue, conversation);
            return self.attend(cue);
        }
        let closing = if talk.escalates {
            Closing::Escalated
        } else {
            let persona = Persona::new(cue.scene.plan, chat.visit.population, chat.draws);
            persona.closing(desk.topic(chat.topic), self.writing)
        };
        self.close(cue, place, closing);
    }

    /// The visitor has not answered for too long.
    pub(super) fn give_up_on(
        &mut self,
        cue: &mut Cue<'_, impl Effects<AgentAct>>,
        conversation: ConversationId,
    ) {
        let Some(place) = self.place_of(conversation) else { return };
        if let Phase::Talk(Talk { answered, stage: TalkStage::Awaiting, .. }) = self.chats[place].phase {
            let closing = if answered { Closing::Abandoned } else { Closing::Silent };
            self.close(cue, place, closing);
        }
    }

    /// Nothing more is said to this visitor.
    pub(super) fn stop_talk(
        &mut self,
        cue: &mut Cue<'_, impl Effects<AgentAct>>,
        conversation: ConversationId,
    ) {
        let seat = (self.desk, self.group);
        if let Some(composing) = self.composing.take_if(|composing| composing.conversation == conversation) {
            composing.report(cue, seat);
            cue.fx.cancel(Timer::of(conversation, Reason::Composed));
        }
        self.owed.retain(|other| *other != conversation);
        for reason in [Reason::Accepted, Reason::Ghost] {
            cue.fx.cancel(Timer::of(conversation, reason));
        }
    }
}

/// The course of a conversation that is played.
fn course<'a>(chat: &Chat, desk: &'a DeskPlan, scene: &Scene<'a>) -> Option<Course<'a>> {
    let Content::Talk(talk) = &desk.topic(chat.topic).content else { return None };
    Some(Course::new(Persona::new(scene.plan, chat.visit.population, chat.draws), talk))
}
