//! One attention for several chats: the finite-source queue.

/// The share of the time in which an agent who always holds `chats` chats reads or composes, where a reply takes
/// `reply_secs` and a visitor `away_secs` from one reply to the next message, both exponential: 1 − p₀ of the machine
/// repair model, p₀ = 1 / Σ chats!/(chats − j)! · (reply/away)^j over j = 0 … chats. The agent gives so many replies a
/// second as that share holds replies: share / `reply_secs`. By insensitivity it holds for any law of the visitors'
/// time.
///
/// C. Palm, "The distribution of repairmen in servicing automatic machines", Industritidningen Norden 75, 1947.
///
/// # Panics
/// Unless both times are positive.
#[must_use]
pub fn busy_share(chats: u32, reply_secs: f64, away_secs: f64) -> f64 {
    assert!(reply_secs > 0.0 && away_secs > 0.0, "replies of {reply_secs} s, {away_secs} s between them");
    let ratio = reply_secs / away_secs;
    let (mut weight, mut sum) = (1.0, 1.0);
    for j in 0..chats {
        weight *= f64::from(chats - j) * ratio;
        sum += weight;
    }
    1.0 - 1.0 / sum
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_figures_of_the_model_come_out() {
        for (chats, busy) in [(1, 0.400_000), (2, 0.689_655), (3, 0.865_672)] {
            assert!((busy_share(chats, 30.0, 45.0) - busy).abs() < 5e-7, "{chats} chats");
        }
        assert!(busy_share(0, 30.0, 45.0).abs() < 1e-15);
    }

    #[test]
    fn the_second_chat_brings_less_than_the_first_and_all_together_less_than_everything() {
        let share = |chats| busy_share(chats, 20.0, 60.0);
        assert!((share(1) - 0.25).abs() < 1e-15);
        assert!(share(2) - share(1) < share(1));
        assert!(share(40) > 0.999_999 && share(40) <= 1.0);
    }
}
