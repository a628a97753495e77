//! Nicknames and the names of channels: which are the same, which are legal, and which is whose.

use crate::base::hash::fnv1a;

/// Bytes of a nickname at the most: networks allow some thirty letters. Whatever a server calls us takes room in every line of ours.
const LONGEST: usize = 64;

/// Which letters are the same: what a server says as `CASEMAPPING`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Mapping {
    /// `a` and `A`, and no others.
    Ascii,
    /// Likewise `{}|^` and `[]\~`: of a server that says nothing.
    #[default]
    Rfc1459,
    /// Likewise, without `^` and `~`.
    Strict,
}

impl Mapping {
    /// The mapping of this name. Those which it does not know are about letters beyond ASCII.
    pub(super) fn called(name: &[u8]) -> Self {
        match name {
            b"rfc1459" => Self::Rfc1459,
            b"strict-rfc1459" | b"rfc1459-strict" => Self::Strict,
            _ => Self::Ascii,
        }
    }

    fn folded(self, byte: u8) -> u8 {
        match byte {
            b'A'..=b'Z' => byte + 32,
            b'['..=b']' if self != Self::Ascii => byte + 32,
            b'^' if self == Self::Rfc1459 => b'~',
            _ => byte,
        }
    }

    /// The name that stands for all that are the same.
    pub(super) fn fold(self, name: &[u8]) -> Vec<u8> {
        name.iter().map(|byte| self.folded(*byte)).collect()
    }

    pub(super) fn same(self, one: &[u8], other: &[u8]) -> bool {
        one.len() == other.len() && one.iter().zip(other).all(|(a, b)| self.folded(*a) == self.folded(*b))
    }
}

/// The nickname in `bytes`, if it could be one on some server: a word of a line that names no channel.
pub(super) fn nickname(bytes: &[u8]) -> Option<&str> {
    let name = std::str::from_utf8(bytes).ok()?;
    let is_word = name.chars().all(|c| !c.is_control() && !matches!(c, ' ' | ',' | '!' | '@' | '*'));
    (is_word && !name.is_empty() && name.len() <= LONGEST && !name.starts_with([':', '#', '&', '+', '$']))
        .then_some(name)
}

/// A name to try where `nickname` was taken at the attempt of this number; nothing, when enough have been tried. What tells one
/// person from another is the end of their nicknames, so that stays.
pub(super) fn another_nickname(nickname: &str, attempt: u8) -> Option<String> {
    let mark = ['_', '^', '`', '|'].get(usize::from(attempt))?;
    let start = nickname.ceil_char_boundary((nickname.len() + 1).saturating_sub(super::NICKNAME_BYTES_MAX));
    Some(format!("{mark}{}", &nickname[start..]))
}

/// The channel of a room, of `longest` bytes at the most. Two rooms have two channels: what is cut off is in a hash.
pub(super) fn channel(room: &str, longest: usize) -> String {
    let mut name = String::from("#");
    let is_illegal = |c: char| c.is_control() || matches!(c, ' ' | ',' | ':');
    name.extend(room.chars().map(|c| if is_illegal(c) { '-' } else { c }));
    if name.len() > longest {
        let hash = format!("-{:08x}", fnv1a(room.as_bytes()) as u32);
        name.truncate(name.floor_char_boundary(longest - hash.len()));
        name.push_str(&hash);
    }
    name
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_are_the_same_as_the_server_has_it() {
        for (name, bracket, tilde) in [
            ("ascii", false, false),
            ("rfc1459", true, true),
            ("strict-rfc1459", true, false),
            ("utf8", false, false),
        ] {
            let mapping = Mapping::called(name.as_bytes());
            assert!(mapping.same(b"#Room", b"#rOOM") && !mapping.same(b"#room", b"#rooms"));
            assert_eq!(mapping.same(b"a[b]\\", b"A{B}|"), bracket, "{name}");
            assert_eq!(mapping.same(b"^", b"~"), tilde, "{name}");
            assert_eq!(
                mapping.fold(b"A[^"),
                mapping.fold(if tilde {
                    b"a{~"
                } else if bracket {
                    b"a{^"
                } else {
                    b"a[^"
                })
            );
        }
    }

    #[test]
    fn what_would_not_be_one_word_is_no_nickname() {
        for name in ["anna", "_23456789", "[x]`", "é"] {
            assert_eq!(nickname(name.as_bytes()), Some(name));
        }
        let long = "x".repeat(LONGEST + 1);
        for name in ["", " ", "a b", "a,b", ":a", "#a", "&a", "a\u{0}", "a\u{7}", "a!b", &long] {
            assert_eq!(nickname(name.as_bytes()), None, "{name:?}");
        }
        assert_eq!(nickname(b"\xFF"), None);
    }

    #[test]
    fn other_nicknames_keep_their_end_and_are_no_longer() {
        assert_eq!(another_nickname("v00000012", 0).unwrap(), "_00000012");
        assert_eq!(another_nickname("anna", 1).unwrap(), "^anna");
        assert_eq!(another_nickname("", 2).unwrap(), "`");
        assert_eq!(another_nickname("ééééé", 3).unwrap(), "|éééé");
        assert_eq!(another_nickname("anna", 4), None);
    }

    #[test]
    fn rooms_have_channels_of_their_own() {
        assert_eq!(channel("lobby", 50), "#lobby");
        assert_eq!(channel("portal/3", 50), "#portal/3");
        assert_eq!(channel("a b,c:d\r\n\u{7}", 50), "#a-b-c-d---");
        let (one, other) = (channel(&"é".repeat(40), 50), channel(&"é".repeat(41), 50));
        assert!(one.len() <= 50 && one != other && one.starts_with("#éééé"), "{one} {other}");
    }
}
