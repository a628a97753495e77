//! The processes that are measured, and what the system tells of them.

use std::io::{self, BufRead, BufReader, Read};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// Ticks a second of the times in `/proc`: USER_HZ, 100 on every architecture that Linux has today.
const TICKS_PER_SEC: f64 = 100.0;

/// A process that is killed when this is dropped.
#[derive(Debug)]
pub(crate) struct Process(Child);

impl Process {
    pub(crate) fn start(command: &mut Command) -> io::Result<Self> {
        command.spawn().map(Self)
    }

    /// Processor time used so far, user and system, in seconds: fields 14 and 15 of `/proc/PID/stat` (proc(5)).
    pub(crate) fn cpu_secs(&self) -> io::Result<f64> {
        let stat = self.told("stat")?;
        // The second field, the name in brackets, may hold anything; behind its last bracket comes the third.
        let fields = stat.rsplit(')').next().unwrap_or_default();
        let ticks: Option<Vec<u64>> =
            fields.split_whitespace().skip(14 - 3).take(2).map(|field| field.parse().ok()).collect();
        let ticks = ticks.ok_or_else(|| io::Error::other("no processor time in /proc"))?;
        Ok(ticks.iter().sum::<u64>() as f64 / TICKS_PER_SEC)
    }

    /// Resident memory, in bytes.
    pub(crate) fn resident(&self) -> io::Result<u64> {
        let status = self.told("status")?;
        let kib = status
            .lines()
            .find_map(|line| line.strip_prefix("VmRSS:"))
            .and_then(|rest| rest.trim().strip_suffix("kB")?.trim().parse::<u64>().ok());
        kib.map(|kib| kib * 1024).ok_or_else(|| io::Error::other("no resident memory in /proc"))
    }

    /// Files it has open, sockets among them.
    pub(crate) fn open_files(&self) -> io::Result<u64> {
        Ok(std::fs::read_dir(format!("/proc/{}/fd", self.0.id()))?.count() as u64)
    }

    fn told(&self, of: &str) -> io::Result<String> {
        std::fs::read_to_string(format!("/proc/{}/{of}", self.0.id()))
    }

    /// Waits until it has ended, with one of these codes, and gives which.
    pub(crate) fn end(mut self, codes: &[i32]) -> io::Result<i32> {
        let status = self.0.wait()?;
        if let Some(code) = status.code().filter(|code| codes.contains(code)) {
            return Ok(code);
        }
        let mut said = String::new();
        self.0.stderr.take().map_or(Ok(0), |mut stderr| stderr.read_to_string(&mut said))?;
        Err(io::Error::other(format!("a process ended with {status}: {said}")))
    }

    pub(crate) fn is_over(&mut self) -> io::Result<bool> {
        Ok(self.0.try_wait()?.is_some())
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // One that has ended cannot be killed.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// The server.
#[derive(Debug)]
pub(crate) struct Server {
    pub(crate) url: String,
    _process: Process,
}

impl Server {
    /// Starts it on a free port.
    pub(crate) fn start() -> io::Result<Self> {
        let mut command = Command::new(env!("CARGO_BIN_EXE_causerie"));
        command.args(["serve", "--port", "0", "--until-stdin-ends"]);
        let mut process =
            Process::start(command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null()))?;
        let stdout = process.0.stdout.take().ok_or_else(|| io::Error::other("the server has no stdout"))?;
        let mut line = String::new();
        BufReader::new(stdout).read_line(&mut line)?;
        let address = line.trim().strip_prefix("http://").and_then(|rest| rest.strip_suffix('/'));
        let address = address.ok_or_else(|| io::Error::other("the server did not start"))?;
        Ok(Self { url: format!("ws://{address}"), _process: process })
    }
}

/// `causerie run` of `scenario` against `server`, with its results in `out`.
pub(crate) fn run(scenario: &Path, server: &Server, out: &Path) -> io::Result<Process> {
    let mut command = Command::new(env!("CARGO_BIN_EXE_causerie"));
    command.arg("run").arg(scenario).args(["--target", &server.url, "--quiet", "--out"]).arg(out);
    // What it warns of is meant.
    Process::start(command.stdout(Stdio::null()).stderr(Stdio::piped()))
}

/// Looks at a process again and again until it has so many files open.
pub(crate) fn wait_for_files(
    process: &mut Process,
    least: u64,
    within: Duration,
    mut looked: impl FnMut(&Process, u64) -> io::Result<()>,
) -> io::Result<()> {
    let begun = now();
    loop {
        if process.is_over()? {
            return Err(io::Error::other("it ended before it had opened its conversations"));
        }
        let open = process.open_files()?;
        looked(process, open)?;
        if open >= least {
            return Ok(());
        }
        if begun.elapsed() > within {
            return Err(io::Error::other(format!("it has {open} files open, and was to have {least}")));
        }
        pause(Duration::from_millis(5));
    }
}

#[expect(clippy::disallowed_methods, reason = "how long things take is what is measured")]
pub(crate) fn now() -> Instant {
    Instant::now()
}

#[expect(clippy::disallowed_methods, reason = "a bench looks on from outside, and has nothing to wait for")]
pub(crate) fn pause(length: Duration) {
    std::thread::sleep(length);
}
