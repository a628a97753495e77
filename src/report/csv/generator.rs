//! `generator.csv`: a row an interval of a run, with what was delivered, what the generator itself did, what the target told and how
//! the pages of the site came.

use std::io::{self, Write};

use crate::base::time::NANOS;
use crate::report::Report;

/// The columns of `generator.csv`.
const OF_GENERATOR: &str = "from_s,to_s,delivered,lag_max_s,cpu_share,memory_bytes,target_cores,\
                            target_memory_bytes,target_queue,site_requests,site_errors,site_mean_s,site_max_s";

/// Writes a row an interval of scenario time; empty cells where machine or target do not tell. Lag, processor and memory are of real
/// time.
pub fn write_generator(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    let timeline = &report.record.body.timeline;
    let width = timeline.width_secs();
    write!(out, "{OF_GENERATOR}\r\n")?;
    for (interval, from) in report.generator_intervals(timeline).iter().zip((0u64..).step_by(width as usize))
    {
        let memory = |kib: u64| if kib > 0 { (kib * 1024).to_string() } else { String::new() };
        let rounded = |value: Option<f64>| value.map_or(String::new(), |value| format!("{value:.4}"));
        write!(
            out,
            "{from},{},{},{:.6},{},{},{},{},{},{},{},{},{:.6}\r\n",
            from + width,
            interval.traffic.delivered,
            interval.traffic.lag_max_nanos as f64 / NANOS as f64,
            rounded(interval.machine.cpu_share()),
            memory(interval.machine.memory_max_kib),
            rounded(interval.target.cpu()),
            memory(interval.target.memory_max_kib),
            rounded(interval.target.queue()),
            interval.site.requests,
            interval.site.errors,
            interval.site.mean_secs().map_or(String::new(), |mean| format!("{mean:.6}")),
            interval.site.took_max_nanos as f64 / NANOS as f64,
        )?;
    }
    Ok(())
}
