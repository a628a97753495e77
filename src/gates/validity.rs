//! Whether a run says anything about the server: what it was worth as a measurement, against the limits of its scenario.
//!
//! A run beyond any of them is *invalid*, not slow, and its gates are not judged. The rules are over what was recorded, so that a
//! report shows the same as the run itself did.

use crate::base::figures::Unit;
use crate::base::time::NANOS;
use crate::base::words::Ending;
use crate::base::words::rooms::GuestEnding;
use crate::metrics::histogram::Distribution;
use crate::metrics::tally::GeneratorTally;
use crate::record::setting::Limits;
use crate::record::{Body, Setting};

/// What is looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rule {
    /// How late the generator was, but for one thing in a hundred.
    Lag,
    /// Starts that it dropped, of all.
    DroppedStarts,
    /// The share of the processors that it used when it was busiest.
    Cpu,
    /// Connections that did not come about, of those tried.
    Unconnected,
    /// Visits of the cohort that were not over at the end, of all. Not looked at where somebody stopped the run.
    Unfinished,
}

impl Rule {
    /// Every one, the generator's own first: what comes after follows from it.
    pub const ALL: [Self; 5] =
        [Self::Lag, Self::DroppedStarts, Self::Cpu, Self::Unconnected, Self::Unfinished];

    /// The scenario's key of its limit.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Lag => "lag_p99",
            Self::DroppedStarts => "dropped_starts",
            Self::Cpu => "cpu",
            Self::Unconnected => "unconnected",
            Self::Unfinished => "unfinished",
        }
    }

    /// The unit of its value and its limit.
    #[must_use]
    pub const fn unit(self) -> Unit {
        match self {
            Self::Lag => Unit::Seconds,
            Self::DroppedStarts | Self::Cpu | Self::Unconnected | Self::Unfinished => Unit::Share,
        }
    }
}

/// A rule with what became of it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Ruling {
    /// Which.
    pub rule: Rule,
    /// What was measured, in the rule's unit; `None` where nothing was, or nobody told.
    pub value: Option<f64>,
    /// The most that it may be.
    pub limit: f64,
}

impl Ruling {
    /// Whether the run is valid as far as this goes. What was not measured speaks against nothing.
    #[must_use]
    pub fn holds(&self) -> bool {
        self.value.is_none_or(|value| value <= self.limit)
    }
}

/// Judges a run by every rule, in their order; nothing of what has no limits: a simulation. `cut_short`: somebody stopped it, or
/// it broke off.
#[must_use]
pub fn rulings(setting: &Setting, body: &Body, cut_short: bool) -> Vec<Ruling> {
    let (Some(limits), Some(traffic)) = (&setting.limits, body.traffic()) else { return Vec::new() };
    let generator = &traffic.generator;
    let ruling = |rule| {
        let (value, limit) = match rule {
            Rule::Lag => (generator.lag.quantile_secs(0.99), limits.lag_p99_nanos as f64 / NANOS as f64),
            Rule::DroppedStarts => (share(generator.dropped_starts, generator.starts), limits.dropped_starts),
            Rule::Cpu => (peak(generator), limits.cpu),
            Rule::Unconnected => (share(generator.unconnected, generator.connections), limits.unconnected),
            Rule::Unfinished if cut_short => (None, limits.unfinished),
            Rule::Unfinished => {
                let (unfinished, all) = unfinished(body);
                (share(unfinished, all), limits.unfinished)
            }
        };
        Ruling { rule, value, limit }
    };
    Rule::ALL.into_iter().map(ruling).collect()
}

/// Why the run is invalid, if it is, in one sentence: by the first rule that does not hold.
#[must_use]
pub fn why_invalid(setting: &Setting, body: &Body, cut_short: bool) -> Option<String> {
    let broken = rulings(setting, body, cut_short).into_iter().find(|ruling| !ruling.holds())?;
    let limits = setting.limits.as_ref()?;
    Some(sentence(broken.rule, &body.traffic()?.generator, limits, body))
}

fn sentence(rule: Rule, generator: &GeneratorTally<Distribution>, limits: &Limits, body: &Body) -> String {
    let ms = |secs: f64| format!("{} ms", rounded(secs * 1e3));
    let percent = |share: f64| format!("{} %", rounded(share * 100.0));
    match rule {
        Rule::Lag => format!(
            "the generator could not keep up: it was {} late or more for one thing in a hundred (limit {})",
            ms(generator.lag.quantile_secs(0.99).unwrap_or(0.0)),
            ms(limits.lag_p99_nanos as f64 / NANOS as f64)
        ),
        Rule::DroppedStarts => format!(
            "the generator could not keep up: it dropped {} of {} starts, {} of them more than a second late and {} without a \
             socket (limit {})",
            generator.dropped_starts,
            generator.starts,
            generator.late_starts,
            generator.dropped_starts.saturating_sub(generator.late_starts),
            percent(limits.dropped_starts)
        ),
        Rule::Cpu => format!(
            "the generator could not keep up: it took {} of this machine's processors when it was busiest (limit {})",
            percent(peak(generator).unwrap_or(0.0)),
            percent(limits.cpu)
        ),
        Rule::Unconnected => format!(
            "{} of {} connections could not be opened (limit {})",
            generator.unconnected,
            generator.connections,
            percent(limits.unconnected)
        ),
        Rule::Unfinished => {
            let (unfinished, all) = unfinished(body);
            format!(
                "{unfinished} of {all} visits were unfinished at the end: the target stalled, or the drain is short (limit {})",
                percent(limits.unfinished)
            )
        }
    }
}

/// Three digits at the most behind the point, and none that say nothing.
fn rounded(x: f64) -> f64 {
    (x * 1e3).round() / 1e3
}

fn share(part: u64, all: u64) -> Option<f64> {
    (all > 0).then(|| part as f64 / all as f64)
}

/// The generator's share of the processors when it was busiest, where somebody told.
fn peak(generator: &GeneratorTally<Distribution>) -> Option<f64> {
    (generator.cpu_available_nanos > 0).then(|| generator.cpu_peak())
}

/// How many visits of the cohort did not come to an end, and how many there are.
fn unfinished(body: &Body) -> (u64, u64) {
    let topics = body.sections.iter().flat_map(|section| &section.desks).flat_map(|desk| &desk.topics);
    let at_desks = topics.map(|topic| (topic.ended(Ending::Unfinished), topic.offered));
    let venues = body.sections.iter().flat_map(|section| &section.venues);
    let in_rooms = venues.map(|venue| (venue.ended(GuestEnding::Unfinished), venue.visits));
    at_desks.chain(in_rooms).fold((0, 0), |(a, b), (unfinished, all)| (a + unfinished, b + all))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::time::{Moment, RealSpan};
    use crate::metrics::recorder::Recorder;
    use crate::metrics::timeline::MachineInterval;
    use crate::record::sample;

    /// A run of which this is so, beside a hundred starts on time.
    fn body(setting: &Setting, is_so: impl FnOnce(&mut Recorder)) -> Body {
        let mut recorder = Recorder::new(setting.layout(), setting.sectioning(0));
        for _ in 0..1_000 {
            recorder.began(Moment::ZERO, RealSpan::from_nanos(1_000_000));
        }
        recorder.generator().connections = 100;
        is_so(&mut recorder);
        let (sections, timeline) = recorder.finish();
        Body { sections, timeline, ..Body::default() }
    }

    fn why(is_so: impl FnOnce(&mut Recorder)) -> Option<String> {
        let setting = sample::setting(1, 2);
        why_invalid(&setting, &body(&setting, is_so), false)
    }

    #[test]
    fn a_run_within_its_limits_is_valid() {
        assert_eq!(why(|_| {}), None);
        let late = RealSpan::from_nanos(9_900_000);
        assert_eq!(why(|recorder| (0..1_000).for_each(|_| recorder.lagged(Moment::ZERO, late))), None);
        assert_eq!(why(|recorder| recorder.dropped(Moment::ZERO, late)), None, "one in a thousand may be");
    }

    #[test]
    fn each_rule_makes_it_invalid_and_says_why_in_a_sentence() {
        let late = RealSpan::from_nanos(12_500_000);
        let said = why(|recorder| (0..20).for_each(|_| recorder.lagged(Moment::ZERO, late))).unwrap();
        assert_eq!(
            said,
            "the generator could not keep up: it was 12.5 ms late or more for one thing in a hundred (limit 10 ms)"
        );
        let second = RealSpan::from_whole_secs(2);
        let said = why(|recorder| {
            (0..3).for_each(|_| recorder.dropped(Moment::ZERO, second));
            recorder.generator().dropped_starts += 1;
        });
        assert_eq!(
            said.unwrap(),
            "the generator could not keep up: it dropped 4 of 1003 starts, 3 of them more than a second late and 1 without \
             a socket (limit 0.1 %)"
        );
        let usage = MachineInterval { cpu_nanos: 95, cpu_available_nanos: 100, memory_max_kib: 1 };
        let said = why(|recorder| {
            recorder.took(Moment::ZERO, Moment::ZERO, &usage);
            recorder.generator().cpu_peak_ppm = 950_000;
        });
        assert!(said.unwrap().contains("it took 95 % of this machine's processors"));
        let said = why(|recorder| recorder.generator().unconnected = 11).unwrap();
        assert_eq!(said, "11 of 100 connections could not be opened (limit 10 %)");
    }

    #[test]
    fn what_was_not_measured_speaks_against_nothing_and_a_simulation_has_no_rules() {
        let setting = sample::setting(1, 2);
        let judged = rulings(&setting, &body(&setting, |_| {}), true);
        let value = |rule| judged.iter().find(|ruling| ruling.rule == rule).unwrap().value;
        assert_eq!((value(Rule::Cpu), value(Rule::Unfinished)), (None, None));
        assert_eq!(value(Rule::DroppedStarts), Some(0.0));
        let simulated = Setting { limits: None, ..setting };
        assert_eq!(rulings(&simulated, &body(&simulated, |_| {}), false), []);
    }
}
