//! A small room server that speaks the protocol, has one room, and does one thing wrong. It keeps account of that.

mod reviews;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use causerie::base::words::rooms::Fate;
use causerie::wire::token::Token;
use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tokio::net::{TcpListener, TcpStream};
use tokio_tungstenite::accept_async;
use tokio_tungstenite::tungstenite::Message;

use super::Line;
use reviews::Reviews;

/// What is wrong with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in super::super) enum Fault {
    /// Nothing.
    None,
    /// Everybody is told everything twice.
    Repeats,
    /// The guest who came first is told nothing.
    DropsForFirst,
    /// Of two messages of one author that follow each other closely the second is told first.
    Swaps,
    /// The author hears the message too.
    Echoes,
    /// Messages come with a token that another run wrote.
    Forges,
    /// Everybody is let in twice, and told of messages that there are not, with the greatest numbers that there are.
    Babbles,
    /// Guests are told what only agents are told.
    MistakesGuests,
    /// The guest who came first is put out when somebody says something.
    PutsOut,
    /// Guests are let in by nobody.
    IgnoresGuests,
    /// Moderators lose the connection.
    LosesModerator,
    /// What a moderator has to pass is published at once.
    PublishesHeld,
    /// What the filter flags is published.
    PublishesBlocked,
}

/// What it did wrong.
#[derive(Clone, Debug, Default)]
pub(in super::super) struct Account {
    /// The tokens of the messages that were told after one that was sent later.
    pub(in super::super) swapped: Vec<Token>,
}

/// How long a message waits for one to be swapped with.
const WAIT: Duration = Duration::from_millis(300);

#[derive(Default)]
struct House {
    guests: BTreeMap<usize, Line>,
    first: Option<usize>,
    messages: u64,
    /// The message of each author that waits for the next.
    held: BTreeMap<usize, (u64, String)>,
    reviews: Reviews,
    account: Account,
}

type Shared = Arc<Mutex<House>>;

/// Starts one, and gives its URL. It lives as long as the runtime.
pub(in super::super) async fn serve(fault: Fault) -> String {
    accountable(fault).await.0
}

/// The same, with a look into its books.
pub(in super::super) async fn accountable(fault: Fault) -> (String, impl Fn() -> Account) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("ws://{}", listener.local_addr().unwrap());
    let house = Shared::default();
    let books = house.clone();
    tokio::spawn(async move {
        for number in 0.. {
            let (stream, _) = listener.accept().await.unwrap();
            tokio::spawn(attend(stream, number, fault, house.clone()));
        }
    });
    (url, move || books.lock().unwrap().account.clone())
}

/// Serves one connection.
async fn attend(stream: TcpStream, number: usize, fault: Fault, house: Shared) {
    let _ = stream.set_nodelay(true);
    let (mut sink, mut stream) = accept_async(stream).await.unwrap().split();
    let (line, mut frames) = tokio::sync::mpsc::unbounded_channel::<Value>();
    loop {
        let text = tokio::select! {
            biased;
            frame = frames.recv() => {
                let _ = sink.send(Message::text(frame.unwrap().to_string())).await;
                continue;
            }
            message = stream.next() => match message {
                Some(Ok(Message::Text(text))) => text,
                Some(Ok(Message::Ping(_) | Message::Pong(_))) => continue,
                _ => break,
            },
        };
        let frame: Value = serde_json::from_str(text.as_str()).unwrap();
        if frame["type"] == "moderate" && fault == Fault::LosesModerator {
            let _ = sink.send(Message::text(json!({"type": "moderating", "moderator": 0}).to_string())).await;
            // Until the run has begun.
            tokio::time::sleep(Duration::from_millis(200)).await;
            return;
        }
        answer(&frame, number, fault, &line, &house);
    }
    leave(&mut house.lock().unwrap(), number);
}

fn answer(frame: &Value, number: usize, fault: Fault, line: &Line, shared: &Shared) {
    let mut house = shared.lock().unwrap();
    let tell = |frame: Value| drop(line.send(frame));
    match frame["type"].as_str().unwrap() {
        "hello" => tell(json!({"type": "welcome", "v": 1, "speed": frame["speed"]})),
        "enter" if fault == Fault::IgnoresGuests => {}
        "enter" => {
            let others = house.guests.len();
            tell(json!({"type": "entered", "others": others}));
            if others == 1 {
                let _ = house.guests.values().next().unwrap().send(json!({"type": "company"}));
            }
            house.guests.insert(number, line.clone());
            house.reviews.agree(&frame["rules"]);
            house.first.get_or_insert(number);
            match fault {
                Fault::Babbles => babble(line),
                Fault::MistakesGuests => tell(json!({"type": "left", "chat": 1})),
                _ => {}
            }
        }
        "post" => {
            let text = frame["text"].as_str().unwrap().to_owned();
            let is_flagged = frame["flagged"] == true;
            match house.reviews.fate(is_flagged) {
                _ if fault == Fault::PutsOut => {
                    house.put_out_first();
                    house.tell(fault, number, &text);
                }
                _ if fault == Fault::Swaps => swap(&mut house, shared, number, text),
                Fate::Blocked if fault != Fault::PublishesBlocked => {}
                Fate::Held if fault != Fault::PublishesHeld => house.reviews.hold(number, text),
                _ => house.tell(fault, number, &text),
            }
        }
        "moderate" => {
            tell(json!({"type": "moderating", "moderator": 0}));
            house.reviews.moderator(line.clone());
        }
        "decide" => {
            let (author, text) = house.reviews.decided();
            if frame["verdict"] == "pass" {
                house.tell(fault, author, &text);
            }
        }
        "leave" => leave(&mut house, number),
        "report" => {}
        other => panic!("{other}"),
    }
}

fn babble(line: &Line) {
    for frame in [
        json!({"type": "entered", "others": u32::MAX}),
        json!({"type": "company"}),
        json!({"type": "hidden", "message": u64::MAX}),
        json!({"type": "posted", "message": u64::MAX, "text": "", "scrolled": u64::MAX}),
        json!({"type": "posted", "message": u64::MAX, "text": "a stranger says hello"}),
    ] {
        let _ = line.send(frame);
    }
}

fn leave(house: &mut House, number: usize) {
    if house.guests.remove(&number).is_some() && house.guests.len() == 1 {
        let _ = house.guests.values().next().unwrap().send(json!({"type": "alone"}));
    }
}

/// Tells a message after the author's next, if that comes soon enough.
fn swap(house: &mut House, shared: &Shared, author: usize, text: String) {
    if let Some((_, earlier)) = house.held.remove(&author) {
        house.tell(Fault::Swaps, author, &text);
        house.tell(Fault::Swaps, author, &earlier);
        house.account.swapped.extend(Token::leading(&earlier));
        return;
    }
    let ticket = house.messages;
    house.messages += 1;
    house.held.insert(author, (ticket, text));
    let shared = shared.clone();
    tokio::spawn(async move {
        tokio::time::sleep(WAIT).await;
        let mut house = shared.lock().unwrap();
        if house.held.get(&author).is_some_and(|(other, _)| *other == ticket)
            && let Some((_, text)) = house.held.remove(&author)
        {
            house.tell(Fault::Swaps, author, &text);
        }
    });
}

impl House {
    fn put_out_first(&mut self) {
        let first = self.first.and_then(|first| self.guests.remove(&first));
        if let Some(line) = first {
            let _ = line.send(json!({"type": "refused", "why": "enough"}));
        }
    }

    fn tell(&mut self, fault: Fault, author: usize, text: &str) {
        let text = if fault == Fault::Forges { forged(text) } else { text.to_owned() };
        self.messages += 1;
        let posted = json!({"type": "posted", "message": self.messages, "text": text});
        for (number, line) in &self.guests {
            let is_skipped = match fault {
                Fault::Echoes => false,
                Fault::DropsForFirst => self.first == Some(*number) || *number == author,
                _ => *number == author,
            };
            let times = if fault == Fault::Repeats { 2 } else { 1 };
            for _ in 0..if is_skipped { 0 } else { times } {
                let _ = line.send(posted.clone());
            }
        }
    }
}

/// The same message of another run.
fn forged(text: &str) -> String {
    let token = Token::leading(text).unwrap();
    let run = causerie::wire::token::RunId::new(token.run.number() + 1);
    Token { run, ..token }.encode()
}
