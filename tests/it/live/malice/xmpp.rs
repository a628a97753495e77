//! On XMPP.

use std::path::Path;
use std::sync::Arc;

use causerie::metrics::tally::Failure;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::mpsc::{UnboundedSender, unbounded_channel};

use super::{AGENTS, Deed, House, deed, holds, start};

const DEEDS: &[(Deed, &[Failure])] = &[
    (Deed::Ignores, &[Failure::Connect]),
    (Deed::HangsUp, &[Failure::Disconnected]),
    (Deed::Repeats("<stream:stream a='", 5_000), &[Failure::Protocol]),
    (Deed::SendsBytes(b"<stream:stream from='\xff'>"), &[Failure::Protocol]),
    (
        Deed::Sends("<!DOCTYPE lolz [<!ENTITY lol 'lol'><!ENTITY lol2 '&lol;&lol;'>]><lolz>&lol2;</lolz>"),
        &[Failure::Protocol],
    ),
    (Deed::Sends("HTTP/1.1 400 Bad Request\r\n\r\n"), &[Failure::Protocol]),
    (Deed::Kills, &[Failure::Refused]),
    (Deed::Complains, &[Failure::Refused, Failure::Protocol]),
];

const STREAM: &str = "<?xml version='1.0'?><stream:stream xmlns='jabber:client' \
    xmlns:stream='http://etherx.jabber.org/streams' id='1' from='127.0.0.1' version='1.0'>";
const GUESTS: &str = "<stream:features><mechanisms xmlns='urn:ietf:params:xml:ns:xmpp-sasl'>\
    <mechanism>ANONYMOUS</mechanism></mechanisms></stream:features>";
const SUCCESS: &str = "<success xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/>";
const BINDS: &str = "<stream:features><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/></stream:features>";
const KILLED: &str =
    "<stream:error><not-authorized xmlns='urn:ietf:params:xml:ns:xmpp-streams'/></stream:error>";
const COMPLAINT: &str = "<message from='x@y' type='error'><error type='cancel'>\
    <not-allowed xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></message>";

/// What a text begins with that goes on: the first tag of a stream, or an element. It is taken out.
fn next(text: &mut String) -> Option<String> {
    let tag = match text.starts_with("<?xml") {
        true => text.find("?>")? + 2,
        false => 0,
    };
    let tag = tag + text[tag..].find('>')? + 1;
    let name = text[1..tag].split([' ', '>']).next()?;
    let is_whole = text[..tag].ends_with("/>") || ["?xml", "/stream:stream"].contains(&name);
    let end = if is_whole { tag } else { text.find(&format!("</{name}>"))? + name.len() + "</>".len() };
    Some(text.drain(..end).collect())
}

fn attribute<'a>(element: &'a str, name: &str) -> &'a str {
    element.split(&format!(" {name}='")).nth(1).and_then(|rest| rest.split('\'').next()).unwrap_or_default()
}

/// One who is connected.
struct Client {
    address: String,
    deed: Deed,
    house: Arc<House>,
    line: UnboundedSender<String>,
    is_known: bool,
}

impl Client {
    /// What is answered; nothing, where the server hangs up.
    fn answer(&mut self, element: &str) -> Option<Vec<u8>> {
        let answer = match (element.split([' ', '>']).next()?, self.deed) {
            ("<?xml", Deed::Ignores) => String::new(),
            ("<?xml", Deed::HangsUp) | ("</stream:stream", _) => return None,
            ("<?xml", Deed::Sends(text)) => text.to_owned(),
            ("<?xml", Deed::Repeats(text, times)) => text.repeat(times),
            ("<?xml", Deed::SendsBytes(bytes)) => return Some(bytes.to_vec()),
            ("<?xml", _) => [STREAM, if self.is_known { BINDS } else { GUESTS }].concat(),
            ("<auth", _) => {
                self.is_known = true;
                SUCCESS.to_owned()
            }
            ("<iq", _) if element.contains("<bind") => {
                self.house.moves_in(&self.address, &self.line);
                let jid = format!(
                    "<bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'><jid>{}</jid></bind>",
                    self.address
                );
                format!("<iq type='result' id='bind'>{jid}</iq>")
            }
            ("<iq", _) => format!("<iq type='result' id='{}'/>", attribute(element, "id")),
            ("<message", Deed::Kills) => KILLED.to_owned(),
            ("<message", Deed::Complains) => COMPLAINT.repeat(3_000),
            ("<message", _) => {
                let to = attribute(element, "to");
                let passed = element.replace(&format!(" to='{to}'"), &format!(" from='{}'", self.address));
                self.house.pass_on(to, passed);
                String::new()
            }
            _ => String::new(),
        };
        Some(answer.into_bytes())
    }
}

async fn attend(mut stream: TcpStream, number: usize, house: Arc<House>) {
    // The witness comes after the agents.
    let deed = deed(DEEDS, number, AGENTS + 1);
    let (line, mut said) = unbounded_channel::<String>();
    let mut client =
        Client { address: format!("guest{number}@127.0.0.1/1"), deed, house, line, is_known: false };
    let mut text = String::new();
    let mut bytes = [0; 4096];
    loop {
        tokio::select! {
            said = said.recv() => drop(stream.write_all(said.unwrap().as_bytes()).await),
            read = stream.read(&mut bytes) => match read {
                Ok(0) | Err(_) => return,
                Ok(read) => text.push_str(std::str::from_utf8(&bytes[..read]).unwrap()),
            },
        }
        while let Some(element) = next(&mut text) {
            let Some(answer) = client.answer(&element) else { return };
            let _ = stream.write_all(&answer).await;
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn on_xmpp_each_is_counted_and_the_run_goes_on() {
    let host = start(attend).await;
    holds(&format!("{{url: 'xmpp://{host}'}}"), Path::new("."), DEEDS).await;
}
