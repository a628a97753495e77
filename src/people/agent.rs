//! An agent: holds up to so many conversations, works each off at 1/stretch, and ends it.
//!
//! Work is a quantity. A conversation brings what it takes with it (drawn for the visitor, not for the agent); while
//! the agent holds k of them, each progresses at 1/`stretch[k]`. Whenever k changes, what is left is brought up to date
//! and the ends are planned anew.

use crate::base::draw::Draws;
use crate::base::id::{ConversationId, DeskId, GroupId, TopicId, VisitId};
use crate::base::time::{Moment, Span};
use crate::base::words::{AgentAct, AgentNews, Channel, Closing, Observation};

use super::persona::Persona;
use super::reason::{Reason, Timer};
use super::visitor::turn_length;
use super::{Effects, Scene};

/// What happens to an agent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AgentEvent {
    /// The shift begins.
    Start,
    /// The platform says something.
    News(AgentNews),
    /// A timer of a conversation is due.
    Timer(ConversationId, Reason),
    /// The run is over.
    Horizon,
}

/// A conversation in the agent's hands.
#[derive(Clone, Copy, Debug)]
struct Chat {
    conversation: ConversationId,
    draws: Draws,
    visit: VisitId,
    topic: TopicId,
    closing: Closing,
    assigned: Moment,
    /// Nanoseconds of work left for an agent with nothing else to do, as of the agent's `progressed`.
    left_nanos: f64,
    said: u32,
}

/// One agent of one group of one desk.
#[derive(Clone, Debug)]
pub struct Agent {
    desk: DeskId,
    group: GroupId,
    chats: Vec<Chat>,
    /// When the shift began; `None` before.
    since: Option<Moment>,
    /// Up to when the work left is known.
    progressed: Moment,
    /// Since when there has been at least one conversation.
    engaged: Moment,
}

impl Agent {
    /// An agent who has not come to work yet.
    #[must_use]
    pub fn new(desk: DeskId, group: GroupId) -> Self {
        Self { desk, group, chats: Vec::new(), since: None, progressed: Moment::ZERO, engaged: Moment::ZERO }
    }

    /// The agent's group.
    #[must_use]
    pub fn group(&self) -> GroupId {
        self.group
    }

    /// Takes in what happens; see the contract in [`super`].
    pub fn handle(
        &mut self,
        now: Moment,
        event: AgentEvent,
        scene: &Scene<'_>,
        fx: &mut impl Effects<AgentAct>,
    ) {
        match event {
            AgentEvent::Start => {
                self.since = Some(now);
                fx.act(AgentAct::Ready);
            }
            AgentEvent::News(AgentNews::Given { conversation, draws, visit, channel, .. }) => {
                self.take(now, (conversation, draws, visit), channel, scene, fx);
            }
            AgentEvent::News(AgentNews::Left(conversation)) => {
                self.end(now, conversation, Some(Closing::Abandoned), scene, fx);
            }
            AgentEvent::News(AgentNews::Said(_) | AgentNews::Typing(_)) => {}
            AgentEvent::Timer(conversation, Reason::WorkDone) => {
                self.end(now, conversation, None, scene, fx);
            }
            AgentEvent::Timer(conversation, _) => self.say(now, conversation, scene, fx),
            AgentEvent::Horizon => self.go_home(now, fx),
        }
    }

    fn take(
        &mut self,
        now: Moment,
        (conversation, draws, visit): (ConversationId, Draws, VisitId),
        channel: Channel,
        scene: &Scene<'_>,
        fx: &mut impl Effects<AgentAct>,
    ) {
        self.progress(now, scene);
        if self.chats.is_empty() {
            self.engaged = now;
        }
        let persona = Persona::new(scene.plan, visit.population, draws);
        let topic = persona.topic_at(self.desk);
        let desk = scene.plan.desk(self.desk);
        let work = persona.work(desk, topic, channel);
        self.chats.push(Chat {
            conversation,
            draws,
            visit,
            topic,
            closing: work.closing,
            assigned: now,
            left_nanos: work.amount.nanos() as f64,
            said: 0,
        });
        self.plan_ends(scene, fx);
        if scene.messages && channel == Channel::Chat {
            let turn = turn_length(desk, &persona, topic);
            fx.arm(Timer::of(conversation, Reason::Message), now + turn);
        }
    }

    /// Ends a conversation: as the work decides, or as told.
    fn end(
        &mut self,
        now: Moment,
        conversation: ConversationId,
        closing: Option<Closing>,
        scene: &Scene<'_>,
        fx: &mut impl Effects<AgentAct>,
    ) {
        let Some(place) = self.chats.iter().position(|chat| chat.conversation == conversation) else {
            return;
        };
        if self.chats.len() > 1 {
            self.progress(now, scene);
        }
        let chat = self.chats.remove(place);
        if closing.is_some() {
            fx.cancel(Timer::of(conversation, Reason::WorkDone));
        }
        if scene.messages {
            fx.cancel(Timer::of(conversation, Reason::Message));
        }
        let closing = closing.unwrap_or(chat.closing);
        fx.observe(Observation::Handled {
            desk: self.desk,
            group: self.group,
            visit: chat.visit,
            topic: chat.topic,
            assigned: chat.assigned,
            freed: now,
            closing,
        });
        if self.chats.is_empty() {
            self.report_engaged(now, fx);
        } else {
            self.plan_ends(scene, fx);
        }
        fx.act(AgentAct::Close { conversation, closing });
    }

    /// Says something; the visitor took the first turn.
    fn say(
        &mut self,
        now: Moment,
        conversation: ConversationId,
        scene: &Scene<'_>,
        fx: &mut impl Effects<AgentAct>,
    ) {
        let Some(chat) = self.chats.iter_mut().find(|chat| chat.conversation == conversation) else {
            return;
        };
        let persona = Persona::new(scene.plan, chat.visit.population, chat.draws);
        fx.act(AgentAct::Say { conversation, words: persona.words(true, chat.said) });
        chat.said += 1;
        let turn = turn_length(scene.plan.desk(self.desk), &persona, chat.topic);
        let turns = 2 * u64::from(chat.said) + 1;
        let due = chat.assigned + Span::from_nanos(turn.nanos().saturating_mul(turns));
        fx.arm(Timer::of(conversation, Reason::Message), due.max(now));
    }

    /// How many times longer a conversation takes at the present load.
    fn stretch(&self, scene: &Scene<'_>) -> f64 {
        let stretch = &scene.plan.desk(self.desk).group(self.group).stretch;
        // A platform may give more than was agreed; then the last figure known holds.
        stretch[(self.chats.len().max(1) - 1).min(stretch.len() - 1)]
    }

    /// Brings the work left up to `now`.
    fn progress(&mut self, now: Moment, scene: &Scene<'_>) {
        if !self.chats.is_empty() {
            let worked = now.since(self.progressed).nanos() as f64 / self.stretch(scene);
            for chat in &mut self.chats {
                chat.left_nanos -= worked;
            }
        }
        self.progressed = self.progressed.max(now);
    }

    /// Plans the end of every conversation at the present load.
    fn plan_ends(&self, scene: &Scene<'_>, fx: &mut impl Effects<AgentAct>) {
        let stretch = self.stretch(scene);
        for chat in &self.chats {
            // Rounded, so that what is left never falls a nanosecond short for want of precision.
            let left = Span::from_nanos((chat.left_nanos * stretch + 0.5) as u64);
            fx.arm(Timer::of(chat.conversation, Reason::WorkDone), self.progressed + left);
        }
    }

    fn report_engaged(&self, now: Moment, fx: &mut impl Effects<AgentAct>) {
        let (desk, group) = (self.desk, self.group);
        fx.observe(Observation::Engaged { desk, group, from: self.engaged, to: now });
    }

    fn go_home(&mut self, now: Moment, fx: &mut impl Effects<AgentAct>) {
        let (desk, group) = (self.desk, self.group);
        if !self.chats.is_empty() {
            self.report_engaged(now, fx);
        }
        for Chat { assigned, .. } in self.chats.drain(..) {
            fx.observe(Observation::Held { desk, group, assigned, to: now });
        }
        if let Some(from) = self.since.take() {
            fx.observe(Observation::Staffed { desk, group, from, to: now });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::script::{Script, plan};
    use super::*;
    use crate::scenario::plan::Plan;

    fn at(secs: f64) -> Moment {
        Moment::ZERO + Span::from_secs(secs)
    }

    struct Stage<'a> {
        scene: Scene<'a>,
        agent: Agent,
        script: Script<AgentAct>,
    }

    impl<'a> Stage<'a> {
        fn new(plan: &'a Plan) -> Self {
            let scene = Scene { plan, messages: false };
            let mut stage = Self { scene, agent: Agent::new(DeskId(0), GroupId(0)), script: Script::new() };
            stage.tell(0.0, AgentEvent::Start);
            stage
        }

        fn tell(&mut self, secs: f64, event: AgentEvent) {
            self.agent.handle(at(secs), event, &self.scene, &mut self.script);
        }

        fn give(&mut self, secs: f64, conversation: u32) {
            let index = u64::from(conversation);
            let draws = Draws::of_population(1, 0, "support").visitor(index);
            let visit = VisitId { population: DeskId(0), index, attempt: 0 };
            let conversation = ConversationId(conversation);
            let news = AgentNews::Given { conversation, draws, visit, channel: Channel::Chat, replies: 0 };
            self.tell(secs, AgentEvent::News(news));
        }

        fn end_of(&self, conversation: u32) -> Option<Moment> {
            self.script.due(Timer::of(ConversationId(conversation), Reason::WorkDone))
        }

        fn works_off(&mut self, conversation: u32) {
            let due = self.end_of(conversation).expect("an end is planned");
            self.tell(due.secs(), AgentEvent::Timer(ConversationId(conversation), Reason::WorkDone));
        }
    }

    #[test]
    fn work_is_depleted_at_the_rate_of_the_present_load() {
        let plan = plan(None);
        let mut stage = Stage::new(&plan);
        stage.give(0.0, 0);
        assert_eq!(stage.end_of(0), Some(at(100.0)));
        // 40 s alone leave 60 s of work, 90 s at 1.5; the newcomer has 100 s of work.
        stage.give(40.0, 1);
        assert_eq!(stage.end_of(0), Some(at(130.0)));
        assert_eq!(stage.end_of(1), Some(at(190.0)));
        stage.works_off(0);
        // 90 s at 1.5 did 60 s of work; 40 s are left, alone.
        assert_eq!(stage.end_of(1), Some(at(170.0)));
        let close = |conversation, closing| AgentAct::Close { conversation, closing };
        stage.works_off(1);
        let expected = [
            AgentAct::Ready,
            close(ConversationId(0), Closing::Resolved),
            close(ConversationId(1), Closing::Resolved),
        ];
        assert_eq!(stage.script.acts(), expected);
        let engaged =
            Observation::Engaged { desk: DeskId(0), group: GroupId(0), from: at(0.0), to: at(170.0) };
        assert_eq!(stage.script.observed().last(), Some(&engaged));
    }

    #[test]
    fn a_visitor_who_leaves_gives_the_attention_back() {
        let plan = plan(None);
        let mut stage = Stage::new(&plan);
        stage.give(0.0, 0);
        stage.give(0.0, 1);
        stage.tell(75.0, AgentEvent::News(AgentNews::Left(ConversationId(0))));
        assert_eq!(stage.end_of(0), None);
        assert_eq!(stage.end_of(1), Some(at(125.0)));
        let last = stage.script.acts().last().copied();
        let conversation = ConversationId(0);
        assert_eq!(last, Some(AgentAct::Close { conversation, closing: Closing::Abandoned }));
    }

    #[test]
    fn going_home_reports_the_shift_and_what_was_still_in_hand() {
        let plan = plan(None);
        let mut stage = Stage::new(&plan);
        stage.give(10.0, 0);
        stage.tell(30.0, AgentEvent::Horizon);
        let (desk, group) = (DeskId(0), GroupId(0));
        let expected = [
            Observation::Engaged { desk, group, from: at(10.0), to: at(30.0) },
            Observation::Held { desk, group, assigned: at(10.0), to: at(30.0) },
            Observation::Staffed { desk, group, from: at(0.0), to: at(30.0) },
        ];
        assert_eq!(stage.script.observed(), expected);
    }
}
