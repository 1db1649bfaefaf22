//! The default: S3-FIFO's two queues, TinyLFU's admission, and shares that adapt.
//!
//! New entries go through a small queue. Those asked for twice more on their way move on to the main queue; any other
//! must be wanted more than what the main queue would give up for it, or leaves. The main queue is a clock of two
//! bits: an entry that was asked for since the hand last came by is passed over, so many times. That is S3-FIFO
//! (Yang, Zhang, Qiu, Yue, Rashmi: "FIFO Queues Are All You Need for Cache Eviction", SOSP 2023), but for its ghost
//! queue: who is wanted more is told by a sketch of counters ([`Sketch`]: TinyLFU), which also remembers keys for
//! longer and knows how often they came. What goes beyond the two:
//!
//! - **The candidate's lead must be two.** Its count contains the very request that brought it, which the other's
//!   does not. Else a loop that is larger than the cache would push out its own beginning, round after round.
//! - **Counts become stale.** An entry that was last asked for n turns ago (a turn: as many requests as there are
//!   entries) counts for 10/n at most, however popular it was: with ten turns to the sketch's memory, that is as
//!   often as it can have come without having been seen. So a change of phase clears the main queue in a few turns.
//! - **The small queue's share adapts** between 2% and 90% ([`Share`]).
//! - While the cache fills, what the small queue has no room for moves on to the main queue as it is, so that a loop
//!   finds its beginning there.
//!
//! A hit writes two bytes beside its entry, or one if it is popular, and counts in the sketch only while it is not:
//! two more cache misses. An eviction moves 16 entries at most. No randomness; O(1) throughout.
//!
//! Where bytes are bounded, the share is one of bytes; what the queues earn is still told per entry.

use super::super::OutOfMemory;
use super::super::entry::{Mark, Slot};
use super::super::slab::Slab;
use super::share::{Population, Share};
use super::sketch::{Sketch, WINDOW};
use super::{EntryWeights, Policy, Queue};

/// An entry's tag: the frequency in the low bits, and the queue that it is in.
const FREQUENCY: u8 = 0b011;
const IN_MAIN: u8 = 0b100;
/// Requests in the small queue, besides the first, that earn a place in the main queue.
const PROMOTED_AT: u8 = 2;
/// How many more counts a candidate needs than whoever is to make room for it.
const LEAD: u32 = 2;
/// Entries that an eviction may move before it settles for the one at hand.
const MOVES: usize = 16;

/// A queue, and how much is in it.
#[derive(Default)]
struct Part {
    queue: Queue,
    entries: usize,
    weight: f64,
}

/// The two queues and what is known of the keys.
#[derive(Default)]
pub struct S3Fifo {
    small: Part,
    main: Part,
    /// Entries of the main queue whose frequency is 0.
    idle: usize,
    sketch: Sketch,
    share: Share,
}

impl S3Fifo {
    fn entries(&self) -> usize {
        self.small.entries + self.main.entries
    }

    #[inline]
    fn tick(&mut self) {
        self.share.tick(Population {
            small: self.small.entries,
            main: self.main.entries,
            idle: self.idle,
        });
    }

    /// What the small queue is to weigh.
    #[inline]
    fn target(&self) -> f64 {
        self.share.get() * (self.small.weight + self.main.weight)
    }

    /// Appends an entry to the queue that its tag names.
    #[inline(never)]
    fn enter(&mut self, slab: &mut Slab, slot: Slot, weight: f64) {
        let tag = slab.marks[slot as usize].tag;
        self.idle += usize::from(tag == IN_MAIN);
        let part = self.part(tag);
        part.queue.push(slab, slot);
        part.entries += 1;
        part.weight += weight;
    }

    /// Takes an entry out of its queue.
    #[inline(never)]
    fn leave(&mut self, slab: &mut Slab, slot: Slot, weight: f64) {
        let tag = slab.marks[slot as usize].tag;
        self.idle -= usize::from(tag == IN_MAIN);
        let part = self.part(tag);
        part.queue.unlink(slab, slot);
        part.entries -= 1;
        part.weight -= weight;
        if part.entries == 0 {
            // Fractions may have left a rest.
            part.weight = 0.0;
        }
    }

    #[inline]
    fn part(&mut self, tag: u8) -> &mut Part {
        if tag & IN_MAIN == 0 {
            &mut self.small
        } else {
            &mut self.main
        }
    }

    /// Moves an entry from the small queue to the main one.
    #[inline(never)]
    fn promote(&mut self, slab: &mut Slab, slot: Slot, weight: f64, frequency: u8) {
        self.leave(slab, slot, weight);
        slab.marks[slot as usize].tag = IN_MAIN | frequency;
        self.enter(slab, slot, weight);
    }

    /// Turns the hand of the main queue to an entry that was not asked for, or as far as it may go.
    #[inline(never)]
    fn hand(&mut self, slab: &mut Slab, moves: &mut usize) -> Option<Slot> {
        loop {
            let slot = self.main.queue.front()?;
            let entry = &mut slab.marks[slot as usize];
            if entry.tag & FREQUENCY == 0 || *moves == 0 {
                return Some(slot);
            }
            *moves -= 1;
            entry.tag -= 1;
            self.idle += usize::from(entry.tag == IN_MAIN);
            self.main.queue.unlink(slab, slot);
            self.main.queue.push(slab, slot);
        }
    }

    /// Whether the small queue's oldest entry is to have the place of one in the main queue.
    fn is_wanted_more(&self, candidate: u32, other: Slot, slab: &Slab) -> bool {
        let fresh = self.share.once_in(slab.marks[other as usize].stamp, WINDOW);
        candidate >= self.sketch.estimate(slab.at(other).hash).min(fresh) + LEAD
    }

    /// Whether an entry of the small queue is in its older half. By the numbers of the entries, which grow in the
    /// order of the queue, nearly always.
    fn is_older(&self, slab: &Slab, slot: Slot) -> bool {
        let number = |slot: Option<Slot>| slot.map_or(0, |slot| slab.seq(slot));
        let first = number(self.small.queue.front());
        let length = number(self.small.queue.back()).wrapping_sub(first);
        slab.seq(slot).wrapping_sub(first) < length / 2
    }
}

impl Policy for S3Fifo {
    #[inline]
    fn try_reserve(&mut self, slab: &Slab) -> Result<(), OutOfMemory> {
        self.sketch.make_room(slab.len() + 1);
        Ok(())
    }

    #[inline(never)]
    fn insert(&mut self, slab: &mut Slab, slot: Slot, weights: EntryWeights<'_>) {
        slab.marks[slot as usize] = Mark {
            tag: 0,
            stamp: self.share.epoch(),
        };
        let hash = slab.at(slot).hash;
        self.share.tally.returns += u32::from(self.sketch.estimate(hash) > 0);
        self.sketch.increment(hash, self.entries() + 1);
        self.enter(slab, slot, weights.of(slot));
        if let Some(first) = self.small.queue.front()
            && first != slot
            && self.small.weight - weights.of(first) > self.target()
        {
            let frequency = slab.marks[first as usize].tag;
            self.promote(slab, first, weights.of(first), frequency);
        }
        self.tick();
    }

    #[inline]
    fn hit(&mut self, slab: &mut Slab, slot: Slot) {
        let mark = &mut slab.marks[slot as usize];
        let tag = mark.tag;
        mark.stamp = self.share.epoch();
        if tag & FREQUENCY < FREQUENCY {
            mark.tag += 1;
            if tag == IN_MAIN {
                self.idle -= 1;
                self.share.tally.main_margin += 1;
            } else if tag == 0 && self.is_older(slab, slot) {
                self.share.tally.small_margin += 1;
            }
            self.sketch.increment(slab.at(slot).hash, self.entries());
        }
        if tag & IN_MAIN == 0 {
            self.share.tally.small += 1;
        } else {
            self.share.tally.main += 1;
        }
        self.tick();
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
        self.share.tally.evicted = true;
        let mut moves = MOVES;
        loop {
            let target = self.target();
            let first = match self.small.queue.front() {
                Some(first) if self.main.entries == 0 || self.small.weight >= target => first,
                _ => return self.hand(slab, &mut moves),
            };
            let frequency = slab.marks[first as usize].tag & FREQUENCY;
            let hash = slab.at(first).hash;
            let weight = weights.of(first);
            if moves > 0 && self.small.entries > 1 {
                let promoted = frequency >= PROMOTED_AT;
                // The share has become smaller.
                let superfluous = self.small.weight - weight >= target;
                if promoted || superfluous {
                    moves -= 1;
                    let frequency = if promoted { 0 } else { frequency };
                    self.promote(slab, first, weight, frequency);
                    continue;
                }
            }
            let estimate = self.sketch.estimate(hash);
            if estimate >= LEAD
                && let Some(other) = self.hand(slab, &mut moves)
                && self.is_wanted_more(estimate, other, slab)
            {
                self.promote(slab, first, weight, 0);
                return Some(other);
            }
            return Some(first);
        }
    }

    fn clear(&mut self) {
        *self = S3Fifo::default();
    }

    fn memory(&self) -> usize {
        self.sketch.memory()
    }

    fn validate(&self, slab: &Slab, weights: EntryWeights<'_>) {
        let mut idle = 0;
        for (part, in_main) in [(&self.small, 0), (&self.main, IN_MAIN)] {
            assert_eq!(
                part.queue.validate(slab),
                part.entries,
                "entries in a queue"
            );
            let (mut weight, mut next) = (0.0, part.queue.front());
            while let Some(slot) = next {
                let entry = slab.marks[slot as usize];
                assert_eq!(entry.tag & !FREQUENCY, in_main, "the queue of slot {slot}");
                idle += usize::from(entry.tag == IN_MAIN);
                weight += weights.of(slot);
                next = (part.queue.back() != next).then_some(slab.links[slot as usize].next);
            }
            let difference = (weight - part.weight).abs();
            assert!(difference <= weight * 1e-9, "the weight of a queue");
        }
        assert_eq!(self.entries(), slab.len(), "entries in the queues");
        assert_eq!(self.idle, idle, "idle entries of the main queue");
        assert!(
            (0.0..1.0).contains(&self.share.get()),
            "the small queue's share"
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALIKE: EntryWeights<'static> = EntryWeights(None);

    fn store(policy: &mut S3Fifo, slab: &mut Slab, hash: u32) -> Slot {
        policy.try_reserve(slab).unwrap();
        let slot = slab.add(hash);
        policy.insert(slab, slot, ALIKE);
        slot
    }

    #[test]
    fn an_eviction_moves_a_few_entries_even_when_all_are_popular() {
        let (mut policy, mut slab) = (S3Fifo::default(), Slab::new(true));
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
        let (mut policy, mut slab) = (S3Fifo::default(), Slab::new(true));
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
}
