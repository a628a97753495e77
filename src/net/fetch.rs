//! One page over HTTP, with bounds on its size and on the time that it takes. No redirect is followed.

use std::fmt;
use std::future::poll_fn;
use std::pin::Pin;
use std::time::Duration;

use hyper::body::{Body, Bytes};
use hyper::client::conn::http1;
use hyper::header::{ACCEPT, CONNECTION, HOST, HeaderValue};
use hyper::{Request, StatusCode, Uri};
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio::time::timeout;

use super::tls::{self, Tls};
use crate::scenario::plan::target::Trust;

/// How long it may take, from looking its host up to the last byte.
const LIMIT: Duration = Duration::from_secs(5);
/// Bytes at the most.
const LONGEST: usize = 4 << 20;

/// Where a page is.
#[derive(Debug)]
pub struct Page {
    host: String,
    port: u16,
    authority: HeaderValue,
    path: Uri,
    tls: Option<Tls>,
}

impl Page {
    /// From its URL, `http://…` or `https://…` and then of those that `trust` is for.
    ///
    /// # Errors
    /// Says what is wrong with the URL or with the trust, for a person to read.
    pub fn parse(url: &str, trust: &Trust) -> Result<Self, String> {
        let wrong = |why: &dyn fmt::Display| format!("`{url}` is no URL of a page ({why})");
        let uri: Uri = url.parse().map_err(|error| wrong(&error))?;
        let usual_port = match uri.scheme_str() {
            Some("http") => 80,
            Some("https") => 443,
            _ => return Err(wrong(&"it is neither http:// nor https://")),
        };
        let authority = uri.authority().ok_or_else(|| wrong(&"it names no host"))?;
        let host = authority.host().trim_start_matches('[').trim_end_matches(']').to_owned();
        let tls = if usual_port == 443 { Some(Tls::with(&host, trust)?) } else { None };
        // Whoever is named before an @ is nobody else's business.
        let shown = authority.as_str().rsplit('@').next().unwrap_or_default();
        Ok(Self {
            host,
            port: authority.port_u16().unwrap_or(usual_port),
            authority: shown.parse().map_err(|error| wrong(&error))?,
            path: uri
                .path_and_query()
                .map_or("/", |path| path.as_str())
                .parse()
                .map_err(|error| wrong(&error))?,
            tls,
        })
    }

    /// What is there, as one of these types.
    ///
    /// # Errors
    /// Says why it cannot be had: nobody answers, not in 5 s, not with success, or with more than 4 MiB.
    pub async fn get(&self, accept: &'static str) -> Result<Vec<u8>, String> {
        match timeout(LIMIT, self.exchange(accept)).await {
            Ok(answered) => answered,
            Err(_) => Err(format!("no whole answer within {} s", LIMIT.as_secs())),
        }
    }

    async fn exchange(&self, accept: &'static str) -> Result<Vec<u8>, String> {
        let stream = TcpStream::connect((self.host.as_str(), self.port)).await;
        let stream = stream.map_err(|error| error.to_string())?;
        match &self.tls {
            None => self.ask(stream, accept).await,
            Some(tls) => {
                let secured = tls.shake_hands(stream).await.map_err(|error| tls::explain(&error).1)?;
                self.ask(secured, accept).await
            }
        }
    }

    async fn ask(
        &self,
        stream: impl AsyncRead + AsyncWrite + Send + Unpin + 'static,
        accept: &'static str,
    ) -> Result<Vec<u8>, String> {
        let said = |error: hyper::Error| format!("no HTTP there: {error}");
        let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await.map_err(said)?;
        // It ends with the request, however that does.
        tokio::spawn(connection);
        let mut request = Request::new(String::new());
        *request.uri_mut() = self.path.clone();
        let headers = request.headers_mut();
        headers.insert(HOST, self.authority.clone());
        headers.insert(ACCEPT, HeaderValue::from_static(accept));
        headers.insert(CONNECTION, HeaderValue::from_static("close"));
        let answer = sender.send_request(request).await.map_err(said)?;
        if answer.status() != StatusCode::OK {
            return Err(format!("it answered HTTP {}", answer.status()));
        }
        whole(answer.into_body()).await
    }
}

/// All of a body, if it is not too long.
async fn whole(mut body: impl Body<Data = Bytes, Error = hyper::Error> + Unpin) -> Result<Vec<u8>, String> {
    let mut all = Vec::new();
    while let Some(frame) = poll_fn(|context| Pin::new(&mut body).poll_frame(context)).await {
        let frame = frame.map_err(|error| format!("the answer broke off: {error}"))?;
        let Some(part) = frame.data_ref() else { continue };
        if all.len() + part.len() > LONGEST {
            return Err(format!("more than {} MiB", LONGEST >> 20));
        }
        all.extend_from_slice(part);
    }
    Ok(all)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_has_a_host_a_port_and_a_path() {
        let page = |url| Page::parse(url, &Trust::Anybody).unwrap();
        let there = page("http://user:secret@[::1]:9100/metrics?all=1");
        assert_eq!((there.host.as_str(), there.port), ("::1", 9_100));
        assert_eq!(
            (there.authority.to_str().unwrap(), there.path.to_string().as_str()),
            ("[::1]:9100", "/metrics?all=1")
        );
        let secure = page("https://desk.example");
        assert_eq!((secure.port, secure.path.path(), secure.tls.is_some()), (443, "/", true));
        for wrong in ["ws://desk", "desk", "http://", "ftp://desk/metrics", "http://a b/"] {
            assert!(Page::parse(wrong, &Trust::Machine).is_err(), "{wrong}");
        }
    }
}
