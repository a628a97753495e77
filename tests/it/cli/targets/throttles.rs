//! What servers do of their own accord to slow people down: told from latency, with the name of the setting.

use super::{Played, Server};

/// A few people who say `words` words every ten seconds, at speed 60: more than anybody types.
fn chatter(agents: u32, rate: u32, words: u32) -> String {
    format!(
        "name: chatter\nseed: 5\nlength: 5m\n\
         support:\n  arrivals: {{rate: {rate}/h}}\n  patience: never\n  \
         conversation: {{handling_time: {{constant: 3m}}, messages: {{every: 10s}}, words: {words}}}\n  \
         agents: {{count: {agents}, concurrency: 1}}\n\
         run: {{speed: 60, drain: 30m, valid: {{lag_p99: 1s, cpu: 100%, unconnected: 100%, unfinished: 100%}}}}\n"
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
    let refused = Played::start(&chatter(8, 30, 8), &target);
    refused.refused(4, &["too many connections", "MaxConnectionsIP"]);
    let played = Played::of(&chatter(1, 120, 8), &target);
    assert!(played.figure("errors.throttled.share") > 0.0, "{}", played.ran.stdout);
    assert!(played.figure("messages.held_back") > 0.0, "{}", played.ran.stdout);
    for words in ["let", "too many connections", "MaxPenaltyTime"] {
        assert!(played.remarks().contains(words), "no `{words}` in {}", played.remarks());
    }
}

/// It reads 10 kB a second from each.
#[test]
fn prosody_as_it_comes() {
    let Some(server) = Server::start("prosody", 2, true) else { return };
    let target = format!(
        "url: {}\naccounts: {{visitors: {{domain: anonymous.localhost}}, agents: {{domain: anonymous.localhost}}}}\n",
        server.url("xmpp", 0)
    );
    let played = Played::of(&chatter(2, 60, 400), &target);
    assert!(played.figure("messages.held_back") > 0.0, "{}", played.ran.stdout);
    assert!(played.remarks().contains("limits"), "{}", played.remarks());
}
