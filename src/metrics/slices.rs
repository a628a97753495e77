//! The same tallies by slices of the time of day, for gates that must hold in every half hour: one set of sections for
//! each width that a gate asks for, merged over replications.

use serde::{Deserialize, Serialize};

use crate::base::time::{Moment, Span};
use crate::base::words::Observation;

use super::counter::Counter;
use super::layout::{Layout, Sectioning};
use super::tally::Section;

/// Slices at the most, of one width.
pub const MOST: u64 = 600;

/// The slices of one width. Section i is what happened in [i · width, (i + 1) · width) of scenario time, as far as the window
/// has it, summed over replications.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Slices {
    /// How wide each is.
    pub width_nanos: u64,
    /// By index; those of nothing may be left out.
    pub sections: Vec<Section>,
}

impl Slices {
    /// Adds what `other`, of the same width, counted. Associative and commutative.
    pub fn merge(&mut self, other: &Self) {
        for part in &other.sections {
            match self.sections.binary_search_by_key(&part.index, |section| section.index) {
                Ok(place) => self.sections[place].merge(part),
                Err(place) => self.sections.insert(place, part.clone()),
            }
        }
    }
}

/// Adds every part to the slices of its width, or as the first of them.
pub fn merge(into: &mut Vec<Slices>, parts: &[Slices]) {
    for part in parts {
        match into.binary_search_by_key(&part.width_nanos, |slices| slices.width_nanos) {
            Ok(place) => into[place].merge(part),
            Err(place) => into.insert(place, part.clone()),
        }
    }
}

/// Counts observations slice by slice, for each width of a [`Layout`]. Beside a recorder: it is to be told the same. Without
/// a width it does nothing, and [`Self::note`] costs a comparison.
#[derive(Clone, Debug)]
pub struct Slicer {
    counters: Vec<(Span, Counter)>,
}

impl Slicer {
    /// Of nothing so far.
    #[must_use]
    pub fn new(layout: &Layout) -> Self {
        let counter = |&width: &Span| (width, Counter::new(layout.clone(), Sectioning::Slices { width }));
        Self { counters: layout.slices.iter().map(counter).collect() }
    }

    /// Counts one observation.
    #[inline]
    pub fn note(&mut self, observation: &Observation) {
        if !self.counters.is_empty() {
            self.count(observation);
        }
    }

    /// Nothing more happens until `end`.
    pub fn close(&mut self, end: Moment) {
        self.counters.iter_mut().for_each(|(_, counter)| counter.close(end));
    }

    /// What was counted since the last call, in parts that [`merge`]. Slices without anything new are left out.
    pub fn drain_delta(&mut self) -> Vec<Slices> {
        let drained = self.counters.iter_mut().map(|(width, counter)| {
            let mut sections = counter.drain();
            sections.retain(|section| !section.is_empty());
            Slices { width_nanos: width.nanos(), sections }
        });
        drained.filter(|slices| !slices.sections.is_empty()).collect()
    }

    #[inline(never)]
    fn count(&mut self, observation: &Observation) {
        self.counters.iter_mut().for_each(|(_, counter)| counter.note(observation));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::id::{DeskId, GroupId};
    use crate::base::time::NANOS;
    use crate::metrics::layout::{DeskLayout, GroupLayout, Window};

    fn at(secs: u64) -> Moment {
        Moment::from_nanos(secs * NANOS)
    }

    /// One desk with one agent; figures over [100 s, 1000 s), in slices of these widths.
    fn layout(widths: &[u64]) -> Layout {
        let desk = DeskLayout {
            topics: 1,
            groups: vec![GroupLayout { slots: 1 }],
            within: Span::ZERO,
            short_abandon: Span::ZERO,
        };
        let slices = widths.iter().map(|&secs| Span::from_whole_secs(secs)).collect();
        Layout {
            window: Window { warm_up: at(100), length: at(1000) },
            desks: vec![desk],
            venues: Vec::new(),
            slices,
        }
    }

    fn staffed(slicer: &mut Slicer, from: u64, to: u64) {
        let (desk, group) = (DeskId(0), GroupId(0));
        slicer.note(&Observation::Staffed { desk, group, from: at(from), to: at(to) });
    }

    fn seconds(slices: &Slices) -> Vec<(u32, u128)> {
        let of = |section: &Section| section.desks[0].groups[0].staffed_nanos / u128::from(NANOS);
        slices.sections.iter().map(|section| (section.index, of(section))).collect()
    }

    #[test]
    fn slices_begin_at_round_times_and_hold_what_the_window_has_of_them() {
        let mut slicer = Slicer::new(&layout(&[300, 450]));
        staffed(&mut slicer, 0, 2000);
        let drained = slicer.drain_delta();
        assert_eq!(seconds(&drained[0]), [(0, 200), (1, 300), (2, 300), (3, 100)]);
        assert_eq!(seconds(&drained[1]), [(0, 350), (1, 450), (2, 100)]);
        assert!(slicer.drain_delta().is_empty());
    }

    #[test]
    fn replications_and_parts_add_up_whatever_their_order() {
        let mut parts = Vec::new();
        for (from, to) in [(150, 250), (700, 900), (200, 650)] {
            let mut slicer = Slicer::new(&layout(&[300, 100]));
            staffed(&mut slicer, from, to);
            parts.push(slicer.drain_delta());
        }
        let merged = |order: [usize; 3]| {
            let mut all = Vec::new();
            order.into_iter().for_each(|part| merge(&mut all, &parts[part]));
            all
        };
        let all = merged([0, 1, 2]);
        assert_eq!(all, merged([2, 1, 0]));
        assert_eq!(all[0].width_nanos, 100 * NANOS);
        assert_eq!(seconds(&all[1]), [(0, 100 + 100), (1, 300), (2, 50 + 200)]);
    }

    #[test]
    fn without_a_width_nothing_is_counted() {
        let mut slicer = Slicer::new(&layout(&[]));
        staffed(&mut slicer, 0, 2000);
        assert!(slicer.drain_delta().is_empty());
    }
}
