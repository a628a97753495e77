//! What is seen on stderr while something is played: a line that moves on a terminal, a line now and then elsewhere.

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

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

/// Shows how a run is getting on until the other end is dropped.
#[cfg(feature = "live")]
pub(super) async fn watch(
    mut progress: tokio::sync::watch::Receiver<crate::live::Progress>,
    quiet: bool,
    ends_secs: f64,
) {
    use std::io::{IsTerminal, stderr};

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
                bar.set_message(line(&now));
            }
            _ = lines.tick(), if by_line => {
                let now = *progress.borrow();
                super::out::say(&format!("{}\n", line(&now)));
            }
        }
    }
    bar.finish_and_clear();
}

/// How a run is getting on, in one line of at most 80 columns beside a bar of 20.
#[cfg(feature = "live")]
fn line(now: &crate::live::Progress) -> String {
    let minutes = now.now.secs() / 60.0;
    format!(
        "{minutes:.1}m  {}/{} came  {} waiting  {} in chat  lag {:.1}ms",
        now.arrived,
        now.expected,
        now.waiting,
        now.in_chat,
        now.lag.secs() * 1e3
    )
}
