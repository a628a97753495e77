//! What a server says when it will not do something: why, in its words, and whether that is to be less often.

use super::super::messenger::Event;
use super::element::{Element, ns};

/// Characters of a server's words that are kept.
const WORDS: usize = 200;

/// Conditions by which a server says that it is asked too much, of stanzas, streams and logins (RFC 6120: 4.9.3, 6.5, 8.3.3).
const THROTTLES: [&str; 3] = ["policy-violation", "resource-constraint", "temporary-auth-failure"];

/// Conditions by which a server says that there is nobody at an address (RFC 6120, 8.3.3).
const ABSENCES: [&str; 4] = ["service-unavailable", "recipient-unavailable", "item-not-found", "gone"];

/// Conditions by which a server says that it goes away, and not because of us (RFC 6120, 4.9.3).
const GOES_AWAY: [&str; 6] = [
    "system-shutdown",
    "connection-timeout",
    "reset",
    "internal-server-error",
    "remote-connection-failed",
    "undefined-condition",
];

/// An `<error/>` or a `<failure/>`, taken apart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Complaint {
    /// The condition by which the protocol names it.
    pub(super) condition: String,
    text: String,
}

impl Complaint {
    /// Of the element that holds the condition, and perhaps a text.
    pub(super) fn of(element: &Element) -> Self {
        let (texts, conditions): (Vec<_>, Vec<_>) =
            element.children.iter().partition(|child| child.name() == "text");
        let condition = conditions.first().map_or("no reason given", |condition| condition.name());
        let text = texts.first().map_or("", |text| text.text.trim());
        Self { condition: words(condition), text: words(text) }
    }

    /// Of a stanza of the type `error`.
    pub(super) fn in_stanza(stanza: &Element) -> Self {
        let error = stanza.children.iter().find(|child| child.name() == "error");
        error.map_or_else(|| Self { condition: "error".into(), text: String::new() }, Self::of)
    }

    /// Of the presence by which somebody is put out of a room (XEP-0045, 9.1, 9.2, 10.9).
    pub(super) fn of_removal(stanza: &Element) -> Self {
        let x = stanza.child("x", ns::MUC_USER);
        let reason = x.and_then(|x| {
            let within = x.children.iter().flat_map(|child| &child.children);
            within.chain(&x.children).find(|element| element.name() == "reason")
        });
        let text = reason.map_or("", |reason| reason.text.trim());
        Self { condition: "put out of the room".into(), text: words(text) }
    }

    /// Whether the server wants less of this. Old servers have no condition for that, but words.
    pub(super) fn is_throttle(&self) -> bool {
        THROTTLES.contains(&self.condition.as_str()) || self.text.contains("quickly")
    }

    /// Whether the server goes away, rather than not wanting us.
    pub(super) fn is_farewell(&self) -> bool {
        GOES_AWAY.contains(&self.condition.as_str())
    }

    /// For a person to read.
    pub(super) fn why(self) -> String {
        if self.text.is_empty() { self.condition } else { format!("{}: {}", self.condition, self.text) }
    }

    /// Whether whoever it was meant for is not there, or no longer.
    pub(super) fn is_of_absence(&self) -> bool {
        ABSENCES.contains(&self.condition.as_str())
    }

    /// What the person is told of a message that the server did not take.
    pub(super) fn of_message(self) -> Event {
        if self.is_throttle() { self.event() } else { Event::Failed { why: self.why() } }
    }

    /// What the person is told of something that did not come about.
    pub(super) fn event(self) -> Event {
        if self.is_throttle() {
            Event::Throttled { why: self.why(), retry_after: None }
        } else {
            Event::Refused { why: self.why() }
        }
    }
}

/// As much of what a server said as a person wants to read.
pub(super) fn words(text: &str) -> String {
    text.chars().take(WORDS).collect()
}
