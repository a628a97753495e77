//! The one HTTP client that all visitors share, and how a page is fetched with it.
//!
//! Shared, it takes 11 kB a visitor; one for each would take 138 kB. They share its connections too, which are kept: a visitor
//! takes one that is free, as a proxy in front of the site would. Cookies are not kept.

use std::error::Error;
use std::time::Duration;

use reqwest::redirect::{Attempt, Policy};
use reqwest::{Client, Response};

use crate::net::tls;
use crate::scenario::plan::site::SitePlan;
use crate::scenario::plan::target::Trust;

/// How long a page may take, from asking for it to the last byte.
const LIMIT: Duration = Duration::from_secs(30);
/// Bytes of a page at the most, unpacked.
const LONGEST: usize = 64 << 20;
/// Redirections of one page that are followed.
const REDIRECTIONS: usize = 5;

/// How the visitors call themselves.
pub(super) const AGENT: &str = concat!("causerie/", env!("CARGO_PKG_VERSION"));

/// A client for the site at `host`, and for nobody else: who is sent elsewhere does not go there.
///
/// # Errors
/// Says why nobody could be trusted.
pub(super) fn client(plan: &SitePlan, host: &str) -> Result<Client, String> {
    // Where TLS is not spoken nobody has to be trusted, and nobody is asked.
    let trust = if host.starts_with("https://") { &plan.trust } else { &Trust::Anybody };
    Client::builder()
        .user_agent(AGENT)
        .timeout(LIMIT)
        .redirect(Policy::custom(within_host))
        // The chat's connections go straight to the target: so do these.
        .no_proxy()
        .tls_backend_preconfigured(tls::config(trust, Some("http/1.1"))?)
        .build()
        .map_err(|error| explain(&error))
}

fn within_host(attempt: Attempt) -> reqwest::redirect::Action {
    let here = attempt.previous().last().is_some_and(|from| from.origin() == attempt.url().origin());
    if !here {
        return attempt.error("it sends its visitors to another host");
    }
    if attempt.previous().len() > REDIRECTIONS {
        attempt.error("it sends its visitors in circles")
    } else {
        attempt.follow()
    }
}

/// Whether all of an answer comes.
pub(super) async fn whole(mut answer: Response) -> bool {
    let mut length = 0;
    loop {
        match answer.chunk().await {
            Ok(Some(part)) if length + part.len() <= LONGEST => length += part.len(),
            Ok(None) => return true,
            Ok(Some(_)) | Err(_) => return false,
        }
    }
}

/// What is behind an error: its last cause says most, and says no address.
pub(super) fn explain(error: &reqwest::Error) -> String {
    if error.is_timeout() {
        return format!("no answer within {} s", LIMIT.as_secs());
    }
    let mut cause: &dyn Error = error;
    while let Some(deeper) = cause.source() {
        cause = deeper;
    }
    cause.to_string()
}
