//! Who serves in a run: connected and on duty before it begins.

use std::io;
use std::sync::Arc;

use super::arrival::{self, Arrival};
use super::engine::LiveError;
use super::link::{Link, Trouble};
use super::moderator::Newcomer;
use super::stage::Stage;
use crate::base::id::{AgentId, DeskId, ModeratorId, VenueId};
use crate::net::transport::ConnectFailure;
use crate::wire::json::frame::Role;

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
    let links = connected(stage, Role::Agent, agents.len()).await?;
    let arrivals = agents.into_iter().zip(links);
    let arrivals = arrivals.map(|((desk, number), link)| Arrival::new(stage.clone(), desk, number, link));
    let links = connected(stage, Role::Moderator, moderators.len()).await?;
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

/// So many connections.
async fn connected(stage: &Arc<Stage>, role: Role, count: usize) -> Result<Vec<Link>, LiveError> {
    let mut links = Vec::with_capacity(count);
    while links.len() < count {
        let some = AT_ONCE.min(count - links.len());
        let connecting = (0..some).map(|_| tokio::spawn(arrival::connected(stage.clone(), stage.link(role))));
        for connecting in connecting.collect::<Vec<_>>() {
            let connected = connecting.await.map_err(|error| LiveError::Local(io::Error::other(error)))?;
            links.push(connected.map_err(|trouble| no_run(stage, trouble))?);
        }
    }
    Ok(links)
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
        Trouble::Refused(why) | Trouble::Throttled(why) => LiveError::Refused(format!("{host}: {why}")),
        Trouble::Protocol(why) => LiveError::Refused(format!("{host} does not speak our protocol: {why}")),
        Trouble::HungUp => LiveError::Refused(format!("{host} hung up")),
    }
}
