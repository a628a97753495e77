//! The yardstick: the same conversations over the same WebSocket library, with no people in them and nothing measured.
//!
//! Visitors and agents are tasks that send a prepared text when they wake, and throw away what they read. The protocol is spoken as
//! far as it takes to be brought together.

use std::collections::VecDeque;
use std::io;

use causerie::base::time::{RealMoment, RealSpan};
use futures_util::{SinkExt, StreamExt};
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::protocol::WebSocketConfig;
use tokio_tungstenite::tungstenite::{Message, Utf8Bytes};
use tokio_tungstenite::{WebSocketStream, client_async_with_config};

use super::alarm::{Clock, Timers};
use super::desk::{Desk, EACH};

/// As long as a message of `causerie run` is on average: a token of 32, and eleven words.
const TEXT: &str = "0123456789abcdef0123456789abcdef my order has not arrived yet and the page says it was";

type Socket = WebSocketStream<TcpStream>;

/// Opens so many conversations and talks in them, a message every so long in each, for so long.
///
/// # Errors
/// When the server cannot be reached.
pub(crate) fn play(url: &str, desk: Desk, secs: u64, timers: Timers) -> io::Result<()> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(async {
        let clock = Clock::start(timers)?;
        let every = RealSpan::from_nanos(desk.every_ms * 1_000_000);
        for _ in 0..desk.agents() {
            let socket = open(url, "agent").await?;
            tokio::spawn(agent(socket, clock.clone(), every));
        }
        let begun = clock.now();
        for n in 0..desk.conversations {
            clock
                .until(
                    begun + RealSpan::from_nanos(n * desk.ramp_secs() * 1_000_000_000 / desk.conversations),
                )
                .await;
            let (url, clock) = (url.to_owned(), clock.clone());
            tokio::spawn(async move { visitor(open(&url, "visitor").await?, clock, every).await });
        }
        clock.until(begun + RealSpan::from_whole_secs(secs)).await;
        Ok(())
    })
}

async fn open(url: &str, role: &str) -> io::Result<Socket> {
    let address = url.trim_start_matches("ws://");
    let stream = TcpStream::connect(address).await?;
    stream.set_nodelay(true)?;
    // As `causerie run` has them: with the library's own buffers of 128 KiB it would be slower.
    let config = WebSocketConfig::default().read_buffer_size(2048).write_buffer_size(0);
    let opened = client_async_with_config(format!("{url}/ws"), stream, Some(config)).await;
    let (mut socket, _) = opened.map_err(io::Error::other)?;
    let hello = format!(r#"{{"type":"hello","v":1,"role":"{role}","speed":1,"run":1}}"#);
    say(&mut socket, hello).await?;
    hear(&mut socket).await?;
    Ok(socket)
}

async fn say(socket: &mut Socket, frame: String) -> io::Result<()> {
    socket.send(Message::text(frame)).await.map_err(io::Error::other)
}

async fn hear(socket: &mut Socket) -> io::Result<Utf8Bytes> {
    match socket.next().await {
        Some(Ok(message)) => message.into_text().map_err(io::Error::other),
        Some(Err(error)) => Err(io::Error::other(error)),
        None => Err(io::Error::other("the server hung up")),
    }
}

/// Speaks first, and then at every other turn.
async fn visitor(mut socket: Socket, clock: Clock, every: RealSpan) -> io::Result<()> {
    say(&mut socket, r#"{"type":"open","desk":"support"}"#.to_owned()).await?;
    while !hear(&mut socket).await?.starts_with(r#"{"type":"assigned""#) {}
    let mut due = clock.now();
    let mut turn = clock.until(due);
    loop {
        tokio::select! {
            heard = hear(&mut socket) => drop(heard?),
            () = &mut turn => {
                say(&mut socket, format!(r#"{{"type":"say","text":"{TEXT}"}}"#)).await?;
                due = due + every + every;
                turn.reset(due);
            }
        }
    }
}

/// Answers in each conversation at the turns between.
async fn agent(mut socket: Socket, clock: Clock, every: RealSpan) -> io::Result<()> {
    say(&mut socket, format!(r#"{{"type":"ready","desk":"support","slots":{EACH}}}"#)).await?;
    // They all take as long, so the first of them is the first that is due.
    let mut turns: VecDeque<(RealMoment, u64)> = VecDeque::new();
    let mut turn = clock.until(RealMoment::NEVER);
    loop {
        turn.reset(turns.front().map_or(RealMoment::NEVER, |(due, _)| *due));
        tokio::select! {
            heard = hear(&mut socket) => {
                if let Some(chat) = given(&heard?) {
                    turns.push_back((clock.now() + every, chat));
                }
            }
            () = &mut turn => {
                let Some((due, chat)) = turns.pop_front() else { continue };
                say(&mut socket, format!(r#"{{"type":"say","chat":{chat},"text":"{TEXT}"}}"#)).await?;
                turns.push_back((due + every + every, chat));
            }
        }
    }
}

/// The number of a conversation that was given.
fn given(frame: &str) -> Option<u64> {
    let rest = frame.strip_prefix(r#"{"type":"given","chat":"#)?;
    rest.split(|letter: char| !letter.is_ascii_digit()).next()?.parse().ok()
}
