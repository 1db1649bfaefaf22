//! The class `Cache` of the border: each method one call of the engine. What is called all the time is in `hot`.

use wasm_bindgen::prelude::*;

use super::answer::{MISS, OUT_OF_MEMORY, report};
use super::shared::{STATUS, current_seed, point_at, with_key, with_number};
use super::stats;
use crate::engine::pending::Pending;
use crate::engine::{self, Config, EvictionKind, Key, OutOfMemory, Slot};

const STATISTICS: u32 = 1;
const REPORT_KEYS: u32 = 2;
const INDEX_EXPIRIES: u32 = 4;

/// A cache of keys. The face keeps the values, one per slot.
#[wasm_bindgen]
pub struct Cache {
    /// Boxed, so that it stays where it is.
    engine: Box<engine::Cache>,
}

#[wasm_bindgen]
impl Cache {
    /// An empty cache; infinite bounds are none. `policy`: 1 is LRU, anything else the adaptive one.
    /// `flags`: 1 statistics, 2 report keys, 4 index expiries.
    #[wasm_bindgen(constructor)]
    pub fn new(max_entries: f64, max_bytes: f64, policy: u32, flags: u32) -> Cache {
        Cache {
            engine: Box::new(engine::Cache::new(Config {
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
                seed: current_seed(),
            })),
        }
    }

    /// The engine's address, for the functions of `hot`. It is the same until the cache is freed.
    pub fn address(&mut self) -> *mut engine::Cache {
        &raw mut *self.engine
    }

    /// The address of the list of hits to be taken note of later.
    pub fn pending(&self) -> *const Pending {
        self.engine.pending()
    }

    /// Takes note of lookups that missed.
    pub fn miss(&mut self, n: u32) {
        self.engine.miss(n);
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
        self.renamed(slot, renamed.unwrap_or(Err(OutOfMemory)))
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
        report(&self.engine);
        purged.map_or(OUT_OF_MEMORY, |n| n as i32)
    }

    /// Removes everything. 0, or -1: no memory for the report.
    pub fn clear(&mut self) -> i32 {
        let cleared = self.engine.clear();
        report(&self.engine);
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
    pub fn stats(&mut self) -> JsValue {
        stats::to_js(&mut self.engine)
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

    fn renamed(&self, slot: Slot, renamed: Result<(), OutOfMemory>) -> i32 {
        let removed = report(&self.engine);
        renamed.map_or(OUT_OF_MEMORY, |()| slot as i32 | removed)
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
