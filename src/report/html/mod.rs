//! `report.html`: one file that opens anywhere, without a network. Its policy forbids everything but its own
//! style: there is no script in it, and every picture is drawn inline. It is complete in black and white, on
//! paper, and to a screen reader.

mod cards;
mod chart;
mod endings;
pub mod plan;
mod rooms;
mod scale;
mod site;
pub mod sweep;
mod tables;
mod timeline;
mod times;
mod twin;

use std::fmt::Write as _;
use std::io::{self, Write};

use super::outline::{About, Part};
use super::verdicts::Mark;
use super::xml::escape;
use super::{Report, Standing, number};
use crate::record::Header;
use crate::record::setting::DeskSetting;
use times::Named;

const STYLE: &str = include_str!("style.css");

/// What every browser is told to forbid: scripts, connections, frames, forms, and whatever is not in the
/// file.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";

/// Writes the page.
pub fn write(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    begin(&report.title(), out)?;
    out.write_all(header(report).as_bytes())?;
    out.write_all(gates(report).as_bytes())?;
    for (number, desk) in report.desks() {
        out.write_all(desk_section(report, number, desk).as_bytes())?;
    }
    out.write_all(rooms::rooms(report).as_bytes())?;
    for part in &report.outline() {
        let section = match part.about {
            About::Desk | About::Room | About::Rooms => continue,
            About::Money => money_section(report, part),
            About::Network => machine_section(report, part, "network"),
            About::Site => site::site(report, part),
            About::Generator => machine_section(report, part, "generator"),
        };
        out.write_all(section.as_bytes())?;
    }
    out.write_all(twin::twin(report).as_bytes())?;
    out.write_all(figures(report).as_bytes())?;
    out.write_all(provenance(report).as_bytes())?;
    out.write_all(END)
}

/// Text from outside, escaped, in which numbers stay with their units, and what stands between backquotes is code.
fn prose(text: &str) -> String {
    let escaped = escape(&number::glued(text));
    let parts: Vec<&str> = escaped.split('`').collect();
    if parts.len().is_multiple_of(2) {
        return escaped;
    }
    let part = |(nth, part): (usize, &&str)| match nth % 2 {
        0 => (*part).to_owned(),
        _ => format!("<code>{part}</code>"),
    };
    parts.iter().enumerate().map(part).collect()
}

/// Everything before the content of a page of this title, policy and style included.
fn begin(title: &str, out: &mut dyn Write) -> io::Result<()> {
    let title = escape(title);
    write!(
        out,
        "<!doctype html>\n<html lang=en><head><meta charset=utf-8>\n\
         <meta http-equiv=Content-Security-Policy content=\"{POLICY}\">\n\
         <meta name=viewport content=\"width=device-width, initial-scale=1\">\n\
         <meta name=color-scheme content=\"light dark\">\n\
         <title>{title}</title>\n<style>{STYLE}</style></head>\n<body><main>\n"
    )
}

/// Everything after it.
const END: &[u8] = b"</main></body></html>\n";

fn header(report: &Report) -> String {
    let header = &report.record.header;
    let mut out = format!(
        "<header><p class=over>causerie {}</p><h1>{}</h1><p class=terms>",
        header.command,
        escape(&header.scenario)
    );
    for term in report.terms() {
        let _ = write!(out, "<span>{}</span>", escape(&term));
    }
    let _ = write!(out, "</p><p class=lead>{}</p>", prose(&report.circumstances().join(" ")));
    let remarks: String = report.remarks().map(|remark| format!("<li>{}</li>", prose(&remark))).collect();
    if !remarks.is_empty() {
        let _ = write!(out, "<ul class=\"lead remarks\">{remarks}</ul>");
    }
    let (class, words) = match report.standing() {
        Standing::Valid if !report.objections().is_empty() => ("doubtful", "Valid, with a reservation."),
        Standing::Valid => ("good", "Valid: nothing speaks against these figures."),
        Standing::Invalid => ("bad", "Invalid: do not rely on these figures."),
        Standing::Interrupted => ("doubtful", "Interrupted."),
        Standing::Incomplete => ("doubtful", "Incomplete."),
    };
    let _ = write!(out, "<div class=\"standing {class}\" role=status><b>{words}</b>");
    for objection in report.objections() {
        let _ = write!(out, " {}", prose(&objection));
    }
    out.push_str("</div><nav aria-label=Sections>");
    for (number, desk) in report.desks() {
        let _ = write!(out, "<a href=\"#desk-{number}\">{}</a>", escape(&desk.name));
    }
    for (number, venue) in report.venues() {
        let _ = write!(out, "<a href=\"#room-{number}\">{}</a>", escape(&venue.name));
    }
    if report.outline().iter().any(|part| part.about == About::Money) {
        out.push_str("<a href=\"#money\">money</a>");
    }
    if report.is_run() {
        out.push_str("<a href=\"#network\">network</a>");
        if report.outline().iter().any(|part| part.about == About::Site) {
            out.push_str("<a href=\"#site\">site</a>");
        }
        out.push_str("<a href=\"#generator\">generator</a>");
    }
    if report.record.twin.is_some() {
        out.push_str("<a href=\"#twin\">twin</a>");
    }
    out.push_str(
        "<a href=\"#figures\">every figure</a><a href=\"#provenance\">what was run</a></nav></header>\n",
    );
    out
}

fn gates(report: &Report) -> String {
    if report.verdicts.is_empty() {
        return String::new();
    }
    let mut out = String::from("<section id=gates><h2>Gates</h2><ul class=gates>\n");
    for judged in report.judged() {
        let (class, sign) = match judged.mark {
            Mark::Passed => ("good", "✓"),
            Mark::JustPassed => ("doubtful", "✓"),
            Mark::Failed => ("bad", "✗"),
            Mark::JustFailed => ("bad", "✗"),
            Mark::TooFew => ("doubtful", "…"),
            Mark::NotJudged => ("none", "–"),
        };
        let _ = writeln!(
            out,
            "<li class={class}><span class=mark><i aria-hidden=true>{sign}</i> {}</span><code>{}</code><b>{}</b>\
             <small>{}</small></li>",
            judged.mark.word().to_lowercase(),
            escape(&judged.gate),
            prose(&judged.value),
            prose(&judged.remark)
        );
    }
    out.push_str("</ul></section>\n");
    out
}

fn desk_section(report: &Report, number: usize, desk: &DeskSetting) -> String {
    let outline = report.outline();
    let part = &outline[number];
    let mut out = format!(
        "<section id=\"desk-{number}\"><h2>{}</h2><p class=lead>{}</p>\n",
        escape(&part.title),
        prose(&part.note)
    );
    out.push_str(&cards::cards(report, desk));
    out.push_str("<div class=charts>");
    out.push_str(&endings::endings(report, desk));
    out.push_str(&timeline::timeline(report, number, desk));
    if let Some(tally) = report.totals.desks.get(number) {
        let visits = tally.visits();
        out.push_str(&times::waits(&visits));
        out.push_str(&times::unserved(&visits));
        let waits = visits.queue_time();
        let queue = [
            Named { name: "everybody", times: &waits },
            Named { name: "the served", times: &visits.speed_of_answer },
        ];
        out.push_str(&times::percentiles("Time in queue by percentile", &queue, false));
        let service = [
            Named { name: "handling", times: &visits.handling_time },
            Named { name: "first response", times: &visits.first_response },
        ];
        out.push_str(&times::percentiles("First response and handling by percentile", &service, false));
    }
    out.push_str("</div><div class=tables>");
    part.blocks.iter().for_each(|block| out.push_str(&tables::block(block)));
    out.push_str("</div>");
    out.push_str("</section>\n");
    out
}

fn money_section(report: &Report, part: &Part) -> String {
    let mut out =
        format!("<section id=money><h2>{}</h2><p class=lead>{}</p>", escape(&part.title), prose(&part.note));
    out.push_str(&cards::money(report));
    out.push_str("<div class=tables>");
    part.blocks.iter().for_each(|block| out.push_str(&tables::block(block)));
    out.push_str("</div></section>\n");
    out
}

fn machine_section(report: &Report, part: &Part, id: &str) -> String {
    let mut out =
        format!("<section id={id}><h2>{}</h2><p class=lead>{}</p>", escape(&part.title), prose(&part.note));
    if let Some(traffic) = report.totals.traffic.as_ref().filter(|_| id == "network") {
        let setting = &report.record.header.setting;
        let of_desks = [
            Named { name: "to agents", times: &traffic.to_agent },
            Named { name: "to visitors", times: &traffic.to_visitor },
        ];
        let of_rooms = [
            Named { name: "to guests", times: &traffic.to_guest },
            Named { name: "to the last guest", times: &traffic.fanout },
        ];
        let told = [
            (!setting.desks.is_empty(), "Delivery of messages", "Delivery by percentile", of_desks),
            (!setting.venues.is_empty(), "Delivery in rooms", "Delivery in rooms by percentile", of_rooms),
        ];
        out.push_str("<div class=charts>");
        for (_, title, by_percentile, [first, second]) in told.into_iter().filter(|(is_told, ..)| *is_told) {
            out.push_str(&times::latencies(title, first, second));
            out.push_str(&times::percentiles(by_percentile, &[first, second], true));
        }
        out.push_str("</div>");
    }
    if part.about == About::Generator {
        let _ = write!(out, "<div class=charts>{}</div>", timeline::of_generator(report));
    }
    out.push_str("<div class=tables>");
    part.blocks.iter().for_each(|block| out.push_str(&tables::block(block)));
    out.push_str("</div></section>\n");
    out
}

fn figures(report: &Report) -> String {
    format!(
        "<section id=figures><h2>Every figure</h2><details><summary>All {} figures, with their intervals, the \
         spread of days, the number of observations and what they mean</summary>{}</details></section>\n",
        report.figures.len(),
        tables::everything(report)
    )
}

fn provenance(report: &Report) -> String {
    let trailer = report.record.trailer.as_ref();
    let header = &report.record.header;
    what_was_run(header.command.name(), header, trailer.map(|trailer| trailer.ended_unix_ms), Vec::new())
}

/// The section on what was run by which command, where and when, with some `further` facts, and the scenario as typed.
fn what_was_run(
    command: &str,
    header: &Header,
    ended_unix_ms: Option<u64>,
    further: Vec<(&str, String)>,
) -> String {
    let utc = |ms: u64| {
        let instant = jiff::Timestamp::from_millisecond(i64::try_from(ms).unwrap_or(i64::MAX));
        instant.map_or(String::new(), |instant| instant.strftime("%Y-%m-%d %H:%M:%S UTC").to_string())
    };
    let mut facts = vec![
        ("command", command.to_owned()),
        ("causerie", header.causerie.clone()),
        (
            "scenario",
            format!("{} (text {}, plan {})", header.scenario, header.scenario_hash, header.plan_hash),
        ),
        ("seed", header.seed.to_string()),
        ("speed", number::number(header.speed)),
        ("arrivals scaled by", number::number(header.scale)),
        ("started", utc(header.epoch_unix_ms)),
        ("machine", format!("{}, {}", header.host, header.machine)),
    ];
    facts.extend(header.target.clone().map(|target| ("target", target)));
    facts.extend(header.start.clone().map(|start| ("scenario starts", start)));
    facts.extend(ended_unix_ms.map(|ended| ("ended", utc(ended))));
    facts.extend(further);
    let mut out = String::from("<section id=provenance><h2>What was run</h2><dl>");
    for (name, fact) in facts {
        let _ = write!(out, "<dt>{}</dt><dd>{}</dd>", escape(name), escape(&fact));
    }
    let _ = writeln!(
        out,
        "</dl><details><summary>The scenario as typed</summary><pre>{}</pre></details></section>",
        escape(&header.scenario_text)
    );
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::Record;
    use crate::report::sample;

    fn page(record: &Record) -> String {
        let mut out = Vec::new();
        write(&Report::of(record), &mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn it_names_no_address_and_loads_nothing() {
        for record in [sample::run(), sample::simulation(20), crate::record::sample::record(100)] {
            let page = page(&record);
            assert!(page.len() < 1_000_000, "{} bytes", page.len());
            for forbidden in
                ["http://", "https://", "<script", "src=", "url(", "@import", "<link", "javascript:"]
            {
                assert!(!page.contains(forbidden), "{forbidden}");
            }
            assert!(page.contains(POLICY));
        }
    }

    #[test]
    fn what_is_hostile_stays_text() {
        let evil = "<script>alert(1)</script>\"'";
        let mut record = sample::run();
        let header = &mut record.header;
        header.scenario = evil.to_owned();
        header.scenario_text = evil.to_owned();
        header.host = evil.to_owned();
        header.machine = evil.to_owned();
        header.target = Some(evil.to_owned());
        header.start = Some(evil.to_owned());
        let desk = &mut header.setting.desks[0];
        desk.name = evil.to_owned();
        desk.patience = evil.to_owned();
        desk.topics[0] = Some(evil.to_owned());
        desk.groups[0].name = Some(evil.to_owned());
        header.setting.gates[0].text = evil.to_owned();
        let site = header.setting.site.as_mut().unwrap();
        site.host = Some(evil.to_owned());
        site.pages.fill(evil.to_owned());
        let trailer = record.trailer.as_mut().unwrap();
        (trailer.invalid, trailer.remarks) = (vec![evil.to_owned()], vec![format!("`{evil}` `{evil}")]);
        let comparison = &mut record.twin.as_mut().unwrap().comparison;
        comparison.assumed = vec![evil.to_owned()];
        let differing = &mut comparison.differing[0];
        (differing.visit, differing.in_run, differing.in_twin) =
            (evil.to_owned(), evil.to_owned(), evil.to_owned());
        let page = page(&record);
        assert!(!page.contains("<script"));
        assert!(page.matches("&lt;script&gt;").count() > 10);
    }

    #[test]
    fn what_rooms_are_called_stays_text_too() {
        let evil = "<script>alert(1)</script>\"'";
        let mut record = crate::record::sample::record(100);
        for venue in &mut record.header.setting.venues {
            venue.name = evil.to_owned();
        }
        let page = page(&record);
        assert!(!page.contains("<script"));
        assert!(page.contains("<section id=\"room-1\">") && page.contains("Guests at once"));
    }

    #[test]
    fn what_the_target_told_is_drawn_beside_what_the_generator_took() {
        let drawn = page(&sample::run());
        let told =
            ["the target's processor, % of one", "the target's resident memory, MB", "the target's queue"];
        assert!(told.iter().all(|title| drawn.contains(title)));
        let silent = page(&crate::record::sample::record(100));
        assert!(!told.iter().any(|title| silent.contains(title)));
    }

    #[test]
    fn remarks_are_a_list_with_code_in_it() {
        let mut record = sample::run();
        let remarks = ["one `a < b` two", "a lonely ` here"].map(str::to_owned);
        record.trailer.as_mut().unwrap().remarks = remarks.to_vec();
        let page = page(&record);
        assert!(page.contains("<li>one <code>a &lt; b</code> two</li><li>a lonely ` here</li></ul>"));
    }

    #[test]
    fn every_element_that_is_opened_is_closed() {
        let mut run = sample::run();
        run.trailer.as_mut().unwrap().remarks = vec!["a `b` c".to_owned()];
        let page = page(&run) + &page(&crate::record::sample::record(100));
        for element in [
            "section", "div", "table", "tr", "figure", "svg", "g", "text", "details", "ul", "li", "p",
            "tbody",
        ] {
            let opened =
                page.matches(&format!("<{element}>")).count() + page.matches(&format!("<{element} ")).count();
            assert_eq!(opened, page.matches(&format!("</{element}>")).count(), "{element}");
        }
    }

    #[test]
    fn who_ended_differently_is_told_one_by_one() {
        let page = page(&sample::run());
        assert!(page.contains("<summary>Who ended differently: 1 of 4</summary>"));
        let row = "<tr><th scope=row>support</th><td>0/17+1</td><td>1m 35s</td><td>abandoned.queue</td>\
                   <td>2m 05s</td><td>resolved</td><td>6m 40s</td></tr>";
        assert!(page.contains(row));
    }

    #[test]
    fn nothing_at_all_is_a_page_too() {
        let mut record = sample::simulation(1);
        record.body = crate::record::Body::default();
        record.trailer = None;
        assert!(page(&record).contains("Incomplete"));
    }
}
