//! The page where a person can chat: one file, no network but its own WebSocket.

use axum::extract::State;
use axum::http::header;
use axum::response::{Html, IntoResponse};

use super::House;
use super::attendant;
use crate::wire::json::{PATH, VERSION};

const PAGE: &str = include_str!("page.html");

/// What the page may do: run what stands in it, and talk to this server.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; connect-src 'self' ws:; \
                      base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// The page, told what to say in the greeting.
pub(super) async fn page(State(house): State<House>) -> impl IntoResponse {
    let page = PAGE
        .replace("{path}", PATH)
        .replace("{version}", &VERSION.to_string())
        .replace("{speed}", &house.speed.to_string())
        .replace("{run}", &attendant::RUN.to_string())
        .replace("{desk}", attendant::DESK);
    let headers = [(header::CONTENT_SECURITY_POLICY, POLICY), (header::CACHE_CONTROL, "no-store")];
    (headers, Html(page))
}
