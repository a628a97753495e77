//! What may import what, and what may be named where.

use super::lexer::{Token, tokens};

/// The floors of the house, lowest first. See `ARCHITECTURE.md`.
const FLOORS: [&[&str]; 9] = [
    &["base"],
    &["scenario", "metrics"],
    &["people", "platform", "staffing", "record"],
    &["gates", "wire", "net"],
    &["sim", "live", "server", "site"],
    &["study"],
    &["report"],
    &["fleet"],
    &["cli"],
];

/// Modules that open sockets or use an asynchronous runtime; every other is the pure simulator or drives these.
const NETWORKED: &[&str] = &["net", "live", "server", "site", "fleet", "cli"];

/// A name, the modules that may use it, and what the others do instead.
struct Ban {
    /// The last names of a path: `rand::rng`.
    path: &'static [&'static str],
    allowed: &'static [&'static str],
    instead: &'static str,
}

const CLOCK: &str = "only net::clock reads a clock: be told the time";
const SOCKET: &str = "it opens no socket and waits for nothing";
const DRAW: &str = "every draw comes from base::draw";

const BANS: &[Ban] = &[
    Ban { path: &["Instant"], allowed: &["net"], instead: CLOCK },
    // The date in a folder's name.
    Ban { path: &["SystemTime"], allowed: &["net", "cli/stamp.rs"], instead: CLOCK },
    Ban { path: &["Timestamp", "now"], allowed: &["net"], instead: CLOCK },
    Ban { path: &["Zoned", "now"], allowed: &["net"], instead: CLOCK },
    Ban { path: &["tokio"], allowed: NETWORKED, instead: SOCKET },
    Ban { path: &["axum"], allowed: &["server"], instead: SOCKET },
    Ban { path: &["tokio_tungstenite"], allowed: NETWORKED, instead: SOCKET },
    Ban { path: &["std", "net"], allowed: NETWORKED, instead: SOCKET },
    Ban { path: &["UnixStream"], allowed: NETWORKED, instead: SOCKET },
    Ban { path: &["rand", "rng"], allowed: &[], instead: DRAW },
    Ban { path: &["rand", "random"], allowed: &[], instead: DRAW },
    Ban { path: &["thread_rng"], allowed: &[], instead: DRAW },
    Ban { path: &["goose"], allowed: &["site"], instead: "only site knows Goose" },
];

/// A path as written out, with what `use` braces factor out put back: `use a::{b, c::d}` is `a::b` and `a::c::d`.
struct Path<'a> {
    names: Vec<&'a str>,
    line: usize,
    /// How many modules the place is deep: 1 in `src/sim.rs` and `src/sim/mod.rs`.
    depth: usize,
}

/// Everything that is wrong with `file` (its path below `src/`), each with its line.
pub(super) fn violations(file: &str, source: &str) -> Vec<String> {
    let here = file.split('/').next().unwrap().trim_end_matches(".rs");
    if matches!(file, "lib.rs" | "main.rs") {
        return Vec::new();
    }
    let Some(floor) = floor(here) else {
        return vec![format!(
            "{file}: `{here}` stands on no floor: give it one in FLOORS and ARCHITECTURE.md"
        )];
    };
    let mut found = Vec::new();
    for path in paths(&tokens(source), depth(file)) {
        if let Some(module) = from_root(&path)
            && let Some(wrong) = wrong_import(here, floor, module)
        {
            found.push(format!("{file}:{}: {wrong}", path.line));
        }
        let banned = |ban: &&Ban| {
            let allowed = ban.allowed.contains(&here) || ban.allowed.contains(&file);
            !allowed && path.names.windows(ban.path.len()).any(|names| names == ban.path)
        };
        if let Some(ban) = BANS.iter().find(banned) {
            found.push(format!("{file}:{}: `{}`: {}", path.line, ban.path.join("::"), ban.instead));
        }
    }
    found.dedup();
    found
}

fn floor(module: &str) -> Option<usize> {
    FLOORS.iter().position(|modules| modules.contains(&module))
}

fn wrong_import(here: &str, floor_here: usize, module: &str) -> Option<String> {
    match floor(module) {
        _ if module == here => None,
        None => Some(format!("imports `{module}`, which stands on no floor")),
        Some(floor) if floor > floor_here => Some(format!("`{here}` imports `{module}`, a floor above it")),
        Some(floor) if floor == floor_here => Some(format!("`{here}` imports `{module}`, its sibling")),
        Some(_) => None,
    }
}

/// How many modules deep the code of `file` is.
fn depth(file: &str) -> usize {
    file.split('/').count() - usize::from(file.ends_with("/mod.rs"))
}

/// The module below the crate's root that `path` goes to, where it goes through the root.
fn from_root<'a>(path: &Path<'a>) -> Option<&'a str> {
    let climbs = path.names.iter().take_while(|name| matches!(**name, "super" | "self")).collect::<Vec<_>>();
    let at = match path.names.first()? {
        &"crate" => 1,
        _ if climbs.iter().filter(|name| ***name == "super").count() == path.depth => climbs.len(),
        _ => return None,
    };
    path.names.get(at).copied()
}

/// Every path in the tokens.
fn paths<'a>(tokens: &[Token<'a>], file_depth: usize) -> Vec<Path<'a>> {
    let mut found = Vec::new();
    // For each open brace: whether it opened a module.
    let mut open = Vec::new();
    let mut at = 0;
    while let Some(token) = tokens.get(at) {
        match token.text {
            "{" => open.push(at >= 2 && tokens[at - 2].text == "mod"),
            "}" => {
                open.pop();
            }
            _ if is_name(token.text) => {
                let depth = file_depth + open.iter().filter(|module| **module).count();
                at = path(tokens, at, &mut Vec::new(), depth, &mut found);
                continue;
            }
            _ => {}
        }
        at += 1;
    }
    found
}

fn is_name(text: &str) -> bool {
    text.starts_with(|c: char| c.is_alphabetic() || c == '_')
}

/// Reads the path (or the tree of paths) at `at`, whose first names are `front`; gives where it ends.
fn path<'a>(
    tokens: &[Token<'a>],
    mut at: usize,
    front: &mut Vec<&'a str>,
    depth: usize,
    found: &mut Vec<Path<'a>>,
) -> usize {
    let text = |at: usize| tokens.get(at).map_or("", |token| token.text);
    let kept = front.len();
    let line = tokens[at].line;
    loop {
        match text(at) {
            "{" => {
                at += 1;
                while !matches!(text(at), "}" | "") {
                    at = match text(at) {
                        "," => at + 1,
                        "as" => at + 2,
                        _ => path(tokens, at, front, depth, found),
                    };
                }
                front.truncate(kept);
                return at + 1;
            }
            name => front.push(name),
        }
        at += 1;
        if text(at) != "::" || !(is_name(text(at + 1)) || matches!(text(at + 1), "{" | "*")) {
            break;
        }
        at += 1;
    }
    found.push(Path { names: front.clone(), line, depth });
    front.truncate(kept);
    at
}
