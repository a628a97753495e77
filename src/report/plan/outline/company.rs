//! Who meets whom: critical mass, rooms and opening hours.

use crate::report::number;
use crate::report::plan::asked;
use crate::scenario::plan::rooms::VenueKind;
use crate::study::plan::{Count, Critical, Crossing, Hours, Mass, Outlook, Point, PortalKept, Share};

use super::{Section, heads, hourly, interval, is_power_of_two, range, rounded, today, visits};

pub(super) fn mass(outlook: &Outlook) -> Section {
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
        heads: heads(&["times today", "visits/h", "meet somebody", "95 % interval", "by formula"]),
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
        times + today(point.at == mass.today_per_sec),
        hourly(point.at),
        number::share(point.met.value),
        interval(point.met),
        point.formula.map(number::share).unwrap_or_default(),
    ])
}

/// Where a share is reached, in a sentence.
fn critical(lead: &str, critical: &Critical, today_per_sec: f64) -> String {
    let share = asked(critical.share);
    let times = |per_sec: f64| match per_sec / today_per_sec {
        fewer if fewer < 1.0 => format!("{} of today's", number::share(fewer)),
        more => format!("{} times today's", number::number(more)),
    };
    match critical.simulated {
        Crossing::At { value, low, high } => {
            let formula =
                critical.formula.map_or(String::new(), |rate| format!(", by formula {}", hourly(rate)));
            format!(
                "{lead}{share} meet somebody: from {}{} on{formula}, {}.",
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
            format!("{lead}{share} meet somebody: not within {} ({}).{formula}", times(most), visits(most))
        }
    }
}

/// `5 rooms (95 %: 4 to 5)`.
fn count(count: &Count) -> String {
    let more = if count.or_more { "at least " } else { "" };
    let ends = range(count.low.map(number::count), count.high.map(number::count));
    format!("{more}{}{ends}", number::of(count.value, "room"))
}

pub(super) fn rooms(mass: &Mass) -> Section {
    let share = asked(mass.alive.share);
    let mut said = Vec::new();
    if let Some(portal) = &mass.kept.portal {
        said.extend(of_portal(portal));
    }
    said.push(if mass.kept.evenly.value == 0 {
        format!("Today's visits keep no room alive: even if all came to one, fewer than {share} would meet somebody.")
    } else {
        format!(
            "Split evenly, today's visits keep {} alive: in each {share} of its visits meet somebody.",
            count(&mass.kept.evenly)
        )
    });
    let whole_per_sec =
        mass.today_per_sec * mass.kept.portal.as_ref().map_or(1.0, |portal| portal.rooms.into());
    let row = |(ways, met): &(u64, Share)| {
        let within = |(low, high)| low <= mass.alive.share && mass.alive.share <= high;
        let alive = match met.low.zip(met.high) {
            Some(ends) if within(ends) => "at the edge",
            _ if met.value >= mass.alive.share => "alive",
            _ => "not alive",
        };
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

pub(super) fn hours(hours: &Result<Hours, &'static str>) -> Section {
    let heads = heads(&["open a day", "visits/h then", "meet somebody", "95 % interval", ""]);
    let (title, caption) = ("opening hours", "Today's visits, all within so long");
    let hours = match hours {
        Ok(hours) => hours,
        Err(why) => {
            let said = vec![format!("No opening hours can be planned: {why}.")];
            return Section { title, said, caption, heads, rows: Vec::new() };
        }
    };
    let share = asked(hours.share);
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
        let then = rounded(hours.visits_a_day / point.at);
        vec![open(point.at), then, number::share(point.met.value), interval(point.met), enough.to_owned()]
    };
    let rows = hours.curve.iter().filter(|point| is_power_of_two(24.0 / point.at)).map(row).collect();
    Section { title, said, caption, heads, rows }
}
