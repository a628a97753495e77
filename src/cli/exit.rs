//! Exit codes, and what is said before leaving with one.

use std::fmt;
use std::process::ExitCode;

use crate::gates::check::Overall;
use crate::record::Trailer;
use crate::scenario::problem::wrapped;

/// Why the program ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Exit {
    /// All well.
    Well,
    /// A gate failed, or a comparison is for the worse.
    GateFailed,
    /// Bad usage or a bad scenario.
    Usage,
    /// The run is invalid, or no gate could be judged.
    Invalid,
    /// The target could not be reached or refused us.
    #[cfg(feature = "live")]
    Target,
    /// Somebody stopped it.
    Interrupted,
}

impl Exit {
    /// The number that the shell sees.
    pub(super) const fn code(self) -> u8 {
        match self {
            Self::Well => 0,
            Self::GateFailed => 1,
            Self::Usage => 2,
            Self::Invalid => 3,
            #[cfg(feature = "live")]
            Self::Target => 4,
            Self::Interrupted => 130,
        }
    }

    /// What a record that was written to its end comes to. Interrupted outweighs invalid: who stopped it knows why.
    pub(super) fn of(trailer: &Trailer, gates: Overall) -> Self {
        match gates {
            _ if trailer.interrupted => Self::Interrupted,
            _ if !trailer.invalid.is_empty() => Self::Invalid,
            Overall::Failed => Self::GateFailed,
            Overall::Invalid => Self::Invalid,
            Overall::Passed => Self::Well,
        }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit.code())
    }
}

/// Something went wrong: what, what to do about it, and how to leave.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Failure {
    pub(super) exit: Exit,
    /// As printed, with its last newline.
    text: String,
}

impl Failure {
    /// A failure in one sentence, with a hint where there is one.
    pub(super) fn new(exit: Exit, what: impl fmt::Display, hint: Option<&str>) -> Self {
        let hint = hint.map(|hint| wrapped("hint: ", hint)).unwrap_or_default();
        Self { exit, text: wrapped("error: ", &what.to_string()) + &hint }
    }

    /// A failure that is written out already.
    pub(super) fn rendered(exit: Exit, text: String) -> Self {
        Self { exit, text }
    }
}

/// The threads to simulate on are not to be had.
pub(super) fn no_threads(error: &dyn fmt::Display) -> Failure {
    Failure::new(Exit::Usage, format!("no threads can be started: {error}"), None)
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}
