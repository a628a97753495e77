//! On IRC.

use std::io::Result;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use causerie::live::Played;
use causerie::metrics::tally::Failure;
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader, Lines};
use tokio::net::TcpStream;
use tokio::net::tcp::ReadHalf;
use tokio::sync::mpsc::unbounded_channel;
use tokio::time::{Instant, sleep, sleep_until};

use super::{AGENTS, Deed, House, day, deed, hold_against, slowest, start, start_in};
use crate::live::traffic;

const DEEDS: &[(Deed, &[Failure])] = &[
    (Deed::Ignores, &[Failure::Connect]),
    (Deed::HangsUp, &[Failure::Disconnected]),
    (Deed::Repeats("x", 20_000), &[Failure::Protocol]),
    (Deed::SendsBytes(b":irc 001 ann\xe4 :Hi\r\n"), &[Failure::Protocol]),
    (Deed::Sends("ERROR :Closing Link: you (K-lined)\r\n"), &[Failure::Refused]),
    (Deed::Kills, &[Failure::Refused]),
    (Deed::Complains, &[Failure::Refused, Failure::Protocol]),
    (Deed::Dawdles, &[Failure::Throttled]),
];

/// Longer than one waits alone for anything but a throttle, and shorter than a goodbye is waited for.
const DAWDLES: Duration = Duration::from_millis(2_300);

async fn attend(stream: TcpStream, number: usize, house: Arc<House>) {
    // The witness comes after the agents.
    attend_as(deed(DEEDS, number, AGENTS + 1), stream, house).await;
}

async fn attend_well(stream: TcpStream, _: usize, house: Arc<House>) {
    attend_as(Deed::Serves, stream, house).await;
}

async fn attend_as(deed: Deed, mut stream: TcpStream, house: Arc<House>) {
    let (read, mut write) = stream.split();
    let mut lines = BufReader::new(read).lines();
    let (line, mut said) = unbounded_channel::<String>();
    let mut nick = String::new();
    let (mut dawdles, mut deaf) = (deed == Deed::Dawdles, Instant::now());
    loop {
        let heard = tokio::select! {
            said = said.recv() => {
                let _ = write.write_all(said.unwrap().as_bytes()).await;
                continue;
            }
            heard = hear(&mut lines, deaf) => match heard {
                Ok(Some(heard)) => heard,
                _ => return,
            },
        };
        drop(house.hears.read().await);
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
                house.said.send_modify(|said| *said += 1);
                house
                    .pass_on(first, format!(":{nick}!~u@h PRIVMSG {first} {}\r\n", rest.unwrap_or_default()));
                if std::mem::take(&mut dawdles) {
                    deaf = Instant::now() + DAWDLES;
                }
                continue;
            }
            ("PING", _) => format!(":irc PONG irc :{first}\r\n"),
            ("QUIT", _) => return,
            _ => continue,
        };
        let _ = write.write_all(answer.as_bytes()).await;
    }
}

/// The next line, read no sooner than that.
async fn hear(lines: &mut Lines<BufReader<ReadHalf<'_>>>, deaf: Instant) -> Result<Option<String>> {
    sleep_until(deaf).await;
    lines.next_line().await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn on_irc_each_is_counted_and_the_run_goes_on() {
    let mut played = day_with(start(attend).await).await;
    // On a busy machine the server is slow with everybody now and then, and then nobody can tell who was held back.
    for _ in 0..2 {
        if !played.remarks.iter().any(|remark| remark.contains("promptly")) {
            break;
        }
        played = day_with(start(attend).await).await;
    }
    hold_against(&played, DEEDS);
}

async fn day_with(host: String) -> Played {
    day(&format!("{{url: 'irc://{host}'}}"), Path::new(".")).await
}

/// A server that hears nobody for a while is slow, and throttles nobody.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_stall_is_no_throttle() {
    let house = Arc::new(House::default());
    let host = start_in(house.clone(), attend_well).await;
    let stalling = tokio::spawn(async move {
        house.said.subscribe().wait_for(|said| *said >= 10).await.unwrap();
        let _nobody_is_heard = house.hears.write().await;
        sleep(Duration::from_millis(2_500)).await;
    });
    let played = day_with(host).await;
    stalling.await.unwrap();
    let traffic = traffic(&played.body);
    assert_eq!((traffic.messages.held_back, traffic.messages.lost), (0, 0), "{:?}", traffic.messages);
    assert_eq!(traffic.errors[Failure::Throttled as usize], 0);
    assert!(slowest(&played) > 2.0, "{}", slowest(&played));
}
