//! The chat server that `run` talks to, and whose word is taken for it.

use super::Findings;
use super::section::{Field, Section};
use crate::base::hash::fingerprint;
use crate::scenario::input;
use crate::scenario::plan::target::{TargetPlan, Trust};
use crate::scenario::quantity::Misfit;

/// The head of a certificate in PEM.
const CERTIFICATE: &str = "-----BEGIN CERTIFICATE-----";

/// The target; within, `None` where there is none.
pub(super) fn target(findings: &mut Findings<'_>, top: &mut Section) -> Option<Option<TargetPlan>> {
    let Some(mut section) = findings.section(top, "target") else {
        return (!top.has("target")).then_some(None);
    };
    let url = section.take(findings, "url").and_then(|field| url(findings, &field));
    let trust = match url.as_deref().map(is_secure) {
        Some(false) => without_tls(findings, &mut section),
        Some(true) | None => trust(findings, &mut section),
    };
    Some(Some(TargetPlan { url: url?, trust: trust? }))
}

fn is_secure(url: &str) -> bool {
    url.starts_with("wss://")
}

fn url(findings: &mut Findings<'_>, field: &Field) -> Option<String> {
    let url = findings.string(field)?;
    let host = url.strip_prefix("ws://").or_else(|| url.strip_prefix("wss://"));
    if host
        .is_some_and(|host| !host.is_empty() && !host.starts_with('/') && !host.contains(char::is_whitespace))
    {
        return Some(url);
    }
    let misfit = Misfit::new("the address of a chat server, such as ws://127.0.0.1:8787");
    findings.misfit(field, misfit.hint("with TLS it begins with wss://"));
    None
}

/// No certificate is asked for.
fn without_tls(findings: &mut Findings<'_>, section: &mut Section) -> Option<Trust> {
    let hint = "write wss:// in the url, or remove it";
    section.without(findings, &["ca_file", "insecure"], "without TLS", hint).then_some(Trust::Machine)
}

fn trust(findings: &mut Findings<'_>, section: &mut Section) -> Option<Trust> {
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
