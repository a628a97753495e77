//! Floor 8: the command line. One file a command; data on stdout, everything else on stderr; documented exit codes.

mod args;
mod check;
#[cfg(feature = "live")]
mod child;
mod compare;
mod dialect;
mod exit;
#[cfg(feature = "live")]
mod files;
mod head;
mod log;
mod out;
mod plan;
mod progress;
mod report;
#[cfg(feature = "live")]
mod run;
#[cfg(feature = "live")]
mod runtime;
mod schema;
#[cfg(feature = "live")]
mod serve;
mod signals;
mod simulate;
mod source;
mod stamp;
mod sweep;
#[cfg(feature = "site")]
mod visit;
#[cfg(feature = "site")]
mod visitors;

use std::process::ExitCode;

use clap::Parser;

use args::{Args, Command};
use exit::{Exit, Failure};

/// Parses the arguments, does what they say, and gives the exit code. What went wrong is on stderr by then.
#[must_use]
pub fn main() -> ExitCode {
    let args = match Args::try_parse() {
        Ok(args) => args,
        Err(error) => {
            // Help and version are asked for; everything else is bad usage. A closed stdout is nobody's fault.
            let _ = error.print();
            return if error.use_stderr() { Exit::Usage.into() } else { Exit::Well.into() };
        }
    };
    #[cfg(unix)]
    signals::outlive_file_limit();
    match command(&args.command) {
        Ok(exit) => exit.into(),
        Err(failure) => {
            out::say(&failure.to_string());
            failure.exit.into()
        }
    }
}

fn command(command: &Command) -> Result<Exit, Failure> {
    match command {
        #[cfg(feature = "live")]
        Command::Run(args) => run::run(args),
        #[cfg(feature = "live")]
        Command::Serve(args) => serve::serve(args),
        Command::Simulate(args) => simulate::simulate(args),
        Command::Sweep(args) => sweep::sweep(args),
        Command::Plan(args) => plan::plan(args),
        Command::Check(args) => check::check(args),
        Command::Dialect(command) => dialect::dialect(command),
        Command::Compare(args) => compare::compare(args),
        Command::Report(args) => report::report(args),
        Command::Schema => schema::schema(),
        #[cfg(feature = "site")]
        Command::Visit(args) => visit::visit(args),
    }
}
