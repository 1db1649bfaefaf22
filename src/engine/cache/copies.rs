//! Values that the engine keeps: stored with their entries, weighed by themselves, and part of the report.

use super::super::OutOfMemory;
use super::super::entry::{Entry, Links, Slot};
use super::super::key::Key;
use super::super::keys;
use super::super::marks::Mark;
use super::super::values::{LOCATION, Loose, footprint};
use super::{Cache, SetError, Stored};

/// What every entry takes in each of the tables by slot: itself, its kind and number in the order, where its value
/// lies, what it weighs, the policy's marks and links.
const BY_SLOT: usize =
    size_of::<Entry>() + 4 + LOCATION + size_of::<f64>() + size_of::<Links>() + size_of::<Mark>();
/// Its expiration.
const BY_EXPIRY: usize = size_of::<f64>();
/// Its cell in the index, and its counters in the policy's sketch.
const BY_KEY: usize = 6 + 8;
/// Bytes that every entry takes besides its value and the key that does not fit into it.
pub const BOOKKEEPING: usize = BY_SLOT + BY_EXPIRY + BY_KEY;

impl Cache {
    /// What an entry weighs whose key and value have so many bytes: what it takes of the memory.
    pub fn weight_of_copy(key_len: usize, value_len: usize) -> f64 {
        (BOOKKEEPING + keys::footprint(key_len) + footprint(value_len)) as f64
    }

    /// Stores an entry with its value: [`set`](Cache::set) for caches that keep values. Not inlined, having two callers.
    #[inline(never)]
    pub fn set_value(
        &mut self,
        key: Key<'_>,
        value: &[u8],
        expiry: f64,
        now: f64,
    ) -> Result<Stored, SetError> {
        self.begin();
        let slots = self.slab.slots() + 1;
        let values = self.values.as_mut().ok_or(OutOfMemory)?;
        values.try_reserve(slots)?;
        // The value comes first, so that nothing has changed when there is no memory for it.
        let loose = values.insert(value)?;
        let weight = Cache::weight_of_copy(key.bytes.len(), value.len());
        let stored = self.set(key, expiry, weight, now);
        if let Some(values) = &mut self.values {
            match &stored {
                Ok(stored) => values.give(loose, stored.slot),
                Err(_) => values.remove_loose(loose),
            }
        }
        stored
    }

    /// A piece of the value at a slot, and how long the whole value is; a value up to 8 KB has one, a longer one more.
    #[inline]
    pub fn value_piece(&self, slot: Slot, piece: usize) -> Option<(&[u8], usize)> {
        self.values.as_ref()?.piece(slot, piece)
    }

    /// The same of the value of a removal of the last operation, by its place in the report.
    pub fn removed_value_piece(&self, place: usize, piece: usize) -> Option<(&[u8], usize)> {
        let loose = self.removed.value(place)?;
        self.values.as_ref()?.loose_piece(loose, piece)
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
            Some(values) => {
                (self.len() * BOOKKEEPING + self.slab.key_bytes() + values.used()) as f64
            }
            None => 0.0,
        }
    }

    pub(super) fn validate_copies(&self) {
        let slots = || self.slab.occupied();
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
                let key_len = self.slab.at(slot).key.len();
                let weight = Cache::weight_of_copy(key_len, values.len_at(slot));
                assert_eq!(weight, weights.of[slot as usize], "the weight of a slot");
            }
        }
    }
}
