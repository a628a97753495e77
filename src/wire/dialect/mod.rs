//! The codec that speaks what a dialect says (`scenario::plan::dialect`): a messenger over HTTP and WebSockets, of which nothing but the
//! dialect knows the protocol.
//!
//! * Each act is a job, a run of the act's steps that may wait on the way. Acts towards the same peer are done one after the other, so
//!   that messages stay in order; so are those towards nobody in particular. What a rule does is a job as well, and waits for nobody.
//! * A line is one transport. Over HTTP one question is out at a time, the others stand in line.
//! * What comes is offered to the jobs that wait for a frame, then to the rules.
//!
//! Nothing is parsed here but what the server sends. Everything is bounded: jobs, questions, variables, what is remembered, events of a frame.

mod ask;
mod escape;
mod hear;
mod jar;
mod job;
mod line;
mod mask;
mod memory;
mod poll;
mod seen;
mod step;
mod target;
mod tell;

use std::collections::VecDeque;
use std::fmt;
use std::sync::Arc;

use serde_json::Value;

use super::messenger::{Act, Event};
use super::{Codec, Input, Output};
use crate::base::time::{RealMoment, RealSpan};
use crate::scenario::plan::dialect::{ActKind, BUILT_IN, DialectPlan, OFTENEST, Rule, Script, Timer};
use jar::Jar;
use job::{Errand, Job, Wait};
use line::Line;
use memory::{Memory, Missing, Scene};
use seen::Seen;
use tell::span;

pub use crate::scenario::plan::dialect::Role;
pub use target::Target;

/// As which act a dialect describes this; nothing, where no dialect has a word for it.
#[must_use]
pub fn kind_of(act: &Act) -> Option<ActKind> {
    Errand::to(act, RealMoment::ZERO).map(|errand| errand.act)
}

/// How long connecting may take, logging in included.
const CONNECTING: RealSpan = RealSpan::from_whole_secs(30);
/// How long what was begun may take to end when the person hangs up, and the goodbye after that.
const LEAVING: RealSpan = RealSpan::from_nanos(500_000_000);
/// Acts that wait for their turn at the most.
const MOST_ERRANDS: usize = 64;
/// Acts and reactions under way at the most.
const MOST_JOBS: usize = 32;
/// Events of one frame, or of one answer, at the most.
const MOST_EVENTS: usize = 1_000;
/// How often a timer looks whether it is known by now when it is to ring.
const UNKNOWN: RealSpan = RealSpan::from_whole_secs(1);
/// Reactions to one of these at the most.
const MOST_REACTIONS: usize = 100;

/// Where a connection stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    /// There is none, or it is being closed.
    Down,
    /// Connecting, until then at the most.
    Connecting(RealMoment),
    /// Logged in.
    Up,
    /// The person hangs up; what was begun may end until then.
    Leaving(RealMoment),
    /// Says goodbye, until then at the most.
    Parting(RealMoment),
}

/// Whose connection it is.
#[derive(Clone, Default)]
pub struct Account {
    /// The name to log in with.
    pub user: String,
    /// The password.
    pub password: String,
}

/// What provisioning has left for the connections of an account.
#[derive(Clone, Debug)]
struct Kept {
    variables: Vec<Value>,
    jar: Jar,
}

/// One person's side of one connection at a time.
pub struct Dialect {
    target: Arc<Target>,
    role: Role,
    account: Account,
    seed: u64,
    /// Whether this is for provisioning alone.
    provisions: bool,
    /// What provisioning has left.
    kept: Option<Kept>,
    state: State,
    memory: Memory,
    lines: Vec<Line>,
    /// Acts that wait for their turn.
    errands: VecDeque<Errand>,
    jobs: Vec<Job>,
    seen: Seen,
    /// When each timer is due.
    timers: Vec<RealMoment>,
    /// The number of the next question, and of the next connection: no two draw alike.
    questions: u32,
    connections: u64,
    /// Events of the present input, and reactions to it.
    told: usize,
    reactions: usize,
    /// The last rule that was left out for want of a variable.
    left_out: Option<(Arc<Rule>, Missing)>,
}

impl Dialect {
    /// A connection of `role` that is not there yet. `seed` is this connection's own; what it names itself is drawn from it. An account that was
    /// provisioned in this run goes on from that; where that is needed and was not done, connecting begins with it.
    #[must_use]
    pub fn new(target: Arc<Target>, role: Role, account: Account, seed: u64) -> Self {
        let lines = target.plan.transports.iter().map(|transport| Line::new(transport.kind)).collect();
        Self {
            memory: Memory::new(&target, seed),
            provisions: false,
            kept: target.provisioned(&account.user),
            target,
            role,
            account,
            seed,
            state: State::Down,
            lines,
            errands: VecDeque::new(),
            jobs: Vec::new(),
            seen: Seen::default(),
            timers: Vec::new(),
            questions: 0,
            connections: 0,
            told: 0,
            reactions: 0,
            left_out: None,
        }
    }

    /// What is done once for an account before the run: [`Act::Connect`] does that and no more, and [`Event::Welcome`] says that it is done. What
    /// that leaves is the account's with this target from then on.
    #[must_use]
    pub fn provisioning(target: Arc<Target>, role: Role, account: Account, seed: u64) -> Self {
        Self { provisions: true, kept: None, ..Self::new(target, role, account, seed) }
    }

    /// `text` with all that is secret taken out, to be shown.
    #[must_use]
    pub fn masked(&self, text: &str) -> String {
        let secrets = self.target.plan.secrets.iter().map(|at| &self.memory.variables[*at]);
        mask::masked(text, secrets, &self.memory.jar)
    }

    /// The last rule that fitted and was left out since this was asked, because a variable that it names is not there, for a person to read.
    pub fn take_left_out(&mut self) -> Option<String> {
        self.left_out.take().map(|(rule, missing)| format!("{} is left out: {missing}", rule.place))
    }

    /// Whether something that the person did is under way, or waits for its turn.
    #[must_use]
    pub fn is_busy(&self) -> bool {
        !self.errands.is_empty() || self.jobs.iter().any(|job| job.errand.is_some())
    }

    /// How often the slowest of the timers rings, as far as that is known; nothing, where there are none.
    #[must_use]
    pub fn slowest_timer(&mut self, now: RealMoment) -> Option<RealSpan> {
        let plan = Arc::clone(&self.target.plan);
        plan.roles[self.role as usize].timers.iter().map(|timer| self.rings_after(timer, now)).max()
    }

    /// What templates are judged by, with nothing at hand.
    fn scene(&mut self, now: RealMoment) -> Scene<'_> {
        let now = self.target.epoch.saturating_add(now.nanos());
        Scene::of(&mut self.memory, now)
    }

    fn connect(&mut self, now: RealMoment, out: &mut Vec<Output<Event>>) {
        // Whatever was there before is over, however little was heard of that.
        self.hang_up(out);
        self.begin_anew();
        self.state = State::Connecting(now + CONNECTING);
        let first = if self.kept.is_none() && self.script(ActKind::Provision).is_some() {
            ActKind::Provision
        } else {
            ActKind::Connect
        };
        self.enter(first, now, out);
    }

    /// Begins to log in, or what has to be done before that.
    fn enter(&mut self, first: ActKind, now: RealMoment, out: &mut Vec<Output<Event>>) {
        match self.script(first) {
            Some(script) => self.go_on(Job::new(script, Errand::of(first, now), now), now, out),
            None => {
                let why =
                    format!("the dialect {} has no {} for a {}", self.plan().name, first.word(), self.role);
                self.break_off(Event::Refused { why }, out);
            }
        }
    }

    /// The account is provisioned: that is all that was wanted, or now the person logs in.
    fn provisioned(&mut self, now: RealMoment, out: &mut Vec<Output<Event>>) {
        let kept = Kept { variables: self.memory.variables.clone(), jar: self.memory.jar.clone() };
        if !self.provisions {
            self.kept = Some(kept);
            return self.enter(ActKind::Connect, now, out);
        }
        self.target.hand_on(&self.account.user, kept);
        self.tell(Event::Welcome { address: self.account.user.clone(), typing: false }, out);
        self.hang_up(out);
    }

    /// Knows nothing but what the account brings with it.
    fn begin_anew(&mut self) {
        self.connections += 1;
        let seed = self.seed ^ (self.connections << 48);
        self.memory = Memory::new(&self.target, seed);
        if let Some(kept) = &self.kept {
            self.memory.variables.clone_from(&kept.variables);
            self.memory.jar = kept.jar.clone();
        }
        let settings = self.target.plan.settings.len();
        for (at, name) in BUILT_IN.into_iter().enumerate() {
            let value = match name {
                "user" => self.account.user.as_str(),
                "password" => self.account.password.as_str(),
                "role" => self.role.word(),
                _ => continue,
            };
            self.memory.variables[settings + at] = Value::from(value);
        }
        self.lines = self.target.plan.transports.iter().map(|transport| Line::new(transport.kind)).collect();
        self.errands.clear();
        self.jobs.clear();
        self.seen = Seen::default();
    }

    fn plan(&self) -> &DialectPlan {
        &self.target.plan
    }

    fn script(&self, act: ActKind) -> Option<Arc<Script>> {
        self.plan().roles[self.role as usize].acts[act as usize].clone()
    }

    fn act(&mut self, now: RealMoment, act: &Act, out: &mut Vec<Output<Event>>) {
        let errand = match act {
            Act::Connect => return self.connect(now, out),
            Act::Disconnect => return self.disconnect(now, out),
            act => match Errand::to(act, now) {
                Some(errand) => errand,
                None => return,
            },
        };
        if !matches!(self.state, State::Up | State::Connecting(_)) {
            return;
        }
        if self.script(errand.act).is_none() {
            // Whoever has no word for it does nothing; but a message that goes nowhere must not go unnoticed.
            if matches!(
                errand.act,
                ActKind::Tell | ActKind::Post | ActKind::Open | ActKind::Ready | ActKind::Enter
            ) {
                let why = format!(
                    "the dialect {} has no {} for a {}",
                    self.plan().name,
                    errand.act.word(),
                    self.role
                );
                self.tell(Event::Failed { why }, out);
            }
            return;
        }
        if self.errands.len() >= MOST_ERRANDS {
            let why = format!("{MOST_ERRANDS} acts wait for the server already");
            return self.tell(Event::Failed { why }, out);
        }
        self.errands.push_back(errand);
        self.set_out(now, out);
    }

    /// Begins the acts whose turn it is.
    fn set_out(&mut self, now: RealMoment, out: &mut Vec<Output<Event>>) {
        if !matches!(self.state, State::Up | State::Leaving(_)) {
            return;
        }
        self.stop_asking();
        let mut at = 0;
        while at < self.errands.len() && self.jobs.len() < MOST_JOBS {
            let lane = &self.errands[at].lane;
            let taken =
                self.jobs.iter().any(|job| job.errand.as_ref().is_some_and(|errand| errand.lane == *lane))
                    || self.errands.iter().take(at).any(|before| before.lane == *lane);
            if taken {
                at += 1;
                continue;
            }
            let Some(errand) = self.errands.remove(at) else { return };
            if let Some(script) = self.script(errand.act) {
                self.go_on(Job::new(script, errand, now), now, out);
            }
            if self.state == State::Down {
                return;
            }
            // What was begun may be over already, and the next of its lane come before `at`.
            at = 0;
        }
    }

    /// Whoever leaves does not ask again to be served; what was asked already gets its answer first.
    fn stop_asking(&mut self) {
        if self.errands.iter().any(|errand| errand.act == ActKind::Leave) {
            self.jobs.retain(|job| job.act() != Some(ActKind::Open) || !matches!(job.wait, Wait::Until(_)));
        }
    }

    fn disconnect(&mut self, now: RealMoment, out: &mut Vec<Output<Event>>) {
        match self.state {
            State::Up => {
                self.state = State::Leaving(now + LEAVING);
                self.leave_when_done(now, out);
            }
            State::Connecting(_) => self.hang_up(out),
            State::Down | State::Leaving(_) | State::Parting(_) => {}
        }
    }

    /// Says goodbye as soon as nothing that the person did is under way any more.
    fn leave_when_done(&mut self, now: RealMoment, out: &mut Vec<Output<Event>>) {
        let State::Leaving(until) = self.state else { return };
        if self.is_busy() && now < until {
            return;
        }
        self.errands.clear();
        self.jobs.clear();
        self.state = State::Parting(now + LEAVING);
        match self.script(ActKind::Disconnect) {
            Some(script) => self.go_on(Job::new(script, Errand::of(ActKind::Disconnect, now), now), now, out),
            None => self.hang_up(out),
        }
    }

    /// Closes everything. What still comes until that is done concerns messages alone.
    fn hang_up(&mut self, out: &mut Vec<Output<Event>>) {
        self.state = State::Down;
        self.errands.clear();
        self.jobs.clear();
        self.timers.clear();
        for (at, line) in self.lines.iter_mut().enumerate() {
            line.close(at, out);
        }
    }

    fn tick(&mut self, now: RealMoment, out: &mut Vec<Output<Event>>) {
        if let State::Connecting(until) = self.state
            && now >= until
        {
            let why = format!("no welcome within {} s", CONNECTING.secs());
            return self.break_off(Event::Broken { why }, out);
        }
        if let State::Parting(until) = self.state
            && now >= until
        {
            return self.hang_up(out);
        }
        self.wake_jobs(now, out);
        self.leave_when_done(now, out);
        self.ring(now, out);
        self.poll_due(now, out);
    }

    /// Does what timers say whose time has come.
    fn ring(&mut self, now: RealMoment, out: &mut Vec<Output<Event>>) {
        if self.state != State::Up {
            return;
        }
        for at in 0..self.timers.len() {
            if self.timers.get(at).is_none_or(|due| *due > now) {
                continue;
            }
            let timer = self.plan().roles[self.role as usize].timers[at].clone();
            let every = span(&mut self.scene(now), &timer.every);
            self.timers[at] = now + every.unwrap_or(UNKNOWN).max(OFTENEST);
            if every.is_some() && self.scene(now).all_hold(&timer.when) {
                self.react(timer.run, Vec::new(), now, out);
            }
        }
    }

    /// After how long a timer rings again. Where that is not known yet, it looks again in a while.
    fn rings_after(&mut self, timer: &Timer, now: RealMoment) -> RealSpan {
        span(&mut self.scene(now), &timer.every).unwrap_or(UNKNOWN).max(OFTENEST)
    }

    /// Begins steps that nobody asked for: those of a rule or of a timer.
    fn react(
        &mut self,
        script: Arc<Script>,
        locals: Vec<Value>,
        now: RealMoment,
        out: &mut Vec<Output<Event>>,
    ) {
        self.reactions += 1;
        if self.jobs.len() >= MOST_JOBS || self.reactions > MOST_REACTIONS {
            let why = "the server asks for too many things at once".to_owned();
            return self.break_off(Event::Broken { why }, out);
        }
        self.go_on(Job::reaction(script, locals, now), now, out);
    }
}

/// What it keeps for itself: not the plan, which is everybody's, and nobody's password.
impl fmt::Debug for Dialect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Dialect")
            .field("user", &self.account.user)
            .field("state", &self.state)
            .field("memory", &self.memory)
            .field("lines", &self.lines)
            .field("errands", &self.errands)
            .field("jobs", &self.jobs)
            .field("seen", &self.seen)
            .finish_non_exhaustive()
    }
}

impl Codec for Dialect {
    type Act = Act;
    type Event = Event;

    fn handle(&mut self, now: RealMoment, input: Input<'_, Act>, out: &mut Vec<Output<Event>>) {
        (self.told, self.reactions) = (0, 0);
        match input {
            Input::Act(act) => self.act(now, act, out),
            Input::Opened(transport) => self.opened(usize::from(transport.0), now, out),
            Input::Frame(transport, text) => self.frame(usize::from(transport.0), text, now, out),
            Input::Answered(transport, number, answer) => {
                self.answered(usize::from(transport.0), number, answer, now, out);
            }
            Input::Closed(transport, goodbye) => {
                self.closed(usize::from(transport.0), goodbye, now, out);
            }
            Input::Tick => self.tick(now, out),
            // A dialect has no streams.
            Input::Secured(_) | Input::Bytes(..) => {}
        }
        self.set_out(now, out);
        self.leave_when_done(now, out);
    }

    fn next_deadline(&self) -> Option<RealMoment> {
        let state = match self.state {
            State::Connecting(until) | State::Leaving(until) | State::Parting(until) => Some(until),
            State::Down => return None,
            State::Up => None,
        };
        let jobs = self.jobs.iter().filter_map(|job| match job.wait {
            Wait::Frame(until) | Wait::Kept(until) | Wait::Until(until) => Some(until),
            Wait::Nothing | Wait::Opening(_) | Wait::Answer(_) => None,
        });
        let polls = self.lines.iter().filter_map(Line::next_poll);
        let timers = self.timers.iter().copied().filter(|_| self.state == State::Up);
        state.into_iter().chain(jobs).chain(polls).chain(timers).min()
    }
}

#[cfg(test)]
mod tests;
