//! The `causerie` program: hands its arguments to the library and leaves with the exit code it gives.

use std::process::ExitCode;

fn main() -> ExitCode {
    causerie::cli::main()
}
