//! The dialects that come with causerie, as written.

/// Names and descriptions, in the order of their names.
const SHIPPED: [(&str, &str); 0] = [];

/// The description of this name.
#[must_use]
pub fn shipped(name: &str) -> Option<&'static str> {
    SHIPPED.iter().find(|(known, _)| *known == name).map(|(_, text)| *text)
}

/// Their names.
pub fn names() -> impl Iterator<Item = &'static str> {
    SHIPPED.iter().map(|(name, _)| *name)
}
