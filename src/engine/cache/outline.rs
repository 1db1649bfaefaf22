//! Outlines: caches whose entries the caller keeps all by itself, as long as nobody asks for more than it can tell.
//!
//! A caller that keeps keys can store, find and remove entries without the engine, which has none then. What it cannot
//! tell is which entry is to leave. Under LRU that takes no entries either, but the times of their last uses: the engine
//! has these ([`Cache::outline`]), the caller writes them down ([`Cache::board`]), and asks for victims
//! ([`Cache::victims`]). When something else is asked, the engine is given all entries first ([`Cache::take_over`]), and
//! goes on as if it had stored them.

use std::cell::Cell;

use super::super::OutOfMemory;
use super::super::policy::{Eviction, Policy};
use super::Cache;
use super::write_behind::{MOST_WRITES, Place, Write};

impl Cache {
    /// Lets the caller write down when entries at the slots below `slots` were used last, on the
    /// [`board`](Cache::board), while the engine has no entries; all stand as never used, which is no entry. Until it
    /// has them, nothing else is to be asked than [`victims`](Cache::victims), or to find a key of its own. Whether the
    /// policy goes by that: exact LRU.
    pub fn outline(&mut self, slots: usize) -> Result<bool, OutOfMemory> {
        let Eviction::Lru(lru) = &mut self.eviction else {
            return Ok(false);
        };
        lru.outline(slots)?;
        Ok(true)
    }

    /// The entries that are to leave next, in this order: how many of `places` were filled in. Who was used since has
    /// another stamp by then, and stays.
    pub fn victims(&mut self, places: &[Cell<Place>]) -> usize {
        self.eviction
            .next_victims(&places[..places.len().min(MOST_WRITES)])
    }

    /// Takes over all entries, at slots below `end`, as they were stored: all or, without memory for them, none. The engine
    /// has none yet, and what it has in outline are these; where it has not, the caller writes down their uses now. The
    /// caller keeps their keys. `expires`: they may. O(n).
    ///
    /// What weighs something, or is here with its value, cannot be taken over; of two entries at one slot, or one that is
    /// not below `end`, one and none is.
    pub fn take_over(
        &mut self,
        end: usize,
        expires: bool,
        entries: impl Iterator<Item = Write> + Clone,
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
        self.outline(end)?;
        self.slab
            .line_up(end, entries.clone().map(|entry| entry.place));
        for entry in entries {
            if self.is_reserved(entry.place, entry.expiry) {
                self.fill(entry.place, false, &entry);
            }
        }
        Ok(())
    }
}
