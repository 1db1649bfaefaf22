//! Snapshots, at the border: blocks of records, built in one buffer and read from another.

use std::cell::RefCell;

use wasm_bindgen::prelude::*;

use super::cache::{Address, OUT_OF_MEMORY, answer_stored, at};
use super::copies::VALUE;
use super::shared::{STATUS, point_at};
use crate::engine::cache::snapshot::{self, Record};
use crate::engine::{OutOfMemory, Slot};

/// What is in the place of a slot: these bytes are no record.
const DAMAGED: i32 = -3;
/// What is in the place of a slot: the record's entry has expired.
const SKIPPED: i32 = -4;

thread_local! {
    /// The block that is being built.
    static BLOCK: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
}

/// Appends the record of an entry to the block, a new one if `first`, and points the status at it. `value`: how
/// many bytes of the value's buffer are its value; -1: it is the one that the engine keeps. 0, or -1: no memory.
#[wasm_bindgen]
pub fn write_record(cache: Address, slot: Slot, value: i32, first: bool) -> i32 {
    write(first, |block| {
        VALUE.with_borrow(|buffer| {
            let value = usize::try_from(value).ok().and_then(|len| buffer.get(len));
            at(cache).write_record(slot, value, block)
        })
    })
}

/// Makes a block of the order of use, where the policy keeps one, and points the status at it. 0, or -1: no memory.
#[wasm_bindgen]
pub fn write_recency(cache: Address) -> i32 {
    write(true, |block| at(cache).write_recency(block))
}

/// Gives back the memory of the block.
#[wasm_bindgen]
pub fn end_snapshot() {
    BLOCK.take();
}

fn write(first: bool, append: impl FnOnce(&mut Vec<u8>) -> Result<(), OutOfMemory>) -> i32 {
    BLOCK.with_borrow_mut(|block| {
        if first {
            block.clear();
        }
        let written = append(block);
        point_at(block);
        written.map_or(OUT_OF_MEMORY, |()| 0)
    })
}

/// The checksum of the first `len` bytes of the value's buffer, as they stand in a place of the snapshot.
#[wasm_bindgen]
pub fn checksum(len: usize, place: u32) -> u32 {
    VALUE.with_borrow(|buffer| snapshot::checksum(buffer.get(len).unwrap_or_default(), place))
}

/// Stores the entry of the record at `start` of the `len` bytes in the value's buffer, with its value: for caches
/// that keep values. The answer is that of `set`, or `DAMAGED`, or `SKIPPED`. The status has the place of the next
/// record.
#[wasm_bindgen]
pub fn restore_record(cache: Address, start: usize, len: usize, now: f64) -> i32 {
    with_record(start, len, |record, next| {
        STATUS.with(|status| status.number.set(next as f64));
        if record.expiry <= now {
            return SKIPPED;
        }
        let stored = at(cache).set_value(record.key, record.value, record.expiry, now);
        if let Ok(stored) = &stored {
            at(cache).add_uses(stored.slot, record.frequency);
        }
        answer_stored(at(cache), stored)
    })
}

/// Takes the same record apart: the status has its expiration, points at its value, and, where it points at removals
/// otherwise, at its key. The place of the next record, or `DAMAGED`.
#[wasm_bindgen]
pub fn read_record(start: usize, len: usize) -> i32 {
    with_record(start, len, |record, next| {
        point_at(record.value);
        STATUS.with(|status| {
            status.number.set(record.expiry);
            status.removed_ptr.set(record.key.bytes.as_ptr() as u32);
            status.removed_len.set(record.key.bytes.len() as u32);
        });
        next as i32
    })
}

fn with_record(start: usize, len: usize, use_it: impl FnOnce(Record<'_>, usize) -> i32) -> i32 {
    VALUE.with_borrow(|buffer| {
        let block = buffer.get(len).and_then(|block| block.get(start..));
        match block.and_then(snapshot::read_record) {
            Some((record, read)) => use_it(record, start + read),
            None => DAMAGED,
        }
    })
}
