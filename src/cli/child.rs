//! The embedded chat server as a child process: started with a run, ended with it.

use std::ffi::OsStr;
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};
use tokio::time::timeout;

use super::args::RunArgs;
use super::exit::{Exit, Failure};

/// How long it may take to start listening.
const START: Duration = Duration::from_secs(10);

/// A server that ends when this is dropped, and when this process does.
pub(super) struct Served {
    /// Where it listens: `ws://127.0.0.1:port`.
    pub(super) url: String,
    /// Held, and killed when dropped. Its stdin ends with this process, and it with its stdin.
    _child: Child,
}

/// Starts `causerie serve` for the scenario of a run, on any free port of the loopback; with an account, where it is to keep one.
pub(super) async fn serve(args: &RunArgs, speed: f64, account: Option<&Path>) -> Result<Served, Failure> {
    let failed = |why: &dyn std::fmt::Display| {
        Failure::new(Exit::Target, format!("the embedded chat server did not start: {why}"), None)
    };
    let program = std::env::current_exe().map_err(|error| failed(&error))?;
    let mut child = Command::new(program)
        .arg("serve")
        .arg(&args.play.scenario)
        .args(["--port", "0", "--until-stdin-ends", "--speed"])
        .arg(speed.to_string())
        .args(account.iter().flat_map(|path| [OsStr::new("--account"), path.as_os_str()]))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::inherit())
        .kill_on_drop(true)
        // A Ctrl-C in the terminal is for the run, which still needs its server to end well.
        .process_group(0)
        .spawn()
        .map_err(|error| failed(&error))?;
    let stdout = child.stdout.take().ok_or_else(|| failed(&"it has no stdout"))?;
    let mut line = String::new();
    let mut lines = BufReader::new(stdout);
    match timeout(START, lines.read_line(&mut line)).await {
        Ok(Ok(_)) => {}
        Ok(Err(error)) => return Err(failed(&error)),
        Err(_) => return Err(failed(&"it said nothing for 10 s")),
    }
    let address = line.trim().strip_prefix("http://").and_then(|rest| rest.strip_suffix('/'));
    let address = address.ok_or_else(|| failed(&"it ended before it listened"))?;
    Ok(Served { url: format!("ws://{address}"), _child: child })
}
