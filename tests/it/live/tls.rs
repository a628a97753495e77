//! Targets behind TLS, and those that cannot show who they are.

use std::future::pending;
use std::sync::Arc;

use causerie::live::{LiveError, Played, play};
use causerie::metrics::tally::Failure;
use causerie::scenario::plan::target::{TargetPlan, Trust};
use causerie::server::Config;
use rcgen::{CertificateParams, date_time_ymd};

use super::{TINY, options, plan, serve, traffic};
use crate::terminator::Terminator;

async fn attempt(url: &str, trust: Trust) -> Result<Played, LiveError> {
    let plan = plan(TINY);
    let mut options = options(String::new(), plan.run.speed, &plan);
    options.target = TargetPlan { trust, ..TargetPlan::causerie(url.to_owned()) };
    play(Arc::new(plan), options, pending()).await
}

/// `host:port` of an embedded server for [`TINY`].
async fn server() -> String {
    let plan = plan(TINY);
    let url = serve(Config::of_plan(&plan, plan.run.speed)).await;
    url.trim_start_matches("ws://").to_owned()
}

fn of_127(params: impl FnOnce(&mut CertificateParams)) -> CertificateParams {
    let mut all = CertificateParams::new(vec!["127.0.0.1".to_owned()]).unwrap();
    params(&mut all);
    all
}

/// Every stage was timed, and nothing was lost on the way.
fn is_whole(played: &Played) {
    let traffic = traffic(&played.body);
    assert!(traffic.attempts > 15, "{}", traffic.attempts);
    for stage in [&traffic.connect_tcp, &traffic.connect_tls, &traffic.connect_upgrade] {
        assert_eq!(stage.count, traffic.attempts);
    }
    assert!(traffic.connect_tls.mean_secs() > traffic.connect_tcp.mean_secs(), "a handshake is work");
    assert!(traffic.messages.sent > 20, "{:?}", traffic.messages);
    assert_eq!(traffic.messages.lost, 0);
    assert_eq!(traffic.errors, [0; Failure::ALL.len()]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_whose_authority_is_named_is_trusted() {
    let target = Terminator::before(&server().await);
    let trust = Trust::Only { pem: target.authority };
    is_whole(&attempt(&target.url, trust).await.unwrap());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn anybody_is_trusted_where_nothing_is_checked() {
    let target = Terminator::before(&server().await);
    is_whole(&attempt(&target.url, Trust::Anybody).await.unwrap());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_cannot_show_who_they_are_is_refused() {
    let server = server().await;
    let expired = of_127(|says| says.not_after = date_time_ymd(2020, 1, 1));
    let to_come = of_127(|says| says.not_before = date_time_ymd(4000, 1, 1));
    let of_another = CertificateParams::new(vec!["chat.example".to_owned()]).unwrap();
    for (says, why) in
        [(expired, "has expired"), (to_come, "is not valid yet"), (of_another, "is for another name")]
    {
        let target = Terminator::with(&server, &says);
        let error = attempt(&target.url, Trust::Only { pem: target.authority }).await.unwrap_err();
        assert!(matches!(error, LiveError::Untrusted(_)), "{error:?}");
        assert!(error.to_string().contains(why), "{error}, and not: {why}");
    }
    let target = Terminator::before(&server);
    let other = Terminator::before(&server);
    let error = attempt(&target.url, Trust::Only { pem: other.authority }).await.unwrap_err();
    assert!(matches!(error, LiveError::Untrusted(_)), "{error:?}");
    assert!(error.to_string().contains("an authority that is not trusted"), "{error}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_that_does_not_speak_tls_is_named() {
    let host = server().await;
    let error = attempt(&format!("wss://{host}"), Trust::Anybody).await.unwrap_err();
    assert!(matches!(error, LiveError::Refused(_) | LiveError::Unreachable(_)), "{error:?}");
    let text = error.to_string();
    assert!(text.contains(&host) && text.contains("does not speak TLS"), "{text}");
}

#[tokio::test]
async fn certificates_that_are_none_are_told_before_anything_happens() {
    let pem = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n".to_owned();
    let error = attempt("wss://127.0.0.1:9", Trust::Only { pem }).await.unwrap_err();
    assert!(matches!(error, LiveError::Target(_)), "{error:?}");
    assert!(error.to_string().contains("ca_file cannot be read"), "{error}");
}
