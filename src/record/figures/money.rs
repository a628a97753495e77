//! What it costs, what it sells, and what is left, in all and by channel.
//!
//! A contact is a conversation that took place: a chat, a call, or a callback that reached somebody. Wages are those of the
//! rostered time within the window. A group of the chat desk works for the chat, a group of the phone pool for the phone;
//! agents who do both, by the time on calls and the time with chats. The phone's wages are divided between
//! calls and callbacks by their talk time. Tolls and sales are those of the visits that count, wherever they end.

use super::duals::on_calls;
use super::sheet::Sheet;
use crate::base::figures::Unit;
use crate::base::time::NANOS;
use crate::base::words::{Channel, Ending};
use crate::metrics::histogram::Distribution;
use crate::metrics::tally::{DeskTally, Section, Sold};
use crate::record::setting::{DeskSetting, Setting};

/// The channels, in the order of the books.
const CHANNELS: [(&str, Channel); 3] =
    [("chat", Channel::Chat), ("phone", Channel::Call), ("callback", Channel::Callback { tried: 0 })];
const CHAT: usize = 0;
const PHONE: usize = 1;
const CALLBACK: usize = 2;

/// The books of one section, by channel.
#[derive(Clone, Copy, Debug, Default)]
struct Books {
    cost: [f64; CHANNELS.len()],
    /// What sales leave after the cost of the goods.
    left: [f64; CHANNELS.len()],
    contacts: [u64; CHANNELS.len()],
    resolved: u64,
    sold: [Sold; CHANNELS.len()],
}

/// Every figure of money and sales that the scenario has.
pub(super) fn money(sheet: &mut Sheet, setting: &Setting, sections: &[&Section]) {
    let known = setting.known();
    let (costs, sells) =
        (known.desks.iter().any(|desk| desk.costs), known.desks.iter().any(|desk| desk.sells));
    if !costs && !sells {
        return;
    }
    // Of the wages of all replications, every section has an equal part.
    let part = sheet.coverage.replications as f64 / sections.len().max(1) as f64;
    let books: Vec<Books> = sections.iter().map(|section| Books::of(setting, section, part)).collect();
    let each = |amount: &dyn Fn(&Books) -> f64, of: &dyn Fn(&Books) -> u64| -> Vec<(f64, u64)> {
        books.iter().map(|books| (amount(books), of(books))).collect()
    };
    if costs {
        let contacts = books.iter().map(Books::contacts).sum();
        sheet.amount("cost.total".to_owned(), Unit::Money, contacts, books.iter().map(Books::cost).collect());
        sheet.money_each("cost.per_contact".to_owned(), &each(&Books::cost, &Books::contacts));
        sheet.money_each("cost.per_resolved".to_owned(), &each(&Books::cost, &|books| books.resolved));
    }
    if sells {
        sheet.money_each("margin.per_contact".to_owned(), &each(&Books::margin, &Books::contacts));
    }
    for name in known.channels() {
        let Some(channel) = CHANNELS.iter().position(|(of, _)| *of == name) else { continue };
        if costs {
            let pairs = each(&|books| books.cost[channel], &|books| books.contacts[channel]);
            sheet.money_each(format!("cost.{name}.per_contact"), &pairs);
        }
        if sells {
            let left = |books: &Books| books.left[channel] - books.cost[channel];
            sheet.money_each(
                format!("margin.{name}.per_contact"),
                &each(&left, &|books| books.contacts[channel]),
            );
            let sold = || books.iter().map(|books| books.sold[channel]);
            sheet.share(format!("sales.{name}.conversion.share"), sold().map(|s| (s.bought, s.intent)));
            sheet.share(format!("sales.{name}.upsell.share"), sold().map(|s| (s.upsold, s.bought)));
        }
    }
}

impl Books {
    fn of(setting: &Setting, section: &Section, part: f64) -> Self {
        let mut books = Self::default();
        let mut phone_wages = 0.0;
        for (number, (desk, tally)) in setting.desks.iter().zip(&section.desks).enumerate() {
            books.sales(desk, tally);
            books.served(desk, tally);
            for (place, group) in desk.groups.iter().enumerate().filter(|(_, group)| group.dual.is_none()) {
                let wages = group.wage_per_sec * group.rostered_secs(setting.window()) * part;
                let on_phone = if desk.phone { 1.0 } else { on_phone(setting, section, (number, place)) };
                books.cost[CHAT] += wages * (1.0 - on_phone);
                phone_wages += wages * on_phone;
            }
        }
        for (desk, tally) in setting.desks.iter().zip(&section.desks).filter(|(desk, _)| desk.phone) {
            let toll = |nanos: u128| desk.toll_per_sec * nanos as f64 / NANOS as f64;
            let called_back = called_back(tally);
            books.cost[PHONE] += phone_wages * (1.0 - called_back) + toll(tally.call_line_nanos);
            books.cost[CALLBACK] += phone_wages * called_back + toll(tally.callback_line_nanos);
        }
        books
    }

    fn served(&mut self, desk: &DeskSetting, tally: &DeskTally<Distribution>) {
        let visits = tally.visits();
        self.contacts[if desk.phone { PHONE } else { CHAT }] += visits.served();
        self.contacts[CALLBACK] += tally.callbacks.reached;
        self.resolved += visits.ended(Ending::Resolved) + tally.callbacks.outright_resolved;
    }

    fn sales(&mut self, desk: &DeskSetting, tally: &DeskTally<Distribution>) {
        let Some(sales) = &desk.sales else { return };
        for (channel, (_, of)) in CHANNELS.iter().enumerate() {
            let (sold, offer) = (tally.sold(*of), if channel == CHAT { sales.chat } else { sales.phone });
            let baskets = sold.bought as f64 + offer.addition * sold.upsold as f64;
            self.left[channel] += sales.margin * offer.basket * baskets;
            let all = &mut self.sold[channel];
            all.intent += sold.intent;
            all.bought += sold.bought;
            all.upsold += sold.upsold;
        }
    }

    fn cost(&self) -> f64 {
        self.cost.iter().sum()
    }

    fn contacts(&self) -> u64 {
        self.contacts.iter().sum()
    }

    fn margin(&self) -> f64 {
        self.left.iter().sum::<f64>() - self.cost()
    }
}

/// The part of a chat group's busy time that went into calls: its dual agents' in the phone pool.
fn on_phone(setting: &Setting, section: &Section, (desk, group): (usize, usize)) -> f64 {
    let engaged = section.desks[desk].groups.get(group).map_or(0, |group| group.engaged_nanos);
    let on_calls = on_calls(setting, section, (desk, group));
    if on_calls == 0 { 0.0 } else { on_calls as f64 / (on_calls + engaged) as f64 }
}

/// The part of a phone pool's talk time that went into callbacks: topic 0 are its calls, topic 1 its callbacks.
fn called_back(tally: &DeskTally<Distribution>) -> f64 {
    let talked = |topic: usize| tally.topics.get(topic).map_or(0, |topic| topic.handling_time.sum_nanos);
    let (calls, callbacks) = (talked(0), talked(1));
    if callbacks == 0 { 0.0 } else { callbacks as f64 / (calls + callbacks) as f64 }
}
