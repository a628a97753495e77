//! Where a codec's transports lead.

/// What goes over a transport.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Bytes both ways: TCP.
    Stream,
    /// Text frames both ways.
    WebSocket,
    /// Questions and answers.
    Http,
}

/// Where one transport leads, the same for everybody in a run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Endpoint {
    /// What goes over it.
    pub kind: Kind,
    /// Scheme, host, port and perhaps a path. The scheme says whether it is secret from the beginning on.
    pub url: String,
    /// The WebSocket subprotocol that is asked for, if one is.
    pub subprotocol: Option<String>,
}
