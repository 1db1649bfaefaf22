//! Lookups that hit and that the engine has not been told of yet.
//!
//! A caller that finds slots by itself writes them down here, one word each, in place of calling [`hit`] for each.
//! Whatever depends on which entries were used, and how often, takes note of them first, in their order: so the
//! outcome is that of telling each at once.
//!
//! [`hit`]: super::cache::Cache::hit

use std::cell::Cell;

use super::entry::Slot;

/// How many there is room for.
pub const CAPACITY: usize = 127;

/// The list. `repr(C)`: a caller may write to it by its address, the number of slots first.
#[repr(C)]
pub struct Pending {
    len: Cell<u32>,
    slots: [Cell<Slot>; CAPACITY],
}

impl Default for Pending {
    fn default() -> Pending {
        Pending {
            len: Cell::new(0),
            slots: [const { Cell::new(0) }; CAPACITY],
        }
    }
}

impl Pending {
    /// Whether there is nothing to take note of.
    #[inline]
    pub fn is_empty(&self) -> bool {
        self.len.get() == 0
    }

    /// Adds slots, as a caller does through the address.
    pub fn fill(&self, slots: impl Iterator<Item = Slot>) {
        for slot in slots.take(CAPACITY - self.len.get() as usize) {
            self.slots[self.len.get() as usize].set(slot);
            self.len.set(self.len.get() + 1);
        }
    }

    /// All of them, the oldest first. They are forgotten.
    #[inline]
    pub fn take(&self) -> &[Cell<Slot>] {
        let len = self.len.replace(0) as usize;
        &self.slots[..len.min(CAPACITY)]
    }
}
