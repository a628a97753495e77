//! Which of a domain's services has the rooms (XEP-0030): the server is asked what there is, and then each whether it is one.

use super::super::messenger::LONGEST_NAME;
use super::element::{Element, Escaped, ns};
use super::pen::Pen;

/// Services that are asked at the most.
const MOST_SERVICES: usize = 16;

/// A search for it, that goes on.
#[derive(Clone, Debug)]
pub(super) struct Search {
    /// The room that is to be entered once it is found.
    pub(super) room: String,
    /// Those that were not asked yet, the next one last; `None` while the server is asked for them.
    services: Option<Vec<String>>,
    /// The one that is asked.
    asked: String,
}

/// What came of an answer.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Found {
    /// Another question is out.
    NotYet,
    /// This one has rooms; by its customary name, if none said so.
    Service(String),
}

impl Search {
    /// Asks the server.
    pub(super) fn begin(room: String, domain: &str, pen: &mut Pen<'_>) -> Self {
        let search = Self { room, services: None, asked: domain.to_owned() };
        search.ask(ns::ITEMS, pen);
        search
    }

    fn ask(&self, what: &str, pen: &mut Pen<'_>) {
        let (id, whom) = (self.id(), Escaped(&self.asked));
        let query = format_args!("<query xmlns='{what}'/>");
        pen.stanza("iq", format_args!("type='get' id='{id}' to='{whom}'"), query);
    }

    /// By which an answer to the question that is out is known.
    pub(super) fn id(&self) -> String {
        match &self.services {
            None => "services".into(),
            Some(left) => format!("service-{}", left.len()),
        }
    }

    /// Takes in the answer to the question that is out.
    pub(super) fn answered(&mut self, answer: &Element, domain: &str, pen: &mut Pen<'_>) -> Found {
        let left = match &mut self.services {
            None => self.services.insert(services(answer)),
            Some(_) if has_rooms(answer) => return Found::Service(std::mem::take(&mut self.asked)),
            Some(left) => left,
        };
        match left.pop() {
            None => Found::Service(format!("conference.{domain}")),
            Some(service) => {
                self.asked = service;
                self.ask(ns::INFO, pen);
                Found::NotYet
            }
        }
    }
}

fn services(answer: &Element) -> Vec<String> {
    let items = answer.child("query", ns::ITEMS).map_or(&[][..], |query| &query.children);
    let addresses = items.iter().filter_map(|item| item.attribute("jid"));
    let mut services: Vec<_> = addresses
        .filter(|address| !address.is_empty() && address.len() <= LONGEST_NAME)
        .take(MOST_SERVICES)
        .map(str::to_owned)
        .collect();
    services.reverse();
    services
}

fn has_rooms(answer: &Element) -> bool {
    let said = answer.child("query", ns::INFO).map_or(&[][..], |query| &query.children);
    said.iter().any(|feature| feature.is("feature", ns::INFO) && feature.attribute("var") == Some(ns::MUC))
}
