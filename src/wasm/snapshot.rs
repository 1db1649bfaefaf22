//! What a snapshot says of an entry, at the border.

use wasm_bindgen::prelude::*;

use super::cache::{Address, at, point_at_key};
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
