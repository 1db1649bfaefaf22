//! Which entry expires first: a four-ary heap of slots, each entry knowing its place in it.
//!
//! A heap is exact, so a full cache can always tell an expired entry from one that is not. Entries that are
//! stored with one and the same time-to-live arrive in the order in which they expire and never move: O(1).
//! Otherwise a change costs O(log n). Expirations stay in the entries; the heap is 4 bytes per entry.
//! (D. B. Johnson, "Priority queues with update and finding minimum spanning trees", 1975, for the d-ary heap.)

use super::OutOfMemory;
use super::entry::{NONE, Slot};
use super::slab::Slab;

const ARITY: usize = 4;

/// The slots of all entries that expire, the earliest first.
#[derive(Default)]
pub struct ExpiryIndex {
    heap: Vec<Slot>,
}

impl ExpiryIndex {
    /// Makes sure that the next [`set`](ExpiryIndex::set) finds room.
    #[inline]
    pub fn try_reserve(&mut self) -> Result<(), OutOfMemory> {
        self.heap.try_reserve(1).map_err(|_| OutOfMemory)
    }

    /// The entry that expires first, if it has at `now`.
    #[inline]
    pub fn expired(&self, slab: &Slab, now: f64) -> Option<Slot> {
        self.heap
            .first()
            .copied()
            .filter(|&slot| slab.at(slot).expiry <= now)
    }

    /// Takes note of an entry's expiration, after it was changed.
    #[inline]
    pub fn update(&mut self, slab: &mut Slab, slot: Slot) {
        let entry = slab.at(slot);
        match (entry.heap, entry.expiry < f64::INFINITY) {
            (NONE, false) => {}
            (NONE, true) => {
                self.heap.push(slot);
                self.rise(slab, self.heap.len() - 1, slot);
            }
            (_, false) => self.remove(slab, slot),
            (place, true) => self.settle(slab, place as usize, slot),
        }
    }

    /// Forgets an entry.
    #[inline]
    pub fn remove(&mut self, slab: &mut Slab, slot: Slot) {
        let place = slab.at(slot).heap;
        if place == NONE {
            return;
        }
        slab.at_mut(slot).heap = NONE;
        if let Some(last) = self.heap.pop()
            && last != slot
        {
            self.settle(slab, place as usize, last);
        }
    }

    /// Up to `limit` entries that have expired at `now`. O(their number).
    pub fn all_expired(
        &self,
        slab: &Slab,
        now: f64,
        limit: usize,
    ) -> Result<Vec<Slot>, OutOfMemory> {
        // They are a subtree at the top of the heap. `found` is both the result and the queue of its walk.
        let mut found: Vec<Slot> = Vec::new();
        let mut next = 0;
        let visit = |found: &mut Vec<Slot>, place: usize| {
            if let Some(&slot) = self.heap.get(place)
                && found.len() < limit
                && slab.at(slot).expiry <= now
            {
                found.try_reserve(1).map_err(|_| OutOfMemory)?;
                found.push(slot);
            }
            Ok(())
        };
        visit(&mut found, 0)?;
        while next < found.len() {
            let place = slab.at(found[next]).heap as usize;
            for child in ARITY * place + 1..=ARITY * place + ARITY {
                visit(&mut found, child)?;
            }
            next += 1;
        }
        Ok(found)
    }

    /// Forgets all entries.
    pub fn clear(&mut self) {
        self.heap = Vec::new();
    }

    /// Bytes held.
    pub fn memory(&self) -> usize {
        self.heap.capacity() * size_of::<Slot>()
    }

    fn settle(&mut self, slab: &mut Slab, place: usize, slot: Slot) {
        if !self.rise(slab, place, slot) {
            self.sink(slab, place, slot);
        }
    }

    /// Moves towards the top. Whether it moved at all.
    fn rise(&mut self, slab: &mut Slab, from: usize, slot: Slot) -> bool {
        let expiry = slab.at(slot).expiry;
        let mut place = from;
        while place > 0 {
            let parent = (place - 1) / ARITY;
            let above = self.heap[parent];
            if slab.at(above).expiry <= expiry {
                break;
            }
            self.put(slab, place, above);
            place = parent;
        }
        self.put(slab, place, slot);
        place != from
    }

    fn sink(&mut self, slab: &mut Slab, from: usize, slot: Slot) {
        let expiry = slab.at(slot).expiry;
        let mut place = from;
        loop {
            let first = ARITY * place + 1;
            let children = first..(first + ARITY).min(self.heap.len());
            let least = children
                .map(|child| (slab.at(self.heap[child]).expiry, child))
                .min_by(|a, b| a.0.total_cmp(&b.0));
            match least {
                Some((earliest, child)) if earliest < expiry => {
                    self.put(slab, place, self.heap[child]);
                    place = child;
                }
                _ => break,
            }
        }
        self.put(slab, place, slot);
    }

    #[inline]
    fn put(&mut self, slab: &mut Slab, place: usize, slot: Slot) {
        self.heap[place] = slot;
        slab.at_mut(slot).heap = place as u32;
    }

    /// Panics unless this is a heap of just those entries that expire.
    pub fn validate(&self, slab: &Slab) {
        for (place, &slot) in self.heap.iter().enumerate() {
            let entry = slab.at(slot);
            assert!(entry.occupied && entry.expiry < f64::INFINITY);
            assert_eq!(entry.heap as usize, place, "slot {slot} knows its place");
            if place > 0 {
                let parent = self.heap[(place - 1) / ARITY];
                assert!(slab.at(parent).expiry <= entry.expiry, "heap order");
            }
        }
        let expiring = (0..slab.slots() as Slot)
            .filter(|&slot| slab.is_occupied(slot) && slab.at(slot).expiry < f64::INFINITY)
            .count();
        assert_eq!(expiring, self.heap.len(), "entries that expire");
    }
}
