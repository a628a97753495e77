//! One page over HTTP, with bounds on its size and on the time that it takes.

use std::sync::Arc;
use std::time::Duration;

use hyper::StatusCode;
use hyper::Uri;
use hyper::header::{ACCEPT, HeaderValue};

use super::clock::Clock;
use super::exchange::Exchange;
use super::host::{Host, bare};
use super::tls::Tls;
use crate::base::http::Question;
use crate::scenario::plan::target::Trust;

/// How long it may take, from looking its host up to the last byte.
const LIMIT: Duration = Duration::from_secs(5);
/// Bytes at the most.
const LONGEST: usize = 4 << 20;

/// Where a page is.
#[derive(Debug)]
pub struct Page {
    host: Arc<Host>,
    authority: HeaderValue,
    path: String,
    clock: Clock,
}

impl Page {
    /// From its URL, `http://…` or `https://…` and then of those that `trust` is for.
    ///
    /// # Errors
    /// Says what is wrong with the URL or with the trust, for a person to read.
    pub fn parse(url: &str, trust: &Trust, clock: Clock) -> Result<Self, String> {
        let wrong = |why: &dyn std::fmt::Display| format!("`{url}` is no URL of a page ({why})");
        let uri: Uri = url.parse().map_err(|error| wrong(&error))?;
        let usual_port = match uri.scheme_str() {
            Some("http") => 80,
            Some("https") => 443,
            _ => return Err(wrong(&"it is neither http:// nor https://")),
        };
        let authority = uri.authority().ok_or_else(|| wrong(&"it names no host"))?;
        let name = bare(authority.host());
        let tls = if usual_port == 443 { Some(Tls::with(name, trust, Some("http/1.1"))?) } else { None };
        // Whoever is named before an @ is nobody else's business.
        let shown = authority.as_str().rsplit('@').next().unwrap_or_default();
        let host = Host::new(name, authority.port_u16().unwrap_or(usual_port), tls, 1);
        Ok(Self {
            host: Arc::new(host),
            authority: shown.parse().map_err(|error| wrong(&error))?,
            path: uri.path_and_query().map_or("/", |path| path.as_str()).to_owned(),
            clock,
        })
    }

    /// What is there, as one of these types, over a connection of its own.
    ///
    /// # Errors
    /// Says why it cannot be had: nobody answers, not in 5 s, not with success, or with more than 4 MiB.
    pub async fn get(&self, accept: &str) -> Result<Vec<u8>, String> {
        let mut exchange = Exchange::new(self.host.clone(), self.authority.clone(), self.clock.clone());
        let header = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        let headers = vec![header(ACCEPT.as_str(), accept), header("connection", "close")];
        let question = Question { method: "GET".into(), path: self.path.clone(), headers, body: None };
        let answer = exchange.ask(&question, LIMIT, LONGEST).await?;
        match StatusCode::from_u16(answer.status) {
            Ok(StatusCode::OK) => Ok(answer.body),
            Ok(status) => Err(format!("it answered HTTP {status}")),
            Err(_) => Err(format!("it answered HTTP {}", answer.status)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_page_has_a_host_a_port_and_a_path() {
        let clock = Clock::start(1.0).unwrap();
        let page = |url| Page::parse(url, &Trust::Anybody, clock.clone()).unwrap();
        let there = page("http://user:secret@[::1]:9100/metrics?all=1");
        assert_eq!(there.host.shown(), "[::1]:9100");
        assert_eq!(
            (there.authority.to_str().unwrap(), there.path.as_str()),
            ("[::1]:9100", "/metrics?all=1")
        );
        let secure = page("https://desk.example");
        assert_eq!((secure.host.shown().as_str(), secure.path.as_str()), ("desk.example:443", "/"));
        assert!(secure.host.is_secret() && !there.host.is_secret());
        for wrong in ["ws://desk", "desk", "http://", "ftp://desk/metrics", "http://a b/"] {
            assert!(Page::parse(wrong, &Trust::Machine, clock.clone()).is_err(), "{wrong}");
        }
    }
}
