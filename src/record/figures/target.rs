//! The figures of what the target said of itself, over the whole run: one target, and no interval.

use super::sheet::Sheet;
use crate::base::figures::Unit;
use crate::metrics::timeline::TargetInterval;

pub(super) fn target(sheet: &mut Sheet, told: &[TargetInterval]) {
    let all = told.iter().fold(TargetInterval::default(), |sum, interval| sum.with(*interval));
    let memory = (all.memory_max_kib > 0).then_some(all.memory_max_kib as f64 * 1024.0);
    sheet.one("target.cpu.cores", Unit::Number, all.cpu());
    sheet.one("target.memory.max", Unit::Bytes, memory);
    sheet.one("target.queue.mean", Unit::Number, all.queue());
    sheet.one("target.queue.max", Unit::Number, all.queue().map(|_| all.queue_max as f64));
}
