//! Rooms and portals: what they resolve to, and what of them makes no sense.

use super::*;
use crate::base::dist::Law;
use crate::base::id::DeskId;
use crate::base::time::Moment;
use crate::base::words::rooms::Role;
use crate::scenario::Beside;
use crate::scenario::defaults::Origin;
use crate::scenario::plan::rooms::{
    DeflectPlan, FilterPlan, ModerationMode, Opening, ReturnPlan, VenueKind, VenuePlan,
};
use crate::scenario::solved::Solved;

/// A room of which nothing is said but what has to be.
const BARE: &str = "\
name: bare
length: 10d
rooms:
  fans:
    arrivals: {rate: 6/h}
    stay: {exponential: {mean: 600s}}
";

/// Everything that the format can say of rooms, beside two desks; the tests break one line at a time.
const FULL: &str = "\
name: full
length: 14d
start: \"2026-11-28 00:00 Europe/Paris\"
warm_up: 1d
money: EUR
desks:
  sales: {arrivals: {rate: 6/h}, patience: never, agents: {count: 2}}
  help: {arrivals: {rate: 6/h}, patience: never, agents: {count: 2}}
rooms:
  fans:
    arrivals: {rate: 6/h, busyness: {cv: 10%}, bursts: [{at: \"18:30\", count: 9, within: 5m}]}
    open: [\"22:00-02:00\", \"18:00-20:00\"]
    shifted: 50%
    stay: {exponential: {mean: 600s}}
    alone_patience: {exponential: {mean: 120s}}
    guests: {lurkers: 80%, occasional: 15%, regular: 5%}
    talk: {occasional: 12/h, regular: 60/h}
    words: 8
    questions: {share: 20%, answered_by: 40%, after: 90s}
    harm: {share: 3%, screen: 30, reported_by: 10%, after: 15s}
    moderation: {mode: before, moderators: 2, wage: 18 EUR/h, review: 50s, filter: {catches: 90%, mistakes: 1%, then: hold}}
    returns: {met: 40%, unanswered: 10%, alone: 2%, after: 7d}
    deflects: {share: 30%, to: help}
    alive: 60%
portals:
  caramail:
    rooms: 500
    popularity: {zipf: 1.1}
    arrivals: {profile: {\"00:00\": 10/h, \"12:00\": 30/h}}
    stay: 20m
    moderation: none
gates: []
";

fn venues(text: &str) -> Vec<VenuePlan> {
    parsed(text).unwrap_or_else(|problems| panic!("{problems}")).plan.venues
}

fn near(a: f64, b: f64) -> bool {
    (a - b).abs() < 1e-9 * b.abs().max(1.0)
}

fn hour(hour: u64) -> Moment {
    Moment::ZERO + Span::from_whole_secs(3_600 * hour)
}

#[test]
fn a_room_of_which_little_is_said_has_defaults_that_say_where_they_come_from() {
    let scenario = parsed(BARE).unwrap_or_else(|problems| panic!("{problems}"));
    assert_eq!(scenario.warnings, Vec::<String>::new());
    let plan = &scenario.plan;
    assert_eq!((plan.desks.len(), plan.venues.len(), plan.phone), (0, 1, None));
    let room = &plan.venues[0];
    assert_eq!((room.name.as_str(), room.kind, room.word()), ("fans", VenueKind::Room, "room"));
    assert!(near(room.arrivals.expected(Moment::ZERO, Moment::NEVER), 1440.0));
    assert_eq!(room.stay, Law::exponential(600.0));
    assert_eq!((&room.open, &room.alone_patience, &room.returns), (&None, &None, &None));
    assert_eq!((room.deflects, room.questions.share), (None, 0.0));
    assert!(near(room.roles[Role::Lurker as usize], 0.9) && near(room.roles[Role::Regular as usize], 0.01));
    assert!(near(room.talk_per_sec[Role::Occasional as usize], 12.0 / 3_600.0));
    assert_eq!(room.talk_per_sec[Role::Lurker as usize], 0.0);
    assert_eq!(room.words, Law::lognormal(10.0, 0.75));
    assert!(near(room.harm.share, 0.024) && room.harm.screen == 25);
    assert_eq!(room.moderation.mode, ModerationMode::None { hidden_after: Some(1) });
    assert_eq!((room.moderation.moderators, room.alive), (0, 0.5));
    let origin = |path: &str| {
        let row = scenario.rows.iter().find(|row| row.path == format!("rooms.fans.{path}"));
        row.unwrap_or_else(|| panic!("no row {path}: {:#?}", scenario.rows)).origin
    };
    for path in [
        "guests.lurkers",
        "guests.occasional",
        "guests.regular",
        "talk.occasional",
        "talk.regular",
        "harm.share",
        "harm.screen",
        "harm.reported_by",
        "harm.after",
        "moderation.mode",
        "moderation.hidden_after",
        "alive",
    ] {
        assert_eq!(origin(path), Origin::Assumed, "{path}");
    }
    assert_eq!(origin("stay"), Origin::Given);
    assert!(matches!(origin("words"), Origin::Sourced(_)));
}

#[test]
fn everything_that_is_said_of_a_room_is_in_the_plan() {
    let scenario = parsed(FULL).unwrap_or_else(|problems| panic!("{problems}"));
    assert_eq!(scenario.warnings, Vec::<String>::new());
    let [room, portal] = scenario.plan.venues.as_slice() else { panic!("{:?}", scenario.plan.venues) };
    assert_eq!(room.roles, [0.8, 0.15, 0.05]);
    assert_eq!((&room.words, room.alive), (&Law::constant(8.0), 0.6));
    assert_eq!((room.questions.share, room.questions.answered_by), (0.2, 0.4));
    assert_eq!((&room.questions.after, &room.harm.after), (&Law::constant(90.0), &Law::constant(15.0)));
    assert_eq!((room.harm.share, room.harm.screen, room.harm.reported_by), (0.03, 30, 0.1));
    let moderation = &room.moderation;
    assert_eq!((moderation.mode, moderation.moderators), (ModerationMode::Before, 2));
    assert_eq!(moderation.review, Law::constant(50.0));
    assert!(near(moderation.wage_per_sec * 3_600.0, 18.0));
    assert_eq!(moderation.filter, Some(FilterPlan { catches: 0.9, mistakes: 0.01, holds: true }));
    let returns = ReturnPlan { met: 0.4, unanswered: 0.1, alone: 0.02, after: Law::constant(7.0 * 86_400.0) };
    assert_eq!(room.returns, Some(returns));
    assert_eq!(room.deflects, Some(DeflectPlan { share: 0.3, desk: DeskId(1) }));
    assert_eq!(portal.kind, VenueKind::Portal { rooms: 500, exponent: 1.1 });
    assert_eq!((portal.name.as_str(), portal.word(), portal.rooms()), ("caramail", "portal", 500));
    assert!(near(portal.arrivals.expected(hour(0), hour(24)), 480.0));
    let names: Vec<&str> = scenario.plan.populations().map(|(name, _)| name).collect();
    assert_eq!(names, ["sales", "help", "fans", "caramail"]);
    assert_eq!(scenario.plan.money.as_deref(), Some("EUR"));
}

#[test]
fn opening_hours_concentrate_the_traffic_of_every_day() {
    let room = &venues(FULL)[0];
    let open = room.open.as_deref().unwrap();
    let first = [(0, 2), (18, 20), (22, 26)].map(|(from, to)| Opening { from: hour(from), to: hour(to) });
    assert_eq!(open[..3], first);
    // 6 an hour for 6 hours, and half of what comes in the other 18; and those of the burst.
    let expected = room.arrivals.expected(hour(24), hour(48));
    assert!(near(expected, 36.0 + 0.5 * 108.0), "{expected}");
    assert!(near(room.arrivals.expected(hour(0), hour(24)), expected + 9.0));
    assert_eq!(room.arrivals.expected(hour(2), hour(18)), 0.0);
    let all = &venues(&FULL.replace("    shifted: 50%\n", ""))[0];
    assert!(near(all.arrivals.expected(hour(24), hour(48)), 144.0));
}

#[test]
fn days_without_an_opening_are_told() {
    let text = FULL.replace("length: 14d", "length: 348h");
    let scenario = parsed(&text.replace("\"22:00-02:00\", ", "")).unwrap();
    assert_eq!(
        scenario.warnings,
        ["rooms.fans.open: 72 visits are of days on which it does not open: lost"],
        "the last day has its first twelve hours"
    );
}

#[test]
fn a_word_alone_and_a_share_alone_stand_for_their_maps() {
    let one = "  support: {arrivals: {rate: 6/h}, patience: never, agents: {count: 2}}\n";
    let desk = FULL
        .replace("desks:\n", "")
        .replace(&FULL[FULL.find("  sales").unwrap()..FULL.find("rooms:").unwrap()], &one[2..]);
    let short = desk.replace("{share: 30%, to: help}", "30%");
    let long =
        desk.replace("to: help", "to: support").replace("moderation: none", "moderation: {mode: none}");
    let (short, long) = (parsed(&short).unwrap(), parsed(&long).unwrap());
    assert_eq!(short.plan.venues[0].deflects, Some(DeflectPlan { share: 0.3, desk: DeskId(0) }));
    assert_eq!(short.plan_hash(), long.plan_hash());
}

#[test]
fn moderation_has_what_its_mode_has() {
    let of = |moderation: &str| {
        let text = format!("{BARE}    moderation: {moderation}\n");
        venues(&text).remove(0).moderation
    };
    assert_eq!(of("{mode: none, hidden_after: never}").mode, ModerationMode::None { hidden_after: None });
    assert_eq!(of("{mode: none, hidden_after: 3}").mode, ModerationMode::None { hidden_after: Some(3) });
    let after = of("{mode: after, moderators: 1}");
    assert_eq!(after.mode, ModerationMode::After { reported_only: false });
    assert_eq!((after.review, after.wage_per_sec), (Law::constant(60.0), 0.0));
    let reported = of("{mode: after, reviews: reported, moderators: 1, filter: {}}");
    assert_eq!(reported.mode, ModerationMode::After { reported_only: true });
    assert_eq!(reported.filter, Some(FilterPlan { catches: 0.8, mistakes: 0.02, holds: false }));
    let held = of("{mode: none, moderators: 3, filter: {then: hold}}");
    assert_eq!((held.moderators, held.filter.map(|filter| filter.holds)), (3, Some(true)));
    assert_eq!(of("{mode: none, filter: {mistakes: 0%}}").moderators, 0);
}

/// What is replaced in [`FULL`], by what; part of what was found, part of the hint or of what was expected.
const SLIPS: &[(&str, &str, &str, &str)] = &[
    // Opening hours.
    ("[\"22:00-02:00\", \"18:00-20:00\"]", "[]", "0 of them", "left out, it is always open"),
    ("[\"22:00-02:00\", \"18:00-20:00\"]", "\"18:00-20:00\"", "18:00-20:00", "in brackets"),
    ("\"22:00-02:00\"", "\"22:00-22:00\"", "22:00-22:00", "left out, it is always open"),
    ("\"22:00-02:00\"", "\"22:00-24:00\"", "22:00-24:00", "midnight is 00:00"),
    ("\"22:00-02:00\"", "\"22-02\"", "22-02", "write times as 09:00"),
    ("\"22:00-02:00\"", "evenings", "evenings", "\"18:00-20:00\""),
    ("\"22:00-02:00\"", "\"19:00-21:00\"", "18:00-20:00", "overlap with `19:00-21:00`"),
    ("\"22:00-02:00\"", "\"22:00-18:30\"", "18:00-20:00", "overlap with `22:00-18:30`"),
    (
        "start: \"2026-11-28 00:00 Europe/Paris\"\nwarm_up: 1d",
        "start: \"2026-11-28 03:00 Europe/Paris\"\nwarm_up: 13d 23h",
        "[18:00-20:00, 22:00-02:00], when",
        "after the warm-up",
    ),
    ("at: \"18:30\"", "at: \"17:59\"", "while it is closed", "within `open`"),
    ("within: 5m", "within: 95m", "while it is closed", "within `open`"),
    ("    open: [\"22:00-02:00\", \"18:00-20:00\"]\n", "", "`shifted`, which does nothing", "remove it"),
    ("shifted: 50%", "shifted: 150%", "`150%`", "0% to 100%"),
    // Portals.
    ("rooms: 500", "rooms: 0", "`0`", "at least 1"),
    ("rooms: 500", "rooms: 100001", "`100001`", "at most 100000"),
    ("rooms: 500", "rooms: 100000", "100001 rooms", "at most 100000 in all"),
    ("    rooms: 500\n", "", "no `rooms`", "how many rooms"),
    ("zipf: 1.1", "zipf: -0.1", "`-0.1`", "from 0 to 10"),
    ("zipf: 1.1", "zipf: 11", "`11`", "from 0 to 10"),
    ("zipf: 1.1", "zpif: 1.1", "`zpif`", "did you mean `zipf`?"),
    ("caramail:", "Cara Mail:", "`Cara Mail`", "write cara_mail"),
    ("caramail:", "fans:", "`fans`, the name of something else", "taken: sales, help, fans"),
    ("  fans:", "  help:", "`help`, the name of something else", "taken: sales, help"),
    ("  fans:", "  delivery:", "`delivery`, a reserved name", "reserved: phone"),
    ("  fans:", "  fans:\n    stay: 5m\n  fans:", "`fans` a second time", "the first is on line"),
    // Guests.
    ("lurkers: 80%", "lurkers: 90%", "add up to 110%", "100%"),
    ("lurkers: 80%", "lurkers: 0.8", "`0.8`", "write 80%"),
    ("lurkers: 80%", "lurker: 80%", "unknown key `lurker`", "did you mean `lurkers`?"),
    ("occasional: 15%, regular: 5%", "occasional: 20%", "`regular`, which does nothing", "remove it"),
    ("regular: 60/h", "regular: 60", "`60`", "write 60/h"),
    ("stay: {exponential: {mean: 600s}}", "stay: 0s", "`0s`", "not always zero"),
    ("alone_patience: {exponential: {mean: 120s}}", "alone_patience: 0s", "`0s`", "not always zero"),
    ("    stay: {exponential: {mean: 600s}}\n", "", "no `stay`", "how long a guest stays"),
    ("share: 20%", "share: 0%", "`unanswered`, which does nothing without questions", "remove it"),
    (
        "share: 20%",
        "share: 0%",
        "`deflects`, which does nothing without questions",
        "questions: {share: 20%}",
    ),
    // Moderation.
    ("mode: before, moderators: 2", "mode: before", "no moderator", "nothing would ever be published"),
    (
        "mode: before, moderators: 2",
        "mode: before, moderators: 0",
        "no moderator",
        "mode: before, moderators: 1",
    ),
    ("mode: before, moderators: 2", "mode: after", "no moderator", "nothing would ever be removed"),
    ("mode: before, moderators: 2", "mode: none", "no moderator", "filter: {then: block}"),
    ("moderation: none", "moderation: before", "no moderator", "mode: before, moderators: 1"),
    ("moderation: none", "moderation: befor", "`befor`", "did you mean `before`?"),
    ("moderation: none", "moderation: {moderators: 1}", "no `mode`", "mode: none"),
    (
        "moderation: none",
        "moderation: {mode: none, moderators: 1}",
        "`moderators`, which does nothing",
        "mode: before",
    ),
    (
        "moderation: none",
        "moderation: {mode: none, wage: 18 EUR/h}",
        "`wage`, which does nothing",
        "mode: before",
    ),
    ("moderation: none", "moderation: {mode: none, hidden_after: 0}", "`0`", "at least 1"),
    (
        "moderation: none",
        "moderation: {mode: none, reviews: reported}",
        "`reviews`, which does nothing",
        "mode: after",
    ),
    ("wage: 18", "reviews: reported, wage: 18", "`reviews`, which does nothing", "mode: after"),
    ("wage: 18", "reported_only: yes, wage: 18", "unknown key `reported_only`", "reviews: reported"),
    ("wage: 18", "hidden_after: 3, wage: 18", "`hidden_after`, which does nothing", "remove it"),
    ("18 EUR/h", "18 USD/h", "18 USD/h", "the scenario's currency, EUR"),
    ("18 EUR/h", "18 EUR", "18 EUR", "write 18 EUR/h"),
    ("money: EUR\n", "", "18 EUR/h", "money: EUR"),
    ("wage: 18 EUR/h, ", "", "`money`, which does nothing", "remove it"),
    ("screen: 30", "screen: 0", "`0`", "at least 1"),
    ("then: hold", "then: drop", "`drop`", "block, hold"),
    // Desks.
    ("to: help", "to: halp", "`halp`", "did you mean `help`?"),
    ("to: help", "to: phone", "`phone`", "one of the desks: sales, help"),
    ("deflects: {share: 30%, to: help}", "deflects: 30%", "no `to`, and several desks", "to: sales"),
    // What is called otherwise in a room.
    ("    words: 8", "    patience: 5m", "unknown key `patience`", "`alone_patience`"),
    ("    words: 8", "    walk_out: 5m", "unknown key `walk_out`", "is `stay`"),
    ("    words: 8", "    agents: {count: 1}", "unknown key `agents`", "`moderation`"),
    ("    words: 8", "    rooms: 5", "unknown key `rooms`", "under `portals`"),
    (
        "rate: 6/h, busyness",
        "rate: 6/h, retry: {share: 5%, after: 5m}, busyness",
        "unknown key `retry`",
        "`returns`",
    ),
    (
        "    words: 8",
        "    alone_pateince: 5m",
        "unknown key `alone_pateince`",
        "did you mean `alone_patience`?",
    ),
    ("rooms:\n  fans", "romms:\n  fans", "unknown key `romms`", "did you mean `rooms`?"),
];

#[test]
fn every_slip_of_a_room_is_told_with_its_place_and_a_hint() {
    let mut missed = String::new();
    for (right, wrong, found, hint) in SLIPS {
        assert!(FULL.contains(right), "{right}");
        let text = FULL.replacen(right, wrong, 1);
        let problems = match parsed(&text) {
            Ok(_) => {
                missed += &format!("`{wrong}` makes a plan\n");
                continue;
            }
            Err(problems) => problems,
        };
        let told = problems.all().iter().any(|problem| {
            let advice = format!("{} {}", problem.expected, problem.hint.as_deref().unwrap_or_default());
            problem.found.contains(found) && advice.contains(hint) && problem.place.line > 0
        });
        if !told {
            missed += &format!("`{wrong}`: {problems}\n");
        }
    }
    assert_eq!(missed, "");
}

#[test]
fn hours_need_a_start_and_have_to_be_within_the_scenario() {
    let open = |head: &str| {
        let text = BARE.replace("length: 10d", head) + "    open: [\"18:00-20:00\"]\n";
        parsed(&text)
    };
    let problems = open("length: 10d").unwrap_err();
    assert!(problems.to_string().contains("hint: start:"), "{problems}");
    let problems = open("length: 5h\nstart: 2026-11-28 10:00 UTC").unwrap_err();
    assert!(problems.to_string().contains("it is over 5h after its start"), "{problems}");
    let problems = open("length: 24h\nwarm_up: 11h\nstart: 2026-11-28 10:00 UTC").unwrap_err();
    assert!(problems.to_string().contains("hours after the warm-up"), "{problems}");
    assert!(open("length: 24h\nwarm_up: 9h\nstart: 2026-11-28 10:00 UTC").is_ok());
}

#[test]
fn what_is_for_a_desk_needs_one() {
    let text = format!("{BARE}    questions: {{share: 20%}}\n    deflects: 30%\n");
    let problems = parsed(&text).unwrap_err();
    assert!(problems.to_string().contains("and no desk"), "{problems}");
    assert!(problems.to_string().contains("hint: describe one under `support`"), "{problems}");
    assert_eq!(problems.all().len(), 1, "{problems}");
    let phone = format!("{text}phone: {{lines: 2, arrivals: {{rate: 6/h}}}}\n");
    assert!(parsed(&phone).unwrap_err().to_string().contains("and no desk"));
}

#[test]
fn questions_that_nobody_answers_are_warned_of() {
    let warnings = |guests: &str, questions: &str| {
        let text = format!("{BARE}    guests: {guests}\n    questions: {questions}\n");
        parsed(&text).unwrap().warnings
    };
    let lurkers = warnings("{lurkers: 100%}", "{share: 20%}");
    assert!(lurkers.len() == 1 && lurkers[0].contains("lurkers do not answer"), "{lurkers:?}");
    let silent = warnings("{lurkers: 90%, regular: 10%}", "{share: 20%, answered_by: 0%}");
    assert!(silent.len() == 1 && silent[0].contains("nobody answers"), "{silent:?}");
    assert_eq!(warnings("{lurkers: 90%, regular: 10%}", "{share: 20%}"), Vec::<String>::new());
    assert_eq!(warnings("{lurkers: 100%}", "{share: 0%}"), Vec::<String>::new());
}

#[test]
fn somebody_has_to_come_to_some_room_or_desk() {
    let problems = parsed(&BARE.replace("6/h", "0/h")).unwrap_err();
    assert!(problems.to_string().contains("rooms.fans.arrivals: found arrivals whose rate"), "{problems}");
    let two = format!("{BARE}  other: {{arrivals: {{rate: 0/h}}, stay: 5m}}\n");
    assert_eq!(venues(&two).len(), 2);
    let none = parsed("name: x\nlength: 5d\n").unwrap_err().to_string();
    assert!(none.contains("rooms under"), "{none}");
}

#[test]
fn keys_of_rooms_can_be_given_beside_the_file() {
    let amended = |path: &str, value: &str| {
        let beside = Beside { target: None, keys: vec![(path.to_owned(), value.to_owned())] };
        let read = parse_with("x.yaml", FULL.into(), Path::new("/nowhere"), &beside, &Solved::default());
        read.unwrap_or_else(|problems| panic!("{path}: {problems}")).plan.venues
    };
    let rate = amended("rooms.fans.arrivals.rate", "12/h");
    assert!(near(rate[0].arrivals.expected(hour(24), hour(48)), 180.0));
    assert_eq!(amended("portals.caramail.rooms", "7")[1].rooms(), 7);
    let mode = amended("portals.caramail.moderation", "{mode: after, moderators: 1}");
    assert_eq!(mode[1].moderation.mode, ModerationMode::After { reported_only: false });
    let open = amended("rooms.fans.open", "[\"18:00-20:00\"]");
    assert_eq!(open[0].open.as_ref().unwrap().len(), 14);
}

#[test]
fn a_multiple_of_the_guests_comes_when_it_is_asked_for() {
    let plan = parsed(FULL).unwrap().plan.scaled(3.0).unwrap();
    let arrivals = &plan.venues[0].arrivals;
    assert!(near(arrivals.expected(hour(24), hour(48)), 3.0 * 90.0));
    assert_eq!(arrivals.bursts[0].count, 27);
}
