use super::*;
use crate::base::figures::Command;
use crate::gates::check::judge;
use crate::record::sample;

/// The verdict on a gate about a simulation of `replications` days, of a desk that one in four leaves.
fn judged(gate: Gate, replications: u32, visits: u64) -> Verdict {
    let setting = Setting { gates: vec![gate], ..sample::setting(replications, 1) };
    let body = sample::body(&setting, visits);
    let figures = figures::figures(&setting, &body);
    judge(&setting, &body, &figures, Command::Simulate).remove(0)
}

fn gate(figure: &str, comparison: Comparison, limit: f64, scope: Scope) -> Gate {
    Gate { text: String::new(), figure: figure.to_owned(), comparison, limit, scope }
}

fn every(secs: u64) -> Scope {
    Scope::Every(Span::from_whole_secs(secs))
}

#[test]
fn a_gate_on_slices_is_judged_by_the_worst() {
    // Visits start at 100, 110, … 1090 s: 20 in the first slice, of which the warm-up took 100 s, 30 in the next two, 20 in
    // the last, which the end cuts.
    let offered = |comparison, limit| judged(gate("support.offered", comparison, limit, every(300)), 1, 100);
    let verdict = offered(Comparison::AtLeast, 10.0);
    assert_eq!((verdict.value, verdict.outcome), (Some(20.0), Outcome::Passed));
    let slice = Part::Slice { from_s: 100.0, to_s: 300.0, held: 4, slices: 4 };
    assert_eq!(verdict.part, slice);
    let verdict = offered(Comparison::Below, 25.0);
    assert_eq!((verdict.value, verdict.outcome), (Some(30.0), Outcome::Failed));
    assert!(matches!(verdict.part, Part::Slice { held: 2, slices: 4, .. }), "{:?}", verdict.part);
}

#[test]
fn counts_of_slices_are_means_over_replications() {
    let gate = gate("support.offered", Comparison::Below, 31.0, every(300));
    let verdict = judged(gate, 4, 100);
    assert_eq!((verdict.value, verdict.outcome), (Some(30.0), Outcome::Passed));
}

#[test]
fn a_slice_with_few_observations_is_uncertain() {
    let share = |replications| {
        judged(gate("support.abandoned.share", Comparison::Below, 0.9, every(100)), replications, 100)
    };
    let few = share(1);
    assert_eq!((few.outcome, few.few, few.uncertain), (Outcome::Passed, true, true));
    let enough = share(6);
    assert_eq!((enough.outcome, enough.few, enough.uncertain), (Outcome::Passed, false, false));
}

#[test]
fn wages_of_a_slice_are_those_of_its_time() {
    // Six agents at the desk and two at the phone, at 0.01 a second: 24 in 300 s, whatever was sold; the line costs 0.1 a
    // second more.
    let cost = |limit| judged(gate("cost.total", Comparison::AtLeast, limit, every(300)), 2, 0);
    assert_eq!(cost(1.0).outcome, Outcome::NotJudged { reason: NOTHING.to_owned() });
    let setting = sample::setting(2, 1);
    let slices = figures::slices(&setting, &sample::body(&setting, 0), Span::from_whole_secs(300)).unwrap();
    let costs: Vec<f64> = slices.iter().map(|slice| slice.figures["cost.total"].value.unwrap()).collect();
    let expected = [16.0, 24.0, 24.0, 16.0];
    assert!(costs.iter().zip(expected).all(|(cost, wages)| (cost - wages).abs() < 1e-9), "{costs:?}");
}

#[test]
fn a_gate_on_days_is_judged_by_the_day_that_decides() {
    // Each replication leaves one visitor more out: of 10 visits 2 or 3 leave, by the day.
    let share_left = |limit, share| {
        judged(gate("support.abandoned.share", Comparison::AtMost, limit, Scope::Days(share)), 8, 10)
    };
    let all = share_left(0.3, 1.0);
    assert_eq!((all.value, all.outcome), (Some(0.3), Outcome::Passed));
    assert_eq!(all.part, Part::Days { share: 1.0, held: 8, days: 8 });
    let half = share_left(0.2, 0.5);
    assert_eq!((half.value, half.outcome, half.uncertain), (Some(0.2), Outcome::Passed, true));
    assert!(matches!(half.part, Part::Days { held: 4, days: 8, .. }), "{:?}", half.part);
    let most = share_left(0.2, 0.6);
    assert_eq!((most.value, most.outcome), (Some(0.3), Outcome::Failed));
    assert_eq!(share_left(0.2, 0.05).value, Some(0.2));
}

#[test]
fn a_run_is_one_day_and_what_was_not_counted_by_slices_is_not_judged() {
    let setting = Setting {
        gates: vec![
            gate("support.offered", Comparison::Above, 1.0, Scope::Days(0.5)),
            gate("delivery.p95", Comparison::Below, 1.0, every(300)),
            gate("support.offered", Comparison::Above, 1.0, every(1)),
            gate("support.offered", Comparison::Above, 1.0, every(200)),
        ],
        ..sample::setting(1, 5)
    };
    let body = sample::body(&Setting { gates: setting.gates[..2].to_vec(), ..setting.clone() }, 40);
    let figures = figures::figures(&setting, &body);
    let verdicts = judge(&setting, &body, &figures, Command::Run);
    let reason = |i: usize| match &verdicts[i].outcome {
        Outcome::NotJudged { reason } => reason.clone(),
        other => panic!("{other:?}"),
    };
    assert!(reason(0).contains("one day"));
    assert_eq!(reason(1), "it is not counted by slices");
    assert_eq!(reason(2), "too many slices");
    assert_eq!(reason(3), "the record has no slices");
}
