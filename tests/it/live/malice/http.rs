//! Over HTTP, in a dialect: messages lie there until they are asked for.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use causerie::metrics::tally::Failure;
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;

use super::{AGENTS, Deed, deed, holds, start};

const DIALECT: &str = "
dialect: letters
about: A test.
transports:
  api: {kind: http}
  box: {kind: poll, path: '/box/{{me}}', every: 30ms}
everybody:
  connect:
    - ask: {path: /in, json: {}, keep: {me: '{{$.me}}'}}
    - open: box
    - event: {welcome: {address: '{{me}}'}}
  tell:
    - ask: {path: '/say/{{peer}}', json: {from: '{{me}}', text: '{{text}}'}}
  on:
    - in: $.*
      event: {told: {peer: '{{$.from}}', text: '{{$.text}}'}}
";

const DEEDS: &[(Deed, &[Failure])] = &[
    (Deed::Ignores, &[Failure::Connect]),
    (Deed::HangsUp, &[Failure::Protocol]),
    (Deed::Repeats("[", 100_000), &[Failure::Protocol]),
    (Deed::Repeats("x", 5_000_000), &[Failure::Protocol]),
    (
        Deed::SendsBytes(b"HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\n{\"me\":\"\xff\"}"),
        &[Failure::Protocol],
    ),
    (Deed::SendsBytes(b"HTTP/1.1 403 Forbidden\r\ncontent-length: 0\r\n\r\n"), &[Failure::Refused]),
    (Deed::SendsBytes(b"* OK IMAP4rev1\r\n"), &[Failure::Protocol]),
];

#[derive(Default)]
struct House(Mutex<(usize, BTreeMap<String, Vec<Value>>)>);

impl House {
    /// What is answered to a question for this path; nothing, where the server hangs up.
    fn answer(&self, path: &str, body: &[u8]) -> Option<Vec<u8>> {
        let (came, boxes) = &mut *self.0.lock().unwrap();
        let answer = match path.split_at(path[1..].find('/').map_or(path.len(), |slash| slash + 2)) {
            ("/in", _) => {
                *came += 1;
                match deed(DEEDS, *came - 1, AGENTS) {
                    Deed::Ignores => return Some(Vec::new()),
                    Deed::HangsUp => return None,
                    Deed::SendsBytes(bytes) => return Some(bytes.to_vec()),
                    Deed::Repeats(text, times) => text.repeat(times),
                    _ => json!({"me": came.to_string()}).to_string(),
                }
            }
            ("/say/", to) => {
                boxes.entry(to.to_owned()).or_default().push(serde_json::from_slice(body).unwrap());
                "{}".to_owned()
            }
            ("/box/", of) => Value::from(boxes.remove(of).unwrap_or_default()).to_string(),
            other => panic!("{other:?}"),
        };
        Some(format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n{answer}", answer.len()).into_bytes())
    }
}

async fn attend(stream: TcpStream, _: usize, house: Arc<House>) {
    let mut stream = BufReader::new(stream);
    loop {
        let (mut path, mut length) = (String::new(), 0);
        loop {
            let mut line = String::new();
            if !matches!(stream.read_line(&mut line).await, Ok(read) if read > 0) {
                return;
            }
            if path.is_empty() {
                path = line.split(' ').nth(1).unwrap().to_owned();
            }
            if let Some(value) = line.to_ascii_lowercase().strip_prefix("content-length:") {
                length = value.trim().parse().unwrap();
            }
            if line == "\r\n" {
                break;
            }
        }
        let mut body = vec![0; length];
        stream.read_exact(&mut body).await.unwrap();
        let Some(answer) = house.answer(&path, &body) else { return };
        let _ = stream.write_all(&answer).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn over_http_each_is_counted_and_the_run_goes_on() {
    let host = start(attend).await;
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("letters.yaml"), DIALECT).unwrap();
    holds(&format!("{{dialect: letters.yaml, url: 'http://{host}'}}"), folder.path(), DEEDS).await;
}
