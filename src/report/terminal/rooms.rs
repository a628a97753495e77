//! How full a room is, and how long guests wait for company, as text histograms.

use super::{BAR, BINS, Page, Tone, clipped};
use crate::metrics::histogram::Distribution;
use crate::metrics::tally::{Levels, VenueTally};
use crate::report::bins::levels;
use crate::report::number;

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

    fn occupancy(&mut self, name: &str, time: &Levels) {
        let bins = levels(time, BINS);
        let most = bins.iter().map(|bin| bin.share).fold(0.0, f64::max);
        if most == 0.0 {
            return;
        }
        let name = clipped(&number::plain(name), 30);
        self.line(&self.toned(&format!("{name}: guests at once"), Tone::Heading));
        self.line("  present             time");
        for bin in bins {
            let length = (bin.share / most * BAR as f64).round() as usize;
            let bar = "#".repeat(length.max(usize::from(bin.share > 0.0)));
            self.line(&format!("  {:<15}{:>9}             {bar}", bin.name(), number::share(bin.share)));
        }
        self.line("");
    }
}
