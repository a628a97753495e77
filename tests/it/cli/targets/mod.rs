//! Real chat servers, as `tests/servers` starts them: what is not installed is skipped, and that is said, unless
//! `CAUSERIE_REQUIRE_SERVERS` names it.

mod breaks;
mod desk;
mod rooms;
mod secret;
mod throttles;

use std::io::Write as _;
use std::net::TcpListener;
use std::path::PathBuf;
use std::process::{Command, Output};

use super::json;
use super::workplace::{Ran, Workplace};

/// Servers that have to be there.
const REQUIRED: &str = "CAUSERIE_REQUIRE_SERVERS";

/// How a server is started.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum How {
    /// With its throttles lifted.
    Lifted,
    /// With its own throttles.
    Stock,
    /// With its throttles lifted, and over TLS only.
    Secret,
}

/// A server that runs until this is dropped.
struct Server {
    name: &'static str,
    ports: Vec<u16>,
    /// The file of the authority that has signed its certificate; empty without TLS.
    authority: String,
}

impl Server {
    /// The server of this name, with so many ports; `None` where it is not installed and need not be.
    fn start(name: &'static str, ports: usize, how: How) -> Option<Self> {
        if !script(name, &["installed"]).status.success() {
            let required = std::env::var(REQUIRED).unwrap_or_default();
            assert!(
                !required.split_whitespace().any(|one| one == name),
                "{name} is required, and not installed"
            );
            // Not by a macro: what those print is seen of tests that fail alone.
            let said = format!("skipped: {name} is not installed (tests/servers/{name} install)\n");
            std::io::stderr().write_all(said.as_bytes()).expect("stderr");
            return None;
        }
        // Held all at once, so that they differ.
        let free: Vec<TcpListener> =
            (0..ports).map(|_| TcpListener::bind("127.0.0.1:0").expect("a free port")).collect();
        let ports: Vec<u16> =
            free.iter().map(|free| free.local_addr().expect("its address").port()).collect();
        drop(free);
        let numbers: Vec<String> = ports.iter().map(u16::to_string).collect();
        let mut args = vec!["start"];
        args.extend(match how {
            How::Lifted => None,
            How::Stock => Some("--stock"),
            How::Secret => Some("--tls"),
        });
        args.extend(numbers.iter().map(String::as_str));
        let started = script(name, &args);
        assert!(started.status.success(), "{name}: {}", String::from_utf8_lossy(&started.stderr));
        let said = String::from_utf8_lossy(&started.stdout);
        let authority = said.lines().find_map(|line| line.strip_prefix("ca ")).unwrap_or_default().to_owned();
        Some(Self { name, ports, authority })
    }

    /// `scheme://127.0.0.1` and the port of this number, from 0.
    fn url(&self, scheme: &str, port: usize) -> String {
        format!("{scheme}://127.0.0.1:{}", self.ports[port])
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        script(self.name, &["stop", &self.ports[0].to_string()]);
    }
}

fn script(name: &str, args: &[&str]) -> Output {
    let path: PathBuf = [env!("CARGO_MANIFEST_DIR"), "tests", "servers", name].iter().collect();
    Command::new(path).args(args).output().expect("a script of tests/servers")
}

/// A scenario that is played against a target, and what came of it.
struct Played {
    ran: Ran,
    summary: serde_json::Value,
}

impl Played {
    /// The scenario, against this target.
    fn of(scenario: &str, target: &str) -> Self {
        let (place, ran) = Self::run(scenario, target);
        let summary = std::fs::read_to_string(place.path("out/summary.json"));
        let summary = json(&summary.unwrap_or_else(|error| panic!("{error}: {ran:#?}")));
        Self { ran, summary }
    }

    /// The same of one that does not come about.
    fn start(scenario: &str, target: &str) -> Ran {
        Self::run(scenario, target).1
    }

    fn run(scenario: &str, target: &str) -> (Workplace, Ran) {
        let place = Workplace::new();
        place.write("desk.yaml", scenario);
        place.write("target.yaml", target);
        let ran = place.run(&["run", "desk.yaml", "--target", "target.yaml", "--out", "out", "--quiet"]);
        (place, ran)
    }

    fn figure(&self, name: &str) -> f64 {
        let value = self.summary["figures"][name]["value"].as_f64();
        value.unwrap_or_else(|| panic!("no {name} in {}", self.summary["figures"]))
    }

    /// It ended well, nothing was lost, and the twin is the same day.
    #[track_caller]
    fn agrees(&self, least: f64) {
        assert_eq!(self.ran.code, Some(0), "{:#?}", self.ran);
        for name in ["lost", "missed", "duplicated", "reordered", "held_back"] {
            assert_eq!(self.figure(&format!("messages.{name}")), 0.0, "{name}: {}", self.ran.stdout);
        }
        for name in ["connect", "refused", "throttled", "disconnected", "protocol"] {
            assert_eq!(self.figure(&format!("errors.{name}.share")), 0.0, "{name}: {}", self.ran.stdout);
        }
        assert!(self.figure("messages.sent") > 20.0, "{}", self.ran.stdout);
        let same = self.summary["twin"]["paired"]["share"].as_f64().expect("a share");
        assert!(same >= least, "{same} ended the same way: {}", self.ran.stdout);
    }
}
