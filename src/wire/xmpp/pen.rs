//! What is said to the server, in the words of the one or the other kind of transport, and what the person is told.

use std::fmt;

use super::super::messenger::Event;
use super::super::{Output, Transport};
use super::element::{Escaped, ns};

/// The one transport.
pub(super) const SERVER: Transport = Transport(0);

/// What a conversation with the server goes over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Framing {
    /// One document that goes on (RFC 6120).
    Stream,
    /// A WebSocket, one element a frame (RFC 7395).
    Frames,
}

/// Where all that is said and told goes.
#[derive(Debug)]
pub(super) struct Pen<'a> {
    framing: Framing,
    /// Stanzas sent so far; after all that there are numbers for it begins again.
    stanzas: &'a mut u32,
    out: &'a mut Vec<Output<Event>>,
}

impl<'a> Pen<'a> {
    pub(super) const fn new(framing: Framing, stanzas: &'a mut u32, out: &'a mut Vec<Output<Event>>) -> Self {
        Self { framing, stanzas, out }
    }

    /// Whether TLS can begin where there was none: a WebSocket has it from the beginning on, or never.
    pub(super) fn may_secure(&self) -> bool {
        self.framing == Framing::Stream
    }

    /// Stanzas sent so far, as a number that comes round.
    pub(super) const fn stanzas(&self) -> u32 {
        *self.stanzas
    }

    /// Sends a stanza: its name, its attributes and what is in it.
    pub(super) fn stanza(&mut self, name: &str, rest: impl fmt::Display, within: impl fmt::Display) {
        *self.stanzas = self.stanzas.wrapping_add(1);
        // Its namespace is the stream's, where there is a stream.
        let namespace = match self.framing {
            Framing::Stream => "",
            Framing::Frames => " xmlns='jabber:client'",
        };
        self.send(format_args!("<{name}{namespace} {rest}>{within}</{name}>"));
    }

    /// Sends what is no stanza.
    pub(super) fn send(&mut self, element: impl fmt::Display) {
        self.out.push(Output::Send(SERVER, element.to_string()));
    }

    pub(super) fn tell(&mut self, event: Event) {
        self.out.push(Output::Event(event));
    }

    /// TLS is to be agreed upon.
    pub(super) fn secure(&mut self) {
        self.out.push(Output::Secure(SERVER));
    }

    pub(super) fn close(&mut self) {
        self.out.push(Output::Close(SERVER));
    }

    /// The beginning of a stream to `domain`.
    pub(super) fn open(&mut self, domain: &str) {
        let domain = Escaped(domain);
        match self.framing {
            Framing::Stream => self.send(format_args!(
                "<?xml version='1.0'?><stream:stream to='{domain}' version='1.0' xmlns='{}' xmlns:stream='{}'>",
                ns::CLIENT,
                ns::STREAM,
            )),
            Framing::Frames => {
                self.send(format_args!("<open xmlns='{}' to='{domain}' version='1.0'/>", ns::FRAMING));
            }
        }
    }

    /// The end of a stream.
    pub(super) fn end(&mut self) {
        match self.framing {
            Framing::Stream => self.send("</stream:stream>"),
            Framing::Frames => self.send(format_args!("<close xmlns='{}'/>", ns::FRAMING)),
        }
    }
}
