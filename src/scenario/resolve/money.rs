//! Wages and prices: all in the scenario's one currency.

use super::Findings;
use super::section::{Field, Section};
use crate::scenario::quantity::{self, Misfit, Money};

/// The scenario's currency, and whether anything is priced in it.
#[derive(Default)]
pub(super) struct Purse {
    currency: Currency,
    used: bool,
}

#[derive(Default)]
enum Currency {
    /// None was typed.
    #[default]
    Unsaid,
    /// None was typed where it was needed, or what was typed is none: that is noted, once.
    Told,
    Known(String),
}

/// Reads the currency, before anything that is priced in it.
pub(super) fn currency(findings: &mut Findings<'_>, top: &mut Section) {
    let Some(field) = top.take(findings, "money") else { return };
    let code = findings.read(&field, quantity::currency);
    findings.purse.currency = match code {
        Some(code) => {
            findings.row(&field.path, code.clone(), field.origin);
            Currency::Known(code)
        }
        None => Currency::Told,
    };
}

/// The currency once all is read, which must then have been of use.
pub(super) fn spent(findings: &mut Findings<'_>, top: &mut Section) -> Option<String> {
    if !findings.purse.used {
        top.refuse(findings, "money", "without a wage or a price");
    }
    code(findings)
}

/// The currency, where there is one.
pub(super) fn code(findings: &Findings<'_>) -> Option<String> {
    match &findings.purse.currency {
        Currency::Known(code) => Some(code.clone()),
        Currency::Unsaid | Currency::Told => None,
    }
}

impl Findings<'_> {
    /// An amount of money.
    pub(super) fn amount(&mut self, field: &Field) -> Option<f64> {
        self.money(field, quantity::amount, quantity::amount_text)
    }

    /// What a second costs.
    pub(super) fn price(&mut self, field: &Field) -> Option<f64> {
        self.money(field, quantity::price, quantity::price_text)
    }

    fn money(
        &mut self,
        field: &Field,
        read: fn(&str) -> Result<Money, Misfit>,
        text: fn(&Money) -> String,
    ) -> Option<f64> {
        let money = self.read(field, read)?;
        self.purse.used = true;
        let misfit = match &self.purse.currency {
            Currency::Known(code) if *code == money.currency => {
                self.row(&field.path, text(&money), field.origin);
                return Some(money.value);
            }
            Currency::Known(code) => Misfit::new(&format!("an amount in the scenario's currency, {code}")),
            Currency::Unsaid => {
                Misfit::new("a currency at the top of the scenario before anything is priced")
                    .hint(format!("money: {}", money.currency))
            }
            Currency::Told => return None,
        };
        self.misfit(field, misfit);
        if matches!(self.purse.currency, Currency::Unsaid) {
            self.purse.currency = Currency::Told;
        }
        None
    }
}
