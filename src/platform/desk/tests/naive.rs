//! The desk against another that looks at everybody each time: over random calls the two do the same.

use proptest::prelude::*;

use super::super::*;

const AGENTS: u32 = 4;
const TICKETS: u32 = 8;

#[derive(Clone, Copy, Debug)]
struct Agent {
    on_duty: bool,
    group: usize,
    slots: u32,
    since: u64,
    paced: bool,
    barred: bool,
    suspended: bool,
}

#[derive(Clone, Copy, Debug)]
struct Visitor {
    topic: usize,
    place: u64,
    with: Option<u32>,
}

/// Two topics and two groups; the second topic is for the second group alone.
struct Naive {
    routing: Routing,
    agents: [Agent; AGENTS as usize],
    visitors: [Option<Visitor>; TICKETS as usize],
    last: Option<u32>,
    arrived: u64,
}

impl Naive {
    fn held(&self, agent: u32) -> u32 {
        self.visitors.iter().flatten().filter(|v| v.with == Some(agent)).count() as u32
    }

    fn open(&self, agent: u32, topic: usize) -> bool {
        let a = self.agents[agent as usize];
        a.on_duty && !a.barred && !a.suspended && a.group >= topic && self.held(agent) < a.slots
    }

    fn choose(&self, topic: usize, but: Option<u32>) -> Option<u32> {
        let able = (0..AGENTS).filter(|a| Some(*a) != but && self.open(*a, topic));
        let since = |a: u32| self.agents[a as usize].since;
        match self.routing {
            Routing::LeastBusy => able.min_by_key(|a| (self.held(*a), since(*a), *a)),
            Routing::MostBusy => able.min_by_key(|a| (std::cmp::Reverse(self.held(*a)), since(*a), *a)),
            Routing::LongestIdle => able.min_by_key(|a| (since(*a), *a)),
            Routing::RoundRobin => {
                let first = self.last.map_or(0, |last| last + 1);
                able.min_by_key(|a| (a + AGENTS * 2 - first) % AGENTS)
            }
        }
    }

    fn give(&mut self, now: u64, ticket: u32, agent: u32) {
        self.visitors[ticket as usize].as_mut().expect("a visitor").with = Some(agent);
        let a = &mut self.agents[agent as usize];
        a.since = now;
        a.barred = a.paced;
        self.last = Some(agent);
    }

    fn take(&mut self, now: u64, ticket: u32, agent: u32) {
        self.visitors[ticket as usize].as_mut().expect("a visitor").with = None;
        self.agents[agent as usize].since = now;
        if self.held(agent) == 0 {
            self.agents[agent as usize].barred = false;
        }
    }

    fn place(&mut self, now: u64, ticket: u32, topic: usize, but: Option<u32>) -> Placement {
        self.visitors[ticket as usize].as_mut().expect("a visitor").topic = topic;
        match self.choose(topic, but) {
            Some(agent) => {
                self.give(now, ticket, agent);
                Placement::Assigned(AgentId(agent))
            }
            None => Placement::Queued,
        }
    }

    fn join(&mut self, now: u64, ticket: u32, topic: usize) -> Placement {
        match self.visitors[ticket as usize] {
            Some(Visitor { with: Some(agent), .. }) => Placement::Assigned(AgentId(agent)),
            Some(_) => Placement::Queued,
            None => {
                self.arrived += 1;
                self.visitors[ticket as usize] = Some(Visitor { topic, place: self.arrived, with: None });
                self.place(now, ticket, topic, None)
            }
        }
    }

    fn next_for(&mut self, now: u64, agent: u32) -> Option<Assignment> {
        let waits = |t: &u32| {
            let visitor = self.visitors[*t as usize].filter(|v| v.with.is_none())?;
            self.open(agent, visitor.topic).then_some(visitor.place)
        };
        let ticket = (0..TICKETS).filter(|t| waits(t).is_some()).min_by_key(waits)?;
        self.give(now, ticket, agent);
        Some(Assignment { ticket: Ticket(ticket), agent: AgentId(agent) })
    }

    fn queue(&self) -> Vec<Ticket> {
        let mut waiting: Vec<_> = (0..TICKETS)
            .filter_map(|t| {
                self.visitors[t as usize].filter(|v| v.with.is_none()).map(|v| (v.place, Ticket(t)))
            })
            .collect();
        waiting.sort_by_key(|(place, _)| *place);
        waiting.into_iter().map(|(_, ticket)| ticket).collect()
    }
}

#[derive(Clone, Copy, Debug)]
enum Call {
    Enter { agent: u32, group: usize, slots: u32, paced: bool },
    Exit(u32),
    More(u32),
    Suspend(u32),
    Resume(u32),
    Join { ticket: u32, topic: usize },
    Leave(u32),
    Free(u32),
    Transfer { ticket: u32, topic: usize },
    Requeue { ticket: u32, topic: usize },
    NextFor(u32),
}

fn call() -> impl Strategy<Value = Call> {
    let (agent, ticket, topic) = (0..AGENTS, 0..TICKETS, 0..2usize);
    prop_oneof![
        2 => (agent.clone(), topic.clone(), 1..4u32, any::<bool>())
            .prop_map(|(agent, group, slots, paced)| Call::Enter { agent, group, slots, paced }),
        1 => agent.clone().prop_map(Call::Exit),
        1 => agent.clone().prop_map(Call::More),
        1 => agent.clone().prop_map(Call::Suspend),
        1 => agent.clone().prop_map(Call::Resume),
        6 => (ticket.clone(), topic.clone()).prop_map(|(ticket, topic)| Call::Join { ticket, topic }),
        2 => ticket.clone().prop_map(Call::Leave),
        3 => ticket.clone().prop_map(Call::Free),
        2 => (ticket.clone(), topic.clone()).prop_map(|(ticket, topic)| Call::Transfer { ticket, topic }),
        1 => (ticket, topic).prop_map(|(ticket, topic)| Call::Requeue { ticket, topic }),
        3 => agent.prop_map(Call::NextFor),
    ]
}

/// Makes the call to both; fails where their answers differ.
fn make(now: u64, call: Call, desk: &mut Desk, naive: &mut Naive) {
    let t = Moment::from_nanos(now);
    let topic_id = |topic: usize| TopicId(topic as u16);
    let held = |naive: &Naive, ticket: u32| naive.visitors[ticket as usize].and_then(|v| v.with);
    match call {
        Call::Enter { agent, group, slots, paced } => {
            desk.enter(t, AgentId(agent), GroupId(group as u16), slots, paced);
            naive.agents[agent as usize] =
                Agent { on_duty: true, group, slots, since: now, paced, barred: false, suspended: false };
        }
        Call::Exit(agent) => {
            desk.exit(AgentId(agent));
            naive.agents[agent as usize].on_duty = false;
        }
        Call::More(agent) => {
            desk.more(AgentId(agent));
            naive.agents[agent as usize].barred = false;
        }
        Call::Suspend(agent) => {
            desk.suspend(AgentId(agent));
            naive.agents[agent as usize].suspended = true;
        }
        Call::Resume(agent) => {
            desk.resume(AgentId(agent));
            naive.agents[agent as usize].suspended = false;
        }
        Call::Join { ticket, topic } => {
            assert_eq!(desk.join(t, Ticket(ticket), topic_id(topic)), naive.join(now, ticket, topic));
        }
        Call::Leave(ticket) => {
            let expected = match naive.visitors[ticket as usize] {
                Some(Visitor { with: Some(agent), .. }) => Departure::Conversation(AgentId(agent)),
                Some(_) => Departure::Queue,
                None => Departure::Nothing,
            };
            assert_eq!(desk.leave(Ticket(ticket)), expected);
            if expected == Departure::Queue {
                naive.visitors[ticket as usize] = None;
            }
        }
        Call::Free(ticket) => {
            let agent = held(naive, ticket);
            assert_eq!(desk.free(t, Ticket(ticket)), agent.map(AgentId));
            if let Some(agent) = agent {
                naive.take(now, ticket, agent);
                naive.visitors[ticket as usize] = None;
            }
        }
        Call::Transfer { ticket, topic } => {
            let expected = held(naive, ticket).map(|agent| {
                naive.take(now, ticket, agent);
                naive.place(now, ticket, topic, Some(agent))
            });
            assert_eq!(desk.transfer(t, Ticket(ticket), topic_id(topic)), expected);
        }
        Call::Requeue { ticket, topic } => {
            let waits = naive.visitors[ticket as usize].is_some_and(|v| v.with.is_none());
            let expected = waits.then(|| naive.place(now, ticket, topic, None));
            assert_eq!(desk.requeue(t, Ticket(ticket), topic_id(topic)), expected);
        }
        Call::NextFor(agent) => assert_eq!(desk.next_for(t, AgentId(agent)), naive.next_for(now, agent)),
    }
}

proptest! {
    #[test]
    fn the_desk_does_what_looking_at_everybody_does(
        routing in prop::sample::select(&[
            Routing::LeastBusy, Routing::MostBusy, Routing::LongestIdle, Routing::RoundRobin,
        ][..]),
        // Several calls to an instant: ties are part of it.
        calls in prop::collection::vec((0..2u64, call()), 1..80),
    ) {
        let mut desk = Desk::new(routing);
        desk.add_topic(Vec::new());
        desk.add_topic(vec!["hard".into()]);
        desk.add_group(Vec::new());
        desk.add_group(vec!["hard".into()]);
        let nobody = Agent {
            on_duty: false, group: 0, slots: 0, since: 0, paced: false, barred: false, suspended: false,
        };
        let mut naive = Naive {
            routing,
            agents: [nobody; AGENTS as usize],
            visitors: [None; TICKETS as usize],
            last: None,
            arrived: 0,
        };
        let mut now = 0;
        for (later, call) in calls {
            now += later;
            make(now, call, &mut desk, &mut naive);
            prop_assert_eq!(desk.queue(), naive.queue());
            prop_assert_eq!(desk.waiting(), naive.queue().len());
            for agent in 0..AGENTS {
                prop_assert_eq!(desk.held(AgentId(agent)), naive.held(agent));
            }
        }
    }
}
