//! Lists threaded through a table: any number of orders over the same rows, with removal from the middle in constant
//! time and without allocation.

/// No row.
const NONE: u32 = u32::MAX;

/// The links of one row; a row is in at most one list at a time.
#[derive(Clone, Copy, Debug)]
pub(super) struct Link {
    before: u32,
    after: u32,
}

impl Default for Link {
    fn default() -> Self {
        Self { before: NONE, after: NONE }
    }
}

/// A row that can be in a list.
pub(super) trait Linked {
    /// Its links.
    fn link(&mut self) -> &mut Link;
    /// Its links, to read.
    fn peek(&self) -> Link;
}

/// A list: its ends. The rows are in a table that every call is given.
#[derive(Clone, Copy, Debug)]
pub(super) struct List {
    first: u32,
    last: u32,
}

impl Default for List {
    fn default() -> Self {
        Self { first: NONE, last: NONE }
    }
}

impl List {
    /// The row at the front.
    pub(super) fn first(&self) -> Option<u32> {
        (self.first != NONE).then_some(self.first)
    }

    /// Puts `row` at the back, but in front of those at the back whom it `precedes`.
    pub(super) fn insert<T: Linked>(&mut self, rows: &mut [T], row: u32, precedes: impl Fn(u32, &T) -> bool) {
        let mut before = self.last;
        while before != NONE && precedes(before, &rows[before as usize]) {
            before = rows[before as usize].peek().before;
        }
        let after = if before == NONE { self.first } else { rows[before as usize].peek().after };
        *rows[row as usize].link() = Link { before, after };
        match before {
            NONE => self.first = row,
            _ => rows[before as usize].link().after = row,
        }
        match after {
            NONE => self.last = row,
            _ => rows[after as usize].link().before = row,
        }
    }

    /// Takes `row`, which is in this list, out of it.
    pub(super) fn remove<T: Linked>(&mut self, rows: &mut [T], row: u32) {
        let Link { before, after } = std::mem::take(rows[row as usize].link());
        match before {
            NONE => self.first = after,
            _ => rows[before as usize].link().after = after,
        }
        match after {
            NONE => self.last = before,
            _ => rows[after as usize].link().before = before,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Default)]
    struct Row(u32, Link);

    impl Linked for Row {
        fn link(&mut self) -> &mut Link {
            &mut self.1
        }
        fn peek(&self) -> Link {
            self.1
        }
    }

    fn order(list: &List, rows: &[Row]) -> Vec<u32> {
        let mut seen = Vec::new();
        let mut at = list.first;
        while at != NONE {
            seen.push(at);
            at = rows[at as usize].1.after;
        }
        seen
    }

    #[test]
    fn rows_keep_their_order_through_insertion_and_removal() {
        let mut rows: Vec<Row> = (0..5).map(|i| Row(i, Link::default())).collect();
        let mut list = List::default();
        for row in [3, 1, 4] {
            list.insert(&mut rows, row, |_, _| false);
        }
        assert_eq!(order(&list, &rows), [3, 1, 4]);
        list.insert(&mut rows, 2, |other, row| other == 4 && row.0 == 4);
        assert_eq!(order(&list, &rows), [3, 1, 2, 4]);
        list.insert(&mut rows, 0, |_, _| true);
        assert_eq!(order(&list, &rows), [0, 3, 1, 2, 4]);
        for row in [0, 4, 1] {
            list.remove(&mut rows, row);
        }
        assert_eq!(order(&list, &rows), [3, 2]);
        list.remove(&mut rows, 3);
        list.remove(&mut rows, 2);
        assert_eq!(list.first(), None);
        list.insert(&mut rows, 1, |_, _| false);
        assert_eq!(order(&list, &rows), [1]);
    }
}
