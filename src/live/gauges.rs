//! What the target says of itself while it is played against: asked from time to time, over a connection of its own each time.
//!
//! Nothing that it answers, or that it does not answer, ends a run: it is said.

use tokio::sync::watch;

use super::notes::{Note, Notes};
use super::stage::Curtain;
use crate::base::time::{NANOS, RealMoment};
use crate::metrics::timeline::TargetInterval;
use crate::net::clock::Clock;
use crate::net::fetch::Page;
use crate::scenario::plan::target::{MetricsPlan, Trust};
use crate::wire::exposition::{self, CONTENT_TYPE, CPU_SECONDS, RESIDENT_BYTES};

/// The most of anything that is taken at once: whatever is larger is no account of a process.
const MOST: f64 = (1u64 << 40) as f64;

/// Asks.
pub(super) struct Gauges {
    page: Page,
    plan: MetricsPlan,
    clock: Clock,
    notes: Notes,
    told: Told,
}

/// What was told so far.
#[derive(Clone, Debug, Default)]
struct Told {
    asked: u64,
    /// How often there was an answer of use.
    answered: u64,
    /// How often no answer was of use, and why not the last time.
    failed: (u64, String),
    /// Whether there was any, of processor, memory and queue.
    there: [bool; 3],
    /// The processor time that it had used then.
    cpu: Option<(RealMoment, f64)>,
}

impl Gauges {
    /// Of a target that is trusted so.
    ///
    /// # Errors
    /// Says what is wrong with the plan, for a person to read.
    pub(super) fn new(plan: &MetricsPlan, trust: &Trust, clock: Clock, notes: Notes) -> Result<Self, String> {
        let page = Page::parse(&plan.url, trust, clock.clone())?;
        Ok(Self { page, plan: plan.clone(), clock, notes, told: Told::default() })
    }

    /// Asks until the curtain is down; gives what a reader should know of the answers.
    pub(super) async fn watch(mut self, mut curtain: watch::Receiver<Curtain>) -> Vec<String> {
        tokio::select! {
            // Its other end is gone: that is an end too.
            _ = curtain.wait_for(|curtain| *curtain == Curtain::Down) => {}
            () = self.ask() => {}
        }
        self.told.remarks(&self.plan)
    }

    async fn ask(&mut self) {
        let mut due = self.clock.now();
        loop {
            self.clock.until(due).await;
            let from = self.clock.now();
            self.told.asked += 1;
            let answer = self.page.get(CONTENT_TYPE).await;
            let now = self.clock.now();
            match answer.and_then(|text| self.read(&text)) {
                Ok(values) => {
                    self.told.answered += 1;
                    let since = self.told.cpu.map_or(from, |(then, _)| then);
                    let told = self.told.take(now, values);
                    self.notes.put(Note::Told(since, now, Box::new(told)));
                }
                Err(why) => self.told.failed = (self.told.failed.0 + 1, why),
            }
            // Those that an answer was too slow for are left out.
            while due <= now {
                due = due + self.plan.every;
            }
        }
    }

    fn read(&self, text: &[u8]) -> Result<[Option<f64>; 3], String> {
        let queue = self.plan.queue.as_deref().unwrap_or("");
        exposition::read(text, [CPU_SECONDS, RESIDENT_BYTES, queue])
            .map_err(|nonsense| format!("no metrics of Prometheus: {nonsense}"))
    }
}

impl Told {
    /// What is new in an answer: processor time in seconds, memory in bytes, the length of the queue.
    fn take(&mut self, now: RealMoment, values: [Option<f64>; 3]) -> TargetInterval {
        let [cpu, memory, queue] = values.map(|value| value.map(|value| value.clamp(0.0, MOST)));
        self.there.iter_mut().zip(values).for_each(|(there, value)| *there |= value.is_some());
        let mut told = TargetInterval::default();
        // A counter that went back is another process's: what that used before nobody knows.
        if let (Some((then, before)), Some(used)) = (self.cpu, cpu)
            && used >= before
        {
            told.cpu_nanos = ((used - before) * NANOS as f64) as u128;
            told.measured_nanos = now.since(then).nanos().into();
        }
        self.cpu = cpu.map(|used| (now, used));
        told.memory_max_kib = memory.map_or(0, |bytes| (bytes / 1024.0).ceil() as u64);
        if let Some(length) = queue {
            let length = length.round() as u64;
            (told.queue_sum, told.queue_max, told.queue_readings) = (length.into(), length, 1);
        }
        told
    }

    /// What a reader should know.
    fn remarks(&self, plan: &MetricsPlan) -> Vec<String> {
        let (failed, why) = &self.failed;
        let mut remarks = Vec::new();
        if self.asked > 0 && self.answered + failed == 0 {
            remarks.push("The target's metrics did not come while it was played against.".to_owned());
        }
        if *failed > 0 {
            remarks.push(format!(
                "The target's metrics could not be read {failed} of {} times; the last time: {why}.",
                self.answered + failed
            ));
        }
        let names = [Some(CPU_SECONDS), Some(RESIDENT_BYTES), plan.queue.as_deref()];
        let missing: Vec<&str> =
            names.iter().zip(self.there).filter_map(|(name, there)| name.filter(|_| !there)).collect();
        if !missing.is_empty() && self.answered > 0 {
            remarks.push(format!("The target's metrics do not tell {}.", missing.join(", ")));
        }
        remarks
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::time::RealSpan;

    fn at(secs: u64) -> RealMoment {
        RealMoment::ZERO + RealSpan::from_whole_secs(secs)
    }

    #[test]
    fn processor_time_is_a_difference_and_not_of_another_process() {
        let mut told = Told::default();
        let first = told.take(at(1), [Some(100.0), Some(2_048.0), Some(3.0)]);
        assert_eq!((first.cpu(), first.memory_max_kib, first.queue()), (None, 2, Some(3.0)));
        assert_eq!(told.take(at(3), [Some(101.0), None, None]).cpu(), Some(0.5));
        assert_eq!(told.take(at(5), [Some(7.0), None, None]).cpu(), None, "it was started again");
        assert_eq!(told.take(at(6), [Some(9.0), None, None]).cpu(), Some(2.0));
        assert_eq!(told.there, [true; 3]);
    }

    #[test]
    fn what_no_process_takes_is_bounded() {
        let mut told = Told::default();
        told.take(at(1), [Some(-1.0), Some(-5.0), Some(-2.0)]);
        let all = told.take(at(1), [Some(1e300), Some(1e300), Some(1e300)]);
        assert_eq!(all.queue_max, 1 << 40);
        assert!(all.cpu_nanos <= u128::from(NANOS) << 40 && all.memory_max_kib <= 1 << 40);
    }

    #[test]
    fn what_is_missing_is_said() {
        let plan = MetricsPlan {
            url: "http://desk/metrics".into(),
            every: RealSpan::from_whole_secs(1),
            queue: Some("waiting".into()),
        };
        let told = Told {
            asked: 5,
            answered: 3,
            failed: (1, "HTTP 500".into()),
            there: [true, true, false],
            cpu: None,
        };
        let remarks = told.remarks(&plan);
        assert_eq!(
            remarks[0],
            "The target's metrics could not be read 1 of 4 times; the last time: HTTP 500."
        );
        assert_eq!(remarks[1..], ["The target's metrics do not tell waiting."]);
        let silent = Told { asked: 4, failed: (4, "refused".into()), ..Told::default() };
        assert_eq!(silent.remarks(&plan).len(), 1);
    }
}
