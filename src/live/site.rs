//! The site around the chat: its visitors are played elsewhere, and what they fetched is counted here.
//!
//! They are there from the scenario's beginning until nobody chats any more. They live in real time alone, and how they fare
//! ends nothing.

use std::sync::Arc;

use tokio::sync::{mpsc, oneshot, watch};

use super::notes::Note;
use super::stage::{Curtain, Stage};
use crate::base::time::RealMoment;
use crate::base::words::site::Fetch;
use crate::net::clock::Clock;

/// The visitors of a site, wherever they are played.
pub struct Site {
    /// Whether they are to be there. Let go of, they are not.
    pub open: watch::Sender<bool>,
    /// What they fetched; ends soon after they are no longer to be there.
    pub fetched: mpsc::UnboundedReceiver<Fetch>,
    /// What a reader should know of them, in sentences, when that has ended.
    pub remarks: oneshot::Receiver<Vec<String>>,
}

impl Site {
    /// Lets them come at `opening`, and go when the curtain falls; gives what a reader should know.
    pub(super) async fn follow(mut self, opening: RealMoment, stage: Arc<Stage>) -> Vec<String> {
        let mut curtain = stage.curtain.clone();
        stage.clock.until(opening).await;
        self.open.send_replace(true);
        loop {
            tokio::select! {
                fetch = self.fetched.recv() => match fetch {
                    Some(fetch) => stage.notes.put(Note::Fetched(at(&stage.clock, &fetch), fetch)),
                    None => break,
                },
                // Its other end is gone: that is an end too.
                _ = curtain.wait_for(|curtain| *curtain != Curtain::Up), if *self.open.borrow() => {
                    self.open.send_replace(false);
                }
            }
        }
        self.remarks.await.unwrap_or_default()
    }
}

/// When it was asked for, by the clock of the run.
fn at(clock: &Clock, fetch: &Fetch) -> RealMoment {
    RealMoment::from_nanos(fetch.asked_unix_nanos.saturating_sub(clock.epoch_unix_nanos()))
}
