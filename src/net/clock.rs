//! The only real clock: the run's epoch, sleeping until an instant, and the conversion between the two times.
//!
//! Sleepers wait for one alarm, which is set to the first of them. Being woken takes the machine some time; at speed 60 a
//! millisecond is 60 ms of the scenario, and every conversation would start and end late by that. So the faster the scenario goes
//! by, the earlier the alarm is set, and who is up before time spins for the rest.

#![expect(clippy::disallowed_methods, reason = "this is the one place that reads the clocks")]

use std::collections::BTreeMap;
use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::task::{Context, Poll, Waker};
use std::time::{Instant, SystemTime};

use super::alarm::Alarm;
use crate::base::time::{Moment, RealMoment, RealSpan, Span};

/// How early the alarm rings where it matters most: what it takes from there to the sleeper, so that there is little left to spin.
const EARLIEST: RealSpan = RealSpan::from_nanos(60_000);
/// From which speed on it does. Below, the same time of the scenario is a smaller part of that.
const FAST: f64 = 60.0;

/// A clock that started at a run's epoch. Clones are the same clock.
#[derive(Clone, Debug)]
pub struct Clock(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    epoch: Instant,
    epoch_date: SystemTime,
    /// How early the alarm rings.
    early: RealSpan,
    bell: Mutex<Bell>,
    alarm: Arc<Alarm>,
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

    /// Sets the alarm for who sleeps until `due`. Under the bell's lock, so that the last to set it knows who is first.
    fn set_alarm(&self, due: RealMoment) {
        self.alarm.set(due.since(self.now()) - self.early);
    }

    /// Wakes whoever is due.
    fn ring(&self) {
        let mut bell = self.bell();
        let later = bell.sleepers.split_off(&(self.now() + self.early, u64::MAX));
        let due = std::mem::replace(&mut bell.sleepers, later);
        if let Some(((next, _), _)) = bell.sleepers.first_key_value() {
            self.set_alarm(*next);
        }
        drop(bell);
        due.into_values().for_each(Waker::wake);
    }
}

impl Drop for Shared {
    fn drop(&mut self) {
        self.alarm.set(RealSpan::ZERO);
    }
}

impl Clock {
    /// A clock whose epoch is now, for people who live at that speed: scenario seconds in a real one. Within a runtime.
    ///
    /// # Errors
    /// The system gives no alarm.
    pub fn start(speed: f64) -> std::io::Result<Self> {
        let alarm = Arc::new(Alarm::new()?);
        let early = RealSpan::from_nanos((EARLIEST.nanos() as f64 * (speed / FAST).min(1.0)) as u64);
        let (epoch, epoch_date) = now_and_date();
        let shared = Shared { epoch, epoch_date, early, bell: Mutex::default(), alarm: alarm.clone() };
        let shared = Arc::new(shared);
        tokio::spawn(ring(alarm, Arc::downgrade(&shared)));
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

    /// Wakes everybody, whatever they sleep until, to look around.
    pub fn rouse(&self) {
        let sleepers: Vec<Waker> = self.0.bell().sleepers.values().cloned().collect();
        sleepers.into_iter().for_each(Waker::wake);
    }

    /// Sleeps until `due`; not at all when that has come.
    #[must_use]
    pub fn until(&self, due: RealMoment) -> Sleep {
        Sleep { shared: self.0.clone(), due, place: None }
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

/// Wakes whoever is due, until nobody holds the clock any more.
async fn ring(alarm: Arc<Alarm>, shared: Weak<Shared>) {
    loop {
        alarm.rings().await;
        match shared.upgrade() {
            Some(clock) => clock.ring(),
            None => return,
        }
    }
}

/// A future that is over at its instant, or as soon after it as the machine allows.
#[derive(Debug)]
pub struct Sleep {
    shared: Arc<Shared>,
    due: RealMoment,
    /// Its place among the sleepers, and who is woken there.
    place: Option<(u64, Waker)>,
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
        if let Some((number, _)) = self.place.take() {
            self.shared.bell().sleepers.remove(&(self.due, number));
        }
    }

    fn lie_down(&mut self, waker: &Waker) {
        let mut bell = self.shared.bell();
        let number = self.place.as_ref().map_or(bell.numbered + 1, |(number, _)| *number);
        bell.numbered = bell.numbered.max(number);
        let key = (self.due, number);
        bell.sleepers.insert(key, waker.clone());
        if bell.sleepers.first_key_value().is_some_and(|(first, _)| *first == key) {
            self.shared.set_alarm(self.due);
        }
        drop(bell);
        self.place = Some((number, waker.clone()));
    }
}

impl Future for Sleep {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        if self.shared.now() + self.shared.early >= self.due {
            while self.shared.now() < self.due {
                std::hint::spin_loop();
            }
            self.leave();
            return Poll::Ready(());
        }
        if self.place.as_ref().is_none_or(|(_, waker)| !waker.will_wake(context.waker())) {
            self.lie_down(context.waker());
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
        let clock = Clock::start(60.0).unwrap();
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
        let clock = Clock::start(60.0).unwrap();
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
