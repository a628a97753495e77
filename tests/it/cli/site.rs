//! `run` with a site around the chat: what its visitors fetch is counted and judged with the rest, from nowhere but the host, and
//! nothing that befalls them ends the run.

use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use axum::Router;
use axum::http::StatusCode;
use axum::response::Redirect;
use axum::routing::get;
use serde_json::Value;

use super::running::{begun, played};
use super::workplace::{Workplace, fits, until};
use super::{TINY, json};
use crate::terminator::Terminator;

/// A site that counts what is asked of it.
struct Shop {
    address: SocketAddr,
    asked: Arc<AtomicU64>,
    _runtime: tokio::runtime::Runtime,
}

impl Shop {
    /// With a home page that takes 30 ms, a page that is broken, one that is moved on the site, one that is moved to `elsewhere`.
    fn open(elsewhere: &str) -> Self {
        let runtime =
            tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
        let asked = Arc::new(AtomicU64::new(0));
        let (counted, away) = (Arc::clone(&asked), format!("{elsewhere}/"));
        let home = || async {
            tokio::time::sleep(Duration::from_millis(30)).await;
            "home"
        };
        let shop = Router::new()
            .route("/", get(home))
            .route("/broken", get(|| async { StatusCode::INTERNAL_SERVER_ERROR }))
            .route("/moved", get(|| async { Redirect::temporary("/script.js") }))
            .route("/away", get(move || std::future::ready(Redirect::temporary(&away))))
            .route("/script.js", get(|| async { "let chat;".repeat(20_000) }))
            .layer(axum::middleware::map_request(move |request: axum::extract::Request| {
                counted.fetch_add(1, Ordering::SeqCst);
                std::future::ready(request)
            }));
        let listener = runtime.block_on(tokio::net::TcpListener::bind("127.0.0.1:0")).unwrap();
        let address = listener.local_addr().unwrap();
        runtime.spawn(async { axum::serve(listener, shop).await });
        Self { address, asked, _runtime: runtime }
    }

    fn url(&self) -> String {
        format!("http://{}", self.address)
    }
}

fn value(summary: &Value, figure: &str) -> f64 {
    summary["figures"][figure]["value"].as_f64().unwrap_or_else(|| panic!("no {figure}"))
}

#[test]
fn a_run_counts_what_the_visitors_of_its_site_fetch_and_nothing_is_fetched_elsewhere() {
    let elsewhere = Shop::open("http://127.0.0.1:9");
    let shop = Shop::open(&elsewhere.url());
    let site = format!(
        "site:\n  host: {}\n  visitors: 20\n  wait: 100ms\n  pages:\n  - {{path: /, weight: 4}}\n  - {{path: /broken}}\n  \
         - {{path: /moved}}\n  - {{path: /away}}\n  - {{path: /script.js, name: script, with: first page}}\n  \
         - {{path: \"/script.js?poll\", name: poll, every: 500ms}}\n\
         gates: [\"site.home.p50 < 5s\", \"site.broken.errors.share == 100%\", \"site.home.errors.share < 1%\"]\n",
        shop.url()
    );
    let place = Workplace::with(&format!("{TINY}{site}"));
    let ran = played(&place, &["run", "tiny.yaml", "--quiet", "--out", "results"]);
    fits(&ran.stdout);
    let summary = json(&place.read("results/summary.json"));
    assert_eq!(summary["gates"]["overall"], "passed", "{}", ran.stdout);
    assert_eq!(summary["site"]["visitors"], 20);
    let of = |figure: &str| value(&summary, &format!("site.{figure}"));
    assert!(of("home.requests") > 30.0 && of("home.p50") >= 0.03, "{summary}");
    assert_eq!((of("home.errors.share"), of("away.errors.share"), of("moved.errors.share")), (0.0, 1.0, 0.0));
    // Two seconds of the run, four times each of them.
    assert!((50.0..=90.0).contains(&of("poll.requests")), "{}", of("poll.requests"));
    // Those whose first page did not come have none to load a script with.
    assert!((5.0..=20.0).contains(&of("script.requests")), "{}", of("script.requests"));
    let counted: f64 = ["home", "broken", "moved", "away", "script", "poll"]
        .iter()
        .map(|page| of(&format!("{page}.requests")))
        .sum();
    let asked = shop.asked.load(Ordering::SeqCst) as f64;
    assert!(counted > 0.5 * asked && counted <= asked, "{counted} counted, {asked} asked");
    assert_eq!(elsewhere.asked.load(Ordering::SeqCst), 0, "nobody goes where the site sends them");
    let remarks = summary["remarks"].as_array().unwrap();
    assert!(
        remarks[0].as_str().unwrap().contains("visited by 20 visitors from a process of their own"),
        "{remarks:?}"
    );
    assert!(place.read("results/report.html").contains("Pages by percentile"));
    assert!(
        place.read("results/summary.md").contains("| home |")
            && place.read("results/histograms.hlog").contains("site.home")
    );
}

#[test]
fn a_site_behind_tls_is_visited_if_its_authority_is_trusted() {
    let shop = Shop::open("http://127.0.0.1:9");
    let front = Terminator::before(&shop.address.to_string());
    let host = front.url.replacen("wss:", "https:", 1);
    let site = |trust: &str| {
        format!("{TINY}site: {{host: \"{host}\", {trust}visitors: 5, wait: 200ms, pages: [{{path: /}}]}}\n")
    };
    let place = Workplace::with(&site("ca_file: ca.pem, "));
    place.write("ca.pem", &front.authority);
    played(&place, &["run", "tiny.yaml", "--quiet", "--out", "results"]);
    let summary = json(&place.read("results/summary.json"));
    assert!(value(&summary, "site.home.requests") > 5.0, "{summary}");
    assert_eq!(value(&summary, "site.home.errors.share"), 0.0);
    let trusting_nobody = Workplace::with(&site(""));
    let ran = trusting_nobody.run(&["run", "tiny.yaml", "--quiet"]);
    ran.refused(4, &["the site could not be reached", "certificate", "is named with ca_file"]);
}

#[test]
fn virtual_time_has_no_site() {
    let site = "site: {visitors: 5, pages: [{path: /}]}\ngates: [\"site.home.p90 < 5s\", \"support.abandoned.share < 90%\"]\n";
    let place = Workplace::with(&format!("{TINY}{site}"));
    let ran = place.well(&["simulate", "tiny.yaml", "--quiet", "--out", "results"]);
    assert!(
        ran.stdout.contains("not judged") && ran.stdout.contains("simulate does not produce it, run does"),
        "{}",
        ran.stdout
    );
    assert_eq!(json(&place.read("results/summary.json"))["figures"].get("site.home.p90"), None);
}

#[test]
fn a_site_that_is_not_there_is_told_before_the_run() {
    let nobody = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let site = format!("site: {{host: \"http://{nobody}\", visitors: 5, pages: [{{path: /}}]}}\n");
    let place = Workplace::with(&format!("{TINY}{site}"));
    let ran = place.run(&["run", "tiny.yaml", "--quiet"]);
    ran.refused(4, &["the site could not be reached", "Connection refused", "it is the host of `site`"]);
    assert_eq!(place.contents(), ["tiny.yaml"], "nothing is left behind");
}

#[test]
fn where_there_is_no_embedded_server_the_site_has_to_say_where_it_is() {
    let place = Workplace::with(&format!("{TINY}site: {{visitors: 5, pages: [{{path: /}}]}}\n"));
    let ran = place.run(&["run", "tiny.yaml", "--quiet", "--target", "ws://127.0.0.1:9"]);
    ran.refused(2, &["the scenario's site has no host", "name it in the scenario"]);
}

/// Whoever visits the site may be killed: the chat goes on, what was fetched is counted, and that it ended is said.
#[cfg(target_os = "linux")]
#[test]
fn a_run_goes_on_without_those_who_visited_its_site() {
    let site = "site: {visitors: 8, wait: 50ms, pages: [{path: /}, {path: /metrics, every: 200ms}]}\n";
    let place = Workplace::with(&format!("{}{site}", TINY.replace("speed: 300", "speed: 100")));
    let running = place.start(&["run", "tiny.yaml", "--quiet", "--out", "results"]);
    begun(&place, "results");
    let is_theirs = |pid: &u32| {
        std::fs::read(format!("/proc/{pid}/cmdline"))
            .is_ok_and(|line| line.split(|b| *b == 0).nth(1) == Some(b"visit"))
    };
    let visitors = until("the process of the visitors", || running.children().into_iter().find(is_theirs));
    let killed = std::process::Command::new("kill").args(["-KILL", &visitors.to_string()]).status();
    assert!(killed.unwrap().success());
    let ran = running.end();
    let late = ran.stdout.contains("the generator could not keep up");
    assert_eq!(ran.code, Some(if late { 3 } else { 0 }), "{ran:#?}");
    let flowing = ran.stdout.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(
        flowing.contains("The site was no longer visited before the end: their process ended early"),
        "{flowing}"
    );
    let summary = json(&place.read("results/summary.json"));
    assert!(value(&summary, "site.home.requests") > 0.0 && value(&summary, "support.offered") > 0.0);
}
