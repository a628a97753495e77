//! What the yardstick's tasks sleep by.

use std::future::Future;
use std::io;
use std::pin::Pin;
use std::str::FromStr;
use std::task::{Context, Poll};
use std::time::Duration;

use causerie::base::time::RealMoment;
use causerie::net::clock;
use tokio::time::Instant;

/// Which timers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Timers {
    /// Those of `causerie run`: whoever is due is woken then.
    Precise,
    /// Those of the runtime, which tick in milliseconds: whoever is due between two ticks is woken at the second, all at once.
    Coarse,
}

impl Timers {
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Precise => "precise",
            Self::Coarse => "coarse",
        }
    }
}

impl FromStr for Timers {
    type Err = io::Error;

    fn from_str(word: &str) -> io::Result<Self> {
        let all = [Self::Precise, Self::Coarse];
        let named = all.into_iter().find(|timers| timers.name() == word);
        named.ok_or_else(|| io::Error::other(format!("`{word}` is neither precise nor coarse")))
    }
}

/// A clock with these timers.
#[derive(Clone, Debug)]
pub(crate) struct Clock {
    of_causerie: clock::Clock,
    /// That of the runtime when the other showed 0, where its timers are wanted.
    of_runtime: Option<Instant>,
}

impl Clock {
    pub(crate) fn start(timers: Timers) -> io::Result<Self> {
        let of_causerie = clock::Clock::start(1.0)?;
        let of_runtime = (timers == Timers::Coarse).then(|| {
            let epoch = Instant::now();
            epoch - Duration::from_nanos(of_causerie.now().nanos())
        });
        Ok(Self { of_causerie, of_runtime })
    }

    pub(crate) fn now(&self) -> RealMoment {
        self.of_causerie.now()
    }

    pub(crate) fn until(&self, due: RealMoment) -> Sleep {
        match self.of_runtime {
            None => Sleep::Precise(self.of_causerie.until(due)),
            Some(epoch) => Sleep::Coarse(epoch, Box::pin(tokio::time::sleep_until(instant(epoch, due)))),
        }
    }
}

fn instant(epoch: Instant, due: RealMoment) -> Instant {
    // A day is never here.
    epoch + Duration::from_nanos(due.nanos()).min(Duration::from_secs(86_400))
}

#[derive(Debug)]
pub(crate) enum Sleep {
    Precise(clock::Sleep),
    Coarse(Instant, Pin<Box<tokio::time::Sleep>>),
}

impl Sleep {
    pub(crate) fn reset(&mut self, due: RealMoment) {
        match self {
            Self::Precise(sleep) => sleep.reset(due),
            Self::Coarse(epoch, sleep) => sleep.as_mut().reset(instant(*epoch, due)),
        }
    }
}

impl Future for Sleep {
    type Output = ();

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        match self.get_mut() {
            Self::Precise(sleep) => Pin::new(sleep).poll(context),
            Self::Coarse(_, sleep) => sleep.as_mut().poll(context),
        }
    }
}
