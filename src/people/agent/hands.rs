//! What an agent has in hand: taken, worked off, ended, wrapped up, passed on.

use super::{
    Agent, AgentAct, Channel, Chat, Closing, Content, ConversationId, Course, Cue, DeskPlan, Draws, Effects,
    Moment, Observation, Persona, Phase, Progress, Reason, Scene, Span, Talk, TalkStage, Timer, TopicId,
    VisitId, Work, turn_length,
};

impl Agent {
    pub(super) fn take(
        &mut self,
        cue: &mut Cue<'_, impl Effects<AgentAct>>,
        (conversation, draws, visit): (ConversationId, Draws, VisitId),
        channel: Channel,
        so_far: Progress,
    ) {
        self.progress(cue.now, &cue.scene);
        if !self.is_engaged() {
            self.engaged = cue.now;
        }
        let (desk, _) = self.seat(channel);
        let persona = Persona::new(cue.scene.plan, visit.population, draws);
        let topic = persona.topic_at(desk, channel);
        let desk = cue.scene.plan.desk(desk);
        let chat = |phase| Chat { conversation, draws, visit, channel, topic, assigned: cue.now, phase };
        match &desk.topic(topic).content {
            Content::Work(law) => {
                let work = persona.work(desk, topic, law, channel);
                let left_nanos = work.amount.nanos() as f64;
                self.chats.push(chat(Phase::Work(Work { closing: work.closing, left_nanos, said: 0 })));
                if channel == Channel::Chat {
                    self.working += 1;
                    self.plan_ends(cue);
                    if cue.scene.messages {
                        let turn = turn_length(desk, &persona, topic);
                        cue.fx.arm(Timer::of(conversation, Reason::Answer), cue.now + turn);
                    }
                } else {
                    self.answer_call(cue, conversation, work.amount);
                }
            }
            Content::Talk(talk) => {
                let length = Course::new(persona, talk).length();
                self.chats.push(chat(Phase::Talk(Talk {
                    given: so_far.replies,
                    whole: length.replies,
                    escalates: length.escalates,
                    // A second reply, owed or given, has an answer before it.
                    answered: so_far.replies + u32::from(so_far.owed) > 1,
                    stage: TalkStage::Offered { owed: so_far.owed },
                })));
                match persona.accept(&desk.manners, visit.attempt) {
                    Some(after) => cue.fx.arm(Timer::of(conversation, Reason::Accepted), cue.now + after),
                    None => self.turn_to(cue, conversation),
                }
            }
        }
        if channel == Channel::Chat && desk.is_paced(self.group) {
            cue.fx.arm(Timer::own(Reason::RampUp), cue.now + desk.manners.ramp_up);
        }
    }

    /// A call takes the whole agent: the chats in hand stand still.
    fn answer_call(
        &mut self,
        cue: &mut Cue<'_, impl Effects<AgentAct>>,
        conversation: ConversationId,
        amount: Span,
    ) {
        for chat in self.chats.iter().filter(|chat| chat.conversation != conversation) {
            if matches!(chat.phase, Phase::Work(_)) {
                cue.fx.cancel(Timer::of(chat.conversation, Reason::WorkDone));
            }
        }
        self.on_call = true;
        self.pause(cue);
        cue.fx.arm(Timer::of(conversation, Reason::WorkDone), cue.now + amount);
    }

    /// The work on a conversation is done, or, where `told`, its visitor has left.
    pub(super) fn end(
        &mut self,
        cue: &mut Cue<'_, impl Effects<AgentAct>>,
        conversation: ConversationId,
        told: Option<Closing>,
    ) {
        let Some(place) = self.place_of(conversation) else { return };
        match (self.chats[place].phase, told) {
            (Phase::Work(work), None) => self.close(cue, place, work.closing),
            (Phase::Work(_) | Phase::Talk(_), Some(closing)) => self.close(cue, place, closing),
            // Whoever leaves after the end changes nothing.
            (Phase::WrapUp(_), _) | (Phase::Talk(_), None) => {}
        }
    }

    /// Ends a conversation for its visitor; its slot is free now, or after a wrap-up.
    pub(super) fn close(
        &mut self,
        cue: &mut Cue<'_, impl Effects<AgentAct>>,
        place: usize,
        closing: Closing,
    ) {
        let chat = self.chats[place];
        let conversation = chat.conversation;
        match chat.phase {
            Phase::Work(_) if chat.channel == Channel::Chat => self.stop_work(cue, conversation),
            Phase::Work(_) => {
                self.progress(cue.now, &cue.scene);
                self.on_call = false;
                cue.fx.cancel(Timer::of(conversation, Reason::WorkDone));
            }
            Phase::Talk(_) | Phase::WrapUp(_) => self.stop_talk(cue, conversation),
        }
        cue.fx.act(AgentAct::Close { conversation, closing });
        match wrap_up(&chat, closing, cue.scene.plan.desk(self.desk), &cue.scene) {
            Some(after) => {
                self.chats[place].phase = Phase::WrapUp(closing);
                cue.fx.arm(Timer::of(conversation, Reason::WrappedUp), cue.now + after);
                self.carry_on(cue);
            }
            None => self.let_go(cue, place, closing),
        }
    }

    fn stop_work(&mut self, cue: &mut Cue<'_, impl Effects<AgentAct>>, conversation: ConversationId) {
        if self.working > 1 {
            self.progress(cue.now, &cue.scene);
        }
        self.working -= 1;
        cue.fx.cancel(Timer::of(conversation, Reason::WorkDone));
        if cue.scene.messages {
            cue.fx.cancel(Timer::of(conversation, Reason::Answer));
        }
    }

    /// A conversation is wrapped up.
    pub(super) fn free(&mut self, cue: &mut Cue<'_, impl Effects<AgentAct>>, conversation: ConversationId) {
        if let Some(place) = self.place_of(conversation)
            && let Phase::WrapUp(closing) = self.chats[place].phase
        {
            self.let_go(cue, place, closing);
        }
    }

    fn let_go(&mut self, cue: &mut Cue<'_, impl Effects<AgentAct>>, place: usize, closing: Closing) {
        let chat = self.chats.remove(place);
        let (desk, group) = self.seat(chat.channel);
        cue.fx.observe(Observation::Handled {
            desk,
            group,
            visit: chat.visit,
            topic: chat.topic,
            assigned: chat.assigned,
            freed: cue.now,
            closing,
        });
        self.after_letting_go(cue, chat.channel);
        cue.fx.act(AgentAct::Free { conversation: chat.conversation });
        self.leave_if_free(cue);
    }

    /// There is a conversation on this channel less in hand.
    fn after_letting_go(&mut self, cue: &mut Cue<'_, impl Effects<AgentAct>>, channel: Channel) {
        if self.seat(channel).0 == self.desk && !self.is_engaged() {
            self.report_engaged(cue);
        }
        if !self.chats.is_empty() {
            return self.carry_on(cue);
        }
        if cue.scene.plan.desk(self.desk).is_paced(self.group) {
            cue.fx.cancel(Timer::own(Reason::RampUp));
        }
    }

    /// Goes on with what is left in hand.
    fn carry_on(&mut self, cue: &mut Cue<'_, impl Effects<AgentAct>>) {
        if self.working > 0 {
            self.plan_ends(cue);
        }
        self.attend(cue);
    }

    /// Passes a conversation on: `topic` is what it is about.
    pub(super) fn transfer(
        &mut self,
        cue: &mut Cue<'_, impl Effects<AgentAct>>,
        place: usize,
        topic: TopicId,
    ) {
        let chat = self.chats[place];
        let Phase::Talk(talk) = chat.phase else { return };
        let conversation = chat.conversation;
        self.stop_talk(cue, conversation);
        self.chats.remove(place);
        let (desk, group) = (self.desk, self.group);
        cue.fx.observe(Observation::Held { desk, group, assigned: chat.assigned, to: cue.now });
        self.after_letting_go(cue, chat.channel);
        let owed = matches!(talk.stage, TalkStage::Owed | TalkStage::Offered { owed: true });
        let so_far = Progress { replies: talk.given, owed };
        cue.fx.act(AgentAct::Transfer { conversation, topic, so_far });
        self.leave_if_free(cue);
    }

    /// The shift is over: every conversation that can be passed on is.
    pub(super) fn hand_over(&mut self, cue: &mut Cue<'_, impl Effects<AgentAct>>) {
        let mut place = 0;
        while let Some(chat) = self.chats.get(place).copied() {
            if matches!(chat.phase, Phase::Talk(_)) {
                self.transfer(cue, place, chat.topic);
            } else {
                place += 1;
            }
        }
    }

    /// Says something in a conversation that is not played; the visitor took the first turn.
    pub(super) fn say(&mut self, cue: &mut Cue<'_, impl Effects<AgentAct>>, conversation: ConversationId) {
        let Some(place) = self.place_of(conversation) else { return };
        let chat = &mut self.chats[place];
        let Phase::Work(work) = &mut chat.phase else { return };
        let persona = Persona::new(cue.scene.plan, chat.visit.population, chat.draws);
        let desk = cue.scene.plan.desk(self.desk);
        let words = persona.words_about(desk.topic(chat.topic), true, work.said);
        cue.fx.act(AgentAct::Say { conversation, words });
        work.said += 1;
        let turn = turn_length(desk, &persona, chat.topic);
        let turns = 2 * u64::from(work.said) + 1;
        let due = chat.assigned + Span::from_nanos(turn.nanos().saturating_mul(turns));
        cue.fx.arm(Timer::of(conversation, Reason::Answer), due.max(cue.now));
    }

    /// How many times longer work takes at the present load.
    fn stretch(&self, scene: &Scene<'_>) -> f64 {
        let stretch = &scene.plan.desk(self.desk).group(self.group).stretch;
        // A platform may give more than was agreed; then the last figure known holds.
        stretch[(self.working.max(1) as usize - 1).min(stretch.len() - 1)]
    }

    /// Brings the work left up to `now`.
    fn progress(&mut self, now: Moment, scene: &Scene<'_>) {
        if self.working > 0 && !self.on_call {
            let worked = now.since(self.progressed).nanos() as f64 / self.stretch(scene);
            for chat in &mut self.chats {
                if let Phase::Work(work) = &mut chat.phase {
                    work.left_nanos -= worked;
                }
            }
        }
        self.progressed = self.progressed.max(now);
    }

    /// Plans the end of the work on every chat at the present load.
    fn plan_ends(&self, cue: &mut Cue<'_, impl Effects<AgentAct>>) {
        if self.on_call {
            return;
        }
        let stretch = self.stretch(&cue.scene);
        for chat in &self.chats {
            if let Phase::Work(work) = chat.phase {
                // Rounded, so that what is left never falls a nanosecond short for want of precision.
                let left = Span::from_nanos((work.left_nanos * stretch + 0.5) as u64);
                cue.fx.arm(Timer::of(chat.conversation, Reason::WorkDone), self.progressed + left);
            }
        }
    }
}

/// How long the slot of an ended chat stays taken; `None`: no longer. Where nothing was said there is nothing to note.
fn wrap_up(chat: &Chat, closing: Closing, desk: &DeskPlan, scene: &Scene<'_>) -> Option<Span> {
    desk.manners.wrap_up.as_ref()?;
    let spoke = match chat.phase {
        Phase::Talk(talk) => talk.given > 0,
        Phase::Work(_) | Phase::WrapUp(_) => true,
    };
    if chat.channel != Channel::Chat || closing == Closing::Silent || !spoke {
        return None;
    }
    Persona::new(scene.plan, chat.visit.population, chat.draws).wrap_up(&desk.manners, chat.visit.attempt)
}
