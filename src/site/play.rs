//! The process that plays the visitors: it makes sure that there is a site, lets them in, and says what they fetched until it is
//! told to end.

use std::io::{self, Write};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use tokio::io::{AsyncBufRead, AsyncBufReadExt, Lines};
use tokio::sync::{mpsc, watch};
use tokio::task::JoinHandle;

use super::client::{client, explain};
use super::crowd::Crowd;
use super::message::{Order, Said};
use crate::base::draw::Draws;
use crate::base::time::RealMoment;
use crate::base::words::site::Fetch;
use crate::net::clock::Clock;
use crate::net::process;
use crate::scenario::plan::site::{Asked, SitePlan};

/// How many requests are said at once, at the most.
const BATCH: usize = 4_096;
/// How long is waited for more of them.
const PAUSE: Duration = Duration::from_millis(20);

/// Plays the visitors of the site at `host`, as `orders` say, and says on `out` how that goes.
///
/// # Errors
/// Nobody listens on `out` any more.
pub async fn play(
    plan: SitePlan,
    host: &str,
    seed: u64,
    orders: impl AsyncBufRead + Unpin,
    mut out: impl Write,
) -> io::Result<()> {
    match Stand::open(plan, host, seed).await {
        Ok(stand) => stand.run(orders.lines(), out).await,
        Err(why) => say(&mut out, [why]),
    }
}

/// A site with its visitors, who wait to be let in.
struct Stand {
    crowd: Arc<Crowd>,
    begin: watch::Sender<Option<RealMoment>>,
    fetched: mpsc::UnboundedReceiver<Fetch>,
    /// Goose; gives why it is over, which it is not before its time.
    playing: JoinHandle<String>,
}

impl Stand {
    async fn open(plan: SitePlan, host: &str, seed: u64) -> Result<Self, Said> {
        let client = client(&plan, host).map_err(Said::Failed)?;
        let first = plan.pages.iter().find(|page| matches!(page.when, Asked::Visited(_)));
        let path = first.map_or("/", |page| &page.path);
        client
            .get(format!("{host}{path}"))
            .send()
            .await
            .map_err(|error| Said::Unreachable(explain(&error)))?;
        let failed = |error: &dyn std::fmt::Display| Said::Failed(error.to_string());
        let clock = Clock::start(1.0).map_err(|error| failed(&error))?;
        let (begin, begins) = watch::channel(None);
        let (tell, fetched) = mpsc::unbounded_channel();
        let visitors = plan.visitors;
        let crowd = Arc::new(Crowd {
            plan,
            draws: Draws::of_population(seed, 0, "site"),
            client,
            clock,
            begin: begins,
            fetched: tell,
            there: watch::Sender::new(0),
            under_way: AtomicU64::new(0),
        });
        let mut there = crowd.there.subscribe();
        let attack = crowd.attack(host).map_err(|error| failed(&error))?;
        let mut playing = tokio::spawn(async move {
            match attack.execute().await {
                Ok(_) => "Goose ended by itself".to_owned(),
                Err(error) => error.to_string(),
            }
        });
        tokio::select! {
            why = &mut playing => return Err(Said::Failed(why.unwrap_or_else(|error| error.to_string()))),
            _ = there.wait_for(|there| *there == visitors) => {}
        }
        Ok(Self { crowd, begin, fetched, playing })
    }

    async fn run(
        mut self,
        mut orders: Lines<impl AsyncBufRead + Unpin>,
        mut out: impl Write,
    ) -> io::Result<()> {
        say(&mut out, [Said::Ready])?;
        let mut batch = Vec::with_capacity(BATCH);
        loop {
            tokio::select! {
                order = orders.next_line() => match order {
                    Ok(Some(line)) if serde_json::from_str::<Order>(&line).is_ok() => {
                        self.begin.send_replace(Some(self.crowd.clock.now()));
                    }
                    Ok(Some(_)) => {}
                    Ok(None) | Err(_) => break,
                },
                why = &mut self.playing => {
                    return say(&mut out, [Said::Failed(why.unwrap_or_else(|error| error.to_string()))]);
                }
                _ = self.fetched.recv_many(&mut batch, BATCH) => {
                    say(&mut out, batch.drain(..).map(Said::from))?;
                    // Waking up for each would take time from those who are measured.
                    tokio::time::sleep(PAUSE).await;
                }
            }
        }
        self.playing.abort();
        self.fetched.close();
        while let Ok(fetch) = self.fetched.try_recv() {
            batch.push(fetch);
        }
        say(&mut out, batch.drain(..).map(Said::from))?;
        let unanswered = self.crowd.under_way.load(Ordering::Relaxed);
        say(&mut out, [Said::Over { unanswered, cpu_nanos: process::used_nanos() }])
    }
}

/// Says it all at once.
fn say(out: &mut impl Write, all: impl IntoIterator<Item = Said>) -> io::Result<()> {
    let lines: String = all.into_iter().map(|said| said.line()).collect();
    out.write_all(lines.as_bytes())?;
    out.flush()
}
