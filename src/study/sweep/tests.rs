use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};

use super::*;
use crate::record::Setting;
use crate::scenario::{Scenario, parse};

/// Erlang A, at so many agents.
fn scenario(agents: u32) -> Scenario {
    let text = format!(
        "name: small\nlength: 4h\nreplications: 20\nsupport:\n  arrivals: {{rate: 60/h}}\n  patience: {{exponential: \
         {{mean: 4m}}}}\n  conversation: {{handling_time: {{exponential: {{mean: 5m}}}}}}\n  agents: {{count: {agents}, \
         concurrency: 1}}\ngates: [\"support.abandoned.share < 15%\"]\n"
    );
    parse("small.yaml", text, Path::new(".")).unwrap()
}

fn job(cell: Option<usize>, agents: u32) -> Job {
    let scenario = scenario(agents);
    Job { cell, plan_hash: scenario.plan_hash(), plan: scenario.plan }
}

fn chosen() -> Vec<Chosen> {
    usual(&Setting::of(&scenario(5).plan, Command::Simulate).known())
}

fn played(base: u32, grid: &[u32], threads: usize) -> Vec<Cell> {
    let grid = grid.iter().enumerate().map(|(cell, agents)| job(Some(cell), *agents)).collect();
    let jobs = jobs(job(None, base), grid);
    play(&jobs, &chosen(), threads, &AtomicBool::new(false), &|| ()).unwrap()
}

#[test]
fn the_base_is_the_combination_that_is_the_scenario_or_stands_apart() {
    let cells = played(5, &[4, 5, 6], 2);
    assert_eq!(cells.iter().map(|cell| cell.cell).collect::<Vec<_>>(), [Some(0), Some(1), Some(2)]);
    assert_eq!(cells.iter().map(|cell| cell.is_base).collect::<Vec<_>>(), [false, true, false]);
    let apart = played(5, &[4, 6], 2);
    assert_eq!(apart.iter().map(|cell| cell.cell).collect::<Vec<_>>(), [None, Some(0), Some(1)]);
    assert!(apart[0].is_base && apart[0].values.iter().flatten().all(|value| value.difference.is_none()));
    assert_eq!((&apart[1].values, &apart[2].values), (&cells[0].values, &cells[2].values));
}

#[test]
fn what_comes_out_does_not_depend_on_the_threads() {
    assert_eq!(played(5, &[4, 6, 7], 1), played(5, &[4, 6, 7], 3));
}

#[test]
fn more_agents_are_clearly_better_on_common_random_numbers() {
    let chosen = chosen();
    let cells = played(6, &[4, 7], 2);
    let difference = |cell: usize, name: &str| {
        let place = chosen.iter().position(|chosen| chosen.name == name).unwrap();
        cells[cell].values[place].unwrap().difference.unwrap()
    };
    let (fewer, more) = (difference(1, "support.abandoned.share"), difference(2, "support.abandoned.share"));
    assert!(fewer.low.unwrap() > 0.0 && more.high.unwrap() < 0.0, "{fewer:?} {more:?}");
    assert_eq!((fewer.pairs, more.pairs), (20, 20));
    assert!(more.narrower().unwrap() > 1.5, "{more:?}");
    let gates: Vec<_> = cells.iter().map(Cell::overall).collect();
    assert_eq!(gates, [Some(Overall::Passed), Some(Overall::Failed), Some(Overall::Passed)], "{cells:#?}");
}

#[test]
fn once_it_is_stopped_what_is_whole_is_there_and_nothing_else() {
    let jobs = jobs(job(None, 5), vec![job(Some(0), 4), job(Some(1), 6)]);
    let (stop, over) = (AtomicBool::new(false), AtomicU32::new(0));
    let until = || {
        if over.fetch_add(1, Ordering::Relaxed) + 1 == 30 {
            stop.store(true, Ordering::Relaxed);
        }
    };
    let cells = play(&jobs, &chosen(), 1, &stop, &until).unwrap();
    assert_eq!(cells.len(), 1);
    assert!(cells[0].is_base);
}

#[test]
fn figures_are_of_the_scenario_and_of_a_simulation() {
    let known = Setting::of(&scenario(5).plan, Command::Simulate).known();
    assert!(Chosen::of("support.queue_time.p95", &known).is_ok());
    let slip = Chosen::of("support.abandonned.share", &known).unwrap_err();
    assert_eq!(slip.hint.as_deref(), Some("did you mean `support.abandoned.share`?"));
    assert!(Chosen::of("delivery.p95", &known).unwrap_err().what.contains("a figure of a run alone"));
    assert!(chosen().len() >= 4);
}
