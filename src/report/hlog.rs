//! `histograms.hlog`: every distribution behind a figure, in the interval log format of HdrHistogram (version
//! 1.3), which its own tools read. An interval a section: a batch of a run, or a replication, one after the
//! other.
//!
//! Values are microseconds. A tag is the name of the figures without their statistic.

use std::io::{self, Write};
use std::time::{Duration, UNIX_EPOCH};

use hdrhistogram::serialization::V2DeflateSerializer;
use hdrhistogram::serialization::interval_log::{IntervalLogWriterBuilder, IntervalLogWriterError, Tag};

use crate::metrics::histogram::Distribution;
use crate::metrics::tally::Section;
use crate::record::setting::Setting;

use super::Report;

/// Intervals at the most; more sections are put together.
const MOST: usize = 600;

/// Writes the log.
pub fn write(report: &Report, mut out: &mut dyn Write) -> io::Result<()> {
    let header = &report.record.header;
    let epoch = UNIX_EPOCH + Duration::from_millis(header.epoch_unix_ms);
    let mut serializer = V2DeflateSerializer::new();
    let mut log = IntervalLogWriterBuilder::new()
        .add_comment("[Histogram log format version 1.3]")
        .add_comment("Values are in microseconds, Interval_Max in seconds.")
        .with_start_time(epoch)
        .with_base_time(epoch)
        .with_max_value_divisor(1e6)
        .begin_log_with(&mut out, &mut serializer)?;
    let sections = &report.record.body.sections;
    for together in sections.chunks(sections.len().div_ceil(MOST).max(1)) {
        let mut sum = together[0].clone();
        together[1..].iter().for_each(|section| sum.merge(section));
        let (from, length) = when(&header.setting, together[0].index, together.len());
        for (name, times) in distributions(&header.setting, &sum) {
            if times.count > 0 {
                log.write_histogram(&times.to_hdr(), from, length, Tag::new(&name)).map_err(plain)?;
            }
        }
    }
    Ok(())
}

/// From when, and how long, `count` sections from `first` on, in scenario time: batches share one window,
/// replications follow each other.
fn when(setting: &Setting, first: u32, count: usize) -> (Duration, Duration) {
    let window = setting.length_nanos.saturating_sub(setting.warm_up_nanos);
    let section = window / u64::from(setting.batches.max(1));
    let before = if setting.batches > 1 { section } else { setting.length_nanos };
    let from = setting.warm_up_nanos.saturating_add(before.saturating_mul(u64::from(first)));
    (Duration::from_nanos(from), Duration::from_nanos(section.saturating_mul(count as u64)))
}

fn distributions(setting: &Setting, section: &Section) -> Vec<(String, Distribution)> {
    let mut all = Vec::new();
    for (desk, tally) in setting.desks.iter().zip(&section.desks) {
        let visits = tally.visits();
        let of = |figure: &str| tag(&desk.name, figure);
        all.push((of("queue_time"), visits.queue_time()));
        if desk.phone {
            all.push(("callback.wait".to_owned(), tally.callbacks.wait.clone()));
        } else {
            all.push((of("speed_of_answer"), visits.speed_of_answer));
            all.push((of("handling_time"), visits.handling_time));
            all.push((of("first_response"), visits.first_response));
            all.push((of("reply_time"), tally.reply_time.clone()));
            all.push((of("accept_time"), tally.accept_time.clone()));
            all.push((of("ghosts.slot_time"), visits.ghost_time));
        }
    }
    for (venue, tally) in setting.venues.iter().zip(&section.venues) {
        let of = |figure: &str| tag(&venue.prefix(), figure);
        all.extend([
            (of("time_to_company"), tally.time_to_company.clone()),
            (of("visit_time"), tally.visit_time.clone()),
            (of("time_to_reply"), tally.time_to_reply.clone()),
            (of("moderation.hold_time"), tally.hold_time.clone()),
            (of("moderation.review_time"), tally.review_time.clone()),
            (of("moderation.exposure_time"), tally.exposure_time.clone()),
        ]);
    }
    if let Some(traffic) = &section.traffic {
        all.extend([
            ("delivery.to_agent".to_owned(), traffic.to_agent.clone()),
            ("delivery.to_visitor".to_owned(), traffic.to_visitor.clone()),
            ("delivery.to_guest".to_owned(), traffic.to_guest.clone()),
            ("fanout".to_owned(), traffic.fanout.clone()),
            ("connect.tcp".to_owned(), traffic.connect_tcp.clone()),
            ("connect.tls".to_owned(), traffic.connect_tls.clone()),
            ("connect.upgrade".to_owned(), traffic.connect_upgrade.clone()),
            ("connect.login".to_owned(), traffic.connect_login.clone()),
            ("generator.lag".to_owned(), traffic.generator.lag.clone()),
        ]);
        let pages = setting.pages().iter().zip(&traffic.site);
        all.extend(pages.map(|(name, page)| (format!("site.{}", in_tag(name)), page.times.clone())));
    }
    all
}

fn tag(name: &str, figure: &str) -> String {
    format!("{}.{figure}", in_tag(name))
}

/// A tag holds no comma, no space and no line break: they end it.
fn in_tag(name: &str) -> String {
    name.replace(|c: char| c == ',' || c.is_whitespace() || c.is_control(), "_")
}

fn plain<E: std::fmt::Debug>(error: IntervalLogWriterError<E>) -> io::Error {
    match error {
        IntervalLogWriterError::IoError(error) => error,
        IntervalLogWriterError::SerializeError(error) => io::Error::other(format!("{error:?}")),
    }
}

#[cfg(test)]
mod tests {
    use base64::Engine as _;
    use hdrhistogram::Histogram;
    use hdrhistogram::serialization::Deserializer;
    use hdrhistogram::serialization::interval_log::{IntervalLogIterator, LogEntry};

    use super::*;
    use crate::report::sample;

    /// What HdrHistogram's own reader finds: tag, start in seconds, histogram.
    fn read(log: &[u8]) -> Vec<(String, f64, Histogram<u64>)> {
        let entry = |entry| match entry {
            LogEntry::Interval(interval) => {
                let bytes =
                    base64::engine::general_purpose::STANDARD.decode(interval.encoded_histogram()).unwrap();
                let histogram = Deserializer::new().deserialize(&mut bytes.as_slice()).unwrap();
                let tag = interval.tag().unwrap().as_str().to_owned();
                Some((tag, interval.start_timestamp().as_secs_f64(), histogram))
            }
            _ => None,
        };
        IntervalLogIterator::new(log).filter_map(|found| entry(found.unwrap())).collect()
    }

    #[test]
    fn hdrhistogram_reads_back_what_was_recorded() {
        for record in [sample::run(), sample::simulation(3)] {
            let report = Report::of(&record);
            let mut log = Vec::new();
            write(&report, &mut log).unwrap();
            let mut together = Histogram::<u64>::new(3).unwrap();
            let found = read(&log);
            for (_, _, part) in found.iter().filter(|(tag, ..)| tag == "support.queue_time") {
                together.add(part).unwrap();
            }
            let recorded = report.totals.desks[0].visits().queue_time();
            assert_eq!(together, recorded.to_hdr());
            assert!(found.windows(2).all(|pair| pair[0].1 <= pair[1].1), "in the order of time");
        }
    }

    #[test]
    fn a_hostile_name_stays_in_its_tag() {
        let mut record = sample::simulation(1);
        record.header.setting.desks[0].name = "a,b c\n#d".to_owned();
        let mut log = Vec::new();
        write(&Report::of(&record), &mut log).unwrap();
        assert!(read(&log).iter().any(|(tag, ..)| tag == "a_b_c_#d.queue_time"));
    }
}
