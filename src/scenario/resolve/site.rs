//! The site around the chat. Its times are real, as those of faults are, and never converted.

use super::Findings;
use super::law;
use super::names::is_name;
use super::section::{Field, Section};
use super::target::{address, trust, without_tls};
use crate::base::time::{NANOS, RealSpan};
use crate::scenario::defaults::Origin;
use crate::scenario::keys::MOST_PAGES;
use crate::scenario::plan::site::{Asked, PagePlan, SitePlan};
use crate::scenario::problem::{Place, quoted};
use crate::scenario::quantity::{Misfit, plain};

/// How often a page may be fetched by one visitor.
const OFTENEST: RealSpan = RealSpan::from_nanos(NANOS / 10);

/// The site; within, `None` where there is none.
pub(super) fn site(findings: &mut Findings<'_>, top: &mut Section) -> Option<Option<SitePlan>> {
    let Some(mut section) = findings.section(top, "site") else {
        return (!top.has("site")).then_some(None);
    };
    let host = match section.take(findings, "host") {
        Some(field) => host(findings, &field).map(Some),
        None => Some(None),
    };
    let secure = host.as_ref().map(|host| host.as_deref().is_some_and(|host| host.starts_with("https://")));
    let trust = match secure {
        Some(false) => without_tls(findings, &mut section, "write https:// in the host, or remove it"),
        Some(true) | None => trust(findings, &mut section),
    };
    let visitors = section.take(findings, "visitors").and_then(|field| findings.whole(&field));
    let pages = section.take(findings, "pages").and_then(|field| pages(findings, field));
    let wait = section.take(findings, "wait").and_then(|field| law::law(findings, field));
    Some(Some(SitePlan { host: host?, trust: trust?, visitors: visitors?, pages: pages?, wait: wait? }))
}

/// A host, and nothing on it: what is on it is said page by page.
fn host(findings: &mut Findings<'_>, field: &Field) -> Option<String> {
    let misfit = || Misfit::new("the address of a site, such as http://127.0.0.1:8080");
    let host = address(findings, field, &["http://", "https://"], misfit())?;
    let bare = host.strip_suffix('/').unwrap_or(&host);
    let authority = bare.split_once("://").map_or(bare, |(_, authority)| authority);
    if authority.contains('@') {
        findings.misfit(field, misfit().hint("without a name and a password: they would be in every record"));
        return None;
    }
    if authority.contains(['/', '?', '#', '\\']) {
        findings.misfit(field, misfit().hint("without a path: that stands at each of the pages"));
        return None;
    }
    Some(bare.to_owned())
}

fn pages(findings: &mut Findings<'_>, field: Field) -> Option<Vec<PagePlan>> {
    let (at, path) = (field.node.at, field.path.clone());
    let items = findings.list(field)?;
    if items.is_empty() || items.len() > MOST_PAGES {
        let (found, expected) = (format!("{} pages", items.len()), format!("from 1 to {MOST_PAGES}"));
        findings.problem(at, &path, found, expected, None);
        return None;
    }
    let mut read: Vec<Option<PagePlan>> = Vec::new();
    for item in items {
        let place = item.node.at;
        let page = page(findings, item);
        let named = |page: &PagePlan| read.iter().flatten().any(|other| other.name == page.name);
        let page = page.filter(|page| {
            let again = named(page);
            if again {
                called_twice(findings, place, &path, page);
            }
            !again
        });
        read.push(page);
    }
    let pages: Vec<PagePlan> = read.into_iter().collect::<Option<_>>()?;
    if !pages.iter().any(|page| matches!(page.when, Asked::Visited(_))) {
        let found = "only pages that are fetched beside others".to_owned();
        let hint = Some("write a page that has neither `with` nor `every`".to_owned());
        findings.problem(at, &path, found, "a page that visitors go to".into(), hint);
        return None;
    }
    Some(pages)
}

fn called_twice(findings: &mut Findings<'_>, at: Place, path: &str, page: &PagePlan) {
    let found = format!("{} a second time", quoted(&page.name));
    let hint = Some(format!("give the page {} a name of its own: name: …", page.path));
    findings.problem(at, path, found, "each page by a name of its own".into(), hint);
}

fn page(findings: &mut Findings<'_>, field: Field) -> Option<PagePlan> {
    let mut section = Section::open(findings, field)?;
    let path = section.take(findings, "path").and_then(|field| path(findings, &field));
    let name = match section.take(findings, "name") {
        Some(field) => name(findings, &field),
        None => path.as_deref().map(called_by).inspect(|name| {
            findings.row(&super::section::join(section.path(), "name"), name.clone(), Origin::Assumed);
        }),
    };
    let when = when(findings, &mut section);
    Some(PagePlan { name: name?, path: path?, when: when? })
}

/// From the first slash on. Two of them would be another host.
fn path(findings: &mut Findings<'_>, field: &Field) -> Option<String> {
    let path = findings.string(field)?;
    let ordinary = |c: char| c.is_ascii_graphic() && !matches!(c, '\\' | '#');
    if path.starts_with('/') && !path.starts_with("//") && path.chars().all(ordinary) {
        return Some(path);
    }
    let hint =
        "everything is fetched from the one host; what is not ASCII is written in percents, %20 for a space";
    findings.misfit(field, Misfit::new("a path on the site, such as /shop?page=2").hint(hint));
    None
}

fn name(findings: &mut Findings<'_>, field: &Field) -> Option<String> {
    let name = findings.string(field)?;
    if is_name(&name) {
        return Some(name);
    }
    let misfit = Misfit::new("a name of a-z, 0-9, - and _, beginning with a letter");
    findings.misfit(field, misfit.hint("it becomes part of the names of figures"));
    None
}

/// What a page is called that nobody named: `/` is home, `/shop/list.html` is shop-list-html.
fn called_by(path: &str) -> String {
    let mut name = String::new();
    for c in path.chars() {
        if c.is_ascii_alphanumeric() {
            name.push(c.to_ascii_lowercase());
        } else if !name.is_empty() && !name.ends_with('-') {
            name.push('-');
        }
    }
    let name = name.trim_end_matches('-');
    let name = match name.chars().next() {
        None => "home".to_owned(),
        Some(first) if first.is_ascii_digit() => format!("page-{name}"),
        Some(_) => name.to_owned(),
    };
    name.chars().take(40).collect()
}

/// When it is fetched; of the three ways to say so one at the most.
fn when(findings: &mut Findings<'_>, section: &mut Section) -> Option<Asked> {
    let ways = ["weight", "with", "every"];
    let said: Vec<&str> = ways.into_iter().filter(|way| section.has(way)).collect();
    if said.len() > 1 {
        let expected = "one of weight, with, every".to_owned();
        let hint = "a page is gone to, fetched with the others, or fetched over and over";
        let found = said.join(" and ");
        findings.problem(section.at(), section.path(), found, expected, Some(hint.to_owned()));
        return None;
    }
    if let Some(field) = section.take(findings, "with") {
        return findings.word(&field).map(|word| [Asked::WithFirst, Asked::WithEvery][word]);
    }
    if let Some(field) = section.take(findings, "every") {
        return every(findings, &field);
    }
    match section.take(findings, "weight") {
        Some(field) => findings.factor(&field).map(Asked::Visited),
        None => {
            let path = super::section::join(section.path(), "weight");
            findings.row(&path, plain(1.0), Origin::Assumed);
            Some(Asked::Visited(1.0))
        }
    }
}

fn every(findings: &mut Findings<'_>, field: &Field) -> Option<Asked> {
    let every = RealSpan::from_nanos(findings.duration(field)?.nanos());
    if every >= OFTENEST {
        return Some(Asked::Every(every));
    }
    findings.misfit(field, Misfit::new("at least 100ms").hint("everybody who is there fetches it as often"));
    None
}
