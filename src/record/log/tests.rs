use super::*;
use proptest::prelude::*;

use crate::record::figures::figures;
use crate::record::sample;

fn written(record: &Record) -> Vec<u8> {
    write(Vec::new(), record).unwrap()
}

/// The log with line `number` (from 1) replaced.
fn with_line(log: &[u8], number: usize, line: &str) -> Vec<u8> {
    let text = std::str::from_utf8(log).unwrap();
    let lines = text.lines().enumerate().map(|(i, old)| if i + 1 == number { line } else { old });
    lines.flat_map(|line| [line, "\n"]).collect::<String>().into_bytes()
}

#[test]
fn what_is_written_is_read() {
    let record = sample::record(50);
    assert_eq!(read(written(&record).as_slice()).unwrap(), record);
}

#[test]
fn parts_written_as_they_come_are_one_body() {
    let whole = sample::record(50);
    let mut writer = Writer::new(Vec::new(), &whole.header).unwrap();
    let mut expected = Body::default();
    for body in [&whole.body, &whole.twin.as_ref().unwrap().body] {
        writer.delta(&body.sections, &body.timeline).unwrap();
        writer.slices(&body.slices).unwrap();
        writer.outcomes(&body.outcomes).unwrap();
        expected.add_delta(&body.sections, &body.timeline);
        expected.add_slices(&body.slices);
        expected.add_outcomes(&body.outcomes);
    }
    writer.finish(&Trailer::default()).unwrap();
    let record = read(writer.out.as_slice()).unwrap();
    assert_eq!(record.body, expected);
    assert!(record.twin.is_none() && record.is_complete());
}

#[test]
fn a_log_cut_anywhere_reads_as_far_as_it_goes() {
    // Small: the log is read once a byte.
    let record = Record { body: Body::default(), ..sample::record(2) };
    let log = written(&record);
    let header_ends = log.iter().position(|byte| *byte == b'\n').unwrap();
    // Without its last byte, a line feed, the trailer is there in full.
    for cut in 0..log.len() - 1 {
        match read(&log[..cut]) {
            Err(ReadError::NoHeader) => assert!(cut <= header_ends, "cut at {cut}"),
            Ok(partial) => {
                assert!(cut > header_ends && !partial.is_complete(), "cut at {cut}");
                assert_eq!(partial.header, record.header);
                assert!(partial.twin.is_none() || cut > log.len() / 2, "cut at {cut}");
            }
            Err(error) => panic!("cut at {cut}: {error}"),
        }
    }
    assert!(read(&log[..log.len() - 1]).unwrap().is_complete());
}

#[test]
fn garbage_is_an_error_that_names_its_line() {
    let log = written(&sample::record(12));
    let problem = |line: &str| match read(with_line(&log, 3, line).as_slice()) {
        Err(ReadError::Line { line: 3, problem }) => problem,
        other => panic!("{line}: {other:?}"),
    };
    problem("{\"section\":");
    problem("[1, 2, 3]");
    problem("{\"unheard_of\": 1}");
    assert!(problem("{\"outcomes\":[[9,0,0,0,0,0,0,0,null,null,0,0,null,0]]}").contains("no desk"));
    assert!(problem("{\"outcomes\":[[0,0,0,0,0,0,0,0,null,null,0,99,null,0]]}").contains("ending"));
    assert!(problem("{\"outcomes\":[[0,0,0,0,0,999,0,0,null,null,0,0,null,0]]}").contains("channel"));
    assert!(problem("{\"outcomes\":[[0,0,0,0,0,0,0,0,null,null,0,0,null,9]]}").contains("sale"));
    // No gate asks for slices of a second, and none of 300 s is so late.
    assert!(problem("{\"slices\":{\"width_nanos\":1000000000,\"sections\":[]}}").contains("do not fit"));
    let late = "{\"slices\":{\"width_nanos\":300000000000,\"sections\":[{\"index\":600,\"desks\":[]}]}}";
    assert!(problem(late).contains("do not fit"));
    assert!(problem("{\"section\":{\"index\":0,\"desks\":[]}}").contains("does not fit"));
    assert!(
        problem("{\"timeline\":{\"width_log2\":99,\"desks\":[],\"traffic\":[0,[]]}}")
            .contains("does not fit")
    );
    let trailer = "{\"trailer\":{\"ended_unix_ms\":0,\"interrupted\":false,\"invalid\":[]}}";
    assert!(matches!(read(with_line(&log, 3, trailer).as_slice()), Err(ReadError::Line { line: 4, .. })));
}

#[test]
fn what_is_no_record_is_told_from_a_record_of_another_version() {
    let log = written(&sample::record(12));
    assert!(matches!(read(&b"hello\n"[..]), Err(ReadError::NoHeader)));
    assert!(matches!(read(&b""[..]), Err(ReadError::NoHeader)));
    for found in [FORMAT - 1, FORMAT + 1] {
        let other = format!("{{\"header\":{{\"format\":{found}}}}}");
        let read = read(with_line(&log, 1, &other).as_slice());
        assert!(matches!(read, Err(ReadError::Version { found: is }) if is == found));
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(100))]

    /// A byte changed here and there, mostly in numbers: whatever is read after all can be computed with.
    #[test]
    fn a_spoilt_log_is_refused_or_read_but_never_breaks_anything(
        spoilt in prop::collection::vec((any::<prop::sample::Index>(), prop::sample::select(&b"0123456789,[]\"-"[..])), 1..6),
        doubled in any::<prop::sample::Index>(),
    ) {
        let mut log = written(&sample::record(6));
        for (place, byte) in spoilt {
            let place = place.index(log.len());
            log[place] = byte;
        }
        // A line more than once, as often as a log in parts would have it.
        let lines: Vec<&[u8]> = log.split_inclusive(|byte| *byte == b'\n').collect();
        let again = 1 + doubled.index(lines.len() - 2);
        let log: Vec<u8> = [&lines[..again], &[lines[again]; 20][..], &lines[again..]].concat().concat();
        if let Ok(record) = read(log.as_slice()) {
            let _ = figures(&record.header.setting, &record.body);
        }
    }
}
