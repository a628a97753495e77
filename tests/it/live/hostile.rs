//! Clients who mean no good, and clients who vanish.

use futures_util::{SinkExt, StreamExt};
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};

use causerie::server::Config;

use super::serve;

pub(super) struct Client(WebSocketStream<MaybeTlsStream<TcpStream>>);

impl Client {
    pub(super) async fn raw(url: &str) -> Self {
        Self(connect_async(format!("{url}/ws")).await.unwrap().0)
    }

    async fn greeted(url: &str, role: &str) -> Self {
        let mut client = Self::raw(url).await;
        client.say(&format!(r#"{{"type":"hello","v":1,"role":"{role}","speed":1,"run":3}}"#)).await;
        client.hears("welcome").await;
        client
    }

    async fn agent(url: &str, slots: u32) -> Self {
        let mut agent = Self::greeted(url, "agent").await;
        agent.say(&format!(r#"{{"type":"ready","desk":"support","slots":{slots}}}"#)).await;
        agent.hears("on_duty").await;
        agent
    }

    async fn visitor(url: &str) -> Self {
        let mut visitor = Self::greeted(url, "visitor").await;
        visitor.say(r#"{"type":"open","desk":"support","token":"t"}"#).await;
        visitor
    }

    pub(super) async fn say(&mut self, text: &str) {
        self.0.send(Message::text(text)).await.unwrap();
    }

    /// The next frame, which is of this type; `None` when the connection is over.
    async fn next(&mut self) -> Option<serde_json::Value> {
        loop {
            match self.0.next().await? {
                Ok(Message::Text(text)) => return Some(serde_json::from_str(text.as_str()).unwrap()),
                Ok(Message::Close(_)) | Err(_) => return None,
                Ok(_) => {}
            }
        }
    }

    pub(super) async fn hears(&mut self, kind: &str) -> serde_json::Value {
        let frame = self.next().await.expect("a frame");
        assert_eq!(frame["type"], kind, "{frame}");
        frame
    }
}

#[tokio::test]
async fn nonsense_ends_one_connection_and_no_other() {
    let url = serve(Config::new(1.0)).await;
    let mut agent = Client::agent(&url, 5).await;
    let greeted = |text: &'static str| (true, text.to_owned());
    for (greets, text) in [
        (false, "hello".to_owned()),
        (false, r#"{"type":"open","desk":"support"}"#.to_owned()),
        (false, r#"{"type":"hello","v":9,"role":"visitor","speed":1,"run":3}"#.to_owned()),
        (false, r#"{"type":"hello","v":1,"role":"visitor","speed":60,"run":3}"#.to_owned()),
        (false, r#"{"type":"hello","v":1,"role":"agent","speed":1,"run":1048576}"#.to_owned()),
        greeted(r#"{"type":"hello","v":1,"role":"visitor","speed":1,"run":3}"#),
        greeted(r#"{"type":"ready","desk":"support","slots":3}"#),
        greeted(r#"{"type":"close","chat":1,"how":"resolved"}"#),
        greeted(r#"{"type":"say","text":"into the void"}"#),
        greeted("{"),
        (true, format!(r#"{{"type":"open","desk":"{}"}}"#, "d".repeat(5_000))),
        (true, format!(r#"{{"type":"open","desk":"support","skills":[{}"x"]}}"#, "\"x\",".repeat(100))),
    ] {
        let mut client =
            if greets { Client::greeted(&url, "visitor").await } else { Client::raw(&url).await };
        client.say(&text).await;
        let refused = client.hears("refused").await;
        assert!(refused["why"].as_str().is_some_and(|why| !why.is_empty()), "{refused}");
        assert_eq!(client.next().await, None, "{text:.60}");
    }
    let mut huge = Client::greeted(&url, "visitor").await;
    let _ = huge.0.send(Message::text("x".repeat(100_000))).await;
    assert_eq!(huge.next().await, None);
    let mut binary = Client::greeted(&url, "visitor").await;
    binary.0.send(Message::binary(vec![0u8; 10])).await.unwrap();
    binary.hears("refused").await;

    let mut visitor = Client::visitor(&url).await;
    visitor.hears("assigned").await;
    agent.hears("given").await;
}

#[tokio::test]
async fn an_agent_closes_only_what_is_in_hand() {
    let url = serve(Config::new(1.0)).await;
    let mut one = Client::agent(&url, 1).await;
    let mut other = Client::agent(&url, 1).await;
    let mut visitor = Client::visitor(&url).await;
    let chat = visitor.hears("assigned").await["chat"].clone();
    one.hears("given").await;
    other.say(&format!(r#"{{"type":"close","chat":{chat},"how":"resolved"}}"#)).await;
    other.hears("refused").await;
    one.say(&format!(r#"{{"type":"say","chat":{chat},"text":"still here"}}"#)).await;
    assert_eq!(visitor.hears("said").await["text"], "still here");
}

#[tokio::test]
async fn an_agent_who_vanishes_ends_the_conversations() {
    let url = serve(Config::new(1.0)).await;
    let agent = Client::agent(&url, 1).await;
    let mut served = Client::visitor(&url).await;
    served.hears("assigned").await;
    let mut waiting = Client::visitor(&url).await;
    assert_eq!(waiting.hears("queued").await["position"], 1);
    drop(agent);
    assert_eq!(served.hears("closed").await["how"], "unresolved");
    let mut successor = Client::agent(&url, 1).await;
    waiting.hears("assigned").await;
    successor.hears("given").await;
}

#[tokio::test]
async fn a_visitor_who_vanishes_has_left() {
    let url = serve(Config::new(1.0)).await;
    let mut agent = Client::agent(&url, 1).await;
    let mut served = Client::visitor(&url).await;
    let chat = served.hears("assigned").await["chat"].clone();
    agent.hears("given").await;
    let mut waiting = Client::visitor(&url).await;
    waiting.hears("queued").await;
    drop(waiting);
    let mut last = Client::visitor(&url).await;
    last.hears("queued").await;
    drop(served);
    assert_eq!(agent.hears("left").await["chat"], chat);
    agent.say(&format!(r#"{{"type":"close","chat":{chat},"how":"abandoned"}}"#)).await;
    agent.hears("given").await;
    last.hears("assigned").await;
}

#[tokio::test]
async fn a_message_that_crosses_with_the_end_still_arrives() {
    let url = serve(Config::new(1.0)).await;
    let mut agent = Client::agent(&url, 1).await;
    let mut visitor = Client::visitor(&url).await;
    let chat = visitor.hears("assigned").await["chat"].clone();
    agent.hears("given").await;
    agent.say(&format!(r#"{{"type":"close","chat":{chat},"how":"resolved"}}"#)).await;
    visitor.hears("closed").await;
    visitor.say(r#"{"type":"say","text":"one more thing"}"#).await;
    assert_eq!(agent.hears("said").await["text"], "one more thing");
}

#[tokio::test]
async fn who_does_not_read_is_cut_off() {
    let url = serve(Config::new(1.0)).await;
    let mut agent = Client::agent(&url, 1).await;
    let mut deaf = Client::visitor(&url).await;
    let chat = deaf.hears("assigned").await["chat"].clone();
    agent.hears("given").await;
    let text = "x".repeat(15_000);
    let say = format!(r#"{{"type":"say","chat":{chat},"text":"{text}"}}"#);
    // The server holds a bounded backlog, then the visitor has left.
    let (mut sink, mut stream) = agent.0.split();
    let flood = async {
        loop {
            sink.send(Message::text(say.clone())).await.unwrap();
        }
    };
    tokio::select! {
        () = flood => {}
        frame = stream.next() => {
            let frame = frame.unwrap().unwrap();
            assert!(frame.to_text().unwrap().contains("left"), "{frame:?}");
        }
    }
}

#[tokio::test]
async fn runs_on_one_server_never_meet() {
    let url = serve(Config::new(1.0)).await;
    let _agent = Client::agent(&url, 1).await;
    let mut stranger = Client::raw(&url).await;
    stranger.say(r#"{"type":"hello","v":1,"role":"visitor","speed":1,"run":4}"#).await;
    stranger.hears("welcome").await;
    stranger.say(r#"{"type":"open","desk":"support"}"#).await;
    stranger.hears("queued").await;
}
