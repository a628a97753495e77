//! A target in a file of its own: what stands after `target` in a scenario, alone, so that any scenario can be played against it.

use std::path::Path;

use super::node::{self, Node, Value};
use super::problem::{Place, Problem, Problems};
use super::{input, misshapen};

/// Keys whose value is a path, wherever they stand in a target.
const PATHS: [&str; 3] = ["ca_file", "file", "dialect"];

/// What is in the file at `path`, as it would be typed after `target`. The paths in it start from where it is.
///
/// # Errors
/// When it cannot be read, or is no YAML.
pub fn target_file(path: &Path) -> Result<String, Problems> {
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
    let directory = std::path::absolute(path.parent().unwrap_or(Path::new("."))).unwrap_or_default();
    place(&mut root, &directory);
    Ok(written(&root.value).to_string())
}

/// Lets every path in it start from `directory`.
fn place(node: &mut Node, directory: &Path) {
    let Value::Map(entries) = &mut node.value else { return };
    for entry in entries {
        place(&mut entry.node, directory);
        if let Value::Scalar(text) = &mut entry.node.value
            && PATHS.contains(&entry.key.as_str())
            // A dialect may have a name.
            && (entry.key != "dialect" || text.contains('.'))
        {
            *text = directory.join(&*text).display().to_string();
        }
    }
}

fn written(value: &Value) -> serde_json::Value {
    match value {
        Value::Nothing => serde_json::Value::Null,
        Value::Scalar(text) => text.clone().into(),
        Value::List(nodes) => nodes.iter().map(|node| written(&node.value)).collect(),
        Value::Map(entries) => {
            entries.iter().map(|entry| (entry.key.clone(), written(&entry.node.value))).collect()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_start_from_where_the_file_is() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("t.yaml");
        let yaml =
            "url: https://desk\ndialect: my.yaml\nca_file: ca.pem\naccounts: {agents: {file: a.csv}}\n";
        std::fs::write(&path, yaml).unwrap();
        let written = target_file(&path).unwrap();
        let at = |name: &str| format!("{:?}", directory.path().join(name));
        for part in [at("my.yaml"), at("ca.pem"), at("a.csv"), "\"https://desk\"".to_owned()] {
            assert!(written.contains(&part), "{part}: {written}");
        }
        std::fs::write(&path, "url: irc://desk\ndialect: irc\n").unwrap();
        assert_eq!(target_file(&path).unwrap(), r#"{"dialect":"irc","url":"irc://desk"}"#);
    }

    #[test]
    fn what_is_no_file_is_named() {
        let problems = target_file(Path::new("no/such.yaml")).unwrap_err().to_string();
        assert!(problems.contains("no/such.yaml") && problems.contains("://"), "{problems}");
    }
}
