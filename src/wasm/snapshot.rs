//! What a snapshot says of an entry, and runs of records, at the border.

use std::cell::RefCell;

use wasm_bindgen::prelude::*;

use super::cache::{Address, OUT_OF_MEMORY, at, point_at_key};
use super::copies::with_value;
use super::shared::{STATUS, point_at};
use crate::engine::Slot;

thread_local! {
    /// Records on their way out, or the slots of those that came in.
    static RUN: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
}

/// Points the status at the records of entries, from a position in insertion order on, with `most` bytes and what is
/// left of the last one; and leaves there the position to go on from. Of a cache that keeps values. Where none is left,
/// gives back the memory. 0, or -1: no memory for it.
#[wasm_bindgen]
pub fn write_records(cache: Address, position: f64, most: usize) -> i32 {
    RUN.with_borrow_mut(|run| {
        run.clear();
        let Ok(reached) = at(cache).write_records(position as u64, most, run) else {
            return OUT_OF_MEMORY;
        };
        if run.is_empty() {
            *run = Vec::new();
        }
        STATUS.with(|status| status.number.set(reached as f64));
        point_at(run);
        0
    })
}

/// Stores the entries of the records in the first `len` bytes of the value's buffer, as far as it is plain what to
/// store. Leaves how many bytes they have in the status, which points at their slots. 1 if any expires, else 0; -1: no
/// memory for them.
#[wasm_bindgen]
pub fn read_records(cache: Address, len: usize, now: f64) -> i32 {
    RUN.with_borrow_mut(|slots| {
        slots.clear();
        let read = with_value(len, |bytes| at(cache).read_records(bytes, now, slots));
        let Some(Ok(run)) = read else {
            return OUT_OF_MEMORY;
        };
        if run.len == 0 {
            *slots = Vec::new();
        }
        STATUS.with(|status| status.number.set(run.len as f64));
        point_at(slots);
        i32::from(run.expires)
    })
}

/// Points the status at the key of a slot, and leaves the entry's expiration there. The kind of the key, plus 4 if the
/// entry expires, plus 8 for each use of late; -1: no such entry.
#[wasm_bindgen]
pub fn describe(cache: Address, slot: Slot) -> i32 {
    let cache = at(cache);
    let kind = point_at_key(cache.key(slot));
    if kind < 0 {
        return kind;
    }
    let expiry = cache.expiry(slot);
    STATUS.with(|status| status.number.set(expiry));
    let expires = if expiry < f64::INFINITY { 4 } else { 0 };
    kind | expires | (cache.uses(slot) << 3) as i32
}
