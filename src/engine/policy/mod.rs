//! Eviction policies: which entry leaves when a bound is reached.
//!
//! A policy keeps its own queues through the entries ([`Queue`]), and an entry's `tag` and `stamp` are its to use.
//! The cache tells it of every insertion, hit and removal, and asks it for victims; what has expired never gets as
//! far as that. A new policy is a file beside `lru.rs` and a line in [`Eviction`].

mod history;
mod lru;
mod miniature;
mod queue;
mod sketch;
mod tiny_lfu;
mod victims;

use std::cell::Cell;

use super::OutOfMemory;
use super::cache::Place;
use super::entry::Slot;
use super::segments::Segments;
use super::slab::Slab;

pub use lru::{Lru, oldest};
pub use queue::Queue;
pub use tiny_lfu::TinyLfu;

/// What entries weigh: the share of the bound that each takes.
#[derive(Clone, Copy)]
pub struct EntryWeights<'a>(pub Option<&'a Segments<f64>>);

impl EntryWeights<'_> {
    /// The bytes of an entry where bytes are bounded, else 1.
    #[inline]
    pub fn of(self, slot: Slot) -> f64 {
        self.0.map_or(1.0, |weights| weights[slot as usize])
    }
}

/// What the cache asks of an eviction policy.
pub trait Policy {
    /// Makes sure that so many insertions, at slots below `end`, find the memory they need.
    fn try_reserve(
        &mut self,
        _slab: &Slab,
        _insertions: usize,
        _end: usize,
    ) -> Result<(), OutOfMemory> {
        Ok(())
    }
    /// An entry was stored.
    fn insert(&mut self, slab: &mut Slab, slot: Slot, weights: EntryWeights<'_>);
    /// An entry was read or written again.
    fn hit(&mut self, slab: &mut Slab, slot: Slot);
    /// Many entries were, the oldest use first. Numbers without an entry are passed over.
    fn hits(&mut self, slab: &mut Slab, slots: &[Cell<Slot>]);
    /// An entry that weighs `weight` is about to leave, as a victim or for any other reason.
    fn remove(&mut self, slab: &mut Slab, slot: Slot, weight: f64);
    /// An entry that weighs `weight` is not to be chosen until it is put back, perhaps with another weight.
    fn set_aside(&mut self, slab: &mut Slab, slot: Slot, weight: f64);
    /// The entry that was set aside may be chosen again.
    fn put_back(&mut self, slab: &mut Slab, slot: Slot, weights: EntryWeights<'_>);
    /// The entry to evict, or `None` when there is none left. The cache removes it.
    fn victim(&mut self, slab: &mut Slab, weights: EntryWeights<'_>) -> Option<Slot>;
    /// The entries to be evicted one after the other, if they are not used before; how many were found, which may be
    /// none though there are entries.
    fn next_victims(&mut self, _places: &[Cell<Place>]) -> usize {
        0
    }
    /// The caller stored an entry by itself, before it said so; where it writes hits down, this one too.
    fn stored(&mut self, slab: &mut Slab, slot: Slot, weights: EntryWeights<'_>) {
        self.insert(slab, slot, weights);
    }
    /// It removed one in that way.
    fn removed(&mut self, slab: &mut Slab, slot: Slot) {
        self.remove(slab, slot, 1.0);
    }
    /// All entries have left.
    fn clear(&mut self);
    /// Bytes held outside the entries.
    fn memory(&self) -> usize {
        0
    }
    /// Panics unless the policy's queues hold just the entries of the slab.
    fn validate(&self, slab: &Slab, weights: EntryWeights<'_>);
}

/// The policies that there are.
pub enum Eviction {
    /// Nothing is bounded, so nothing is tracked.
    None,
    /// Exact least-recently-used.
    Lru(Lru),
    /// W-TinyLFU with a clock, adaptive.
    TinyLfu(TinyLfu),
}

/// Calls a method of whichever policy is in force; without one, the value after `else`.
macro_rules! each {
    ($eviction:expr, $policy:ident => $call:expr, else $none:expr) => {
        match $eviction {
            Eviction::None => $none,
            Eviction::Lru($policy) => $call,
            Eviction::TinyLfu($policy) => $call,
        }
    };
}

impl Policy for Eviction {
    #[inline]
    fn try_reserve(
        &mut self,
        slab: &Slab,
        insertions: usize,
        end: usize,
    ) -> Result<(), OutOfMemory> {
        each!(self, policy => policy.try_reserve(slab, insertions, end), else Ok(()))
    }

    #[inline]
    fn insert(&mut self, slab: &mut Slab, slot: Slot, weights: EntryWeights<'_>) {
        each!(self, policy => policy.insert(slab, slot, weights), else ())
    }

    #[inline]
    fn hit(&mut self, slab: &mut Slab, slot: Slot) {
        each!(self, policy => policy.hit(slab, slot), else ())
    }

    fn hits(&mut self, slab: &mut Slab, slots: &[Cell<Slot>]) {
        each!(self, policy => policy.hits(slab, slots), else ())
    }

    #[inline]
    fn remove(&mut self, slab: &mut Slab, slot: Slot, weight: f64) {
        each!(self, policy => policy.remove(slab, slot, weight), else ())
    }

    fn set_aside(&mut self, slab: &mut Slab, slot: Slot, weight: f64) {
        each!(self, policy => policy.set_aside(slab, slot, weight), else ())
    }

    fn put_back(&mut self, slab: &mut Slab, slot: Slot, weights: EntryWeights<'_>) {
        each!(self, policy => policy.put_back(slab, slot, weights), else ())
    }

    #[inline]
    fn victim(&mut self, slab: &mut Slab, weights: EntryWeights<'_>) -> Option<Slot> {
        each!(self, policy => policy.victim(slab, weights), else None)
    }

    fn next_victims(&mut self, places: &[Cell<Place>]) -> usize {
        each!(self, policy => policy.next_victims(places), else 0)
    }

    #[inline]
    fn stored(&mut self, slab: &mut Slab, slot: Slot, weights: EntryWeights<'_>) {
        each!(self, policy => policy.stored(slab, slot, weights), else ())
    }

    #[inline]
    fn removed(&mut self, slab: &mut Slab, slot: Slot) {
        each!(self, policy => policy.removed(slab, slot), else ())
    }

    fn clear(&mut self) {
        each!(self, policy => policy.clear(), else ())
    }

    fn memory(&self) -> usize {
        each!(self, policy => policy.memory(), else 0)
    }

    fn validate(&self, slab: &Slab, weights: EntryWeights<'_>) {
        each!(self, policy => policy.validate(slab, weights), else ())
    }
}
