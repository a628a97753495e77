//! Bytes of a stream, cut anywhere, as elements. No more is kept of a stream than the element that has begun, and that is bounded
//! in bytes, depth, elements and attributes. What XMPP forbids is refused by the parser: document types, entities,
//! processing instructions, comments (RFC 6120, 11.1).

use rxml::error::EndOrError;
use rxml::{Event, Options, Parse, Parser, WithOptions};

use super::element::Element;

/// Bytes of an element of a stream's first level at the most.
pub(super) const LARGEST: usize = 64 * 1024;
/// Elements within each other at the most.
const DEEPEST: usize = 32;
/// Elements within one of the first level at the most.
const MOST_ELEMENTS: usize = 2048;
/// Attributes of an element at the most.
const MOST_ATTRIBUTES: usize = 64;
/// Bytes of a tag at the most, with all its attributes.
const LONGEST_TAG: usize = 8 * 1024;
/// Bytes of an attribute's value at the most; longer texts come in pieces.
const LONGEST_VALUE: usize = 4 * 1024;

/// What is wrong with a server of something else.
const NO_TAG: &str = "this is no XML of XMPP: it does not begin with a tag";

/// What a stream consists of.
#[derive(Debug, PartialEq)]
pub(super) enum Piece {
    /// Its first tag.
    Opened(Element),
    /// An element of the first level.
    Element(Element),
    /// Its last tag.
    Ended,
}

/// Reads one stream, or one frame.
#[derive(Debug)]
pub(super) struct Reader {
    parser: Parser,
    /// Whether the first tag was read of what holds all others.
    is_open: bool,
    /// The element that has begun, and those within it, each in the one before.
    begun: Vec<Element>,
    /// Elements within the one that has begun.
    elements: usize,
    /// Bytes since it began.
    bytes: usize,
    /// Bytes since the parser last made something of them.
    pending: usize,
}

impl Reader {
    /// A stream that is about to begin.
    pub(super) fn new() -> Self {
        let options = Options { max_token_length: LONGEST_VALUE, ..Options::default() };
        let parser = Parser::with_options(options);
        Self { parser, is_open: false, begun: Vec::new(), elements: 0, bytes: 0, pending: 0 }
    }

    /// The one element of a WebSocket's frame (RFC 7395, 3.3.3).
    ///
    /// # Errors
    /// Says what is wrong with it, for a person to read.
    pub(super) fn frame(text: &str) -> Result<Element, String> {
        if !text.starts_with('<') {
            return Err(NO_TAG.into());
        }
        let mut reader = Self { is_open: true, ..Self::new() };
        let mut rest = text.as_bytes();
        let Some(Piece::Element(element)) = reader.next(&mut rest)? else {
            return Err("a frame without a whole element".into());
        };
        match reader.parser.parse(&mut rest, true) {
            Ok(None) => Ok(element),
            Ok(Some(_)) | Err(_) => Err("a frame with more than one element".into()),
        }
    }

    /// The next piece in `bytes`, from which it is taken; `None` when there is no whole one left in them.
    ///
    /// # Errors
    /// Says what is wrong, for a person to read. Nothing more can be read then.
    pub(super) fn next(&mut self, bytes: &mut &[u8]) -> Result<Option<Piece>, String> {
        // The parser would wait for the end of what it takes for a text.
        if !self.is_open && self.bytes == 0 && bytes.first().is_some_and(|first| *first != b'<') {
            return Err(NO_TAG.into());
        }
        loop {
            let within = (LARGEST - self.bytes).min(LONGEST_TAG - self.pending).min(bytes.len());
            let mut part = &bytes[..within];
            let result = self.parser.parse(&mut part, false);
            let read = within - part.len();
            *bytes = &bytes[read..];
            self.bytes += read;
            self.pending += read;
            match result {
                Ok(Some(event)) => {
                    self.pending = 0;
                    if let Some(piece) = self.take(event)? {
                        return Ok(Some(piece));
                    }
                }
                Ok(None) => return Err("there is something behind the stream's end".into()),
                Err(EndOrError::Error(error)) => return Err(format!("this is no XML of XMPP: {error}")),
                Err(EndOrError::NeedMoreData) if self.bytes == LARGEST => {
                    return Err(format!("an element of more than {LARGEST} bytes"));
                }
                Err(EndOrError::NeedMoreData) if self.pending == LONGEST_TAG => {
                    return Err(format!("a tag of more than {LONGEST_TAG} bytes"));
                }
                Err(EndOrError::NeedMoreData) if bytes.is_empty() => return Ok(None),
                Err(EndOrError::NeedMoreData) => {}
            }
        }
    }

    /// Keeps no more memory than what was read takes: for a while there may be nothing to read.
    pub(super) fn rest(&mut self) {
        self.parser.release_temporaries();
        self.begun.shrink_to_fit();
    }

    fn take(&mut self, event: Event) -> Result<Option<Piece>, String> {
        match event {
            Event::XmlDeclaration(..) => Ok(None),
            Event::StartElement(_, (namespace, name), attributes) => {
                if attributes.len() > MOST_ATTRIBUTES {
                    return Err(format!("an element of more than {MOST_ATTRIBUTES} attributes"));
                }
                let element = Element::new(namespace, name, attributes);
                if !self.is_open {
                    self.is_open = true;
                    self.bytes = 0;
                    return Ok(Some(Piece::Opened(element)));
                }
                self.begin(element)
            }
            Event::Text(_, text) => match self.begun.last_mut() {
                Some(element) => {
                    element.text.push_str(&text);
                    Ok(None)
                }
                // A sign of life.
                None if text.bytes().all(|byte| byte.is_ascii_whitespace()) => {
                    self.bytes = 0;
                    Ok(None)
                }
                None => Err("a text outside of all elements".into()),
            },
            Event::EndElement(_) => Ok(self.end()),
        }
    }

    fn begin(&mut self, element: Element) -> Result<Option<Piece>, String> {
        if self.begun.len() == DEEPEST {
            return Err(format!("elements more than {DEEPEST} deep"));
        }
        self.elements += 1;
        if self.elements > MOST_ELEMENTS {
            return Err(format!("an element with more than {MOST_ELEMENTS} others in it"));
        }
        self.begun.push(element);
        Ok(None)
    }

    fn end(&mut self) -> Option<Piece> {
        let Some(element) = self.begun.pop() else { return Some(Piece::Ended) };
        if let Some(parent) = self.begun.last_mut() {
            parent.children.push(element);
            return None;
        }
        (self.elements, self.bytes) = (0, 0);
        Some(Piece::Element(element))
    }
}
