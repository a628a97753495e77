//! What the visitors of the site will ask of it.

use std::fmt::Write as _;

use super::tenths;
use crate::base::time::NANOS;
use crate::scenario::plan::site::{Asked, SitePlan};

/// The site in a sentence.
pub(super) fn sentence(text: &mut String, site: &SitePlan) {
    let _ = write!(text, " Site, in run: {} visitors at once", site.visitors);
    let a_second = requests_a_second(site);
    if a_second.is_finite() {
        let _ = write!(text, ", up to {} requests a second", tenths(a_second));
    }
    text.push('.');
}

/// So many if every page came at once; endless where nobody waits in between.
fn requests_a_second(site: &SitePlan) -> f64 {
    let with_every = site.pages.iter().filter(|page| page.when == Asked::WithEvery).count();
    let over_and_over: f64 = site
        .pages
        .iter()
        .filter_map(|page| match page.when {
            Asked::Every(every) => Some(NANOS as f64 / every.nanos() as f64),
            _ => None,
        })
        .sum();
    f64::from(site.visitors) * ((1 + with_every) as f64 / site.wait.mean() + over_and_over)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::dist::Law;
    use crate::base::time::RealSpan;
    use crate::scenario::plan::site::PagePlan;
    use crate::scenario::plan::target::Trust;

    fn told(wait: f64) -> String {
        let page = |when| PagePlan { name: "p".into(), path: "/".into(), when };
        let pages = vec![
            page(Asked::Visited(1.0)),
            page(Asked::WithEvery),
            page(Asked::WithFirst),
            page(Asked::Every(RealSpan::from_whole_secs(4))),
        ];
        let wait = Law::constant(wait);
        let mut text = String::new();
        sentence(&mut text, &SitePlan { host: None, trust: Trust::Machine, visitors: 30, pages, wait });
        text
    }

    #[test]
    fn what_is_asked_for_at_the_most_is_told() {
        assert_eq!(told(20.0), " Site, in run: 30 visitors at once, up to 10.5 requests a second.");
        assert_eq!(told(0.0), " Site, in run: 30 visitors at once.");
    }
}
