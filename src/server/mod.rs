//! Floor 4: the embedded chat server. The sans-IO platform behind a socket, speaking the causerie protocol
//! (`docs/protocol.md`), and a page where a person can chat.
//!
//! It prints nothing, keeps nothing on disk, and trusts no client: what one may make it hold is in `limits.rs`.

mod attendant;
mod connection;
mod forum;
mod hall;
mod limits;
mod listener;
mod numbered;
mod page;
mod station;
mod store;

use std::collections::BTreeMap;
use std::future::Future;
use std::io;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::Router;
use axum::routing::get;
use tokio::net::TcpListener;

use crate::base::time::{Moment, RealMoment};
use crate::net::clock::{Clock, Pace};
use crate::scenario::plan::{Plan, Routing};
use crate::wire::json::PATH;

use hall::Hall;

/// What a server is told.
#[derive(Clone, Debug)]
pub struct Config {
    /// Scenario seconds in a real second; clients must name the same.
    pub speed: f64,
    /// How each desk routes, by name; any other gives a visitor to whoever is least busy.
    pub routings: BTreeMap<String, Routing>,
}

impl Config {
    /// For any client, at this speed.
    #[must_use]
    pub fn new(speed: f64) -> Self {
        Self { speed, routings: BTreeMap::new() }
    }

    /// With the desks of a plan.
    #[must_use]
    pub fn of_plan(plan: &Plan, speed: f64) -> Self {
        let routings = plan.desks.iter().map(|desk| (desk.name.clone(), desk.routing)).collect();
        Self { speed, routings }
    }
}

/// What every connection shares.
#[derive(Clone, Debug)]
struct House {
    hall: Arc<Mutex<Hall>>,
    clock: Clock,
    pace: Pace,
    speed: f64,
}

impl House {
    fn hall(&self) -> MutexGuard<'_, Hall> {
        // A panic under the lock is a defect; the others are served on as well as can be.
        self.hall.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn now(&self) -> Moment {
        self.pace.scenario(self.clock.now())
    }
}

/// Serves on `listener` until `shutdown` is over; then every connection is dropped.
///
/// # Errors
/// When the clock cannot be started.
pub async fn serve(
    listener: TcpListener,
    config: Config,
    shutdown: impl Future<Output = ()>,
) -> io::Result<()> {
    let house = House {
        hall: Arc::new(Mutex::new(Hall::new(config.routings))),
        clock: Clock::start()?,
        pace: Pace::new(RealMoment::ZERO, config.speed),
        speed: config.speed,
    };
    let attendant = attendant::work(house.clone());
    let app =
        Router::new().route("/", get(page::page)).route(PATH, get(connection::upgrade)).with_state(house);
    let service = axum::serve(listener::Bounded::new(listener), app);
    tokio::select! {
        served = service => served,
        () = attendant => Ok(()),
        () = shutdown => Ok(()),
    }
}
