//! What the terminal and the page say of a venue: the same sentences, and tables of the same rows.

use crate::base::figures::Unit;
use crate::report::number;
use crate::scenario::plan::rooms::VenueKind;
use crate::study::plan::{
    Count, Critical, Crossing, Hours, Mass, Moderators, Needed, Outlook, Point, PortalKept, Share,
    Unmoderated, Wanted,
};

/// A part of the plan of a venue.
pub(in crate::report) struct Section {
    pub(in crate::report) title: &'static str,
    pub(in crate::report) said: Vec<String>,
    /// What the table is of.
    pub(in crate::report) caption: &'static str,
    pub(in crate::report) heads: Vec<String>,
    /// Each as long as the heads.
    pub(in crate::report) rows: Vec<Vec<String>>,
}

/// `room fans`, `portal exchange (500 rooms)`.
pub(in crate::report) fn title(outlook: &Outlook) -> String {
    let name = number::plain(&outlook.name);
    match outlook.kind {
        VenueKind::Room => format!("room {name}"),
        VenueKind::Portal { rooms, .. } => format!("portal {name} ({})", number::of(rooms.into(), "room")),
    }
}

/// Every part of the plan of a venue. `currency` is that of its wages.
pub(in crate::report) fn sections(outlook: &Outlook, wanted: Wanted, currency: Option<&str>) -> Vec<Section> {
    let mut all = vec![mass(outlook), rooms(&outlook.mass)];
    all.extend(outlook.hours.as_ref().map(hours));
    all.push(moderators(&outlook.moderators, wanted, currency));
    all
}

/// A rate as a person counts visits, without its unit: by the hour.
pub(in crate::report) fn hourly(per_sec: f64) -> String {
    number::number(per_sec * 3600.0)
}

fn visits(per_sec: f64) -> String {
    format!("{} visits/h", hourly(per_sec))
}

/// ` (95 %: 17.1 to 17.6)`; an end that is not known is left open.
fn range(low: Option<String>, high: Option<String>) -> String {
    match (low, high) {
        (None, None) => String::new(),
        (Some(low), Some(high)) if low == high => String::new(),
        (Some(low), Some(high)) => format!(" (95 %: {low} to {high})"),
        (Some(low), None) => format!(" (95 %: at least {low})"),
        (None, Some(high)) => format!(" (95 %: at most {high})"),
    }
}

fn interval(share: Share) -> String {
    number::interval(share.low, share.high, Unit::Share).unwrap_or_default()
}

fn heads(all: &[&str]) -> Vec<String> {
    all.iter().map(|head| (*head).to_owned()).collect()
}

fn mass(outlook: &Outlook) -> Section {
    let mass = &outlook.mass;
    let today = visits(mass.today_per_sec);
    let met = number::share(mass.met_today.value);
    let interval_today = interval(mass.met_today);
    let whose = match outlook.kind {
        VenueKind::Room => format!("Today's {today} let {met} of them meet somebody"),
        VenueKind::Portal { .. } => {
            format!(
                "One of its rooms has {today} today on average, which would let {met} of them meet somebody"
            )
        }
    };
    let mut said = vec![match interval_today.is_empty() {
        true => format!("{whose}."),
        false => format!("{whose} (95 %: {interval_today})."),
    }];
    said.push(critical("", &mass.critical, mass.today_per_sec));
    if mass.alive.share != mass.critical.share {
        said.push(critical("A room is alive where ", &mass.alive, mass.today_per_sec));
    }
    if let Err(why) = &mass.formula {
        said.push(format!("No formula holds: {}.", why.join(", ")));
    }
    Section {
        title: "critical mass",
        said,
        caption: "By traffic",
        heads: heads(&["times today", "visits/h", "meet somebody", "95 % interval", "by formula", ""]),
        rows: mass.curve.iter().filter_map(|point| traffic(mass, point)).collect(),
    }
}

/// The row of a point of the coarse grid.
fn traffic(mass: &Mass, point: &Point) -> Option<Vec<String>> {
    let times = point.at / mass.today_per_sec;
    if !is_power_of_two(times) {
        return None;
    }
    let times =
        if times < 0.75 { format!("1/{}", number::number(times.recip())) } else { number::number(times) };
    Some(vec![
        times,
        hourly(point.at),
        number::share(point.met.value),
        interval(point.met),
        point.formula.map(number::share).unwrap_or_default(),
        if point.at == mass.today_per_sec { "today".to_owned() } else { String::new() },
    ])
}

/// Where a share is reached, in a sentence.
fn critical(lead: &str, critical: &Critical, today_per_sec: f64) -> String {
    let share = number::share(critical.share);
    let times = |per_sec: f64| number::number(per_sec / today_per_sec);
    match critical.simulated {
        Crossing::At { value, low, high } => {
            let formula =
                critical.formula.map_or(String::new(), |rate| format!(", by formula {}", hourly(rate)));
            format!(
                "{lead}{share} meet somebody: from {}{} on{formula}, {} times today's.",
                visits(value),
                range(low.map(hourly), high.map(hourly)),
                times(value)
            )
        }
        Crossing::Before(least) => {
            format!(
                "{lead}{share} meet somebody: even at 1/{} of today's.",
                number::number((today_per_sec / least).round())
            )
        }
        Crossing::Beyond(most) => {
            let formula = critical
                .formula
                .map_or(String::new(), |rate| format!(" By formula: from {} on.", visits(rate)));
            format!(
                "{lead}{share} meet somebody: not within {} times today's ({}).{formula}",
                times(most),
                visits(most)
            )
        }
    }
}

/// `5 rooms (95 %: 4 to 5)`.
fn count(count: &Count) -> String {
    let more = if count.or_more { "at least " } else { "" };
    let ends = range(count.low.map(number::count), count.high.map(number::count));
    format!("{more}{}{ends}", number::of(count.value, "room"))
}

fn rooms(mass: &Mass) -> Section {
    let share = number::share(mass.alive.share);
    let mut said = Vec::new();
    if let Some(portal) = &mass.kept.portal {
        said.extend(of_portal(portal));
    }
    said.push(format!(
        "Split evenly, today's visits keep {} alive: in each {share} of its visits meet somebody.",
        count(&mass.kept.evenly)
    ));
    let whole_per_sec =
        mass.today_per_sec * mass.kept.portal.as_ref().map_or(1.0, |portal| portal.rooms.into());
    let row = |(ways, met): &(u64, Share)| {
        let alive = if met.value >= mass.alive.share { "alive" } else { "not alive" };
        vec![
            number::count(*ways),
            hourly(whole_per_sec / *ways as f64),
            number::share(met.value),
            interval(*met),
            alive.to_owned(),
        ]
    };
    Section {
        title: "rooms",
        said,
        caption: "Today's visits, split evenly",
        heads: heads(&["rooms", "visits/h each", "meet somebody", "95 % interval", ""]),
        rows: mass.kept.split.iter().map(row).collect(),
    }
}

fn of_portal(portal: &PortalKept) -> [String; 2] {
    let rooms = number::of(portal.rooms.into(), "room");
    [
        format!(
            "Of its {rooms}, from {} in the least popular to {} in the most, the visits suffice in {}; played together, {} \
             were alive.",
            visits(portal.least_per_sec),
            visits(portal.most_per_sec),
            count(&portal.alive),
            number::count(portal.alive_simulated.into())
        ),
        format!("As popular as they are, all would be alive if there were {}.", count(&portal.most)),
    ]
}

/// A length of the opening hours.
fn open(hours: f64) -> String {
    number::bound((hours * 60.0).round() * 60.0)
}

fn hours(hours: &Result<Hours, &'static str>) -> Section {
    let heads = heads(&["open a day", "visits/h then", "meet somebody", "95 % interval", ""]);
    let (title, caption) = ("opening hours", "Today's visits, all within so long");
    let hours = match hours {
        Ok(hours) => hours,
        Err(why) => {
            let said = vec![format!("No opening hours can be planned: {why}.")];
            return Section { title, said, caption, heads, rows: Vec::new() };
        }
    };
    let share = number::share(hours.share);
    let visits = number::of(hours.visits_a_day.round() as u64, "visit");
    let longest = match hours.longest {
        Crossing::At { value, low, high } => {
            format!("when all come within {}{}", open(value), range(low.map(open), high.map(open)))
        }
        Crossing::Before(_) => "even around the clock".to_owned(),
        Crossing::Beyond(least) => format!("not even when all come within {}", open(least)),
    };
    let said = vec![
        format!("Of the {visits} of a day {share} meet somebody {longest}."),
        if hours.today >= 23.99 {
            "It is open around the clock now.".to_owned()
        } else {
            format!("It is open {} a day now.", open(hours.today))
        },
    ];
    let row = |point: &Point| {
        let enough = if point.met.value >= hours.share { "enough" } else { "" };
        let then = number::number(hours.visits_a_day / point.at);
        vec![open(point.at), then, number::share(point.met.value), interval(point.met), enough.to_owned()]
    };
    let rows = hours.curve.iter().filter(|point| is_power_of_two(24.0 / point.at)).map(row).collect();
    Section { title, said, caption, heads, rows }
}

/// Whether it is one, as the points of the coarse grid are.
fn is_power_of_two(times: f64) -> bool {
    let powers = libm::log2(times);
    (powers - powers.round()).abs() < 1e-6
}

fn moderators(
    moderators: &Result<Moderators, Unmoderated>,
    wanted: Wanted,
    currency: Option<&str>,
) -> Section {
    let within = number::bound(wanted.within.secs());
    let cost =
        currency.map_or("a message".to_owned(), |currency| format!("{} a message", number::plain(currency)));
    let mut heads = heads(&["moderators", "", "95 % interval", "by formula", "busy", &cost, ""]);
    heads[1] = format!("within {within}");
    let (title, caption) = ("moderators", "By their number");
    let plan = match moderators {
        Ok(plan) => plan,
        Err(why) => {
            let said = match why {
                Unmoderated::NoReviews => "Nothing is ever reviewed: there are no moderators to plan.",
                Unmoderated::NoMessages => {
                    "Nobody said anything that is reviewed: there are no moderators to plan."
                }
            };
            return Section { title, said: vec![said.to_owned()], caption, heads, rows: Vec::new() };
        }
    };
    let levels = plan.levels.iter().map(|level| {
        vec![
            number::count(level.moderators.into()),
            number::share(level.in_time.value),
            interval(level.in_time),
            level.formula.map(number::share).unwrap_or_default(),
            number::share(level.busy),
            level.cost_per_message.map(number::money).unwrap_or_default(),
            if level.moderators == plan.today { "today".to_owned() } else { String::new() },
        ]
    });
    Section { title, said: of_moderators(plan, wanted), caption, heads, rows: levels.collect() }
}

fn of_moderators(plan: &Moderators, wanted: Wanted) -> Vec<String> {
    let (done, order) = if plan.before {
        ("published", "Messages are published once they are reviewed")
    } else {
        ("reviewed", "Messages are reviewed once they are out")
    };
    let (share, within) = (number::share(wanted.of), number::bound(wanted.within.secs()));
    let people = |n: u32| number::of(n.into(), "moderator");
    let formula = match (&plan.formula, plan.needed) {
        (Ok(Some(formula)), _) => format!(", by formula {}", number::count((*formula).into())),
        _ => String::new(),
    };
    let mut said = vec![
        format!(
            "{order}: {} messages/h while it is open, {} of work each.",
            number::number(plan.per_sec * 3600.0),
            number::bound(plan.review_secs)
        ),
        match plan.needed {
            Needed::Moderators(n) => format!(
                "{share} are {done} within {within} with {}{formula}; today there {} {}.",
                people(n),
                if plan.today == 1 { "is" } else { "are" },
                number::count(plan.today.into())
            ),
            Needed::Never => format!(
                "{share} are never {done} within {within}, however many moderators there are: a message takes longer even \
                 where nobody waits."
            ),
            Needed::MoreThan(most) => {
                format!("{share} are not {done} within {within} with {}.", people(most))
            }
        },
    ];
    if let Err(why) = &plan.formula {
        said.push(format!("No formula holds: {}.", why.join(", ")));
    }
    said
}
