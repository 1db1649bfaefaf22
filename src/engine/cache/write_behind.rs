//! Write-behind: entries that the caller stores and removes by itself, and writes down for later.
//!
//! A caller that keeps keys asks where the next entries may go ([`Cache::places`]): slots that are free or, where the
//! cache is full, those of the entries that the policy would give up next. It stores there without asking, removes
//! entries of such keys, renews them, and writes down what it did. The engine does the same afterwards, all at once
//! ([`Cache::write_behind`]), before it is asked for anything else but to find keys of its own. Places are there until
//! then, and the memory for what is done at them is reserved when they are given, so nothing of it can fail.
//!
//! This is for caches in which all entries weigh the same and nothing is counted. What leaves by what is written down is not
//! reported: the caller knows of it.

use std::cell::Cell;

use super::super::OutOfMemory;
use super::super::entry::Slot;
use super::super::expiry::ExpiryIndex;
use super::super::key::{Key, StoredKey};
use super::super::policy::{Eviction, Policy};
use super::{Cache, Weights};

/// What is written down at most before the engine does it, and places that are given at most.
pub const MOST_WRITES: usize = 64;

/// What the caller did at a slot.
#[derive(Clone, Copy, Debug, Default)]
pub struct Write {
    /// The slot, with [`REMOVED`](Write::REMOVED) or [`RENEWED`](Write::RENEWED); else an entry was stored there, in
    /// the place of the one that was.
    pub place: u32,
    /// Of an entry that was stored: the caller's hash of its key.
    pub hash: u32,
    /// When it expires, in milliseconds since the epoch; infinite: never.
    pub expiry: f64,
}

impl Write {
    /// The entry was removed.
    pub const REMOVED: u32 = 1 << 31;
    /// The entry, which expires, has another time to do so.
    pub const RENEWED: u32 = 1 << 30;
}

/// Where an entry may be stored. `repr(C)`: it may be read by address.
#[repr(C)]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Place {
    /// The slot.
    pub slot: Slot,
    /// When the entry that is there was used last. If it was used since, it is not to be replaced, and the place is
    /// none. 0: there is no entry.
    pub stamp: u32,
}

impl Cache {
    /// Where the next entries are to be stored by a caller that keeps their keys, in this order: how many of `places`
    /// were filled in. Only an entry of such a key may be replaced. What the caller removes in the meantime makes a
    /// place before all others. None where the engine has to be asked: where something else is bounded than the number
    /// of entries, values are kept here, or operations are counted. `expires`: those entries may expire.
    pub fn places(&mut self, expires: bool, places: &[Cell<Place>]) -> Result<usize, OutOfMemory> {
        self.catch_up();
        self.begin();
        let places = &places[..places.len().min(MOST_WRITES)];
        if !self.has_bare_entries() || places.is_empty() {
            return Ok(0);
        }
        let free = self.max_entries - self.slab.len();
        let mut end = self.slab.slots();
        let count = if free > 0 {
            let count = free.min(places.len());
            end = end.max(self.slab.next_slots(&places[..count])?);
            self.eviction.try_reserve(&self.slab, count, end)?;
            count
        } else {
            self.eviction.next_victims(places)
        };
        if expires && let Some(expiries) = &mut self.expiries {
            expiries.try_reserve_all(end, MOST_WRITES)?;
        }
        if let Eviction::Lru(lru) = &mut self.eviction {
            lru.begin_writing();
        }
        self.writes_left = MOST_WRITES;
        Ok(count)
    }

    /// Does what the caller has done since places were given to it, in its order. What cannot be is passed over.
    pub fn write_behind(&mut self, writes: impl Iterator<Item = Write>) {
        let most = self.writes_left;
        self.begin();
        for write in writes.take(most) {
            let slot = write.place & !(Write::REMOVED | Write::RENEWED);
            let is_occupied = self.slab.is_occupied(slot);
            if is_occupied && !self.slab.at(slot).key.is_external()
                || !self.is_reserved(slot, write.expiry)
            {
                continue;
            }
            if write.place & (Write::REMOVED | Write::RENEWED) == 0 {
                self.fill(slot, is_occupied, &write);
            } else if is_occupied && write.place & Write::REMOVED != 0 {
                self.empty(slot);
            } else if is_occupied {
                self.put_expiry(slot, write.expiry);
            }
        }
    }

    /// Whether there is nothing to an entry but its key: it has no weight, no value here, and nobody counts it.
    #[inline]
    pub(super) fn has_bare_entries(&self) -> bool {
        self.weights.is_none() && self.values.is_none() && self.stats.is_none()
    }

    #[inline]
    fn empty(&mut self, slot: Slot) {
        self.eviction.removed(&mut self.slab, slot);
        self.order.unlink(&mut self.slab, slot);
        if let Some(expiries) = &mut self.expiries {
            expiries.remove(&mut self.slab, slot);
        }
        self.slab.remove(slot);
    }

    /// Stores an entry: in the place of the one that is there, or at the slot that is next. There is memory for it. Whether
    /// it was stored.
    #[inline]
    pub(super) fn fill(&mut self, slot: Slot, is_occupied: bool, write: &Write) -> bool {
        let hash = self.hasher.hash_external(write.hash);
        if is_occupied {
            self.slab.at_mut(slot).hash = hash;
            self.eviction.removed(&mut self.slab, slot);
            self.order.unlink(&mut self.slab, slot);
        } else if slot == self.slab.next_slot()
            && self.slab.has_room()
            && self.slab.len() < self.max_entries
        {
            let key = StoredKey::new(hash, Key::EXTERNAL);
            self.slab.insert(hash, key, f64::INFINITY);
        } else {
            return false;
        }
        self.put_expiry(slot, write.expiry);
        self.order.push(&mut self.slab, slot);
        let weights = Weights::of_entries(&self.weights);
        self.eviction.stored(&mut self.slab, slot, weights);
        true
    }

    /// Whether there is memory for an entry at a slot to expire then.
    #[inline]
    pub(super) fn is_reserved(&self, slot: Slot, expiry: f64) -> bool {
        let is_covered = |index: &ExpiryIndex| index.covers(slot);
        expiry == f64::INFINITY || self.expiries.as_ref().is_none_or(is_covered)
    }
}
