//! Caches whose entries the caller keeps all by itself, as long as nobody asks for more than it can tell.
//!
//! A caller that keeps keys can store, find and remove entries without the engine, which has none then. What it cannot
//! tell is which entry is to leave. Under LRU that takes no entries either, but the times of their last uses, which the
//! caller writes down in the form that they have on a [`board`](Cache::board): the engine tells the oldest ones from these
//! alone ([`oldest`](super::oldest)). When something else is asked, it is given all entries first ([`Cache::take_over`]), and goes on as
//! if it had stored them, and as if each one's hits had come at once.

use super::super::OutOfMemory;
use super::super::entry::Slot;
use super::super::policy::{Eviction, Policy};
use super::Cache;
use super::write_behind::Write;

/// An entry that the caller has kept by itself.
#[derive(Clone, Copy, Debug)]
pub struct Kept {
    /// Where it is.
    pub slot: Slot,
    /// The caller's hash of its key.
    pub hash: u32,
    /// When it expires, in milliseconds since the epoch; infinite: never.
    pub expiry: f64,
    /// How many hits there were of it: of more than make it popular, so many.
    pub hits: u8,
}

impl Cache {
    /// Takes over all entries, at slots below `end`, as they were stored: all or, without memory for them, none. The engine
    /// has none yet; the caller keeps their keys and, under LRU, writes down their uses on the board now, which stand as
    /// never used, which is no entry. `expires`: they may. O(n).
    ///
    /// What weighs something, or is here with its value, cannot be taken over; of two entries at one slot, or one that is
    /// not below `end`, one and none is.
    pub fn take_over(
        &mut self,
        end: usize,
        expires: bool,
        entries: impl Iterator<Item = Kept> + Clone,
    ) -> Result<(), OutOfMemory> {
        self.catch_up();
        self.begin();
        if !self.has_bare_entries() || self.slab.slots() > 0 || end > self.max_entries {
            return Err(OutOfMemory);
        }
        if expires && let Some(expiries) = &mut self.expiries {
            expiries.try_reserve_all(end, end)?;
        }
        self.slab.try_reserve_all(end)?;
        self.eviction.try_reserve(&self.slab, end, end)?;
        if let Eviction::Lru(lru) = &mut self.eviction {
            lru.make_room(end)?;
        }
        self.slab
            .line_up(end, entries.clone().map(|entry| entry.slot));
        for kept in entries {
            let slot = kept.slot;
            let write = Write {
                place: slot,
                hash: kept.hash,
                expiry: kept.expiry,
            };
            if self.is_reserved(slot, kept.expiry) && self.fill(slot, false, &write) {
                for _ in 0..kept.hits {
                    self.eviction.hit(&mut self.slab, slot);
                }
            }
        }
        Ok(())
    }
}
