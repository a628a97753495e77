//! A guest of a room for Goose, which has no WebSockets of its own: `tokio-tungstenite` in a transaction, measured as Goose's
//! documentation shows it for other protocols. A transaction posts and reads until its own message is back.

use std::env;
use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use futures_util::{SinkExt, StreamExt};
use goose::prelude::*;
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio::sync::Mutex;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};

/// A guest's connection, and what is to be posted when.
struct Guest {
    socket: WebSocketStream<MaybeTlsStream<TcpStream>>,
    entered: Duration,
    posts: u32,
}

impl Guest {
    async fn enter() -> Result<Self, Box<TransactionError>> {
        let (socket, _) = connect_async(env::var("URL").expect("URL")).await.map_err(trouble)?;
        let mut guest = Self { socket, entered: Duration::ZERO, posts: 0 };
        guest.send(&json!({"type": "hello", "v": 1, "role": "guest", "speed": 1, "run": 1})).await?;
        guest.hear("welcome").await?;
        guest.send(&json!({"type": "enter", "room": "*"})).await?;
        guest.hear("entered").await?;
        guest.entered = since_epoch();
        Ok(guest)
    }

    async fn send(&mut self, frame: &Value) -> Result<(), Box<TransactionError>> {
        self.socket.send(Message::text(frame.to_string())).await.map_err(trouble)
    }

    /// Reads until a frame of this type, and gives its text.
    async fn hear(&mut self, wanted: &str) -> Result<String, Box<TransactionError>> {
        while let Some(message) = self.socket.next().await {
            let message = message.map_err(trouble)?;
            let frame: Value = serde_json::from_slice(&message.into_data()).map_err(trouble)?;
            if frame["type"] == wanted {
                return Ok(frame["text"].as_str().unwrap_or_default().to_owned());
            }
        }
        Err(trouble("the server hung up"))
    }
}

fn trouble(error: impl ToString) -> Box<TransactionError> {
    Box::new(TransactionError::Custom(error.to_string()))
}

fn since_epoch() -> Duration {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default()
}

fn every() -> Duration {
    Duration::from_secs_f64(env::var("EVERY").expect("EVERY").parse().expect("EVERY is in seconds"))
}

/// Comes into a room, once.
async fn enter(user: &mut GooseUser) -> TransactionResult {
    let guest = Guest::enter().await?;
    user.set_session_data(Arc::new(Mutex::new(guest)));
    tokio::time::sleep(every()).await;
    Ok(())
}

/// Posts, and waits for the own message.
async fn post(user: &mut GooseUser) -> TransactionResult {
    let number = user.weighted_users_index;
    let Some(guest) = user.get_session_data::<Arc<Mutex<Guest>>>().cloned() else {
        return Err(trouble("not in a room"));
    };
    let mut guest = guest.lock().await;
    guest.posts += 1;
    let due = guest.entered + guest.posts * every();
    let head = format!("{} {} {number} ", due.as_micros(), since_epoch().as_micros());
    let text = format!("{head:x<99}");
    let started = Instant::now();
    guest.send(&json!({"type": "post", "text": text})).await?;
    while guest.hear("posted").await? != text {}
    user.record_custom_request_duration("WS", "post", started.elapsed(), true, None, None).await
}

#[tokio::main]
async fn main() -> Result<(), GooseError> {
    let pause = every();
    GooseAttack::initialize()?
        .register_scenario(
            scenario!("Guest")
                .register_transaction(transaction!(enter).set_on_start())
                .register_transaction(transaction!(post))
                .set_wait_time(pause, pause)?,
        )
        .execute()
        .await?;
    Ok(())
}
