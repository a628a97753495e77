//! With an agent: the visitor asks, reads, thinks and types, until one of them ends it.

use super::{State, Visitor};
use crate::base::id::TopicId;
use crate::base::time::{Moment, Span};
use crate::base::words::{Channel, Observation, VisitorAct};
use crate::people::course::Course;
use crate::people::persona::Persona;
use crate::people::reason::{Reason, Timer};
use crate::people::{Cue, Effects, Scene};
use crate::scenario::plan::{Content, DeskPlan, MessagePlan};

impl Visitor {
    pub(super) fn meet_agent(&mut self, cue: &mut Cue<'_, impl Effects<VisitorAct>>) {
        self.cancel_waiting(cue);
        self.state = State::Served(cue.now);
        self.said = 0;
        let desk = cue.scene.plan.desk(self.desk);
        if let Some(after) = self.persona(&cue.scene).walk_out(desk, self.visit.attempt) {
            cue.fx.arm(Timer::own(Reason::WalkOut), cue.now + after);
        }
        if self.channel != Channel::Chat {
            return;
        }
        if let Some(course) = self.course(&cue.scene) {
            if cue.scene.messages {
                cue.fx.act(VisitorAct::Say { words: course.words(false, 0) });
            }
            self.await_reply(cue, desk, &course);
        } else if cue.scene.messages {
            cue.fx.arm(Timer::own(Reason::Message), cue.now);
        }
    }

    /// A message is sent, at the instant it was meant to be.
    fn await_reply(
        &mut self,
        cue: &mut Cue<'_, impl Effects<VisitorAct>>,
        desk: &DeskPlan,
        course: &Course<'_>,
    ) {
        self.asked = cue.now;
        if let Some(patience) = course.patience(desk, self.visit.attempt) {
            cue.fx.arm(Timer::own(Reason::ReplyPatience), cue.now + patience);
        }
        self.said += 1;
    }

    /// Reads what the agent says, and thinks about the answer.
    pub(super) fn read(&mut self, cue: &mut Cue<'_, impl Effects<VisitorAct>>) {
        let first = self.responded.is_none();
        if first {
            self.responded = Some(cue.now);
        }
        let Some(course) = self.course(&cue.scene).filter(|_| self.channel == Channel::Chat) else { return };
        if !first {
            cue.fx.observe(Observation::Replied { desk: self.desk, asked: self.asked, at: cue.now });
        }
        cue.fx.cancel(Timer::own(Reason::ReplyPatience));
        cue.fx.arm(Timer::own(Reason::Thought), cue.now + self.quiet(&course, &cue.scene));
    }

    /// How long nothing is heard of the visitor, who thinks. Whoever thinks for long begins to type in between, and
    /// stops, or answers whether anybody is still there: only a ghost says nothing for half of what ghosts are given.
    fn quiet(&self, course: &Course<'_>, scene: &Scene<'_>) -> Span {
        let timeout = scene.plan.desk(self.desk).leaving.ghost_timeout;
        course.think(self.said).min(Span::from_nanos(timeout.nanos() / 2))
    }

    pub(super) fn begin_to_type(&mut self, cue: &mut Cue<'_, impl Effects<VisitorAct>>) {
        if let Some(course) = self.course(&cue.scene) {
            cue.fx.act(VisitorAct::Type);
            let thinks_on = course.think(self.said).nanos() - self.quiet(&course, &cue.scene).nanos();
            let typed = cue.now + Span::from_nanos(thinks_on) + course.typing(self.said);
            cue.fx.arm(Timer::own(Reason::Typed), typed);
        }
    }

    pub(super) fn send(&mut self, cue: &mut Cue<'_, impl Effects<VisitorAct>>) {
        if let Some(course) = self.course(&cue.scene) {
            cue.fx.act(VisitorAct::Say { words: course.words(false, self.said) });
            self.await_reply(cue, cue.scene.plan.desk(self.desk), &course);
        }
    }

    /// Says something in a conversation that is not played; visitor and agent take turns, the visitor first.
    pub(super) fn say(&mut self, cue: &mut Cue<'_, impl Effects<VisitorAct>>, since: Moment) {
        let desk = cue.scene.plan.desk(self.desk);
        let topic = desk.topic(self.topic);
        cue.fx.act(VisitorAct::Say { words: self.persona(&cue.scene).words_about(topic, false, self.said) });
        self.said += 1;
        let pace = turn_length(desk, &self.persona(&cue.scene), self.topic);
        let due = since + Span::from_nanos(pace.nanos().saturating_mul(2 * u64::from(self.said)));
        cue.fx.arm(Timer::own(Reason::Message), due.max(cue.now));
    }

    pub(super) fn cancel_talking(&self, cue: &mut Cue<'_, impl Effects<VisitorAct>>) {
        for reason in [Reason::Thought, Reason::Typed, Reason::ReplyPatience, Reason::Message] {
            cue.fx.cancel(Timer::own(reason));
        }
    }
}

/// From one message to the next of a conversation that is not played, whoever sends them.
pub(in crate::people) fn turn_length(desk: &DeskPlan, persona: &Persona<'_>, topic: TopicId) -> Span {
    match (desk.messages, &desk.topic(topic).content) {
        (MessagePlan::Count(count), Content::Work(law)) => {
            let work = persona.work(desk, topic, law, Channel::Chat).amount;
            Span::from_nanos(work.nanos() / u64::from(count.max(1)))
        }
        (MessagePlan::Every(every), _) => every,
        (MessagePlan::Count(_), Content::Talk(_)) => {
            unreachable!("a conversation that is played has its own pace")
        }
    }
}
