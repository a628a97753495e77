//! As whom people log in to a chat server: one who connects takes an account, and gives it back with the connection.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

use crate::scenario::plan::target::{Accounts, Password, Secret, Source};
use crate::wire::token::RunId;

/// Digits of a generated name.
const DIGITS: &[u8; 36] = b"0123456789abcdefghijklmnopqrstuvwxyz";

/// Who logs in.
#[derive(Clone, Debug)]
pub(super) struct Account {
    /// The name: of nine characters at the most, where it is a generated one.
    pub(super) name: String,
    pub(super) password: Option<Secret>,
    pub(super) domain: Option<String>,
    /// Whether it is somebody whom the server knows, or is to know.
    pub(super) is_known: bool,
}

/// The accounts of some people.
#[derive(Debug)]
pub(super) struct Roster {
    /// Where there is a number of them: those in nobody's hands, the longest unused first.
    listed: Option<Mutex<VecDeque<Account>>>,
    /// Where everybody has a name of their own: how many have one by now.
    named: Mutex<u64>,
    letter: char,
    run: RunId,
    password: Option<Secret>,
    domain: Option<String>,
}

/// An account in somebody's hands.
#[derive(Debug)]
pub(super) struct Lease {
    pub(super) account: Account,
    roster: Arc<Roster>,
}

impl Roster {
    /// The accounts of those whose generated names begin with `letter`.
    ///
    /// # Errors
    /// Says which variable of the environment is missing.
    pub(super) fn new(accounts: &Accounts, letter: char, run: RunId) -> Result<Self, String> {
        let (source, domain) = (&accounts.source, accounts.domain.clone());
        let password = match source {
            Source::Nobody { password }
            | Source::Registered { password, .. }
            | Source::Listed { password, .. } => password.as_ref().map(read).transpose()?,
        };
        let mut roster = Self { listed: None, named: Mutex::new(0), letter, run, password, domain };
        let listed: Option<VecDeque<Account>> = match source {
            Source::Nobody { .. } => None,
            Source::Registered { count, password } => {
                // One that is drawn is good for this run alone, and so is the name.
                if password.is_none() {
                    roster.password = Some(drawn()?);
                }
                let name = |number| match password {
                    Some(_) => format!("causerie-{letter}{number}"),
                    None => roster.name(number),
                };
                Some((0..u64::from(*count)).map(|number| roster.account(name(number), None)).collect())
            }
            Source::Listed { users, .. } => {
                let of = |(name, own): &(String, Option<Secret>)| roster.account(name.clone(), own.clone());
                Some(users.iter().map(of).collect())
            }
        };
        roster.listed = listed.map(Mutex::new);
        Ok(roster)
    }

    fn account(&self, name: String, own: Option<Secret>) -> Account {
        let password = own.or_else(|| self.password.clone());
        Account { name, password, domain: self.domain.clone(), is_known: true }
    }

    /// Nine characters that differ from run to run and from person to person: whatever a server takes for a name.
    fn name(&self, number: u64) -> String {
        let run = base36(u64::from(self.run.number()), 4);
        format!("{}{run}{}", self.letter, base36(number, 4))
    }

    /// All that are listed.
    pub(super) fn all(&self) -> Vec<Account> {
        self.listed.as_ref().map(|listed| lock(listed).iter().cloned().collect()).unwrap_or_default()
    }

    /// An account for one who connects; `None` where all are in use.
    pub(super) fn lease(self: &Arc<Self>) -> Option<Lease> {
        let account = match &self.listed {
            Some(listed) => lock(listed).pop_front()?,
            None => {
                let mut named = lock(&self.named);
                *named += 1;
                let (name, password, domain) =
                    (self.name(*named), self.password.clone(), self.domain.clone());
                Account { name, password, domain, is_known: false }
            }
        };
        Some(Lease { account, roster: self.clone() })
    }
}

impl Drop for Lease {
    fn drop(&mut self) {
        if let Some(listed) = &self.roster.listed {
            lock(listed).push_back(self.account.clone());
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn read(password: &Password) -> Result<Secret, String> {
    let Password { variable } = password;
    let value = std::env::var(variable).map_err(|_| format!("the environment has no variable {variable}"))?;
    Ok(Secret(value))
}

/// A password that nobody could guess.
fn drawn() -> Result<Secret, String> {
    let mut bits = [0; 16];
    getrandom::fill(&mut bits).map_err(|error| format!("no password could be drawn: {error}"))?;
    Ok(Secret(format!("{:032x}", u128::from_ne_bytes(bits))))
}

/// The last digits of a number.
fn base36(mut number: u64, digits: usize) -> String {
    let mut text = vec![b'0'; digits];
    for place in text.iter_mut().rev() {
        *place = DIGITS[(number % 36) as usize];
        number /= 36;
    }
    String::from_utf8_lossy(&text).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn roster(source: Source) -> Arc<Roster> {
        let accounts = Accounts { domain: Some("desk.example".into()), source };
        Arc::new(Roster::new(&accounts, 'v', RunId::new(0xF_FFFF)).unwrap())
    }

    #[test]
    fn everybody_may_have_a_name_of_their_own() {
        let roster = roster(Source::Nobody { password: None });
        let leases: Vec<Lease> = (0..3).map(|_| roster.lease().unwrap()).collect();
        let names: Vec<&str> = leases.iter().map(|lease| lease.account.name.as_str()).collect();
        assert_eq!(names, ["vmh330001", "vmh330002", "vmh330003"]);
        assert!(leases.iter().all(|lease| !lease.account.is_known && lease.account.password.is_none()));
        assert!(roster.all().is_empty());
    }

    #[test]
    fn accounts_are_used_in_turn_and_given_back() {
        let users = ["ann", "bob"].map(|name| (name.to_owned(), Some(Secret(format!("of {name}")))));
        let roster = roster(Source::Listed { users: users.to_vec(), password: None });
        let (first, second) = (roster.lease().unwrap(), roster.lease().unwrap());
        assert_eq!((first.account.name.as_str(), second.account.name.as_str()), ("ann", "bob"));
        assert_eq!(second.account.password, Some(Secret("of bob".into())));
        assert!(roster.lease().is_none(), "nobody shares one");
        drop(second);
        assert_eq!(roster.lease().unwrap().account.name, "bob");
    }

    #[test]
    fn what_is_registered_for_one_run_is_nobody_elses() {
        let roster = roster(Source::Registered { count: 2, password: None });
        let all = roster.all();
        assert_eq!(all.len(), 2);
        assert_eq!(all[0].password.as_ref().map(|secret| secret.0.len()), Some(32));
        assert_eq!(all[0].password, all[1].password);
        let missing = Password { variable: "CAUSERIE_NO_SUCH_PASSWORD".into() };
        let accounts =
            Accounts { domain: None, source: Source::Registered { count: 2, password: Some(missing) } };
        let why = Roster::new(&accounts, 'a', RunId::new(1)).unwrap_err();
        assert!(why.contains("CAUSERIE_NO_SUCH_PASSWORD"), "{why}");
    }
}
