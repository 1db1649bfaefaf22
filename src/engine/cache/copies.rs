//! Values that the engine keeps: stored with their entries, weighed by themselves, and part of the report.

use super::super::OutOfMemory;
use super::super::entry::Slot;
use super::super::key::{INLINE, Key};
use super::super::values::{Loose, footprint};
use super::{Cache, SetError, Stored};

/// Bytes that every entry takes besides its value and the key that does not fit into it: 64 of its own, 8 to say
/// where its value is, 8 for its weight, 10 for the policy, 4 for its expiry, 11 to 22 in the index; and what grows by
/// doubling is not full most of the time.
pub const BOOKKEEPING: usize = 136;

impl Cache {
    /// What an entry weighs whose key and value have so many bytes: what it takes of the memory.
    pub fn weight_of_copy(key_len: usize, value_len: usize) -> f64 {
        let key_heap = if key_len > INLINE { key_len } else { 0 };
        (BOOKKEEPING + key_heap + footprint(value_len)) as f64
    }

    /// Stores an entry with its value: [`set`](Cache::set) for caches that keep values.
    pub fn set_value(
        &mut self,
        key: Key<'_>,
        value: &[u8],
        expiry: f64,
        now: f64,
    ) -> Result<Stored, SetError> {
        let weight = Cache::weight_of_copy(key.bytes.len(), value.len());
        self.with_value(value, |cache| cache.set(key, expiry, weight, now))
    }

    /// Stores a new value, and expiry, at a slot that is occupied.
    pub fn store_value(
        &mut self,
        slot: Slot,
        value: &[u8],
        expiry: f64,
        now: f64,
    ) -> Result<Stored, SetError> {
        let weight = Cache::weight_of_copy(self.slab.at(slot).key.as_slice().len(), value.len());
        self.with_value(value, |cache| cache.store(slot, expiry, weight, now))
    }

    /// Puts the value into memory first, so that nothing has changed when there is none for it.
    fn with_value(
        &mut self,
        value: &[u8],
        store: impl FnOnce(&mut Cache) -> Result<Stored, SetError>,
    ) -> Result<Stored, SetError> {
        self.begin();
        let slots = self.slab.slots() + 1;
        let values = self.values.as_mut().ok_or(OutOfMemory)?;
        values.try_reserve(slots)?;
        let loose = values.insert(value)?;
        let stored = store(self);
        if let Some(values) = &mut self.values {
            match &stored {
                Ok(stored) => values.give(loose, stored.slot),
                Err(_) => values.remove_loose(loose),
            }
        }
        stored
    }

    /// The value at a slot. A long one is put together in `joined`.
    #[inline]
    pub fn value<'a>(
        &'a self,
        slot: Slot,
        joined: &'a mut Vec<u8>,
    ) -> Result<Option<&'a [u8]>, OutOfMemory> {
        match &self.values {
            Some(values) => values.get(slot, joined),
            None => Ok(None),
        }
    }

    /// The value of a removal of the last operation, by its place in the report.
    pub fn removed_value<'a>(
        &'a self,
        place: usize,
        joined: &'a mut Vec<u8>,
    ) -> Result<Option<&'a [u8]>, OutOfMemory> {
        match (&self.values, self.removed.value(place)) {
            (Some(values), Some(loose)) => values.get_loose(loose, joined),
            _ => Ok(None),
        }
    }

    /// Frees the value of a slot, or keeps it for the report, which has room.
    #[inline]
    pub(super) fn drop_value(&mut self, slot: Slot) -> Option<Loose> {
        let values = self.values.as_mut()?;
        if self.removed.keeps_keys() {
            Some(values.take(slot))
        } else {
            values.remove(slot);
            None
        }
    }

    /// The weight of all entries where nobody adds it up.
    pub(super) fn copied_weight(&self) -> f64 {
        match &self.values {
            Some(values) => (self.len() * BOOKKEEPING + self.key_bytes + values.used()) as f64,
            None => 0.0,
        }
    }

    pub(super) fn validate_copies(&self) {
        let slots = || (0..self.slab.slots() as Slot).filter(|&slot| self.slab.is_occupied(slot));
        let heap: usize = slots().map(|slot| self.slab.at(slot).key.heap_len()).sum();
        assert_eq!(heap, self.key_bytes, "bytes of keys");
        let Some(values) = &self.values else {
            return;
        };
        values.validate();
        if self.removed.values().next().is_none() {
            let lens: usize = slots().map(|slot| values.len_at(slot)).sum();
            assert_eq!(lens, values.bytes(), "values that no entry has");
        }
        if let Some(weights) = &self.weights {
            for slot in slots() {
                let key_len = self.slab.at(slot).key.as_slice().len();
                let weight = Cache::weight_of_copy(key_len, values.len_at(slot));
                assert_eq!(weight, weights.of[slot as usize], "the weight of a slot");
            }
        }
    }
}
