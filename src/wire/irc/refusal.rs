//! What a server means by a refusal: that it will not have us, or that it wants less of this.
//!
//! Numerics are those of RFC 2812 (section 5.2) and of the servers in use, as <https://modern.ircdocs.horse> lists them; what an
//! `ERROR` means is in its words alone.

use crate::base::time::RealSpan;

/// Of the server's words, so many bytes are passed on at the most.
const WORDS_BYTES_MAX: usize = 400;

/// Whether a server that answers a login with this will not have us: bad nickname (431, 432), wrong or missing password (464), banned
/// (465, 466), an address (463) or a user (468) that it does not take.
pub(super) fn is_of_login(command: &str) -> bool {
    matches!(command, "431" | "432" | "463" | "464" | "465" | "466" | "468")
}

/// Whether the nickname is taken: in use (433), in use on another server (436), or kept for a while (437).
pub(super) fn is_taken(command: &str) -> bool {
    matches!(command, "433" | "436" | "437")
}

/// Whether a server that answers a request to enter a room with this does not let us: no such channel (403), forwarded to another
/// (470), full (471), by invitation (473), banned (474), locked (475), no channel's name (476), for members (477, 489, 520).
pub(super) fn is_of_room(command: &str) -> bool {
    matches!(command, "403" | "470" | "471" | "473" | "474" | "475" | "476" | "477" | "489" | "520")
}

/// Whether the server wants less of this: try again later (263), too many channels (405), a channel not to be had for a while (437),
/// others spoken to too fast (439, 707), too many entering at once (480).
pub(super) fn is_throttle(command: &str) -> bool {
    matches!(command, "263" | "405" | "437" | "439" | "480" | "707")
}

/// Whether these words of a server say that it wants less of something: connections from an address, connections after another,
/// lines.
pub(super) fn speaks_of_throttling(words: &str) -> bool {
    const SIGNS: [&str; 9] = [
        "too many", // ngircd, Solanum, UnrealIRCd: connections from an address; InspIRCd: times in a short while
        "too fast", // UnrealIRCd, ircu: reconnecting
        "throttl",  // UnrealIRCd, Solanum
        "flood",    // all: excess flood
        "try again", // hybrid and its children, ircu
        "try later", // hybrid, when full
        "no more connections", // ircu, InspIRCd: of this class
        "recvq exceeded", // InspIRCd: lines unread
        "server is full", // ircu
    ];
    let words = words.to_ascii_lowercase();
    SIGNS.iter().any(|sign| words.contains(sign))
}

/// Whether these words of a server say that it will not have this person: banned, killed, not authorised.
pub(super) fn speaks_of_banning(words: &str) -> bool {
    const SIGNS: [&str; 6] = ["banned", "-lined", "kill", "denied", "authoriz", "authoris"];
    let words = words.to_ascii_lowercase();
    SIGNS.iter().any(|sign| words.contains(sign))
}

/// The server's words, as far as anybody would read them.
pub(super) fn words(text: &str) -> String {
    let text = text.trim();
    let end = text.floor_char_boundary(WORDS_BYTES_MAX);
    text[..end].chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}

/// How long to wait, where the words say so many seconds.
pub(super) fn retry_after(words: &str) -> Option<RealSpan> {
    let mut before = "";
    for word in words.split_whitespace() {
        if word.starts_with("sec") {
            let secs: u32 = before.parse().ok()?;
            return Some(RealSpan::from_whole_secs(secs.into()));
        }
        before = word;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn servers_in_use_are_understood() {
        for words in [
            "Connection refused, too many connections from your IP address",
            "Closing Link: [192.0.2.1] (Throttled: Reconnecting too fast)",
            "Trying to reconnect too fast.",
            "Closing Link: 192.0.2.1 (Too many host connections (local))",
            "Closing link: (~a@192.0.2.1) [Excess Flood]",
            "Your host is trying to (re)connect too fast -- throttled",
            "Closing link: (a@b) [RecvQ exceeded]",
        ] {
            assert!(speaks_of_throttling(words) && !speaks_of_banning(words), "{words}");
        }
        for words in
            ["Access denied: Bad password?", "Closing Link: a[b] (Killed (x (no)))", "K-lined", "Z-Lined"]
        {
            assert!(speaks_of_banning(words) && !speaks_of_throttling(words), "{words}");
        }
        for words in
            ["", "Closing connection", "Server going down", "Closing Link: a (Ping timeout: 120 seconds)"]
        {
            assert!(!speaks_of_banning(words) && !speaks_of_throttling(words), "{words}");
        }
    }

    #[test]
    fn a_time_to_wait_is_read_where_there_is_one() {
        let message = "Message target change too fast. Please wait 60 seconds.";
        assert_eq!(retry_after(message), Some(RealSpan::from_whole_secs(60)));
        for text in
            ["seconds", "wait some seconds", "wait -1 sec", "wait 99999999999 seconds", "wait 5 minutes", ""]
        {
            assert_eq!(retry_after(text), None, "{text}");
        }
    }

    #[test]
    fn words_are_short_and_on_one_line() {
        assert_eq!(words(" no\u{7}t \u{1b}[1m"), "no t  [1m");
        assert_eq!(words(&"é".repeat(5_000)).len(), WORDS_BYTES_MAX);
    }
}
