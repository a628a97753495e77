//! Logging in, from the first tag of the first stream to an address (RFC 6120, 4 to 7): TLS where it begins in the clear, an account
//! if it is to be registered first (XEP-0077), proof of who it is, and an address.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::super::messenger::LONGEST_NAME;
use super::complaint::Complaint;
use super::element::{Element, Escaped, ns};
use super::features::Features;
use super::login::{Account, Login, Tls};
use super::pen::Pen;
use super::reader::Piece;
use super::scram::{Hash, Scram};
use crate::base::time::RealMoment;

/// What is waited for.
#[derive(Clone, Debug)]
enum Step {
    /// The stream's first tag.
    Stream,
    Features,
    /// That TLS may begin.
    Tls,
    /// An account; what the server offers beside that goes on from there.
    Account(Features),
    /// That it knows us, by the password in a challenge if there is one.
    Proof(Option<Scram>),
    /// An address, and whether the server acknowledges stanzas.
    Address {
        management: bool,
    },
}

/// What came of a piece of the stream.
#[derive(Debug)]
pub(super) enum Progress {
    /// More is to come.
    Wait,
    /// TLS may begin, and a new stream within.
    Secure,
    /// A new stream begins.
    Again,
    /// Logged in.
    Done {
        /// Where others reach us.
        address: String,
        /// Whether stanzas are acknowledged.
        management: bool,
    },
    /// We are not let in.
    Refused(Complaint),
    /// We do not want to go in like that.
    Unwanted(&'static str),
    /// The server makes no sense.
    Broken(String),
}

/// Digits of the nonce that a resource is: it begins with those that are the same on every connection.
const RESOURCE: usize = 16;

/// See the module.
#[derive(Clone, Debug)]
pub(super) struct Setup {
    step: Step,
    /// By when it has to be done.
    pub(super) deadline: RealMoment,
    is_secret: bool,
    is_registered: bool,
    is_known: bool,
    nonce: String,
}

impl Setup {
    /// Begins over a transport that is open, and secret or not, with a `nonce` that was never used before.
    pub(super) const fn new(deadline: RealMoment, is_secret: bool, nonce: String) -> Self {
        Self { step: Step::Stream, deadline, is_secret, is_registered: false, is_known: false, nonce }
    }

    /// TLS has begun.
    pub(super) const fn secured(&mut self) {
        self.is_secret = true;
    }

    /// Takes in a piece of the stream.
    pub(super) fn take(&mut self, piece: &Piece, login: &Login, pen: &mut Pen<'_>) -> Progress {
        let element = match (piece, &self.step) {
            (Piece::Opened(tag), Step::Stream) => return self.opened(tag),
            (Piece::Element(element), step) if !matches!(step, Step::Stream) => element,
            _ => return Progress::Broken("a stream that does not begin as one".into()),
        };
        let answers = |question| {
            matches!(element.attribute("type"), Some("result" | "error"))
                && element.attribute("id") == Some(question)
        };
        match (element.name(), element.namespace(), &mut self.step) {
            ("features", ns::STREAM, Step::Features) => self.go_on(Features::of(element), login, pen),
            ("proceed", ns::TLS, Step::Tls) => {
                self.step = Step::Stream;
                Progress::Secure
            }
            ("failure", ns::TLS, Step::Tls) => {
                Progress::Unwanted("it offers TLS, and would not begin with it")
            }
            ("iq", ns::CLIENT, Step::Account(features)) if answers("register") => {
                let features = *features;
                self.registered(element, features, login, pen)
            }
            (_, ns::SASL, Step::Proof(scram)) => match proven(element, scram.as_mut(), login, pen) {
                Progress::Again => {
                    (self.is_known, self.step) = (true, Step::Stream);
                    Progress::Again
                }
                progress => progress,
            },
            ("iq", ns::CLIENT, Step::Address { management }) if answers("bind") => {
                bound(element, *management)
            }
            (name, namespace, _) => Progress::Broken(format!(
                "`{name}` of `{namespace}`, where it is not expected while somebody logs in"
            )),
        }
    }

    fn opened(&mut self, tag: &Element) -> Progress {
        let is_stream = tag.is("stream", ns::STREAM) || tag.is("open", ns::FRAMING);
        if !is_stream {
            return Progress::Broken(format!("`{}` of `{}` is no stream", tag.name(), tag.namespace()));
        }
        let version = tag.attribute("version").unwrap_or_default();
        if !version.starts_with("1.") {
            return Progress::Broken(format!("it speaks version `{version}` of XMPP, we speak 1.0"));
        }
        self.step = Step::Features;
        Progress::Wait
    }

    /// The next step of those that are left.
    fn go_on(&mut self, features: Features, login: &Login, pen: &mut Pen<'_>) -> Progress {
        if self.is_known {
            return self.bind(features, login, pen);
        }
        if !self.is_secret {
            let is_offered = features.tls && pen.may_secure();
            match login.tls {
                Tls::Required if !is_offered => {
                    return Progress::Unwanted("it offers no TLS, and the login requires it");
                }
                Tls::Never if features.tls_required => {
                    return Progress::Unwanted("it requires TLS, and the login goes without");
                }
                Tls::Required | Tls::Offered if is_offered => {
                    pen.send(format_args!("<starttls xmlns='{}'/>", ns::TLS));
                    self.step = Step::Tls;
                    return Progress::Wait;
                }
                _ => {}
            }
        }
        match &login.account {
            None => self.come_as_a_guest(features, pen),
            Some(account) if account.register && !self.is_registered && features.registration => {
                self.register(account, features, pen)
            }
            Some(account) => self.prove(account, features, login.plain_in_clear, pen),
        }
    }

    fn register(&mut self, account: &Account, features: Features, pen: &mut Pen<'_>) -> Progress {
        let (user, password) = (Escaped(&account.user), Escaped(&account.password));
        let query = format_args!(
            "<query xmlns='{}'><username>{user}</username><password>{password}</password></query>",
            ns::REGISTER
        );
        pen.stanza("iq", "type='set' id='register'", query);
        self.step = Step::Account(features);
        Progress::Wait
    }

    fn registered(
        &mut self,
        answer: &Element,
        features: Features,
        login: &Login,
        pen: &mut Pen<'_>,
    ) -> Progress {
        if answer.attribute("type") == Some("error") {
            let complaint = Complaint::in_stanza(answer);
            if complaint.condition != "conflict" {
                return Progress::Refused(complaint);
            }
        }
        self.is_registered = true;
        self.go_on(features, login, pen)
    }

    fn come_as_a_guest(&mut self, features: Features, pen: &mut Pen<'_>) -> Progress {
        if !features.anonymous {
            return Progress::Unwanted("it takes no guests without an account (ANONYMOUS) here");
        }
        pen.send(format_args!("<auth xmlns='{}' mechanism='ANONYMOUS'/>", ns::SASL));
        self.step = Step::Proof(None);
        Progress::Wait
    }

    fn prove(
        &mut self,
        account: &Account,
        features: Features,
        plain_in_clear: bool,
        pen: &mut Pen<'_>,
    ) -> Progress {
        let hash = match (features.scram_sha256, features.scram_sha1) {
            (true, _) => Some(Hash::Sha256),
            (false, true) => Some(Hash::Sha1),
            (false, false) => None,
        };
        let Account { user, password, .. } = account;
        let scram = hash.map(|hash| Scram::new(hash, user, self.nonce.clone()));
        let (mechanism, message) = match &scram {
            Some(scram) => (scram.mechanism(), scram.first()),
            None if !features.plain => {
                return Progress::Unwanted("it knows no way of logging in that we do (SCRAM, PLAIN)");
            }
            None if !self.is_secret && !plain_in_clear => {
                return Progress::Unwanted("it wants the password (PLAIN) over a connection without TLS");
            }
            None => ("PLAIN", format!("\0{user}\0{password}")),
        };
        let message = STANDARD.encode(message);
        pen.send(format_args!("<auth xmlns='{}' mechanism='{mechanism}'>{message}</auth>", ns::SASL));
        self.step = Step::Proof(scram);
        Progress::Wait
    }

    /// Whoever has an account asks for the same address on every connection: so those find them again who talk with them.
    fn bind(&mut self, features: Features, login: &Login, pen: &mut Pen<'_>) -> Progress {
        if !features.binding {
            return Progress::Broken("it knows us, and gives us no address".into());
        }
        let resource = match login.account {
            Some(_) => format!("<resource>{}</resource>", &self.nonce[..RESOURCE]),
            None => String::new(),
        };
        pen.stanza(
            "iq",
            "type='set' id='bind'",
            format_args!("<bind xmlns='{}'>{resource}</bind>", ns::BIND),
        );
        self.step = Step::Address { management: features.management };
        Progress::Wait
    }
}

/// What the server says to who it is.
fn proven(element: &Element, scram: Option<&mut Scram>, login: &Login, pen: &mut Pen<'_>) -> Progress {
    let message = || {
        let decoded = STANDARD.decode(element.text.trim()).ok();
        decoded.and_then(|bytes| String::from_utf8(bytes).ok()).ok_or("a message that is no base64 of a text")
    };
    let result = match (element.name(), scram, &login.account) {
        ("challenge", Some(scram), Some(account)) => message()
            .map_err(str::to_owned)
            .and_then(|message| scram.answer(&message, &account.password))
            .map(|answer| {
                let answer = STANDARD.encode(answer);
                pen.send(format_args!("<response xmlns='{}'>{answer}</response>", ns::SASL));
                Progress::Wait
            }),
        ("success", Some(scram), _) => message()
            .map_err(str::to_owned)
            .and_then(|message| scram.verify(&message))
            .map(|()| Progress::Again),
        ("success", None, _) => Ok(Progress::Again),
        ("failure", ..) => Ok(Progress::Refused(Complaint::of(element))),
        (name, ..) => Err(format!("`{name}`, which has no place here")),
    };
    result.unwrap_or_else(|why| Progress::Broken(format!("logging in: {why}")))
}

/// What the server says to the wish for an address.
fn bound(answer: &Element, management: bool) -> Progress {
    if answer.attribute("type") != Some("result") {
        return Progress::Refused(Complaint::in_stanza(answer));
    }
    let jid = answer.child("bind", ns::BIND).and_then(|bind| bind.child("jid", ns::BIND));
    let address = jid.map_or("", |jid| jid.text.trim());
    if address.is_empty() || address.len() > LONGEST_NAME {
        return Progress::Broken(format!("an address of {} bytes", address.len()));
    }
    Progress::Done { address: address.to_owned(), management }
}
