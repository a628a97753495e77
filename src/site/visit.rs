//! One who is on the site: which page comes next, and when. Sans-IO, as people are: told the time, asked what is next.
//!
//! A visitor does one thing after the other, and looks at a page from when it came: so whoever waits longer for a page asks less
//! often (a closed loop). What is fetched over and over keeps its times; those that go by while something else is awaited are left
//! out.

use std::collections::VecDeque;

use crate::base::draw::{Draws, Purpose};
use crate::base::id::PageId;
use crate::base::time::{NANOS, RealMoment, RealSpan};
use crate::scenario::plan::site::{Asked, SitePlan};

/// How long one at least waits who did not get a page before asking for the next: nobody hammers at a site that is down.
const AFTER_ERROR: RealSpan = RealSpan::from_nanos(NANOS);

/// What one visitor is about to do.
#[derive(Clone, Debug)]
pub(super) struct Visit<'a> {
    plan: &'a SitePlan,
    draws: Draws,
    /// Pages gone to so far.
    gone_to: u64,
    /// When the next page is gone to.
    next_page: RealMoment,
    /// What is fetched over and over, and when it is due.
    over_and_over: Vec<(PageId, RealMoment)>,
    /// What is to be fetched beside the page that has just come.
    beside: VecDeque<PageId>,
}

impl<'a> Visit<'a> {
    /// One who has been there for a while at `now`: somewhere in the time for which one looks at a page, and in the time from one
    /// fetching to the next. So they do not all come at once.
    pub(super) fn under_way(plan: &'a SitePlan, draws: Draws, now: RealMoment) -> Self {
        let within = |span: RealSpan, k: u64| {
            RealSpan::from_nanos((draws.uniform(Purpose::SitePlace, k) * span.nanos() as f64) as u64)
        };
        let again = plan.pages.iter().zip(0u16..).filter_map(|(page, number)| match page.when {
            Asked::Every(every) => Some((PageId(number), every)),
            _ => None,
        });
        let over_and_over = again.zip(1..).map(|((page, every), k)| (page, now + within(every, k))).collect();
        let next_page = now + within(RealSpan::from_secs(plan.wait.mean()), 0);
        Self { plan, draws, gone_to: 0, next_page, over_and_over, beside: VecDeque::new() }
    }

    /// What is fetched next, and when; what is due already is fetched at once.
    pub(super) fn next(&self) -> (RealMoment, PageId) {
        if let Some(page) = self.beside.front() {
            return (RealMoment::ZERO, *page);
        }
        let first = self.over_and_over.iter().min_by_key(|(_, due)| *due);
        match first {
            Some(&(page, due)) if due < self.next_page => (due, page),
            _ => (self.next_page, self.page_gone_to()),
        }
    }

    /// The page of [`Self::next`] came, or did not, by `now`.
    pub(super) fn fetched(&mut self, page: PageId, now: RealMoment, came: bool) {
        match self.plan.pages[page.index()].when {
            Asked::Visited(_) => self.gone(now, came),
            Asked::WithFirst | Asked::WithEvery => drop(self.beside.pop_front()),
            Asked::Every(every) => {
                let due = self.over_and_over.iter_mut().find(|(of, _)| *of == page);
                if let Some((_, due)) = due {
                    while *due <= now {
                        *due = *due + every;
                    }
                }
            }
        }
    }

    fn gone(&mut self, now: RealMoment, came: bool) {
        let looked_at = self.plan.wait.span(&mut self.draws.stream(Purpose::SiteWait, self.gone_to));
        let looked_at = RealSpan::from_nanos(looked_at.nanos());
        self.next_page = now + if came { looked_at } else { looked_at.max(AFTER_ERROR) };
        if came {
            let is_first = self.gone_to == 0;
            let beside = |when| when == Asked::WithEvery || is_first && when == Asked::WithFirst;
            let pages = self.plan.pages.iter().zip(0u16..);
            self.beside.extend(pages.filter(|(page, _)| beside(page.when)).map(|(_, number)| PageId(number)));
        }
        self.gone_to += 1;
    }

    /// The page that is gone to next, by the weights.
    fn page_gone_to(&self) -> PageId {
        let weights = || {
            self.plan.pages.iter().zip(0u16..).filter_map(|(page, number)| match page.when {
                Asked::Visited(weight) => Some((PageId(number), weight)),
                _ => None,
            })
        };
        let all: f64 = weights().map(|(_, weight)| weight).sum();
        let mut left = self.draws.uniform(Purpose::SitePage, self.gone_to) * all;
        let found = weights().find(|(_, weight)| {
            left -= weight;
            left < 0.0
        });
        // What rounding leaves over is the last one's.
        found.or_else(|| weights().last()).map_or(PageId(0), |(page, _)| page)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::dist::Law;
    use crate::scenario::plan::site::PagePlan;
    use crate::scenario::plan::target::Trust;

    fn plan(pages: &[Asked]) -> SitePlan {
        let page = |when: &Asked| PagePlan { name: "p".into(), path: "/".into(), when: *when };
        SitePlan {
            host: None,
            trust: Trust::Machine,
            visitors: 1,
            pages: pages.iter().map(page).collect(),
            wait: Law::constant(10.0),
        }
    }

    fn secs(secs: f64) -> RealSpan {
        RealSpan::from_secs(secs)
    }

    fn visit(plan: &SitePlan, index: u64) -> Visit<'_> {
        let draws = Draws::of_population(1, 0, "site").visitor(index);
        Visit::under_way(plan, draws, RealMoment::ZERO)
    }

    /// What is fetched within so long when everything takes a second: number and instant of each.
    fn played(visit: &mut Visit<'_>, long: f64, came: bool) -> Vec<(u16, f64)> {
        let mut now = RealMoment::ZERO;
        let mut all = Vec::new();
        while now < RealMoment::ZERO + secs(long) {
            let (due, page) = visit.next();
            now = now.max(due);
            all.push((page.0, now.secs()));
            now = now + secs(1.0);
            visit.fetched(page, now, came);
        }
        all
    }

    #[test]
    fn a_page_is_looked_at_from_when_it_came() {
        let plan = plan(&[Asked::Visited(1.0)]);
        let pages = played(&mut visit(&plan, 0), 60.0, true);
        assert!(pages[0].1 < 10.0, "{pages:?}");
        assert!(pages.windows(2).all(|two| (two[1].1 - two[0].1 - 11.0).abs() < 1e-6), "{pages:?}");
    }

    #[test]
    fn scripts_come_with_the_first_page_or_with_every_one() {
        let plan = plan(&[Asked::WithEvery, Asked::Visited(1.0), Asked::WithFirst]);
        let fetched: Vec<u16> =
            played(&mut visit(&plan, 0), 25.0, true).iter().map(|(page, _)| *page).collect();
        assert_eq!(fetched[..5], [1, 0, 2, 1, 0]);
    }

    #[test]
    fn without_a_page_there_is_nothing_beside_it_and_the_next_takes_a_while() {
        let plan = SitePlan { wait: Law::constant(0.0), ..plan(&[Asked::Visited(1.0), Asked::WithEvery]) };
        let fetched = played(&mut visit(&plan, 0), 10.0, false);
        assert!(fetched.iter().all(|(page, _)| *page == 0), "{fetched:?}");
        assert_eq!(fetched.iter().map(|(_, at)| *at).collect::<Vec<_>>(), [0.0, 2.0, 4.0, 6.0, 8.0, 10.0]);
    }

    #[test]
    fn what_is_fetched_over_and_over_keeps_its_times() {
        let plan = plan(&[Asked::Visited(1.0), Asked::Every(secs(3.0))]);
        let polled: Vec<f64> = played(&mut visit(&plan, 3), 300.0, true)
            .into_iter()
            .filter(|(page, _)| *page == 1)
            .map(|(_, at)| at)
            .collect();
        assert!(polled[0] < 3.0 && (95..=101).contains(&polled.len()), "{polled:?}");
        // Late by what else was being fetched, never for good.
        let late = |at: &f64| (at - polled[0]) % 3.0;
        assert!(polled.iter().all(|at| late(at) <= 1.0 + 1e-6 || late(at) > 2.0), "{polled:?}");
    }

    #[test]
    fn pages_are_gone_to_by_their_weights_and_the_same_with_the_same_seed() {
        let plan = plan(&[Asked::Visited(3.0), Asked::Visited(1.0)]);
        let walks: Vec<u16> = (0..400)
            .flat_map(|index| played(&mut visit(&plan, index), 100.0, true))
            .map(|(page, _)| page)
            .collect();
        let share = walks.iter().filter(|page| **page == 0).count() as f64 / walks.len() as f64;
        assert!((share - 0.75).abs() < 0.03, "{share} of {}", walks.len());
        assert_eq!(played(&mut visit(&plan, 7), 60.0, true), played(&mut visit(&plan, 7), 60.0, true));
    }

    #[test]
    fn they_are_all_over_their_visits_when_the_run_begins() {
        let plan = plan(&[Asked::Visited(1.0)]);
        let first: Vec<f64> = (0..1_000).map(|index| visit(&plan, index).next().0.secs()).collect();
        let mean = first.iter().sum::<f64>() / 1_000.0;
        assert!((mean - 5.0).abs() < 0.4 && first.iter().all(|at| *at < 10.0), "{mean}");
    }
}
