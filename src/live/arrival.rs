//! Before the run: connecting, and going on duty; an agent who does so where the shift begins with it.

use std::sync::Arc;
use std::time::Duration;

use tokio::time::timeout;

use super::agent::AgentSession;
use super::link::{Connected, Link, Trouble};
use super::notes::Note;
use super::place::Place;
use super::stage::{Curtain, Sink, Stage};
use super::timers::Timers;
use crate::base::draw::Draws;
use crate::base::id::{AgentId, DeskId};
use crate::base::time::Moment;
use crate::base::words::AgentAct;
use crate::net::clock::Pace;
use crate::people::agent::{Agent, AgentEvent};
use crate::scenario::plan::DualPlan;
use crate::wire::{Act, Beside, Duty, Event};

/// How long a server may take to put somebody on duty.
const ON_DUTY: Duration = Duration::from_secs(10);

/// An agent who is connected, and perhaps on duty; the run has not begun.
pub(super) struct Arrival {
    stage: Arc<Stage>,
    desk: DeskId,
    number: AgentId,
    agent: Agent,
    duties: Vec<Duty>,
    /// Whether the shift begins with the run.
    is_ready: bool,
    link: Link,
    timers: Timers,
}

impl Arrival {
    /// Agent `number` of a desk, whose connection is `link`.
    pub(super) fn new(stage: Arc<Stage>, desk: DeskId, number: AgentId, link: Link) -> Self {
        let mut agent = Agent::new(&stage.scene(), desk, number);
        let (mut acts, mut timers) = (Vec::new(), Timers::default());
        let mut sink = Sink { acts: &mut acts, timers: &mut timers, notes: &stage.notes };
        agent.handle(Moment::ZERO, AgentEvent::Start, &stage.scene(), &mut sink);
        let is_ready = acts.contains(&AgentAct::Ready);
        let duties = duties(&stage, desk, &agent);
        Self { stage, desk, number, agent, duties, is_ready, link, timers }
    }

    /// Goes on duty at one of the agent's seats, if there is one of that number and the shift begins with the run.
    /// Agents do so in their order, since ties of the routing go by it.
    pub(super) async fn go_on_duty(&mut self, seat: usize) -> Result<(), Trouble> {
        match self.duties.get(seat).filter(|_| self.is_ready) {
            Some(duty) => on_duty(&mut self.link, &Act::Ready(duty.clone())).await,
            None => Ok(()),
        }
    }

    /// The run begins.
    pub(super) fn begin(self, pace: Pace) -> AgentSession {
        let plan = &self.stage.plan;
        let draws = Draws::of_agents(plan.seed, 0, &plan.desk(self.desk).name).visitor(self.number.0.into());
        let place = Place::new(self.stage, pace, draws, self.link, self.timers, Curtain::Falling);
        AgentSession::new(self.agent, self.desk, self.duties, place)
    }
}

/// Connects and greets.
pub(super) async fn connected(stage: Arc<Stage>, mut link: Link) -> Result<Link, Trouble> {
    let connected: Connected = link.connect().await?;
    stage.notes.put(Note::Connected(stage.opens(), connected));
    Ok(link)
}

/// Asks to be on duty, and waits for the answer.
pub(super) async fn on_duty(link: &mut Link, request: &Act) -> Result<(), Trouble> {
    link.act(request).await;
    let answer = timeout(ON_DUTY, async {
        loop {
            match link.next_event() {
                // It may have had to wait, and be late for it.
                Some((
                    _,
                    Event::Throttled { .. }
                    | Event::TakenIn { .. }
                    | Event::Unanswered { .. }
                    | Event::PutOff { .. }
                    | Event::Withheld { .. },
                )) => {}
                Some((_, event)) => return event,
                None => link.hear_before_deadline().await,
            }
        }
    });
    match answer.await {
        Ok(Event::OnDuty) => Ok(()),
        Ok(Event::Refused { why }) => Err(Trouble::Refused(why)),
        Ok(Event::Gone(why)) => Err(Trouble::HungUp(why)),
        Ok(Event::Broken { why }) => Err(Trouble::Protocol(why)),
        Ok(_) => Err(Trouble::Protocol("it said something else than that somebody is on duty".into())),
        Err(_) => Err(Trouble::Protocol(format!("nobody was on duty within {} s", ON_DUTY.as_secs()))),
    }
}

/// What an agent offers at each of the seats: the own desk first, then the phone pool of one who takes calls too.
fn duties(stage: &Stage, desk: DeskId, agent: &Agent) -> Vec<Duty> {
    let seats = std::iter::once((desk, agent.group())).chain(agent.dual());
    let duty = |(desk, group)| {
        let plan = stage.plan.desk(desk);
        let of_group = plan.group(group);
        let beside = |dual: DualPlan| Beside { call: dual.call, reserve: dual.reserve };
        Duty {
            desk: plan.name.clone(),
            group: of_group.name.clone().unwrap_or_default(),
            slots: of_group.concurrency,
            skills: of_group.skills.clone(),
            paced: plan.is_paced(group),
            beside: of_group.dual.map(beside),
        }
    };
    seats.map(duty).collect()
}
