//! What is seen on stderr while something is played: a line that moves on a terminal, a line now and then elsewhere.

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

#[cfg(feature = "live")]
use super::out::say;

/// The bar of so many steps; hidden when `quiet`, or when nobody watches.
pub(super) fn bar(quiet: bool, steps: u64, template: &str) -> ProgressBar {
    let target = if quiet { ProgressDrawTarget::hidden() } else { ProgressDrawTarget::stderr() };
    let bar = ProgressBar::with_draw_target(Some(steps), target);
    bar.set_style(ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar()));
    bar
}

/// How often a line is written where a line cannot move.
#[cfg(feature = "live")]
const LINE_EVERY: std::time::Duration = std::time::Duration::from_secs(5);

/// Shows how a run is getting on until the other end is dropped; once it has begun, `announced` comes first.
#[cfg(feature = "live")]
pub(super) async fn watch(
    mut progress: tokio::sync::watch::Receiver<crate::live::Progress>,
    quiet: bool,
    board: Board,
    announced: String,
) {
    use std::io::{IsTerminal, stderr};

    if progress.changed().await.is_ok() && !quiet {
        say(&announced);
    }
    let bar = bar(quiet, board.ends_secs.ceil() as u64, "{bar:20} {msg}");
    let by_line = !quiet && !stderr().is_terminal();
    let mut lines = tokio::time::interval(LINE_EVERY);
    lines.tick().await;
    loop {
        tokio::select! {
            changed = progress.changed() => {
                if changed.is_err() {
                    break;
                }
                let now = *progress.borrow_and_update();
                bar.set_position(now.now.secs() as u64);
                bar.set_message(board.beside_bar(&now));
            }
            _ = lines.tick(), if by_line => {
                let now = *progress.borrow();
                say(&format!("{}\n", board.line(&now)));
            }
        }
    }
    bar.finish_and_clear();
}

/// What there is to show of a run.
#[cfg(feature = "live")]
#[derive(Clone, Copy, Debug)]
pub(super) struct Board {
    /// When it ends at the latest, in scenario time.
    ends_secs: f64,
    desks: bool,
    rooms: bool,
    moderators: bool,
}

#[cfg(feature = "live")]
impl Board {
    /// That of this plan.
    pub(super) fn of(plan: &crate::scenario::plan::Plan) -> Self {
        Self {
            ends_secs: (plan.length + plan.run.drain).secs(),
            desks: !plan.desks.is_empty(),
            rooms: !plan.venues.is_empty(),
            moderators: plan.moderator_ids().next().is_some(),
        }
    }

    /// How a run is getting on, beside a bar of 20 that shows what is done and what remains.
    fn beside_bar(self, now: &crate::live::Progress) -> String {
        format!("{:.1}m, {}", now.now.secs() / 60.0, self.counts(now))
    }

    /// The same where there is no bar: in scenario time, what is done and what remains at the most. When nobody is left
    /// before the drain is over, the run ends.
    fn line(self, now: &crate::live::Progress) -> String {
        let done_secs = now.now.secs();
        let remaining_secs = (self.ends_secs - done_secs).max(0.0);
        let counts = self.counts(now);
        format!("{:.1}m done, up to {:.1}m left, {counts}", done_secs / 60.0, remaining_secs / 60.0)
    }

    /// Who is where. In a line that is full already, how many came is left out.
    fn counts(self, now: &crate::live::Progress) -> String {
        let came = format!("{}/{} came, ", now.arrived, now.expected);
        let who = match (self.desks, self.rooms) {
            (true, true) if self.moderators => format!("{} visitors, ", now.waiting + now.in_chat),
            (true, true) => format!("{came}{} visitors, ", now.waiting + now.in_chat),
            (true, false) => format!("{came}{} waiting, {} in chat, ", now.waiting, now.in_chat),
            (false, _) => came,
        };
        let guests = if self.rooms { format!("{} guests, ", now.in_rooms) } else { String::new() };
        let reviews = if self.moderators { format!("{} to review, ", now.to_review) } else { String::new() };
        format!("{who}{guests}{reviews}lag {:.1}ms", now.lag.secs() * 1e3)
    }
}

#[cfg(all(test, feature = "live"))]
mod tests {
    use super::*;
    use crate::base::time::{Moment, NANOS, RealSpan};
    use crate::live::Progress;

    const DESKS: Board = Board { ends_secs: 6_300.0, desks: true, rooms: false, moderators: false };

    const NOW: Progress = Progress {
        now: Moment::from_nanos(738 * NANOS),
        expected: 5_678,
        arrived: 1_234,
        done: 1_065,
        waiting: 12,
        in_chat: 34,
        in_rooms: 123,
        to_review: 7,
        in_hand: 34,
        open: 169,
        lag: RealSpan::from_nanos(1_200_000),
        outstanding: 0,
    };

    #[test]
    fn a_line_says_what_is_done_and_what_remains() {
        let said = DESKS.line(&NOW);
        assert_eq!(said, "12.3m done, up to 92.7m left, 1234/5678 came, 12 waiting, 34 in chat, lag 1.2ms");
        let ends_secs = 700.0;
        assert!(Board { ends_secs, ..DESKS }.line(&NOW).contains("up to 0.0m left"));
    }

    #[test]
    fn it_shows_what_the_scenario_has_whoever_is_there() {
        let unmoderated = Board { rooms: true, ..DESKS };
        let both = Board { moderators: true, ..unmoderated };
        let rooms = Board { desks: false, ..both };
        for (board, shows) in [
            (DESKS, "1234/5678 came, 12 waiting, 34 in chat, lag 1.2ms"),
            (unmoderated, "1234/5678 came, 46 visitors, 123 guests, lag 1.2ms"),
            (both, "46 visitors, 123 guests, 7 to review, lag 1.2ms"),
            (rooms, "1234/5678 came, 123 guests, 7 to review, lag 1.2ms"),
        ] {
            assert_eq!(board.counts(&NOW), shows);
            assert!(board.line(&NOW).len() <= 80 && board.beside_bar(&NOW).len() + 21 <= 80, "{board:?}");
        }
        let deserted = Progress { in_rooms: 0, to_review: 0, ..NOW };
        assert_eq!(rooms.counts(&deserted), "1234/5678 came, 0 guests, 0 to review, lag 1.2ms");
    }
}
