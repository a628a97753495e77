//! Floor 4: the embedded chat server. The sans-IO platform behind a socket, speaking the causerie protocol
//! (`docs/protocol.md`), and a page where a person can chat; with faults on purpose and an account of what it did, where those
//! are wanted (`docs/faults.md`).
//!
//! It prints nothing, keeps nothing on disk but that account, and trusts no client: what one may make it hold is in `limits.rs`.

pub mod account;
mod attendant;
mod connection;
mod dispatch;
mod faults;
mod forum;
mod hall;
mod life;
mod limits;
mod listener;
mod metrics;
mod numbered;
mod page;
mod session;
mod station;
mod store;

use std::collections::BTreeMap;
use std::future::Future;
use std::io;
use std::sync::atomic::AtomicU64;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::net::TcpListener;
use tokio::sync::watch;

use crate::base::time::{Moment, RealMoment};
use crate::net::clock::{Clock, Pace};
use crate::scenario::plan::faults::Faults;
use crate::scenario::plan::{Plan, Routing};

use account::{Account, Sink};
use faults::Faulty;
use hall::Hall;
use session::Sessions;

pub use metrics::{METRICS_PATH, WAITING};

/// What a server is told.
#[derive(Debug)]
pub struct Config {
    /// Scenario seconds in a real second; clients must name the same.
    pub speed: f64,
    /// How each desk routes, by name; any other gives a visitor to whoever is least busy.
    pub routings: BTreeMap<String, Routing>,
    /// What it does wrong, on purpose.
    pub faults: Faults,
    /// Where the account of what it did goes, if one is wanted.
    pub account: Option<Sink>,
}

impl Config {
    /// For any client, at this speed, without faults.
    #[must_use]
    pub fn new(speed: f64) -> Self {
        Self { speed, routings: BTreeMap::new(), faults: Faults::default(), account: None }
    }

    /// With the desks of a plan, and its faults.
    #[must_use]
    pub fn of_plan(plan: &Plan, speed: f64) -> Self {
        let routings = plan.desks.iter().map(|desk| (desk.name.clone(), desk.routing)).collect();
        let faults = plan.run.faults.clone().unwrap_or_default();
        Self { speed, routings, faults, account: None }
    }
}

/// What every connection shares.
#[derive(Clone, Debug)]
struct House {
    hall: Arc<Mutex<Hall>>,
    sessions: Arc<Sessions>,
    clock: Clock,
    pace: Pace,
    speed: f64,
    faults: Arc<Faulty>,
    account: Account,
    /// How many connections have a number.
    numbered: Arc<AtomicU64>,
    /// Nobody says anything here; when the other end is gone, so is all that is connected.
    life: watch::Receiver<()>,
}

impl House {
    fn hall(&self) -> MutexGuard<'_, Hall> {
        // A panic under the lock is a defect; the others are served on as well as can be.
        self.hall.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn now(&self) -> Moment {
        self.pace.scenario(self.clock.now())
    }

    /// Waits while the server stands still.
    async fn awake(&self) {
        self.faults.awake(&self.clock).await;
    }
}

/// Serves on `listener` until `shutdown` is over; then every connection is dropped.
///
/// # Errors
/// When the clock cannot be started, the account cannot be written, or nobody can listen again after a crash.
pub async fn serve(
    listener: TcpListener,
    config: Config,
    shutdown: impl Future<Output = ()>,
) -> io::Result<()> {
    let clock = Clock::start(config.speed)?;
    let account = Account::begin(config.account, &clock)?;
    let (_, life) = watch::channel(());
    let house = House {
        hall: Arc::default(),
        sessions: Arc::default(),
        pace: Pace::new(RealMoment::ZERO, config.speed),
        clock,
        speed: config.speed,
        faults: Arc::new(Faulty::new(config.faults)),
        account: account.clone(),
        numbered: Arc::default(),
        life,
    };
    tokio::select! {
        ended = life::lives(listener, house, config.routings) => ended,
        error = account.broken() => Err(error),
        () = shutdown => Ok(()),
    }
}
