//! Questions and answers over HTTP, and how a WebSocket is opened.

/// How a transport is opened; all empty, where its [`super::endpoint::Endpoint`] says everything.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Opening {
    /// Path and query, in place of the endpoint's.
    pub path: Option<String>,
    /// Headers beside those that opening takes in any case.
    pub headers: Vec<(String, String)>,
}

/// A request.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Question {
    /// `GET`, `POST`…
    pub method: String,
    /// Path and query.
    pub path: String,
    /// Headers beside `Host` and `Content-Length`.
    pub headers: Vec<(String, String)>,
    /// The body; none of a `GET`.
    pub body: Option<String>,
}

/// A response. What a server sends is bounded by the driver, in bytes and in time.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Answer {
    /// 200…
    pub status: u16,
    /// Names in lower case, values as far as they are text, in their order.
    pub headers: Vec<(String, String)>,
    /// As it came; nothing, where it [has no end](Self::is_endless).
    pub body: Vec<u8>,
}

impl Answer {
    /// Whether this is a stream of events (`text/event-stream`), which goes on for as long as the server likes.
    #[must_use]
    pub fn is_endless(&self) -> bool {
        let kind = self.headers.iter().find(|(name, _)| name == "content-type");
        kind.is_some_and(|(_, kind)| kind.trim_start().to_ascii_lowercase().starts_with("text/event-stream"))
    }
}
