//! Chat servers that serve those well who come first, then do their worst to some visitors, each in another way: every one of those
//! is counted as what befell them, the others are served, and the run ends.

mod http;
mod irc;
mod xmpp;

use std::collections::BTreeMap;
use std::future::pending;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use causerie::base::words::Ending;
use causerie::live::{Options, Played, play};
use causerie::metrics::tally::Failure;
use causerie::scenario;
use causerie::server::Config;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc::UnboundedSender;
use tokio::sync::{RwLock, watch};

use super::{options, serve, traffic};

/// Who waits for longer than two minutes goes: a silent server is left after 1.2 s.
const DAY: &str = "
name: day
seed: 3
length: 6m
support:
  arrivals: {rate: 300/h}
  patience: {constant: 2m}
  conversation: {handling_time: {constant: 40s}, messages: {every: 8s}}
  agents: {count: 12, concurrency: 1}
run: {speed: 100, drain: 4m}
";

const AGENTS: usize = 12;

/// What a server does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Deed {
    /// What is meant.
    Serves,
    /// Says nothing to whoever logs in.
    Ignores,
    /// Hangs up while somebody logs in.
    HangsUp,
    /// Sends these bytes to whoever logs in.
    Sends(&'static str),
    /// The same, again and again.
    Repeats(&'static str, usize),
    /// What is no text.
    SendsBytes(&'static [u8]),
    /// Puts somebody out who has said something.
    Kills,
    /// Complains without end to somebody who has said something.
    Complains,
    /// Reads nothing for some time from somebody who has said something.
    Dawdles,
}

/// Where to reach whom, and whether anybody is heard.
#[derive(Default)]
struct House {
    lines: Mutex<BTreeMap<String, UnboundedSender<String>>>,
    hears: RwLock<()>,
    /// How many messages it was handed.
    said: watch::Sender<usize>,
}

impl House {
    fn moves_in(&self, name: &str, line: &UnboundedSender<String>) {
        self.lines.lock().unwrap_or_else(PoisonError::into_inner).insert(name.to_owned(), line.clone());
    }

    fn pass_on(&self, name: &str, text: String) {
        let lines = self.lines.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(line) = lines.get(name) {
            let _ = line.send(text);
        }
    }
}

/// What the server does to the connection, or the person, of this number: the first are served well, then one of these deeds is for
/// each, and those who come later are served well again.
fn deed(deeds: &[(Deed, &[Failure])], number: usize, first: usize) -> Deed {
    number.checked_sub(first).and_then(|at| deeds.get(at)).map_or(Deed::Serves, |(deed, _)| *deed)
}

/// Starts a server that attends so to each of its connections, which have numbers, and gives its host and port.
async fn start<H, F>(attend: fn(TcpStream, usize, Arc<H>) -> F) -> String
where
    H: Default + Send + Sync + 'static,
    F: Future<Output = ()> + Send + 'static,
{
    start_in(Arc::default(), attend).await
}

async fn start_in<H, F>(house: Arc<H>, attend: fn(TcpStream, usize, Arc<H>) -> F) -> String
where
    H: Send + Sync + 'static,
    F: Future<Output = ()> + Send + 'static,
{
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let host = listener.local_addr().unwrap().to_string();
    tokio::spawn(async move {
        for number in 0.. {
            let (stream, _) = listener.accept().await.unwrap();
            tokio::spawn(attend(stream, number, house.clone()));
        }
    });
    host
}

/// Plays the day against a target: everybody comes, and goes.
async fn day(target: &str, folder: &Path) -> Played {
    let yaml = format!("{DAY}target: {target}\n");
    let parsed = scenario::parse("test.yaml", yaml, folder);
    let plan = parsed.unwrap_or_else(|problems| panic!("{problems}")).plan.as_run();
    let speed = plan.run.speed;
    let desk = serve(Config::of_plan(&plan, speed)).await;
    let target = plan.run.target.clone().unwrap();
    let options = Options { target, desk: Some(desk.clone()), ..options(desk, speed, &plan) };
    let played = play(Arc::new(plan), options, pending()).await.unwrap();

    let progress = played.progress;
    assert_eq!((progress.arrived, progress.done, progress.open), (progress.expected, progress.expected, 0));
    played
}

/// Plays the day against a target, and holds it against what its server did.
async fn holds(target: &str, folder: &Path, deeds: &[(Deed, &[Failure])]) {
    hold_against(&day(target, folder).await, deeds);
}

/// Holds a day against what its server did.
fn hold_against(played: &Played, deeds: &[(Deed, &[Failure])]) {
    let progress = played.progress;
    assert!(progress.expected as usize > deeds.len() + 5, "{progress:?}");
    let mut errors = [0; Failure::ALL.len()];
    deeds.iter().flat_map(|(_, failures)| *failures).for_each(|failure| errors[*failure as usize] += 1);
    assert_eq!(traffic(&played.body).errors, errors, "{:?}", Failure::ALL);
    let dawdled = deeds.iter().filter(|(deed, _)| *deed == Deed::Dawdles).count();
    let served = progress.expected as usize - deeds.len() + dawdled;
    assert_eq!(resolved(played), served, "{:#?}", played.body.outcomes);
    let swallowed =
        deeds.iter().filter(|(deed, _)| matches!(deed, Deed::Kills | Deed::Complains)).count() as u64;
    let messages = traffic(&played.body).messages;
    assert_eq!((messages.lost, messages.duplicated, messages.reordered), (swallowed, 0, 0), "{messages:?}");
    assert_eq!(messages.held_back > 0, dawdled > 0, "{messages:?}");
    // What waits for less than a second is latency, and the generator may be late.
    assert!(dawdled == 0 || slowest(played) < 2.0, "{:?}", traffic(&played.body));
}

/// Seconds until the latest message was received that was not held back.
fn slowest(played: &Played) -> f64 {
    let traffic = traffic(&played.body);
    [traffic.to_agent, traffic.to_visitor].iter().filter_map(|times| times.max_secs()).fold(0.0, f64::max)
}

fn resolved(played: &Played) -> usize {
    played.body.outcomes.iter().filter(|visit| visit.ending == Ending::Resolved).count()
}
