//! Dialects: how a chat server's protocol is spoken, from a file, or from those that come with the program.

use std::path::Path;

use super::plan::dialect::DialectPlan;
use super::problem::Problems;
use super::solved::Solved;
use super::{misshapen, node, read, resolve};

/// Those that come with the program, in the order of their names.
const SHIPPED: [(&str, &str); 5] = [
    ("chatwoot", include_str!("../../scenarios/dialects/chatwoot.yaml")),
    ("matrix", include_str!("../../scenarios/dialects/matrix.yaml")),
    ("mattermost", include_str!("../../scenarios/dialects/mattermost.yaml")),
    ("rocketchat", include_str!("../../scenarios/dialects/rocketchat.yaml")),
    ("socketio", include_str!("../../scenarios/dialects/socketio.yaml")),
];

/// The names of the dialects that come with the program.
pub fn shipped() -> impl Iterator<Item = &'static str> {
    SHIPPED.iter().map(|(name, _)| *name)
}

/// The dialect of this name that comes with the program; `None` where there is none.
///
/// # Errors
/// Never, of what is shipped: a test reads them all.
#[must_use]
pub fn by_name(name: &str) -> Option<Result<DialectPlan, Problems>> {
    let (_, text) = SHIPPED.iter().find(|(known, _)| *known == name)?;
    Some(parse(&format!("dialects/{name}.yaml"), text))
}

/// The dialect in the file `path`.
///
/// # Errors
/// Everything that is wrong with it, at once.
pub fn load(path: &Path) -> Result<DialectPlan, Problems> {
    let text = read(path, "a dialect, a YAML file")?;
    parse(&path.display().to_string(), &text)
}

/// The dialect `text`, from a file named `name`.
///
/// # Errors
/// Everything that is wrong with it, at once.
pub fn parse(name: &str, text: &str) -> Result<DialectPlan, Problems> {
    let root = node::parse(text)
        .map_err(|problem| misshapen(name, text, node::Malformed { expected: "a dialect in YAML", ..problem }, ""))?;
    let source = resolve::Source { file: name, text, directory: Path::new("."), held: Solved::default() };
    resolve::dialect(root, source)
}
