//! What every message of a run carries: who sent it, which of theirs it is, and when it was meant to be sent.
//!
//! 32 characters [a-z0-9] survive every chat platform's formatting. They hold 160 bits, of which 16 check the rest, so
//! that a platform's own texts, a stranger's, or a mangled token decode to nothing.

use crate::base::id::{PopulationId, VisitId};
use crate::base::time::RealMoment;
use crate::base::words::Progress;

/// Characters in a token.
pub const TOKEN_LEN: usize = 32;

/// RFC 4648's alphabet, in lower case.
const ALPHABET: &[u8; 32] = b"abcdefghijklmnopqrstuvwxyz234567";

/// The number of a run, which tells its messages from those of another against the same server. 20 bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct RunId(u32);

impl RunId {
    /// The run of this number; what is beyond 20 bits is cut off.
    #[must_use]
    pub const fn new(number: u32) -> Self {
        Self(number & 0xF_FFFF)
    }

    /// Its number.
    #[must_use]
    pub const fn number(self) -> u32 {
        self.0
    }
}

/// What a token stands on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// The request to be served, and how far it has come since: an agent who passes it on says so.
    Opening(Progress),
    /// The visitor's message of this number, from 0.
    OfVisitor(u32),
    /// The agent's message of this number, from 0.
    OfAgent(u32),
    /// A guest's message of this number, from 0, to a room.
    OfGuest(u32),
}

/// What a token says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Token {
    /// Whose run it is.
    pub run: RunId,
    /// In whose visit.
    pub visit: VisitId,
    /// What it stands on.
    pub part: Part,
    /// When it was meant to be sent, since the run's epoch; a token keeps whole microseconds.
    pub intended: RealMoment,
}

/// The fields of a token after the check, most significant first, in bits.
const RUN: u32 = 20;
const POPULATION: u32 = 12;
const INDEX: u32 = 34;
const ATTEMPT: u32 = 8;
const PART: u32 = 2;
const NUMBER: u32 = 24;
const MICROS: u32 = 44;
const CHECK: u32 = 16;
const _: () = assert!(RUN + POPULATION + INDEX + ATTEMPT + PART + NUMBER + MICROS + CHECK == 160);

/// Bits, most significant first, appended to or taken from 160.
#[derive(Clone, Copy, Default)]
struct Bits {
    high: u32,
    low: u128,
}

impl Bits {
    fn push(&mut self, value: u64, width: u32) {
        let above = (u64::from(self.high) << width) | (self.low >> (128 - width)) as u64;
        self.high = above as u32;
        self.low = (self.low << width) | u128::from(value & ((1 << width) - 1));
    }

    /// Takes the least significant bits.
    fn pop(&mut self, width: u32) -> u64 {
        let value = (self.low as u64) & ((1 << width) - 1);
        self.low = (self.low >> width) | (u128::from(self.high) << (128 - width));
        self.high = self.high.checked_shr(width).unwrap_or(0);
        value
    }

    /// A 16-bit digest of the lower 144 bits: splitmix64's finalizer over each word.
    fn check(self) -> u64 {
        let mut hash = 0x6361_7573_6572_6965u64;
        for word in [self.low as u64, (self.low >> 64) as u64, u64::from(self.high)] {
            hash = (hash ^ word).wrapping_mul(0xBF58_476D_1CE4_E5B9);
            hash = (hash ^ (hash >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
            hash ^= hash >> 31;
        }
        hash >> (64 - CHECK)
    }
}

impl Token {
    /// The token's 32 characters. What is wider than its field is cut off (the 17-billionth visitor, the 16-millionth
    /// message of one visit, a message seven months into a run).
    #[must_use]
    pub fn encode(&self) -> String {
        let (part, number) = match self.part {
            // Twice the replies, and one more where none is owed: a request that nobody took up yet is 0.
            Part::Opening(so_far) => (0, so_far.replies << 1 | u32::from(!so_far.owed)),
            Part::OfVisitor(number) => (1, number),
            Part::OfAgent(number) => (2, number),
            Part::OfGuest(number) => (3, number),
        };
        let mut body = Bits::default();
        body.push(self.run.number().into(), RUN);
        body.push(self.visit.population.0.into(), POPULATION);
        body.push(self.visit.index, INDEX);
        body.push(self.visit.attempt.into(), ATTEMPT);
        body.push(part, PART);
        body.push(number.into(), NUMBER);
        body.push(self.intended.nanos() / 1_000, MICROS);
        let mut bits = body;
        bits.push(body.check(), CHECK);
        let mut text = [0; TOKEN_LEN];
        for place in text.iter_mut().rev() {
            *place = ALPHABET[bits.pop(5) as usize];
        }
        text.iter().map(|byte| char::from(*byte)).collect()
    }

    /// What these 32 characters say; `None` of anything that no [`Token::encode`] wrote.
    #[must_use]
    pub fn decode(text: &str) -> Option<Self> {
        if text.len() != TOKEN_LEN {
            return None;
        }
        let mut bits = Bits::default();
        for byte in text.bytes() {
            let digit = match byte {
                b'a'..=b'z' => byte - b'a',
                b'2'..=b'7' => byte - b'2' + 26,
                _ => return None,
            };
            bits.push(digit.into(), 5);
        }
        let check = bits.pop(CHECK);
        if check != bits.check() {
            return None;
        }
        let intended = RealMoment::from_nanos(bits.pop(MICROS) * 1_000);
        let number = bits.pop(NUMBER) as u32;
        let part = match (bits.pop(PART), number) {
            (0, number) => Part::Opening(Progress { replies: number >> 1, owed: number & 1 == 0 }),
            (1, number) => Part::OfVisitor(number),
            (2, number) => Part::OfAgent(number),
            (_, number) => Part::OfGuest(number),
        };
        let attempt = bits.pop(ATTEMPT) as u8;
        let index = bits.pop(INDEX);
        let population = PopulationId(bits.pop(POPULATION) as u16);
        let run = RunId::new(bits.pop(RUN) as u32);
        Some(Self { run, visit: VisitId { population, index, attempt }, part, intended })
    }

    /// The token that a message begins with.
    #[must_use]
    pub fn leading(text: &str) -> Option<Self> {
        Self::decode(text.split_whitespace().next()?)
    }

    /// The token that stands second in a message: it names the message that this one answers.
    #[must_use]
    pub fn second(text: &str) -> Option<Self> {
        Self::decode(text.split_whitespace().nth(1)?)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn any_token() -> impl Strategy<Value = Token> {
        let part = prop_oneof![
            (0u32..1 << (NUMBER - 1), any::<bool>())
                .prop_map(|(replies, owed)| Part::Opening(Progress { replies, owed })),
            (0u32..1 << NUMBER).prop_map(Part::OfVisitor),
            (0u32..1 << NUMBER).prop_map(Part::OfAgent),
            (0u32..1 << NUMBER).prop_map(Part::OfGuest),
        ];
        let who = (0u16..1 << POPULATION, 0u64..1 << INDEX, any::<u8>());
        (any::<u32>(), who, part, 0u64..1 << MICROS).prop_map(
            |(run, (population, index, attempt), part, micros)| Token {
                run: RunId::new(run),
                visit: VisitId { population: PopulationId(population), index, attempt },
                part,
                intended: RealMoment::from_nanos(micros * 1_000),
            },
        )
    }

    proptest! {
        #[test]
        fn what_is_written_is_read(token in any_token()) {
            let text = token.encode();
            prop_assert_eq!(text.len(), TOKEN_LEN);
            prop_assert!(text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit()));
            prop_assert_eq!(Token::decode(&text), Some(token));
            prop_assert_eq!(Token::leading(&format!("{text} and some words")), Some(token));
            prop_assert_eq!(Token::second(&format!("something {text} and some words")), Some(token));
        }

        #[test]
        fn one_wrong_character_is_noticed(token in any_token(), place in 0..TOKEN_LEN, digit in 0usize..32) {
            let mut text = token.encode().into_bytes();
            let wrong = ALPHABET[digit];
            // 2⁻¹⁶ of the changes that a check of 16 bits lets pass are not met in a few hundred.
            prop_assume!(text[place] != wrong);
            text[place] = wrong;
            prop_assert_eq!(Token::decode(std::str::from_utf8(&text).unwrap()), None);
        }

        #[test]
        fn anything_hostile_is_nothing(text in ".{0,40}") {
            prop_assert_eq!(Token::decode(&text), None);
            let _ = (Token::leading(&text), Token::second(&text));
        }
    }

    #[test]
    fn lengths_alphabets_and_empty_texts() {
        for text in
            ["", " ", &"a".repeat(31), &"a".repeat(33), &"A".repeat(32), &"é".repeat(16), &"1".repeat(32)]
        {
            assert_eq!(Token::decode(text), None, "{text:?}");
        }
        assert_eq!(Token::leading(""), None);
    }
}
