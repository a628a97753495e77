//! The figures of the site's pages. Times are real.

use std::borrow::Cow;

use super::sheet::{STATS, Sheet, Times};
use crate::base::figures::Unit;
use crate::metrics::histogram::Distribution;
use crate::metrics::tally::{PageTally, TrafficTally};

type Page = PageTally<Distribution>;

/// Of one tally a batch: page by page.
pub(super) fn site(sheet: &mut Sheet, pages: &[String], tallies: &[&TrafficTally<Distribution>]) {
    let nothing = Page::default();
    // Where nobody asked for anything the site was not visited: that is no count of nought.
    let visited = tallies.iter().any(|tally| tally.site.iter().any(|page| page.requests > 0));
    for (number, name) in pages.iter().enumerate() {
        let of: Vec<&Page> = tallies.iter().map(|tally| tally.site.get(number).unwrap_or(&nothing)).collect();
        let requests = format!("site.{name}.requests");
        match visited {
            true => sheet.total(&requests, of.iter().map(|page| page.requests).sum()),
            false => sheet.one(&requests, Unit::Number, None),
        }
        let errors = of.iter().map(|page| (page.errors, page.requests));
        sheet.share(format!("site.{name}.errors.share"), errors);
        let times = Times::of(of.iter().map(|page| Cow::Borrowed(&page.times)).collect());
        sheet.times(&format!("site.{name}"), STATS, &times);
    }
}
