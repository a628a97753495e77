//! Reading files, which may be anything: the wrong kind, far too large, not text.

use std::fs::File;
use std::io::Read as _;
use std::path::Path;

use super::quantity::Misfit;

/// No file of a scenario is larger, in bytes.
pub(super) const LARGEST: u64 = 4 << 20;

const BYTE_ORDER_MARK: char = '\u{feff}';

/// The text of a file. Its size is looked at before anything is read, and never more than [`LARGEST`] is.
pub(super) fn read_text(path: &Path, what: &str) -> Result<String, Misfit> {
    let misfit = |found: &str, hint: Option<&str>| Misfit {
        found: Some(found.to_owned()),
        expected: what.to_owned(),
        hint: hint.map(str::to_owned),
    };
    let unreadable = |error: std::io::Error| misfit(&format!("a file that cannot be read ({error})"), None);
    let about = std::fs::metadata(path).map_err(|error| match error.kind() {
        std::io::ErrorKind::NotFound => {
            misfit("no such file", Some("paths start from where the file is that names them"))
        }
        _ => unreadable(error),
    })?;
    if about.is_dir() {
        return Err(misfit("a directory", Some("name the file in it")));
    }
    if !about.is_file() {
        return Err(misfit("something that is no file", None));
    }
    let too_large = || misfit("a file of more than 4 MB", Some("is this the file that was meant?"));
    if about.len() > LARGEST {
        return Err(too_large());
    }
    let mut bytes = Vec::new();
    File::open(path).and_then(|file| file.take(LARGEST + 1).read_to_end(&mut bytes)).map_err(unreadable)?;
    if bytes.len() as u64 > LARGEST {
        return Err(too_large());
    }
    if bytes.contains(&0) {
        return Err(misfit("NUL bytes: no text", Some("save it as UTF-8")));
    }
    let text = String::from_utf8(bytes).map_err(|error| {
        let line =
            1 + error.as_bytes()[..error.utf8_error().valid_up_to()].iter().filter(|b| **b == b'\n').count();
        misfit(&format!("bytes on line {line} that are not UTF-8"), Some("save it as UTF-8"))
    })?;
    Ok(match text.strip_prefix(BYTE_ORDER_MARK) {
        Some(rest) => rest.to_owned(),
        None => text,
    })
}
