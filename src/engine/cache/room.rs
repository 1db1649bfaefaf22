//! The bounds: what entries weigh, and how room is made for more.

use super::super::OutOfMemory;
use super::super::entry::Slot;
use super::super::keys;
use super::super::policy::{EntryWeights, Policy};
use super::super::removed::Reason;
use super::super::segments::Segments;
use super::{Cache, SetError};

/// What the entries weigh, where that is bounded.
pub(super) struct Weights {
    pub of: Segments<f64>,
    pub total: f64,
    pub max: f64,
}

/// What there is to be room for.
#[derive(Clone, Copy)]
pub(super) struct Room {
    /// Entries more.
    pub entries: usize,
    /// Weight more.
    pub weight: f64,
    /// When what is stored next, in the place of what was removed last, expires.
    pub expiry: f64,
    /// Bytes of the key that the caller is going to report after what is removed for it.
    pub reported: usize,
}

impl Weights {
    /// What the policy is to know of them.
    #[inline]
    pub fn of_entries(weights: &Option<Weights>) -> EntryWeights<'_> {
        EntryWeights(weights.as_ref().map(|weights| &weights.of))
    }

    /// Notes what an entry weighs. There is room for its slot.
    #[inline]
    pub fn put(&mut self, slot: Slot, weight: f64) {
        let of = &mut self.of[slot as usize];
        self.total += weight - *of;
        *of = weight;
    }
}

impl Cache {
    pub(super) fn check_weight(&self, weight: f64) -> Result<(), SetError> {
        match &self.weights {
            Some(weights) if weight > weights.max => Err(SetError::TooLarge),
            _ => Ok(()),
        }
    }

    /// Removes entries until what is to come fits.
    #[inline]
    pub(super) fn make_room(&mut self, room: &Room, now: f64) -> Result<(), OutOfMemory> {
        while self.slab.len() + room.entries > self.max_entries
            || self
                .weights
                .as_ref()
                .is_some_and(|weights| weights.total + room.weight > weights.max)
        {
            if !self.remove_one(room, now)? {
                break;
            }
        }
        Ok(())
    }

    /// Removes what has expired, or else what the policy can do without. Whether there was anything.
    #[inline(never)]
    fn remove_one(&mut self, room: &Room, now: f64) -> Result<bool, OutOfMemory> {
        let Some((slot, reason)) = self.next_to_leave(now) else {
            return Ok(false);
        };
        // The caller may have one more to report.
        self.reserve_removals(2, self.slab.at(slot).key.len() + room.reported)?;
        // What is stored next is stored in its place.
        self.reserve_expiry(slot, room.expiry)?;
        self.take(slot, reason);
        Ok(true)
    }

    /// What has expired, or else what the policy can do without, and why it leaves.
    #[inline]
    pub(super) fn next_to_leave(&mut self, now: f64) -> Option<(Slot, Reason)> {
        let expired = self
            .expiries
            .as_ref()
            .and_then(|expiries| expiries.expired(&self.slab, now));
        if let Some(slot) = expired {
            return Some((slot, Reason::Expired));
        }
        let weights = Weights::of_entries(&self.weights);
        let victim = self.eviction.victim(&mut self.slab, weights)?;
        Some((victim, Reason::Evicted))
    }

    /// Gives an entry another weight, and makes room if it is greater. The entry itself does not have to go, though it
    /// may have expired: it is about to expire at `expiry`. A key of `reported` bytes is going to be reported.
    #[inline(never)]
    pub(super) fn reweigh(
        &mut self,
        slot: Slot,
        weight: f64,
        expiry: f64,
        reported: usize,
        now: f64,
    ) -> Result<(), OutOfMemory> {
        let old = self.weight_of(slot);
        let before = self.slab.at(slot).expiry;
        self.reserve_expiry(slot, before.min(expiry))?;
        self.eviction.set_aside(&mut self.slab, slot, old);
        self.put_expiry(slot, f64::INFINITY);
        let room = Room {
            entries: 0,
            weight: weight - old,
            expiry,
            reported,
        };
        let made = self.make_room(&room, now);
        if let (Ok(()), Some(weights)) = (made, &mut self.weights) {
            weights.put(slot, weight);
        }
        self.put_expiry(slot, if made.is_ok() { expiry } else { before });
        let weights = Weights::of_entries(&self.weights);
        self.eviction.put_back(&mut self.slab, slot, weights);
        made
    }

    pub(super) fn weight_of(&self, slot: Slot) -> f64 {
        self.weights
            .as_ref()
            .map_or(1.0, |weights| weights.of[slot as usize])
    }

    /// Where the engine keeps the values, it weighs the keys too: takes note of another key's length.
    pub(super) fn reweigh_key(
        &mut self,
        slot: Slot,
        len: usize,
        reported: usize,
        now: f64,
    ) -> Result<(), SetError> {
        let (old, new) = (
            keys::footprint(self.slab.at(slot).key.len()),
            keys::footprint(len),
        );
        if self.values.is_some() && self.weights.is_some() && old != new {
            let weight = self.weight_of(slot) + new as f64 - old as f64;
            self.check_weight(weight)?;
            let expiry = self.slab.at(slot).expiry;
            self.reweigh(slot, weight, expiry, reported, now)?;
        }
        Ok(())
    }
}
