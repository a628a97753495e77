//! An agent: holds up to so many conversations, gives each what it takes, and ends it.
//!
//! Conversations come in two kinds. *Work* is a quantity that a conversation brings with it (drawn for the visitor, not
//! for the agent); while the agent holds k of them, each progresses at 1/`stretch[k]`. A *talk* is played message by
//! message, and the agent has one attention: replies owed wait their turn, first come first served (in `agent/attention.rs`).
//! A call takes the whole agent: while it lasts, the chats in hand stand still.

mod attention;
mod hands;

use std::collections::VecDeque;

use crate::base::draw::{Draws, Purpose};
use crate::base::id::{AgentId, ConversationId, DeskId, GroupId, TopicId, VisitId};
use crate::base::time::{Moment, Span};
use crate::base::words::{AgentAct, AgentNews, Channel, Closing, Observation, Progress};
use crate::scenario::plan::{AtClose, AtShiftEnd, Content, DeskPlan, GroupPlan, Plan};

use super::course::Course;
use super::duty::{Change, Duty};
use super::persona::Persona;
use super::reason::{Owner, Reason, Timer};
use super::visitor::turn_length;
use super::{Cue, Effects, Scene};

/// What happens to an agent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AgentEvent {
    /// The day begins.
    Start,
    /// The platform says something.
    News(AgentNews),
    /// A timer of a conversation is due.
    Timer(ConversationId, Reason),
    /// A timer of the agent alone is due.
    Own(Reason),
    /// The platform has forgotten everything: whatever was in hand is over.
    Forgotten,
    /// The run is over.
    Horizon,
}

/// A conversation in the agent's hands.
#[derive(Clone, Copy, Debug)]
struct Chat {
    conversation: ConversationId,
    draws: Draws,
    visit: VisitId,
    channel: Channel,
    topic: TopicId,
    assigned: Moment,
    phase: Phase,
}

/// How a conversation stands.
#[derive(Clone, Copy, Debug)]
enum Phase {
    Work(Work),
    Talk(Talk),
    /// Over; its slot is not free yet.
    WrapUp(Closing),
}

/// Work that is being done.
#[derive(Clone, Copy, Debug)]
struct Work {
    closing: Closing,
    /// Nanoseconds left for an agent with nothing else to do, as of the agent's `progressed`.
    left_nanos: f64,
    said: u32,
}

/// A conversation that is played message by message.
#[derive(Clone, Copy, Debug)]
struct Talk {
    /// Replies given, by others too.
    given: u32,
    /// Replies until it ends.
    whole: u32,
    escalates: bool,
    /// Whether the visitor has said anything since the request.
    answered: bool,
    stage: TalkStage,
}

/// Whose turn it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum TalkStage {
    /// The agent has not accepted yet; `owed`: the visitor waits for a reply.
    Offered { owed: bool },
    /// The agent's: a reply is owed, or being composed.
    Owed,
    /// The visitor's.
    Awaiting,
}

/// One agent of one group of one desk.
#[derive(Clone, Debug)]
pub struct Agent {
    desk: DeskId,
    group: GroupId,
    /// The phone pool and the agent's group of dual agents there, where there is one.
    dual: Option<(DeskId, GroupId)>,
    writing: f64,
    duty: Duty,
    chats: Vec<Chat>,
    /// How many of them are chats that are being worked on.
    working: u32,
    /// Up to when the work left is known.
    progressed: Moment,
    /// Since when there has been at least one conversation of the agent's own desk.
    engaged: Moment,
    on_call: bool,
    /// To whom a reply is owed, in the order in which they asked.
    owed: VecDeque<ConversationId>,
    composing: Option<attention::Composing>,
}

impl Agent {
    /// Agent `number` of a desk (counted through its groups), who has not come to work yet. Dual agents are no agents of
    /// the phone pool: they are those of their own desk.
    #[must_use]
    pub fn new(scene: &Scene<'_>, desk: DeskId, number: AgentId) -> Self {
        let plan = scene.plan.desk(desk);
        let (group, member) = plan.member(number);
        let of_group = plan.group(group);
        let (shift, place) = of_group.shift_of(member).expect("the shifts are of as many as the group");
        let draws = Draws::of_agents(scene.plan.seed, scene.replication, &plan.name).visitor(number.0.into());
        let absent =
            plan.manners.shrinkage > 0.0 && draws.uniform(Purpose::Absence, 0) < plan.manners.shrinkage;
        let writing = of_group
            .writing
            .as_ref()
            .map_or(1.0, |law| law.sample(&mut draws.stream(Purpose::Writing, 0)).max(SLOWEST_WRITING));
        Self {
            desk,
            group,
            dual: dual_group(scene.plan, desk, group),
            writing,
            duty: Duty::new(shift, place, absent),
            chats: Vec::new(),
            working: 0,
            progressed: Moment::ZERO,
            engaged: Moment::ZERO,
            on_call: false,
            owed: VecDeque::new(),
            composing: None,
        }
    }

    /// The agent's group.
    #[must_use]
    pub fn group(&self) -> GroupId {
        self.group
    }

    /// The phone pool and the agent's group of dual agents there, of one who takes calls beside chats.
    #[must_use]
    pub fn dual(&self) -> Option<(DeskId, GroupId)> {
        self.dual
    }

    /// Takes in what happens; see the contract in [`super`].
    pub fn handle(
        &mut self,
        now: Moment,
        event: AgentEvent,
        scene: &Scene<'_>,
        fx: &mut impl Effects<AgentAct>,
    ) {
        let cue = &mut Cue { now, scene: *scene, fx };
        match event {
            AgentEvent::Start => self.start(cue),
            AgentEvent::News(AgentNews::Given { conversation, draws, visit, channel, so_far }) => {
                self.take(cue, (conversation, draws, visit), channel, so_far);
            }
            AgentEvent::News(AgentNews::Left(conversation)) => {
                self.end(cue, conversation, Some(Closing::Abandoned));
            }
            AgentEvent::News(AgentNews::Said(conversation)) => self.hear(cue, conversation),
            AgentEvent::News(AgentNews::Typing(conversation)) => {
                if self.awaits(conversation) {
                    cue.fx.cancel(Timer::of(conversation, Reason::Ghost));
                }
            }
            AgentEvent::Timer(conversation, reason) => self.ring(cue, conversation, reason),
            AgentEvent::Own(Reason::Duty) => self.change_duty(cue),
            AgentEvent::Own(_) => {
                if !self.duty.is_leaving() {
                    cue.fx.act(AgentAct::More);
                }
            }
            AgentEvent::Forgotten => self.start_again(cue),
            AgentEvent::Horizon => self.go_home(cue),
        }
    }

    fn ring(
        &mut self,
        cue: &mut Cue<'_, impl Effects<AgentAct>>,
        conversation: ConversationId,
        reason: Reason,
    ) {
        match reason {
            Reason::WorkDone => self.end(cue, conversation, None),
            Reason::Accepted => self.accept(cue, conversation),
            Reason::Composed => self.reply(cue, conversation),
            Reason::Ghost => self.give_up_on(cue, conversation),
            Reason::WrappedUp => self.free(cue, conversation),
            _ => self.say(cue, conversation),
        }
    }

    fn start(&mut self, cue: &mut Cue<'_, impl Effects<AgentAct>>) {
        match self.duty.begins() {
            Some(from) if from > cue.now => cue.fx.arm(Timer::own(Reason::Duty), from),
            Some(_) => self.change_duty(cue),
            None => {}
        }
    }

    /// The agent comes, or it is time for a break or to go.
    fn change_duty(&mut self, cue: &mut Cue<'_, impl Effects<AgentAct>>) {
        let stays = cue.scene.plan.close == AtClose::Serve && cue.now >= cue.scene.doors_close();
        match self.duty.ring(cue.now, stays) {
            Change::Comes(next) => {
                cue.fx.act(AgentAct::Ready);
                if next != Moment::NEVER {
                    cue.fx.arm(Timer::own(Reason::Duty), next);
                }
            }
            Change::Finishes { for_good } => {
                cue.fx.act(AgentAct::Rest);
                if for_good {
                    self.finish_shift(cue);
                } else if self.duty.ends() != Moment::NEVER {
                    cue.fx.arm(Timer::own(Reason::Duty), self.duty.ends());
                }
                self.leave_if_free(cue);
            }
            Change::IsOver => {
                self.finish_shift(cue);
                self.leave_if_free(cue);
            }
            Change::Nothing => {}
        }
    }

    fn finish_shift(&mut self, cue: &mut Cue<'_, impl Effects<AgentAct>>) {
        // When the doors have closed there is nobody to count on: chats in hand are finished.
        let hands_over = cue.scene.plan.desk(self.desk).manners.at_shift_end == AtShiftEnd::HandOver;
        if hands_over && cue.now < cue.scene.doors_close() {
            self.hand_over(cue);
        }
    }

    fn leave_if_free(&mut self, cue: &mut Cue<'_, impl Effects<AgentAct>>) {
        if !self.chats.is_empty() {
            return;
        }
        if let Some((from, back)) = self.duty.leave(cue.now) {
            let (desk, group) = (self.desk, self.group);
            cue.fx.observe(Observation::Staffed { desk, group, from, to: cue.now });
            if let Some(back) = back {
                cue.fx.arm(Timer::own(Reason::Duty), back);
            }
        }
    }

    /// The desk and the group that a conversation on `channel` counts at.
    fn seat(&self, channel: Channel) -> (DeskId, GroupId) {
        match (channel, self.dual) {
            (Channel::Call | Channel::Callback { .. }, Some(dual)) => dual,
            _ => (self.desk, self.group),
        }
    }

    /// Whether there is a conversation of the agent's own desk in hand: a dual agent's calls are the phone pool's.
    fn is_engaged(&self) -> bool {
        match self.dual {
            None => !self.chats.is_empty(),
            Some(_) => self.chats.iter().any(|chat| chat.channel == Channel::Chat),
        }
    }

    fn place_of(&self, conversation: ConversationId) -> Option<usize> {
        self.chats.iter().position(|chat| chat.conversation == conversation)
    }

    fn report_engaged(&self, cue: &mut Cue<'_, impl Effects<AgentAct>>) {
        let (desk, group) = (self.desk, self.group);
        cue.fx.observe(Observation::Engaged { desk, group, from: self.engaged, to: cue.now });
    }

    /// Nothing is in hand any more, and the platform knows neither of that nor of the agent.
    fn start_again(&mut self, cue: &mut Cue<'_, impl Effects<AgentAct>>) {
        for chat in &self.chats {
            let reasons = Reason::ALL.into_iter().filter(|reason| reason.owner() == Owner::Conversation);
            reasons.for_each(|reason| cue.fx.cancel(Timer::of(chat.conversation, reason)));
        }
        cue.fx.cancel(Timer::own(Reason::RampUp));
        self.break_off(cue);
        (self.working, self.on_call, self.progressed) = (0, false, cue.now);
        self.owed.clear();
        if self.duty.is_on() {
            cue.fx.act(AgentAct::Ready);
        }
        self.leave_if_free(cue);
    }

    fn go_home(&mut self, cue: &mut Cue<'_, impl Effects<AgentAct>>) {
        self.break_off(cue);
        if let Some(from) = self.duty.stop() {
            let (desk, group) = (self.desk, self.group);
            cue.fx.observe(Observation::Staffed { desk, group, from, to: cue.now });
        }
    }

    /// Reports what there is in hand, and has nothing any more.
    fn break_off(&mut self, cue: &mut Cue<'_, impl Effects<AgentAct>>) {
        if let Some(composing) = self.composing.take() {
            composing.report(cue, (self.desk, self.group));
        }
        if self.is_engaged() {
            self.report_engaged(cue);
        }
        for chat in std::mem::take(&mut self.chats) {
            let (desk, group) = self.seat(chat.channel);
            cue.fx.observe(Observation::Held { desk, group, assigned: chat.assigned, to: cue.now });
        }
    }
}

/// Nobody writes more slowly than this part of the mean: a law may reach down to nothing.
const SLOWEST_WRITING: f64 = 0.1;

/// The group of dual agents that the agents of this group are in the phone pool.
fn dual_group(plan: &Plan, desk: DeskId, group: GroupId) -> Option<(DeskId, GroupId)> {
    let phone = plan.phone?;
    let is_theirs = |of: &GroupPlan| of.dual.is_some_and(|dual| (dual.desk, dual.group) == (desk, group));
    let number = plan.desk(phone).groups.iter().position(is_theirs)?;
    Some((phone, GroupId(number as u16)))
}

#[cfg(test)]
mod tests {
    use super::super::script::{Script, plan, talking};
    use super::*;
    use crate::scenario::plan::Plan;

    fn at(secs: f64) -> Moment {
        Moment::ZERO + Span::from_secs(secs)
    }

    /// A conversation is ended, and its slot freed.
    fn over(conversation: u32, closing: Closing) -> Vec<AgentAct> {
        let conversation = ConversationId(conversation);
        vec![AgentAct::Close { conversation, closing }, AgentAct::Free { conversation }]
    }

    struct Stage<'a> {
        scene: Scene<'a>,
        agent: Agent,
        script: Script<AgentAct>,
    }

    impl<'a> Stage<'a> {
        fn new(plan: &'a Plan) -> Self {
            let scene = Scene { plan, replication: 0, messages: false };
            let mut stage =
                Self { scene, agent: Agent::new(&scene, DeskId(0), AgentId(0)), script: Script::new() };
            stage.tell(0.0, AgentEvent::Start);
            stage
        }

        fn tell(&mut self, secs: f64, event: AgentEvent) {
            self.agent.handle(at(secs), event, &self.scene, &mut self.script);
        }

        fn give(&mut self, secs: f64, conversation: u32) {
            let index = u64::from(conversation);
            let draws = Draws::of_population(1, 0, "support").visitor(index);
            let visit = VisitId { population: crate::base::id::PopulationId(0), index, attempt: 0 };
            let conversation = ConversationId(conversation);
            let news = AgentNews::Given {
                conversation,
                draws,
                visit,
                channel: Channel::Chat,
                so_far: Progress::NONE,
            };
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
        stage.works_off(1);
        let expected =
            [vec![AgentAct::Ready], over(0, Closing::Resolved), over(1, Closing::Resolved)].concat();
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
        assert_eq!(stage.script.acts()[1..], over(0, Closing::Abandoned));
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

    #[test]
    fn one_whom_the_platform_forgot_starts_again_with_empty_hands() {
        let plan = plan(None);
        let mut stage = Stage::new(&plan);
        stage.give(10.0, 0);
        stage.give(10.0, 1);
        stage.tell(30.0, AgentEvent::Forgotten);
        assert_eq!(stage.script.acts(), [AgentAct::Ready, AgentAct::Ready]);
        assert_eq!((stage.end_of(0), stage.end_of(1)), (None, None));
        let (desk, group) = (DeskId(0), GroupId(0));
        let held = Observation::Held { desk, group, assigned: at(10.0), to: at(30.0) };
        let engaged = Observation::Engaged { desk, group, from: at(10.0), to: at(30.0) };
        assert_eq!(stage.script.observed(), [engaged, held, held]);
        stage.give(40.0, 2);
        assert_eq!(stage.end_of(2), Some(at(140.0)), "nothing else is in hand");
    }

    #[test]
    fn one_who_had_but_a_chat_to_finish_goes_when_the_platform_forgets_it() {
        let mut plan = talking(3);
        plan.desks[0].groups[0].shifts[0].to = at(12.0);
        let mut stage = Stage::new(&plan);
        stage.give(0.0, 0);
        alone(&mut stage, 12.0);
        stage.tell(20.0, AgentEvent::Forgotten);
        assert_eq!(stage.script.acts().iter().filter(|act| **act == AgentAct::Ready).count(), 1);
        let (desk, group) = (DeskId(0), GroupId(0));
        let staffed = Observation::Staffed { desk, group, from: at(0.0), to: at(20.0) };
        assert_eq!(stage.script.observed().last(), Some(&staffed));
    }

    /// What the agent says and ends, and when, as the timers come due up to `until`; the visitor answers nothing.
    fn alone(stage: &mut Stage<'_>, until: f64) -> Vec<(f64, AgentAct)> {
        let mut seen = Vec::new();
        while let Some((due, timer)) = stage.script.first().filter(|(due, _)| due.secs() <= until) {
            let before = stage.script.acts().len();
            let event = match timer.conversation {
                Some(conversation) => AgentEvent::Timer(conversation, timer.reason),
                None => AgentEvent::Own(timer.reason),
            };
            stage.script.fired(timer);
            stage.tell(due.secs(), event);
            seen.extend(stage.script.acts()[before..].iter().map(|act| (due.secs(), *act)));
        }
        seen
    }

    fn say(conversation: u32) -> AgentAct {
        AgentAct::Say { conversation: ConversationId(conversation), words: 10 }
    }

    #[test]
    fn replies_wait_their_turn_for_the_one_attention() {
        let plan = talking(1);
        let mut stage = Stage::new(&plan);
        stage.give(0.0, 0);
        stage.give(1.0, 1);
        let seen = alone(&mut stage, 100.0);
        let [close, free] = over(0, Closing::Resolved)[..] else { panic!() };
        let [close_other, free_other] = over(1, Closing::Resolved)[..] else { panic!() };
        // The second reply begins when the first is said; the slots are free after 7 s each of wrapping up.
        let expected = [
            (5.0, say(0)),
            (5.0, close),
            (10.0, say(1)),
            (10.0, close_other),
            (12.0, free),
            (17.0, free_other),
        ];
        assert_eq!(seen, expected);
    }

    #[test]
    fn a_ghost_is_given_up_and_needs_no_wrapping_up_and_one_who_is_typing_is_not() {
        let plan = talking(3);
        let mut stage = Stage::new(&plan);
        stage.give(0.0, 0);
        stage.give(0.0, 1);
        let mut seen = alone(&mut stage, 60.0);
        stage.tell(60.0, AgentEvent::News(AgentNews::Typing(ConversationId(1))));
        seen.extend(alone(&mut stage, 500.0));
        let [close, free] = over(0, Closing::Silent)[..] else { panic!() };
        assert_eq!(seen, [(5.0, say(0)), (10.0, say(1)), (65.0, close), (65.0, free)]);
    }

    #[test]
    fn one_who_asks_for_the_phone_is_handed_over_with_a_canned_reply() {
        let mut plan = talking(3);
        if let Content::Talk(talk) = &mut plan.desks[0].topics[0].content {
            talk.fatigue.hazard = 1e9;
        }
        let mut stage = Stage::new(&plan);
        stage.give(0.0, 0);
        let seen = alone(&mut stage, 4.0);
        let conversation = ConversationId(0);
        let close = AgentAct::Close { conversation, closing: Closing::Escalated };
        assert_eq!(seen, [(3.0, say(0)), (3.0, close)]);
    }

    #[test]
    fn who_goes_hands_over_what_is_in_hand_and_says_how_far_it_has_come() {
        let mut plan = talking(3);
        plan.desks[0].manners.at_shift_end = AtShiftEnd::HandOver;
        plan.desks[0].groups[0].shifts[0].to = at(12.0);
        let mut stage = Stage::new(&plan);
        stage.give(0.0, 0);
        let mut seen = alone(&mut stage, 5.0);
        stage.give(8.0, 1);
        seen.extend(alone(&mut stage, 500.0));
        let transfer = |conversation, replies, owed| AgentAct::Transfer {
            conversation: ConversationId(conversation),
            topic: TopicId(0),
            so_far: Progress { replies, owed },
        };
        let expected = [
            (5.0, say(0)),
            (12.0, AgentAct::Rest),
            (12.0, transfer(0, 1, false)),
            (12.0, transfer(1, 0, true)),
        ];
        assert_eq!(seen, expected);
        let (desk, group) = (DeskId(0), GroupId(0));
        let staffed = Observation::Staffed { desk, group, from: at(0.0), to: at(12.0) };
        assert_eq!(stage.script.observed().last(), Some(&staffed));
    }

    #[test]
    fn when_the_doors_are_closed_chats_in_hand_are_finished_and_not_handed_over() {
        let mut plan = talking(1);
        plan.desks[0].manners.at_shift_end = AtShiftEnd::HandOver;
        plan.close = AtClose::Dismiss;
        plan.desks[0].groups[0].shifts[0].to = Moment::ZERO + plan.length;
        let end = plan.length.secs();
        let mut stage = Stage::new(&plan);
        stage.give(end - 2.0, 0);
        let seen = alone(&mut stage, end + 100.0);
        let [close, free] = over(0, Closing::Resolved)[..] else { panic!() };
        assert_eq!(
            seen,
            [(end, AgentAct::Rest), (end + 3.0, say(0)), (end + 3.0, close), (end + 10.0, free)]
        );
    }
}
