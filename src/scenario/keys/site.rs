//! The keys of the site around the chat.

use crate::scenario::defaults as default;
use crate::scenario::format::{Format, Key, Takes};
use crate::scenario::keys::{
    Default, Factor, File, Flag, Law, List, Map, Optional, Otherwise, PositiveDuration, Required, Where,
    Whole, Word,
};

/// The most pages of a site.
pub(in crate::scenario) const MOST_PAGES: usize = 100;

/// With which pages something else is fetched: the first that a visitor goes to, or every one.
const WITH: &[&str] = &["first page", "every page"];

pub(super) static SITE: Format = map! { "a site";
    /// Where it is: http://host:port or https://…, without a path.
    host: Takes::Text, Otherwise("the embedded chat server's own pages");
    /// PEM file of the authorities whose certificates are good, instead of those that this machine trusts.
    ca_file: File, Optional;
    /// Any certificate will do: who answers is not checked.
    insecure: Flag, Where(default::INSECURE, "of https:// hosts");
    /// How many are on it at once, from the beginning of a run to its end.
    visitors: Whole("visitors", 1, 100_000), Required;
    /// What they fetch; at least one page that they go to.
    pages: List(&Map(&PAGE)), Required;
    /// How long they look at a page before they go to the next.
    wait: Law, Default(default::SITE_WAIT);
};

static PAGE: Format = map! { "a page";
    /// Where it is on the site, from its first slash on: /shop?page=2.
    path: Takes::Text, Required;
    /// What its figures are called by: site.NAME.p95.
    name: Takes::Text, Otherwise("follows from its path");
    /// How often it is gone to, against the others that are.
    weight: Factor, Otherwise("1 where neither with nor every is given");
    /// With which pages it is fetched, right after them: a script that browsers keep, or do not.
    with: Word(WITH), Optional;
    /// How far apart everybody who is there fetches it, over and over.
    every: PositiveDuration, Optional;
};
