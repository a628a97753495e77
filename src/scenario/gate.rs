//! Gates as typed: a figure, a comparison, a limit with its unit.

/// How a figure is compared with its limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Comparison {
    /// `<`
    Below,
    /// `<=`
    AtMost,
    /// `>`
    Above,
    /// `>=`
    AtLeast,
    /// `==`
    Equal,
}

impl Comparison {
    /// Whether `value` is on the right side of `limit`.
    #[must_use]
    pub fn holds(self, value: f64, limit: f64) -> bool {
        match self {
            Self::Below => value < limit,
            Self::AtMost => value <= limit,
            Self::Above => value > limit,
            Self::AtLeast => value >= limit,
            Self::Equal => value == limit,
        }
    }
}

/// A threshold on a figure.
#[derive(Clone, Debug, PartialEq)]
pub struct Gate {
    /// As typed.
    pub text: String,
    /// The figure's full name; it is in the catalogue.
    pub figure: String,
    /// The comparison.
    pub comparison: Comparison,
    /// The limit, in the figure's unit.
    pub limit: f64,
}
