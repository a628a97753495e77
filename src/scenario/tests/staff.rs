//! Staff, money and channels: what they resolve to, and what of them makes no sense.

use super::*;
use crate::base::dist::Law;
use crate::base::id::{DeskId, GroupId};
use crate::base::time::Moment;
use crate::scenario::gate::Scope;
use crate::scenario::plan::{AtClose, AtShiftEnd, CallPolicy, ChannelMix, GroupPlan, MannersPlan, ShiftPlan};

/// A day from nine to nine, with everything that this format can say of its staff; the tests break one line at a time.
const DAY: &str = "\
name: day
length: 12h
start: \"2026-11-28 09:00 Europe/Paris\"
money: EUR
close: {queue: dismiss, chats: finish}
support:
  channels: {chat: 65%, phone: 30%, callback: 5%}
  offer: {visitors: {profile: {\"09:00\": 1000/h, \"12:00\": 2000/h}}, take_up: 3%}
  patience: {exponential: {mean: 5m}}
  sales: {intent: 25%, chat: {conversion: 8%, basket: 74 EUR, upsell: 5%}}
  agents:
    groups:
      generalists: {concurrency: 2, skills: [general], wage: 24 EUR/h}
      voice: {channels: [phone, callback], wage: 0.5 EUR/min}
      blended: {concurrency: 2, channels: [chat, phone], call: pauses chats, reserve: 2}
    shifts:
      early: {group: generalists, count: 5, from: \"07:30\", to: \"17:00\"}
      late: {group: generalists, count: 4, from: \"13:00\", to: \"21:00\", breaks: [{at: \"17:00\", for: 45m, stagger: 90m}]}
      voice: {group: voice, count: 3, from: \"09:00\", to: \"21:00\"}
      mixed: {group: blended, count: 6, from: \"11:00\", to: \"20:00\"}
    shrinkage: 12%
    at_shift_end: hand over
    accept: 6s
    wrap_up: {lognormal: {mean: 45s, cv: 1}}
    ramp_up: 90s
phone:
  callback: {offer_after: 1m}
  toll_free: 0.06 EUR/min
gates: [\"support.abandoned.share < 5% in every 30m\", \"phone.abandoned.share < 5% on 90% of days\"]
";

fn hours(hours: f64) -> Moment {
    Moment::ZERO + Span::from_secs(hours * 3600.0)
}

fn group(plan: &plan::DeskPlan, number: usize) -> &GroupPlan {
    &plan.groups[number]
}

#[test]
fn a_day_of_staff_is_told_apart() {
    let scenario = parsed(DAY).unwrap_or_else(|problems| panic!("{problems}"));
    assert_eq!(scenario.warnings, Vec::<String>::new());
    let plan = scenario.plan;
    let [support, phone] = plan.desks.as_slice() else { panic!("{:?}", plan.desks) };
    let names = |desk: &plan::DeskPlan| -> Vec<String> {
        desk.groups.iter().map(|group| group.name.clone().unwrap_or_default()).collect()
    };
    assert_eq!(names(support), ["generalists", "blended"]);
    assert_eq!(names(phone), ["voice", "blended"]);

    let generalists = group(support, 0);
    assert_eq!((generalists.count, generalists.concurrency), (9, 2));
    // Whoever came at half past seven is there at nine.
    assert_eq!(generalists.shifts[0].from, Moment::ZERO);
    assert_eq!(generalists.shifts[0].to, hours(8.0));
    let late = &generalists.shifts[1];
    assert_eq!((late.from, late.to, late.breaks.len()), (hours(4.0), hours(12.0), 1));
    assert_eq!(late.breaks[0].at, hours(8.0));
    assert_eq!(late.breaks[0].taken_at(2, 4), hours(8.75));
    assert!((generalists.wage_per_sec * 3600.0 - 24.0).abs() < 1e-9);

    let voice = group(phone, 0);
    assert_eq!((voice.skills.join(" "), voice.count, voice.dual), ("call callback".into(), 3, None));
    assert!((voice.wage_per_sec * 3600.0 - 30.0).abs() < 1e-9);
    let duals = group(phone, 1);
    let dual = duals.dual.unwrap();
    assert_eq!((dual.desk, dual.group, dual.reserve), (DeskId(0), GroupId(1), 2));
    assert_eq!(dual.call, CallPolicy::PausesChats);
    assert_eq!((duals.count, duals.concurrency, duals.skills.join(" ")), (6, 1, "call".into()));
    assert_eq!(duals.shifts, group(support, 1).shifts);
    assert_eq!(duals.wage_per_sec, 0.0);

    assert_eq!(support.manners.shrinkage, 0.12);
    assert_eq!(support.manners.at_shift_end, AtShiftEnd::HandOver);
    assert_eq!(support.manners.ramp_up, Span::from_whole_secs(90));
    assert_eq!(support.manners.accept, Some(Law::constant(6.0)));
    assert_eq!(phone.manners, MannersPlan { shrinkage: 0.12, ..MannersPlan::plain() });
    assert_eq!(support.start, ChannelMix { chat: 0.65, phone: 0.3, callback: 0.05 });
    assert!((support.arrivals.pieces[1].from_per_sec * 3600.0 - 60.0).abs() < 1e-9);
    assert!((phone.toll_per_sec - 0.001).abs() < 1e-12);
    let sales = support.sales.as_ref().unwrap();
    assert_eq!((sales.phone.conversion, sales.phone.basket, sales.phone.upsell), (0.16, 74.0, 0.05));
    assert_eq!((plan.close, plan.money.as_deref()), (AtClose::Dismiss, Some("EUR")));
    assert_eq!(plan.gates[0].scope, Scope::Every(Span::from_whole_secs(1800)));
    assert_eq!(plan.gates[1].scope, Scope::Days(0.9));
}

/// What is replaced in [`DAY`], by what; part of what was found, part of the hint or of what was expected.
const SLIPS: &[(&str, &str, &str, &str)] = &[
    ("to: \"17:00\"", "to: \"06:30\"", "06:30", "after the shift's `from`, 07:30"),
    ("to: \"17:00\"", "to: \"07:30\"", "07:30", "after the shift's `from`"),
    ("to: \"17:00\"", "to: 8h", "8h", "both times of day"),
    ("from: \"07:30\", to: \"17:00\"", "from: 3h, to: 2h", "2h", "after the shift's `from`, 3h"),
    ("from: \"07:30\", to: \"17:00\"", "from: 13h, to: 14h", "13h", "over after 12h"),
    ("from: \"07:30\", to: \"17:00\"", "from: \"22:00\", to: \"23:00\"", "22:00", "over after 12h"),
    ("from: \"07:30\", to: \"17:00\"", "from: \"07:30\", to: \"08:30\"", "07:30", "within the scenario"),
    ("from: \"07:30\"", "from: morning", "morning", "a time of day"),
    (
        "group: generalists, count: 5",
        "group: generalist, count: 5",
        "generalist",
        "generalists, voice, blended",
    ),
    ("group: generalists, count: 5", "count: 5", "no `group`", "which group"),
    ("at: \"17:00\"", "at: \"12:00\"", "12:00", "a break within its shift"),
    ("at: \"17:00\"", "at: \"19:30\"", "19:30", "would be back 45m after the shift"),
    ("at: \"17:00\"", "at: 5h", "5h", "a time of day, as its shift"),
    (
        "stagger: 90m}",
        "stagger: 90m}, {at: \"17:30\", for: 5m, stagger: 90m}",
        "17:30",
        "the break at `17:00`",
    ),
    ("stagger: 90m}", "stagger: 90m}, {at: \"18:00\", for: 5m}", "18:00", "do not overlap"),
    ("generalists: {", "generalists: {count: 9, ", "a count beside shifts", "remove the count"),
    ("group: voice, count: 3", "group: blended, count: 3", "neither a count nor a shift", "count: 20"),
    ("shrinkage: 12%", "shrinkage: 100%", "100%", "somebody has to come"),
    ("at_shift_end: hand over", "at_shift_end: leave", "leave", "hand over"),
    ("[phone, callback]", "[phone, fax]", "fax", "callback"),
    ("[phone, callback]", "[]", "a list", "at least one channel"),
    ("channels: [chat, phone], ", "", "`call`, which does nothing", "remove it"),
    ("voice: {channels", "voice: {concurrency: 2, channels", "`2`", "one call at a time"),
    ("reserve: 2", "reserve: 6", "a reserve of 6 among 6", "some who take calls"),
    ("skills: [general]", "stretch: [1, 1.3]", "`stretch`", ""),
    ("24 EUR/h", "24 EUR", "24 EUR", "write 24 EUR/h"),
    ("24 EUR/h", "24/h", "24/h", "24 EUR/h"),
    ("24 EUR/h", "24 USD/h", "24 USD/h", "EUR"),
    ("74 EUR", "74", "74", "write 74 EUR"),
    ("money: EUR\n", "", "0.06 EUR/min", "money: EUR"),
    ("money: EUR", "money: euro", "euro", "three capital letters"),
    ("65%", "66%", "add up to 101%", "100%"),
    ("take_up: 3%", "take_up: 3", "`3`", "write 3%"),
    ("  offer: ", "  arrivals: {rate: 60/h}\n  offer: ", "both arrivals and an offer", "take-up"),
    ("callback: {offer_after: 1m}", "callback: none", "callbacks asked of", "callback: 0%"),
    ("callback: {offer_after: 1m}", "wage: 24 EUR/h", "nothing without `lines`", "remove it"),
    (
        "voice: {channels: [phone, callback]",
        "voice: {channels: [phone]",
        "callbacks that nobody",
        "callback: none",
    ),
    ("queue: dismiss", "queue: drop", "drop", "dismiss"),
    ("in every 30m", "in every 13h", "`13h` as the interval", "no longer than the scenario, 12h"),
];

#[test]
fn every_slip_of_staff_money_and_channels_is_told() {
    let mut missed = String::new();
    for (typed, instead, found, hint) in SLIPS {
        assert!(DAY.contains(typed), "{typed}");
        let text = DAY.replacen(typed, instead, 1);
        let Err(problems) = parsed(&text) else {
            missed += &format!("`{instead}` makes a plan\n");
            continue;
        };
        let told = problems.all().iter().any(|problem| {
            let advice = format!("{} {}", problem.expected, problem.hint.as_deref().unwrap_or_default());
            problem.found.contains(found) && advice.contains(hint) && problem.place.line > 0
        });
        if !told || problems.all().len() > 3 {
            missed += &format!("`{instead}`:\n{problems}\n\n");
        }
    }
    assert_eq!(missed, "");
}

#[test]
fn what_needs_a_phone_pool_is_refused_without_one() {
    let without = DAY.split("phone:\n").next().unwrap().to_owned();
    let problems = parsed(&without).unwrap_err();
    let paths: Vec<&str> = problems.all().iter().map(|problem| problem.path.as_str()).collect();
    let groups = ["voice", "blended"].map(|group| format!("support.agents.groups.{group}.channels"));
    assert_eq!(paths, ["support.channels", &groups[0], &groups[1]], "{problems}");
    let nobody = GOOD.replace("gates: []", "phone: {}");
    assert!(parsed(&nobody).unwrap_err().to_string().contains("no `lines`, and no group"));
}

/// The shifts of the one group of [`GOOD`], with this start and length and these shifts.
fn shifts(start: &str, length: &str, shifts: &str) -> Vec<ShiftPlan> {
    let text = GOOD
        .replace("length: 2h", &format!("length: {length}\nstart: \"{start} Europe/Paris\""))
        .replace("count: 8", &format!("shifts: {{one: {{count: 3, {shifts}}}}}"));
    let mut plan = parsed(&text).unwrap_or_else(|problems| panic!("{problems}")).plan;
    plan.desks.remove(0).groups.remove(0).shifts
}

fn spans(shifts: &[ShiftPlan]) -> Vec<(f64, f64)> {
    shifts.iter().map(|shift| (shift.from.secs() / 3600.0, shift.to.secs() / 3600.0)).collect()
}

#[test]
fn shifts_come_again_every_day_and_go_on_overnight() {
    let day = shifts("2026-11-28 00:00", "3d", "from: \"09:00\", to: \"17:00\"");
    assert_eq!(spans(&day), [(9.0, 17.0), (33.0, 41.0), (57.0, 65.0)]);
    // The night before the start is on until the morning.
    let night = shifts(
        "2026-11-28 00:00",
        "2d",
        "from: \"22:00\", to: \"06:00\", breaks: [{at: \"02:00\", for: 30m}]",
    );
    assert_eq!(spans(&night), [(0.0, 6.0), (22.0, 30.0), (46.0, 54.0)]);
    let breaks: Vec<f64> = night.iter().map(|shift| shift.breaks[0].at.secs() / 3600.0).collect();
    assert_eq!(breaks, [2.0, 26.0, 50.0]);
    // A short scenario may well begin in the evening.
    let short = shifts("2026-11-28 20:00", "12h", "from: \"22:00\", to: \"06:00\"");
    assert_eq!(spans(&short), [(2.0, 10.0)]);
    // A break that began before the scenario is not taken again.
    let begun = shifts(
        "2026-11-28 09:00",
        "4h",
        "from: \"07:00\", to: \"15:00\", breaks: [{at: \"08:30\", for: 1h}]",
    );
    assert_eq!((spans(&begun), begun[0].breaks.len()), (vec![(0.0, 6.0)], 0));
    // The clocks of Paris go back on 25 October 2026: nine to five is nine to five.
    let changed = shifts("2026-10-24 00:00", "2d", "from: \"09:00\", to: \"17:00\"");
    assert_eq!(spans(&changed), [(9.0, 17.0), (34.0, 42.0)]);
    let after = shifts("2026-11-28 00:00", "2d", "from: 1h, to: 3h");
    assert_eq!(spans(&after), [(1.0, 3.0)]);
}

#[test]
fn a_time_at_which_nobody_is_on_duty_is_told() {
    let warned = |shift: &str| {
        let text = GOOD.replace("count: 8", &format!("shifts: {{one: {{count: 3, {shift}}}}}"));
        parsed(&text).unwrap_or_else(|problems| panic!("{problems}")).warnings
    };
    assert_eq!(warned("from: 0h, to: 2h"), Vec::<String>::new());
    assert_eq!(warned("from: 10m, to: 2h"), ["support: nobody is on duty from 0s to 10m after the start"]);
    assert_eq!(
        warned("from: 0h, to: 3h, breaks: [{at: 1h, for: 10m}]"),
        ["support: nobody is on duty from 1h to 1h 10m after the start"]
    );
    assert_eq!(warned("from: 0h, to: 3h, breaks: [{at: 1h, for: 10m, stagger: 30m}]"), Vec::<String>::new());
}

#[test]
fn a_handling_time_leaves_agents_plain_unless_told_otherwise() {
    let plan = parsed(GOOD).unwrap().plan;
    assert_eq!(plan.desks[0].manners, MannersPlan::plain());
    assert_eq!((plan.close, plan.money), (AtClose::Serve, None));
    let none = parsed(&GOOD.replace("count: 8", "count: 8, wrap_up: none")).unwrap().plan;
    assert_eq!(none.desks[0].manners, MannersPlan::plain());
    let idle = parsed(&GOOD.replace("gates: []", "money: EUR")).unwrap_err().to_string();
    assert!(idle.contains("without a wage or a price"), "{idle}");
    assert!(parsed(&GOOD.replace("count: 8", "count: 8, at_shift_end: finish")).is_err());
}

#[test]
fn what_a_handling_time_has_no_use_for_is_refused() {
    const WORK: &str = "\
name: work
length: 12h
support:
  arrivals: {rate: 60/h}
  patience: never
  conversation: {handling_time: 6m}
  agents: {shifts: {day: {count: 9, from: 0h, to: 12h}}}
";
    assert!(parsed(WORK).is_ok());
    for (typed, instead, found) in [
        ("agents: {", "agents: {accept: 6s, ", "`accept`, which does nothing"),
        ("agents: {", "agents: {at_shift_end: hand over, ", "`at_shift_end`, which does nothing"),
        ("agents: {", "agents: {writing: 2, ", "`writing`, which does nothing"),
        ("  patience", "  service_level: {of: first_response}\n  patience", "first_response"),
    ] {
        let problems = parsed(&WORK.replacen(typed, instead, 1)).unwrap_err();
        assert!(problems.all().iter().any(|problem| problem.found.contains(found)), "{problems}");
    }
}

#[test]
fn nobody_is_absent_from_lines() {
    let both = DAY.replace("phone:\n", "phone:\n  lines: 4\n");
    let told = parsed(&both).unwrap_err().to_string();
    assert!(told.contains("a shrinkage of callers, beside the `lines`"), "{told}");
    let present = both.replace("shrinkage: 12%", "shrinkage: 0%");
    assert!(parsed(&present).is_ok());
}
