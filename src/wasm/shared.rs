//! What all caches share: the scratch buffer, the status block, the hash's seed.

use std::cell::{Cell, RefCell};

use wasm_bindgen::prelude::*;

use crate::engine::cache::{MOST_WRITES, Place};

/// The scratch's first size, and the one that it goes back to: a page.
const SCRATCH: usize = 4096;

/// What an operation leaves besides its result. The face reads it through a view, at these very offsets.
#[repr(C)]
pub(super) struct Status {
    /// Offset 0: the expiration of the entry that was met, or the position of an iteration.
    pub number: Cell<f64>,
    /// Offset 8: how many removals the operation reports.
    pub removed_len: Cell<u32>,
    /// Offset 12: where they are, as pairs of slot and reason.
    pub removed_ptr: Cell<u32>,
    /// Offset 16: where the bytes are that were asked for.
    pub bytes_ptr: Cell<u32>,
    /// Offset 20: how many.
    pub bytes_len: Cell<u32>,
    /// Offset 24: what the face has done to entries of its own keys, at which slots; the hashes of the keys of those
    /// that it stored; when they expire.
    pub slots: [Cell<u32>; MOST_WRITES],
    pub hashes: [Cell<u32>; MOST_WRITES],
    pub expiries: [Cell<f64>; MOST_WRITES],
    /// Offset 1,048: where it may store the next ones.
    pub places: [Cell<Place>; MOST_WRITES],
}
const _: () = assert!(std::mem::offset_of!(Status, slots) == 24);
const _: () = assert!(std::mem::offset_of!(Status, places) == 1048);

/// A buffer that JavaScript writes to.
pub(super) struct ByteBuffer(Vec<u8>);

impl ByteBuffer {
    pub const fn new() -> ByteBuffer {
        ByteBuffer(Vec::new())
    }

    /// Its address, with room for `len` bytes, or null. Room for 0 gives back what much has taken.
    pub fn room(&mut self, len: usize) -> *const u8 {
        let bytes = &mut self.0;
        if len == 0 && bytes.len() > SCRATCH {
            *bytes = Vec::new();
        }
        let len = len.max(SCRATCH);
        if len > bytes.len() {
            // Not worth a copy: what the buffer held has crossed already.
            *bytes = Vec::new();
            if bytes.try_reserve_exact(len).is_err() {
                return std::ptr::null();
            }
            bytes.resize(len, 0);
        }
        bytes.as_ptr()
    }

    /// Its first `len` bytes, if it has so many.
    #[inline]
    pub fn get(&self, len: usize) -> Option<&[u8]> {
        self.0.get(..len)
    }
}

const NO_PLACE: Place = Place { slot: 0, stamp: 0 };

thread_local! {
    pub(super) static STATUS: Status = const {
        Status {
            number: Cell::new(0.0),
            removed_len: Cell::new(0),
            removed_ptr: Cell::new(0),
            bytes_ptr: Cell::new(0),
            bytes_len: Cell::new(0),
            slots: [const { Cell::new(0) }; MOST_WRITES],
            hashes: [const { Cell::new(0) }; MOST_WRITES],
            expiries: [const { Cell::new(0.0) }; MOST_WRITES],
            places: [const { Cell::new(NO_PLACE) }; MOST_WRITES],
        }
    };
    pub(super) static SCRATCH_BYTES: RefCell<ByteBuffer> = const { RefCell::new(ByteBuffer::new()) };
    static SEED: Cell<u64> = const { Cell::new(0) };
}

/// Sets the seed of all caches made from now on. Two random halves of 64 bits.
#[wasm_bindgen]
pub fn seed(low: u32, high: u32) {
    SEED.set(u64::from(high) << 32 | u64::from(low));
}

pub(super) fn current_seed() -> u64 {
    SEED.get()
}

/// The address of a buffer of at least `len` bytes for what crosses, or 0 when there is no memory for it. It
/// holds its place until this is called again; `scratch(0)` gives back what a long key took.
#[wasm_bindgen]
pub fn scratch(len: usize) -> *const u8 {
    SCRATCH_BYTES.with_borrow_mut(|buffer| buffer.room(len))
}

/// The address of the status block, the same for the life of the process.
#[wasm_bindgen]
pub fn status() -> *const u8 {
    STATUS.with(|status| std::ptr::from_ref(status).cast())
}

/// Where bytes are that the face is to read.
pub(super) fn point_at(bytes: &[u8]) {
    STATUS.with(|status| {
        status.bytes_ptr.set(bytes.as_ptr() as u32);
        status.bytes_len.set(bytes.len() as u32);
    });
}
