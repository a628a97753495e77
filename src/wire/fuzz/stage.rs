//! One play, and the rules.

use std::collections::VecDeque;

use super::super::endpoint::Kind;
use super::super::{Codec, Goodbye, Input, Output, Transport, http};
use crate::base::time::{RealMoment, RealSpan};

/// A direction follows this byte, which stands in no transcript:
///
/// | byte | direction |
/// |---|---|
/// | `\|` | what has come so far comes as one piece |
/// | `a` to `z` | the person acts |
/// | `0` to `9` | from here on it comes over this transport |
/// | `.` | the time is the next deadline, or a second later |
/// | `*` | the last piece comes [`AGAIN`] times more, each `%` in it being another letter |
/// | `X` | the transport is closed |
/// | `L`, `O` | transports open late from here on; those that were to be open do now, and promptly from here on |
/// | `E` | the oldest question is answered by an error |
///
/// Any other byte stands for itself.
pub(super) const DIRECTION: u8 = 0x7F;

const AGAIN: u8 = 75;

/// Bytes that are said in answer to one input, at the most: so many, and so many for each byte of it.
const SAID_BYTES_MAX: usize = 64 * 1024;
const SAID_BYTES_PER_BYTE_MAX: usize = 16;

/// Bytes that a codec keeps, at the most, as they are shown for debugging, which is some times as long.
const KEPT_BYTES_MAX: usize = 1 << 20;

/// Answers to outputs at once: opening what was closed, and so on. More of them are a circle.
const ROUNDS_MAX: usize = 100;

/// What a play needs.
struct Stage<'a, C: Codec> {
    codec: C,
    kinds: &'a [Kind],
    acts: &'a [C::Act],
    now: RealMoment,
    transports: Vec<State>,
    /// The transport that speaks.
    speaker: Transport,
    is_prompt: bool,
    last: Vec<u8>,
}

/// What is known of a transport.
#[derive(Debug, Default)]
struct State {
    is_opening: bool,
    is_open: bool,
    questions: VecDeque<u32>,
}

/// Plays `bytes` to a codec whose transports are of these kinds, and whose person does one of `acts` when directed to.
pub(super) fn play<C: Codec>(codec: C, kinds: &[Kind], acts: &[C::Act], bytes: &[u8]) {
    let mut stage = Stage {
        codec,
        kinds,
        acts,
        now: RealMoment::ZERO + RealSpan::from_whole_secs(1),
        transports: kinds.iter().map(|_| State::default()).collect(),
        speaker: Transport(0),
        is_prompt: true,
        last: Vec::new(),
    };
    let mut piece = Vec::new();
    let mut bytes = bytes.iter().copied();
    while let Some(byte) = bytes.next() {
        match if byte == DIRECTION { bytes.next() } else { None } {
            Some(direction) if stage.is_direction(direction) => {
                stage.speak(std::mem::take(&mut piece));
                stage.direct(direction);
            }
            Some(itself) => piece.push(itself),
            None => piece.push(byte),
        }
    }
    stage.speak(piece);
    stage.check_kept();
}

impl<C: Codec> Stage<'_, C> {
    fn is_direction(&self, byte: u8) -> bool {
        match byte {
            b'|' | b'.' | b'*' | b'X' | b'L' | b'O' | b'E' => true,
            b'a'..=b'z' => usize::from(byte - b'a') < self.acts.len(),
            b'0'..=b'9' => usize::from(byte - b'0') < self.kinds.len(),
            _ => false,
        }
    }

    fn direct(&mut self, direction: u8) {
        match direction {
            b'.' => self.wait(),
            b'*' => self.repeat(),
            b'X' => self.close(self.speaker),
            b'L' => self.is_prompt = false,
            b'O' => {
                self.is_prompt = true;
                (0..).zip(self.kinds).for_each(|(number, _)| self.open(Transport(number)));
            }
            b'E' => self.answer(Err("no answer")),
            b'a'..=b'z' => {
                let acts = self.acts;
                self.feed(Input::Act(&acts[usize::from(direction - b'a')]), 0);
            }
            b'0'..=b'9' => self.speaker = Transport(direction - b'0'),
            _ => {}
        }
    }

    fn wait(&mut self) {
        let deadline = self.codec.next_deadline();
        self.now = deadline.unwrap_or(self.now + RealSpan::from_whole_secs(1)).max(self.now);
        self.feed(Input::Tick, 0);
        let next = self.codec.next_deadline();
        assert!(next.is_none_or(|next| next > self.now), "the deadline does not move on");
    }

    fn repeat(&mut self) {
        let last = self.last.clone();
        for number in 0..AGAIN {
            let letter = b'0' + number;
            self.speak(last.iter().map(|byte| if *byte == b'%' { letter } else { *byte }).collect());
        }
        self.last = last;
        self.check_kept();
    }

    /// A piece comes, if it can.
    fn speak(&mut self, piece: Vec<u8>) {
        if piece.is_empty() {
            return;
        }
        let speaker = self.speaker;
        match self.kinds[usize::from(speaker.0)] {
            Kind::Http => self.answer(Ok(&piece)),
            _ if !self.transports[usize::from(speaker.0)].is_open => {}
            Kind::Stream => self.feed(Input::Bytes(speaker, &piece), piece.len()),
            Kind::WebSocket => {
                self.feed(Input::Frame(speaker, &String::from_utf8_lossy(&piece)), piece.len());
            }
        }
        self.last = piece;
    }

    /// The oldest question is answered: by a body, perhaps with a status before it (`429 {}`), or by an error.
    fn answer(&mut self, piece: Result<&[u8], &str>) {
        let speaker = self.speaker;
        let Some(number) = self.of(speaker).questions.pop_front() else { return };
        let answer = piece.map(|piece| {
            let status = piece.split(|byte| *byte == b' ').next().filter(|word| word.len() == 3);
            let status = status.and_then(|word| std::str::from_utf8(word).ok()?.parse().ok());
            let body = if status.is_some() { piece.get(4..).unwrap_or_default() } else { piece };
            http::Answer { status: status.unwrap_or(200), headers: Vec::new(), body: body.into() }
        });
        let length = piece.map_or(0, <[u8]>::len);
        self.feed(Input::Answered(speaker, number, answer.as_ref().map_err(|why| *why)), length);
    }

    fn of(&mut self, transport: Transport) -> &mut State {
        &mut self.transports[usize::from(transport.0)]
    }

    fn open(&mut self, transport: Transport) {
        let state = self.of(transport);
        if std::mem::take(&mut state.is_opening) {
            state.is_open = true;
            self.feed(Input::Opened(transport), 0);
        }
    }

    /// A transport is closed; a WebSocket with what came last for a goodbye, of which the first two bytes are the code.
    fn close(&mut self, transport: Transport) {
        let state = std::mem::take(self.of(transport));
        if !state.is_open && !state.is_opening {
            return;
        }
        let last = self.last.clone();
        let words = String::from_utf8_lossy(last.get(2..).unwrap_or_default());
        let goodbye = match (self.kinds[usize::from(transport.0)], &last[..]) {
            (Kind::WebSocket, &[high, low, ..]) => {
                Some(Goodbye { code: u16::from_be_bytes([high, low]), words: &words })
            }
            _ => None,
        };
        self.feed(Input::Closed(transport, goodbye), 0);
    }

    /// Hands an input of so many bytes in, and does what a driver does about what comes of it.
    fn feed(&mut self, input: Input<'_, C::Act>, length: usize) {
        // Each input comes a little after the one before.
        self.now = self.now + RealSpan::from_nanos(1_000_000);
        let mut out = Vec::new();
        self.codec.handle(self.now, input, &mut out);
        self.check_said(&out, length);
        let mut answers: VecDeque<Input<'_, C::Act>> = VecDeque::new();
        for _ in 0..ROUNDS_MAX {
            out.drain(..).for_each(|output| self.carry_out(&output, &mut answers));
            let Some(answer) = answers.pop_front() else { return };
            self.codec.handle(self.now, answer, &mut out);
            self.check_said(&out, 0);
        }
        panic!("one thing leads to another without an end");
    }

    fn carry_out(&mut self, output: &Output<C::Event>, answers: &mut VecDeque<Input<'_, C::Act>>) {
        match output {
            Output::Open(transport, _) => {
                let is_prompt = self.is_prompt;
                *self.of(*transport) =
                    State { is_opening: !is_prompt, is_open: is_prompt, ..State::default() };
                answers.extend(is_prompt.then_some(Input::Opened(*transport)));
            }
            Output::Secure(transport) => answers.push_back(Input::Secured(*transport)),
            Output::Send(transport, _) => {
                assert!(self.of(*transport).is_open, "it speaks into a transport that is not open");
            }
            Output::Ask(transport, number, _) => self.of(*transport).questions.push_back(*number),
            Output::Close(transport) => {
                *self.of(*transport) = State::default();
                answers.push_back(Input::Closed(*transport, None));
            }
            Output::Event(_) => {}
        }
    }

    fn check_said(&self, out: &[Output<C::Event>], length: usize) {
        let said: usize =
            out.iter().map(|output| if let Output::Send(_, text) = output { text.len() } else { 1 }).sum();
        let most = SAID_BYTES_MAX + SAID_BYTES_PER_BYTE_MAX * length;
        assert!(said <= most, "{said} bytes are said in answer to {length}");
    }

    fn check_kept(&self) {
        let kept = format!("{:?}", self.codec).len();
        assert!(kept <= KEPT_BYTES_MAX, "{kept} bytes are kept");
    }
}
