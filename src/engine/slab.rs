//! The slab: entries named by slot, with a free list.
//!
//! Memory comes in segments of 1,024 entries. A segment is never moved once it is full-sized, so growth costs
//! one allocation of 64 KiB, copies nothing, and leaves no hole of the old size behind. Only the first segment
//! grows by doubling, for the many caches that hold a handful of entries.

use super::OutOfMemory;
use super::entry::{Entry, Links, Mark, NONE, Slot};

const SEGMENT: usize = 1024;
const FIRST: usize = 4;

/// Entries by slot.
#[derive(Default)]
pub struct Slab {
    segments: Vec<Vec<Entry>>,
    /// Neighbours in the eviction policy's queues, by slot; empty where there is no policy.
    pub(super) links: Vec<Links>,
    /// What the policy knows, by slot; empty where there is no policy.
    pub(super) marks: Vec<Mark>,
    is_tracked: bool,
    free: Option<Slot>,
    len: usize,
}

impl Slab {
    /// An empty slab, with room for what an eviction policy knows if `is_tracked`.
    pub fn new(is_tracked: bool) -> Slab {
        Slab {
            is_tracked,
            ..Slab::default()
        }
    }

    /// How many entries are occupied.
    #[inline]
    pub fn len(&self) -> usize {
        self.len
    }

    /// Every slot is below this number.
    pub fn slots(&self) -> usize {
        match self.segments.last() {
            Some(last) => (self.segments.len() - 1) * SEGMENT + last.len(),
            None => 0,
        }
    }

    /// The entry at a slot that is known to exist.
    #[inline]
    pub fn at(&self, slot: Slot) -> &Entry {
        &self.segments[slot as usize / SEGMENT][slot as usize % SEGMENT]
    }

    /// The same, to change it.
    #[inline]
    pub fn at_mut(&mut self, slot: Slot) -> &mut Entry {
        &mut self.segments[slot as usize / SEGMENT][slot as usize % SEGMENT]
    }

    /// Whether something is stored at this number, whatever the number.
    #[inline]
    pub fn is_occupied(&self, slot: Slot) -> bool {
        self.segments
            .get(slot as usize / SEGMENT)
            .and_then(|segment| segment.get(slot as usize % SEGMENT))
            .is_some_and(|entry| entry.occupied)
    }

    /// The slot that the next [`insert`](Slab::insert) gives.
    #[inline]
    pub fn next_slot(&self) -> Slot {
        self.free.unwrap_or(self.slots() as Slot)
    }

    /// Makes sure that the next [`insert`](Slab::insert) finds room.
    #[inline]
    pub fn try_reserve(&mut self) -> Result<(), OutOfMemory> {
        if self.free.is_some() {
            return Ok(());
        }
        if self.is_tracked {
            self.links.try_reserve(1).map_err(|_| OutOfMemory)?;
            self.marks.try_reserve(1).map_err(|_| OutOfMemory)?;
        }
        match self.segments.last() {
            Some(last) if last.len() < last.capacity() => Ok(()),
            _ => self.grow(),
        }
    }

    #[cold]
    fn grow(&mut self) -> Result<(), OutOfMemory> {
        let segments = self.segments.len();
        if let Some(last) = self.segments.last_mut()
            && last.len() < SEGMENT
        {
            let target = (last.len() * 2).clamp(FIRST, SEGMENT);
            return last
                .try_reserve_exact(target - last.len())
                .map_err(|_| OutOfMemory);
        }
        let mut segment = Vec::new();
        segment
            .try_reserve_exact(if segments == 0 { FIRST } else { SEGMENT })
            .map_err(|_| OutOfMemory)?;
        self.segments.try_reserve(1).map_err(|_| OutOfMemory)?;
        self.segments.push(segment);
        Ok(())
    }

    /// Stores an entry and gives its slot. Call [`try_reserve`](Slab::try_reserve) first.
    #[inline]
    pub fn insert(&mut self, entry: Entry) -> Slot {
        self.len += 1;
        if let Some(slot) = self.free {
            let next = self.at(slot).order.next;
            self.free = (next != NONE).then_some(next);
            *self.at_mut(slot) = entry;
            if self.is_tracked {
                self.marks[slot as usize] = Mark::default();
            }
            return slot;
        }
        if self.is_tracked {
            self.links.push(Links::NONE);
            self.marks.push(Mark::default());
        }
        let segment = self.segments.len() - 1;
        let last = &mut self.segments[segment];
        last.push(entry);
        (segment * SEGMENT + last.len() - 1) as Slot
    }

    /// Empties an occupied slot, puts it at the head of the free list, and gives what was there.
    #[inline]
    pub fn remove(&mut self, slot: Slot) -> Entry {
        let vacant = Entry::vacant(self.free.unwrap_or(NONE));
        self.free = Some(slot);
        self.len -= 1;
        if self.is_tracked {
            self.marks[slot as usize].tag = Mark::VACANT;
        }
        std::mem::replace(self.at_mut(slot), vacant)
    }

    /// Empties everything and gives the memory back.
    pub fn clear(&mut self) {
        *self = Slab::new(self.is_tracked);
    }

    /// Bytes held.
    pub fn memory(&self) -> usize {
        let entries: usize = self.segments.iter().map(Vec::capacity).sum();
        entries * size_of::<Entry>()
            + self.segments.capacity() * size_of::<Vec<Entry>>()
            + self.links.capacity() * size_of::<Links>()
            + self.marks.capacity() * size_of::<Mark>()
    }

    /// Panics unless the free list and the count agree with the entries.
    pub fn validate(&self) {
        let occupied = (0..self.slots() as Slot)
            .filter(|&slot| self.is_occupied(slot))
            .count();
        assert_eq!(occupied, self.len, "occupied entries");
        let mut free = 0;
        let mut slot = self.free.unwrap_or(NONE);
        while slot != NONE {
            assert!(!self.is_occupied(slot), "slot {slot} is free and occupied");
            free += 1;
            assert!(free <= self.slots(), "the free list has a loop");
            slot = self.at(slot).order.next;
        }
        assert_eq!(occupied + free, self.slots(), "every slot is used or free");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry() -> Entry {
        Entry {
            occupied: true,
            ..Entry::vacant(NONE)
        }
    }

    #[test]
    fn slots_are_dense_and_the_last_one_freed_is_used_first() {
        let mut slab = Slab::default();
        for expected in 0..3000 {
            slab.try_reserve().unwrap();
            assert_eq!(slab.insert(entry()), expected);
        }
        slab.remove(7);
        slab.remove(2000);
        slab.validate();
        for expected in [2000, 7, 3000] {
            slab.try_reserve().unwrap();
            assert_eq!(slab.insert(entry()), expected);
        }
        slab.validate();
        slab.clear();
        assert_eq!((slab.len(), slab.slots(), slab.memory()), (0, 0, 0));
    }

    #[test]
    fn a_number_that_is_no_slot_is_not_occupied() {
        let slab = Slab::default();
        assert!(!slab.is_occupied(0));
        assert!(!slab.is_occupied(NONE));
    }
}
