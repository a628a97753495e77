//! Somebody who says nothing, and asks the target now and then whether it has taken in what was said: how promptly it answers one
//! whom it has no reason to slow down. Against that it shows who is held back (`promptness`).
//!
//! One connection a run, of a codec that has a word for asking.

use std::future::pending;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{oneshot, watch};
use tokio::task::JoinHandle;
use tokio::time::timeout;

use super::link::Link;
use super::stage::{Curtain, Stage};
use super::voices::Who;
use crate::base::time::{RealMoment, RealSpan};
use crate::wire::{Act, Event};

/// How often it asks: no server takes that for too much.
const EVERY: RealSpan = RealSpan::from_whole_secs(1);
/// Of this share of a run it need not be known whether the target answers promptly.
const TOLERATED: f64 = 0.1;
/// How long its first answer is waited for.
const FIRST: Duration = Duration::from_secs(5);

/// Puts the witness in its place, where the target can be asked: it asks until everybody is gone, and gives what a reader should know.
/// Comes back with its first answer. Servers are slow to answer those who have just come, and until it had one, nobody knows whether a
/// visitor who waits for one waits alone.
pub(super) async fn placed(stage: &Arc<Stage>) -> Option<JoinHandle<Vec<String>>> {
    if !stage.voices.can_be_asked() {
        return None;
    }
    let (first, answered) = oneshot::channel();
    let witness = tokio::spawn(work(stage.clone(), first));
    // Where there is none, the run begins without, and the witness says so.
    let _ = timeout(FIRST, answered).await;
    Some(witness)
}

/// Asks until everybody is gone; gives what a reader should know.
async fn work(stage: Arc<Stage>, first: oneshot::Sender<()>) -> Vec<String> {
    let mut link = stage.link(Who::Witness);
    let came = stage.clock.now();
    let asking = async {
        ask(&stage, &mut link, first).await;
        pending::<()>().await;
    };
    tokio::select! {
        () = gone(stage.curtain.clone()) => {}
        () = asking => {}
    }
    let unknown = stage.promptness.unknown(came, stage.clock.now());
    if link.is_up() {
        link.disconnect(RealMoment::NEVER).await;
    }
    (unknown > TOLERATED).then(|| remark(unknown)).into_iter().collect()
}

/// Over once nobody lets the curtain down any more: everybody is gone, and what they asked at the last has been judged.
async fn gone(mut curtain: watch::Receiver<Curtain>) {
    while curtain.changed().await.is_ok() {}
}

fn remark(unknown: f64) -> String {
    format!(
        "For {:.0} % of the run the target was not seen to answer anybody promptly: what it held back meanwhile without a word \
         passes for latency.",
        unknown * 100.0
    )
}

/// Asks for as long as there is a connection.
async fn ask(stage: &Stage, link: &mut Link, first: oneshot::Sender<()>) {
    if link.connect().await.is_err() {
        return;
    }
    let mut first = Some(first);
    let mut due = stage.clock.now();
    loop {
        match link.next_event() {
            Some((read, Event::TakenIn { said })) => {
                stage.promptness.answered(said, read);
                first.take().map(|first| first.send(()));
            }
            Some((_, Event::Gone(_) | Event::Broken { .. })) => return,
            Some(_) => {}
            None => {
                let deadline = link.next_deadline();
                let came = tokio::select! {
                    came = link.receive() => Some(came),
                    () = stage.clock.until(due.min(deadline)) => None,
                };
                match came {
                    Some(came) => link.take_in(came).await,
                    None if deadline <= stage.clock.now() => link.tick().await,
                    None => {
                        link.act(&Act::Ask).await;
                        due = stage.clock.now() + EVERY;
                    }
                }
            }
        }
    }
}
