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
        self.put(rows, row, Link { before, after });
    }

    /// Puts `row` at the front, but behind those at the front whom it `follows`.
    pub(super) fn insert_early<T: Linked>(
        &mut self,
        rows: &mut [T],
        row: u32,
        follows: impl Fn(u32, &T) -> bool,
    ) {
        let mut after = self.first;
        while after != NONE && follows(after, &rows[after as usize]) {
            after = rows[after as usize].peek().after;
        }
        let before = if after == NONE { self.last } else { rows[after as usize].peek().before };
        self.put(rows, row, Link { before, after });
    }

    fn put<T: Linked>(&mut self, rows: &mut [T], row: u32, link: Link) {
        let Link { before, after } = link;
        *rows[row as usize].link() = link;
        match before {
            NONE => self.first = row,
            _ => rows[before as usize].link().after = row,
        }
        match after {
            NONE => self.last = row,
            _ => rows[after as usize].link().before = row,
        }
    }

    /// The rows, from the front.
    pub(super) fn iter<'a, T: Linked>(&self, rows: &'a [T]) -> impl Iterator<Item = u32> + 'a {
        let next = |row: &u32| Some(rows[*row as usize].peek().after).filter(|after| *after != NONE);
        std::iter::successors(self.first(), next)
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
        list.iter(rows).collect()
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
        list.insert_early(&mut rows, 1, |_, _| true);
        list.insert_early(&mut rows, 4, |other, row| other == 1 && row.0 == 1);
        list.insert_early(&mut rows, 0, |_, _| false);
        list.insert_early(&mut rows, 3, |other, _| other != 4);
        assert_eq!(order(&list, &rows), [0, 1, 3, 4]);
        list.insert(&mut rows, 2, |_, _| false);
        assert_eq!(order(&list, &rows), [0, 1, 3, 4, 2]);
    }
}
