//! How full a room is, and how long guests wait for company, as text histograms.

use super::{BAR, BINS, Page, Tone, clipped};
use crate::metrics::histogram::Distribution;
use crate::metrics::tally::{Levels, VenueTally};
use crate::report::number;

/// Levels with a line of their own at the most.
const LEVELS: usize = 12;

impl Page {
    /// Both histograms of a venue.
    pub(super) fn room_histograms(&mut self, name: &str, tally: &VenueTally<Distribution>) {
        self.occupancy(name, &tally.occupancy);
        let words = super::WaitWords {
            title: "time to company",
            head: "  waited             visits   met nobody  # met somebody   o met nobody",
        };
        self.waits(name, &tally.time_to_company, &tally.alone_until, &words);
    }

    fn occupancy(&mut self, name: &str, levels: &Levels) {
        let (total, Some(max)) = (levels.total(), levels.max()) else { return };
        if total == 0 {
            return;
        }
        let name = clipped(&number::plain(name), 30);
        self.line(&self.toned(&format!("{name}: guests at once"), Tone::Heading));
        self.line("  present             time");
        let bins = bins(levels, max);
        let most = bins.iter().map(|(_, nanos)| *nanos).max().unwrap_or(1);
        for (label, nanos) in bins {
            let share = nanos as f64 / total as f64;
            let length = (nanos as f64 / most as f64 * BAR as f64).round() as usize;
            let length = length.max(usize::from(nanos > 0));
            self.line(&format!(
                "  {label:<15}{:>9}             {}",
                number::share(share),
                "#".repeat(length)
            ));
        }
        self.line("");
    }
}

/// The time at each level, or at several together where there are many.
fn bins(levels: &Levels, max: u32) -> Vec<(String, u128)> {
    let width = (max as usize + 1).div_ceil(LEVELS.min(BINS));
    let bins = levels.nanos()[..=max as usize].chunks(width).enumerate();
    bins.map(|(i, nanos)| {
        let (from, to) = (i * width, ((i + 1) * width - 1).min(max as usize));
        let label = if from == to { from.to_string() } else { format!("{from} to {to}") };
        (label, nanos.iter().sum())
    })
    .collect()
}
