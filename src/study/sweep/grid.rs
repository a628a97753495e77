//! The combinations of what is varied.

use super::vary::{Axis, Misuse};
use super::{MOST_AXES, MOST_CELLS};

/// Every combination of the values of one to three keys, the last key's values changing fastest.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grid {
    axes: Vec<Axis>,
}

/// Keys that no combination can differ in, and why.
const FIXED: [(&str, &str); 5] = [
    ("seed", "every combination is played with the same one, so that they can be told apart: see --seed"),
    ("replications", "every combination has as many, each paired with its like: see --replications"),
    ("name", "nothing that is simulated depends on it"),
    ("run", "only `run` depends on it"),
    ("target", "only `run` depends on it"),
];

impl Grid {
    /// Of one to three different keys.
    ///
    /// # Errors
    /// When there are none or too many, of keys or of combinations; when a key is there twice, lies within another, or
    /// changes nothing.
    pub fn new(axes: Vec<Axis>) -> Result<Self, Misuse> {
        if axes.is_empty() || axes.len() > MOST_AXES {
            let what = format!("{} keys are varied, and from 1 to {MOST_AXES} can be", axes.len());
            return Err(Misuse { what, hint: None });
        }
        for (i, axis) in axes.iter().enumerate() {
            let key = &axis.key;
            let top = key.split('.').next().unwrap_or_default();
            if let Some((_, why)) = FIXED.iter().find(|(fixed, _)| *fixed == top) {
                return Err(Misuse::new(format!("{key} cannot be varied"), *why));
            }
            let clash =
                axes[..i].iter().find(|other| is_within(key, &other.key) || is_within(&other.key, key));
            if let Some(other) = clash {
                let what = if other.key == *key {
                    format!("{key} is varied twice")
                } else {
                    format!("{key} and {} cannot both be varied: one is a part of the other", other.key)
                };
                return Err(Misuse { what, hint: None });
            }
        }
        let cells = axes.iter().fold(1usize, |cells, axis| cells.saturating_mul(axis.values.len()));
        if cells > MOST_CELLS {
            let what = format!("these are {cells} combinations, and at most {MOST_CELLS} are possible");
            return Err(Misuse::new(what, "take larger steps: FROM..TO:STEP"));
        }
        Ok(Self { axes })
    }

    /// What is varied, in the order given.
    #[must_use]
    pub fn axes(&self) -> &[Axis] {
        &self.axes
    }

    /// How many combinations there are.
    #[must_use]
    pub fn cells(&self) -> usize {
        self.axes.iter().map(|axis| axis.values.len()).product()
    }

    /// Which value of each key combination number `cell` has.
    #[must_use]
    pub fn place(&self, cell: usize) -> Vec<usize> {
        let mut left = cell;
        let mut place: Vec<usize> = self
            .axes
            .iter()
            .rev()
            .map(|axis| {
                let at = left % axis.values.len();
                left /= axis.values.len();
                at
            })
            .collect();
        place.reverse();
        place
    }

    /// The number of the combination with these values of each key.
    #[must_use]
    pub fn cell(&self, place: &[usize]) -> usize {
        self.axes.iter().zip(place).fold(0, |cell, (axis, at)| cell * axis.values.len() + at)
    }

    /// The values of combination number `cell`, in the order of the keys.
    pub fn values(&self, cell: usize) -> impl Iterator<Item = (&str, &str)> {
        self.axes.iter().zip(self.place(cell)).map(|(axis, at)| (axis.key.as_str(), axis.values[at].as_str()))
    }

    /// `support.agents.count=8, support.agents.concurrency=2`.
    #[must_use]
    pub fn name(&self, cell: usize) -> String {
        self.values(cell).map(|(key, value)| format!("{key}={value}")).collect::<Vec<_>>().join(", ")
    }
}

/// Whether a key is the other or lies below it.
fn is_within(key: &str, other: &str) -> bool {
    key.strip_prefix(other).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn grid(axes: &[&str]) -> Result<Grid, Misuse> {
        Grid::new(axes.iter().map(|text| Axis::parse(text).unwrap()).collect())
    }

    #[test]
    fn every_combination_has_a_number_and_a_place() {
        let grid = grid(&["a=1..2", "b=x,y,z"]).unwrap();
        assert_eq!(grid.cells(), 6);
        let names: Vec<String> = (0..6).map(|cell| grid.name(cell)).collect();
        assert_eq!(names, ["a=1, b=x", "a=1, b=y", "a=1, b=z", "a=2, b=x", "a=2, b=y", "a=2, b=z"]);
        assert!((0..6).all(|cell| grid.cell(&grid.place(cell)) == cell));
    }

    #[test]
    fn what_makes_no_grid_is_refused() {
        let why = |axes: &[&str]| grid(axes).unwrap_err().what;
        assert!(why(&[]).contains("0 keys"));
        assert!(why(&["a=1", "b=1", "c=1", "d=1"]).contains("4 keys"));
        assert!(why(&["a.b=1", "a.b=2"]).contains("twice"));
        assert!(why(&["a.b=1", "a=2"]).contains("part of the other"));
        assert!(grid(&["a.b=1", "a.bc=2"]).is_ok());
        assert!(why(&["a=1..21", "b=1..20"]).contains("420 combinations"));
        assert!(why(&["seed=1..3"]).contains("seed cannot be varied"));
        assert!(why(&["run.speed=1..3"]).contains("run.speed cannot be varied"));
    }
}
