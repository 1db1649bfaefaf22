//! Entries whose keys the face has: what it did with them by itself, and giving them to the engine.

use std::cell::RefCell;

use wasm_bindgen::prelude::*;

use super::cache::{Address, MOVED, OUT_OF_MEMORY, at, show, with_key, with_number};
use super::copies::with_value;
use super::shared::STATUS;
use crate::engine::cache::{self, Kept, MOST_WRITES, Write};
use crate::engine::key::Kind;
use crate::engine::{Key, Slot};

thread_local! {
    /// What `uses_room` made room for.
    static USES: RefCell<Vec<u32>> = const { RefCell::new(Vec::new()) };
    /// What `oldest` gave last.
    static OLDEST: RefCell<Vec<u64>> = const { RefCell::new(Vec::new()) };
}

/// The address of a buffer for `len` times of last uses, of entries that the face has all by itself; 0: no memory for it.
/// It is there until [`oldest`] is called, or this again.
#[wasm_bindgen]
pub fn uses_room(len: usize) -> *const u32 {
    USES.with_borrow_mut(|uses| {
        uses.clear();
        if uses.try_reserve_exact(len).is_err() {
            return std::ptr::null();
        }
        uses.resize(len, 0);
        uses.as_ptr()
    })
}

/// Points the status at those of these entries that were used longest ago: slot and time, four bytes each, the one used
/// longest ago last. How many, or -1: no memory for it. They are there until the next call.
#[wasm_bindgen]
pub fn oldest() -> i32 {
    show(&OLDEST, cache::oldest(&USES.take()))
}

/// Takes over all entries, `count` at slots below `end`, in the order of their insertion. In the buffer of values are
/// their expirations, in 8 bytes each, if they are `dated`; their slots, in 4 bytes each, with the number of their hits in
/// the two highest bits; and the hashes of their keys, in 4 bytes each, if they are `hashed`. 0, or -1: no memory for all,
/// and none is taken over.
#[wasm_bindgen]
pub fn take_over(cache: Address, end: usize, count: usize, dated: bool, hashed: bool) -> i32 {
    let dates = if dated { 8 * count } else { 0 };
    let hashes = if hashed { 4 * count } else { 0 };
    let taken = with_value(dates + 4 * count + hashes, |bytes| {
        let (dates, words) = bytes.split_at(dates);
        let (slots, hashes) = words.split_at(4 * count);
        let word = |words: &[u8], place: usize| {
            let word = words.get(4 * place..).and_then(<[u8]>::first_chunk);
            word.map_or(0, |&word| u32::from_le_bytes(word))
        };
        let entries = (0..count).map(|place| {
            let date = dates.get(8 * place..).and_then(<[u8]>::first_chunk);
            Kept {
                slot: word(slots, place) << 2 >> 2,
                hash: word(hashes, place),
                expiry: date.map_or(f64::INFINITY, |&date| f64::from_le_bytes(date)),
                hits: (word(slots, place) >> 30) as u8,
            }
        });
        at(cache).take_over(end, dated, entries)
    });
    match taken {
        Some(Ok(())) => 0,
        _ => OUT_OF_MEMORY,
    }
}

/// Takes over, from scratch, a key that the face has kept. 0, or -1: no memory for it.
#[wasm_bindgen]
pub fn give_key(cache: Address, slot: Slot, kind: u32, len: usize) -> i32 {
    with_key(kind, len, |key| answer_given(cache, slot, key)).unwrap_or(OUT_OF_MEMORY)
}

/// The same for a number.
#[wasm_bindgen]
pub fn give_number(cache: Address, slot: Slot, number: f64) -> i32 {
    with_number(number, |key| answer_given(cache, slot, key))
}

fn answer_given(cache: Address, slot: Slot, key: Key<'_>) -> i32 {
    match at(cache).key(slot) {
        Some(Key {
            kind: Kind::External,
            ..
        }) => at(cache).give_key(slot, key).map_or(OUT_OF_MEMORY, |()| 0),
        _ => OUT_OF_MEMORY,
    }
}

/// Does what the face has done to entries of its own keys: the first `writes` of those in the status. Then gives it up
/// to `most` places for the next ones, in the status too. How many, with `MOVED`; -1: no memory for them. Of entries that
/// are not `dated` none expires.
#[wasm_bindgen]
pub fn write_behind(cache: Address, writes: usize, dated: bool, most: usize) -> i32 {
    STATUS.with(|status| {
        let cache = at(cache);
        cache.write_behind((0..writes.min(MOST_WRITES)).map(|place| Write {
            place: status.slots[place].get(),
            hash: status.hashes[place].get(),
            expiry: if dated {
                status.expiries[place].get()
            } else {
                f64::INFINITY
            },
        }));
        let places = &status.places[..most.min(MOST_WRITES)];
        let Ok(count) = cache.places(dated, places) else {
            return OUT_OF_MEMORY;
        };
        let moved = if cache.has_moved() { MOVED } else { 0 };
        count as i32 | moved
    })
}
