//! Exact LRU: the victim is the entry that was used longest ago. O(1), 8 bytes per entry.

use super::super::entry::Slot;
use super::super::slab::Slab;
use super::{EntryWeights, Policy, Queue};

/// Entries in the order of their last use.
#[derive(Default)]
pub struct Lru {
    queue: Queue,
}

impl Lru {
    /// All entries, the one that was used longest ago first.
    pub fn slots<'a>(&self, slab: &'a Slab) -> impl Iterator<Item = Slot> + use<'a> {
        self.queue.slots(slab)
    }

    /// The entry that was used next after another; with `None`, the one that was used longest ago.
    pub fn used_after(&self, slab: &Slab, slot: Option<Slot>) -> Option<Slot> {
        match slot {
            Some(slot) => self.queue.after(slab, slot),
            None => self.queue.front(),
        }
    }
}

impl Policy for Lru {
    #[inline]
    fn insert(&mut self, slab: &mut Slab, slot: Slot, _weights: EntryWeights<'_>) {
        self.queue.push(slab, slot);
    }

    #[inline]
    fn hit(&mut self, slab: &mut Slab, slot: Slot) {
        self.queue.to_back(slab, slot);
    }

    #[inline]
    fn remove(&mut self, slab: &mut Slab, slot: Slot, _weight: f64) {
        self.queue.unlink(slab, slot);
    }

    fn set_aside(&mut self, slab: &mut Slab, slot: Slot, _weight: f64) {
        self.queue.unlink(slab, slot);
    }

    fn put_back(&mut self, slab: &mut Slab, slot: Slot, _weights: EntryWeights<'_>) {
        self.queue.push(slab, slot);
    }

    #[inline]
    fn victim(&mut self, _slab: &mut Slab, _weights: EntryWeights<'_>) -> Option<Slot> {
        self.queue.front()
    }

    fn clear(&mut self) {
        self.queue = Queue::default();
    }

    fn validate(&self, slab: &Slab, _weights: EntryWeights<'_>) {
        assert_eq!(
            self.queue.validate(slab),
            slab.len(),
            "entries in the queue"
        );
    }
}
