//! The chat server that `run` talks to.

use crate::base::time::RealSpan;

/// A server that is there already.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TargetPlan {
    /// `ws://host:port/path`, or `wss://…` for TLS.
    pub url: String,
    /// Whose certificates are good, where it speaks TLS.
    pub trust: Trust,
    /// Where it says how it is, if it does.
    pub metrics: Option<MetricsPlan>,
}

/// Where the target says how it is, in the text format of Prometheus.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MetricsPlan {
    /// `http://host:port/path`, or `https://…`.
    pub url: String,
    /// How often it is asked, in real time.
    pub every: RealSpan,
    /// What it calls its queue, if it has one.
    pub queue: Option<String>,
}

/// Whose certificates are good.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Trust {
    /// Those of the authorities that this machine trusts.
    #[default]
    Machine,
    /// Those of these authorities, and of no others.
    Only {
        /// Their certificates, in PEM.
        pem: String,
    },
    /// Anybody's: who answers is not checked.
    Anybody,
}
