//! The class `Cache` of the border: each method one call of the engine.

use wasm_bindgen::prelude::*;

use super::shared::{SCRATCH_BYTES, STATUS, current_seed, point_at};
use super::stats;
use crate::engine::key::{Kind, number_bytes};
use crate::engine::{self, Config, EvictionKind, Key, OutOfMemory, Reason, SetError, Slot, Stored};

/// Says of a slot that was found: the entry expires.
const EXPIRES: i32 = 1 << 28;
/// Says of a slot that was written: the entry is new.
const INSERTED: i32 = 1 << 27;
/// Says of a slot that was written: there are removals to read.
const REMOVED: i32 = 1 << 28;
/// No such entry.
pub(super) const MISS: i32 = -1;
/// Memory could not be had; nothing was stored.
pub(super) const OUT_OF_MEMORY: i32 = -1;
/// Heavier than the whole bound; nothing was stored.
const TOO_LARGE: i32 = -2;

const STATISTICS: u32 = 1;
const REPORT_KEYS: u32 = 2;
const INDEX_EXPIRIES: u32 = 4;
const KEEP_VALUES: u32 = 8;

/// A cache of keys. The face keeps the values, one per slot, or the engine does, as bytes.
#[wasm_bindgen]
pub struct Cache {
    pub(super) engine: engine::Cache,
}

/// Calls `with` with the key of this kind in the first `len` bytes of scratch.
#[inline]
pub(super) fn with_key<R>(kind: u32, len: usize, with: impl FnOnce(Key<'_>) -> R) -> Option<R> {
    SCRATCH_BYTES.with_borrow(|bytes| {
        let kind = Kind::from_number(kind)?;
        let bytes = bytes.get(len)?;
        Some(with(Key { kind, bytes }))
    })
}

#[inline]
pub(super) fn with_number<R>(number: f64, with: impl FnOnce(Key<'_>) -> R) -> R {
    with(Key {
        kind: Kind::Number,
        bytes: &number_bytes(number),
    })
}

#[wasm_bindgen]
impl Cache {
    /// An empty cache; infinite bounds are none. `policy`: 1 is LRU, anything else the adaptive one.
    /// `flags`: 1 statistics, 2 report keys, 4 index expiries, 8 keep values.
    #[wasm_bindgen(constructor)]
    pub fn new(max_entries: f64, max_bytes: f64, policy: u32, flags: u32) -> Cache {
        Cache {
            engine: engine::Cache::new(Config {
                max_entries: max_entries as usize,
                max_bytes,
                eviction: if policy == 1 {
                    EvictionKind::Lru
                } else {
                    EvictionKind::Adaptive
                },
                statistics: flags & STATISTICS != 0,
                report_keys: flags & REPORT_KEYS != 0,
                index_expiries: flags & INDEX_EXPIRIES != 0,
                values: flags & KEEP_VALUES != 0,
                seed: current_seed(),
            }),
        }
    }

    /// The slot of the key in scratch, with `EXPIRES` and the expiration in the status; or `MISS`. Pure.
    pub fn find(&self, kind: u32, len: usize) -> i32 {
        let found = with_key(kind, len, |key| self.engine.find(key));
        self.found(found.flatten())
    }

    /// The same for a number.
    pub fn find_number(&self, number: f64) -> i32 {
        self.found(with_number(number, |key| self.engine.find(key)))
    }

    /// Stores an entry under the key in scratch. The slot with `INSERTED` and `REMOVED`, or an error's number.
    pub fn set(&mut self, kind: u32, len: usize, expiry: f64, weight: f64, now: f64) -> i32 {
        let stored = with_key(kind, len, |key| self.engine.set(key, expiry, weight, now));
        self.stored(stored.unwrap_or(Err(SetError::OutOfMemory)))
    }

    /// The same for a number.
    pub fn set_number(&mut self, number: f64, expiry: f64, weight: f64, now: f64) -> i32 {
        let stored = with_number(number, |key| self.engine.set(key, expiry, weight, now));
        self.stored(stored)
    }

    /// Stores a new value at a slot that was found. Like `set`.
    pub fn store(&mut self, slot: Slot, expiry: f64, weight: f64, now: f64) -> i32 {
        if self.engine.key(slot).is_none() {
            return MISS;
        }
        let stored = self.engine.store(slot, expiry, weight, now);
        self.stored(stored)
    }

    /// Takes note of a lookup that hit.
    pub fn hit(&mut self, slot: Slot) {
        self.engine.hit(slot);
    }

    /// The same for `n` of them: their slots are in scratch, as 32-bit numbers, the oldest first.
    pub fn hits(&mut self, n: usize) {
        SCRATCH_BYTES.with_borrow(|bytes| {
            for slot in bytes.get(4 * n).unwrap_or_default().chunks_exact(4) {
                self.engine
                    .hit(u32::from_le_bytes([slot[0], slot[1], slot[2], slot[3]]));
            }
        });
    }

    /// Takes note of lookups that missed.
    pub fn miss(&mut self, n: u32) {
        self.engine.miss(n);
    }

    /// Removes an entry, for the reason with this number. Whether there was one: 1 or 0; -1: no memory for the report.
    pub fn remove(&mut self, slot: Slot, reason: u32) -> i32 {
        let reason = Reason::from_number(reason).unwrap_or(Reason::Deleted);
        let removed = self.engine.remove(slot, reason);
        self.report();
        removed.map_or(OUT_OF_MEMORY, i32::from)
    }

    /// When an entry expires, in milliseconds since the epoch; infinite: never.
    pub fn expiry(&self, slot: Slot) -> f64 {
        self.engine.expiry(slot)
    }

    /// Changes that. 0, or -1: no memory for it.
    pub fn set_expiry(&mut self, slot: Slot, expiry: f64) -> i32 {
        match self.engine.set_expiry(slot, expiry) {
            Ok(()) => 0,
            Err(OutOfMemory) => OUT_OF_MEMORY,
        }
    }

    /// Moves an entry to the key in scratch. The slot with `REMOVED`, or an error's number.
    pub fn rename(&mut self, slot: Slot, kind: u32, len: usize, now: f64) -> i32 {
        if self.engine.key(slot).is_none() {
            return MISS;
        }
        let renamed = with_key(kind, len, |key| self.engine.rename(slot, key, now));
        self.renamed(slot, renamed.unwrap_or(Err(OutOfMemory.into())))
    }

    /// The same for a number.
    pub fn rename_number(&mut self, slot: Slot, number: f64, now: f64) -> i32 {
        if self.engine.key(slot).is_none() {
            return MISS;
        }
        let renamed = with_number(number, |key| self.engine.rename(slot, key, now));
        self.renamed(slot, renamed)
    }

    /// Removes up to `limit` expired entries. How many, or -1: no memory for the report.
    pub fn purge(&mut self, now: f64, limit: usize) -> i32 {
        let purged = self.engine.purge(now, limit);
        self.report();
        purged.map_or(OUT_OF_MEMORY, |n| n as i32)
    }

    /// Removes everything. 0, or -1: no memory for the report.
    pub fn clear(&mut self) -> i32 {
        let cleared = self.engine.clear();
        self.report();
        match cleared {
            Ok(()) => 0,
            Err(OutOfMemory) => OUT_OF_MEMORY,
        }
    }

    /// Entries stored.
    #[allow(clippy::len_without_is_empty, reason = "the face has no use for it")]
    pub fn len(&self) -> usize {
        self.engine.len()
    }

    /// The weight of all entries.
    pub fn bytes(&self) -> f64 {
        self.engine.weight()
    }

    /// The statistics, or `undefined` where they are not counted.
    pub fn stats(&self) -> JsValue {
        stats::to_js(&self.engine)
    }

    /// Counts from 0 again.
    pub fn reset_stats(&mut self) {
        self.engine.reset_stats();
    }

    /// The kind of the key at a slot, its bytes pointed at by the status; -1: no such entry.
    pub fn key(&self, slot: Slot) -> i32 {
        point_at_key(self.engine.key(slot))
    }

    /// The same for a removal of the last operation, by its place in the report.
    pub fn removed_key(&self, place: usize) -> i32 {
        point_at_key(self.engine.removed().key(place))
    }

    /// The slot that follows a position in insertion order (the first position is 0), and in the status the
    /// position to go on from; -1 at the end.
    pub fn advance(&mut self, position: f64) -> i32 {
        match self.engine.advance(position as u64) {
            Some((slot, reached)) => {
                STATUS.with(|status| status.number.set(reached as f64));
                slot as i32
            }
            None => MISS,
        }
    }

    #[inline]
    fn found(&self, found: Option<Slot>) -> i32 {
        let Some(slot) = found else {
            return MISS;
        };
        let expiry = self.engine.expiry(slot);
        if expiry < f64::INFINITY {
            STATUS.with(|status| status.number.set(expiry));
            slot as i32 | EXPIRES
        } else {
            slot as i32
        }
    }

    #[inline]
    pub(super) fn stored(&self, stored: Result<Stored, SetError>) -> i32 {
        match stored {
            Ok(stored) => {
                let inserted = if stored.inserted { INSERTED } else { 0 };
                stored.slot as i32 | inserted | self.report()
            }
            Err(error) => {
                self.report();
                match error {
                    SetError::OutOfMemory => OUT_OF_MEMORY,
                    SetError::TooLarge => TOO_LARGE,
                }
            }
        }
    }

    fn renamed(&self, slot: Slot, renamed: Result<(), SetError>) -> i32 {
        let inserted = false;
        self.stored(renamed.map(|()| Stored { slot, inserted }))
    }

    /// Points the status at the removals; `REMOVED` if there are any.
    #[inline]
    fn report(&self) -> i32 {
        let list = self.engine.removed().list();
        STATUS.with(|status| {
            status.removed_len.set(list.len() as u32);
            status.removed_ptr.set(list.as_ptr() as u32);
        });
        if list.is_empty() { 0 } else { REMOVED }
    }
}

fn point_at_key(key: Option<Key<'_>>) -> i32 {
    match key {
        Some(key) => {
            point_at(key.bytes);
            key.kind as i32
        }
        None => MISS,
    }
}
