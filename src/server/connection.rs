//! One client: the greeting, then frames in and frames out until either side ends it.

use std::time::Duration;

use axum::extract::ws::{Message, WebSocket, WebSocketUpgrade};
use axum::extract::{ConnectInfo, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use tokio::time::timeout;

use super::House;
use super::account::Deed;
use super::attendant;
use super::dispatch::Dispatch;
use super::hall::{ClientId, Parcel, Refusal};
use super::limits;
use super::listener::{Cord, Line};
use super::session::{Claim, Next, Session};
use crate::base::time::RealMoment;
use crate::wire::json::frame::{self, ClientFrame, Role, ServerFrame, same_speed};
use crate::wire::json::{MAX_FRAME, VERSION};

/// How long a client may take over the greeting.
const GREETING: Duration = Duration::from_secs(10);
/// How long a client may leave a frame unread in a full connection.
const SEND_LIMIT: Duration = Duration::from_secs(10);
/// Bytes read at once.
const READ_BUFFER: usize = 4096;
/// Bytes at the most that wait for a client who reads nothing, pongs among them.
const WRITE_BUFFER: usize = 8 * MAX_FRAME;

/// Takes a client in, unless a page of another site sent it.
pub(super) async fn upgrade(
    State(house): State<House>,
    ConnectInfo(cord): ConnectInfo<Cord>,
    headers: HeaderMap,
    upgrade: WebSocketUpgrade,
) -> Response {
    house.awake().await;
    if !is_same_site(&headers) {
        let why = "a page of another site may not connect here";
        return (StatusCode::FORBIDDEN, why).into_response();
    }
    let line = Line::new(&house.numbered, cord);
    upgrade
        .read_buffer_size(READ_BUFFER)
        .write_buffer_size(0)
        .max_write_buffer_size(WRITE_BUFFER)
        .max_message_size(MAX_FRAME)
        .max_frame_size(MAX_FRAME)
        .on_upgrade(move |socket| until_death(house, line, socket))
}

/// Browsers say whose page opens a WebSocket and let every page do it; other clients say nothing.
fn is_same_site(headers: &HeaderMap) -> bool {
    let Some(origin) = headers.get(header::ORIGIN) else { return true };
    let site = origin.to_str().ok().and_then(|origin| origin.split_once("://"));
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok());
    site.is_some_and(|(_, site)| Some(site) == host)
}

/// Attends to a client, and drops the connection when the server dies.
async fn until_death(house: House, line: Line, socket: WebSocket) {
    let mut life = house.life.clone();
    tokio::select! {
        biased;
        _ = life.changed() => {}
        () = attend(house, &line, socket) => {}
    }
}

async fn attend(house: House, line: &Line, mut socket: WebSocket) {
    let why = match timeout(GREETING, greet(&house, line, &mut socket)).await {
        Ok(Ok((mut session, may_break))) => {
            match converse(&house, &mut socket, &mut session, may_break).await {
                End::Left => {
                    session.end();
                    None
                }
                End::Broken { reset } => {
                    if reset {
                        line.sever();
                    }
                    drop(socket);
                    return session.wait().await;
                }
                End::Claimed(claim) => {
                    if let Some(back) = session.hand_over(claim) {
                        // Whoever claimed it is gone already, and may do so again.
                        drop(socket);
                        return back.wait().await;
                    }
                    Some("another connection goes on with this".to_owned())
                }
                End::Refused(why) => {
                    session.end();
                    Some(why)
                }
            }
        }
        Ok(Err(why)) => Some(why),
        Err(_) => Some(format!("no greeting within {} s", GREETING.as_secs())),
    };
    if let Some(why) = why {
        let _ = send(&mut socket, Parcel::One(ServerFrame::Refused { why })).await;
    }
    // Says goodbye, or answers the client's; either way there is nothing to be done if that fails.
    let _ = timeout(SEND_LIMIT, socket.send(Message::Close(None))).await;
}

/// What comes of a client next.
enum Heard {
    /// A frame, which may make no sense.
    Frame(Result<ClientFrame, Refusal>),
    /// A goodbye.
    Goodbye,
    /// Nothing any more: the connection broke.
    Nothing,
}

async fn receive(socket: &mut WebSocket) -> Heard {
    loop {
        return match socket.recv().await {
            Some(Ok(Message::Text(text))) => Heard::Frame(frame::read(text.as_str())),
            Some(Ok(Message::Binary(_))) => Heard::Frame(Err("binary frames are not spoken here".into())),
            Some(Ok(Message::Ping(_) | Message::Pong(_))) => continue,
            Some(Ok(Message::Close(_))) => Heard::Goodbye,
            Some(Err(_)) | None => Heard::Nothing,
        };
    }
}

async fn send(socket: &mut WebSocket, parcel: Parcel) -> Result<(), ()> {
    let text = match parcel {
        Parcel::One(frame) => frame::write(&frame).into(),
        Parcel::Many(text, _) => text,
    };
    match timeout(SEND_LIMIT, socket.send(Message::Text(text))).await {
        Ok(Ok(())) => Ok(()),
        Ok(Err(_)) | Err(_) => Err(()),
    }
}

/// Lets a client in, or takes up where an earlier connection broke. Whether what befalls connections may befall this one: a run
/// needs those who serve, unless they come back.
async fn greet(house: &House, line: &Line, socket: &mut WebSocket) -> Result<(Session, bool), Refusal> {
    let Heard::Frame(first) = receive(socket).await else { return Err("no greeting".into()) };
    house.awake().await;
    let ClientFrame::Hello { v, role, speed, run, resume, address } = first? else {
        return Err("the first frame must be `hello`".into());
    };
    if v != VERSION {
        return Err(format!("version {v} of the protocol; {VERSION} is spoken here"));
    }
    if !same_speed(speed, house.speed) {
        return Err(format!("speed {speed}; this server runs at {}", house.speed));
    }
    if run == attendant::RUN && role == Role::Agent {
        return Err("the desk of the page has its attendant".into());
    }
    if let Some(address) = &address {
        limits::text("address", address)?;
    }
    house.faults.begin(house.clock.now());
    let (number, comes) = (line.number, matches!(role, Role::Visitor | Role::Guest));
    let comes_back = resume.as_ref().is_some_and(|resume| resume.token.is_some());
    if (comes || comes_back) && house.faults.refuses(number) {
        house.account.note(|| Deed::Refused { client: number });
        return Err("turned away on purpose".into());
    }
    let taken_up = match &resume {
        Some(resume) => Session::taken_up(house, number, role, run, resume).await,
        None => None,
    };
    let resumed = taken_up.is_some();
    let mut session = taken_up.unwrap_or_else(|| {
        house.account.note(|| Deed::Greeted { client: number, role, run });
        Session::new(house, number, role, run, resume.as_ref())
    });
    house.hall().reached_at(session.id(), address);
    let welcome = ServerFrame::Welcome { v: VERSION, speed: house.speed, resume: session.resume(resumed) };
    session.first.push_front(Parcel::One(welcome));
    let may_break = comes || session.is_lasting();
    Ok((session, may_break))
}

/// How a connection ends.
enum End {
    /// The client said goodbye.
    Left,
    /// The client is gone without a word, reads nothing any more, or was reset on purpose.
    Broken { reset: bool },
    /// Another connection goes on.
    Claimed(Claim),
    /// For a reason that the client is told.
    Refused(Refusal),
}

/// Passes frames on, both ways, until the client hangs up, says what makes no sense, is cut off or is reset.
async fn converse(house: &House, socket: &mut WebSocket, session: &mut Session, may_break: bool) -> End {
    let (clock, faults, number) = (&house.clock, &house.faults, session.number);
    let note = |deed| house.account.note(|| deed);
    let mut dispatch = Dispatch::new(number);
    for parcel in std::mem::take(&mut session.first) {
        dispatch.take(clock.now(), parcel, faults, note);
    }
    let reset_after = may_break.then(|| faults.reset_after(number)).flatten();
    let reset_at = reset_after.map_or(RealMoment::NEVER, |after| clock.now() + after);
    let (mut heard, mut reads_from) = (0, RealMoment::ZERO);
    let end = loop {
        tokio::select! {
            biased;
            () = clock.until(reset_at) => {
                note(Deed::Reset { client: number });
                break End::Broken { reset: true };
            }
            () = clock.until(dispatch.due()) => {
                house.awake().await;
                let Some((parcel, deed)) = dispatch.next(clock.now(), faults, note) else { continue };
                deed.into_iter().for_each(note);
                session.tell(&parcel);
                if send(socket, parcel).await.is_err() {
                    break End::Broken { reset: false };
                }
            }
            next = session.next(dispatch.has_room()) => match next {
                Next::Tell(Some(parcel)) => dispatch.take(clock.now(), parcel, faults, note),
                Next::Tell(None) => break End::Refused("you do not read what you are told".into()),
                Next::Claimed(claim) => break End::Claimed(claim),
            },
            frame = async {
                clock.until(reads_from).await;
                receive(socket).await
            } => {
                house.awake().await;
                let heard_that = match frame {
                    Heard::Frame(frame) => hear(house, number, session.id(), frame),
                    Heard::Goodbye => break End::Left,
                    Heard::Nothing => break End::Broken { reset: false },
                };
                if let Err(why) = heard_that {
                    break End::Refused(why);
                }
                session.hear();
                heard += 1;
                if may_break {
                    reads_from = clock.now() + faults.pause(number, heard);
                }
            },
        }
    };
    session.first = dispatch.end(note);
    end
}

/// A client says something, by the connection of this number.
fn hear(
    house: &House,
    number: u64,
    client: ClientId,
    frame: Result<ClientFrame, Refusal>,
) -> Result<(), Refusal> {
    let frame = frame?;
    if let ClientFrame::Say { text, .. } | ClientFrame::Post { text, .. } = &frame {
        house.account.received(text, number);
    }
    let now = house.now();
    house.hall().hear(now, client, frame)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_pages_of_this_server_may_connect() {
        let headers = |pairs: &[(header::HeaderName, &'static str)]| {
            pairs.iter().map(|(name, value)| (name.clone(), value.parse().unwrap())).collect::<HeaderMap>()
        };
        let host = (header::HOST, "127.0.0.1:8080");
        assert!(is_same_site(&headers(std::slice::from_ref(&host))));
        assert!(is_same_site(&headers(&[host.clone(), (header::ORIGIN, "http://127.0.0.1:8080")])));
        for other in
            ["http://evil.example", "http://127.0.0.1:8081", "null", "http://127.0.0.1:8080.evil.example"]
        {
            assert!(!is_same_site(&headers(&[host.clone(), (header::ORIGIN, other)])), "{other}");
        }
    }
}
