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
use super::hall::{ClientId, Outbox, Parcel, Refusal};
use super::listener::{Cord, Line};
use crate::base::time::RealMoment;
use crate::wire::json::frame::{self, ClientFrame, Role, ServerFrame, same_speed};
use crate::wire::json::{MAX_FRAME, VERSION};

/// How long a client may take over the greeting.
const GREETING: Duration = Duration::from_secs(10);
/// How long a client may leave a frame unread in a full connection.
const SEND_LIMIT: Duration = Duration::from_secs(10);
/// Bytes read at once.
const READ_BUFFER: usize = 4096;

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
    let greeted = timeout(GREETING, greet(&house, line, &mut socket)).await;
    let end = match greeted {
        Ok(Ok((client, frames))) => {
            let id = client.id;
            let end = converse(&house, &mut socket, client, frames).await;
            let now = house.now();
            house.hall().leave(now, id);
            end
        }
        Ok(Err(why)) => End::Refused(why),
        Err(_) => End::Refused(format!("no greeting within {} s", GREETING.as_secs())),
    };
    match end {
        End::Gone => {}
        End::Reset => return line.sever(),
        End::Refused(why) => {
            let _ = send(&mut socket, Parcel::One(ServerFrame::Refused { why })).await;
        }
    }
    // Says goodbye, or answers the client's; either way there is nothing to be done if that fails.
    let _ = timeout(SEND_LIMIT, socket.send(Message::Close(None))).await;
}

/// The client's next frame; `None` when it hangs up.
async fn receive(socket: &mut WebSocket) -> Option<Result<ClientFrame, Refusal>> {
    loop {
        match socket.recv().await? {
            Ok(Message::Text(text)) => return Some(frame::read(text.as_str())),
            Ok(Message::Binary(_)) => return Some(Err("binary frames are not spoken here".into())),
            Ok(Message::Close(_)) | Err(_) => return None,
            Ok(Message::Ping(_) | Message::Pong(_)) => {}
        }
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

/// A client who was let in.
struct Client {
    /// The number of the connection.
    number: u64,
    id: ClientId,
    /// Whether this is one of those who come, and not of those who serve.
    comes: bool,
}

async fn greet(house: &House, line: &Line, socket: &mut WebSocket) -> Result<(Client, Outbox), Refusal> {
    let Some(first) = receive(socket).await else { return Err("no greeting".into()) };
    house.awake().await;
    let ClientFrame::Hello { v, role, speed, run } = first? else {
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
    house.faults.begin(house.clock.now());
    let (number, comes) = (line.number, matches!(role, Role::Visitor | Role::Guest));
    if comes && house.faults.refuses(number) {
        house.account.note(|| Deed::Refused { client: number });
        return Err("turned away on purpose".into());
    }
    house.account.note(|| Deed::Greeted { client: number, role, run });
    let (id, frames) = house.hall().join(role, run);
    Ok((Client { number, id, comes }, frames))
}

/// How a connection ends.
enum End {
    /// The client hung up, or reads nothing any more.
    Gone,
    /// On purpose, and without a goodbye.
    Reset,
    /// For a reason that the client is told.
    Refused(Refusal),
}

/// Passes frames on, both ways, until the client hangs up, says what makes no sense, is cut off or is reset.
async fn converse(house: &House, socket: &mut WebSocket, client: Client, mut frames: Outbox) -> End {
    let (clock, faults) = (&house.clock, &house.faults);
    let note = |deed| house.account.note(|| deed);
    let mut dispatch = Dispatch::new(client.number);
    let welcome = ServerFrame::Welcome { v: VERSION, speed: house.speed };
    dispatch.take(clock.now(), Parcel::One(welcome), faults, note);
    let reset_after = client.comes.then(|| faults.reset_after(client.number)).flatten();
    let reset_at = reset_after.map_or(RealMoment::NEVER, |after| clock.now() + after);
    let (mut heard, mut reads_from) = (0, RealMoment::ZERO);
    let end = loop {
        tokio::select! {
            biased;
            () = clock.until(reset_at) => {
                note(Deed::Reset { client: client.number });
                break End::Reset;
            }
            () = clock.until(dispatch.due()) => {
                house.awake().await;
                let Some((parcel, deed)) = dispatch.next(clock.now(), faults, note) else { continue };
                deed.into_iter().for_each(note);
                if send(socket, parcel).await.is_err() {
                    break End::Gone;
                }
            }
            parcel = frames.recv(), if dispatch.has_room() => match parcel {
                Some(parcel) => dispatch.take(clock.now(), parcel, faults, note),
                None => break End::Refused("you do not read what you are told".into()),
            },
            frame = async {
                clock.until(reads_from).await;
                receive(socket).await
            } => {
                house.awake().await;
                let heard_that = match frame {
                    Some(frame) => hear(house, &client, frame),
                    None => break End::Gone,
                };
                if let Err(why) = heard_that {
                    break End::Refused(why);
                }
                heard += 1;
                if client.comes {
                    reads_from = clock.now() + faults.pause(client.number, heard);
                }
            },
        }
    };
    dispatch.end(std::iter::from_fn(|| frames.try_recv().ok()), note);
    end
}

/// A client says something.
fn hear(house: &House, client: &Client, frame: Result<ClientFrame, Refusal>) -> Result<(), Refusal> {
    let frame = frame?;
    if let ClientFrame::Say { text, .. } | ClientFrame::Post { text, .. } = &frame {
        house.account.received(text, client.number);
    }
    let now = house.now();
    house.hall().hear(now, client.id, frame)
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
