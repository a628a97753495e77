//! `causerie serve`.

use std::fs::File;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;

use tokio::io::AsyncReadExt;
use tokio::net::TcpListener;
use tokio::sync::Notify;

use crate::scenario::Beside;
use crate::server::account::Sink;
use crate::server::{self, Config};

use super::args::ServeArgs;
use super::exit::{Exit, Failure};
use super::out::{print, say};
use super::{files, runtime, signals, source};

/// Starts the embedded chat server, and serves until somebody stops it.
pub(super) fn serve(args: &ServeArgs) -> Result<Exit, Failure> {
    files::raise();
    let config = config(args)?;
    let stopped = Arc::new(Notify::new());
    let stop = Arc::clone(&stopped);
    signals::on_interrupt(move || stop.notify_one())?;
    runtime::start()?.block_on(async {
        let address = SocketAddr::new(args.address, args.port);
        let listener = TcpListener::bind(address).await.map_err(|error| taken(address, &error))?;
        let bound = listener.local_addr().map_err(|error| taken(address, &error))?;
        print(&format!("http://{bound}/\n"))?;
        if !args.until_stdin_ends {
            let speed = args.speed;
            say(&format!(
                "A page to chat on. To play against it: causerie run SCENARIO\n\
                 --target ws://{bound} --speed {speed}\n"
            ));
        }
        let end = async {
            tokio::select! {
                () = stopped.notified() => {}
                () = stdin_ends(), if args.until_stdin_ends => {}
            }
        };
        let served = server::serve(listener, config, end).await;
        served.map_err(|error| Failure::new(Exit::Usage, format!("the server failed: {error}"), None))?;
        Ok(Exit::Well)
    })
}

fn config(args: &ServeArgs) -> Result<Config, Failure> {
    let mut config = match &args.scenario {
        Some(path) => Config::of_plan(&source::scenario(path, &Beside::default())?.plan, args.speed),
        None => Config::new(args.speed),
    };
    if let Some(path) = &args.faults {
        config.faults = source::faults(path)?;
    }
    if let Some(path) = &args.account {
        let file = File::create(path).map_err(|error| {
            let what = format!("no account can be written to {}: {error}", path.display());
            Failure::new(Exit::Usage, what, Some("name a file in a folder that can be written to"))
        })?;
        config.account = Some(Sink::new(file));
    }
    Ok(config)
}

fn taken(address: SocketAddr, error: &io::Error) -> Failure {
    let hint = match error.kind() {
        io::ErrorKind::AddrInUse => Some("name another with --port; 0 takes any that is free"),
        io::ErrorKind::PermissionDenied => {
            Some("ports below 1024 belong to the system: name another with --port")
        }
        io::ErrorKind::AddrNotAvailable => {
            Some("--address takes an address of this machine, such as 127.0.0.1")
        }
        _ => None,
    };
    Failure::new(Exit::Usage, format!("cannot listen on {address}: {error}"), hint)
}

/// Over when whoever holds the other end of stdin is.
async fn stdin_ends() {
    let (mut stdin, mut scrap) = (tokio::io::stdin(), [0; 64]);
    while stdin.read(&mut scrap).await.is_ok_and(|read| read > 0) {}
}
