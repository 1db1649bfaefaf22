//! The default: W-TinyLFU with a clock for its main queue, and a window whose share miniature simulations choose.
//!
//! New entries go through a window. Who has come to its end must be wanted more than what the main queue would give up
//! for it, or leaves: admission by frequency, after TinyLFU and its window (Einziger, Friedman, Manes: "TinyLFU: A
//! Highly Efficient Cache Admission Policy", ACM Transactions on Storage, 2017). What is wanted is told by [`History`].
//! Both queues do without moving an entry at each hit:
//!
//! - **The window is a lazy LRU**: a hit moves an entry to the back at most once in each eighth of a turn (a turn: as
//!   many counted requests as there are entries). When the window is the whole cache, that is LRU to within an eighth.
//! - **The main queue is a clock of two bits** (S3-FIFO's: Yang, Zhang, Qiu, Yue, Rashmi: "FIFO Queues Are All You Need
//!   for Cache Eviction", SOSP 2023): an entry that was asked for since the hand last came by is passed over, so many
//!   times.
//! - **The window's share** is the one of 2%, 12%, 40% and 100% that would hit most: [`Miniatures`].
//! - While the cache fills, what the window has no room for moves on to the main queue as it is, so that a loop finds
//!   its beginning there.
//!
//! A hit on an entry that is popular, and was asked for in this eighth of a turn already, writes nothing; else it
//! writes one or two bytes beside the entry, and counts in the sketch only while the entry is not popular: two more
//! cache misses. It is not simulated either: an entry asked for so often is in nearly every miniature by then, so they
//! would hit alike. An eviction moves 16 entries at most. No randomness; O(1) throughout.
//!
//! Where bytes are bounded, the share is one of bytes; what is simulated is still a cache of entries.

use std::cell::Cell;

use super::super::OutOfMemory;
use super::super::entry::Slot;
use super::super::marks::Mark;
use super::super::slab::Slab;
use super::history::{History, LEAD};
use super::miniature::Miniatures;
use super::{EntryWeights, Policy, Queue};

/// An entry's tag: the frequency in the low bits, the queue that it is in, whether its key is sampled.
const FREQUENCY: u8 = 0b0011;
const IN_MAIN: u8 = 0b0100;
const SAMPLED: u8 = 0b1000;
const _: () = assert!(Mark::QUIET_BITS == 0xff00 | FREQUENCY as u16);
/// Entries that an eviction may move before it settles for the one at hand.
const MOVES: usize = 16;
/// So many entries are not all near the processor; few, for the tests of this crate.
const FAR: usize = if cfg!(test) { 4 } else { 1 << 16 };

/// A queue, and how much is in it.
#[derive(Default)]
struct Part {
    queue: Queue,
    entries: usize,
    weight: f64,
}

/// The two queues and what is known of the keys.
#[derive(Default)]
pub struct TinyLfu {
    window: Part,
    main: Part,
    history: History,
    miniatures: Miniatures,
}

impl TinyLfu {
    fn entries(&self) -> usize {
        self.window.entries + self.main.entries
    }

    /// What the window is to weigh.
    #[inline]
    fn target(&self) -> f64 {
        self.miniatures.share() * (self.window.weight + self.main.weight)
    }

    /// Counts a request for a key.
    fn count(&mut self, slab: &mut Slab, hash: u32) {
        let entries = self.entries();
        if self.history.count(hash, entries) {
            self.miniatures.begin_epoch(entries);
            self.tell_quiet(slab);
        }
    }

    /// Takes note of a hit on an entry that is not popular, or is sampled and was not asked for yet in this epoch.
    #[inline(never)]
    fn note(&mut self, slab: &mut Slab, slot: Slot) {
        self.miniatures.learn(self.entries());
        let hash = slab.at(slot).hash;
        let mark = &mut slab.marks[slot as usize];
        let is_popular = mark.tag & FREQUENCY == FREQUENCY;
        if !is_popular {
            mark.tag += 1;
        }
        if mark.tag & SAMPLED != 0 {
            if self.miniatures.is_sampled(hash) {
                self.miniatures.request(hash, &self.history);
            } else {
                // Fewer keys are, since there are more entries.
                mark.tag -= SAMPLED;
            }
        }
        if !is_popular {
            self.count(slab, hash);
        }
    }

    /// A hit changes nothing on an entry that is popular and was asked for in this epoch.
    fn tell_quiet(&self, slab: &mut Slab) {
        let (tag, stamp) = (FREQUENCY, self.history.epoch());
        slab.marks.set_quiet(Mark { tag, stamp });
    }

    /// Appends an entry to the queue that its tag names.
    #[inline(never)]
    fn enter(&mut self, slab: &mut Slab, slot: Slot, weight: f64) {
        let part = self.part(slab, slot);
        part.queue.push(slab, slot);
        part.entries += 1;
        part.weight += weight;
    }

    /// Takes an entry out of its queue.
    #[inline(never)]
    fn leave(&mut self, slab: &mut Slab, slot: Slot, weight: f64) {
        let part = self.part(slab, slot);
        part.queue.unlink(slab, slot);
        part.entries -= 1;
        part.weight -= weight;
        if part.entries == 0 {
            // Fractions may have left a rest.
            part.weight = 0.0;
        }
    }

    #[inline]
    fn part(&mut self, slab: &Slab, slot: Slot) -> &mut Part {
        if slab.marks[slot as usize].tag & IN_MAIN == 0 {
            &mut self.window
        } else {
            &mut self.main
        }
    }

    /// Moves an entry from the window to the main queue.
    #[inline(never)]
    fn promote(&mut self, slab: &mut Slab, slot: Slot, weight: f64, frequency: u8) {
        self.leave(slab, slot, weight);
        let tag = &mut slab.marks[slot as usize].tag;
        *tag = *tag & SAMPLED | IN_MAIN | frequency;
        self.enter(slab, slot, weight);
    }

    /// Turns the hand of the main queue to an entry that was not asked for, or as far as it may go.
    #[inline(never)]
    fn hand(&mut self, slab: &mut Slab, moves: &mut usize) -> Option<Slot> {
        loop {
            let slot = self.main.queue.front()?;
            let tag = &mut slab.marks[slot as usize].tag;
            if *tag & FREQUENCY == 0 || *moves == 0 {
                return Some(slot);
            }
            *moves -= 1;
            *tag -= 1;
            self.main.queue.to_back(slab, slot);
        }
    }
}

impl Policy for TinyLfu {
    #[inline]
    fn try_reserve(
        &mut self,
        slab: &Slab,
        insertions: usize,
        _end: usize,
    ) -> Result<(), OutOfMemory> {
        self.history.make_room(slab.len() + insertions);
        Ok(())
    }

    #[inline(never)]
    fn insert(&mut self, slab: &mut Slab, slot: Slot, weights: EntryWeights<'_>) {
        let hash = slab.at(slot).hash;
        let is_sampled = self.miniatures.is_sampled(hash);
        slab.marks[slot as usize] = Mark {
            tag: if is_sampled { SAMPLED } else { 0 },
            stamp: self.history.epoch(),
        };
        if is_sampled {
            self.miniatures.request(hash, &self.history);
        }
        self.enter(slab, slot, weights.of(slot));
        self.count(slab, hash);
        if let Some(first) = self.window.queue.front()
            && first != slot
            && self.window.weight - weights.of(first) > self.target()
        {
            let frequency = slab.marks[first as usize].tag & FREQUENCY;
            self.promote(slab, first, weights.of(first), frequency);
        }
    }

    #[inline]
    fn hit(&mut self, slab: &mut Slab, slot: Slot) {
        let mark = &mut slab.marks[slot as usize];
        let tag = mark.tag;
        let is_first = mark.stamp != self.history.epoch();
        if is_first {
            mark.stamp = self.history.epoch();
            if tag & IN_MAIN == 0 {
                self.window.queue.to_back(slab, slot);
            }
        }
        if tag & FREQUENCY != FREQUENCY || is_first && tag & SAMPLED != 0 {
            self.note(slab, slot);
        }
    }

    fn hits(&mut self, slab: &mut Slab, slots: &[Cell<Slot>]) {
        let is_entry = |slab: &Slab, slot: Slot| {
            let mark = slab.marks.get(slot as usize);
            mark.is_some_and(|mark| mark.tag != Mark::VACANT)
        };
        if slab.len() >= FAR {
            // The way to memory is shorter for many at a time than for one after the other.
            let fetched = slots
                .iter()
                .map(Cell::get)
                .filter(|&slot| is_entry(slab, slot))
                .fold(0, |all, slot| all ^ self.history.fetch(slab.at(slot).hash));
            std::hint::black_box(fetched);
        }
        for slot in slots.iter().map(Cell::get) {
            if is_entry(slab, slot) {
                self.hit(slab, slot);
            }
        }
    }

    #[inline]
    fn remove(&mut self, slab: &mut Slab, slot: Slot, weight: f64) {
        self.leave(slab, slot, weight);
    }

    fn set_aside(&mut self, slab: &mut Slab, slot: Slot, weight: f64) {
        self.leave(slab, slot, weight);
    }

    fn put_back(&mut self, slab: &mut Slab, slot: Slot, weights: EntryWeights<'_>) {
        self.enter(slab, slot, weights.of(slot));
    }

    #[inline(never)]
    fn victim(&mut self, slab: &mut Slab, weights: EntryWeights<'_>) -> Option<Slot> {
        let mut moves = MOVES;
        self.miniatures.learn(self.entries());
        loop {
            let target = self.target();
            let first = match self.window.queue.front() {
                Some(first) if self.main.entries == 0 || self.window.weight >= target => first,
                _ => return self.hand(slab, &mut moves),
            };
            let weight = weights.of(first);
            // The share has become smaller.
            if moves > 0 && self.window.entries > 1 && self.window.weight - weight >= target {
                moves -= 1;
                let frequency = slab.marks[first as usize].tag & FREQUENCY;
                self.promote(slab, first, weight, frequency);
                continue;
            }
            let estimate = self.history.estimate(slab.at(first).hash);
            if estimate >= LEAD
                && let Some(other) = self.hand(slab, &mut moves)
                && self.history.prefers(
                    estimate,
                    slab.at(other).hash,
                    slab.marks[other as usize].stamp,
                )
            {
                self.promote(slab, first, weight, 0);
                return Some(other);
            }
            return Some(first);
        }
    }

    fn clear(&mut self) {
        *self = TinyLfu::default();
    }

    fn memory(&self) -> usize {
        self.history.memory() + self.miniatures.memory()
    }

    fn validate(&self, slab: &Slab, weights: EntryWeights<'_>) {
        for (part, in_main) in [(&self.window, 0), (&self.main, IN_MAIN)] {
            assert_eq!(
                part.queue.validate(slab),
                part.entries,
                "entries in a queue"
            );
            let mut weight = 0.0;
            for slot in part.queue.slots(slab) {
                let tag = slab.marks[slot as usize].tag;
                assert_eq!(
                    tag & !(FREQUENCY | SAMPLED),
                    in_main,
                    "the queue of slot {slot}"
                );
                weight += weights.of(slot);
            }
            let difference = (weight - part.weight).abs();
            assert!(difference <= weight * 1e-9, "the weight of a queue");
        }
        assert_eq!(self.entries(), slab.len(), "entries in the queues");
        self.miniatures.validate();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALIKE: EntryWeights<'static> = EntryWeights(None);

    fn store(policy: &mut TinyLfu, slab: &mut Slab, hash: u32) -> Slot {
        policy.try_reserve(slab, 1, slab.slots() + 1).unwrap();
        let slot = slab.add(hash);
        policy.insert(slab, slot, ALIKE);
        slot
    }

    #[test]
    fn an_eviction_moves_a_few_entries_even_when_all_are_popular() {
        let (mut policy, mut slab) = (TinyLfu::default(), Slab::new(true));
        let entries = if cfg!(miri) { 24 } else { 200 };
        let slots: Vec<Slot> = (0..entries)
            .map(|n| store(&mut policy, &mut slab, n))
            .collect();
        for &slot in slots.iter().chain(&slots).chain(&slots) {
            policy.hit(&mut slab, slot);
        }
        while slab.len() > 0 {
            let before: Vec<(Slot, u8)> = slots
                .iter()
                .map(|&s| (s, slab.marks[s as usize].tag))
                .collect();
            let victim = policy.victim(&mut slab, ALIKE).unwrap();
            let changed = before
                .iter()
                .filter(|&&(s, tag)| slab.marks[s as usize].tag != tag);
            assert!(changed.count() <= MOVES + 1);
            policy.remove(&mut slab, victim, 1.0);
            slab.remove(victim);
            policy.validate(&slab, ALIKE);
        }
        assert_eq!(policy.victim(&mut slab, ALIKE), None);
    }

    #[test]
    fn what_is_set_aside_is_no_victim() {
        let (mut policy, mut slab) = (TinyLfu::default(), Slab::new(true));
        let slots: Vec<Slot> = (0..10).map(|n| store(&mut policy, &mut slab, n)).collect();
        for &slot in &slots {
            policy.set_aside(&mut slab, slot, 1.0);
            for _ in 0..9 {
                let victim = policy.victim(&mut slab, ALIKE).unwrap();
                assert_ne!(victim, slot);
                policy.hit(&mut slab, victim);
            }
            policy.put_back(&mut slab, slot, ALIKE);
            policy.validate(&slab, ALIKE);
        }
    }

    #[test]
    fn a_hit_on_an_entry_whose_mark_is_quiet_changes_nothing() {
        let (mut policy, mut slab) = (TinyLfu::default(), Slab::new(true));
        // So many that some of them are sampled, and others not.
        let (entries, enough) = if cfg!(miri) { (72, 8) } else { (200, 400) };
        let slots: Vec<Slot> = (0..entries)
            .map(|n| store(&mut policy, &mut slab, n * 0x0123_4567))
            .collect();
        let bits = |mark: Mark| u16::from_le_bytes([mark.tag, mark.stamp]) & Mark::QUIET_BITS;
        let state = |policy: &TinyLfu, slab: &Slab| {
            let slots = |part: &Part| part.queue.slots(slab).collect::<Vec<_>>();
            let marks: Vec<Mark> = slots(&policy.main)
                .into_iter()
                .chain(slots(&policy.window))
                .map(|slot| slab.marks[slot as usize])
                .collect();
            let estimates: Vec<u32> = (0..slab.slots())
                .map(|slot| policy.history.estimate(slab.at(slot as Slot).hash))
                .collect();
            let queues = (slots(&policy.window), slots(&policy.main));
            (queues, marks, estimates, policy.miniatures.scores())
        };
        let mut quiet = 0;
        for &slot in std::iter::repeat_n(&slots, 6).flatten() {
            if quiet == enough {
                return;
            }
            if bits(slab.marks[slot as usize]) != bits(slab.marks.all()[0]) {
                policy.hit(&mut slab, slot);
                continue;
            }
            let before = state(&policy, &slab);
            policy.hit(&mut slab, slot);
            assert_eq!(state(&policy, &slab), before);
            quiet += 1;
        }
        panic!("only {quiet} hits were on quiet entries");
    }

    #[test]
    fn many_hits_at_once_are_as_one_after_the_other() {
        let filled = || {
            let (mut policy, mut slab) = (TinyLfu::default(), Slab::new(true));
            let slots: Vec<Slot> = (0..20).map(|n| store(&mut policy, &mut slab, n)).collect();
            policy.remove(&mut slab, slots[7], 1.0);
            slab.remove(slots[7]);
            (policy, slab)
        };
        let ((mut one, mut ones), (mut many, mut manys)) = (filled(), filled());
        let hits = [0, 3, 3, 7, 12, 3, 19, 0, 20, Slot::MAX];
        let is_entry = |slot: &Slot| *slot < 20 && *slot != 7;
        for slot in hits.into_iter().filter(is_entry) {
            one.hit(&mut ones, slot);
        }
        many.hits(&mut manys, &hits.map(Cell::new));
        assert!(ones.marks[3] != ones.marks[4], "hits leave a mark");
        assert_eq!(ones.marks.all(), manys.marks.all());
        assert!(
            one.main
                .queue
                .slots(&ones)
                .eq(many.main.queue.slots(&manys))
        );
        assert!(
            one.window
                .queue
                .slots(&ones)
                .eq(many.window.queue.slots(&manys))
        );
        many.validate(&manys, ALIKE);
    }

    #[test]
    fn a_popular_key_is_simulated_once_in_an_epoch() {
        let (mut policy, mut slab) = (TinyLfu::default(), Slab::new(true));
        let slots: Vec<Slot> = (0..20)
            .map(|n| store(&mut policy, &mut slab, n * 0x0123_4567))
            .collect();
        let popular = slots[19];
        for _ in 0..4 {
            policy.hit(&mut slab, popular);
        }
        let epoch = policy.history.epoch();
        for &slot in &slots[..19] {
            if policy.history.epoch() == epoch {
                policy.hit(&mut slab, slot);
            }
        }
        let before = policy.miniatures.scores();
        policy.hit(&mut slab, popular);
        let after = policy.miniatures.scores();
        assert!(after > before);
        policy.hit(&mut slab, popular);
        assert_eq!(policy.miniatures.scores(), after);
    }

    #[test]
    fn a_hit_moves_an_entry_of_the_window_once_in_an_epoch_and_one_of_the_main_queue_never() {
        let (mut policy, mut slab) = (TinyLfu::default(), Slab::new(true));
        let slots: Vec<Slot> = (0..10)
            .map(|n| store(&mut policy, &mut slab, n * 0x0123_4567))
            .collect();
        let queued = |policy: &TinyLfu, slab: &Slab| -> Vec<Slot> {
            policy.main.queue.slots(slab).collect()
        };
        let window = policy.window.queue.back().unwrap();
        let main = queued(&policy, &slab);
        assert_eq!((main.len(), window), (9, slots[9]));
        for &slot in slots.iter().chain(&slots).chain(&slots) {
            policy.hit(&mut slab, slot);
        }
        assert_eq!(queued(&policy, &slab), main);

        // As under LRU, when all of it is the window.
        for &slot in &main {
            policy.leave(&mut slab, slot, 1.0);
            slab.marks[slot as usize].tag &= !IN_MAIN;
            policy.enter(&mut slab, slot, 1.0);
            slab.marks[slot as usize].stamp = policy.history.epoch().wrapping_sub(1);
        }
        for slot in [main[3], main[1], main[3]] {
            policy.hit(&mut slab, slot);
        }
        let order: Vec<Slot> = policy.window.queue.slots(&slab).collect();
        assert_eq!(order[8..], [main[3], main[1]]);
    }
}
