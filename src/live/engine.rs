//! The course of a run: agents on duty, visitors by the schedule, the end.

use std::fmt;
use std::future::Future;
use std::io;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{mpsc, watch};
use tokio::task::JoinSet;
use tokio::time::timeout;

use super::arrival::Arrival;
use super::collector::{Collector, Counted, Deltas, Progress, State};
use super::link::Trouble;
use super::notes::Notes;
use super::pacing::{Starts, Stripe};
use super::processor::ProcessorTime;
use super::stage::{Curtain, Stage};
use super::verdict::{why_invalid, why_unplayable, why_unstaffed};
use super::visitor::{CONNECT_AHEAD, VisitorSession, before};
use crate::base::draw::Draws;
use crate::base::id::{AgentId, DeskId};
use crate::base::time::{Moment, RealMoment, RealSpan};
use crate::metrics::recorder::Recorder;
use crate::metrics::slices::Slicer;
use crate::net::clock::{Clock, Pace};
use crate::net::transport::{ConnectFailure, Target};
use crate::record::{Body, Setting};
use crate::scenario::plan::Plan;
use crate::wire::json::PATH;
use crate::wire::token::RunId;

/// How long before its first act a visitor's session is made.
const AHEAD: RealSpan = RealSpan::from_nanos(10_000_000);
/// How long after the last agent is on duty the scenario begins.
const BREATH: RealSpan = RealSpan::from_nanos(50_000_000);
/// How long sessions may take to end once they have to: two goodbyes and a frame that nobody reads.
const EXIT: Duration = Duration::from_secs(15);
/// How long messages that are still on their way are waited for at the end.
const SETTLE: Duration = Duration::from_secs(2);
/// Connections of agents that are being opened at once.
const AT_ONCE: usize = 64;

/// What a run is told beside the plan.
pub struct Options {
    /// The server: `ws://host:port`.
    pub url: String,
    /// Scenario seconds in a real second.
    pub speed: f64,
    /// Which of the visitors are played here.
    pub stripe: Stripe,
    /// The number of the run.
    pub run: RunId,
    /// What there is to record, and in which sections.
    pub setting: Setting,
    /// Where the parts of the record go as the run goes.
    pub deltas: Deltas,
    /// Where the progress is shown.
    pub progress: watch::Sender<Progress>,
}

/// How a run went.
#[derive(Clone, Debug)]
pub struct Played {
    /// What was recorded: everything that went to [`Options::deltas`], together.
    pub body: Body,
    /// Where it stood at the end.
    pub progress: Progress,
    /// When the clock of the run started, by the calendar: nanoseconds since 1970, UTC.
    pub epoch_unix_nanos: u64,
    /// When scenario time began, since that epoch.
    pub origin: RealMoment,
    /// Whether it was stopped before its end.
    pub interrupted: bool,
    /// Why the figures say nothing about the server, if so.
    pub invalid: Option<String>,
}

/// Why there was no run.
#[derive(Debug)]
pub enum LiveError {
    /// The target's URL makes no sense.
    Target(String),
    /// The target could not be reached; says which host and why.
    Unreachable(String),
    /// The target would not have us; says which host and why.
    Refused(String),
    /// This machine would not do it.
    Local(io::Error),
    /// No network could carry the conversations at that speed.
    TooFast(String),
    /// It was stopped before it began.
    Interrupted,
}

impl fmt::Display for LiveError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Target(why) | Self::TooFast(why) => f.write_str(why),
            Self::Unreachable(why) => write!(f, "the target could not be reached: {why}"),
            Self::Refused(why) => write!(f, "the target would not have us: {why}"),
            Self::Local(error) => write!(f, "this machine cannot run it: {error}"),
            Self::Interrupted => f.write_str("stopped before the run began"),
        }
    }
}

impl std::error::Error for LiveError {}

/// Plays `plan` against a server, until everybody is finished, the drain is over, or `stop` is.
///
/// # Errors
/// When the plan cannot be played at that speed, or the agents cannot be put on duty: then nothing was measured.
pub async fn play(
    plan: Arc<Plan>,
    options: Options,
    stop: impl Future<Output = ()>,
) -> Result<Played, LiveError> {
    if let Some(why) = why_unplayable(&plan, options.speed) {
        return Err(LiveError::TooFast(why));
    }
    let mut stop = pin!(stop);
    let clock = Clock::start().map_err(LiveError::Local)?;
    let target = Arc::new(Target::parse(&options.url, PATH).map_err(LiveError::Target)?);
    let populations = plan.populations().map(|(name, _)| Draws::of_population(plan.seed, 0, name)).collect();
    let (notes, reports) = mpsc::unbounded_channel();
    let (curtain, seen_curtain) = watch::channel(Curtain::Up);
    let stage = Arc::new(Stage {
        plan: plan.clone(),
        clock: clock.clone(),
        target,
        speed: options.speed,
        run: options.run,
        notes: Notes(notes),
        curtain: seen_curtain,
        populations,
    });
    let started = ProcessorTime::now(&clock);
    let arrivals = tokio::select! {
        arrivals = on_duty(&stage) => arrivals?,
        () = &mut stop => return Err(LiveError::Interrupted),
    };
    let origin = clock.now() + BREATH;
    let pace = Pace::new(origin, options.speed);
    let starts = || Starts::new(&plan, &stage.populations, options.stripe);
    let state = State {
        now: Progress { expected: starts().count() as u64, ..Progress::default() },
        ..State::default()
    };
    let progress = options.progress.subscribe();
    let collector = Collector {
        clock: clock.clone(),
        pace,
        recorder: Recorder::new(options.setting.layout(), options.setting.sectioning(0)),
        slicer: Slicer::new(&options.setting.layout()),
        progress: options.progress,
        deltas: options.deltas,
        started,
        state,
    };
    let collector = tokio::spawn(collector.work(reports));
    let starts = starts();
    let house = House { stage, pace, curtain, progress };
    let end = house.run(arrivals, starts, stop.as_mut()).await;
    let counted = collector.await.map_err(|error| LiveError::Local(io::Error::other(error)))?;
    let invalid = end.unstaffed.or_else(|| why_invalid(&counted, end.interrupted));
    let Counted { body, progress, .. } = counted;
    let epoch_unix_nanos = clock.epoch_unix_nanos();
    Ok(Played { body, progress, epoch_unix_nanos, origin, interrupted: end.interrupted, invalid })
}

/// Connects every agent, then puts those whose shift begins with the run on duty: in their order, and dual agents of a desk
/// after its own agents.
async fn on_duty(stage: &Arc<Stage>) -> Result<Vec<Arrival>, LiveError> {
    let posts = stage
        .plan
        .desk_ids()
        .flat_map(|(desk, plan)| (0..plan.own_agents()).map(move |number| (desk, AgentId(number))));
    let posts: Vec<(DeskId, AgentId)> = posts.collect();
    let mut arrivals = Vec::with_capacity(posts.len());
    for some in posts.chunks(AT_ONCE) {
        let connecting = some.iter().map(|(desk, number)| {
            let mut arrival = Arrival::new(stage.clone(), *desk, *number);
            tokio::spawn(async move { arrival.connect().await.map(|()| arrival) })
        });
        for connecting in connecting.collect::<Vec<_>>() {
            let connected = connecting.await.map_err(|error| LiveError::Local(io::Error::other(error)))?;
            arrivals.push(connected.map_err(|trouble| no_run(stage, trouble))?);
        }
    }
    for seat in 0..2 {
        for arrival in &mut arrivals {
            arrival.go_on_duty(seat).await.map_err(|trouble| no_run(stage, trouble))?;
        }
    }
    Ok(arrivals)
}

fn no_run(stage: &Stage, trouble: Trouble) -> LiveError {
    let host = stage.target.host();
    match trouble {
        Trouble::Transport(error) if error.kind == ConnectFailure::Exhausted => {
            LiveError::Local(io::Error::other(error.to_string()))
        }
        Trouble::Transport(error) => LiveError::Unreachable(error.to_string()),
        Trouble::Refused(why) => LiveError::Refused(format!("{host}: {why}")),
        Trouble::Protocol(why) => LiveError::Refused(format!("{host} does not speak our protocol: {why}")),
        Trouble::HungUp => LiveError::Refused(format!("{host} hung up")),
    }
}

/// How the run ended.
#[derive(Debug, Default)]
struct End {
    interrupted: bool,
    /// Why it went on without those who should have served, if it did.
    unstaffed: Option<String>,
}

/// A run that has begun.
struct House {
    stage: Arc<Stage>,
    pace: Pace,
    curtain: watch::Sender<Curtain>,
    progress: watch::Receiver<Progress>,
}

impl House {
    async fn run(
        self,
        arrivals: Vec<Arrival>,
        starts: Starts,
        mut stop: std::pin::Pin<&mut impl Future<Output = ()>>,
    ) -> End {
        let mut agents = JoinSet::new();
        for arrival in arrivals {
            agents.spawn(arrival.begin(self.pace).play());
        }
        let mut visitors = JoinSet::new();
        let mut end = End::default();
        let mut lost = Vec::new();
        tokio::select! {
            () = self.play_visitors(starts, &mut visitors) => {}
            () = stop.as_mut() => end.interrupted = true,
            () = all_gone(&mut agents, &mut lost) => {
                let at = self.pace.scenario(self.stage.clock.now()).secs();
                end.unstaffed = Some(format!("the target cut off every agent by {at:.0} s of the scenario"));
            }
        }
        // Where everybody is finished nobody is cut short: what agents still hear of them counts.
        if !visitors.is_empty() {
            self.curtain.send_replace(Curtain::Falling);
            wait_for(&mut visitors).await;
        }
        if !end.interrupted {
            self.settle().await;
        }
        self.curtain.send_replace(Curtain::Down);
        lost.extend(wait_for(&mut agents).await.into_iter().flatten());
        end.unstaffed = end.unstaffed.or_else(|| why_unstaffed(&self.stage.plan, &lost));
        end
    }

    /// Lets every visitor come, and stay until they are finished or the drain is over.
    async fn play_visitors(&self, starts: Starts, visitors: &mut JoinSet<()>) {
        for start in starts {
            let early = before(self.pace.real(start.at), CONNECT_AHEAD + AHEAD);
            self.stage.clock.until(early).await;
            let session = VisitorSession::new(self.stage.clone(), self.pace, start.population, start.index);
            visitors.spawn(session.play(start.at));
            // Those who are finished need not be kept.
            while visitors.try_join_next().is_some() {}
        }
        let plan = &self.stage.plan;
        let drained = self.pace.real(Moment::ZERO + plan.length + plan.run.drain);
        tokio::select! {
            () = async {
                while visitors.join_next().await.is_some() {}
                self.look_again(|progress| progress.in_hand == 0).await;
            } => {}
            () = self.stage.clock.until(drained) => {}
        }
    }

    /// Waits for messages that are still on their way.
    async fn settle(&self) {
        let _ = timeout(SETTLE, self.look_again(|progress| progress.outstanding == 0)).await;
    }

    /// Waits until what is so of a progress that counts everything put down by now.
    async fn look_again(&self, is_so: impl FnMut(&Progress) -> bool) {
        let mut progress = self.progress.clone();
        progress.mark_unchanged();
        // A look that was under way has not counted what was put down just before.
        for _ in 0..2 {
            let _ = progress.changed().await;
        }
        let _ = progress.wait_for(is_so).await;
    }
}

/// Over when no agent has a connection any more, with the desks of the lost. Never, where there were none.
async fn all_gone(agents: &mut JoinSet<Option<DeskId>>, lost: &mut Vec<DeskId>) {
    if agents.is_empty() {
        std::future::pending::<()>().await;
    }
    while let Some(played) = agents.join_next().await {
        lost.extend(played.ok().flatten());
    }
}

/// Waits for sessions that have to end, and gives what they end with; who does not is cut off.
async fn wait_for<T: 'static>(sessions: &mut JoinSet<T>) -> Vec<T> {
    let mut ended = Vec::new();
    let _ = timeout(EXIT, async {
        while let Some(session) = sessions.join_next().await {
            ended.extend(session.ok());
        }
    })
    .await;
    sessions.shutdown().await;
    ended
}
