//! A small chat server that speaks the protocol and does one thing wrong.

pub(super) mod rooms;

use std::sync::{Arc, Mutex};

use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc::{UnboundedSender, unbounded_channel};
use tokio_tungstenite::accept_async;
use tokio_tungstenite::tungstenite::Message;

/// What is wrong with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fault {
    /// A visitor's messages come back to the visitor, and never reach the agent.
    Echoes,
    /// What an agent says reaches the visitor of the conversation before.
    Crosses,
    /// An agent is given every conversation three times over.
    Overloads,
    /// An agent is given conversations whatever is in hand.
    Overfills,
    /// Every conversation ends as a callback that nobody picked up.
    NeverReaches,
    /// Only agents are answered; visitors' connections are taken and left alone.
    IgnoresVisitors,
    /// Only agents are answered; visitors' connections are closed at once.
    ShutsVisitorsOut,
    /// Whoever is on duty loses the connection, but for the first agent.
    LosesAgents,
}

type Line = UnboundedSender<Value>;

#[derive(Default)]
struct House {
    agents: Vec<Line>,
    /// The visitor and the agent of each conversation, by its number.
    chats: Vec<(Line, Line)>,
}

/// Starts one, and gives its URL. It lives as long as the runtime. `agents` greet it before the first visitor does.
pub(super) async fn serve(fault: Fault, agents: usize) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("ws://{}", listener.local_addr().unwrap());
    tokio::spawn(async move {
        let house = Arc::new(Mutex::new(House::default()));
        let mut shut_out = Vec::new();
        for number in 0.. {
            let (stream, _) = listener.accept().await.unwrap();
            match fault {
                Fault::IgnoresVisitors if number >= agents => shut_out.push(stream),
                Fault::ShutsVisitorsOut if number >= agents => drop(stream),
                _ => drop(tokio::spawn(attend(stream, fault, house.clone()))),
            }
        }
    });
    url
}

/// Serves one connection.
async fn attend(stream: TcpStream, fault: Fault, house: Arc<Mutex<House>>) {
    let (mut sink, mut stream) = accept_async(stream).await.unwrap().split();
    let (line, mut frames) = unbounded_channel::<Value>();
    let mut mine = None;
    loop {
        let text = tokio::select! {
            frame = frames.recv() => {
                let _ = sink.send(Message::text(frame.unwrap().to_string())).await;
                continue;
            }
            message = stream.next() => match message {
                Some(Ok(Message::Text(text))) => text,
                Some(Ok(Message::Ping(_) | Message::Pong(_))) => continue,
                _ => return,
            },
        };
        let frame: Value = serde_json::from_str(text.as_str()).unwrap();
        let loses = fault == Fault::LosesAgents && frame["type"] == "ready";
        answer(&frame, fault, &line, &mut mine, &mut house.lock().unwrap());
        if loses && house.lock().unwrap().agents.len() > 1 {
            let _ = sink.send(Message::text(frames.recv().await.unwrap().to_string())).await;
            // Until the run has begun.
            tokio::time::sleep(std::time::Duration::from_millis(200)).await;
            return;
        }
    }
}

fn answer(frame: &Value, fault: Fault, line: &Line, mine: &mut Option<usize>, house: &mut House) {
    let tell = |line: &Line, frame: Value| drop(line.send(frame));
    match frame["type"].as_str().unwrap() {
        "hello" => tell(line, json!({"type": "welcome", "v": 1, "speed": frame["speed"]})),
        "ready" => {
            house.agents.push(line.clone());
            tell(line, json!({"type": "on_duty", "agent": house.agents.len() - 1}));
        }
        "open" => {
            let chat = house.chats.len();
            let agent = house.agents[chat % house.agents.len()].clone();
            tell(line, json!({"type": "assigned", "chat": chat, "agent": 0}));
            let times = if fault == Fault::Overloads { 3 } else { 1 };
            for _ in 0..times {
                tell(&agent, json!({"type": "given", "chat": chat, "token": frame["token"]}));
            }
            house.chats.push((line.clone(), agent));
            *mine = Some(chat);
        }
        "say" => match (frame["chat"].as_u64(), *mine) {
            (Some(chat), _) => {
                let crossed = if fault == Fault::Crosses { chat.saturating_sub(1) } else { chat };
                let visitor = &house.chats[crossed as usize].0;
                tell(visitor, json!({"type": "said", "chat": crossed, "text": frame["text"]}));
            }
            (None, Some(chat)) => {
                let (visitor, agent) = &house.chats[chat];
                let to = if fault == Fault::Echoes { visitor } else { agent };
                tell(to, json!({"type": "said", "chat": chat, "text": frame["text"]}));
            }
            (None, None) => {}
        },
        "leave" => {
            if let Some(chat) = mine.take() {
                tell(&house.chats[chat].1, json!({"type": "left", "chat": chat}));
            }
        }
        "close" => {
            let chat = frame["chat"].as_u64().unwrap();
            let how = if fault == Fault::NeverReaches { json!("unreached") } else { frame["how"].clone() };
            tell(&house.chats[chat as usize].0, json!({"type": "closed", "chat": chat, "how": how}));
        }
        other => panic!("{other}"),
    }
}
