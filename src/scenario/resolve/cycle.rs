//! How long a chat takes an agent who always holds so many of them: replies owed wait for the one attention, and
//! meanwhile visitors read, think and type.
//!
//! The chats in an agent's hands are the customers of a closed network of two stations: the agent, who serves first come
//! first served, and everything that goes on without the agent, a delay. For exponential replies mean value analysis is exact
//! (Reiser, Lavenberg, "Mean-value analysis of closed multichain queuing networks", Journal of the ACM 27(2), 1980),
//! whatever the law of the delays.

/// A chat, on average.
#[derive(Clone, Copy, Debug)]
pub(super) struct Chat {
    /// Replies of the agent, the hand-over to the phone included. At least 1.
    pub(super) replies: f64,
    /// What a reply takes of the agent's attention, in seconds.
    pub(super) reply_secs: f64,
    /// What visitors take between a reply and their next message, over the whole chat, in seconds.
    pub(super) visitor_secs: f64,
    /// Accepting it and wrapping it up: the slot is taken, the attention is not.
    pub(super) around_secs: f64,
}

impl Chat {
    /// How long it takes, from assignment to the slot being free, while its agent always holds `held` chats, at least
    /// 1. Between two whole numbers an agent holds now one, now the other: interpolated linearly.
    pub(super) fn secs(&self, held: f64) -> f64 {
        let lower = held.floor();
        let part = held - lower;
        let below = self.secs_among(lower as u32);
        if part == 0.0 { below } else { below + part * (self.secs_among(lower as u32 + 1) - below) }
    }

    fn secs_among(&self, held: u32) -> f64 {
        let delay = (self.visitor_secs + self.around_secs) / self.replies;
        let (mut queue, mut reply) = (0.0, self.reply_secs);
        for chats in 1..=held {
            reply = self.reply_secs * (1.0 + queue);
            queue = f64::from(chats) * reply / (reply + delay);
        }
        self.replies * (reply + delay)
    }

    /// The factor by which visitors' thinking, now `think_secs` over the whole chat and part of what they take, has to
    /// be multiplied for the chat to take `wanted` seconds. `None` where even without any it takes as long.
    pub(super) fn thinking(&self, think_secs: f64, wanted: f64, held: f64) -> Option<f64> {
        let busy = self.visitor_secs - think_secs;
        let secs = |factor: f64| Self { visitor_secs: busy + factor * think_secs, ..*self }.secs(held);
        if secs(0.0) >= wanted {
            return None;
        }
        // A chat takes at least as long as its visitor thinks.
        let (mut low, mut high) = (0.0, wanted / think_secs);
        for _ in 0..100 {
            let middle = 0.5 * (low + high);
            *(if secs(middle) < wanted { &mut low } else { &mut high }) = middle;
        }
        Some(high)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_finite_source_queue_comes_out() {
        // Replies of 30 s, 45 s between them, nothing around: busy .400000, .689655, .865672 of the time.
        let chat = Chat { replies: 1.0, reply_secs: 30.0, visitor_secs: 45.0, around_secs: 0.0 };
        for (held, busy) in [(1.0, 0.400_000), (2.0, 0.689_655), (3.0, 0.865_672)] {
            let per_sec = held / chat.secs(held);
            assert!((per_sec * 30.0 - busy).abs() < 1e-6, "{held}: {}", per_sec * 30.0);
        }
        let halfway = 0.5 * (chat.secs(2.0) + chat.secs(3.0));
        assert!((chat.secs(2.5) - halfway).abs() < 1e-9);
    }

    #[test]
    fn one_chat_alone_is_the_sum_of_its_parts() {
        let chat = Chat { replies: 7.0, reply_secs: 18.0, visitor_secs: 300.0, around_secs: 51.0 };
        assert!((chat.secs(1.0) - (7.0 * 18.0 + 351.0)).abs() < 1e-9);
    }

    #[test]
    fn thinking_is_what_is_missing() {
        let chat = Chat { replies: 7.0, reply_secs: 18.0, visitor_secs: 300.0, around_secs: 51.0 };
        for held in [1.0, 2.1, 4.0] {
            let factor = chat.thinking(72.0, 660.0, held).unwrap();
            let solved = Chat { visitor_secs: 228.0 + factor * 72.0, ..chat };
            assert!((solved.secs(held) - 660.0).abs() < 1e-6, "{held}: {factor}");
        }
        // Alone: 660 − 126 − 51 − 228 = 255 s of thinking.
        assert!((chat.thinking(72.0, 660.0, 1.0).unwrap() - 255.0 / 72.0).abs() < 1e-9);
        assert_eq!(chat.thinking(72.0, 405.0, 1.0), None);
    }
}
