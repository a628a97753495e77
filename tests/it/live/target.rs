//! Targets that are not what they should be.

use std::future::pending;
use std::sync::Arc;
use std::time::Duration;

use causerie::live::{LiveError, Played, play};
use causerie::server::{self, Config};
use tokio::io::AsyncWriteExt;
use tokio::net::TcpListener;

use super::{TINY, options, plan, serve};

async fn attempt(url: &str) -> Result<Played, LiveError> {
    let plan = plan(TINY);
    let options = options(url.into(), plan.run.speed, &plan);
    play(Arc::new(plan), options, pending()).await
}

#[tokio::test]
async fn a_target_that_is_down_is_named() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let host = listener.local_addr().unwrap().to_string();
    drop(listener);
    let error = attempt(&format!("ws://{host}")).await.unwrap_err();
    assert!(matches!(error, LiveError::Unreachable(_)), "{error:?}");
    let text = error.to_string();
    assert!(text.contains(&host) && text.contains("refused"), "{text}");
}

#[tokio::test]
async fn a_target_that_is_no_chat_server_is_named() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let host = listener.local_addr().unwrap().to_string();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let _ = stream.write_all(b"HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\n\r\n").await;
        }
    });
    let error = attempt(&format!("ws://{host}")).await.unwrap_err().to_string();
    assert!(error.contains(&host) && error.contains("404"), "{error}");
}

#[tokio::test]
async fn a_server_of_another_speed_refuses_and_says_why() {
    let url = serve(Config::new(1.0)).await;
    let error = attempt(&url).await.unwrap_err();
    assert!(matches!(error, LiveError::Refused(_)), "{error:?}");
    assert!(error.to_string().contains("speed"), "{error}");
}

#[tokio::test]
async fn urls_that_make_no_sense_are_explained() {
    for (url, word) in [("http://x", "ws://"), ("nonsense", "ws://"), ("ws://", "ws://")] {
        let error = attempt(url).await.unwrap_err();
        assert!(matches!(error, LiveError::Target(_)), "{url}: {error:?}");
        assert!(error.to_string().contains(word), "{error}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_dies_makes_the_run_invalid() {
    let plan = plan(TINY);
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("ws://{}", listener.local_addr().unwrap());
    let config = Config::of_plan(&plan, plan.run.speed);
    let dies = async { tokio::time::sleep(Duration::from_millis(700)).await };
    // In a runtime of its own, whose end ends every connection, as the end of a process does.
    let server = std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let std_listener = listener.into_std().unwrap();
        runtime.block_on(async move {
            let listener = TcpListener::from_std(std_listener).unwrap();
            server::serve(listener, config, dies).await.unwrap();
        });
    });
    let options = options(url, plan.run.speed, &plan);
    let played = play(Arc::new(plan), options, pending()).await.unwrap();
    server.join().unwrap();
    let why = played.invalid.expect("a run without its server says nothing");
    assert!(why.contains("cut off every agent"), "{why}");
    assert_eq!(played.progress.arrived, played.progress.done);
}

#[tokio::test]
async fn messages_faster_than_a_network_are_refused() {
    let plan = plan(&TINY.replace("every: 10s", "every: 1s"));
    let options = options("ws://127.0.0.1:9".into(), 300.0, &plan);
    let error = play(Arc::new(plan), options, pending()).await.unwrap_err();
    assert!(matches!(error, LiveError::TooFast(_)), "{error:?}");
    assert!(error.to_string().contains("every 3.333 ms"), "{error}");
}
