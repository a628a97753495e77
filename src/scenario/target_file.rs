//! A target in a file of its own: what stands after `target` in a scenario, alone, so that any scenario can be played against it.
//!
//! While a scenario is resolved, the places in this file lie behind the scenario's own, as if its lines came after the last of
//! the scenario: so each place says in which of the two files it is.

use std::path::Path;

use super::node::{self, Node, Value};
use super::problem::{Place, Problem, Problems};
use super::{input, misshapen};

/// Keys whose value is a path, wherever they stand in a target.
const PATHS: [&str; 3] = ["ca_file", "file", "dialect"];

/// Such a file.
#[derive(Debug)]
pub(super) struct TargetFile {
    /// As it was named.
    pub(super) name: String,
    pub(super) text: String,
}

/// What is in the file at `path`. The paths in it start from where it is.
pub(super) fn read(path: &Path) -> Result<(TargetFile, Node), Problems> {
    let name = path.display().to_string();
    let text = input::read_text(path, "a target, a YAML file").map_err(|misfit| {
        Problems::one(Problem {
            file: name.clone(),
            place: Place::default(),
            source: None,
            path: "target".to_owned(),
            found: misfit.found.unwrap_or_default(),
            expected: misfit.expected,
            hint: Some("name a file, or an address: it has :// in it".to_owned()),
        })
    })?;
    let mut root = node::parse(&text).map_err(|problem| misshapen(&name, &text, problem, "target"))?;
    // Of `staging.yaml` alone the parent is nothing, which is nowhere.
    let whole = std::path::absolute(path).unwrap_or_default();
    start_from(&mut root, whole.parent().unwrap_or(&whole));
    Ok((TargetFile { name, text }, root))
}

impl TargetFile {
    /// What was read of it, behind a scenario of this text.
    pub(super) fn behind(&self, scenario: &str, mut node: Node) -> Node {
        let before = lines(scenario);
        node.replace(&|at| Place { line: at.line + before, ..at });
        node
    }

    /// Where in this file a place is that lies behind the scenario; nothing, if it is in the scenario.
    pub(super) fn own(&self, scenario: &str, at: Place) -> Option<Place> {
        let line = at.line.checked_sub(lines(scenario)).filter(|line| *line > 0)?;
        Some(Place { line, ..at })
    }
}

/// Lines that places in a text may have.
fn lines(text: &str) -> u32 {
    // The end of a text may be a line of its own.
    text.lines().count() as u32 + 1
}

/// Lets every path in it start from `directory`.
fn start_from(node: &mut Node, directory: &Path) {
    let Value::Map(entries) = &mut node.value else { return };
    for entry in entries {
        start_from(&mut entry.node, directory);
        if let Value::Scalar(text) = &mut entry.node.value
            && PATHS.contains(&entry.key.as_str())
            // A dialect may have a name.
            && (entry.key != "dialect" || text.contains('.'))
        {
            *text = directory.join(&*text).display().to_string();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::plan::Plan;
    use super::super::plan::target::{Source, TargetPlan};
    use super::super::solved::Solved;
    use super::super::{Beside, parse_with};
    use super::*;

    const SCENARIO: &str =
        "name: t\nlength: 1h\nsupport: {arrivals: {rate: 60/h}, patience: never, agents: {count: 1}}\n";
    const DIALECT: &str = "dialect: d\nabout: x\ntransports:\n  web: {kind: http}\neverybody:\n  connect:\n    \
        - event: {welcome: {address: \"{{user}}\"}}\n  tell:\n    - event: {told: {peer: x, text: y}}\n";

    /// A scenario played against this target, in a folder of its own with a dialect and accounts.
    fn against(target: &str) -> Result<Plan, String> {
        let directory = tempfile::tempdir().unwrap();
        for (name, text) in [
            ("t.yaml", target),
            ("my.yaml", DIALECT),
            ("a.csv", "user,password\nann,x\n"),
            ("ca.pem", "-----BEGIN CERTIFICATE-----\nAAAA\n"),
        ] {
            std::fs::write(directory.path().join(name), text).unwrap();
        }
        let beside = Beside { target: Some(directory.path().join("t.yaml")), keys: Vec::new() };
        let read = parse_with("s.yaml", SCENARIO.into(), Path::new("/nowhere"), &beside, &Solved::default());
        let shown = directory.path().display().to_string();
        read.map(|scenario| scenario.plan).map_err(|problems| problems.to_string().replace(&shown, "HERE"))
    }

    #[test]
    fn paths_start_from_where_the_file_is() {
        let plan = against(
            "url: https://desk\ndialect: my.yaml\nca_file: ca.pem\nqueue: testbed\naccounts: {agents: {file: a.csv}}\n",
        );
        let TargetPlan { url, .. } = plan.as_ref().unwrap().run.target.as_ref().unwrap();
        assert_eq!(url, "https://desk");
        let chat = plan.as_ref().unwrap().run.target.as_ref().unwrap().chat().unwrap();
        assert_eq!(chat.dialect.name(), "d");
        assert!(matches!(&chat.agents.source, Source::Listed { .. }), "{:?}", chat.agents);
        let ircd = against("url: irc://desk\ndialect: irc\nqueue: testbed\n").unwrap();
        assert_eq!(ircd.run.target.unwrap().chat().unwrap().dialect.name(), "irc", "a name is no path");
    }

    #[test]
    fn what_is_wrong_is_said_with_its_place_in_this_file() {
        let why = against(
            "url: https://desk\ndialect: my.yaml\nqueue: testbed\nacounts: {agents: {file: a.csv}}\n",
        )
        .unwrap_err();
        for part in ["--> HERE/t.yaml:4:1\n", "4 | acounts: {", "did you mean `accounts`?", "1 problem"] {
            assert!(why.contains(part), "{part}: {why}");
        }
        let why = against("url: https://desk\ndialect: my.yaml\nqueue: nobody\n").unwrap_err();
        assert!(why.contains("--> HERE/t.yaml:3:8\n"), "{why}");
        let why = against("url: irc://desk\nurl: irc://other\n").unwrap_err();
        for part in ["--> HERE/t.yaml:2:1\n", "the first is on line 1\n"] {
            assert!(why.contains(part), "{part}: {why}");
        }
        let why = against("url: [\n").unwrap_err();
        assert!(why.contains("--> HERE/t.yaml:"), "{why}");
    }

    #[test]
    fn what_is_no_file_is_named() {
        let problems = read(Path::new("no/such.yaml")).unwrap_err().to_string();
        assert!(problems.contains("no/such.yaml") && problems.contains("://"), "{problems}");
    }
}
