//! How lean and how fast the load engine is, against the yardstick beside it. The server is `causerie serve`, a process of its own,
//! on the loopback.
//!
//! - `cargo bench --bench load -- idle [CONVERSATIONS]` opens so many conversations in which nothing is said, twenty an agent, and
//!   prints what each takes of the client's memory; 18,000 unless told otherwise, for which a process must be allowed 20,000
//!   open files.
//! - `cargo bench --bench load -- messages [ROUNDS]` says 2,000 messages a second in a thousand conversations, and then 30,000 in two
//!   thousand, turn about as `causerie run` and as the yardstick, and prints messages per second of processor time, and the ratio;
//!   3 rounds unless told otherwise. The yardstick is run with the timers of `causerie run`, which wake everybody at their own instant, and with those
//!   of the runtime, which tick in milliseconds: what precision costs is the difference.
//! - `cargo bench --bench load -- saturation` raises the rate until a run is invalid, and then runs at half of the highest
//!   that was not; it prints the generator's lag at each.
//! - `cargo bench --bench load -- yardstick URL CONVERSATIONS EVERY_MS SECONDS precise|coarse` is the yardstick.

mod alarm;
mod desk;
mod idle;
mod messages;
mod process;
mod saturation;
mod yardstick;

use std::io;

const CONVERSATIONS: u64 = 18_000;
const ROUNDS: u32 = 3;

fn main() {
    let words: Vec<String> = std::env::args().skip(1).filter(|word| word != "--bench").collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let done = match words[..] {
        [] => idle::measure(CONVERSATIONS)
            .and_then(|()| messages::compare(ROUNDS))
            .and_then(|()| saturation::find()),
        ["idle"] => idle::measure(CONVERSATIONS),
        ["idle", conversations] => number(conversations).and_then(idle::measure),
        ["messages"] => messages::compare(ROUNDS),
        ["messages", rounds] => number(rounds).and_then(messages::compare),
        ["saturation"] => saturation::find(),
        ["yardstick", url, conversations, every_ms, secs, timers] => {
            yardstick(url, [conversations, every_ms, secs], timers)
        }
        _ => Err(io::Error::other(
            "usage: cargo bench --bench load [-- idle [CONVERSATIONS] | messages [ROUNDS] | saturation | \
             yardstick URL CONVERSATIONS EVERY_MS SECONDS precise|coarse]",
        )),
    };
    if let Err(error) = done {
        eprintln!("error: {error}");
        std::process::exit(1);
    }
}

fn yardstick(url: &str, [conversations, every_ms, secs]: [&str; 3], timers: &str) -> io::Result<()> {
    let (conversations, every_ms) = (number(conversations)?, number(every_ms)?);
    let desk = desk::Desk { conversations, every_ms, stays_secs: 0, late_ms: 0 };
    yardstick::play(url, desk, number(secs)?, timers.parse()?)
}

/// A number above 0.
fn number<N: std::str::FromStr + PartialEq + From<u8>>(word: &str) -> io::Result<N> {
    let number = word.parse().ok().filter(|number| *number != N::from(0));
    number.ok_or_else(|| io::Error::other(format!("`{word}` is no number above 0")))
}
