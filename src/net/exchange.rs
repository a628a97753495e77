//! Questions and answers over HTTP/1.1: one at a time, over a connection that is kept as long as the server keeps it. Answers are
//! bounded; no redirect is followed.

use std::collections::VecDeque;
use std::fmt;
use std::future::poll_fn;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use hyper::Request;
use hyper::body::{Body, Bytes};
use hyper::client::conn::http1::{self, SendRequest};
use hyper::header::{CONTENT_LENGTH, HOST, HeaderName, HeaderValue};
use hyper_util::rt::TokioIo;
use tokio::time::timeout;

use super::clock::Clock;
use super::host::{ConnectError, Host, Stages};
use crate::base::http::{Answer, Question};

/// A server that is asked.
pub(super) struct Exchange {
    host: Arc<Host>,
    authority: HeaderValue,
    clock: Clock,
    sender: Option<SendRequest<String>>,
}

impl Exchange {
    /// With nobody yet; `authority` is what the server is called by.
    pub(super) fn new(host: Arc<Host>, authority: HeaderValue, clock: Clock) -> Self {
        Self { host, authority, clock, sender: None }
    }

    /// Connects.
    pub(super) async fn open(&mut self) -> Result<Stages, ConnectError> {
        let (wire, stages) = self.host.connect(&self.clock).await?;
        let shaken = http1::handshake(TokioIo::new(wire)).await;
        let (sender, connection) = shaken.map_err(|error| {
            let why = format!("no HTTP there: {error}");
            self.host.error(super::host::ConnectFailure::Refused, why)
        })?;
        // It ends with the sender, however that does.
        tokio::spawn(connection);
        self.sender = Some(sender);
        Ok(stages)
    }

    /// The answer to a question, over a new connection where the server has closed the last.
    ///
    /// # Errors
    /// Says why there is none within `limit` and of `longest` bytes at the most: nobody is there, or the answer breaks off or is too long.
    pub(super) async fn ask(
        &mut self,
        question: &Question,
        limit: Duration,
        longest: usize,
    ) -> Result<Answer, String> {
        match timeout(limit, self.exchange(question, longest)).await {
            Ok(answered) => answered,
            Err(_) => {
                self.sender = None;
                Err(format!("no whole answer within {} s", limit.as_secs()))
            }
        }
    }

    async fn exchange(&mut self, question: &Question, longest: usize) -> Result<Answer, String> {
        if let Some(sender) = &mut self.sender
            && sender.ready().await.is_err()
        {
            self.sender = None;
        }
        if self.sender.is_none() {
            self.open().await.map_err(|error| error.why)?;
        }
        let Some(sender) = &mut self.sender else { return Err("there is no connection".into()) };
        let request = request(question, &self.authority)?;
        let answer = sender.send_request(request).await;
        let answer = answer.map_err(|error| format!("no HTTP there: {error}"))?;
        let (head, body) = answer.into_parts();
        let headers = head
            .headers
            .iter()
            .filter_map(|(name, value)| Some((name.as_str().to_owned(), value.to_str().ok()?.to_owned())));
        let mut answer =
            Answer { status: head.status.as_u16(), headers: headers.collect(), body: Vec::new() };
        // Nobody is made to wait for an end that there is not.
        if !answer.is_endless() {
            answer.body = whole(body, longest).await?;
        }
        Ok(answer)
    }
}

impl fmt::Debug for Exchange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Exchange").field("host", &self.host).finish_non_exhaustive()
    }
}

fn request(question: &Question, authority: &HeaderValue) -> Result<Request<String>, String> {
    let mut request = Request::new(question.body.clone().unwrap_or_default());
    let bad = |what: &str, error: &dyn fmt::Display| format!("`{what}` cannot be asked for: {error}");
    *request.method_mut() = question.method.parse().map_err(|error| bad(&question.method, &error))?;
    *request.uri_mut() = question.path.parse().map_err(|error| bad(&question.path, &error))?;
    let headers = request.headers_mut();
    headers.insert(HOST, authority.clone());
    for (name, value) in &question.headers {
        let value = HeaderValue::from_str(value).map_err(|error| bad(name, &error))?;
        let name: HeaderName = name.parse().map_err(|error| bad(name, &error))?;
        headers.append(name, value);
    }
    if let Some(body) = &question.body {
        headers.insert(CONTENT_LENGTH, body.len().into());
    }
    Ok(request)
}

/// All of a body, if it is not too long.
async fn whole(
    mut body: impl Body<Data = Bytes, Error = hyper::Error> + Unpin,
    longest: usize,
) -> Result<Vec<u8>, String> {
    let mut all = Vec::new();
    while let Some(frame) = poll_fn(|context| Pin::new(&mut body).poll_frame(context)).await {
        let frame = frame.map_err(|error| format!("the answer broke off: {error}"))?;
        let Some(part) = frame.data_ref() else { continue };
        if all.len() + part.len() > longest {
            return Err(format!("more than {} MiB", longest >> 20));
        }
        all.extend_from_slice(part);
    }
    Ok(all)
}

/// An exchange that has come to an end: with whom, the number of the question, the answer.
type Asking = Pin<Box<dyn Future<Output = (Exchange, u32, Result<Answer, String>)> + Send>>;

/// Questions with numbers that are asked one after the other.
pub struct Questions {
    /// Who is asked, unless somebody is being asked.
    idle: Option<Exchange>,
    asking: Option<Asking>,
    waiting: VecDeque<(u32, Question)>,
}

/// Bytes of an answer at the most: what is read of it as JSON takes eighty times as much where somebody means ill.
const LONGEST: usize = 1 << 20;
/// How long an answer may take: longer than any long poll that a server offers.
const PATIENCE: Duration = Duration::from_secs(90);

impl Questions {
    pub(super) fn of(exchange: Exchange) -> Self {
        Self { idle: Some(exchange), asking: None, waiting: VecDeque::new() }
    }

    /// Asks, when it is this question's turn.
    pub fn ask(&mut self, number: u32, question: Question) {
        self.waiting.push_back((number, question));
        self.go_on();
    }

    fn go_on(&mut self) {
        let Some(mut exchange) = self.idle.take() else { return };
        let Some((number, question)) = self.waiting.pop_front() else {
            self.idle = Some(exchange);
            return;
        };
        self.asking = Some(Box::pin(async move {
            let answer = exchange.ask(&question, PATIENCE, LONGEST).await;
            (exchange, number, answer)
        }));
    }

    /// The next answer, or why there is none. Never, while nothing is asked.
    pub fn poll_answer(&mut self, context: &mut Context<'_>) -> Poll<(u32, Result<Answer, String>)> {
        let Some(asking) = &mut self.asking else { return Poll::Pending };
        let (exchange, number, answer) = ready!(asking.as_mut().poll(context));
        (self.idle, self.asking) = (Some(exchange), None);
        self.go_on();
        Poll::Ready((number, answer))
    }
}

impl fmt::Debug for Questions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Questions").field("waiting", &self.waiting.len()).finish_non_exhaustive()
    }
}
