//! On IRC.

use std::path::Path;
use std::sync::Arc;

use causerie::metrics::tally::Failure;
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;
use tokio::sync::mpsc::unbounded_channel;

use super::{AGENTS, Deed, House, deed, holds, start};

const DEEDS: &[(Deed, &[Failure])] = &[
    (Deed::Ignores, &[Failure::Connect]),
    (Deed::HangsUp, &[Failure::Disconnected]),
    (Deed::Repeats("x", 20_000), &[Failure::Protocol]),
    (Deed::SendsBytes(b":irc 001 ann\xe4 :Hi\r\n"), &[Failure::Protocol]),
    (Deed::Sends("ERROR :Closing Link: you (K-lined)\r\n"), &[Failure::Refused]),
    (Deed::Kills, &[Failure::Refused]),
    (Deed::Complains, &[Failure::Refused, Failure::Protocol]),
];

async fn attend(mut stream: TcpStream, number: usize, house: Arc<House>) {
    // The witness comes after the agents.
    let deed = deed(DEEDS, number, AGENTS + 1);
    let (read, mut write) = stream.split();
    let mut lines = BufReader::new(read).lines();
    let (line, mut said) = unbounded_channel::<String>();
    let mut nick = String::new();
    loop {
        let heard = tokio::select! {
            said = said.recv() => {
                let _ = write.write_all(said.unwrap().as_bytes()).await;
                continue;
            }
            heard = lines.next_line() => match heard {
                Ok(Some(heard)) => heard,
                _ => return,
            },
        };
        let mut words = heard.splitn(3, ' ');
        let (command, first, rest) = (words.next(), words.next().unwrap_or_default(), words.next());
        let answer = match (command.unwrap_or_default(), deed) {
            ("NICK", _) => {
                nick = first.to_owned();
                house.moves_in(&nick, &line);
                continue;
            }
            ("USER", Deed::Ignores) => continue,
            ("USER", Deed::HangsUp) => return,
            ("USER", Deed::Sends(text)) => text.to_owned(),
            ("USER", Deed::Repeats(text, times)) => text.repeat(times),
            ("USER", Deed::SendsBytes(bytes)) => {
                let _ = write.write_all(bytes).await;
                continue;
            }
            ("USER", _) => format!(":irc 001 {nick} :Hi\r\n:irc 376 {nick} :End\r\n"),
            ("PRIVMSG", Deed::Kills) => "ERROR :Closing Link: you (Killed (enough))\r\n".to_owned(),
            ("PRIVMSG", Deed::Complains) => ":irc 404 you nobody :No\r\n".repeat(3_000),
            ("PRIVMSG", _) => {
                house
                    .pass_on(first, format!(":{nick}!~u@h PRIVMSG {first} {}\r\n", rest.unwrap_or_default()));
                continue;
            }
            ("PING", _) => format!(":irc PONG irc :{first}\r\n"),
            ("QUIT", _) => return,
            _ => continue,
        };
        let _ = write.write_all(answer.as_bytes()).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn on_irc_each_is_counted_and_the_run_goes_on() {
    let host = start(attend).await;
    holds(&format!("{{url: 'irc://{host}'}}"), Path::new("."), DEEDS).await;
}
