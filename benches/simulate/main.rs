//! How fast the simulator is, against the yardstick beside it.
//!
//! - `cargo bench --bench simulate [-- rounds N]` runs, as whole processes and turn about, the yardstick, `causerie
//!   simulate` of the same queue on one thread, and on two; 5 rounds unless told otherwise. It prints the processor time
//!   of each, the ratios round by round, and their medians.
//! - `cargo bench --bench simulate -- day [DAYS]` plays days of a desk that talks message by message, and beside each as
//!   many events through the bare queue; 9 days unless told otherwise. It prints milliseconds a day, events a second, and
//!   the ratio.
//! - `cargo bench --bench simulate -- rooms [TIMES]` plays a year of a deserted room and a day of a portal of five hundred,
//!   and beside each as many events through the bare queue; 5 times unless told otherwise. It prints the same.
//! - `cargo bench --bench simulate -- yardstick [VISITORS]` runs the bare loop alone and prints what happened (so that it
//!   can be checked, and the work cannot be optimised away).

mod bare;
mod day;
mod rooms;
mod rounds;
mod yardstick;

/// The ten million visitors of the target.
const VISITORS: u64 = 10_000_000;
const ROUNDS: u32 = 5;
const DAYS: u32 = 9;
const TIMES: u32 = 5;

fn main() {
    let words: Vec<String> = std::env::args().skip(1).filter(|word| word != "--bench").collect();
    match words.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        [] => {
            compare(ROUNDS);
            day::compare(DAYS);
            rooms::compare(TIMES);
        }
        ["rounds", rounds] => rounds.parse().ok().filter(|rounds| *rounds > 0).map_or_else(usage, compare),
        ["day"] => day::compare(DAYS),
        ["day", days] => days.parse().ok().filter(|days| *days > 0).map_or_else(usage, day::compare),
        ["rooms"] => rooms::compare(TIMES),
        ["rooms", times] => times.parse().ok().filter(|times| *times > 0).map_or_else(usage, rooms::compare),
        ["yardstick"] => print_yardstick(VISITORS),
        ["yardstick", visitors] => {
            visitors.parse().ok().filter(|visitors| *visitors > 0).map_or_else(usage, print_yardstick);
        }
        _ => usage(),
    }
}

fn usage() {
    eprintln!(
        "usage: cargo bench --bench simulate [-- rounds N | day [DAYS] | rooms [TIMES] | yardstick [VISITORS]]"
    );
    std::process::exit(2);
}

fn compare(count: u32) {
    if let Err(error) = rounds::compare(count, VISITORS) {
        eprintln!("error: {error}");
        std::process::exit(1);
    }
}

/// Runs the yardstick and prints what Erlang A can be compared with: delayed .429864, abandoned .107703, mean wait
/// 32.3109 s.
fn print_yardstick(visitors: u64) {
    let totals = yardstick::play(visitors);
    let share = |count: u64| count as f64 / totals.visitors as f64;
    println!(
        "{} visitors, {:.6} delayed, {:.6} abandoned, mean wait {:.4} s",
        totals.visitors,
        share(totals.delayed),
        share(totals.abandoned),
        totals.waited_secs / totals.visitors as f64
    );
}
