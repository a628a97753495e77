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
    ends_secs: f64,
    announced: String,
) {
    use std::io::{IsTerminal, stderr};

    if progress.changed().await.is_ok() && !quiet {
        say(&announced);
    }
    let bar = bar(quiet, ends_secs.ceil() as u64, "{bar:20} {msg}");
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
                bar.set_message(beside_bar(&now));
            }
            _ = lines.tick(), if by_line => {
                let now = *progress.borrow();
                say(&format!("{}\n", line(&now, ends_secs)));
            }
        }
    }
    bar.finish_and_clear();
}

/// How a run is getting on, beside a bar of 20 that shows what is done and what remains.
#[cfg(feature = "live")]
fn beside_bar(now: &crate::live::Progress) -> String {
    format!("{:.1}m, {}", now.now.secs() / 60.0, counts(now))
}

/// The same where there is no bar: in scenario time, what is done and what remains at the most. When nobody is left
/// before the drain is over, the run ends.
#[cfg(feature = "live")]
fn line(now: &crate::live::Progress, ends_secs: f64) -> String {
    let done_secs = now.now.secs();
    let remaining_secs = (ends_secs - done_secs).max(0.0);
    format!("{:.1}m done, up to {:.1}m left, {}", done_secs / 60.0, remaining_secs / 60.0, counts(now))
}

#[cfg(feature = "live")]
fn counts(now: &crate::live::Progress) -> String {
    let (came, lag_ms) = (format!("{}/{} came", now.arrived, now.expected), now.lag.secs() * 1e3);
    match (now.in_rooms, now.waiting + now.in_chat) {
        (0, _) => format!("{came}, {} waiting, {} in chat, lag {lag_ms:.1}ms", now.waiting, now.in_chat),
        (guests, 0) => format!("{came}, {guests} guests, lag {lag_ms:.1}ms"),
        (guests, visitors) => format!("{came}, {guests} guests, {visitors} visitors, lag {lag_ms:.1}ms"),
    }
}

#[cfg(all(test, feature = "live"))]
mod tests {
    use super::*;
    use crate::base::time::{Moment, NANOS, RealSpan};
    use crate::live::Progress;

    #[test]
    fn a_line_says_what_is_done_and_what_remains() {
        let now = Progress {
            now: Moment::from_nanos(738 * NANOS),
            expected: 5_678,
            arrived: 1_234,
            waiting: 12,
            in_chat: 34,
            lag: RealSpan::from_secs(0.0012),
            ..Progress::default()
        };
        let said = line(&now, 6_300.0);
        assert_eq!(said, "12.3m done, up to 92.7m left, 1234/5678 came, 12 waiting, 34 in chat, lag 1.2ms");
        assert!(said.len() <= 80 && beside_bar(&now).len() + 21 <= 80);
        assert!(line(&now, 700.0).contains("up to 0.0m left"));
        let both = Progress { in_rooms: 123, ..now };
        assert!(line(&both, 6_300.0).contains(", 123 guests, 46 visitors, "));
        let rooms = Progress { waiting: 0, in_chat: 0, ..both };
        assert!(line(&rooms, 6_300.0).ends_with("came, 123 guests, lag 1.2ms"));
        assert!(line(&both, 6_300.0).len() <= 80 && beside_bar(&both).len() + 21 <= 80);
    }
}
