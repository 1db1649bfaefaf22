//! What is called all the time: functions that take the engine by its address.
//!
//! A method of an exported class counts references and keeps a borrow flag, sixteen accesses of memory at each
//! call: a third of what a whole lookup takes. These functions do without.
//!
//! # Safety
//! The address is that of [`Cache::address`](super::Cache::address). It is valid until the cache is freed, after
//! which the face does not call any more; and nothing of the engine is borrowed when one of these is called, since
//! no call returns a reference and none calls back.
#![allow(clippy::missing_safety_doc, reason = "it is said once, above")]

use wasm_bindgen::prelude::*;

use super::answer::{OUT_OF_MEMORY, found, report, stored};
use super::shared::{with_key, with_number};
use crate::engine::{Cache, Reason, SetError, Slot};

/// The engine at an address.
///
/// # Safety
/// The address is that of a cache that is not freed and not borrowed.
#[inline]
unsafe fn at<'a>(engine: *mut Cache) -> &'a mut Cache {
    // SAFETY: as promised by the caller.
    unsafe { &mut *engine }
}

/// The slot of the key in scratch, with `EXPIRES` and the expiration in the status; or `MISS`. Pure.
#[wasm_bindgen]
pub unsafe fn find(engine: *mut Cache, kind: u32, len: usize) -> i32 {
    // SAFETY: see the module.
    let engine = unsafe { at(engine) };
    found(
        engine,
        with_key(kind, len, |key| engine.find(key)).flatten(),
    )
}

/// The same for a number.
#[wasm_bindgen]
pub unsafe fn find_number(engine: *mut Cache, number: f64) -> i32 {
    // SAFETY: see the module.
    let engine = unsafe { at(engine) };
    found(engine, with_number(number, |key| engine.find(key)))
}

/// Stores an entry under the key in scratch. The slot with `INSERTED` and `REMOVED`, or an error's number.
#[wasm_bindgen]
pub unsafe fn set(
    engine: *mut Cache,
    kind: u32,
    len: usize,
    expiry: f64,
    weight: f64,
    now: f64,
) -> i32 {
    // SAFETY: see the module.
    let engine = unsafe { at(engine) };
    let answer = with_key(kind, len, |key| engine.set(key, expiry, weight, now));
    stored(engine, answer.unwrap_or(Err(SetError::OutOfMemory)))
}

/// The same for a number.
#[wasm_bindgen]
pub unsafe fn set_number(
    engine: *mut Cache,
    number: f64,
    expiry: f64,
    weight: f64,
    now: f64,
) -> i32 {
    // SAFETY: see the module.
    let engine = unsafe { at(engine) };
    let answer = with_number(number, |key| engine.set(key, expiry, weight, now));
    stored(engine, answer)
}

/// Stores a new value at a slot that was found. Like `set`.
#[wasm_bindgen]
pub unsafe fn store(engine: *mut Cache, slot: Slot, expiry: f64, weight: f64, now: f64) -> i32 {
    // SAFETY: see the module.
    let engine = unsafe { at(engine) };
    if engine.key(slot).is_none() {
        return OUT_OF_MEMORY;
    }
    let answer = engine.store(slot, expiry, weight, now);
    stored(engine, answer)
}

/// Removes an entry, for the reason with this number. Whether there was one: 1 or 0; -1: no memory for the report.
#[wasm_bindgen]
pub unsafe fn remove(engine: *mut Cache, slot: Slot, reason: u32) -> i32 {
    // SAFETY: see the module.
    let engine = unsafe { at(engine) };
    let reason = Reason::from_number(reason).unwrap_or(Reason::Deleted);
    let removed = engine.remove(slot, reason);
    report(engine);
    removed.map_or(OUT_OF_MEMORY, i32::from)
}

/// Takes note of the hits that were written down.
#[wasm_bindgen]
pub unsafe fn catch_up(engine: *mut Cache) {
    // SAFETY: see the module.
    unsafe { at(engine) }.catch_up();
}
