//! A visitor: comes, waits, is served or gives up, perhaps comes back, perhaps goes on to the phone.
//!
//! One who calls, or is called back, is the same person at another desk: the states are the same, only what may
//! happen while waiting differs. One who left without a word leaves a ghost behind, whom the platform and the agent take
//! for the visitor until they find out.

mod talk;
#[cfg(test)]
mod tests;

use crate::base::draw::Draws;
use crate::base::id::{DeskId, PopulationId, TopicId, VisitId};
use crate::base::time::Moment;
use crate::base::words::{Channel, Closing, Ending, Observation, Outcome, Sale, VisitorAct, VisitorNews};
use crate::scenario::plan::{Content, DeskPlan};

use super::course::Course;
use super::persona::{AfterEscalation, Persona};
use super::reason::{Reason, Timer};
use super::{Cue, Effects, Scene};

pub(super) use talk::turn_length;

/// What happens to a visitor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum VisitorEvent {
    /// The intended start has come.
    Start,
    /// The platform says something.
    News(VisitorNews),
    /// A timer is due.
    Timer(Reason),
    /// The connection is lost for good.
    Lost,
    /// The run is over.
    Horizon,
}

/// Where a visitor stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    /// Not here: before the start, between two attempts, between two tries of a callback.
    Away,
    /// In the queue, or on the way into it.
    Waiting,
    /// With an agent, since then.
    Served(Moment),
    /// Gone without a word: the platform still counts on the visitor. `returns`: only to come back; `met`: an agent has
    /// been assigned.
    Ghost { returns: bool, met: bool },
    /// For good.
    Gone,
}

/// One visitor, over all attempts and channels.
#[derive(Clone, Debug)]
pub struct Visitor {
    draws: Draws,
    visit: VisitId,
    desk: DeskId,
    topic: TopicId,
    channel: Channel,
    state: State,
    /// When this visit was meant to start.
    start: Moment,
    delayed: bool,
    callback_from: Option<Moment>,
    outright: bool,
    /// Messages sent in this conversation.
    said: u32,
    /// When the message was meant to be sent to which a reply is awaited.
    asked: Moment,
    /// When the agent first said something in this visit.
    responded: Option<Moment>,
}

impl Visitor {
    /// Visitor `index` of a population, whose key is `draws`; not there yet.
    #[must_use]
    pub fn new(scene: &Scene<'_>, population: PopulationId, index: u64, draws: Draws) -> Self {
        let persona = Persona::new(scene.plan, population, draws);
        let (desk, channel) = persona.start();
        Self {
            draws,
            visit: VisitId { population, index, attempt: 0 },
            desk,
            topic: persona.topic_at(desk, channel),
            channel,
            state: State::Away,
            start: Moment::ZERO,
            delayed: false,
            callback_from: None,
            outright: false,
            said: 0,
            asked: Moment::ZERO,
            responded: None,
        }
    }

    /// Whether nothing more can happen to this visitor.
    #[must_use]
    pub fn is_gone(&self) -> bool {
        self.state == State::Gone
    }

    /// Whether the visitor is here only as a ghost: gone, and nobody knows.
    #[must_use]
    pub fn is_ghost(&self) -> bool {
        matches!(self.state, State::Ghost { .. })
    }

    /// The present visit.
    #[must_use]
    pub fn visit(&self) -> VisitId {
        self.visit
    }

    /// The visitor's key.
    #[must_use]
    pub fn draws(&self) -> Draws {
        self.draws
    }

    /// The channel of the present visit.
    #[must_use]
    pub fn channel(&self) -> Channel {
        self.channel
    }

    fn persona<'a>(&self, scene: &Scene<'a>) -> Persona<'a> {
        Persona::new(scene.plan, self.visit.population, self.draws)
    }

    /// The present conversation, where it is played message by message.
    fn course<'a>(&self, scene: &Scene<'a>) -> Option<Course<'a>> {
        match &scene.plan.desk(self.desk).topic(self.topic).content {
            Content::Talk(talk) => Some(Course::new(self.persona(scene), talk)),
            Content::Work(_) => None,
        }
    }

    /// Takes in what happens; see the contract in [`super`].
    pub fn handle(
        &mut self,
        now: Moment,
        event: VisitorEvent,
        scene: &Scene<'_>,
        fx: &mut impl Effects<VisitorAct>,
    ) {
        let cue = &mut Cue { now, scene: *scene, fx };
        match (event, self.state) {
            (_, State::Gone) => {}
            (VisitorEvent::Start, State::Away) => self.arrive(cue),
            (event, State::Ghost { returns, met }) => self.haunt(cue, event, (returns, met)),
            (VisitorEvent::News(news), state) => self.hear(cue, news, state),
            (VisitorEvent::Timer(reason), state) => self.ring(cue, reason, state),
            (VisitorEvent::Lost | VisitorEvent::Horizon, state) => {
                self.cancel_all(cue);
                // Between two attempts there is no visit that could be unfinished.
                if state != State::Away || self.channel_has_promise() {
                    self.report(cue, Ending::Unfinished);
                }
                self.state = State::Gone;
            }
            (VisitorEvent::Start, _) => unreachable!("a visitor starts once"),
        }
    }

    /// Between two tries of a callback the visit goes on although nobody waits on a line.
    fn channel_has_promise(&self) -> bool {
        self.callback_from.is_some()
    }

    fn hear(&mut self, cue: &mut Cue<'_, impl Effects<VisitorAct>>, news: VisitorNews, state: State) {
        match (news, state) {
            (VisitorNews::Queued { waiting }, State::Waiting) => self.queue(cue, waiting),
            (VisitorNews::Assigned, State::Waiting) => self.meet_agent(cue),
            (VisitorNews::Refused, State::Waiting) => {
                self.cancel_waiting(cue);
                self.give_up(cue, Ending::Refused);
            }
            (VisitorNews::Closed(closing), State::Served(_)) => self.closed(cue, closing),
            // The platform closes while an agent's hand-over waits in the line.
            (VisitorNews::Refused, State::Served(_)) => self.closed(cue, Closing::Unresolved),
            (VisitorNews::Said, State::Served(_)) => self.read(cue),
            // What crosses with the visitor's own leaving changes nothing, nor does another agent's taking over.
            _ => {}
        }
    }

    fn ring(&mut self, cue: &mut Cue<'_, impl Effects<VisitorAct>>, reason: Reason, state: State) {
        match (reason, state) {
            (Reason::Patience, State::Waiting) => self.lose_patience(cue),
            (Reason::WalkOut, State::Served(_)) => {
                self.cancel_talking(cue);
                cue.fx.act(VisitorAct::Leave);
                self.finish(cue, Ending::AbandonedChat);
            }
            (Reason::ReplyPatience, State::Served(_)) => self.walk_away(cue),
            (Reason::Thought, State::Served(_)) => self.begin_to_type(cue),
            (Reason::Typed, State::Served(_)) => self.send(cue),
            (Reason::CallbackOffer, State::Waiting) => self.consider_callback(cue),
            (Reason::CallbackAgain, State::Away) => self.open(cue),
            (Reason::CallbackExpiry, State::Waiting | State::Away) => {
                self.cancel_all(cue);
                if state == State::Waiting {
                    cue.fx.act(VisitorAct::Leave);
                }
                self.finish(cue, Ending::Unreached);
            }
            (Reason::Return, State::Away) => self.come_back(cue),
            (Reason::Message, State::Served(since)) => self.say(cue, since),
            _ => {}
        }
    }

    /// What happens to one who is not there any more.
    fn haunt(
        &mut self,
        cue: &mut Cue<'_, impl Effects<VisitorAct>>,
        event: VisitorEvent,
        (returns, met): (bool, bool),
    ) {
        match event {
            // One agent after another may be, where the conversation is passed on.
            VisitorEvent::News(VisitorNews::Assigned) if !met => {
                let (desk, topic, start) = (self.desk, self.topic, self.start);
                cue.fx.observe(Observation::Haunted { desk, topic, start, at: cue.now });
                self.state = State::Ghost { returns, met: true };
            }
            VisitorEvent::News(VisitorNews::Closed(_) | VisitorNews::Refused) | VisitorEvent::Lost => {
                self.state = if returns { State::Away } else { State::Gone };
            }
            VisitorEvent::Timer(Reason::Return) => {
                // Asking anew ends the old request.
                cue.fx.act(VisitorAct::Leave);
                self.come_back(cue);
            }
            VisitorEvent::Horizon => {
                cue.fx.cancel(Timer::own(Reason::Return));
                self.state = State::Gone;
            }
            VisitorEvent::News(_) | VisitorEvent::Timer(_) | VisitorEvent::Start => {}
        }
    }

    fn come_back(&mut self, cue: &mut Cue<'_, impl Effects<VisitorAct>>) {
        self.visit.attempt += 1;
        self.arrive(cue);
    }

    /// Comes to the desk, meaning to be served.
    fn arrive(&mut self, cue: &mut Cue<'_, impl Effects<VisitorAct>>) {
        self.start = cue.now;
        self.delayed = false;
        self.callback_from = None;
        self.responded = None;
        self.outright = matches!(self.channel, Channel::Callback { .. });
        self.open(cue);
        let desk = cue.scene.plan.desk(self.desk);
        if let Channel::Callback { .. } = self.channel {
            return self.promise_callback(cue, desk);
        }
        if let Some(patience) = &desk.patience {
            let (persona, attempt) = (self.persona(&cue.scene), self.visit.attempt);
            cue.fx.arm_with(Timer::own(Reason::Patience), || {
                cue.now + persona.patience(desk, patience, attempt)
            });
        }
        if let Some(callback) = desk.callback() {
            cue.fx.arm(Timer::own(Reason::CallbackOffer), cue.now + callback.offer_after);
        }
    }

    fn open(&mut self, cue: &mut Cue<'_, impl Effects<VisitorAct>>) {
        self.state = State::Waiting;
        let topic = match self.channel {
            Channel::Chat if cue.scene.plan.desk(self.desk).mistaken > 0.0 => {
                self.persona(&cue.scene).named_topic(self.desk, self.channel)
            }
            _ => self.topic,
        };
        cue.fx.act(VisitorAct::Open { desk: self.desk, topic, channel: self.channel });
    }

    /// Sees the queue, and joins it or not.
    fn queue(&mut self, cue: &mut Cue<'_, impl Effects<VisitorAct>>, waiting: u32) {
        self.delayed = true;
        let balk_over = cue.scene.plan.desk(self.desk).leaving.balk_over;
        if balk_over.is_some_and(|most| waiting > most) && self.channel == Channel::Chat {
            self.cancel_waiting(cue);
            cue.fx.act(VisitorAct::Leave);
            self.give_up(cue, Ending::Balked);
        }
    }

    fn lose_patience(&mut self, cue: &mut Cue<'_, impl Effects<VisitorAct>>) {
        self.cancel_waiting(cue);
        if !self.leaves_silently(&cue.scene) {
            cue.fx.act(VisitorAct::Leave);
            return self.give_up(cue, Ending::AbandonedQueue);
        }
        self.give_up(cue, Ending::AbandonedSilent);
        self.state = State::Ghost { returns: self.state == State::Away, met: false };
    }

    /// Has waited long enough for a reply.
    fn walk_away(&mut self, cue: &mut Cue<'_, impl Effects<VisitorAct>>) {
        cue.fx.cancel(Timer::own(Reason::WalkOut));
        let silently = self.leaves_silently(&cue.scene);
        if !silently {
            cue.fx.act(VisitorAct::Leave);
        }
        self.finish(cue, Ending::AbandonedChat);
        if silently {
            self.state = State::Ghost { returns: false, met: true };
        }
    }

    fn leaves_silently(&self, scene: &Scene<'_>) -> bool {
        let desk = scene.plan.desk(self.desk);
        self.persona(scene).leaves_silently(desk, self.visit.attempt)
    }

    /// From now on, `within` from now, the desk owes a call.
    fn promise_callback(&mut self, cue: &mut Cue<'_, impl Effects<VisitorAct>>, desk: &DeskPlan) {
        self.callback_from = Some(cue.now);
        if let Some(callback) = desk.callback() {
            cue.fx.arm(Timer::own(Reason::CallbackExpiry), cue.now + callback.within);
        }
    }

    fn consider_callback(&mut self, cue: &mut Cue<'_, impl Effects<VisitorAct>>) {
        let desk = cue.scene.plan.desk(self.desk);
        let takes = desk
            .callback()
            .is_some_and(|callback| self.persona(&cue.scene).takes_callback(callback, self.visit.attempt));
        if takes {
            cue.fx.cancel(Timer::own(Reason::Patience));
            self.channel = Channel::Callback { tried: 0 };
            self.topic = DeskPlan::CALLED_BACK;
            self.promise_callback(cue, desk);
            cue.fx.act(VisitorAct::TakeCallback { topic: self.topic });
        }
    }

    fn closed(&mut self, cue: &mut Cue<'_, impl Effects<VisitorAct>>, closing: Closing) {
        cue.fx.cancel(Timer::own(Reason::WalkOut));
        if cue.scene.messages || self.course(&cue.scene).is_some() {
            self.cancel_talking(cue);
        }
        match closing {
            Closing::Resolved => self.finish(cue, Ending::Resolved),
            Closing::Unresolved => self.finish(cue, Ending::Unresolved),
            Closing::Escalated => self.escalate(cue),
            Closing::Unreached => self.miss_call(cue),
            // The agent believes that the visitor left: for the visitor this is a chat that broke off.
            Closing::Abandoned | Closing::Silent => self.finish(cue, Ending::Unresolved),
        }
    }

    fn escalate(&mut self, cue: &mut Cue<'_, impl Effects<VisitorAct>>) {
        let after = self.persona(&cue.scene).after_escalation(&cue.scene.plan.desk(self.desk).escalation);
        self.finish(cue, Ending::Escalated);
        if let (AfterEscalation::Phone(channel), Some(phone)) = (after, cue.scene.plan.phone) {
            self.desk = phone;
            self.topic = self.persona(&cue.scene).topic_at(phone, channel);
            self.channel = channel;
            self.visit.attempt = 0;
            self.arrive(cue);
        }
    }

    /// A try to call back that reached nobody: another, or none.
    fn miss_call(&mut self, cue: &mut Cue<'_, impl Effects<VisitorAct>>) {
        let (Channel::Callback { tried }, Some(callback)) =
            (self.channel, cue.scene.plan.desk(self.desk).callback())
        else {
            return self.finish(cue, Ending::Unreached);
        };
        let deadline = self.callback_from.map(|from| from + callback.within);
        if tried + 1 >= callback.tries || deadline.is_some_and(|deadline| deadline <= cue.now) {
            return self.finish(cue, Ending::Unreached);
        }
        self.channel = Channel::Callback { tried: tried + 1 };
        self.state = State::Away;
        cue.fx.arm(Timer::own(Reason::CallbackAgain), cue.now + callback.again_after);
        if let Some(deadline) = deadline {
            cue.fx.arm(Timer::own(Reason::CallbackExpiry), deadline);
        }
    }

    /// Ends unserved; perhaps to come back.
    fn give_up(&mut self, cue: &mut Cue<'_, impl Effects<VisitorAct>>, ending: Ending) {
        self.finish(cue, ending);
        let desk = cue.scene.plan.desk(self.desk);
        let retry = desk.retry.as_ref();
        let after = retry.and_then(|retry| self.persona(&cue.scene).retry(desk, retry, self.visit.attempt));
        if let Some(back) = after.map(|after| cue.now + after).filter(|back| *back < cue.scene.doors_close())
        {
            self.state = State::Away;
            cue.fx.arm(Timer::own(Reason::Return), back);
        }
    }

    /// The visit is over, and unless somebody says otherwise the visitor is gone.
    fn finish(&mut self, cue: &mut Cue<'_, impl Effects<VisitorAct>>, ending: Ending) {
        if self.channel != Channel::Chat {
            cue.fx.cancel(Timer::own(Reason::CallbackExpiry));
        }
        self.report(cue, ending);
        self.state = State::Gone;
    }

    fn report(&mut self, cue: &mut Cue<'_, impl Effects<VisitorAct>>, ending: Ending) {
        let assigned = match self.state {
            State::Served(since) if ending != Ending::Unreached => Some(since),
            _ => None,
        };
        let persona = self.persona(&cue.scene);
        let sale = match ending {
            Ending::Resolved | Ending::Unresolved => persona.sale(self.channel),
            _ => Sale::NoIntent,
        };
        cue.fx.observe(Observation::Visit(Outcome {
            desk: self.desk,
            visit: self.visit,
            topic: self.topic,
            channel: self.channel,
            start: self.start,
            delayed: self.delayed,
            assigned,
            responded: self.responded,
            cannot_call: persona.cannot_call(),
            sale,
            callback_from: self.callback_from,
            outright: self.outright,
            ended: cue.now,
            ending,
        }));
    }

    fn cancel_waiting(&self, cue: &mut Cue<'_, impl Effects<VisitorAct>>) {
        cue.fx.cancel(Timer::own(Reason::Patience));
        if self.channel != Channel::Chat {
            cue.fx.cancel(Timer::own(Reason::CallbackOffer));
            cue.fx.cancel(Timer::own(Reason::CallbackExpiry));
        }
    }

    fn cancel_all(&self, cue: &mut Cue<'_, impl Effects<VisitorAct>>) {
        self.cancel_waiting(cue);
        self.cancel_talking(cue);
        for reason in [Reason::WalkOut, Reason::CallbackAgain, Reason::Return] {
            cue.fx.cancel(Timer::own(reason));
        }
    }
}
