//! What a snapshot says of the eviction policy, at the border.

use wasm_bindgen::prelude::*;

use super::cache::{Address, MISS, at, point_at_key};
use super::shared::STATUS;
use crate::engine::Slot;

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

/// With exact LRU, the slot that was used next after this one, after -1 the one used longest ago; or -1.
#[wasm_bindgen]
pub fn used_after(cache: Address, slot: i32) -> i32 {
    let after = at(cache).used_after(u32::try_from(slot).ok());
    after.map_or(MISS, |slot| slot as i32)
}
