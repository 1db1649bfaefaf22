//! The engine's answers as numbers.

use super::shared::STATUS;
use crate::engine::{Cache, SetError, Slot, Stored};

/// Says of a slot that was found: the entry expires.
const EXPIRES: i32 = 1 << 28;
/// Says of a slot that was written: the entry is new.
const INSERTED: i32 = 1 << 27;
/// Says of a slot that was written: there are removals to read.
pub(super) const REMOVED: i32 = 1 << 28;
/// No such entry.
pub(super) const MISS: i32 = -1;
/// Memory could not be had; nothing was stored.
pub(super) const OUT_OF_MEMORY: i32 = -1;
/// Heavier than the whole bound; nothing was stored.
const TOO_LARGE: i32 = -2;

/// The slot that was found, with `EXPIRES` and the expiration in the status; or `MISS`.
#[inline]
pub(super) fn found(engine: &Cache, found: Option<Slot>) -> i32 {
    let Some(slot) = found else {
        return MISS;
    };
    let expiry = engine.expiry(slot);
    if expiry < f64::INFINITY {
        STATUS.with(|status| status.number.set(expiry));
        slot as i32 | EXPIRES
    } else {
        slot as i32
    }
}

/// The slot that was stored at, with `INSERTED` and `REMOVED`; or an error's number.
#[inline]
pub(super) fn stored(engine: &Cache, stored: Result<Stored, SetError>) -> i32 {
    let removed = report(engine);
    match stored {
        Ok(stored) => stored.slot as i32 | if stored.inserted { INSERTED } else { 0 } | removed,
        Err(SetError::OutOfMemory) => OUT_OF_MEMORY,
        Err(SetError::TooLarge) => TOO_LARGE,
    }
}

/// Points the status at the removals; `REMOVED` if there are any.
#[inline]
pub(super) fn report(engine: &Cache) -> i32 {
    let list = engine.removed().list();
    STATUS.with(|status| {
        status.removed_len.set(list.len() as u32);
        status.removed_ptr.set(list.as_ptr() as u32);
    });
    if list.is_empty() { 0 } else { REMOVED }
}
