//! The visitors of a run's site, in a child process: started before the run, let in and sent away with it.
//!
//! Nothing that they do ends a run, but a site that is not there when it is to begin.

use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use tokio::io::{AsyncBufReadExt, AsyncRead, AsyncWriteExt, BufReader, Lines};
use tokio::process::{Child, ChildStdin, ChildStdout, Command};
use tokio::sync::{mpsc, oneshot, watch};
use tokio::time::timeout;

use crate::base::time::NANOS;
use crate::base::words::site::Fetch;
use crate::live::Site;
use crate::report::number;
use crate::scenario::plan::site::SitePlan;
use crate::site::{Order, Said};

use super::exit::{Exit, Failure};

/// How long it may take until everybody is there: a page may take 30 s, and so may a crowd.
const START: Duration = Duration::from_secs(60);
/// How long the child may take to end when it is told to.
const END: Duration = Duration::from_secs(5);
/// The longest line of the child's complaints that is shown.
const LONGEST: usize = 300;

/// Starts the visitors of the site at `host`, as the scenario in the file has them.
///
/// # Errors
/// The site does not answer. That its visitors cannot be played is no error, but said in the report.
pub(super) async fn start(scenario: &Path, plan: &SitePlan, host: &str, seed: u64) -> Result<Site, Failure> {
    let (open, orders) = watch::channel(false);
    let (tell, fetched) = mpsc::unbounded_channel();
    let (say, remarks) = oneshot::channel();
    let tended = match Crowd::start(scenario, host, seed).await {
        Ok(mut crowd) => match timeout(START, crowd.said()).await {
            Ok(Some(Said::Ready)) => Ok(crowd),
            Ok(Some(Said::Unreachable(why))) => return Err(unreachable(host, &why)),
            Ok(Some(Said::Failed(why))) => Err(why),
            Ok(_) => Err(crowd.complaint().await),
            Err(_) => Err(format!("they were not all there within {} s", START.as_secs())),
        },
        Err(error) => Err(error.to_string()),
    };
    match tended {
        Ok(crowd) => {
            let visitors = plan.visitors;
            tokio::spawn(async move {
                // A run that is gone wants no remarks.
                let _ = say.send(crowd.tend(orders, &tell, visitors).await);
            });
        }
        Err(why) => {
            let _ = say.send(vec![format!("The site was not visited: {why}.")]);
        }
    }
    Ok(Site { open, fetched, remarks })
}

fn unreachable(host: &str, why: &str) -> Failure {
    let hint = if why.contains("certificate") {
        "an authority of your own is named with ca_file in the scenario's `site`; insecure asks for no proof at all"
    } else {
        "is it running, and listening there? it is the host of `site` in the scenario"
    };
    Failure::new(Exit::Target, format!("the site could not be reached: {host}: {why}"), Some(hint))
}

/// The child. It is killed when this is dropped, and ends when its stdin does.
struct Crowd {
    child: Child,
    orders: Option<ChildStdin>,
    lines: Lines<BufReader<ChildStdout>>,
    complaints: oneshot::Receiver<String>,
}

impl Crowd {
    async fn start(scenario: &Path, host: &str, seed: u64) -> std::io::Result<Self> {
        let mut child = Command::new(std::env::current_exe()?)
            .arg("visit")
            .arg(scenario)
            .args(["--host", host, "--seed", &seed.to_string()])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true)
            // A Ctrl-C in the terminal is for the run: Goose would take it for its own.
            .process_group(0)
            .spawn()?;
        let gone = || std::io::Error::other("it has no stdin, stdout or stderr");
        let orders = child.stdin.take().ok_or_else(gone)?;
        let stdout = child.stdout.take().ok_or_else(gone)?;
        let (tell, complaints) = oneshot::channel();
        tokio::spawn(listen(child.stderr.take().ok_or_else(gone)?, tell));
        Ok(Self { child, orders: Some(orders), lines: BufReader::new(stdout).lines(), complaints })
    }

    /// The next thing that it says; `None` once it says nothing more.
    async fn said(&mut self) -> Option<Said> {
        loop {
            let line = self.lines.next_line().await.ok()??;
            if let Some(said) = Said::read(&line) {
                return Some(said);
            }
        }
    }

    /// Why it ended that should not have, as far as it said so.
    async fn complaint(mut self) -> String {
        self.orders = None;
        let how = match timeout(END, self.child.wait()).await {
            Ok(Ok(status)) => format!("their process ended early ({status})"),
            _ => "their process went silent".to_owned(),
        };
        match timeout(END, self.complaints).await {
            Ok(Ok(said)) if !said.is_empty() => format!("{how}: {said}"),
            _ => how,
        }
    }

    /// Lets them in and sends them away, and passes on what they fetched; gives what a reader should know of it all.
    async fn tend(
        mut self,
        mut open: watch::Receiver<bool>,
        fetched: &mpsc::UnboundedSender<Fetch>,
        visitors: u32,
    ) -> Vec<String> {
        let (last, sent_away) = loop {
            tokio::select! {
                said = self.said() => match said {
                    Some(said @ Said::Fetched(..)) => pass_on(&said, fetched),
                    other => break (other, false),
                },
                changed = open.changed() => {
                    // A run that is gone does not want them any more either.
                    if changed.is_err() || !*open.borrow_and_update() {
                        break (None, true);
                    }
                    self.order(Order::Begin).await;
                }
            }
        };
        let last = if sent_away { self.send_away(fetched).await } else { last };
        match last {
            Some(Said::Over { unanswered, cpu_nanos }) => account(visitors, unanswered, cpu_nanos),
            Some(Said::Failed(why)) => vec![format!("The site was no longer visited before the end: {why}.")],
            _ if sent_away => {
                vec!["The process of the site's visitors had to be ended: what they fetched last is not counted.".to_owned()]
            }
            _ => {
                let why = self.complaint().await;
                vec![format!("The site was no longer visited before the end: {why}.")]
            }
        }
    }

    /// Tells it to end, and waits for the last that it has to say; who does not end is killed.
    async fn send_away(&mut self, fetched: &mpsc::UnboundedSender<Fetch>) -> Option<Said> {
        self.orders = None;
        let last = timeout(END, async {
            loop {
                match self.said().await {
                    Some(said @ Said::Fetched(..)) => pass_on(&said, fetched),
                    other => return other,
                }
            }
        });
        let last = last.await.ok().flatten();
        if timeout(END, self.child.wait()).await.is_err() {
            // By its own handle, and so by its number, while it is ours.
            let _ = self.child.kill().await;
        }
        last
    }

    async fn order(&mut self, order: Order) {
        if let Some(orders) = &mut self.orders {
            let line = serde_json::to_string(&order).unwrap_or_default() + "\n";
            // One that is gone says so on its other side.
            let _ = orders.write_all(line.as_bytes()).await;
        }
    }
}

/// A request that there was. (Once the run is gone, nobody wants to know.)
fn pass_on(said: &Said, fetched: &mpsc::UnboundedSender<Fetch>) {
    if let Some(fetch) = said.fetch() {
        let _ = fetched.send(fetch);
    }
}

/// Keeps the last line that it complained in.
async fn listen(stderr: impl AsyncRead + Unpin, tell: oneshot::Sender<String>) {
    let mut lines = BufReader::new(stderr).lines();
    let mut last = String::new();
    while let Ok(Some(line)) = lines.next_line().await {
        if !line.trim().is_empty() {
            last = line.trim().chars().take(LONGEST).collect();
        }
    }
    let _ = tell.send(last);
}

/// What they took, and what is not in the figures.
fn account(visitors: u32, unanswered: u64, cpu_nanos: Option<u64>) -> Vec<String> {
    let who = number::of(visitors.into(), "visitor");
    let took = match cpu_nanos {
        Some(nanos) => {
            format!("took {} of this machine's processors", number::time(nanos as f64 / NANOS as f64))
        }
        None => "takes its part of this machine's processors".to_owned(),
    };
    let mut remarks = vec![format!(
        "The site was visited by {who} from a process of their own, which {took}; no figure of the generator has that in it."
    )];
    if unanswered > 0 {
        let those = number::of(unanswered, "request");
        remarks.push(format!("{those} for pages were unanswered at the end and are in no figure."));
    }
    remarks
}
