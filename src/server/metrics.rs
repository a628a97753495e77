//! How the server is, for whoever asks: its process, who is there, and what it has passed on, in the text format of Prometheus.

use axum::extract::State;
use axum::http::header;
use axum::response::IntoResponse;

use super::House;
use crate::base::time::NANOS;
use crate::net::process;
use crate::wire::exposition::{self, CONTENT_TYPE, CPU_SECONDS, Kind, RESIDENT_BYTES};

/// Where that is.
pub const METRICS_PATH: &str = "/metrics";
/// How many visitors wait to be assigned, over all desks.
pub const WAITING: &str = "causerie_waiting";

/// Everybody and everything that is counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Census {
    /// Clients who have greeted and are connected.
    pub(super) connections: u64,
    /// Visitors who wait to be assigned.
    pub(super) waiting: u64,
    /// Conversations that an agent holds.
    pub(super) held: u64,
    /// Messages that were handed on, to each recipient.
    pub(super) messages: u64,
}

/// All of it.
pub(super) async fn metrics(State(house): State<House>) -> impl IntoResponse {
    house.awake().await;
    let Census { connections, waiting, held, messages } = house.hall().census();
    let mut text = String::new();
    let mut metric = |name, kind, help, value| exposition::write(&mut text, name, kind, help, value);
    if let Some(used) = process::used_nanos() {
        let secs = used as f64 / NANOS as f64;
        metric(CPU_SECONDS, Kind::Counter, "Total user and system CPU time spent in seconds.", secs);
    }
    if let Some(kib) = process::resident_kib() {
        metric(RESIDENT_BYTES, Kind::Gauge, "Resident memory size in bytes.", kib as f64 * 1024.0);
    }
    metric("causerie_connections", Kind::Gauge, "Clients who have greeted.", connections as f64);
    metric(WAITING, Kind::Gauge, "Visitors who wait to be assigned.", waiting as f64);
    metric("causerie_conversations", Kind::Gauge, "Conversations that agents hold.", held as f64);
    metric(
        "causerie_messages_total",
        Kind::Counter,
        "Messages handed on, to each recipient.",
        messages as f64,
    );
    ([(header::CONTENT_TYPE, CONTENT_TYPE), (header::CACHE_CONTROL, "no-store")], text)
}
