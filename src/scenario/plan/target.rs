//! The chat server that `run` talks to.

/// A server that is there already.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TargetPlan {
    /// `ws://host:port/path`, or `wss://…` for TLS.
    pub url: String,
    /// Whose certificates are good, where it speaks TLS.
    pub trust: Trust,
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
