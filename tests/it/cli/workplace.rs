//! Where the program is run: an empty directory, with what it prints kept apart from what it leaves behind.

use std::cell::Cell;
use std::ffi::OsStr;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::Duration;

use tempfile::TempDir;

/// No command of these tests takes longer: one that does hangs.
const LONGEST: Duration = Duration::from_secs(40);
/// How often is looked whether what is waited for has happened.
const BETWEEN_LOOKS: Duration = Duration::from_millis(10);

/// An empty directory to run the program in.
pub(super) struct Workplace {
    dir: TempDir,
    /// What is printed goes here: the directory itself shows what was left behind.
    printed: TempDir,
    started: Cell<u32>,
}

impl Workplace {
    pub(super) fn new() -> Self {
        let empty = || tempfile::tempdir().expect("a temporary directory");
        Self { dir: empty(), printed: empty(), started: Cell::new(0) }
    }

    /// With this scenario in it.
    pub(super) fn with(scenario: &str) -> Self {
        let place = Self::new();
        place.write("tiny.yaml", scenario);
        place
    }

    pub(super) fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    pub(super) fn write(&self, name: &str, text: impl AsRef<[u8]>) {
        fs::write(self.path(name), text).expect("a file in the temporary directory");
    }

    pub(super) fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
    }

    /// Everything in the directory, however deep, sorted.
    pub(super) fn contents(&self) -> Vec<String> {
        let mut found = Vec::new();
        let mut to_see = vec![self.dir.path().to_owned()];
        while let Some(folder) = to_see.pop() {
            for entry in fs::read_dir(folder).expect("a directory") {
                let path = entry.expect("an entry").path();
                let name = path.strip_prefix(self.dir.path()).expect("a path in it");
                found.push(name.to_string_lossy().into_owned());
                if path.is_dir() {
                    to_see.push(path);
                }
            }
        }
        found.sort();
        found
    }

    /// Runs the program to its end.
    pub(super) fn run(&self, args: &[&str]) -> Ran {
        self.start(args).end()
    }

    /// Runs the program to its end; it has to be well.
    pub(super) fn well(&self, args: &[&str]) -> Ran {
        let ran = self.run(args);
        assert_eq!(ran.code, Some(0), "{args:?}: {ran:#?}");
        ran
    }

    /// Starts the program.
    pub(super) fn start(&self, args: &[&str]) -> Running {
        self.start_with(args, |_| ())
    }

    /// Runs another program, which runs ours, to its end.
    #[cfg(unix)]
    pub(super) fn run_by(&self, program: &str, args: &[&str]) -> Ran {
        self.start_program(program, args, |_| ()).end()
    }

    /// Starts the program, `otherwise` than usual.
    pub(super) fn start_with(&self, args: &[&str], otherwise: impl FnOnce(&mut Command)) -> Running {
        self.start_program(env!("CARGO_BIN_EXE_causerie"), args, otherwise)
    }

    fn start_program(&self, program: &str, args: &[&str], otherwise: impl FnOnce(&mut Command)) -> Running {
        let number = self.started.replace(self.started.get() + 1);
        let kept = |what: &str| self.printed.path().join(format!("{number}.{what}"));
        let (stdout, stderr) = (kept("stdout"), kept("stderr"));
        let file = |path: &Path| File::create(path).expect("a file in the temporary directory");
        let mut command = Command::new(program);
        command.args(args.iter().map(OsStr::new)).current_dir(self.dir.path()).env("COLUMNS", "80");
        command.stdin(Stdio::null()).stdout(file(&stdout)).stderr(file(&stderr));
        otherwise(&mut command);
        Running { child: command.spawn().expect("the program"), stdout, stderr }
    }
}

/// The program, while it runs. It is ended when this is dropped.
pub(super) struct Running {
    pub(super) child: Child,
    stdout: PathBuf,
    stderr: PathBuf,
}

impl Running {
    /// What it has printed so far.
    pub(super) fn stdout(&self) -> String {
        fs::read_to_string(&self.stdout).expect("what was printed is text")
    }

    /// What it has said on stderr so far.
    pub(super) fn stderr(&self) -> String {
        fs::read_to_string(&self.stderr).expect("what was said is text")
    }

    /// Waits until it has printed a line, and gives that.
    #[cfg(feature = "live")]
    pub(super) fn first_line(&self) -> String {
        until("a line on stdout", || self.stdout().split_once('\n').map(|(line, _)| line.to_owned()))
    }

    /// Sends it a signal: `INT`, `TERM`, `KILL`.
    #[cfg(unix)]
    pub(super) fn signal(&self, name: &str) {
        let sent = Command::new("kill").args([format!("-{name}"), self.child.id().to_string()]).status();
        assert!(sent.expect("kill").success(), "{name}");
    }

    /// The processes that it has started and that are there.
    #[cfg(all(target_os = "linux", feature = "live"))]
    pub(super) fn children(&self) -> Vec<u32> {
        let parent_of = |pid: u32| stat(pid)?.1.parse::<u32>().ok();
        let all = fs::read_dir("/proc")
            .expect("the processes")
            .filter_map(|entry| entry.ok()?.file_name().to_str()?.parse().ok());
        all.filter(|pid| parent_of(*pid) == Some(self.child.id())).collect()
    }

    /// Waits for its end.
    pub(super) fn end(mut self) -> Ran {
        let status: ExitStatus = until("the end of the program", || self.child.try_wait().expect("a child"));
        Ran { code: status.code(), stdout: self.stdout(), stderr: self.stderr() }
    }
}

/// The state of a process and its parent, as proc(5) has them; its name may hold anything.
#[cfg(all(target_os = "linux", feature = "live"))]
fn stat(pid: u32) -> Option<(String, String)> {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    let mut fields = stat.rsplit_once(')')?.1.split_ascii_whitespace().map(str::to_owned);
    Some((fields.next()?, fields.next()?))
}

/// Whether that process is over. One of which only its name is left is.
#[cfg(all(target_os = "linux", feature = "live"))]
pub(super) fn is_over(pid: u32) -> bool {
    stat(pid).is_none_or(|(state, _)| state == "Z")
}

impl Drop for Running {
    fn drop(&mut self) {
        // Most have ended by themselves.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// How the program ended.
#[derive(Debug)]
pub(super) struct Ran {
    /// `None` when a signal ended it.
    pub(super) code: Option<i32>,
    pub(super) stdout: String,
    pub(super) stderr: String,
}

impl Ran {
    /// It ended with this code and an explanation: nothing on stdout, and on stderr something that fits a terminal and in
    /// which every one of `says` is found, wherever the lines break.
    #[track_caller]
    pub(super) fn refused(&self, code: i32, says: &[&str]) {
        assert_eq!(self.code, Some(code), "{self:#?}");
        assert_eq!(self.stdout, "", "nothing belongs on stdout");
        assert!(self.stderr.starts_with("error: "), "{}", self.stderr);
        assert!(self.stderr.ends_with('\n') && !self.stderr.contains("panicked"), "{}", self.stderr);
        fits(&self.stderr);
        let flowing = self.stderr.split_whitespace().collect::<Vec<_>>().join(" ");
        for part in says {
            assert!(flowing.contains(part), "no `{part}` in:\n{}", self.stderr);
        }
    }
}

/// No line is wider than a terminal.
#[track_caller]
pub(super) fn fits(text: &str) {
    let wide = text.lines().find(|line| line.chars().count() > 80);
    assert_eq!(wide, None, "in:\n{text}");
}

/// Waits until there is `something`.
#[track_caller]
#[allow(clippy::disallowed_methods, reason = "another process is waited for, in real time")]
pub(super) fn until<T>(what: &str, mut something: impl FnMut() -> Option<T>) -> T {
    for _ in 0..LONGEST.as_millis() / BETWEEN_LOOKS.as_millis() {
        if let Some(there) = something() {
            return there;
        }
        std::thread::sleep(BETWEEN_LOOKS);
    }
    panic!("{what} did not come within {LONGEST:?}");
}
