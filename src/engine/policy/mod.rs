//! Eviction policies: which entry leaves when a bound is reached.
//!
//! A policy keeps its own queues through the entries ([`Queue`]), and an entry's `freq` and `queue_tag` are its
//! to use. The cache tells it of every insertion, hit and removal, and asks it for victims; what has expired
//! never gets as far as that. A new policy is a file beside `lru.rs` and a line in [`Eviction`].

mod lru;
mod queue;

use super::OutOfMemory;
use super::entry::Slot;
use super::slab::Slab;

pub use lru::Lru;
pub use queue::Queue;

/// What the cache asks of an eviction policy. `weight` is the share of the bound that an entry takes: its bytes
/// where bytes are bounded, else 1.
pub trait Policy {
    /// Makes sure that the next `insert` finds the memory it needs.
    fn try_reserve(&mut self, _slab: &Slab) -> Result<(), OutOfMemory> {
        Ok(())
    }
    /// An entry was stored.
    fn insert(&mut self, slab: &mut Slab, slot: Slot, weight: f64);
    /// An entry was read or written again.
    fn hit(&mut self, slab: &mut Slab, slot: Slot);
    /// An entry is about to leave, as a victim or for any other reason.
    fn remove(&mut self, slab: &mut Slab, slot: Slot, weight: f64);
    /// The entry to evict, or `None` when there is none left. The cache removes it.
    /// `incoming` is the hash of the key that needs the room.
    fn victim(&mut self, slab: &mut Slab, incoming: u32) -> Option<Slot>;
    /// All entries have left.
    fn clear(&mut self);
    /// Bytes held outside the entries.
    fn memory(&self) -> usize {
        0
    }
    /// Panics unless the policy's queues hold just the entries of the slab.
    fn validate(&self, slab: &Slab);
}

/// The policies that there are.
pub enum Eviction {
    /// Nothing is bounded, so nothing is tracked.
    None,
    /// Exact least-recently-used.
    Lru(Lru),
}

/// Calls a method of whichever policy is in force; without one, the value after `else`.
macro_rules! each {
    ($eviction:expr, $policy:ident => $call:expr, else $none:expr) => {
        match $eviction {
            Eviction::None => $none,
            Eviction::Lru($policy) => $call,
        }
    };
}

impl Policy for Eviction {
    #[inline]
    fn try_reserve(&mut self, slab: &Slab) -> Result<(), OutOfMemory> {
        each!(self, policy => policy.try_reserve(slab), else Ok(()))
    }

    #[inline]
    fn insert(&mut self, slab: &mut Slab, slot: Slot, weight: f64) {
        each!(self, policy => policy.insert(slab, slot, weight), else ())
    }

    #[inline]
    fn hit(&mut self, slab: &mut Slab, slot: Slot) {
        each!(self, policy => policy.hit(slab, slot), else ())
    }

    #[inline]
    fn remove(&mut self, slab: &mut Slab, slot: Slot, weight: f64) {
        each!(self, policy => policy.remove(slab, slot, weight), else ())
    }

    #[inline]
    fn victim(&mut self, slab: &mut Slab, incoming: u32) -> Option<Slot> {
        each!(self, policy => policy.victim(slab, incoming), else None)
    }

    fn clear(&mut self) {
        each!(self, policy => policy.clear(), else ())
    }

    fn memory(&self) -> usize {
        each!(self, policy => policy.memory(), else 0)
    }

    fn validate(&self, slab: &Slab) {
        each!(self, policy => policy.validate(slab), else ())
    }
}
