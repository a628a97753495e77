//! The floors hold: modules import only downward, never a sibling, and what may not be named where is not.
//!
//! The sources are read as text (test code counts too). That sees every path that is written out, which is all there
//! is as long as nobody makes another name for the crate's root.

mod lexer;
mod rules;

use std::path::{Path, PathBuf};

use rules::violations;

/// Every `.rs` file below `directory`.
fn sources(directory: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut pending = vec![directory.to_path_buf()];
    while let Some(directory) = pending.pop() {
        for entry in std::fs::read_dir(&directory).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                pending.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

#[test]
fn modules_import_only_downward() {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let sources = sources(&src);
    assert!(sources.len() > 5, "the sources were not found: {sources:?}");
    let broken: Vec<String> = sources
        .iter()
        .flat_map(|path| {
            let file = path.strip_prefix(&src).unwrap().to_str().unwrap().replace('\\', "/");
            violations(&file, &std::fs::read_to_string(path).unwrap())
        })
        .collect();
    assert!(broken.is_empty(), "\n{}\n", broken.join("\n"));
}

#[test]
fn importing_upward_is_found_however_it_is_written() {
    for source in [
        "use crate::sim::engine;",
        "use crate::{base::time::Span, sim};",
        "use crate::{base::{id, time}, sim::{engine, world}};",
        "fn f() { let x = crate::sim::engine::run(); }",
        "use super::super::sim::engine;",
        "mod tests { use super::super::super::sim; }",
        "mod tests { mod deep { use crate::base; } use super::super::super::sim; }",
    ] {
        let found = violations("platform/desk.rs", source);
        assert_eq!(found.len(), 1, "{source}: {found:?}");
        assert!(found[0].contains("platform/desk.rs:1") && found[0].contains("`sim`"), "{found:?}");
    }
}

#[test]
fn importing_a_sibling_is_found_and_oneself_is_not() {
    assert_eq!(violations("people/visitor.rs", "use crate::platform::desk::Desk;").len(), 1);
    assert_eq!(violations("sim/engine.rs", "use crate::live::session;").len(), 1);
    assert_eq!(violations("people/visitor.rs", "use crate::people::reason::Reason;").len(), 0);
}

#[test]
fn importing_downward_is_allowed() {
    let source = "use crate::base::{id as number, time};\n\
                  use crate::{people as folk, scenario::plan::Plan};\n\
                  use super::queue;\n\
                  mod tests { use super::*; use super::super::world; }";
    assert_eq!(violations("sim/engine.rs", source), Vec::<String>::new());
    assert_eq!(violations("sim/mod.rs", "use super::people;"), Vec::<String>::new());
    assert_eq!(violations("cli/simulate.rs", "use crate::study; use crate::report;"), Vec::<String>::new());
}

#[test]
fn comments_strings_and_lifetimes_are_not_imports() {
    for source in [
        "// use crate::sim;",
        "/* use crate::sim; /* nested */ crate::sim */",
        "/// [`crate::sim`]",
        "const S: &str = \"use crate::sim; \\\" crate::sim\";",
        "const S: &str = r#\"crate::sim \" crate::sim\"#;",
        "fn f<'a>(x: &'a str) -> char { '\"' } // \" crate::sim",
    ] {
        assert_eq!(violations("base/time.rs", source), Vec::<String>::new(), "{source}");
    }
    let after = "const S: &str = r##\"x\"# \"##; fn f<'a>(c: char) { c == '\\''; crate::sim::run() }";
    assert_eq!(violations("base/time.rs", after).len(), 1);
}

#[test]
fn an_unknown_module_has_no_floor() {
    assert!(violations("base/time.rs", "use crate::utils::x;")[0].contains("`utils`"));
    assert!(violations("utils/time.rs", "fn f() {}")[0].contains("utils/time.rs"));
    assert_eq!(violations("base/time.rs", "use crate::*;").len(), 1, "everything at once is upward too");
}

#[test]
fn what_may_not_be_named_is_found_where_it_may_not() {
    for (file, source) in [
        ("people/visitor.rs", "use std::time::Instant;"),
        ("live/engine.rs", "use std::time::{Duration, SystemTime};"),
        ("report/html.rs", "let now = jiff::Timestamp::now();"),
        ("cli/run.rs", "let now = Zoned::now();"),
        ("platform/desk.rs", "async fn f() { tokio::task::yield_now().await }"),
        ("staffing/erlang.rs", "use std::net::TcpStream;"),
        ("scenario/plan.rs", "use std::{fmt, net};"),
        ("wire/json.rs", "fn f(s: &mut UnixStream) {}"),
        ("base/draw.rs", "let x = rand::rng();"),
        ("sim/engine.rs", "let x: f64 = rand::random();"),
        ("live/engine.rs", "use goose::prelude::*;"),
    ] {
        assert_eq!(violations(file, source).len(), 1, "{file}: {source}: {:?}", violations(file, source));
    }
}

#[test]
fn what_may_be_named_is_allowed_where_it_may() {
    for (file, source) in [
        ("net/clock.rs", "use std::time::Instant; use tokio::time::sleep_until;"),
        ("site/traffic.rs", "use goose::prelude::*;"),
        ("server/mod.rs", "use std::net::SocketAddr; use tokio::net::TcpListener;"),
        ("base/draw.rs", "use rand::{Rng, SeedableRng};"),
        ("base/id.rs", "fn net(net: u32) -> u32 { net }"),
    ] {
        assert_eq!(violations(file, source), Vec::<String>::new(), "{file}: {source}");
    }
}
