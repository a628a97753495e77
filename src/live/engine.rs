//! The course of a run: agents and moderators on duty, visitors and guests by the schedule, the end.

use std::fmt;
use std::future::Future;
use std::io;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{mpsc, watch};
use tokio::task::{JoinHandle, JoinSet};
use tokio::time::timeout;

use super::collector::{Collector, Counted, Parts, Progress, State};
use super::gauges::Gauges;
use super::guest::GuestSession;
use super::holds::Holds;
use super::link::Targets;
use super::meter::Meter;
use super::notes::Notes;
use super::pacing::{Starts, Stripe, crowds};
use super::passed::Passed;
use super::place::{CONNECT_AHEAD, before};
use super::promptness::Promptness;
use super::site::Site;
use super::staff::{Staff, on_duty, register};
use super::stage::{Curtain, Stage};
use super::verdict::{Lost, remarks_on, why_unplayable, why_unstaffed};
use super::visitor::VisitorSession;
use super::voices::Voices;
use super::witness;
use crate::base::draw::Draws;
use crate::base::time::{Moment, RealMoment, RealSpan};
use crate::gates::validity::why_invalid;
use crate::metrics::recorder::Recorder;
use crate::metrics::slices::Slicer;
use crate::net::clock::{Clock, Pace};
use crate::net::transport::Target;
use crate::people::popularity::Popularity;
use crate::record::{Body, Setting};
use crate::scenario::plan::Plan;
use crate::scenario::plan::target::TargetPlan;
use crate::wire::token::RunId;

/// How long before its first act a visitor's or a guest's session is made.
const AHEAD: RealSpan = RealSpan::from_nanos(10_000_000);
/// How long after the last agent is on duty, and the witness in its place, the scenario begins.
const BREATH: RealSpan = RealSpan::from_nanos(50_000_000);
/// How long sessions may take to end once they have to: two goodbyes, and a frame that nobody reads.
const EXIT: Duration = Duration::from_secs(18);
/// How long messages that are still on their way are waited for at the end.
const SETTLE: Duration = Duration::from_secs(2);

/// What a run is told beside the plan.
pub struct Options {
    /// The server.
    pub target: TargetPlan,
    /// The desk beside it, `ws://host:port`, where anybody needs one.
    pub desk: Option<String>,
    /// Scenario seconds in a real second.
    pub speed: f64,
    /// Which of the visitors are played here.
    pub stripe: Stripe,
    /// The number of the run.
    pub run: RunId,
    /// What there is to record, and in which sections.
    pub setting: Setting,
    /// Where the parts of the record go as the run goes.
    pub parts: Parts,
    /// Where the progress is shown.
    pub progress: watch::Sender<Progress>,
    /// The site around the chat, where it is visited too.
    pub site: Option<Site>,
}

/// How a run went.
#[derive(Clone, Debug)]
pub struct Played {
    /// What was recorded: everything that went to [`Options::parts`], together.
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
    /// What else a reader should know, in sentences.
    pub remarks: Vec<String>,
}

/// Why there was no run.
#[derive(Debug)]
pub enum LiveError {
    /// The target's URL makes no sense, or nobody is there to trust.
    Target(String),
    /// The target could not be reached; says which host and why.
    Unreachable(String),
    /// Whoever answered could not show that it is the target; says which host and why.
    Untrusted(String),
    /// The target would not have us; says which host and why.
    Refused(String),
    /// The target would not have so many of us, or not so fast: before anybody had come.
    Throttled {
        /// Which host, and why in its words.
        why: String,
        /// What the settings are called that lift it.
        settings: &'static str,
    },
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
            Self::Untrusted(why) => write!(f, "the target cannot be trusted: {why}"),
            Self::Refused(why) => write!(f, "the target would not have us: {why}"),
            Self::Throttled { why, .. } => write!(f, "the target throttles those who serve: {why}"),
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
    let clock = Clock::start(options.speed).map_err(LiveError::Local)?;
    let populations: Vec<Draws> =
        plan.populations().map(|(name, _)| Draws::of_population(plan.seed, 0, name)).collect();
    let crowds = crowds(&plan, &populations);
    let expected = plan.staff() + crowds.iter().sum::<u64>();
    let TargetPlan { trust, metrics, .. } = &options.target;
    let of_run = (options.run, options.speed, clock.epoch_unix_nanos());
    let voices = Voices::new(&plan, &options.target, options.desk, of_run).map_err(LiveError::Target)?;
    let targets = targets(&voices, &options.target, expected).map_err(LiveError::Target)?;
    let (notes, reports) = mpsc::unbounded_channel();
    let (curtain, seen_curtain) = watch::channel(Curtain::Up);
    let gauges = metrics.as_ref().map(|plan| Gauges::new(plan, trust, clock.clone(), Notes(notes.clone())));
    let gauges = gauges.transpose().map_err(LiveError::Target)?;
    let stage = Arc::new(Stage {
        plan: plan.clone(),
        clock: clock.clone(),
        targets: Arc::new(targets),
        voices: Arc::new(voices),
        run: options.run,
        notes: Notes(notes),
        curtain: seen_curtain,
        crowds,
        populations,
        popularity: plan.venues.iter().map(Popularity::of).collect(),
        passed: Passed::default(),
        promptness: Promptness::default(),
    });
    let resolution = clock.resolution().await;
    let meter = Meter::start(clock.now());
    let (staff, witness) = tokio::select! {
        there = async {
            register(&stage).await?;
            Ok((on_duty(&stage).await?, witness::placed(&stage).await))
        } => there?,
        () = &mut stop => return Err(LiveError::Interrupted),
    };
    let origin = clock.now() + BREATH;
    let pace = Pace::new(origin, options.speed);
    let starts = || Starts::new(&plan, &stage.populations, options.stripe);
    let state = State {
        holds: options.target.chat().map(|_| Holds::default()),
        now: Progress { expected: starts().count() as u64, ..Progress::default() },
        ..State::default()
    };
    let progress = options.progress.subscribe();
    let setting = options.setting;
    let mut recorder = Recorder::new(setting.layout(), setting.sectioning(0));
    recorder.generator().timer_nanos = resolution.nanos();
    let collector = Collector {
        clock: clock.clone(),
        pace,
        recorder,
        slicer: Slicer::new(&setting.layout()),
        progress: options.progress,
        parts: options.parts,
        meter,
        state,
    };
    let collector = tokio::spawn(collector.work(reports));
    let watching = watching(&stage, gauges, options.site, origin).chain(witness).collect();
    let starts = starts();
    let house = House { stage, pace, curtain, progress };
    let end = house.run(staff, starts, stop.as_mut()).await;
    let remarks = remarks_of(watching).await?;
    let counted = collector.await.map_err(|error| LiveError::Local(io::Error::other(error)))?;
    let Counted { body, progress, complaints } = counted;
    let of_target = remarks_on(&options.target, &body, &complaints);
    let remarks = remarks.into_iter().chain(of_target).collect();
    let invalid = end.unstaffed.or_else(|| why_invalid(&setting, &body, end.interrupted));
    let epoch_unix_nanos = clock.epoch_unix_nanos();
    let interrupted = end.interrupted;
    Ok(Played { body, progress, epoch_unix_nanos, origin, interrupted, invalid, remarks })
}

/// Where everybody's transports lead.
fn targets(voices: &Voices, target: &TargetPlan, expected: u64) -> Result<Targets, String> {
    let endpoints = voices.endpoints(target).into_iter();
    let targets = endpoints.map(|(transport, endpoint, trust)| {
        Target::new(&endpoint, trust, expected).map(|target| (transport, target))
    });
    targets.collect::<Result<Vec<_>, String>>().map(Targets::new)
}

/// Those who watch beside the people, until the curtain is down: the target's gauges, and the site's visitors.
fn watching(
    stage: &Arc<Stage>,
    gauges: Option<Gauges>,
    site: Option<Site>,
    origin: RealMoment,
) -> impl Iterator<Item = JoinHandle<Vec<String>>> {
    let gauges = gauges.map(|gauges| tokio::spawn(gauges.watch(stage.curtain.clone())));
    let site = site.map(|site| tokio::spawn(site.follow(origin, stage.clone())));
    gauges.into_iter().chain(site)
}

/// What those who watched have to say, in sentences, once they are done.
async fn remarks_of(watching: Vec<JoinHandle<Vec<String>>>) -> Result<Vec<String>, LiveError> {
    let mut remarks = Vec::new();
    for watched in watching {
        remarks.extend(watched.await.map_err(|error| LiveError::Local(io::Error::other(error)))?);
    }
    Ok(remarks)
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
        staff: Staff,
        starts: Starts,
        mut stop: std::pin::Pin<&mut impl Future<Output = ()>>,
    ) -> End {
        let mut serving = JoinSet::new();
        for arrival in staff.agents {
            let agent = arrival.begin(self.pace);
            serving.spawn(async { agent.play().await.map(Lost::Agent) });
        }
        for newcomer in staff.moderators {
            let moderator = newcomer.begin(self.pace);
            serving.spawn(async { moderator.play().await.map(Lost::Moderator) });
        }
        let mut visitors = JoinSet::new();
        let mut end = End::default();
        let mut lost = Vec::new();
        tokio::select! {
            () = self.play_visitors(starts, &mut visitors) => {}
            () = stop.as_mut() => end.interrupted = true,
            () = all_gone(&mut serving, &mut lost) => {
                let at = self.pace.scenario(self.stage.clock.now()).secs();
                let who = match (self.stage.plan.desks.is_empty(), self.stage.plan.venues.is_empty()) {
                    (false, true) => "agent",
                    (true, _) => "moderator",
                    (false, false) => "agent and moderator",
                };
                end.unstaffed = Some(format!("the target cut off every {who} by {at:.0} s of the scenario"));
            }
        }
        // Where everybody is finished nobody is cut short: what agents still hear of them counts.
        if !visitors.is_empty() {
            self.let_down(Curtain::Falling);
            wait_for(&mut visitors).await;
        }
        if !end.interrupted {
            self.settle().await;
        }
        self.let_down(Curtain::Down);
        lost.extend(wait_for(&mut serving).await.into_iter().flatten());
        end.unstaffed = end.unstaffed.or_else(|| why_unstaffed(&self.stage.plan, &lost));
        end
    }

    fn let_down(&self, curtain: Curtain) {
        self.curtain.send_replace(curtain);
        self.stage.clock.rouse();
    }

    /// Lets every visitor and every guest come, and stay until they are finished or the drain is over.
    async fn play_visitors(&self, starts: Starts, visitors: &mut JoinSet<()>) {
        for start in starts {
            let early = before(self.pace.real(start.at), CONNECT_AHEAD + AHEAD);
            self.stage.clock.until(early).await;
            let (stage, pace) = (self.stage.clone(), self.pace);
            match stage.plan.venue_of(start.population) {
                Some(venue) => {
                    visitors.spawn(GuestSession::new(stage, pace, venue, start.index).play(start.at))
                }
                None => {
                    let session = VisitorSession::new(stage, pace, start.population, start.index);
                    visitors.spawn(session.play(start.at))
                }
            };
            // Those who are finished need not be kept.
            while visitors.try_join_next().is_some() {}
        }
        let plan = &self.stage.plan;
        let drained = self.pace.real(Moment::ZERO + plan.length + plan.run.drain);
        tokio::select! {
            () = async {
                while visitors.join_next().await.is_some() {}
                self.finish_work().await;
            } => {}
            () = self.stage.clock.until(drained) => {}
        }
    }

    /// Waits until agents and moderators have nothing in hand any more. A moderator has nothing in hand while the next message
    /// is on its way: so it has to be so twice, where there are any.
    async fn finish_work(&self) {
        let mut looks = if self.stage.plan.moderator_ids().next().is_some() { 2 } else { 1 };
        let is_over = |progress: &Progress| {
            looks = if progress.in_hand == 0 { looks - 1 } else { 2 };
            looks == 0
        };
        self.look_again(is_over).await;
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

/// Over when nobody who serves has a connection any more, with the lost. Never, where there was nobody.
async fn all_gone(serving: &mut JoinSet<Option<Lost>>, lost: &mut Vec<Lost>) {
    if serving.is_empty() {
        std::future::pending::<()>().await;
    }
    while let Some(played) = serving.join_next().await {
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
