//! Who serves in a run: connected and on duty before it begins.

use std::io;
use std::sync::Arc;

use super::arrival::{self, Arrival};
use super::engine::LiveError;
use super::link::{Link, Trouble};
use super::moderator::Newcomer;
use super::stage::Stage;
use super::voices::Who;
use crate::base::id::{AgentId, DeskId, ModeratorId, VenueId};
use crate::base::time::RealMoment;
use crate::net::transport::ConnectFailure;

/// Connections of those who serve that are being opened at once.
const AT_ONCE: usize = 64;

/// Who serves, before the run.
pub(super) struct Staff {
    pub(super) agents: Vec<Arrival>,
    pub(super) moderators: Vec<Newcomer>,
}

/// Connects everybody who serves. Then the agents whose shift begins with the run go on duty: in their order, and dual
/// agents of a desk after its own agents; and the moderators in theirs.
pub(super) async fn on_duty(stage: &Arc<Stage>) -> Result<Staff, LiveError> {
    let agents = stage
        .plan
        .desk_ids()
        .flat_map(|(desk, plan)| (0..plan.own_agents()).map(move |number| (desk, AgentId(number))));
    let agents: Vec<(DeskId, AgentId)> = agents.collect();
    let moderators: Vec<(VenueId, ModeratorId)> = stage.plan.moderator_ids().collect();
    let is_phone = |desk| stage.plan.desk(desk).is_phone();
    let who = agents.iter().map(|(desk, _)| if is_phone(*desk) { Who::PhoneAgent } else { Who::Agent });
    let links = connected(stage, who.map(|who| stage.link(who)).collect()).await?;
    let arrivals = agents.into_iter().zip(links);
    let arrivals = arrivals.map(|((desk, number), link)| Arrival::new(stage.clone(), desk, number, link));
    let links = moderators.iter().map(|_| stage.link(Who::Moderator)).collect();
    let links = connected(stage, links).await?;
    let newcomers = moderators.into_iter().zip(links);
    let newcomers =
        newcomers.map(|((venue, number), link)| Newcomer::new(stage.clone(), venue, number, link));
    let mut staff = Staff { agents: arrivals.collect(), moderators: newcomers.collect() };
    for seat in 0..2 {
        for arrival in &mut staff.agents {
            arrival.go_on_duty(seat).await.map_err(|trouble| no_run(stage, trouble))?;
        }
    }
    for newcomer in &mut staff.moderators {
        newcomer.go_on_duty().await.map_err(|trouble| no_run(stage, trouble))?;
    }
    Ok(staff)
}

/// Registers the accounts that are to be, before anything is measured.
pub(super) async fn register(stage: &Arc<Stage>) -> Result<(), LiveError> {
    let codecs = stage.voices.to_register().map_err(LiveError::Target)?;
    let link = |codec| Link::of(stage.clock.clone(), stage.targets.clone(), stage.voices.clone(), codec);
    let mut links = codecs.into_iter().map(link);
    let registered = |mut link: Link| async move {
        link.connect().await?;
        link.disconnect(RealMoment::NEVER).await;
        Ok(())
    };
    while some_at_once(stage, &mut links, registered).await?.is_some() {}
    Ok(())
}

/// All of these, connected.
async fn connected(stage: &Arc<Stage>, links: Vec<Link>) -> Result<Vec<Link>, LiveError> {
    let mut all = Vec::with_capacity(links.len());
    let mut links = links.into_iter();
    while let Some(some) =
        some_at_once(stage, &mut links, |link| arrival::connected(stage.clone(), link)).await?
    {
        all.extend(some);
    }
    Ok(all)
}

/// What comes of the next few, all at once; `None` where there are none any more.
async fn some_at_once<T: Send + 'static, F: Future<Output = Result<T, Trouble>> + Send + 'static>(
    stage: &Stage,
    links: &mut impl Iterator<Item = Link>,
    act: impl Fn(Link) -> F,
) -> Result<Option<Vec<T>>, LiveError> {
    let acting: Vec<_> = links.take(AT_ONCE).map(|link| tokio::spawn(act(link))).collect();
    let mut all = Vec::with_capacity(acting.len());
    for acting in acting {
        let done = acting.await.map_err(|error| LiveError::Local(io::Error::other(error)))?;
        all.push(done.map_err(|trouble| no_run(stage, trouble))?);
    }
    Ok((!all.is_empty()).then_some(all))
}

fn no_run(stage: &Stage, trouble: Trouble) -> LiveError {
    let host = stage.targets.host();
    match trouble {
        Trouble::Transport(error) if error.kind == ConnectFailure::Exhausted => {
            LiveError::Local(io::Error::other(error.to_string()))
        }
        Trouble::Transport(error) if error.kind == ConnectFailure::Untrusted => {
            LiveError::Untrusted(error.to_string())
        }
        Trouble::Transport(error) => LiveError::Unreachable(error.to_string()),
        Trouble::Refused(why) => LiveError::Refused(format!("{host}: {why}")),
        Trouble::Throttled(why) => {
            LiveError::Throttled { why: format!("{host}: {why}"), settings: stage.voices.throttles }
        }
        // How another server is to speak is a matter of its dialect.
        Trouble::Protocol(why) if stage.voices.is_foreign() => LiveError::Refused(format!("{host}: {why}")),
        Trouble::Protocol(why) => LiveError::Refused(format!("{host} does not speak as it should: {why}")),
        Trouble::HungUp(None) => LiveError::Refused(format!("{host} hung up")),
        Trouble::HungUp(Some(why)) => {
            LiveError::Refused(format!("the connection to {host} broke off: {why}"))
        }
        Trouble::NoAccount => {
            let why = "there are fewer accounts of agents than agents; see target.accounts.agents";
            LiveError::Target(why.to_owned())
        }
    }
}
