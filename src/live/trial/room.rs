//! Two guests in a room.

use super::Stuck;
use super::stage::{FIRST, SECOND, Stage};
use crate::scenario::plan::dialect::EventKind;
use crate::wire::messenger::{Act, Event};

impl Stage<'_> {
    /// They come one after the other, talk, and go one after the other.
    pub(super) async fn in_a_room(&mut self) -> Result<(), Stuck> {
        let room = self.words.room();
        for who in [FIRST, SECOND] {
            self.connect(who).await?;
            self.act(who, Act::Enter { room: room.clone() }).await;
            self.hear(who, "is in the room", |event| matches!(event, Event::Entered { .. }).then_some(()))
                .await?;
        }
        if self.may_be_told(FIRST, EventKind::Joined) {
            self.hear(FIRST, "hears that somebody joined", |event| (*event == Event::Joined).then_some(()))
                .await?;
        }
        for _ in 0..self.messages {
            for (who, other) in [(FIRST, SECOND), (SECOND, FIRST)] {
                let (number, text) = self.words.message(who);
                self.act(who, Act::Post { text }).await;
                self.arrives(other, number).await?;
                self.done(who).await?;
            }
        }
        self.stay().await?;
        self.act_out(FIRST, Act::Leave).await?;
        if self.may_be_told(SECOND, EventKind::Parted) {
            self.hear(SECOND, "hears that somebody left", |event| (*event == Event::Parted).then_some(()))
                .await?;
        }
        self.act_out(SECOND, Act::Leave).await
    }
}
