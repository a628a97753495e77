//! How fast the simulator is, against the yardstick beside it.
//!
//! `cargo bench --bench simulate -- yardstick [VISITORS]` runs the bare loop alone, as a whole process, and prints
//! what happened (so that it can be checked, and the work cannot be optimised away).

mod yardstick;

const VISITORS: u64 = 10_000_000;

fn main() {
    let words: Vec<String> = std::env::args().skip(1).filter(|word| word != "--bench").collect();
    let visitors = match words.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["yardstick"] => Some(VISITORS),
        ["yardstick", visitors] => visitors.parse().ok(),
        _ => None,
    };
    let Some(visitors) = visitors.filter(|visitors| *visitors > 0) else {
        eprintln!("usage: cargo bench --bench simulate -- yardstick [VISITORS]");
        std::process::exit(2);
    };
    print_yardstick(visitors);
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
