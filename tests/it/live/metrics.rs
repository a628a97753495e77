//! What a target says of itself: on the timeline where it does, and no harm where it does not.

use std::future::pending;
use std::sync::Arc;

use causerie::base::time::RealSpan;
use causerie::live::{Played, play};
use causerie::metrics::timeline::TargetInterval;
use causerie::scenario::plan::target::MetricsPlan;
use causerie::server::{Config, METRICS_PATH, WAITING};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

use super::{options, plan, serve};

/// More visitors than agents, in three seconds.
const BUSY: &str = "
name: busy
length: 10m
support:
  arrivals: {rate: 300/h}
  patience: never
  conversation: {handling_time: {constant: 60s}, messages: {every: 10s}}
  agents: {count: 2, concurrency: 1}
run: {speed: 300, drain: 1m, valid: {unfinished: 100%}}
";

/// A run against a server that is asked for its metrics there; itself, where nothing is said.
async fn played(metrics: Option<String>) -> Played {
    let plan = plan(BUSY);
    let url = serve(Config::of_plan(&plan, plan.run.speed)).await;
    let own = format!("{}{METRICS_PATH}", url.replacen("ws:", "http:", 1));
    let mut options = options(url, plan.run.speed, &plan);
    options.target.metrics = Some(MetricsPlan {
        url: metrics.unwrap_or(own),
        every: RealSpan::from_nanos(300_000_000),
        queue: Some(WAITING.to_owned()),
    });
    play(Arc::new(plan), options, pending()).await.unwrap()
}

fn told(played: &Played) -> TargetInterval {
    played.body.timeline.target().iter().fold(TargetInterval::default(), |sum, i| sum.with(*i))
}

#[cfg(target_os = "linux")]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_embedded_server_tells_its_processor_its_memory_and_its_queue() {
    let played = played(None).await;
    let told = told(&played);
    assert!(told.cpu().is_some_and(|cores| cores > 0.0), "{told:?}");
    assert!(told.memory_max_kib > 1_000 && told.queue_max > 1, "{told:?}");
    assert_eq!(played.remarks, Vec::<String>::new());
    assert_eq!(played.invalid, None);
}

/// Where every request is answered with this, or with nothing at all.
async fn answering(answer: Option<Vec<u8>>) -> Option<String> {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/metrics", listener.local_addr().unwrap());
    let answer = Arc::new(answer);
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let answer = answer.clone();
            tokio::spawn(async move {
                let _ = stream.read(&mut [0; 1_024]).await;
                match answer.as_ref() {
                    // Whoever has enough hangs up.
                    Some(answer) => drop(stream.write_all(answer).await),
                    None => pending().await,
                }
            });
        }
    });
    Some(url)
}

fn page(text: &str) -> Option<Vec<u8>> {
    let head = format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n", text.len());
    Some([head.as_bytes(), text.as_bytes()].concat())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whatever_is_answered_the_run_goes_on_and_says_so() {
    let down = {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        Some(format!("http://{}/metrics", listener.local_addr().unwrap()))
    };
    let endless = page(&"process_cpu_seconds_total 1\n".repeat(400_000));
    let (silent, rubbish, http, long, other, down) = tokio::join!(
        played(answering(None).await),
        played(answering(page("<html>\0\u{7}")).await),
        played(answering(Some(b"SSH-2.0-OpenSSH_9.2\r\n".to_vec())).await),
        played(answering(endless).await),
        played(answering(page("process_resident_memory_bytes 4096\n")).await),
        played(down),
    );
    for (run, says) in [
        (silent, "The target's metrics did not come while it was played against."),
        (rubbish, "no metrics of Prometheus: line 1: neither a metric nor a comment"),
        (http, "no HTTP there"),
        (long, "more than 4 MiB"),
        (other, "The target's metrics do not tell process_cpu_seconds_total, causerie_waiting."),
        (down, "refused"),
    ] {
        assert_eq!(run.invalid, None, "{says}");
        assert_eq!(run.progress.arrived, run.progress.expected, "{says}");
        assert!(run.remarks.len() == 1 && run.remarks[0].contains(says), "{:?}: {says}", run.remarks);
    }
}
