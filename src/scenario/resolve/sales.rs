//! What conversations sell.

use super::Findings;
use super::section::{Section, join};
use crate::scenario::defaults::Origin;
use crate::scenario::plan::{OfferPlan, SalesPlan};
use crate::scenario::quantity::share_text;

/// How well a chat sells beside a call: the ratio of their conversions where the phone's is not given. Assumed; to be
/// varied between 0.2 and 1 by whoever plans with it.
const CHAT_TO_PHONE: f64 = 0.5;

/// The sales of a desk; `Some(None)`: it sells nothing. `phone`: whether there is a phone pool.
pub(super) fn sales(
    findings: &mut Findings<'_>,
    desk: &mut Section,
    phone: bool,
) -> Option<Option<SalesPlan>> {
    if !desk.has("sales") {
        desk.take(findings, "sales");
        return Some(None);
    }
    let mut section = findings.section(desk, "sales")?;
    let intent = section.take(findings, "intent").and_then(|field| findings.share(&field));
    let margin = section.take(findings, "margin").and_then(|field| findings.share(&field));
    let chat = findings.section(&mut section, "chat").and_then(|mut section| in_chat(findings, &mut section));
    let phone = if phone {
        let typed = findings.section(&mut section, "phone");
        typed.and_then(|mut section| by_phone(findings, &mut section, chat.as_ref()))
    } else {
        section.refuse(findings, "phone", "where there is no `phone`");
        chat.as_ref().map(called)
    };
    Some(Some(SalesPlan { intent: intent?, margin: margin?, chat: chat?, phone: phone? }))
}

fn in_chat(findings: &mut Findings<'_>, section: &mut Section) -> Option<OfferPlan> {
    let conversion = section.take(findings, "conversion").and_then(|field| findings.share(&field));
    let basket = section.take(findings, "basket").and_then(|field| findings.amount(&field));
    let upsell = section.take(findings, "upsell").and_then(|field| findings.share(&field));
    let addition = section.take(findings, "addition").and_then(|field| findings.share(&field));
    Some(OfferPlan { conversion: conversion?, basket: basket?, upsell: upsell?, addition: addition? })
}

/// What a call sells when a chat sells this.
fn called(chat: &OfferPlan) -> OfferPlan {
    OfferPlan { conversion: (chat.conversion / CHAT_TO_PHONE).min(1.0), ..chat.clone() }
}

/// Sales on the phone: what is not typed follows from those of the chat, which may not have come out right.
fn by_phone(
    findings: &mut Findings<'_>,
    section: &mut Section,
    chat: Option<&OfferPlan>,
) -> Option<OfferPlan> {
    let otherwise = chat.map(called);
    let mut share = |findings: &mut Findings<'_>, name, of: fn(&OfferPlan) -> f64| {
        if let Some(field) = section.take(findings, name) {
            return findings.share(&field);
        }
        let share = otherwise.as_ref().map(of)?;
        findings.row(&join(section.path(), name), share_text(share), Origin::Assumed);
        Some(share)
    };
    let conversion = share(findings, "conversion", |offer| offer.conversion);
    let upsell = share(findings, "upsell", |offer| offer.upsell);
    let addition = share(findings, "addition", |offer| offer.addition);
    let basket = match section.take(findings, "basket") {
        Some(field) => findings.amount(&field),
        None => otherwise.map(|offer| offer.basket),
    };
    Some(OfferPlan { conversion: conversion?, basket: basket?, upsell: upsell?, addition: addition? })
}
