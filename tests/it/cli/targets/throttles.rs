//! What servers do of their own accord to slow people down: told from latency, with the name of the setting.

use super::{Played, Server};

/// A few people who say something every ten seconds of the scenario, at this speed: more than anybody types.
fn chatter(agents: u32, speed: u32) -> String {
    format!(
        "name: chatter\nseed: 5\nlength: 1h\n\
         support:\n  arrivals: {{rate: 12/h}}\n  patience: never\n  \
         conversation: {{handling_time: {{constant: 15m}}, messages: {{every: 10s}}}}\n  \
         agents: {{count: {agents}, concurrency: 1}}\n\
         run: {{speed: {speed}, drain: 1h, valid: {{lag_p99: 1s, cpu: 100%, unconnected: 100%, unfinished: 100%}}}}\n"
    )
}

impl Played {
    /// What a reader is told beside the figures.
    fn remarks(&self) -> String {
        self.summary["remarks"].to_string()
    }
}

/// Five connections from one address, and a penalty for every line.
#[test]
fn ngircd_as_it_comes() {
    let Some(server) = Server::start("ngircd", 1, true) else { return };
    let target = format!("url: {}\n", server.url("irc", 0));
    let played = Played::of(&chatter(2, 600), &target);
    assert!(played.figure("errors.throttled.share") > 0.0, "{}", played.ran.stdout);
    assert!(played.figure("messages.held_back") > 0.0, "{}", played.ran.stdout);
    for words in ["let", "too many connections", "MaxPenaltyTime"] {
        assert!(played.remarks().contains(words), "no `{words}` in {}", played.remarks());
    }
    let too_many = Played::start(&chatter(8, 600), &target);
    too_many.refused(4, &["too many connections", "MaxConnectionsIP"]);
}

/// It reads 10 kB a second from each.
#[test]
fn prosody_as_it_comes() {
    let Some(server) = Server::start("prosody", 2, true) else { return };
    let guests = "{domain: anonymous.localhost}";
    let target =
        format!("url: {}\naccounts: {{visitors: {guests}, agents: {guests}}}\n", server.url("xmpp", 0));
    let wordy = chatter(2, 1_800).replace("length: 1h", "length: 3h").replace("15m", "60m");
    let played = Played::of(&wordy, &target);
    assert!(played.figure("messages.held_back") > 0.0, "{}", played.ran.stdout);
    assert!(played.remarks().contains("limits"), "{}", played.remarks());
}
