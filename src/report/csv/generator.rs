//! `generator.csv`: a row an interval of a run, with what was delivered and what the generator itself did.

use std::io::{self, Write};

use crate::base::time::NANOS;
use crate::report::Report;

/// The columns of `generator.csv`.
const OF_GENERATOR: &str = "from_s,to_s,delivered,lag_max_s,cpu_share,memory_bytes";

/// Writes a row an interval of scenario time; empty cells where the machine does not tell. Lag, processor and memory are of real
/// time.
pub fn write_generator(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    let timeline = &report.record.body.timeline;
    let width = timeline.width_secs();
    write!(out, "{OF_GENERATOR}\r\n")?;
    for (interval, from) in report.generator_intervals(timeline).iter().zip((0u64..).step_by(width as usize))
    {
        let memory = interval.machine.memory_max_kib * 1024;
        write!(
            out,
            "{from},{},{},{:.6},{},{}\r\n",
            from + width,
            interval.traffic.delivered,
            interval.traffic.lag_max_nanos as f64 / NANOS as f64,
            interval.machine.cpu_share().map_or(String::new(), |share| format!("{share:.4}")),
            if memory > 0 { memory.to_string() } else { String::new() },
        )?;
    }
    Ok(())
}
