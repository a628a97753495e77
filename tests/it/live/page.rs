//! The page where a person can chat.

use causerie::server::Config;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::hostile::Client;
use super::serve;

#[tokio::test]
async fn the_page_knows_how_to_greet_this_server() {
    let url = serve(Config::new(60.0)).await;
    let host = url.trim_start_matches("ws://");
    let mut stream = TcpStream::connect(host).await.unwrap();
    let request = format!("GET / HTTP/1.1\r\nhost: {host}\r\nconnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer:.100}");
    assert!(answer.contains("content-security-policy: default-src 'none'"));
    assert!(answer.contains("speed: 60, run: 1048576"), "the greeting is filled in");
    assert!(!answer.contains("http://") && !answer.contains("https://"), "nothing comes from elsewhere");
}

#[tokio::test]
async fn a_person_is_answered_and_can_say_goodbye() {
    let url = serve(Config::new(60.0)).await;
    let mut person = Client::raw(&url).await;
    person.say(r#"{"type":"hello","v":1,"role":"visitor","speed":60,"run":1048576}"#).await;
    person.hears("welcome").await;
    person.say(r#"{"type":"open","desk":"page"}"#).await;
    person.hears("assigned").await;
    person.hears("typing").await;
    assert!(person.hears("said").await["text"].as_str().unwrap().contains("program"));
    person.say(r#"{"type":"say","text":"ok bye"}"#).await;
    person.hears("typing").await;
    assert!(person.hears("said").await["text"].as_str().unwrap().contains("Goodbye"));
    assert_eq!(person.hears("closed").await["how"], "resolved");
}
