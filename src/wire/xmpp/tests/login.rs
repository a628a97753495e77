//! From the first tag to the address, and what comes between.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ring::{digest, hmac, pbkdf2};

use super::*;

pub(super) const SASL: &str = "xmlns='urn:ietf:params:xml:ns:xmpp-sasl'";
pub(super) const STARTTLS: &str = "<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>";
pub(super) const PROCEED: &str = "<proceed xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>";
const REGISTER: &str = "<register xmlns='http://jabber.org/features/iq-register'/>";

pub(super) fn features(mechanisms: &[&str], others: &str) -> String {
    let mechanisms: String = mechanisms.iter().map(|name| format!("<mechanism>{name}</mechanism>")).collect();
    format!("<stream:features>{others}<mechanisms {SASL}>{mechanisms}</mechanisms></stream:features>")
}

fn decoded(sent: &str) -> String {
    let (_, rest) = sent.split_once('>').unwrap();
    let (message, _) = rest.split_once('<').unwrap();
    String::from_utf8(STANDARD.decode(message).unwrap()).unwrap()
}

/// What a server that knows the password shows in the end (RFC 5802, 3).
pub(super) fn signature(first: &str, challenge: &str, last: &str, salt: &[u8]) -> String {
    let mut salted = [0; digest::SHA256_OUTPUT_LEN];
    let once = std::num::NonZeroU32::MIN;
    pbkdf2::derive(pbkdf2::PBKDF2_HMAC_SHA256, once, salt, b"pencil", &mut salted);
    let key = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, &salted), b"Server Key");
    let (first, (last, _)) = (first.strip_prefix("n,,").unwrap(), last.split_once(",p=").unwrap());
    let exchange = format!("{first},{challenge},{last}");
    let signature = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, key.as_ref()), exchange.as_bytes());
    STANDARD.encode(format!("v={}", STANDARD.encode(signature)))
}

#[test]
fn an_account_is_registered_and_proven_over_tls() {
    let mut talk = Talk::new(agent(true), &stream());
    let out = talk.hear(&[STREAM, &features(&["PLAIN"], &format!("{STARTTLS}{REGISTER}"))].concat());
    assert_eq!(sent(&out), [STARTTLS]);
    assert_eq!(talk.hear(PROCEED), [Output::Secure(SERVER)]);
    assert!(sent(&talk.give(Input::Secured(SERVER)))[0].contains("<stream:stream to='example.org'"));
    let out = talk.hear(&[STREAM, &features(&["PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-1"], REGISTER)].concat());
    assert!(sent(&out)[0].contains("<username>user</username><password>pencil</password>"), "{out:?}");

    let out = talk.hear("<iq type='result' id='register'/>");
    assert!(sent(&out)[0].contains("mechanism='SCRAM-SHA-256'"), "{out:?}");
    let first = decoded(sent(&out)[0]);
    let (_, nonce) = first.split_once(",r=").unwrap();
    let challenge = format!("r={nonce}server,s={},i=1", STANDARD.encode("salt"));
    let out = talk.hear(&format!("<challenge {SASL}>{}</challenge>", STANDARD.encode(&challenge)));
    let signature = signature(&first, &challenge, &decoded(sent(&out)[0]), b"salt");
    let out = talk.hear(&format!("<success {SASL}>{signature}</success>"));
    assert!(sent(&out)[0].contains("<stream:stream"), "{out:?}");

    let out = talk.hear(&[STREAM, BINDS].concat());
    assert!(sent(&out)[0].contains("<bind"), "{out:?}");
    let out = talk.hear(BOUND);
    assert_eq!(events(&out), [&Event::Welcome { address: "guest@example.org/1".into(), typing: true }]);
    assert_eq!(sent(&out), ["<presence id='here'></presence>"]);
    assert_eq!(talk.client.next_deadline(), None);
}

#[test]
fn a_server_that_does_not_know_the_password_is_found_out() {
    let mut talk = Talk::new(agent(false), &stream());
    let out = talk.hear(&[STREAM, &features(&["SCRAM-SHA-1"], "")].concat());
    let first = decoded(sent(&out)[0]);
    let (_, nonce) = first.split_once(",r=").unwrap();
    let challenge = STANDARD.encode(format!("r={nonce}server,s=AAAA,i=1"));
    talk.hear(&format!("<challenge {SASL}>{challenge}</challenge>"));
    let out = talk.hear(&format!("<success {SASL}>{}</success>", STANDARD.encode("v=AAAA")));
    assert!(broken(&out).contains("does not know the password"), "{out:?}");
}

#[test]
fn each_login_has_a_nonce_of_its_own() {
    let mut talk = Talk::new(agent(false), &stream());
    let hear = |talk: &mut Talk| {
        let out = talk.hear(&[STREAM, &features(&["SCRAM-SHA-256"], "")].concat());
        decoded(sent(&out)[0])
    };
    let first = hear(&mut talk);
    talk.give(Input::Closed(SERVER, None));
    talk.act(&Act::Connect);
    talk.give(Input::Opened(SERVER));
    assert_ne!(hear(&mut talk), first);
}

#[test]
fn a_password_goes_over_the_wire_where_that_is_secret_or_allowed() {
    let offer = [STREAM, &features(&["PLAIN"], "")].concat();
    let mut talk = Talk::new(agent(false), &stream());
    let why = "it wants the password (PLAIN) over a connection without TLS";
    assert_eq!(events(&talk.hear(&offer)), [&refused(why)]);

    let secret = endpoint("xmpps://127.0.0.1:5223").unwrap();
    for (login, endpoint) in
        [(Login { plain_in_clear: true, ..agent(false) }, stream()), (agent(false), secret)]
    {
        let out = Talk::new(login, &endpoint).hear(&offer);
        assert_eq!(decoded(sent(&out)[0]), "\0user\0pencil");
    }
}

#[test]
fn tls_is_as_the_login_wants_it() {
    let required = "<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'><required/></starttls>";
    for (tls, offer, why) in [
        (Tls::Required, "", "it offers no TLS, and the login requires it"),
        (Tls::Never, required, "it requires TLS, and the login goes without"),
    ] {
        let mut talk = Talk::new(Login { tls, ..guest() }, &stream());
        let out = talk.hear(&[STREAM, &features(&["ANONYMOUS"], offer)].concat());
        assert_eq!(events(&out), [&refused(why)]);
        assert!(matches!(out[..], [.., Output::Close(SERVER)]));
    }
    let mut talk = Talk::new(Login { tls: Tls::Never, ..guest() }, &stream());
    let out = talk.hear(&[STREAM, &features(&["ANONYMOUS"], STARTTLS)].concat());
    assert!(sent(&out)[0].contains("ANONYMOUS"));
}

#[test]
fn nothing_said_in_the_clear_is_heard_after_tls_was_agreed_upon() {
    for late in [[PROCEED, STREAM].concat(), PROCEED.to_owned()] {
        let mut talk = Talk::new(guest(), &stream());
        talk.hear(&[STREAM, &features(&[], STARTTLS)].concat());
        let mut out = talk.hear(&late);
        if out == [Output::Secure(SERVER)] {
            out = talk.hear(" ");
        }
        assert!(broken(&out).contains("in the clear"), "{out:?}");
    }
    let mut talk = Talk::new(guest(), &stream());
    talk.hear(&[STREAM, &features(&[], STARTTLS)].concat());
    let out = talk.hear("<failure xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>");
    assert_eq!(events(&out), [&refused("it offers TLS, and would not begin with it")]);
}

fn registering() -> Talk {
    let mut talk = Talk::new(agent(true), &stream());
    talk.hear(&[STREAM, &features(&["SCRAM-SHA-256"], REGISTER)].concat());
    talk
}

fn error(condition: &str, text: &str) -> String {
    format!(
        "<iq type='error' id='register'><query xmlns='jabber:iq:register'/><error type='wait'>\
         <{condition} xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/>\
         <text xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'>{text}</text></error></iq>"
    )
}

#[test]
fn an_account_that_is_there_already_is_as_good() {
    let out = registering().hear(&error("conflict", "it is there"));
    assert!(sent(&out)[0].contains("SCRAM-SHA-256"), "{out:?}");
}

#[test]
fn registrations_that_come_too_fast_are_throttled_and_others_refused() {
    for (condition, text) in [
        ("resource-constraint", "Users are not allowed to register accounts so quickly"),
        ("policy-violation", "wait"),
        ("not-acceptable", "too quickly"),
    ] {
        let out = registering().hear(&error(condition, text));
        let why = format!("{condition}: {text}");
        assert_eq!(events(&out), [&throttled(&why), &Event::Gone(Some(why))]);
        assert!(matches!(out[..], [.., Output::Close(SERVER)]));
    }
    let out = registering().hear(&error("not-allowed", ""));
    assert_eq!(events(&out), [&refused("not-allowed")]);
}

#[test]
fn a_login_that_fails_is_refused_or_throttled() {
    for (condition, event) in [
        ("not-authorized", refused("not-authorized: no")),
        ("temporary-auth-failure", throttled("temporary-auth-failure: no")),
    ] {
        let mut talk = Talk::new(agent(false), &stream());
        talk.hear(&[STREAM, &features(&["SCRAM-SHA-256"], "")].concat());
        let out = talk.hear(&format!("<failure {SASL}><{condition}/><text>no</text></failure>"));
        assert_eq!(events(&out)[0], &event);
    }
    let out = Talk::new(guest(), &stream()).hear(&[STREAM, &features(&["PLAIN"], "")].concat());
    assert_eq!(events(&out), [&refused("it takes no guests without an account (ANONYMOUS) here")]);
    let out = Talk::new(agent(false), &stream()).hear(&[STREAM, &features(&["GSSAPI"], "")].concat());
    assert_eq!(events(&out), [&refused("it knows no way of logging in that we do (SCRAM, PLAIN)")]);
}

#[test]
fn no_address_no_login() {
    let mut talk = Talk::new(guest(), &stream());
    talk.hear(&[STREAM, GUESTS].concat());
    talk.hear(SUCCESS);
    talk.hear(&[STREAM, BINDS].concat());
    let out = talk.hear(
        "<iq type='error' id='bind'><error type='wait'>\
         <resource-constraint xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>",
    );
    let gone = Event::Gone(Some("resource-constraint".into()));
    assert_eq!(events(&out), [&throttled("resource-constraint"), &gone]);
}

#[test]
fn whoever_logs_in_may_hang_up() {
    let mut talk = Talk::new(guest(), &stream());
    assert_eq!(talk.act(&Act::Disconnect), [Output::Close(SERVER)]);
    assert_eq!(talk.give(Input::Closed(SERVER, None)), []);
    assert_eq!(talk.client.next_deadline(), None);
}

#[test]
fn no_password_is_shown() {
    assert!(!format!("{:?}", Talk::new(agent(true), &stream()).client).contains("pencil"));
}
