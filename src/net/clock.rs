//! The only real clock: the run's epoch, sleeping until an instant, and the conversion between the two times.
//!
//! tokio's timers tick in milliseconds and round up; at speed 60 a millisecond is 60 ms of the scenario, and every
//! conversation would start and end late by that. So sleepers are woken by a thread of their own, which parks until the
//! first is due, on Linux without the kernel's timer slack (50 µs unless told otherwise). It rings early by what two
//! threads' wake-ups usually take, and who is up before time spins for the rest.

#![expect(clippy::disallowed_methods, reason = "this is the one place that reads the clocks")]

use std::collections::BTreeMap;
use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::task::{Context, Poll, Waker};
use std::thread::{self, Thread};
use std::time::{Duration, Instant, SystemTime};

use crate::base::time::{Moment, RealMoment, RealSpan, Span};

/// How early the thread rings: what it takes from there to the sleeper, so that there is little left to spin.
const EARLY: RealSpan = RealSpan::from_nanos(60_000);

/// A clock that started at a run's epoch. Clones are the same clock.
#[derive(Clone, Debug)]
pub struct Clock(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    epoch: Instant,
    epoch_date: SystemTime,
    bell: Mutex<Bell>,
    ringer: Thread,
}

/// Who is to be woken when; the number tells apart those who are due at the same instant.
#[derive(Debug, Default)]
struct Bell {
    sleepers: BTreeMap<(RealMoment, u64), Waker>,
    numbered: u64,
}

impl Shared {
    fn now(&self) -> RealMoment {
        RealMoment::from_nanos(u64::try_from(self.epoch.elapsed().as_nanos()).unwrap_or(u64::MAX))
    }

    fn bell(&self) -> MutexGuard<'_, Bell> {
        // No call under this lock can leave the bell half changed.
        self.bell.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Shared {
    fn drop(&mut self) {
        self.ringer.unpark();
    }
}

impl Clock {
    /// A clock whose epoch is now.
    ///
    /// # Errors
    /// The thread that wakes sleepers could not be started.
    pub fn start() -> std::io::Result<Self> {
        let (hand_over, handed) = std::sync::mpsc::channel::<Weak<Shared>>();
        let ringer = thread::Builder::new().name("clock".into()).spawn(move || {
            if let Ok(shared) = handed.recv() {
                take_up_slack();
                ring(&shared);
            }
        })?;
        let (epoch, epoch_date) = now_and_date();
        let shared =
            Arc::new(Shared { epoch, epoch_date, bell: Mutex::default(), ringer: ringer.thread().clone() });
        hand_over.send(Arc::downgrade(&shared)).expect("the thread waits for this");
        Ok(Self(shared))
    }

    /// Real time since the epoch.
    #[must_use]
    pub fn now(&self) -> RealMoment {
        self.0.now()
    }

    /// The epoch by the calendar: nanoseconds since 1970, UTC.
    #[must_use]
    pub fn epoch_unix_nanos(&self) -> u64 {
        let since_1970 = self.0.epoch_date.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
        u64::try_from(since_1970.as_nanos()).unwrap_or(u64::MAX)
    }

    /// How late a sleeper is who has the machine to himself: the median of a few, a millisecond each.
    pub async fn resolution(&self) -> RealSpan {
        const SLEEPERS: usize = 21;
        let mut late = Vec::with_capacity(SLEEPERS);
        for _ in 0..SLEEPERS {
            let due = self.now() + RealSpan::from_nanos(1_000_000);
            self.until(due).await;
            late.push(self.now().since(due));
        }
        late.sort_unstable();
        late[SLEEPERS / 2]
    }

    /// Sleeps until `due`; not at all when that has come.
    #[must_use]
    pub fn until(&self, due: RealMoment) -> Sleep {
        Sleep { shared: self.0.clone(), due, number: None }
    }
}

/// How often both clocks are looked at for one instant: whoever is interrupted in between is likely to be spared another time.
const LOOKS: usize = 8;

/// This instant on both clocks, as close together as they can be looked at: stamps of two clocks that started apart are
/// compared by their dates.
fn now_and_date() -> (Instant, SystemTime) {
    let look = || {
        let (before, date, after) = (Instant::now(), SystemTime::now(), Instant::now());
        (after - before, before, date)
    };
    let closest = (1..LOOKS).map(|_| look()).fold(look(), |a, b| if b.0 < a.0 { b } else { a });
    (closest.1, closest.2)
}

/// Asks Linux to wake this thread when it said, not when it is convenient (prctl(2), PR_SET_TIMERSLACK, by its file in proc(5)).
/// Elsewhere, or where that is not allowed, sleepers are woken a little later.
fn take_up_slack() {
    if let Ok(path) = std::fs::read_link("/proc/thread-self")
        && let Some(thread) = path.file_name().and_then(|name| name.to_str())
    {
        let _ = std::fs::write(format!("/proc/{thread}/timerslack_ns"), "1");
    }
}

/// Wakes whoever is due, until nobody holds the clock any more.
fn ring(shared: &Weak<Shared>) {
    while let Some(clock) = shared.upgrade() {
        let now = clock.now();
        let mut due = Vec::new();
        let next = {
            let mut bell = clock.bell();
            let later = bell.sleepers.split_off(&(now + EARLY, u64::MAX));
            due.extend(std::mem::replace(&mut bell.sleepers, later).into_values());
            bell.sleepers.first_key_value().map(|((at, _), _)| *at)
        };
        due.into_iter().for_each(Waker::wake);
        // Not held while parked: that would keep the clock alive for ever.
        drop(clock);
        match next {
            Some(at) => thread::park_timeout(Duration::from_nanos((at.since(now) - EARLY).nanos())),
            None => thread::park(),
        }
    }
}

/// A future that is over at its instant, or as soon after it as the machine allows.
#[derive(Debug)]
pub struct Sleep {
    shared: Arc<Shared>,
    due: RealMoment,
    number: Option<u64>,
}

impl Sleep {
    /// Sleeps until `due` instead.
    pub fn reset(&mut self, due: RealMoment) {
        if due != self.due {
            self.leave();
            self.due = due;
        }
    }

    fn leave(&mut self) {
        if let Some(number) = self.number.take() {
            self.shared.bell().sleepers.remove(&(self.due, number));
        }
    }
}

impl Future for Sleep {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        if self.due == RealMoment::NEVER {
            return Poll::Pending;
        }
        if self.shared.now() + EARLY >= self.due {
            while self.shared.now() < self.due {
                std::hint::spin_loop();
            }
            self.leave();
            return Poll::Ready(());
        }
        let due = self.due;
        let (number, is_first) = {
            let mut bell = self.shared.bell();
            let number = self.number.unwrap_or_else(|| {
                bell.numbered += 1;
                bell.numbered
            });
            bell.sleepers.insert((due, number), context.waker().clone());
            let is_first = bell.sleepers.first_key_value().is_some_and(|(key, _)| *key == (due, number));
            (number, is_first)
        };
        let is_new = self.number.replace(number).is_none();
        if is_new && is_first {
            self.shared.ringer.unpark();
        }
        Poll::Pending
    }
}

impl Drop for Sleep {
    fn drop(&mut self) {
        self.leave();
    }
}

/// The conversion between scenario time and real time: where scenario time 0 lies, and how fast it runs.
///
/// Both are counted in integer nanoseconds; a conversion is one multiplication or division in double precision, so it is
/// right to the nanosecond of the result for 104 days (2⁵³ ns), and it never accumulates.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Pace {
    origin: RealMoment,
    speed: f64,
}

impl Pace {
    /// Scenario time 0 is at `origin`, and `speed` scenario seconds go by in a real one. Panics unless `speed` is
    /// positive and finite.
    #[must_use]
    pub fn new(origin: RealMoment, speed: f64) -> Self {
        assert!(speed.is_finite() && speed > 0.0, "a speed of {speed}");
        Self { origin, speed }
    }

    /// When that is, in real time.
    #[must_use]
    pub fn real(&self, moment: Moment) -> RealMoment {
        if moment == Moment::NEVER {
            return RealMoment::NEVER;
        }
        self.origin + RealSpan::from_nanos((moment.nanos() as f64 / self.speed + 0.5) as u64)
    }

    /// When that is, in scenario time; what lies before its origin is at the origin.
    #[must_use]
    pub fn scenario(&self, real: RealMoment) -> Moment {
        Moment::ZERO + self.span(real.since(self.origin))
    }

    /// How much scenario time goes by in that much real time.
    #[must_use]
    pub fn span(&self, real: RealSpan) -> Span {
        Span::from_nanos((real.nanos() as f64 * self.speed + 0.5) as u64)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(nanos: u64) -> RealMoment {
        RealMoment::from_nanos(nanos)
    }

    #[test]
    fn the_two_times_convert_without_drift() {
        let pace = Pace::new(at(1_000), 60.0);
        assert_eq!(pace.real(Moment::ZERO), at(1_000));
        assert_eq!(pace.scenario(at(500)), Moment::ZERO);
        let day = Moment::from_nanos(86_400_000_000_000);
        assert_eq!(pace.real(day), at(1_440_000_001_000));
        assert_eq!(pace.scenario(pace.real(day)), day);
        assert_eq!(pace.real(Moment::NEVER), RealMoment::NEVER);
        // There and back is off by at most half a nanosecond of real time.
        for n in [1, 59, 61, 1_234_567_891] {
            let there = pace.scenario(pace.real(Moment::from_nanos(n)));
            assert!(there.nanos().abs_diff(n) <= 30, "{n} {there:?}");
        }
    }

    #[tokio::test(flavor = "current_thread")]
    async fn sleepers_wake_in_order_and_none_early() {
        let clock = Clock::start().unwrap();
        let start = clock.now();
        let sleep = |micros: u64| {
            let clock = clock.clone();
            async move {
                let due = start + RealSpan::from_nanos(micros * 1_000);
                clock.until(due).await;
                let woken = clock.now();
                assert!(woken >= due);
                woken
            }
        };
        let (late, early, past) = tokio::join!(sleep(3_000), sleep(1_000), sleep(0));
        assert!(past < early && early < late);
    }

    #[tokio::test(flavor = "current_thread")]
    async fn a_sleeper_who_leaves_is_forgotten() {
        let clock = Clock::start().unwrap();
        let mut sleep = clock.until(RealMoment::from_nanos(u64::MAX / 2));
        tokio::select! {
            biased;
            () = &mut sleep => panic!("that is centuries away"),
            () = std::future::ready(()) => {}
        }
        assert_eq!(clock.0.bell().sleepers.len(), 1);
        sleep.reset(clock.now() + RealSpan::from_nanos(1_000));
        assert!(clock.0.bell().sleepers.is_empty());
        sleep.await;
        assert!(clock.0.bell().sleepers.is_empty());
    }
}
