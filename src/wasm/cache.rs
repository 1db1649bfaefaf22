//! The class `Cache` of the border, which owns an engine, and its operations, each one call of the engine.
//!
//! The operations are functions of an address, not methods: a method of a wasm-bindgen class counts a reference and
//! takes a lock at each call, on the path of every lookup, and that made the module a twelfth larger.

use std::cell::RefCell;
use std::ptr::NonNull;
use std::thread::LocalKey;

use wasm_bindgen::prelude::*;

use super::shared::{SCRATCH_BYTES, STATUS, current_seed, point_at};
use super::stats::to_js;
use crate::engine::cache::Board;
use crate::engine::key::{Kind, number_bytes};
use crate::engine::pending::Pending;
use crate::engine::{self, Config, EvictionKind, Key, OutOfMemory, Reason, SetError, Slot, Stored};

/// Says of a slot that was found: the entry expires.
const EXPIRES: i32 = 1 << 28;
/// Says of a slot that was written: the entry is new.
const INSERTED: i32 = 1 << 27;
/// Says of a slot that was written: there are removals to read.
const REMOVED: i32 = 1 << 28;
/// Says so too, and that there is one, of the very slot that was written.
const REUSED: i32 = 1 << 29;
/// Says so too: what [`board`] pointed at has moved.
pub(super) const MOVED: i32 = 1 << 30;
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

/// An engine, freed with this object, by the garbage collector at the latest.
#[wasm_bindgen]
pub struct Cache {
    engine: NonNull<engine::Cache>,
}

/// The address of an engine, as the operations take it.
pub(super) type Address = usize;

/// The engine at an address.
///
/// The face is the only caller. It takes the address from a `Cache` that it holds on to for as long as it uses the
/// address, and forgets both at once. No operation calls JavaScript that could call another one, so there is never
/// a second reference.
#[inline]
pub(super) fn at<'a>(address: Address) -> &'a mut engine::Cache {
    // SAFETY: by the above the engine is alive, and this is the only reference to it.
    unsafe { &mut *(address as *mut engine::Cache) }
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
        let engine = engine::Cache::new(Config {
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
        });
        Cache {
            engine: NonNull::from(Box::leak(Box::new(engine))),
        }
    }

    /// Where the engine is, for the operations; for as long as this object is alive.
    pub fn address(&self) -> Address {
        self.engine.as_ptr() as Address
    }
}

impl Drop for Cache {
    fn drop(&mut self) {
        // SAFETY: made by `Box::leak` in `new`, and given back only here.
        drop(unsafe { Box::from_raw(self.engine.as_ptr()) });
    }
}

/// The slot of the key in scratch, with `EXPIRES` and the expiration in the status; or `MISS`. Pure.
#[wasm_bindgen]
pub fn find(cache: Address, kind: u32, len: usize) -> i32 {
    answer_found(with_key(kind, len, |key| at(cache).find_with_expiry(key)).flatten())
}

/// The same for a number.
#[wasm_bindgen]
pub fn find_number(cache: Address, number: f64) -> i32 {
    answer_found(with_number(number, |key| at(cache).find_with_expiry(key)))
}

/// Stores an entry under the key in scratch. The slot with `INSERTED` and `REMOVED`, or an error's number.
#[wasm_bindgen]
pub fn set(cache: Address, kind: u32, len: usize, expiry: f64, weight: f64, now: f64) -> i32 {
    let stored = with_key(kind, len, |key| at(cache).set(key, expiry, weight, now));
    answer_stored(at(cache), stored.unwrap_or(Err(SetError::OutOfMemory)))
}

/// The same for a number.
#[wasm_bindgen]
pub fn set_number(cache: Address, number: f64, expiry: f64, weight: f64, now: f64) -> i32 {
    let stored = with_number(number, |key| at(cache).set(key, expiry, weight, now));
    answer_stored(at(cache), stored)
}

/// The same for a key that the face keeps, has nothing stored under, and gives this hash.
#[wasm_bindgen]
pub fn set_external(cache: Address, hash: u32, expiry: f64, weight: f64, now: f64) -> i32 {
    let stored = at(cache).set_external(hash, expiry, weight, now);
    answer_stored(at(cache), stored)
}

/// Stores a new value at a slot that was found. Like `set`.
#[wasm_bindgen]
pub fn store(cache: Address, slot: Slot, expiry: f64, weight: f64, now: f64) -> i32 {
    if at(cache).key(slot).is_none() {
        return MISS;
    }
    let stored = at(cache).store(slot, expiry, weight, now);
    answer_stored(at(cache), stored)
}

/// Where the list of hits is that are to be taken note of: their number, then their slots, at most 127 of them.
#[wasm_bindgen]
pub fn pending(cache: Address) -> *const Pending {
    at(cache).pending()
}

/// Takes note of them.
#[wasm_bindgen]
pub fn catch_up(cache: Address) {
    at(cache).catch_up();
}

/// Takes note of lookups that missed.
#[wasm_bindgen]
pub fn miss(cache: Address, n: u32) {
    at(cache).miss(n);
}

/// Removes an entry, for the reason with this number. Whether there was one: 1 or 0; -1: no memory for the report.
#[wasm_bindgen]
pub fn remove(cache: Address, slot: Slot, reason: u32) -> i32 {
    let reason = Reason::from_number(reason).unwrap_or(Reason::Deleted);
    let removed = at(cache).remove(slot, reason);
    report(at(cache));
    removed.map_or(OUT_OF_MEMORY, i32::from)
}

/// When an entry expires, in milliseconds since the epoch; infinite: never.
#[wasm_bindgen]
pub fn expiry(cache: Address, slot: Slot) -> f64 {
    at(cache).expiry(slot)
}

/// Changes that. 0, or -1: no memory for it.
#[wasm_bindgen]
pub fn set_expiry(cache: Address, slot: Slot, expiry: f64) -> i32 {
    match at(cache).set_expiry(slot, expiry) {
        Ok(()) => 0,
        Err(OutOfMemory) => OUT_OF_MEMORY,
    }
}

/// Moves an entry to the key in scratch. The slot with `REMOVED`, or an error's number.
#[wasm_bindgen]
pub fn rename(cache: Address, slot: Slot, kind: u32, len: usize, now: f64) -> i32 {
    if at(cache).key(slot).is_none() {
        return MISS;
    }
    let renamed = with_key(kind, len, |key| at(cache).rename(slot, key, now));
    answer_renamed(
        at(cache),
        slot,
        renamed.unwrap_or(Err(SetError::OutOfMemory)),
    )
}

/// The same for a number.
#[wasm_bindgen]
pub fn rename_number(cache: Address, slot: Slot, number: f64, now: f64) -> i32 {
    if at(cache).key(slot).is_none() {
        return MISS;
    }
    let renamed = with_number(number, |key| at(cache).rename(slot, key, now));
    answer_renamed(at(cache), slot, renamed)
}

/// The same for a key that the face keeps; `there` is the slot of what is stored under it, or -1.
#[wasm_bindgen]
pub fn rename_external(cache: Address, slot: Slot, hash: u32, there: i32, now: f64) -> i32 {
    if at(cache).key(slot).is_none() {
        return MISS;
    }
    let there = Slot::try_from(there).ok();
    let renamed = at(cache).rename_external(slot, hash, there, now);
    answer_renamed(at(cache), slot, renamed)
}

/// Removes up to `limit` expired entries. How many, or -1: no memory for the report.
#[wasm_bindgen]
pub fn purge(cache: Address, now: f64, limit: usize) -> i32 {
    let purged = at(cache).purge(now, limit);
    report(at(cache));
    purged.map_or(OUT_OF_MEMORY, |n| n as i32)
}

/// Removes everything. 0, or -1: no memory for the report.
#[wasm_bindgen]
pub fn clear(cache: Address) -> i32 {
    let cleared = at(cache).clear();
    report(at(cache));
    match cleared {
        Ok(()) => 0,
        Err(OutOfMemory) => OUT_OF_MEMORY,
    }
}

/// Entries stored.
#[wasm_bindgen]
pub fn len(cache: Address) -> usize {
    at(cache).len()
}

/// The weight of all entries.
#[wasm_bindgen]
pub fn bytes(cache: Address) -> f64 {
    at(cache).weight()
}

/// The statistics, or `undefined` where they are not counted.
#[wasm_bindgen]
pub fn stats(cache: Address) -> JsValue {
    to_js(at(cache))
}

/// Counts from 0 again.
#[wasm_bindgen]
pub fn reset_stats(cache: Address) {
    at(cache).reset_stats();
}

/// The kind of the key at a slot, its bytes pointed at by the status; -1: no such entry.
#[wasm_bindgen]
pub fn key(cache: Address, slot: Slot) -> i32 {
    point_at_key(at(cache).key(slot))
}

/// The same for a removal of the last operation, by its place in the report.
#[wasm_bindgen]
pub fn removed_key(cache: Address, place: usize) -> i32 {
    point_at_key(at(cache).removed().key(place))
}

/// The slot that follows a position in insertion order (the first position is 0), and in the status the
/// position to go on from; -1 at the end.
#[wasm_bindgen]
pub fn advance(cache: Address, position: f64) -> i32 {
    match at(cache).advance(position as u64) {
        Some((slot, reached)) => {
            STATUS.with(|status| status.number.set(reached as f64));
            slot as i32
        }
        None => MISS,
    }
}

/// Points the status at the slots of up to `most` entries, four bytes each, the one that was used longest ago first;
/// none where the policy keeps no such order. How many, or -1: no memory for it. They are there until the next call.
#[wasm_bindgen]
pub fn by_use(cache: Address, most: usize) -> i32 {
    show(&LIST, at(cache).by_use(most))
}

/// Points the status at a list, which is kept until the next one comes. How many are in it, or -1: no memory for it.
pub(super) fn show<T>(
    kept: &'static LocalKey<RefCell<Vec<T>>>,
    list: Result<Vec<T>, OutOfMemory>,
) -> i32 {
    let Ok(list) = list else {
        return OUT_OF_MEMORY;
    };
    point_at_words(&list);
    let len = list.len();
    kept.set(list);
    len as i32
}

/// Points the status at where hits are told, or written down, by those who find entries themselves; see
/// [`engine::Cache::board`].
#[wasm_bindgen]
pub fn board(cache: Address) {
    match at(cache).board() {
        Board::Stamps(stamps) => point_at_words(stamps),
        Board::Marks(marks) => point_at_words(marks),
    }
}

/// Points the status at numbers; their length is in bytes.
fn point_at_words<T>(words: &[T]) {
    // SAFETY: only numbers are pointed at, and nobody reads these bytes here.
    point_at(unsafe { std::slice::from_raw_parts(words.as_ptr().cast(), size_of_val(words)) });
}

thread_local! {
    /// The list that `by_use` gave last.
    static LIST: RefCell<Vec<Slot>> = const { RefCell::new(Vec::new()) };
}

#[inline]
fn answer_found(found: Option<(Slot, f64)>) -> i32 {
    let Some((slot, expiry)) = found else {
        return MISS;
    };
    if expiry < f64::INFINITY {
        STATUS.with(|status| status.number.set(expiry));
        slot as i32 | EXPIRES
    } else {
        slot as i32
    }
}

#[inline(never)]
pub(super) fn answer_stored(cache: &engine::Cache, stored: Result<Stored, SetError>) -> i32 {
    match stored {
        Ok(stored) => {
            let inserted = if stored.inserted { INSERTED } else { 0 };
            let reused = match cache.removed().list() {
                [[slot, _]] if *slot == stored.slot => REUSED,
                _ => 0,
            };
            let moved = if cache.has_moved() { MOVED } else { 0 };
            stored.slot as i32 | inserted | reused | moved | report(cache)
        }
        Err(error) => {
            report(cache);
            match error {
                SetError::OutOfMemory => OUT_OF_MEMORY,
                SetError::TooLarge => TOO_LARGE,
            }
        }
    }
}

fn answer_renamed(cache: &engine::Cache, slot: Slot, renamed: Result<(), SetError>) -> i32 {
    let inserted = false;
    answer_stored(cache, renamed.map(|()| Stored { slot, inserted }))
}

/// Points the status at the removals; `REMOVED` if there are any.
#[inline]
fn report(cache: &engine::Cache) -> i32 {
    let list = cache.removed().list();
    STATUS.with(|status| {
        status.removed_len.set(list.len() as u32);
        status.removed_ptr.set(list.as_ptr() as u32);
    });
    if list.is_empty() { 0 } else { REMOVED }
}

pub(super) fn point_at_key(key: Option<Key<'_>>) -> i32 {
    match key {
        Some(key) => {
            point_at(key.bytes);
            key.kind as i32
        }
        None => MISS,
    }
}
