//! What is read and written: elements of XML, with the names that XMPP gives them.

use std::fmt::{self, Write};

use rxml::{AttrMap, Namespace, NcName};

use crate::base::markup::reference;

/// The names of what elements mean.
pub(super) mod ns {
    pub(in super::super) const CLIENT: &str = "jabber:client";
    pub(in super::super) const STREAM: &str = "http://etherx.jabber.org/streams";
    pub(in super::super) const FRAMING: &str = "urn:ietf:params:xml:ns:xmpp-framing";
    pub(in super::super) const TLS: &str = "urn:ietf:params:xml:ns:xmpp-tls";
    pub(in super::super) const SASL: &str = "urn:ietf:params:xml:ns:xmpp-sasl";
    pub(in super::super) const BIND: &str = "urn:ietf:params:xml:ns:xmpp-bind";
    pub(in super::super) const REGISTER: &str = "jabber:iq:register";
    pub(in super::super) const REGISTER_FEATURE: &str = "http://jabber.org/features/iq-register";
    pub(in super::super) const MANAGEMENT: &str = "urn:xmpp:sm:3";
    pub(in super::super) const PING: &str = "urn:xmpp:ping";
    pub(in super::super) const DELAY: &str = "urn:xmpp:delay";
    pub(in super::super) const CHAT_STATES: &str = "http://jabber.org/protocol/chatstates";
    pub(in super::super) const ITEMS: &str = "http://jabber.org/protocol/disco#items";
    pub(in super::super) const INFO: &str = "http://jabber.org/protocol/disco#info";
    pub(in super::super) const MUC: &str = "http://jabber.org/protocol/muc";
    pub(in super::super) const MUC_USER: &str = "http://jabber.org/protocol/muc#user";
    pub(in super::super) const MUC_OWNER: &str = "http://jabber.org/protocol/muc#owner";
}

/// An element with all that is in it, of which [`super::reader`] makes no large ones.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Element {
    namespace: Namespace<'static>,
    name: NcName,
    attributes: AttrMap,
    /// The text directly in it.
    pub(super) text: String,
    /// The elements directly in it.
    pub(super) children: Vec<Element>,
}

impl Element {
    /// An element with nothing in it.
    pub(super) const fn new(namespace: Namespace<'static>, name: NcName, attributes: AttrMap) -> Self {
        Self { namespace, name, attributes, text: String::new(), children: Vec::new() }
    }

    pub(super) fn is(&self, name: &str, namespace: &str) -> bool {
        self.name.as_str() == name && self.namespace() == namespace
    }

    pub(super) fn name(&self) -> &str {
        &self.name
    }

    pub(super) fn namespace(&self) -> &str {
        &self.namespace
    }

    /// The value of an attribute in no namespace.
    pub(super) fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.get(Namespace::none(), name).map(String::as_str)
    }

    /// The first such element directly in this one.
    pub(super) fn child(&self, name: &str, namespace: &str) -> Option<&Self> {
        self.children.iter().find(|child| child.is(name, namespace))
    }
}

/// A text as it is written between tags or between apostrophes. What cannot be written in XML is left out.
#[derive(Clone, Copy)]
pub(super) struct Escaped<'a>(pub(super) &'a str);

impl fmt::Display for Escaped<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.chars().try_for_each(|character| match (reference(character), character) {
            (Some(reference), _) => f.write_str(reference),
            (None, '\t' | '\n' | '\r') => write!(f, "&#{};", u32::from(character)),
            (None, '\0'..='\x1F' | '\u{FFFE}' | '\u{FFFF}') => Ok(()),
            (None, _) => f.write_char(character),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_xml_has_no_word_for_is_left_out_and_marks_are_escaped() {
        let text = "a<b>&'c'\"d\"\u{0}\u{1b}\u{ffff}\r\n😀";
        let written = "a&lt;b&gt;&amp;&#39;c&#39;&quot;d&quot;&#13;&#10;😀";
        assert_eq!(Escaped(text).to_string(), written);
    }
}
