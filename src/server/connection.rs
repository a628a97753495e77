//! One client: the greeting, then frames in and frames out until either side ends it.

use std::time::Duration;

use axum::extract::State;
use axum::extract::ws::{Message, WebSocket, WebSocketUpgrade};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use tokio::time::timeout;

use super::House;
use super::attendant;
use super::hall::{ClientId, Outbox, Parcel, Refusal};
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
    headers: HeaderMap,
    upgrade: WebSocketUpgrade,
) -> Response {
    if !is_same_site(&headers) {
        let why = "a page of another site may not connect here";
        return (StatusCode::FORBIDDEN, why).into_response();
    }
    upgrade
        .read_buffer_size(READ_BUFFER)
        .write_buffer_size(0)
        .max_message_size(MAX_FRAME)
        .max_frame_size(MAX_FRAME)
        .on_upgrade(move |socket| attend(house, socket))
}

/// Browsers say whose page opens a WebSocket and let every page do it; other clients say nothing.
fn is_same_site(headers: &HeaderMap) -> bool {
    let Some(origin) = headers.get(header::ORIGIN) else { return true };
    let site = origin.to_str().ok().and_then(|origin| origin.split_once("://"));
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok());
    site.is_some_and(|(_, site)| Some(site) == host)
}

async fn attend(house: House, mut socket: WebSocket) {
    let greeted = timeout(GREETING, greet(&house, &mut socket)).await;
    let refusal = match greeted {
        Ok(Ok((id, frames))) => {
            let outcome = converse(&house, &mut socket, id, frames).await;
            let now = house.now();
            house.hall().leave(now, id);
            outcome.err()
        }
        Ok(Err(refusal)) => Some(refusal),
        Err(_) => Some(format!("no greeting within {} s", GREETING.as_secs())),
    };
    if let Some(why) = refusal {
        let _ = send(&mut socket, Parcel::One(ServerFrame::Refused { why })).await;
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
        Parcel::Many(text) => text,
    };
    match timeout(SEND_LIMIT, socket.send(Message::Text(text))).await {
        Ok(Ok(())) => Ok(()),
        Ok(Err(_)) | Err(_) => Err(()),
    }
}

async fn greet(house: &House, socket: &mut WebSocket) -> Result<(ClientId, Outbox), Refusal> {
    let Some(first) = receive(socket).await else { return Err("no greeting".into()) };
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
    let (id, frames) = house.hall().join(role, run);
    let welcome = ServerFrame::Welcome { v: VERSION, speed: house.speed };
    if send(socket, Parcel::One(welcome)).await.is_err() {
        let now = house.now();
        house.hall().leave(now, id);
        return Err("gone".into());
    }
    Ok((id, frames))
}

/// Passes frames on, both ways, until the client hangs up, says what makes no sense, or is cut off.
async fn converse(
    house: &House,
    socket: &mut WebSocket,
    id: ClientId,
    mut frames: Outbox,
) -> Result<(), Refusal> {
    loop {
        tokio::select! {
            biased;
            parcel = frames.recv() => match parcel {
                Some(parcel) => {
                    if send(socket, parcel).await.is_err() {
                        return Ok(());
                    }
                }
                None => return Err("you do not read what you are told".into()),
            },
            frame = receive(socket) => match frame {
                Some(frame) => {
                    let frame = frame?;
                    let now = house.now();
                    house.hall().hear(now, id, frame)?;
                }
                None => return Ok(()),
            },
        }
    }
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
