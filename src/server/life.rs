//! The lives of a server: one, unless it crashes. A crash forgets everybody and everything; what goes on is the clock, the
//! account, the numbers of the connections and, for once, the port.

use std::collections::BTreeMap;
use std::io;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::routing::get;
use tokio::net::{TcpListener, TcpSocket};
use tokio::sync::watch;

use super::account::Deed;
use super::hall::Hall;
use super::listener::{Bounded, Cord};
use super::{House, attendant, connection, metrics, page};
use crate::base::time::RealMoment;
use crate::scenario::plan::Routing;
use crate::wire::json::PATH;

/// Connections that wait to be taken.
const WAITING: u32 = 1_024;

/// Serves on `listener`, crashes if it has to, and serves again.
///
/// # Errors
/// When nobody can listen again after a crash.
pub(super) async fn lives(
    listener: TcpListener,
    house: House,
    routings: BTreeMap<String, Routing>,
) -> io::Result<()> {
    let address = listener.local_addr()?;
    let until = tokio::select! {
        served = live(listener, &house, routings.clone()) => return served,
        until = crashes(&house) => until,
    };
    let silent = hold(address)?;
    house.clock.until(until).await;
    let listener = silent.listen(WAITING)?;
    house.account.note(|| Deed::Restarted);
    live(listener, &house, routings).await
}

/// Waits for the crash, and writes it down; gives when somebody listens again.
async fn crashes(house: &House) -> RealMoment {
    let crash = house.faults.crash(&house.clock).await;
    let until = house.clock.now() + crash.down;
    house.account.note(|| Deed::Crashed { until: until.nanos() });
    until
}

/// Keeps the port of a server that does not listen: whoever connects is refused, and nobody takes it meanwhile.
fn hold(address: SocketAddr) -> io::Result<TcpSocket> {
    let socket = if address.is_ipv4() { TcpSocket::new_v4()? } else { TcpSocket::new_v6()? };
    socket.set_reuseaddr(true)?;
    socket.bind(address)?;
    Ok(socket)
}

/// One life. Whoever is connected is cut off when this is dropped.
async fn live(listener: TcpListener, house: &House, routings: BTreeMap<String, Routing>) -> io::Result<()> {
    let (_alive, life) = watch::channel(());
    let hall = Arc::new(Mutex::new(Hall::new(routings)));
    let house = House { hall, sessions: Arc::default(), life, ..house.clone() };
    let listener = Bounded::new(listener, house.clone());
    let app = Router::new()
        .route("/", get(page::page))
        .route(PATH, get(connection::upgrade))
        .route(metrics::METRICS_PATH, get(metrics::metrics))
        .with_state(house.clone())
        .into_make_service_with_connect_info::<Cord>();
    tokio::select! {
        served = axum::serve(listener, app) => served,
        () = attendant::work(house.clone()) => Ok(()),
        () = stalls(&house) => Ok(()),
    }
}

/// Writes down every stall as it begins.
async fn stalls(house: &House) {
    loop {
        let until = house.faults.stalled(&house.clock).await;
        house.account.note(|| Deed::Stalled { until: until.nanos() });
    }
}
