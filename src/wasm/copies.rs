//! Values held by copy, at the border: bytes in through a buffer of their own, and out by pointing at them.

use std::cell::RefCell;

use wasm_bindgen::prelude::*;

use super::cache::{Cache, MISS, OUT_OF_MEMORY, with_key, with_number};
use super::shared::{ByteBuffer, point_at};
use crate::engine::{Slot, OutOfMemory};

thread_local! {
    /// What is to be stored.
    pub(super) static VALUE: RefCell<ByteBuffer> = const { RefCell::new(ByteBuffer::new()) };
    /// A long value, put together to be read.
    static JOINED: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
}

/// Long values up to this length leave their buffer for the next one.
const KEPT: usize = 1 << 20;

/// The address of a buffer of at least `len` bytes for a value on its way in, or 0. It holds its place until this
/// is called again.
#[wasm_bindgen]
pub fn value_room(len: usize) -> *const u8 {
    VALUE.with_borrow_mut(|buffer| buffer.room(len))
}

#[wasm_bindgen]
impl Cache {
    /// Stores the value in its buffer under the key in scratch. Like `set`.
    pub fn set_value(&mut self, kind: u32, len: usize, value: usize, expiry: f64, now: f64) -> i32 {
        let stored = VALUE.with_borrow(|buffer| {
            let value = buffer.get(value)?;
            with_key(kind, len, |key| {
                self.engine.set_value(key, value, expiry, now)
            })
        });
        self.stored(stored.unwrap_or(Err(OutOfMemory.into())))
    }

    /// The same for a number.
    pub fn set_number_value(&mut self, number: f64, value: usize, expiry: f64, now: f64) -> i32 {
        let stored = VALUE.with_borrow(|buffer| {
            let value = buffer.get(value)?;
            Some(with_number(number, |key| {
                self.engine.set_value(key, value, expiry, now)
            }))
        });
        self.stored(stored.unwrap_or(Err(OutOfMemory.into())))
    }

    /// Points the status at the value of a slot. 0, -1 if there is none, or -2: no memory to put it together.
    pub fn value(&self, slot: Slot) -> i32 {
        point_at_value(|joined| self.engine.value(slot, joined).map(point))
    }

    /// The same for a removal of the last operation, by its place in the report.
    pub fn removed_value(&self, place: usize) -> i32 {
        point_at_value(|joined| self.engine.removed_value(place, joined).map(point))
    }

    /// What an entry weighs whose key and value have so many bytes.
    pub fn weight(len: usize, value: usize) -> f64 {
        crate::engine::Cache::weight_of_copy(len, value)
    }
}

fn point(value: Option<&[u8]>) -> i32 {
    match value {
        Some(bytes) => {
            point_at(bytes);
            0
        }
        None => MISS,
    }
}

fn point_at_value(read: impl FnOnce(&mut Vec<u8>) -> Result<i32, OutOfMemory>) -> i32 {
    JOINED.with_borrow_mut(|joined| {
        if joined.capacity() > KEPT {
            *joined = Vec::new();
        }
        read(joined).unwrap_or(OUT_OF_MEMORY - 1)
    })
}
