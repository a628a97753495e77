//! How many bytes of messages the server keeps, over all venues: bounded, however many messages that are.
//!
//! A message takes its bytes when it is put on its room's shelf, and gives them back when nobody has it any more, by
//! whichever way it went: scrolled away, removed, or with its venue.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

/// What a message takes beside its text: its numbers, and its places on a screen and in the moderators' queue.
const OVERHEAD: usize = 256;

/// All that is kept.
#[derive(Debug)]
pub(super) struct Store {
    taken: AtomicUsize,
    most: usize,
}

/// What is kept of one room.
#[derive(Debug)]
pub(super) struct Shelf {
    store: Arc<Store>,
    taken: AtomicUsize,
}

/// A text on a shelf.
#[derive(Debug)]
pub(super) struct Kept {
    text: String,
    shelf: Arc<Shelf>,
}

impl Store {
    /// An empty one, for so many bytes.
    pub(super) fn new(most: usize) -> Arc<Self> {
        Arc::new(Self { taken: AtomicUsize::new(0), most })
    }

    /// One more shelf, with nothing on it.
    pub(super) fn shelf(self: &Arc<Self>) -> Arc<Shelf> {
        Arc::new(Shelf { store: self.clone(), taken: AtomicUsize::new(0) })
    }
}

impl Shelf {
    /// Keeps a text; `None` where the store is full.
    pub(super) fn keep(self: &Arc<Self>, text: String) -> Option<Arc<Kept>> {
        let bytes = text.len() + OVERHEAD;
        if self.store.taken.load(Relaxed) + bytes > self.store.most {
            return None;
        }
        self.store.taken.fetch_add(bytes, Relaxed);
        self.taken.fetch_add(bytes, Relaxed);
        Some(Arc::new(Kept { text, shelf: self.clone() }))
    }

    /// Whether nothing is on it.
    pub(super) fn is_bare(&self) -> bool {
        self.taken.load(Relaxed) == 0
    }
}

impl Kept {
    /// What it says.
    pub(super) fn text(&self) -> &str {
        &self.text
    }
}

impl Drop for Kept {
    fn drop(&mut self) {
        let bytes = self.text.len() + OVERHEAD;
        self.shelf.taken.fetch_sub(bytes, Relaxed);
        self.shelf.store.taken.fetch_sub(bytes, Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_takes_its_bytes_for_as_long_as_anybody_has_it() {
        let store = Store::new(2 * OVERHEAD + 10);
        let (one, other) = (store.shelf(), store.shelf());
        let hello = one.keep("hello".into()).unwrap();
        assert!(other.keep("longer".into()).is_none(), "a byte too many");
        let world = other.keep("world".into()).unwrap();
        assert!(!one.is_bare() && !other.is_bare() && one.keep(String::new()).is_none());
        let again = hello.clone();
        drop((hello, world));
        assert!(!one.is_bare() && other.is_bare() && again.text() == "hello");
        drop(again);
        assert!(one.is_bare() && one.keep("x".repeat(OVERHEAD)).is_some());
    }
}
