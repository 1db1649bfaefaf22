//! Values held by copy, at the border: bytes in through a buffer of their own, and out by pointing at them.

use std::cell::RefCell;

use wasm_bindgen::prelude::*;

use super::cache::{Address, answer_stored, at};
use super::shared::{ByteBuffer, SCRATCH_BYTES, point_at};
use crate::engine::key::{Kind, number_bytes};
use crate::engine::{Cache, Key, SetError, Slot};

thread_local! {
    /// What is to be stored.
    static VALUE: RefCell<ByteBuffer> = const { RefCell::new(ByteBuffer::new()) };
}

/// The address of a buffer of at least `len` bytes for a value on its way in, or 0. It holds its place until this
/// is called again; `value_room(0)` gives back what a long value took.
#[wasm_bindgen]
pub fn value_room(len: usize) -> *const u8 {
    VALUE.with_borrow_mut(|buffer| buffer.room(len))
}

/// Calls `with` with what is in that buffer, if there is so much.
pub(super) fn with_value<R>(len: usize, with: impl FnOnce(&[u8]) -> R) -> Option<R> {
    VALUE.with_borrow(|buffer| buffer.get(len).map(with))
}

/// Stores the value in its buffer under the key in scratch; where its kind is a number, under `number`. Like `set`.
#[wasm_bindgen]
pub fn set_value(
    cache: Address,
    kind: u32,
    len: usize,
    number: f64,
    value: usize,
    expiry: f64,
    now: f64,
) -> i32 {
    let number = number_bytes(number);
    let stored = SCRATCH_BYTES.with_borrow(|scratch| {
        VALUE.with_borrow(|buffer| {
            let kind = Kind::from_number(kind)?;
            let bytes = match kind {
                Kind::Number => &number[..],
                _ => scratch.get(len)?,
            };
            let value = buffer.get(value)?;
            Some(at(cache).set_value(Key { kind, bytes }, value, expiry, now))
        })
    });
    answer_stored(at(cache), stored.unwrap_or(Err(SetError::OutOfMemory)))
}

/// Points the status at a piece of the value of a slot; how many bytes all pieces have together, or -1.
#[wasm_bindgen]
pub fn value(cache: Address, slot: Slot, piece: usize) -> f64 {
    answer_piece(at(cache).value_piece(slot, piece))
}

/// The same for a removal of the last operation, by its place in the report.
#[wasm_bindgen]
pub fn removed_value(cache: Address, place: usize, piece: usize) -> f64 {
    answer_piece(at(cache).removed_value_piece(place, piece))
}

/// What an entry weighs whose key and value have so many bytes.
#[wasm_bindgen]
pub fn weight(len: usize, value: usize) -> f64 {
    Cache::weight_of_copy(len, value)
}

#[inline]
fn answer_piece(piece: Option<(&[u8], usize)>) -> f64 {
    match piece {
        Some((bytes, len)) => {
            point_at(bytes);
            len as f64
        }
        None => -1.0,
    }
}
