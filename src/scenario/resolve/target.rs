//! The chat server that `run` talks to, and whose word is taken for it.

mod chat;

use super::Findings;
use super::section::{Field, Section};
use crate::base::hash::fingerprint;
use crate::base::time::{NANOS, RealSpan};
use crate::scenario::input;
use crate::scenario::plan::DeskPlan;
use crate::scenario::plan::against::why_not_by_server;
use crate::scenario::plan::dialect::Role;
use crate::scenario::plan::rooms::VenuePlan;
use crate::scenario::plan::target::{MetricsPlan, QueuePlan, TargetPlan, Trust};
use crate::scenario::quantity::Misfit;

/// The head of a certificate in PEM.
const CERTIFICATE: &str = "-----BEGIN CERTIFICATE-----";
/// How often a target may be asked for its metrics: each is work for it.
const OFTENEST: RealSpan = RealSpan::from_nanos(NANOS / 2);

/// The target; within, `None` where there is none.
pub(super) fn target(findings: &mut Findings<'_>, top: &mut Section) -> Option<Option<TargetPlan>> {
    let Some(mut section) = findings.section(top, "target") else {
        return (!top.has("target")).then_some(None);
    };
    let url = section.take(findings, "url").and_then(|field| url(findings, &field));
    let hint = "write wss:// in the url (ircs://, https://), or remove it";
    let trust = match url.as_deref().map(is_secure) {
        Some(false) => without_tls(findings, &mut section, hint),
        Some(true) | None => trust(findings, &mut section),
    };
    let metrics = metrics(findings, &mut section);
    let speech = url.as_deref().map(|url| chat::speech(findings, &mut section, url));
    Some(Some(TargetPlan { url: url?, trust: trust?, metrics: metrics?, speech: speech?? }))
}

/// Notes what of the desks and rooms the target cannot do.
pub(super) fn fits(
    findings: &mut Findings<'_>,
    top: &Section,
    target: &TargetPlan,
    (desks, venues): (&[DeskPlan], &[VenuePlan]),
) {
    let Some(chat) = target.chat() else { return };
    let by_server = matches!(chat.queue, QueuePlan::Server { .. });
    let chats = desks.iter().any(|desk| !desk.is_phone()) && !by_server;
    let can = |role| chat.dialect.abilities(role);
    let lacks = [
        (Role::Visitor, "messages between two", chats && !can(Role::Visitor).private),
        (Role::Agent, "messages between two", chats && !can(Role::Agent).private),
        (Role::Guest, "rooms", !venues.is_empty() && !can(Role::Guest).rooms),
    ];
    for (role, what, _) in lacks.into_iter().filter(|(.., lacks)| *lacks) {
        let at = top.find(&["target", "dialect"]).unwrap_or(top.at());
        let found = format!("a dialect without {what} for a {}", role.word());
        let hint = Some("see `causerie dialect check`, or leave that out of the scenario".to_owned());
        findings.problem(at, "target.dialect", found, "one that can do what the scenario takes".into(), hint);
    }
    if let Some(why) = why_not_by_server(desks).filter(|_| by_server) {
        let at = top.find(&["target", "queue"]).unwrap_or(top.at());
        let hint = Some("write queue: testbed, or leave that out of the scenario".to_owned());
        findings.problem(at, "target.queue", why.to_owned(), "one desk, served to the end".to_owned(), hint);
    }
}

/// Whether TLS is spoken there, or may be agreed upon.
fn is_secure(url: &str) -> bool {
    ["wss://", "https://", "ircs://", "xmpps://", "xmpp://"].iter().any(|scheme| url.starts_with(scheme))
}

fn url(findings: &mut Findings<'_>, field: &Field) -> Option<String> {
    let misfit = Misfit::new("the address of a chat server, such as ws://127.0.0.1:8787");
    let hint = "it begins with ws, irc, xmpp or http, with TLS with wss, ircs, xmpps or https, and then ://";
    address(findings, field, &SCHEMES, misfit.hint(hint))
}

/// What the address of a chat server may begin with.
const SCHEMES: [&str; 8] =
    ["ws://", "wss://", "irc://", "ircs://", "xmpp://", "xmpps://", "http://", "https://"];

/// A URL of one of these schemes that names a host.
pub(super) fn address(
    findings: &mut Findings<'_>,
    field: &Field,
    schemes: &[&str],
    misfit: Misfit,
) -> Option<String> {
    let url = findings.string(field)?;
    let host = schemes.iter().find_map(|scheme| url.strip_prefix(scheme));
    if host
        .is_some_and(|host| !host.is_empty() && !host.starts_with('/') && !host.contains(char::is_whitespace))
    {
        return Some(url);
    }
    findings.misfit(field, misfit);
    None
}

/// Where it says how it is; within, `None` where it does not.
fn metrics(findings: &mut Findings<'_>, target: &mut Section) -> Option<Option<MetricsPlan>> {
    let Some(mut section) = findings.section(target, "metrics") else {
        return (!target.has("metrics")).then_some(None);
    };
    let url = section.take(findings, "prometheus").and_then(|field| {
        let misfit = Misfit::new("the address of metrics, such as http://127.0.0.1:8787/metrics");
        address(findings, &field, &["http://", "https://"], misfit)
    });
    let every = section.take(findings, "every").and_then(|field| every(findings, &field));
    let queue = match section.take(findings, "queue") {
        Some(field) => metric(findings, &field).map(Some),
        None => Some(None),
    };
    Some(Some(MetricsPlan { url: url?, every: every?, queue: queue? }))
}

fn every(findings: &mut Findings<'_>, field: &Field) -> Option<RealSpan> {
    let every = RealSpan::from_nanos(findings.duration(field)?.nanos());
    if every >= OFTENEST {
        return Some(every);
    }
    findings.misfit(field, Misfit::new("at least 500ms").hint("each time is work for the target"));
    None
}

/// The name of a metric, as Prometheus has them.
fn metric(findings: &mut Findings<'_>, field: &Field) -> Option<String> {
    let name = findings.string(field)?;
    let fits =
        |(i, c): (usize, char)| c.is_ascii_alphabetic() || "_:".contains(c) || i > 0 && c.is_ascii_digit();
    if !name.is_empty() && name.len() <= 200 && name.chars().enumerate().all(fits) {
        return Some(name);
    }
    findings
        .misfit(field, Misfit::new("the name of a metric, such as chats_waiting").hint("without its labels"));
    None
}

/// No certificate is asked for; `hint` says how one would be.
pub(super) fn without_tls(findings: &mut Findings<'_>, section: &mut Section, hint: &str) -> Option<Trust> {
    section.without(findings, &["ca_file", "insecure"], "without TLS", hint).then_some(Trust::Machine)
}

/// Whose certificates are good, by `ca_file` and `insecure`.
pub(super) fn trust(findings: &mut Findings<'_>, section: &mut Section) -> Option<Trust> {
    let file = section.take(findings, "ca_file");
    let insecure = section.take_where(findings, "insecure", file.is_none());
    let insecure = match insecure {
        Some(field) => findings.flag(&field)?,
        None => false,
    };
    match file {
        Some(_) if insecure => {
            section.refuse(findings, "ca_file", "where insecure says that nothing is checked");
            None
        }
        Some(field) => authorities(findings, &field).map(|pem| Trust::Only { pem }),
        None if insecure => Some(Trust::Anybody),
        None => Some(Trust::Machine),
    }
}

/// The certificates in a file. Whether they are any good is for whoever connects to find out.
fn authorities(findings: &mut Findings<'_>, field: &Field) -> Option<String> {
    let name = findings.string_within(field)?;
    let what = "a PEM file of certificates";
    let read = input::read_text(&findings.source.directory.join(&name), what).and_then(|pem| {
        let misfit = Misfit::new(what).hint(format!("it has a line {CERTIFICATE}"));
        if pem.contains(CERTIFICATE) { Ok(pem) } else { Err(misfit) }
    });
    match read {
        Ok(pem) => {
            findings.row(&field.path, format!("{name} ({})", fingerprint(&pem)), field.origin);
            Some(pem)
        }
        Err(misfit) => {
            findings.misfit(field, misfit);
            None
        }
    }
}
