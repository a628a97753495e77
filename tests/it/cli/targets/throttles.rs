//! What servers do of their own accord to slow people down: told from latency, with the name of the setting.

use super::{How, Played, Server};

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

    /// Messages were held back, and that passes for no latency. Without a word of the server that shows where a question waits for two
    /// seconds, and a message may wait for the answer to the one before, too.
    #[track_caller]
    fn held_back(&self) {
        assert!(self.figure("messages.held_back") > 0.0, "{}", self.ran.stdout);
        let latency = self.summary["figures"]["delivery.p99"]["value"].as_f64();
        assert!(latency.is_none_or(|secs| secs < 4.5), "{}", self.ran.stdout);
    }
}

/// Five connections from one address, and a penalty for every line.
#[test]
fn ngircd_as_it_comes() {
    let Some(server) = Server::start("ngircd", 1, How::Stock) else { return };
    let target = format!("url: {}\n", server.url("irc", 0));
    let played = Played::of(&chatter(2, 600), &target);
    assert!(played.figure("errors.throttled.share") > 0.0, "{}", played.ran.stdout);
    played.held_back();
    for words in ["held", "too many connections", "MaxPenaltyTime"] {
        assert!(played.remarks().contains(words), "no `{words}` in {}", played.remarks());
    }
    let too_many = Played::start(&chatter(8, 600), &target);
    too_many.refused(4, &["too many connections", "MaxConnectionsIP"]);
}

/// Guests who say more than an XMPP server reads of each, in that scenario: what it lets lie is held back, and this setting is named.
fn lets_lie(name: &'static str, scenario: &str, setting: &str) {
    let Some(server) = Server::start(name, 2, How::Stock) else { return };
    let guests = "{domain: anonymous.localhost}";
    let target =
        format!("url: {}\naccounts: {{visitors: {guests}, agents: {guests}}}\n", server.url("xmpp", 0));
    let played = Played::of(scenario, &target);
    played.held_back();
    assert!(played.remarks().contains(setting), "{}", played.remarks());
}

/// It reads 10 kB a second from each.
#[test]
fn prosody_as_it_comes() {
    let wordy = chatter(2, 1_800).replace("length: 1h", "length: 3h").replace("15m", "60m");
    lets_lie("prosody", &wordy, "limits");
}

/// It reads 3000 bytes a second from each, after 20 kB.
#[test]
fn ejabberd_as_it_comes() {
    let wordy = chatter(2, 600).replace("length: 1h", "length: 2h").replace("15m", "100m");
    lets_lie("ejabberd", &wordy, "c2s_shaper");
}

/// It takes ten messages at once from each, then one in five seconds, and says so.
#[test]
fn synapse_as_it_comes() {
    let Some(server) = Server::start("synapse", 1, How::Stock) else { return };
    let target = format!(
        "url: {}\ndialect: matrix\naccounts: {{visitors: {{register: 1}}, agents: {{register: 1}}}}\n",
        server.url("http", 0)
    );
    let one = chatter(1, 60).replace("{rate: 12/h}", "{rate: 0/h, bursts: [{at: 0m, count: 1, within: 1s}]}");
    // What it holds back by the end would be waited for.
    let played =
        Played::of(&one.replace("length: 1h", "length: 15m").replace("drain: 1h", "drain: 10m"), &target);
    played.held_back();
    assert!(played.figure("errors.throttled.share") > 0.0, "{}", played.ran.stdout);
    for words in ["M_LIMIT_EXCEEDED", "rc_message"] {
        assert!(played.remarks().contains(words), "no `{words}` in {}", played.remarks());
    }
}
