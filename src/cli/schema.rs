//! `causerie schema`.

use super::exit::{Exit, Failure};
use super::out::print;

/// Prints the JSON Schema of the scenario format.
pub(super) fn schema() -> Result<Exit, Failure> {
    print(&format!("{:#}\n", crate::scenario::schema::schema()))?;
    Ok(Exit::Well)
}
