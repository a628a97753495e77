//! What becomes of a record that breaks off, wherever that is.

use super::{Report, html, json, markdown, terminal};
use crate::record::log::{self, ReadError};
use crate::record::{Body, Record, Twin, sample};

/// A run as short as one can be and still have something of everything.
fn short() -> Record {
    let whole = sample::record(12);
    let body = Body {
        sections: whole.body.sections[..1].to_vec(),
        slices: Vec::new(),
        timeline: whole.body.timeline.at_most(2),
        outcomes: whole.body.outcomes[..2].to_vec(),
        guests: whole.body.guests[..2].to_vec(),
        outcomes_truncated: false,
    };
    let comparison = whole.twin.expect("it has one").comparison;
    Record { body, twin: Some(Twin { body: Body::default(), comparison }), ..whole }
}

fn says_that_it_breaks_off(record: &Record) {
    let report = Report::of(record);
    let mut texts = [Vec::new(), Vec::new(), Vec::new(), Vec::new()];
    let [shown, page, table, summary] = &mut texts;
    terminal::write(&report, None, terminal::Look::default(), shown).unwrap();
    html::write(&report, page).unwrap();
    markdown::write(&report, table).unwrap();
    json::write(&report, summary).unwrap();
    let [shown, page, table, summary] = texts.map(|text| String::from_utf8(text).unwrap());
    assert!(shown.contains("INCOMPLETE\n  The record breaks off"), "{shown}");
    assert!(page.contains("<b>Incomplete.</b>"));
    assert!(table.contains("**INCOMPLETE**"), "{table}");
    assert!(summary.contains("\"complete\": false"), "{summary}");
}

#[test]
fn it_is_rendered_as_incomplete_or_refused() {
    let log = log::write(Vec::new(), &short()).unwrap();
    let header_ends = log.iter().position(|byte| *byte == b'\n').unwrap();
    let (mut before, mut rendered) = (None, 0);
    // Without its last byte, a line feed, it is whole.
    for cut in 0..log.len() - 1 {
        match log::read(&log[..cut]) {
            Err(ReadError::NoHeader) => assert!(cut <= header_ends, "cut at {cut}"),
            Err(error) => panic!("cut at {cut}: {error}"),
            // Within a line it is the same over and over.
            Ok(record) if before.as_ref() == Some(&record) => {}
            Ok(record) => {
                says_that_it_breaks_off(&record);
                before = Some(record);
                rendered += 1;
            }
        }
    }
    assert_eq!(
        rendered,
        6,
        "the header, a section, a timeline, visits, stays and a twin, in {} bytes",
        log.len()
    );
}

#[test]
fn how_far_it_goes_is_said() {
    let of = |record: &Record| Report::of(record).objections().concat();
    let mut run = Record { trailer: None, ..sample::record(12) };
    assert!(of(&run).ends_with("It covers 8m 20s of 18m 20s."), "{}", of(&run));
    run.header.setting.length_nanos = 400_000_000_000;
    assert!(of(&run).ends_with("It covers all 6m 40s in which people came."), "{}", of(&run));
    run.body = Body::default();
    assert!(of(&run).ends_with("It covers 0 s of 6m 40s."), "{}", of(&run));
    let mut simulation = Record { trailer: None, ..super::sample::simulation(4) };
    simulation.header.setting.replications = 9;
    assert!(of(&simulation).ends_with("4 replications of 9 were over."), "{}", of(&simulation));
}
