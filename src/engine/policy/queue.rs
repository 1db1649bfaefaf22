//! A queue of entries: a doubly linked list through the slab, by links beside the entries.

use super::super::entry::{Links, NONE, Slot};
use super::super::slab::Slab;

/// The two ends of the list. An entry is in one queue at most.
pub struct Queue {
    front: Slot,
    back: Slot,
}

impl Default for Queue {
    fn default() -> Queue {
        Queue {
            front: NONE,
            back: NONE,
        }
    }
}

impl Queue {
    /// The entry that was pushed first.
    #[inline]
    pub fn front(&self) -> Option<Slot> {
        (self.front != NONE).then_some(self.front)
    }

    /// The entry that was pushed last.
    #[inline]
    pub fn back(&self) -> Option<Slot> {
        (self.back != NONE).then_some(self.back)
    }

    /// The entry that was pushed after one of this queue.
    #[inline]
    pub fn after(&self, slab: &Slab, slot: Slot) -> Option<Slot> {
        let next = slab.links[slot as usize].next;
        (next != NONE).then_some(next)
    }

    /// All entries, the front first.
    pub fn slots<'a>(&self, slab: &'a Slab) -> impl Iterator<Item = Slot> + use<'a> {
        let some = |slot: Slot| (slot != NONE).then_some(slot);
        std::iter::successors(self.front(), move |&slot| {
            some(slab.links[slot as usize].next)
        })
    }

    /// Appends an entry that is in no queue.
    #[inline]
    pub fn push(&mut self, slab: &mut Slab, slot: Slot) {
        slab.links[slot as usize] = Links {
            prev: self.back,
            next: NONE,
        };
        match self.back {
            NONE => self.front = slot,
            back => slab.links[back as usize].next = slot,
        }
        self.back = slot;
    }

    /// Takes out an entry of this queue.
    #[inline]
    pub fn unlink(&mut self, slab: &mut Slab, slot: Slot) {
        let Links { prev, next } = slab.links[slot as usize];
        match prev {
            NONE => self.front = next,
            prev => slab.links[prev as usize].next = next,
        }
        match next {
            NONE => self.back = prev,
            next => slab.links[next as usize].prev = prev,
        }
    }

    /// Moves an entry of this queue to the back.
    #[inline(never)]
    pub fn to_back(&mut self, slab: &mut Slab, slot: Slot) {
        if self.back != slot {
            self.unlink(slab, slot);
            self.push(slab, slot);
        }
    }

    /// Panics unless the list is whole; gives its length.
    pub fn validate(&self, slab: &Slab) -> usize {
        let (mut len, mut prev, mut slot) = (0, NONE, self.front);
        while slot != NONE {
            assert!(slab.is_occupied(slot), "slot {slot} is queued and vacant");
            assert_eq!(
                slab.links[slot as usize].prev, prev,
                "the link back from {slot}"
            );
            len += 1;
            assert!(len <= slab.len(), "the queue has a loop");
            prev = slot;
            slot = slab.links[slot as usize].next;
        }
        assert_eq!(self.back, prev, "the back of the queue");
        len
    }
}
