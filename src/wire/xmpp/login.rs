//! Whom a connection belongs to, and over what it may be said.

use std::fmt;

/// How a person logs in. What is shown of it for debugging leaves the password out.
#[derive(Clone, Debug)]
pub struct Login {
    /// The server's name of itself, such as `example.org`: the part of an address behind the `@`.
    pub domain: String,
    /// Whose account; nobody's is a guest whom the server gives an address of its own (ANONYMOUS).
    pub account: Option<Account>,
    /// Whether a stream that begins in the clear becomes secret.
    pub tls: Tls,
    /// Whether the password may go over a connection that is not secret, where the server knows nothing better than PLAIN.
    pub plain_in_clear: bool,
    /// The address of the service that has the rooms, such as `conference.example.org`; the server is asked if it is not given.
    pub conference: Option<String>,
}

/// An account at the server.
#[derive(Clone)]
pub struct Account {
    /// The part of an address before the `@`.
    pub user: String,
    /// Its password.
    pub password: String,
    /// Whether it is registered first (XEP-0077). One that is there already is as good.
    pub register: bool,
}

impl fmt::Debug for Account {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { user, password: _, register } = self;
        f.debug_struct("Account").field("user", user).field("register", register).finish_non_exhaustive()
    }
}

/// What becomes of a stream that begins in the clear.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Tls {
    /// Secret, or nobody logs in.
    Required,
    /// Secret where the server offers it.
    #[default]
    Offered,
    /// In the clear. A server that demands otherwise is not logged in to.
    Never,
}
