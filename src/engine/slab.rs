//! The slab: entries named by slot, with a free list.

use std::cell::Cell;

use super::OutOfMemory;
use super::cache::Place;
use super::entry::{Entry, Links, NONE, Slot};
use super::index::MOST_SLOTS;
use super::key::{Key, StoredKey};
use super::keys::Keys;
use super::marks::{Mark, Marks};
use super::segments::Segments;

/// Entries by slot.
pub struct Slab {
    entries: Segments<Entry>,
    /// Grows with every insertion: the order of iteration.
    seqs: Segments<u32>,
    /// Neighbours in the eviction policy's queues, by slot; empty where it has none.
    pub(super) links: Segments<Links>,
    /// What it knows of entries; empty where it has no queues.
    pub(super) marks: Marks,
    keys: Keys,
    is_queued: bool,
    free: Slot,
    slots: u32,
    len: usize,
}

impl Default for Slab {
    fn default() -> Slab {
        Slab::new(false)
    }
}

impl Slab {
    /// An empty slab, with room for an eviction policy's queues if `is_queued`.
    #[inline(never)]
    pub fn new(is_queued: bool) -> Slab {
        Slab {
            entries: Segments::default(),
            seqs: Segments::default(),
            links: Segments::default(),
            marks: Marks::default(),
            keys: Keys::default(),
            is_queued,
            free: NONE,
            slots: 0,
            len: 0,
        }
    }

    /// How many entries are occupied.
    #[inline]
    pub fn len(&self) -> usize {
        self.len
    }

    /// Every slot is below this number.
    #[inline]
    pub fn slots(&self) -> usize {
        self.slots as usize
    }

    /// The entry at a slot that is known to exist.
    #[inline]
    pub fn at(&self, slot: Slot) -> &Entry {
        &self.entries[slot as usize]
    }

    /// The same, to change it.
    #[inline]
    pub fn at_mut(&mut self, slot: Slot) -> &mut Entry {
        &mut self.entries[slot as usize]
    }

    /// The number that an entry has in the order of insertion.
    #[inline]
    pub fn seq(&self, slot: Slot) -> u32 {
        self.seqs[slot as usize]
    }

    /// Gives an entry that number.
    #[inline]
    pub fn set_seq(&mut self, slot: Slot, seq: u32) {
        self.seqs[slot as usize] = seq;
    }

    /// Whether something is stored at this number, whatever the number.
    #[inline]
    pub fn is_occupied(&self, slot: Slot) -> bool {
        self.entries
            .get(slot as usize)
            .is_some_and(Entry::is_occupied)
    }

    /// The key of an entry.
    #[inline]
    pub fn key(&self, slot: Slot) -> Key<'_> {
        let key = &self.at(slot).key;
        Key {
            kind: key.kind(),
            bytes: if key.is_long() {
                self.keys.long(key)
            } else {
                key.short()
            },
        }
    }

    /// Whether the key of an entry is the one sought, of which `sought` would be stored.
    #[inline]
    pub fn has_key(&self, slot: Slot, sought: &StoredKey, bytes: &[u8]) -> bool {
        self.keys.equal(&self.at(slot).key, sought, bytes)
    }

    /// The slot that the next [`insert`](Slab::insert) gives.
    #[inline]
    pub fn next_slot(&self) -> Slot {
        if self.free == NONE {
            self.slots
        } else {
            self.free
        }
    }

    /// Makes sure that the next [`insert`](Slab::insert) finds room.
    #[inline]
    pub fn try_reserve(&mut self) -> Result<(), OutOfMemory> {
        if self.has_room() {
            return Ok(());
        }
        self.grow(self.slots())
    }

    /// Whether the next [`insert`](Slab::insert) finds room.
    #[inline]
    pub fn has_room(&self) -> bool {
        // What is grown last tells of all.
        self.free != NONE || self.entries.get(self.slots()).is_some()
    }

    /// The slots that the next ones give, one after the other, with room at each. All slots will be below the number that
    /// is returned.
    pub fn next_slots(&mut self, places: &[Cell<Place>]) -> Result<usize, OutOfMemory> {
        let (mut free, mut unused) = (self.free, self.slots);
        for place in places {
            let slot = if free == NONE {
                unused += 1;
                unused - 1
            } else {
                free
            };
            if free != NONE {
                free = self.at(free).order.next;
            } else if self.entries.get(slot as usize).is_none() {
                self.grow(slot as usize)?;
            }
            place.set(Place { slot, stamp: 0 });
        }
        Ok(unused as usize)
    }

    /// Makes room for so many slots.
    pub fn try_reserve_all(&mut self, slots: usize) -> Result<(), OutOfMemory> {
        for slot in 0..slots {
            if self.entries.get(slot).is_none() {
                self.grow(slot)?;
            }
        }
        Ok(())
    }

    #[cold]
    #[inline(never)]
    fn grow(&mut self, slot: usize) -> Result<(), OutOfMemory> {
        if slot >= MOST_SLOTS {
            return Err(OutOfMemory);
        }
        if self.is_queued {
            self.links.try_cover(slot, Links::NONE)?;
            self.marks.try_cover(slot)?;
        }
        self.seqs.try_cover(slot, 0)?;
        self.entries.try_cover(slot, Entry::vacant(NONE))
    }

    /// Stores the bytes of a key that an entry is to have next.
    #[inline]
    pub fn hold(&mut self, hash: u32, key: Key<'_>) -> Result<StoredKey, OutOfMemory> {
        self.keys.hold(hash, key)
    }

    /// Gives them up.
    #[cold]
    #[inline(never)]
    pub fn release(&mut self, key: StoredKey) {
        self.keys.release(key, &mut self.entries);
    }

    /// Stores an entry with the key that is held, and gives its slot. Call [`try_reserve`](Slab::try_reserve) first.
    #[inline]
    pub fn insert(&mut self, hash: u32, mut key: StoredKey, expiry: f64) -> Slot {
        self.len += 1;
        let slot = self.next_slot();
        if self.free == NONE {
            self.slots += 1;
        } else {
            self.free = self.at(slot).order.next;
        }
        self.keys.give(&mut key, slot);
        *self.at_mut(slot) = Entry {
            expiry,
            key,
            hash,
            order: Links::NONE,
        };
        if self.is_queued {
            self.marks[slot as usize] = Mark::default();
        }
        slot
    }

    /// Takes the slots below `end` into use, at which there is room, in a slab without any: the next ones to be given are
    /// these, in their order, each once, and then all others.
    pub fn line_up(&mut self, end: usize, slots: impl Iterator<Item = Slot>) {
        let mut last = NONE;
        for slot in slots.chain(0..end as Slot) {
            // Who is in line has itself for the slot before.
            if slot as usize >= end || self.at(slot).order.prev == slot {
                continue;
            }
            self.at_mut(slot).order.prev = slot;
            match last {
                NONE => self.free = slot,
                last => self.at_mut(last).order.next = slot,
            }
            last = slot;
        }
        self.slots = end as u32;
    }

    /// Gives an entry the key that is held in the place of its own.
    pub fn change_key(&mut self, slot: Slot, hash: u32, mut key: StoredKey) {
        let old = self.at(slot).key;
        self.keys.remove(old, &mut self.entries);
        self.keys.give(&mut key, slot);
        let entry = self.at_mut(slot);
        entry.key = key;
        entry.hash = hash;
    }

    /// Empties an occupied slot and puts it at the head of the free list.
    #[inline]
    pub fn remove(&mut self, slot: Slot) {
        let vacant = Entry::vacant(self.free);
        let entry = std::mem::replace(self.at_mut(slot), vacant);
        self.keys.remove(entry.key, &mut self.entries);
        self.free = slot;
        self.len -= 1;
        if self.is_queued {
            self.marks[slot as usize].tag = Mark::VACANT;
        }
    }

    /// Empties everything and gives the memory back.
    pub fn clear(&mut self) {
        *self = Slab::new(self.is_queued);
    }

    /// What the keys take of the memory that do not fit into their entries.
    pub fn key_bytes(&self) -> usize {
        self.keys.used()
    }

    /// Bytes held. O(n / 1,024).
    pub fn memory(&self) -> usize {
        self.entries.memory()
            + self.seqs.memory()
            + self.links.memory()
            + self.marks.memory()
            + self.keys.memory()
    }

    /// The slots that are occupied. O(n).
    pub fn occupied(&self) -> impl Iterator<Item = Slot> + '_ {
        (0..self.slots).filter(|&slot| self.is_occupied(slot))
    }

    /// Panics unless the free list, the keys and the count agree with the entries.
    pub fn validate(&self) {
        let occupied = self.occupied().count();
        assert_eq!(occupied, self.len, "occupied entries");
        let mut free = 0;
        let mut slot = self.free;
        while slot != NONE {
            assert!(!self.is_occupied(slot), "slot {slot} is free and occupied");
            free += 1;
            assert!(free <= self.slots(), "the free list has a loop");
            slot = self.at(slot).order.next;
        }
        assert_eq!(occupied + free, self.slots(), "every slot is used or free");
        let keys = self.occupied().map(|slot| (slot, &self.at(slot).key));
        self.keys.validate(keys);
    }

    /// Stores an entry under a key of which nothing but the hash matters. For tests.
    #[cfg(test)]
    pub fn add(&mut self, hash: u32) -> Slot {
        self.try_reserve().unwrap();
        let key = self.hold(hash, Key::string("")).unwrap();
        let slot = self.insert(hash, key, f64::INFINITY);
        self.set_seq(slot, hash);
        slot
    }
}

#[cfg(test)]
mod tests {
    use super::super::key::Kind;
    use super::*;

    #[test]
    fn slots_are_dense_and_the_last_one_freed_is_used_first() {
        let mut slab = Slab::default();
        for expected in 0..3000 {
            assert_eq!(slab.add(0), expected);
        }
        slab.remove(7);
        slab.remove(2000);
        slab.validate();
        for expected in [2000, 7, 3000] {
            assert_eq!(slab.add(0), expected);
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

    fn key(bytes: &[u8]) -> Key<'_> {
        Key {
            kind: Kind::Structure,
            bytes,
        }
    }

    #[test]
    fn keys_of_all_lengths_stay_right_while_others_come_and_go() {
        let mut slab = Slab::default();
        let long = if cfg!(miri) { 70 } else { 20_000 };
        let bytes = |i: usize| vec![i as u8; [3, 12, 13, 14, long, 45][i % 6] + i / 60];
        let count = if cfg!(miri) { 30 } else { 300 };
        for i in 0..count {
            slab.try_reserve().unwrap();
            let stored = slab.hold(i as u32, key(&bytes(i))).unwrap();
            if i % 7 == 3 {
                // What is held may be moved, and given up.
                slab.remove(i as Slot - 3);
                slab.release(stored);
                let again = slab.hold(i as u32, key(&bytes(i))).unwrap();
                assert_eq!(slab.insert(i as u32, again, 0.0), i as Slot - 3);
                slab.add(0);
            } else {
                assert_eq!(slab.insert(i as u32, stored, 0.0), i as Slot);
            }
            slab.validate();
        }
        for i in (0..count).filter(|i| i % 7 != 3 && i % 7 != 0) {
            assert_eq!(slab.key(i as Slot).bytes, bytes(i));
            let sought = StoredKey::new(i as u32, key(&bytes(i)));
            assert!(slab.has_key(i as Slot, &sought, &bytes(i)));
            slab.remove(i as Slot);
        }
        slab.validate();
    }
}
