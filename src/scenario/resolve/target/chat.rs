//! Chat servers as there are: what they speak, who queues, and as whom people log in.

use std::path::Path;
use std::sync::Arc;

use super::super::Findings;
use super::super::agents::routing;
use super::super::names::named;
use super::super::section::{Field, Section};
use crate::base::hash::fingerprint;
use crate::scenario::defaults as default;
use crate::scenario::dialects;
use crate::scenario::input;
use crate::scenario::plan::target::{
    Accounts, ChatPlan, Declared, Dialect, Password, QueuePlan, Secret, Source, Speech,
};
use crate::scenario::quantity::Misfit;

/// Accounts that one file may list.
const MOST_USERS: usize = 100_000;
/// The keys that only chat servers have.
const OF_CHAT: [&str; 6] = ["settings", "queue", "routing", "desk", "rooms", "accounts"];

/// What the server at `url` speaks: by its scheme, unless a dialect is named.
pub(super) fn speech(findings: &mut Findings<'_>, section: &mut Section, url: &str) -> Option<Speech> {
    let scheme = url.split("://").next().unwrap_or_default();
    let named = section.take(findings, "dialect");
    let dialect = match (&named, scheme) {
        (None, "ws" | "wss") => {
            let hint = "name the dialect, or remove it";
            let why = "of a server that speaks the causerie protocol";
            return section.without(findings, &OF_CHAT, why, hint).then_some(Speech::Causerie);
        }
        (None, "irc" | "ircs") => Some(Dialect::Irc),
        (None, "xmpp" | "xmpps") => Some(Dialect::Xmpp),
        (None, _) => {
            section.missing(findings, "dialect");
            None
        }
        (Some(field), _) => dialect(findings, field).filter(|dialect| fits(findings, field, dialect, scheme)),
    };
    let dialect = settings(findings, section, dialect);
    let queue = queue(findings, section, dialect.as_ref());
    let rooms = match section.take(findings, "rooms") {
        Some(field) if dialect == Some(Dialect::Xmpp) => findings.string(&field).map(Some),
        Some(_) => {
            section.refuse(findings, "rooms", "but with xmpp");
            None
        }
        None => Some(None),
    };
    let accounts = accounts(findings, section);
    let (queue, rooms, (visitors, agents)) = (queue?, rooms?, accounts?);
    Some(Speech::Chat(Box::new(ChatPlan { dialect: dialect?, queue, visitors, agents, rooms })))
}

fn dialect(findings: &mut Findings<'_>, field: &Field) -> Option<Dialect> {
    let name = findings.string(field)?;
    match name.as_str() {
        "irc" => return Some(Dialect::Irc),
        "xmpp" => return Some(Dialect::Xmpp),
        _ => {}
    }
    if let Some(text) = dialects::shipped(&name) {
        return declared(findings, &name, text);
    }
    if !is_yaml(&name) {
        let known: Vec<&str> = ["irc", "xmpp"].into_iter().chain(dialects::names()).collect();
        let misfit = Misfit::new(&format!("one of {}, or a file of your own", known.join(", ")));
        findings.misfit(field, misfit.hint("a file's name ends in .yaml: see docs/dialects.md"));
        return None;
    }
    match input::read_text(&findings.source.directory.join(&name), "a dialect in YAML") {
        Ok(text) => {
            findings.row(&format!("{}.file", field.path), fingerprint(&text), field.origin);
            declared(findings, &name, &text)
        }
        Err(misfit) => {
            findings.misfit(field, misfit);
            None
        }
    }
}

/// What a dialect says; whatever is wrong with it is noted, with its place in its own file.
fn declared(findings: &mut Findings<'_>, name: &str, text: &str) -> Option<Dialect> {
    match dialects::parse(name, text) {
        Ok(plan) => {
            let (plan, fingerprint) = (Arc::new(plan), fingerprint(text));
            Some(Dialect::Declared(Declared { plan, fingerprint, settings: Vec::new() }))
        }
        Err(problems) => {
            findings.problems.extend_from_slice(problems.all());
            None
        }
    }
}

/// The same with what differs from one installation of the server to another.
fn settings(findings: &mut Findings<'_>, section: &mut Section, dialect: Option<Dialect>) -> Option<Dialect> {
    let field = section.take(findings, "settings");
    let mut declared = match (dialect?, &field) {
        (Dialect::Declared(declared), _) => declared,
        (_, Some(_)) => {
            section.refuse(findings, "settings", "but with a dialect that is described in a file");
            return None;
        }
        (dialect, None) => return Some(dialect),
    };
    if let Some(field) = &field {
        for (name, _, value) in named(findings, field)? {
            if !declared.plan.settings.iter().any(|setting| setting.name == name) {
                let known: Vec<&str> =
                    declared.plan.settings.iter().map(|known| known.name.as_str()).collect();
                let found = Some(format!("a setting {name}"));
                let misfit = Misfit { found, ..Misfit::new("the settings of this dialect") };
                findings.misfit(field, misfit.hint(format!("it has: {}", known.join(", "))));
                return None;
            }
            declared.settings.push((name, findings.string(&value)?));
        }
    }
    let given = |name: &str| declared.settings.iter().any(|(given, _)| given == name);
    let missing = declared.plan.settings.iter().find(|one| one.default.is_none() && !given(&one.name));
    if let Some(setting) = missing {
        let hint = Some(format!("write settings: {{{}: …}}", setting.name));
        let found = format!("no setting {}", setting.name);
        findings.problem(section.at(), section.path(), found, setting.about.clone(), hint);
        return None;
    }
    Some(Dialect::Declared(declared))
}

fn is_yaml(name: &str) -> bool {
    let extension = Path::new(name).extension();
    extension.is_some_and(|extension| extension == "yaml" || extension == "yml")
}

/// Whether the dialect goes over what the scheme says.
fn fits(findings: &mut Findings<'_>, field: &Field, dialect: &Dialect, scheme: &str) -> bool {
    let schemes: &[&str] = match dialect {
        Dialect::Irc => &["irc", "ircs"],
        Dialect::Xmpp => &["xmpp", "xmpps", "ws", "wss"],
        Dialect::Declared(_) => &["http", "https", "ws", "wss"],
    };
    if schemes.contains(&scheme) {
        return true;
    }
    let list: Vec<String> = schemes.iter().map(|scheme| format!("{scheme}://")).collect();
    let misfit = Misfit::new(&format!("a dialect that goes over {scheme}://"));
    findings.misfit(field, misfit.hint(format!("{} goes over {}", dialect.name(), list.join(", "))));
    false
}

fn queue(findings: &mut Findings<'_>, section: &mut Section, dialect: Option<&Dialect>) -> Option<QueuePlan> {
    let usual = match dialect {
        Some(Dialect::Declared(declared)) if declared.plan.queues_alone() => &default::QUEUE_OF_SERVER,
        _ => &default::QUEUE,
    };
    let field = section.take_or(findings, "queue", usual);
    let by_server = findings.word(&field)? == 1;
    if let Some(lacks) = dialect.filter(|_| by_server).and_then(lacks_of_queue) {
        let hint = format!("with that the testbed's desk stands beside the server: {lacks}");
        let misfit = Misfit::new("a dialect of a server with a queue of its own, or else testbed");
        findings.misfit(&field, misfit.hint(hint));
        return None;
    }
    let url = match section.take(findings, "desk") {
        Some(field) => {
            let misfit = Misfit::new("the address of `causerie serve`, such as ws://127.0.0.1:8787");
            Some(super::address(findings, &field, &["ws://", "wss://"], misfit)?)
        }
        None => None,
    };
    if !by_server {
        let hint = "the scenario's desk says how it routes, or write queue: server";
        let fits = section.without(findings, &["routing"], "where the testbed's desk has the queue", hint);
        return fits.then_some(QueuePlan::Testbed { url });
    }
    let routing = match section.take(findings, "routing") {
        Some(field) => Some(routing(findings.word(&field)?)),
        None => None,
    };
    Some(QueuePlan::Server { routing, url })
}

/// Why the server cannot have the queue, as far as the dialect knows.
fn lacks_of_queue(dialect: &Dialect) -> Option<String> {
    match dialect {
        Dialect::Declared(declared) => {
            declared.plan.lacks_of_queue().map(|lacks| format!("in this dialect {lacks}"))
        }
        other => Some(format!("{} has no queue", other.name())),
    }
}

/// Visitors' and agents' accounts.
fn accounts(findings: &mut Findings<'_>, section: &mut Section) -> Option<(Accounts, Accounts)> {
    let field = section.take_where(findings, "accounts", true)?;
    let mut section = Section::open(findings, field)?;
    let mut of = |name| {
        let field = section.take(findings, name)?;
        let mut section = Section::open(findings, field)?;
        account(findings, &mut section)
    };
    let (visitors, agents) = (of("visitors"), of("agents"));
    Some((visitors?, agents?))
}

fn account(findings: &mut Findings<'_>, section: &mut Section) -> Option<Accounts> {
    let domain = match section.take(findings, "domain") {
        Some(field) => Some(findings.string(&field)?),
        None => None,
    };
    let password = match section.take(findings, "password") {
        Some(field) => Some(password(findings, &field)?),
        None => None,
    };
    let register = section.take(findings, "register");
    let source = match (register, section.take(findings, "file")) {
        (Some(field), None) => Source::Registered { count: findings.whole(&field)?, password },
        (None, Some(field)) => Source::Listed { users: users(findings, &field)?, password },
        (None, None) => Source::Nobody { password },
        (Some(_), Some(_)) => {
            section.refuse(findings, "file", "where accounts are registered");
            return None;
        }
    };
    Some(Accounts { domain, source })
}

/// `$NAME`: passwords themselves are written in no scenario.
fn password(findings: &mut Findings<'_>, field: &Field) -> Option<Password> {
    let text = findings.string_within(field)?;
    let fits = |(i, c): (usize, char)| c.is_ascii_alphabetic() || c == '_' || i > 0 && c.is_ascii_digit();
    if let Some(name) = text.strip_prefix('$')
        && !name.is_empty()
        && name.chars().enumerate().all(fits)
    {
        findings.row(&field.path, text.clone(), field.origin);
        return Some(Password { variable: name.to_owned() });
    }
    let misfit = Misfit {
        found: Some("something else".into()),
        ..Misfit::new("a variable of the environment, such as $CHAT_PASSWORD")
    };
    findings.misfit(field, misfit.hint("passwords themselves are written in no scenario"));
    // Nor on a terminal.
    findings.problems.iter_mut().last().into_iter().for_each(|problem| problem.source = None);
    None
}

/// Lines of `user` or `user,password`, under a line that says so. A password is all that follows the first comma.
fn users(findings: &mut Findings<'_>, field: &Field) -> Option<Vec<(String, Option<Secret>)>> {
    let name = findings.string_within(field)?;
    let read = input::read_text(&findings.source.directory.join(&name), "a CSV file of users");
    match read.and_then(|text| listed(&text).map(|users| (fingerprint(&text), users))) {
        Ok((hash, users)) => {
            findings.row(&field.path, format!("{name} ({} users, {hash})", users.len()), field.origin);
            Some(users)
        }
        Err(misfit) => {
            findings.misfit(field, misfit);
            None
        }
    }
}

fn listed(text: &str) -> Result<Vec<(String, Option<Secret>)>, Misfit> {
    let mut lines = text.lines().map(str::trim_end).filter(|line| !line.is_empty());
    let what = "a CSV file whose first line is `user` or `user,password`";
    let with_password = match lines.next() {
        Some("user") => false,
        Some("user,password") => true,
        _ => return Err(Misfit::new(what).hint("one user a line after that")),
    };
    let user = |line: &str| match line.split_once(',') {
        Some((user, password)) if with_password => (user.to_owned(), Some(Secret(password.to_owned()))),
        _ => (line.to_owned(), None),
    };
    let users: Vec<_> = lines.map(user).collect();
    if users.is_empty() || users.len() > MOST_USERS {
        let found = Some(format!("{} users", users.len()));
        return Err(Misfit { found, ..Misfit::new(&format!("from 1 to {MOST_USERS} users")) });
    }
    Ok(users)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_whatever_follows_the_comma() {
        let users = listed("user,password\r\nann,a,b \"c\"\r\n\r\nbob,\ncarl\n").unwrap();
        let secret = |text: &str| Some(Secret(text.to_owned()));
        let expected = [("ann", secret("a,b \"c\"")), ("bob", secret("")), ("carl", None)]
            .map(|(u, p)| (u.to_owned(), p));
        assert_eq!(users, expected);
        assert_eq!(listed("user\nann,x\n").unwrap(), [("ann,x".to_owned(), None)]);
        for wrong in ["", "name\nann\n", "user\n", "ann,secret\n"] {
            let misfit = listed(wrong).unwrap_err();
            assert!(!format!("{misfit:?}").contains("secret"), "{misfit:?}");
        }
    }
}
