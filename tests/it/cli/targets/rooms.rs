//! A community room on each server: who comes and goes, and what is said, is what the server tells its members.

use super::{How, Played, Server};

/// A room with a few in it, for some minutes.
fn room(speed: u32, length: &str) -> String {
    format!(
        "name: room\nseed: 5\nlength: {length}\n\
         rooms:\n  fans:\n    arrivals: {{rate: 90/h}}\n    stay: {{exponential: {{mean: 4m}}}}\n    \
         alone_patience: {{exponential: {{mean: 2m}}}}\n    guests: {{lurkers: 40%, occasional: 40%, regular: 20%}}\n    \
         talk: {{occasional: 30/h, regular: 60/h}}\n    questions: {{share: 30%, answered_by: 50%, after: 20s}}\n\
         run: {{speed: {speed}, drain: 8m, valid: {{lag_p99: 1s, cpu: 100%, unfinished: 100%}}}}\n"
    )
}

/// Everybody met whom they meet in virtual time, and heard all that was said while they were there.
#[track_caller]
fn agrees(played: &Played, least: f64) {
    assert_eq!(played.ran.code, Some(0), "{:#?}", played.ran);
    for name in ["lost", "duplicated", "reordered"] {
        assert_eq!(played.figure(&format!("messages.{name}")), 0.0, "{name}: {}", played.ran.stdout);
    }
    assert!(played.figure("messages.delivered") > 20.0, "{}", played.ran.stdout);
    let paired = &played.summary["twin"]["rooms"]["paired"];
    let [all, same] = ["paired", "same_company"].map(|name| paired[name].as_f64().expect("a number"));
    assert!(same >= least * all, "{paired}: {}", played.ran.stdout);
}

#[test]
fn a_channel_of_ngircd() {
    let Some(server) = Server::start("ngircd", 1, How::Lifted) else { return };
    agrees(&Played::of(&room(60, "12m"), &format!("url: {}\n", server.url("irc", 0))), 0.95);
}

#[test]
fn a_room_of_prosody() {
    let Some(server) = Server::start("prosody", 2, How::Lifted) else { return };
    let target = format!(
        "url: {}\nrooms: conference.localhost\naccounts: {{visitors: {{domain: anonymous.localhost}}}}\n",
        server.url("xmpp", 0)
    );
    agrees(&Played::of(&room(60, "12m"), &target), 0.95);
}

/// Guests come from a domain that has no rooms: whoever reads the report learns why nobody was let in.
#[test]
fn where_there_is_no_room_it_is_said() {
    let Some(server) = Server::start("prosody", 2, How::Lifted) else { return };
    let target =
        format!("url: {}\naccounts: {{visitors: {{domain: anonymous.localhost}}}}\n", server.url("xmpp", 0));
    let played = Played::of(&room(60, "2m"), &target);
    assert_eq!(played.figure("errors.refused.share"), 1.0, "{}", played.ran.stdout);
    let remarks = played.summary["remarks"].to_string();
    assert!(remarks.contains("the first: not-allowed"), "{remarks}");
}

#[test]
fn a_room_of_ejabberd() {
    let Some(server) = Server::start("ejabberd", 2, How::Lifted) else { return };
    let target = format!(
        "url: {}\nrooms: conference.localhost\naccounts: {{visitors: {{domain: anonymous.localhost}}}}\n",
        server.url("xmpp", 0)
    );
    agrees(&Played::of(&room(60, "12m"), &target), 0.95);
}

#[test]
fn a_room_of_socketio() {
    let Some(server) = Server::start("socketio", 1, How::Lifted) else { return };
    let target = format!("url: {}\ndialect: socketio\n", server.url("http", 0));
    agrees(&Played::of(&room(60, "12m"), &target), 0.95);
}

#[test]
fn a_room_of_synapse() {
    let Some(server) = Server::start("synapse", 1, How::Lifted) else { return };
    let accounts = "accounts: {visitors: {register: 12}}";
    let target = format!("url: {}\ndialect: matrix\n{accounts}\n", server.url("http", 0));
    let short = room(12, "3m").replace("drain: 8m", "drain: 1m");
    agrees(&Played::of(&short, &target), 0.7);
}
