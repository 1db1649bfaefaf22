//! Exact LRU: the victim is the entry that was used longest ago. By stamps, so that a hit is one number written.
//!
//! A clock counts uses, and each entry has a stamp: the time of its last use. So a hit moves nothing, and whoever finds
//! entries by itself can stamp them without asking the engine. Victims are collected beforehand: all entries whose stamps
//! are not above a limit, about a quarter of them, come out in the order of their stamps. One that was used since has
//! another stamp, and is passed over. What is not among them has a higher stamp than all of them, and so has all that is
//! stored or used later, so the order is exact.
//!
//! While these leave, the next ones are collected: with each that comes out a few stamps are looked at, and those between
//! the limit and the next one are taken. What is used in the meantime gets a stamp above both. So no call looks at many
//! but the first one, which finds nothing collected. Of each block of 64 slots it is known which stamp they have at
//! least: that only rises, so blocks of later uses are passed over, and a cache that was filled without a pause finds its
//! first victims at once. They are put in order only as far as they are needed: see `victims.rs`. A victim costs O(log n)
//! on average.
//!
//! 4 bytes per slot and per block, doubled as slots become more; and 8 for each that is collected, 65,536 of them at most
//! or so.

use std::cell::Cell;

use super::super::OutOfMemory;
use super::super::cache::Place;
use super::super::entry::Slot;
use super::super::slab::Slab;
use super::victims::{Stamp, Used, Victims, add, parts, sort, used};
use super::{EntryWeights, Policy};

/// When the clock comes here, all stamps are made anew from 1 on. A caller that reads them as signed numbers can.
pub const LAST: Stamp = i32::MAX as u32;
/// Slots that stamps are there for at first.
const FIRST: usize = 16;
/// One entry in so many is collected at a time, and so many at most, more or less.
const SHARE: usize = 4;
const MOST: usize = 1 << 15;
/// Stamps that are looked at to guess the limit, of many and of few.
const SAMPLE: usize = 64;
const SMALL_SAMPLE: usize = 16;
const MANY: usize = 1 << 14;
/// Fewer are collected all at once.
const FEW: usize = 256;
/// Slots of a block.
const BLOCK: usize = 64;

/// Entries and when they were used.
#[derive(Default)]
pub struct Lru {
    /// The clock, and after it the stamps by slot. Empty before anything is stored.
    stamps: Vec<Stamp>,
    /// All entries whose stamps are not above `limit`, but for some that have other stamps by now.
    victims: Victims,
    limit: Stamp,
    /// The same of those above that, and not above `next_limit`, at slots below `seen`.
    next: Vec<Used>,
    next_limit: Stamp,
    seen: usize,
    /// How many slots are looked at for each victim that comes out, and how many of them are still to be.
    step: usize,
    due: usize,
    /// By block of slots, a stamp that all its entries have at least, but for those collected.
    least: Vec<Stamp>,
    /// What the caller stamps that stores entries by itself is after this time.
    written_after: Stamp,
}

impl Lru {
    /// The clock, and after it when the entry at each slot was used last. Who writes a hit down here counts the clock up
    /// and gives the entry its time, which has to stay below 2^31 - 1. They are moved only when an entry is stored
    /// at a slot that they have no place for, or all have left.
    pub fn stamps(&mut self) -> &[Cell<Stamp>] {
        Cell::from_mut(&mut self.stamps[..]).as_slice_of_cells()
    }

    /// Where they are, and how many.
    #[inline]
    pub fn place(&self) -> (usize, usize) {
        (self.stamps.as_ptr().addr(), self.stamps.len())
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
        let mut all = used_until(&self.stamps, Stamp::MAX)?;
        let ordered = all.order(most);
        let first = ordered.iter().rev().take(most);
        list.try_reserve_exact(first.len())
            .map_err(|_| OutOfMemory)?;
        list.extend(first.map(|&entry| parts(entry).1));
        Ok(list)
    }

    /// Makes room for so many slots.
    #[cold]
    #[inline(never)]
    fn grow(&mut self, slots: usize) -> Result<(), OutOfMemory> {
        let blocks = slots.div_ceil(BLOCK) - self.least.len();
        self.least
            .try_reserve_exact(blocks)
            .map_err(|_| OutOfMemory)?;
        let missing = slots + 1 - self.stamps.len();
        self.stamps
            .try_reserve_exact(missing)
            .map_err(|_| OutOfMemory)?;
        self.stamps.resize(slots + 1, 0);
        Ok(())
    }

    /// Makes room for so many slots that the caller is going to stamp. Nothing is known of them.
    pub fn make_room(&mut self, slots: usize) -> Result<(), OutOfMemory> {
        if slots >= self.stamps.len() {
            self.grow(slots)?;
        }
        let blocks = slots.div_ceil(BLOCK);
        if blocks > self.least.len() {
            self.least.resize(blocks, 0);
        }
        Ok(())
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

    /// Lets the caller stamp entries that it is going to store, from now on.
    #[inline]
    pub fn begin_writing(&mut self) {
        self.written_after = self.stamps.first().copied().unwrap_or(0);
    }

    /// Slots come into use in their order: where this is the first one of a block, all others have later stamps.
    #[inline]
    fn note_block(&mut self, slot: Slot, least: Stamp) {
        if slot as usize / BLOCK == self.least.len() {
            self.least.push(least);
        }
    }

    #[inline(never)]
    fn oldest(&mut self) -> Option<Slot> {
        loop {
            let stamps = self.stamps.get(1..).unwrap_or_default();
            let passed_over = self
                .victims
                .drop_while(|stamp, slot| stamps[slot as usize] != stamp);
            if passed_over > 0 {
                self.collect(passed_over.saturating_mul(self.step));
            }
            match self.victims.last() {
                Some((_, slot)) => return Some(slot),
                None => {
                    if !self.turn() {
                        return self.scan();
                    }
                }
            }
        }
    }

    /// Looks for the next ones at so many more slots, a block at a time.
    #[inline]
    fn collect(&mut self, slots: usize) {
        self.due = self.due.saturating_add(slots);
        if self.due >= BLOCK && self.next_limit > self.limit {
            self.look();
        }
    }

    #[inline(never)]
    fn look(&mut self) {
        let range = self.next_limit - self.limit;
        while self.due >= BLOCK {
            let block = self.seen / BLOCK;
            let rest = self.stamps.get(self.seen + 1..).unwrap_or_default();
            if rest.is_empty() {
                self.due = 0;
                return;
            }
            let first = self.seen as Slot;
            self.seen += BLOCK;
            self.due -= BLOCK;
            if self
                .least
                .get(block)
                .is_some_and(|&least| least > self.next_limit)
            {
                continue;
            }
            // How far above the limit the others are: at or below it is very far. What is stored there next is later than
            // now.
            let mut others = self.stamps[0] - self.limit;
            for (slot, &stamp) in (first..).zip(rest.iter().take(BLOCK)) {
                let above = stamp.wrapping_sub(self.limit + 1);
                if above >= range {
                    others = others.min(above);
                } else if !add(&mut self.next, used(stamp, slot)) {
                    return self.give_up();
                }
            }
            if let Some(least) = self.least.get_mut(block) {
                *least = self.limit + 1 + others;
            }
        }
    }

    /// Without memory the oldest entry is looked for when it is wanted.
    #[cold]
    fn give_up(&mut self) {
        self.next = Vec::new();
        self.next_limit = self.limit;
        self.least.fill(0);
    }

    /// Goes on to the next ones, and begins to collect those after them. Whether there are any, and there was memory.
    #[cold]
    #[inline(never)]
    fn turn(&mut self) -> bool {
        // The second time they are those for which the first one found a limit.
        for _ in 0..2 {
            self.collect(usize::MAX);
            self.victims.replace(&mut self.next);
            self.limit = self.next_limit;
            self.next_limit = find_limit(&self.stamps, self.limit);
            (self.seen, self.due) = (0, 0);
            // They are to be found before all of these have left.
            let slots = self.stamps.len() / 4 * 5;
            if let Some(step) = slots.checked_div(self.victims.entries().len()) {
                self.step = step + 1;
                return true;
            }
        }
        false
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
        let stamps = std::mem::take(&mut self.stamps);
        let mut least = std::mem::take(&mut self.least);
        least.fill(0);
        *self = Lru {
            stamps,
            least,
            ..Lru::default()
        };
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

/// A stamp that about one entry in [`SHARE`] does not exceed, of those above a limit; one at least, and [`MOST`]
/// or so. The clock comes first.
#[inline(never)]
fn find_limit(stamps: &[Stamp], limit: Stamp) -> Stamp {
    let Some((&clock, stamps)) = stamps.split_first() else {
        return 0;
    };
    if stamps.len() < FEW {
        return clock;
    }
    let wanted = if stamps.len() < MANY {
        SMALL_SAMPLE
    } else {
        SAMPLE
    };
    let mut sample = [0; SAMPLE];
    let mut len = 0;
    // By steps of the golden ratio: uses may come at regular distances.
    let step = (stamps.len() as f64 * 0.618_033_988_749_894_9) as usize | 1;
    let mut at = 0;
    for _ in 0..4 * wanted {
        if len < wanted && stamps[at] > limit {
            sample[len] = stamps[at];
            len += 1;
        }
        at += step;
        if at >= stamps.len() {
            at -= stamps.len();
        }
    }
    if len < wanted {
        return clock;
    }
    sort(&mut sample[..wanted], |one, other| one < other);
    sample[wanted * MOST.min(stamps.len() / SHARE) / stamps.len()]
}

/// Which entries were used longest ago, of those that a caller has all by itself: each with its slot below 2^32 and its
/// stamp above, the one used longest ago last. `stamps` are as on a board, the clock first; 0: there is no entry. A quarter
/// of all, and [`MOST`] or so at most; one at least, if there are any. O(n).
///
/// Who was used since has another stamp, and is to be passed over. All others have been used later than all of these.
pub fn oldest(stamps: &[Stamp]) -> Result<Vec<Used>, OutOfMemory> {
    let limit = find_limit(stamps, 0);
    used_until(stamps, limit).map(Victims::in_order)
}

/// All entries with stamps up to a limit. The clock comes first.
#[inline(never)]
fn used_until(stamps: &[Stamp], limit: Stamp) -> Result<Victims, OutOfMemory> {
    let mut entries = Vec::new();
    for (slot, &stamp) in (0..).zip(stamps.get(1..).unwrap_or_default()) {
        // 0 is very far above.
        if stamp.wrapping_sub(1) < limit && !add(&mut entries, used(stamp, slot)) {
            return Err(OutOfMemory);
        }
    }
    let mut victims = Victims::default();
    victims.replace(&mut entries);
    Ok(victims)
}

impl Policy for Lru {
    #[inline]
    fn try_reserve(
        &mut self,
        slab: &Slab,
        _insertions: usize,
        end: usize,
    ) -> Result<(), OutOfMemory> {
        if end < self.stamps.len() {
            return Ok(());
        }
        self.grow((2 * slab.slots()).max(end).max(FIRST))
    }

    #[inline]
    fn insert(&mut self, _slab: &mut Slab, slot: Slot, _weights: EntryWeights<'_>) {
        self.stamp(slot);
        self.note_block(slot, self.stamps[0]);
    }

    fn stored(&mut self, _slab: &mut Slab, slot: Slot, _weights: EntryWeights<'_>) {
        self.note_block(slot, self.written_after);
    }

    fn removed(&mut self, _slab: &mut Slab, _slot: Slot) {}

    fn next_victims(&mut self, places: &[Cell<Place>]) -> usize {
        // Passes over those that were used since.
        if self.oldest().is_none() {
            return 0;
        }
        let stamps = &self.stamps[1..];
        let ordered = self.victims.order(places.len()).iter().rev();
        let unused = ordered
            .map(|&entry| parts(entry))
            .filter(|&(stamp, slot)| stamps[slot as usize] == stamp);
        let mut count = 0;
        for ((stamp, slot), place) in unused.zip(places) {
            place.set(Place { slot, stamp });
            count += 1;
        }
        count
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
        (self.stamps.capacity() + self.least.capacity()) * size_of::<Stamp>()
            + self.victims.memory()
            + self.next.capacity() * size_of::<Used>()
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
        let sorted = |entries: &[Used]| {
            let mut entries = entries.to_vec();
            entries.sort_unstable();
            entries
        };
        let (victims, next) = (sorted(self.victims.entries()), sorted(&self.next));
        for (slot, &stamp) in (0..).zip(self.of_slots()) {
            let is_among = |sorted: &[Used]| sorted.binary_search(&used(stamp, slot)).is_ok();
            if stamp > 0 && stamp <= self.limit {
                assert!(is_among(&victims), "slot {slot} is no victim");
            } else if stamp > self.limit && stamp <= self.next_limit && (slot as usize) < self.seen
            {
                assert!(is_among(&next), "slot {slot} was passed over");
            }
            let least = self.least.get(slot as usize / BLOCK).copied().unwrap_or(0);
            assert!(
                stamp == 0 || stamp >= least || is_among(&victims) || is_among(&next),
                "slot {slot} has a stamp below the least of its block"
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALIKE: EntryWeights<'static> = EntryWeights(None);

    fn store(lru: &mut Lru, slab: &mut Slab) -> Slot {
        lru.try_reserve(slab, 1, slab.slots() + 1).unwrap();
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
        // Slots that have ever been used: at most 8 bytes for the stamp, 16 for being a victim or the next one.
        assert!(lru.memory() <= 24 * slab.slots() + 1024);
        while slab.len() > 0 {
            assert_eq!(evict(&mut lru, &mut slab), order.remove(0));
        }
        assert_eq!(lru.victim(&mut slab, ALIKE), None);
    }

    #[test]
    fn the_oldest_of_stamps_are_a_quarter_of_them_in_order() {
        let sizes: &[usize] = if cfg!(miri) {
            &[1, 7, 300]
        } else {
            &[1, 7, 255, 256, 1000, 20_000, 200_000]
        };
        for &size in sizes {
            for removed in [0, 2, 3] {
                // 1 to `size`, in a random order; one in two, or in three, is no entry.
                let mut stamps: Vec<Stamp> = (1..=size as Stamp).collect();
                let mut random = 1u32;
                for at in (1..size).rev() {
                    random = random.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                    stamps.swap(at, random as usize % (at + 1));
                }
                for stamp in &mut stamps {
                    if removed > 0 && *stamp as usize % removed == 1 {
                        *stamp = 0;
                    }
                }
                stamps.insert(0, size as Stamp);
                let places = oldest(&stamps).unwrap();
                let in_turn: Vec<Stamp> =
                    places.iter().rev().map(|&place| parts(place).0).collect();
                let mut all = stamps[1..].to_vec();
                all.sort_unstable();
                all.retain(|&stamp| stamp > 0);
                assert_eq!(in_turn, all[..in_turn.len()]);
                assert!(all.is_empty() || !in_turn.is_empty());
                if size >= FEW && removed == 0 {
                    assert!(
                        (size / 16..=size / 2).contains(&in_turn.len())
                            || in_turn.len() >= MOST / 4
                    );
                    assert!(in_turn.len() <= 4 * MOST);
                }
                for (stamp, slot) in places.into_iter().map(parts) {
                    assert_eq!(stamps[slot as usize + 1], stamp);
                }
            }
        }
        assert_eq!(
            [oldest(&[]), oldest(&[5]), oldest(&[5, 0, 0])],
            [const { Ok(Vec::new()) }; 3]
        );
    }

    #[test]
    fn where_nothing_was_ever_stored_there_is_no_victim() {
        let (mut lru, mut slab) = (Lru::default(), Slab::default());
        assert_eq!(lru.victim(&mut slab, ALIKE), None);
        assert_eq!([lru.by_use(1), lru.by_use(9)], [Ok(vec![]), Ok(vec![])]);
        lru.validate(&slab, ALIKE);
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

    #[test]
    fn entries_that_were_dropped_for_want_of_memory_are_collected_again() {
        let (mut lru, mut slab) = (Lru::default(), Slab::default());
        let entries = if cfg!(miri) { 300 } else { 2000 };
        let slots: Vec<Slot> = (0..entries).map(|_| store(&mut lru, &mut slab)).collect();
        for (at, &slot) in slots.iter().enumerate() {
            if at % 97 == 96 {
                lru.give_up();
            }
            assert_eq!(evict(&mut lru, &mut slab), slot);
        }
    }
}
