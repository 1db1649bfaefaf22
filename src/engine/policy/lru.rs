//! Exact LRU: the victim is the entry that was used longest ago. By stamps, so that a hit is one number written.
//!
//! A clock counts uses, and each entry has a stamp: the time of its last use. So a hit moves nothing, and whoever finds
//! entries by itself can stamp them without asking the engine. Which stamps are the least is found out when a victim is
//! wanted, for many victims at once: all entries whose stamps are below a threshold, about a quarter, are collected,
//! and come out in the order of their stamps. One that was used since has another stamp, and is passed over. What is
//! not among them has a higher stamp than all of them, and so has all that is stored or used later, so the order is
//! exact.
//!
//! They are ordered only as far as they are needed (R. Paredes, G. Navarro: "Optimal incremental sorting", ALENEX
//! 2006). So a victim costs O(log n) on average, and one in n/4 the look at all n stamps: half a millisecond for a
//! million. 4 bytes per entry, 8 more for those that are collected; stamps are doubled as the slots become more.

use std::cell::Cell;

use super::super::OutOfMemory;
use super::super::entry::Slot;
use super::super::slab::Slab;
use super::victims::{Stamp, Victims, sort};
use super::{EntryWeights, Policy};

/// When the clock comes here, all stamps are made anew from 1 on. A caller that reads them as signed numbers can.
pub const LAST: Stamp = i32::MAX as u32;
/// Slots that stamps are there for at first.
const FIRST: usize = 16;
/// One entry in so many is collected at a time, of more than `FEW`.
const SHARE: usize = 4;
const FEW: usize = 128;
/// Stamps that are looked at to guess the threshold.
const SAMPLE: usize = 64;

/// Entries and when they were used.
#[derive(Default)]
pub struct Lru {
    /// The clock, and after it the stamps by slot. Empty before anything is stored.
    stamps: Vec<Stamp>,
    victims: Victims,
}

impl Lru {
    /// The clock, and after it when the entry at each slot was used last. Who writes a hit down here counts the clock up
    /// and gives the entry its time, which has to stay below [`LAST`]. They are moved only when an entry is stored
    /// at a slot that they have no place for, or all have left.
    pub fn stamps(&self) -> &[Stamp] {
        &self.stamps
    }

    /// Up to `most` entries, the one that was used longest ago first.
    #[inline(never)]
    pub fn by_use(&mut self, most: usize) -> Result<Vec<Slot>, OutOfMemory> {
        let mut list = Vec::new();
        if most <= 1 {
            list.try_reserve_exact(most).map_err(|_| OutOfMemory)?;
            if most == 1 {
                list.extend(self.oldest());
            }
            return Ok(list);
        }
        let mut all = Victims::default();
        for (slot, &stamp) in (0..).zip(self.of_slots()) {
            if stamp > 0 && !all.add(stamp, slot) {
                return Err(OutOfMemory);
            }
        }
        let len = most.min(all.entries().len());
        list.try_reserve_exact(len).map_err(|_| OutOfMemory)?;
        while let Some((_, slot)) = all.last()
            && list.len() < len
        {
            list.push(slot);
            all.drop_last();
        }
        Ok(list)
    }

    fn of_slots(&self) -> &[Stamp] {
        self.stamps.get(1..).unwrap_or_default()
    }

    #[inline]
    fn of(&self, slot: Slot) -> Stamp {
        self.stamps.get(slot as usize + 1).copied().unwrap_or(0)
    }

    /// Gives an entry the present time. It has a place.
    #[inline(never)]
    fn stamp(&mut self, slot: Slot) {
        if self.stamps[0] >= LAST {
            self.begin_anew();
        }
        self.stamps[0] += 1;
        let now = self.stamps[0];
        self.stamps[slot as usize + 1] = now;
    }

    #[inline(never)]
    fn oldest(&mut self) -> Option<Slot> {
        loop {
            match self.victims.last() {
                Some((stamp, slot)) if self.of(slot) == stamp => return Some(slot),
                Some(_) => self.victims.drop_last(),
                None => {
                    if !self.collect() {
                        return self.scan();
                    }
                }
            }
        }
    }

    /// Collects entries to be victims. Whether there are any, and there was memory for it.
    #[cold]
    #[inline(never)]
    fn collect(&mut self) -> bool {
        let most = self.threshold();
        let stamps = self.stamps.get(1..).unwrap_or_default();
        let mut is_done = true;
        for (slot, &stamp) in (0..).zip(stamps) {
            // Zero, which is no stamp, becomes the greatest number.
            if stamp.wrapping_sub(1) < most && !self.victims.add(stamp, slot) {
                is_done = false;
                break;
            }
        }
        if !is_done {
            self.victims = Victims::default();
        }
        self.victims.last().is_some()
    }

    /// A stamp that about one in [`SHARE`] does not exceed, and one at least.
    fn threshold(&self) -> Stamp {
        let stamps = self.of_slots();
        if stamps.len() <= FEW {
            return Stamp::MAX - 1;
        }
        let mut sample = [Stamp::MAX - 1; SAMPLE];
        let mut len = 0;
        // By steps of the golden ratio: uses may come at regular distances.
        let step = (stamps.len() as f64 * 0.618_033_988_749_894_9) as usize | 1;
        let mut at = 0;
        for _ in 0..4 * SAMPLE {
            if len < SAMPLE && stamps[at] > 0 {
                sample[len] = stamps[at];
                len += 1;
            }
            at = (at + step) % stamps.len();
        }
        if len < SAMPLE {
            // Most slots are empty, so that all entries are no more than a share of them.
            return Stamp::MAX - 1;
        }
        sort(&mut sample, |one, other| one < other);
        sample[SAMPLE / SHARE]
    }

    /// The oldest entry, where there is no memory to collect any. O(n).
    #[cold]
    fn scan(&self) -> Option<Slot> {
        let used = (0..).zip(self.of_slots()).filter(|&(_, &stamp)| stamp > 0);
        used.min_by_key(|&(_, stamp)| *stamp).map(|(slot, _)| slot)
    }

    /// Stamps all entries anew, in the order of their stamps. Without memory for that, entries next to each other in the
    /// order may change places.
    #[cold]
    #[inline(never)]
    fn begin_anew(&mut self) {
        self.victims = Victims::default();
        match self.by_use(usize::MAX) {
            Ok(order) => {
                for (time, slot) in (1..).zip(&order) {
                    self.stamps[*slot as usize + 1] = time;
                }
                self.stamps[0] = order.len() as Stamp;
            }
            Err(OutOfMemory) => {
                for stamp in &mut self.stamps {
                    *stamp = stamp.div_ceil(2);
                }
            }
        }
    }
}

impl Policy for Lru {
    #[inline]
    fn try_reserve(&mut self, slab: &Slab) -> Result<(), OutOfMemory> {
        if slab.slots() + 1 < self.stamps.len() {
            return Ok(());
        }
        let len = (2 * slab.slots()).max(FIRST) + 1;
        let missing = len - self.stamps.len();
        self.stamps
            .try_reserve_exact(missing)
            .map_err(|_| OutOfMemory)?;
        self.stamps.resize(len, 0);
        Ok(())
    }

    #[inline]
    fn insert(&mut self, _slab: &mut Slab, slot: Slot, _weights: EntryWeights<'_>) {
        self.stamp(slot);
    }

    #[inline]
    fn hit(&mut self, _slab: &mut Slab, slot: Slot) {
        self.stamp(slot);
    }

    fn hits(&mut self, _slab: &mut Slab, slots: &[Cell<Slot>]) {
        for slot in slots {
            if self.of(slot.get()) > 0 {
                self.stamp(slot.get());
            }
        }
    }

    #[inline]
    fn remove(&mut self, _slab: &mut Slab, slot: Slot, _weight: f64) {
        self.stamps[slot as usize + 1] = 0;
    }

    fn set_aside(&mut self, slab: &mut Slab, slot: Slot, weight: f64) {
        self.remove(slab, slot, weight);
    }

    fn put_back(&mut self, _slab: &mut Slab, slot: Slot, _weights: EntryWeights<'_>) {
        self.stamp(slot);
    }

    #[inline]
    fn victim(&mut self, _slab: &mut Slab, _weights: EntryWeights<'_>) -> Option<Slot> {
        self.oldest()
    }

    fn clear(&mut self) {
        *self = Lru::default();
    }

    fn memory(&self) -> usize {
        self.stamps.capacity() * size_of::<Stamp>() + self.victims.memory()
    }

    fn validate(&self, slab: &Slab, _weights: EntryWeights<'_>) {
        for slot in 0..self.of_slots().len().max(slab.slots()) as Slot {
            let stamp = self.of(slot);
            assert_eq!(
                stamp > 0,
                slab.is_occupied(slot),
                "the stamp of slot {slot}"
            );
            assert!(stamp <= self.stamps[0], "a time to come");
        }
        self.victims.validate();
        // Whoever is not among them was used later than those that are.
        let mut victims = self.victims.entries().to_vec();
        victims.sort_unstable();
        let newest = victims.last().map_or(0, |entry| (entry >> 32) as Stamp);
        for (slot, &stamp) in (0u64..).zip(self.of_slots()) {
            let here = victims
                .binary_search(&(u64::from(stamp) << 32 | slot))
                .is_ok();
            assert!(
                stamp == 0 || stamp > newest || here,
                "slot {slot} was not collected"
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALIKE: EntryWeights<'static> = EntryWeights(None);

    fn store(lru: &mut Lru, slab: &mut Slab) -> Slot {
        lru.try_reserve(slab).unwrap();
        let slot = slab.add(0);
        lru.insert(slab, slot, ALIKE);
        slot
    }

    fn evict(lru: &mut Lru, slab: &mut Slab) -> Slot {
        let victim = lru.victim(slab, ALIKE).unwrap();
        lru.remove(slab, victim, 1.0);
        slab.remove(victim);
        if !cfg!(miri) || victim.is_multiple_of(32) {
            lru.validate(slab, ALIKE);
        }
        victim
    }

    /// Uses and evictions in turn, beside a list that is in order always.
    #[test]
    fn victims_come_in_the_order_of_their_last_use() {
        let (mut lru, mut slab) = (Lru::default(), Slab::default());
        let entries = if cfg!(miri) { 150 } else { 1000 };
        let mut order: Vec<Slot> = (0..entries).map(|_| store(&mut lru, &mut slab)).collect();
        let mut random = 1u32;
        let rounds = if cfg!(miri) { 20 } else { 4 * entries };
        for round in 0..rounds {
            for _ in 0..round % 7 {
                random = random.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                // The older ones more often, so that what was collected is used again.
                let at = (random >> 8) as usize % order.len();
                let slot = order.remove(at * at / entries as usize);
                lru.hit(&mut slab, slot);
                order.push(slot);
            }
            assert_eq!(evict(&mut lru, &mut slab), order.remove(0));
            if round % 3 > 0 || order.len() < 2 {
                order.push(store(&mut lru, &mut slab));
            }
        }
        assert_eq!(lru.by_use(usize::MAX).unwrap(), order);
        assert_eq!(lru.by_use(2).unwrap(), order[..2]);
        assert_eq!(lru.by_use(1).unwrap(), order[..1]);
        assert_eq!(lru.by_use(0).unwrap(), []);
        // Slots that have ever been used: at most 8 bytes for the stamp, 4 for being a victim.
        assert!(lru.memory() <= 12 * slab.slots() + 1024);
        while slab.len() > 0 {
            assert_eq!(evict(&mut lru, &mut slab), order.remove(0));
        }
        assert_eq!(lru.victim(&mut slab, ALIKE), None);
    }

    #[test]
    fn what_is_set_aside_is_no_victim_and_the_last_to_go_afterwards() {
        let (mut lru, mut slab) = (Lru::default(), Slab::default());
        let slots: Vec<Slot> = (0..3).map(|_| store(&mut lru, &mut slab)).collect();
        lru.set_aside(&mut slab, slots[0], 1.0);
        assert_eq!(lru.victim(&mut slab, ALIKE), Some(slots[1]));
        lru.put_back(&mut slab, slots[0], ALIKE);
        assert_eq!(lru.by_use(9).unwrap(), [slots[1], slots[2], slots[0]]);
    }

    #[test]
    fn the_few_that_are_left_of_many_leave_in_their_order() {
        let (mut lru, mut slab) = (Lru::default(), Slab::default());
        let slots: Vec<Slot> = (0..600).map(|_| store(&mut lru, &mut slab)).collect();
        for &slot in slots.iter().filter(|&&slot| slot % 50 > 0) {
            lru.remove(&mut slab, slot, 1.0);
            slab.remove(slot);
        }
        lru.hit(&mut slab, slots[0]);
        let left = (1..12).map(|n| slots[50 * n]).chain([slots[0]]);
        assert_eq!(lru.by_use(99).unwrap(), left.clone().collect::<Vec<_>>());
        for slot in left {
            assert_eq!(evict(&mut lru, &mut slab), slot);
        }
    }

    #[test]
    fn the_order_stays_when_the_clock_comes_to_its_end() {
        let (mut lru, mut slab) = (Lru::default(), Slab::default());
        let slots: Vec<Slot> = (0..200).map(|_| store(&mut lru, &mut slab)).collect();
        lru.stamps[0] = LAST - 1;
        lru.hit(&mut slab, slots[7]);
        assert_eq!((lru.stamps[0], lru.of(slots[7])), (LAST, LAST));
        lru.hit(&mut slab, slots[0]);
        assert_eq!((lru.stamps[0], lru.of(slots[7])), (201, 200));
        lru.validate(&slab, ALIKE);
        let mut order = slots.clone();
        order.retain(|slot| ![slots[7], slots[0]].contains(slot));
        order.extend([slots[7], slots[0]]);
        for slot in order {
            assert_eq!(evict(&mut lru, &mut slab), slot);
        }
    }

    #[test]
    fn where_there_is_no_memory_for_victims_the_oldest_is_found_all_the_same() {
        let (mut lru, mut slab) = (Lru::default(), Slab::default());
        let slots: Vec<Slot> = (0..9).map(|_| store(&mut lru, &mut slab)).collect();
        lru.hit(&mut slab, slots[0]);
        assert_eq!(lru.scan(), Some(slots[1]));
    }
}
