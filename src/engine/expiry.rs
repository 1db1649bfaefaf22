//! Which entry expires first: a few queues for what arrives in the order in which it expires, a heap for the rest.
//!
//! Entries that are stored with one and the same time-to-live expire in the order in which they were stored: each is
//! appended to a queue, and leaves it, in O(1). With another time-to-live another queue serves, up to four; an entry
//! goes where the last one expires latest of those that do not expire after it. What no queue takes goes into a
//! four-ary heap: O(log n). (D. B. Johnson, "Priority queues with update and finding minimum spanning trees", 1975, for
//! the d-ary heap; the choice of the queue is that of patience sorting.)
//!
//! Both are exact, so a full cache can always tell an expired entry from one that is not. Expirations stay in the
//! entries. Beside them are 8 bytes per entry, once there are entries that expire, and 4 more for those in the heap.

use super::OutOfMemory;
use super::entry::{Links, NONE, Slot};
use super::segments::Segments;
use super::slab::Slab;

const ARITY: usize = 4;
const QUEUES: usize = 4;

/// In the place of a slot before: the entry does not expire.
const NOWHERE: Slot = NONE - 1;
/// In the place of a slot after: the entry is in the heap, and what stands in the place of the slot before is its place.
const IN_HEAP: Slot = NONE - 2;

const UNLINKED: Links = Links {
    prev: NOWHERE,
    next: NONE,
};

/// Entries in the order of their expirations.
#[derive(Clone, Copy)]
struct Queue {
    front: Slot,
    back: Slot,
    /// When these two expire. Of an empty queue, infinite and minus infinite.
    first: f64,
    last: f64,
}

const EMPTY: Queue = Queue {
    front: NONE,
    back: NONE,
    first: f64::INFINITY,
    last: f64::NEG_INFINITY,
};

/// The slots of all entries that expire.
pub struct ExpiryIndex {
    queues: [Queue; QUEUES],
    /// Queues that have ever been used are `queues[..used]`: mostly one, for one time-to-live.
    used: usize,
    links: Segments<Links>,
    heap: Segments<Slot>,
    heap_len: usize,
    /// Every slot below this number has links.
    covered: usize,
}

impl Default for ExpiryIndex {
    #[inline(never)]
    fn default() -> ExpiryIndex {
        ExpiryIndex {
            queues: [EMPTY; QUEUES],
            used: 0,
            links: Segments::default(),
            heap: Segments::default(),
            heap_len: 0,
            covered: 0,
        }
    }
}

impl ExpiryIndex {
    /// Makes sure that an entry at this slot, of which it is known that it will expire, finds room.
    #[inline]
    pub fn try_reserve(&mut self, slot: Slot) -> Result<(), OutOfMemory> {
        self.links.try_cover(slot as usize, UNLINKED)?;
        self.heap.try_cover(self.heap_len, NONE)
    }

    /// The same of all slots below `end`, of which so many will expire for the first time or at another time than now.
    pub fn try_reserve_all(&mut self, end: usize, times: usize) -> Result<(), OutOfMemory> {
        self.links.try_cover_all(self.covered, end, UNLINKED)?;
        self.covered = self.covered.max(end);
        self.heap
            .try_cover_all(self.heap_len, self.heap_len + times, NONE)
    }

    /// Whether room was made for all slots up to this one.
    #[inline]
    pub fn covers(&self, slot: Slot) -> bool {
        (slot as usize) < self.covered
    }

    /// The entry that expires first, if it has at `now`.
    #[inline]
    pub fn expired(&self, slab: &Slab, now: f64) -> Option<Slot> {
        let mut earliest = now;
        let mut found = None;
        if self.heap_len > 0 && slab.at(self.heap[0]).expiry <= now {
            earliest = slab.at(self.heap[0]).expiry;
            found = Some(self.heap[0]);
        }
        for queue in &self.queues[..self.used] {
            if queue.first <= earliest {
                earliest = queue.first;
                found = Some(queue.front);
            }
        }
        found
    }

    /// Takes note of an entry's expiration, after it was changed.
    pub fn update(&mut self, slab: &mut Slab, slot: Slot) {
        let expiry = slab.at(slot).expiry;
        if expiry == f64::INFINITY {
            return self.remove(slab, slot);
        }
        let Links { prev, next } = self.links[slot as usize];
        if next == IN_HEAP {
            if !self.has_place(expiry) {
                return self.settle(slab, prev as usize, slot);
            }
            self.remove(slab, slot);
        } else if prev != NOWHERE {
            if self.stays(slab, slot, expiry) {
                return;
            }
            self.unlink(slab, slot);
        }
        self.place(slab, slot, expiry);
    }

    /// Forgets an entry.
    #[inline]
    pub fn remove(&mut self, slab: &mut Slab, slot: Slot) {
        match self.links.get(slot as usize) {
            None => return,
            Some(links) if links.prev == NOWHERE => return,
            Some(links) if links.next == IN_HEAP => self.take_out(slab, links.prev as usize, slot),
            Some(_) => self.unlink(slab, slot),
        }
        self.links[slot as usize] = UNLINKED;
    }

    /// Forgets all entries.
    pub fn clear(&mut self) {
        *self = ExpiryIndex::default();
    }

    /// Bytes held.
    pub fn memory(&self) -> usize {
        self.links.memory() + self.heap.memory()
    }

    /// Whether a queue would take an entry that expires then.
    fn has_place(&self, expiry: f64) -> bool {
        self.used < QUEUES || self.queues.iter().any(|queue| queue.last <= expiry)
    }

    /// Whether a queued entry is still in order where it stands.
    #[inline]
    fn stays(&mut self, slab: &Slab, slot: Slot, expiry: f64) -> bool {
        let Links { prev, next } = self.links[slot as usize];
        if next != NONE && slab.at(next).expiry < expiry
            || prev != NONE && slab.at(prev).expiry > expiry
        {
            return false;
        }
        for queue in &mut self.queues[..self.used] {
            if queue.front == slot {
                queue.first = expiry;
            }
            if queue.back == slot {
                queue.last = expiry;
            }
        }
        true
    }

    /// Adds an entry that is nowhere.
    fn place(&mut self, slab: &mut Slab, slot: Slot, expiry: f64) {
        let (mut number, mut last) = (QUEUES, f64::NEG_INFINITY);
        for (other, queue) in self.queues[..self.used].iter().enumerate() {
            if queue.last <= expiry && queue.last >= last {
                (number, last) = (other, queue.last);
            }
        }
        if number == QUEUES {
            if self.used == QUEUES {
                return self.place_elsewhere(slab, slot, expiry);
            }
            number = self.used;
            self.used += 1;
        }
        let queue = &mut self.queues[number];
        let back = std::mem::replace(&mut queue.back, slot);
        queue.last = expiry;
        if back == NONE {
            (queue.front, queue.first) = (slot, expiry);
        } else {
            self.links[back as usize].next = slot;
        }
        self.links[slot as usize] = Links {
            prev: back,
            next: NONE,
        };
    }

    /// Adds an entry that expires before the last ones of all queues. A single entry that stands in a queue and expires
    /// late would keep that from all others: it gives its place up.
    #[cold]
    #[inline(never)]
    fn place_elsewhere(&mut self, slab: &mut Slab, slot: Slot, expiry: f64) {
        let mut out = slot;
        if let Some(queue) = self.queues.iter_mut().find(|q| q.front == q.back) {
            out = queue.front;
            (queue.front, queue.back) = (slot, slot);
            (queue.first, queue.last) = (expiry, expiry);
            self.links[slot as usize] = Links::NONE;
        }
        let place = self.heap_len;
        self.heap_len += 1;
        self.heap[place] = out;
        self.links[out as usize].next = IN_HEAP;
        self.rise(slab, place, out);
    }

    /// Takes an entry out of its queue.
    #[inline(never)]
    fn unlink(&mut self, slab: &Slab, slot: Slot) {
        let Links { prev, next } = self.links[slot as usize];
        if prev != NONE {
            self.links[prev as usize].next = next;
        }
        if next != NONE {
            self.links[next as usize].prev = prev;
        }
        if prev != NONE && next != NONE {
            return;
        }
        for queue in &mut self.queues[..self.used] {
            if queue.front == slot && queue.back == slot {
                *queue = EMPTY;
            } else if queue.front == slot {
                (queue.front, queue.first) = (next, slab.at(next).expiry);
            } else if queue.back == slot {
                (queue.back, queue.last) = (prev, slab.at(prev).expiry);
            }
        }
    }

    /// Takes an entry out of the heap.
    #[inline(never)]
    fn take_out(&mut self, slab: &mut Slab, place: usize, slot: Slot) {
        self.heap_len -= 1;
        let last = self.heap[self.heap_len];
        if last != slot {
            self.settle(slab, place, last);
        }
    }

    #[inline(never)]
    fn settle(&mut self, slab: &Slab, place: usize, slot: Slot) {
        if !self.rise(slab, place, slot) {
            self.sink(slab, place, slot);
        }
    }

    /// Moves towards the top. Whether it moved at all.
    fn rise(&mut self, slab: &Slab, from: usize, slot: Slot) -> bool {
        let expiry = slab.at(slot).expiry;
        let mut place = from;
        while place > 0 {
            let parent = (place - 1) / ARITY;
            let above = self.heap[parent];
            if slab.at(above).expiry <= expiry {
                break;
            }
            self.put(place, above);
            place = parent;
        }
        self.put(place, slot);
        place != from
    }

    fn sink(&mut self, slab: &Slab, from: usize, slot: Slot) {
        let expiry = slab.at(slot).expiry;
        let mut place = from;
        loop {
            let first = ARITY * place + 1;
            let (mut least, mut earliest) = (place, expiry);
            for child in first..(first + ARITY).min(self.heap_len) {
                let expiry = slab.at(self.heap[child]).expiry;
                if expiry < earliest {
                    (least, earliest) = (child, expiry);
                }
            }
            if least == place {
                break;
            }
            self.put(place, self.heap[least]);
            place = least;
        }
        self.put(place, slot);
    }

    #[inline]
    fn put(&mut self, place: usize, slot: Slot) {
        self.heap[place] = slot;
        self.links[slot as usize].prev = place as Slot;
    }

    /// Panics unless those entries that expire, and only those, are in one queue each or in the heap, in order.
    pub fn validate(&self, slab: &Slab) {
        for place in 0..self.heap_len {
            let slot = self.heap[place];
            assert!(slab.is_occupied(slot) && slab.at(slot).expiry < f64::INFINITY);
            let links = self.links[slot as usize];
            assert_eq!(links.next, IN_HEAP, "slot {slot} is in the heap");
            assert_eq!(links.prev as usize, place, "slot {slot} knows its place");
            if place > 0 {
                let parent = self.heap[(place - 1) / ARITY];
                assert!(slab.at(parent).expiry <= slab.at(slot).expiry, "heap order");
            }
        }
        let mut count = self.heap_len;
        for queue in &self.queues {
            let (mut prev, mut slot, mut last) = (NONE, queue.front, f64::NEG_INFINITY);
            while slot != NONE {
                assert!(slab.is_occupied(slot), "slot {slot} is queued and vacant");
                let links = self.links[slot as usize];
                assert_eq!(links.prev, prev, "the entry before slot {slot}");
                let expiry = slab.at(slot).expiry;
                assert!(last <= expiry && expiry < f64::INFINITY, "order of expiry");
                if prev == NONE {
                    assert_eq!(queue.first, expiry, "when the first one expires");
                }
                count += 1;
                assert!(count <= slab.len(), "a queue has a loop");
                (prev, slot, last) = (slot, links.next, expiry);
            }
            assert_eq!(
                (queue.back, queue.last),
                (prev, last),
                "the back of a queue"
            );
        }
        let expiring = slab
            .occupied()
            .filter(|&slot| slab.at(slot).expiry < f64::INFINITY);
        assert_eq!(expiring.count(), count, "entries that expire");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Times {
        slab: Slab,
        index: ExpiryIndex,
    }

    impl Times {
        fn new() -> Times {
            Times {
                slab: Slab::default(),
                index: ExpiryIndex::default(),
            }
        }

        fn add(&mut self, expiry: f64) -> Slot {
            let slot = self.slab.add(0);
            self.set(slot, expiry);
            slot
        }

        fn set(&mut self, slot: Slot, expiry: f64) {
            self.index.try_reserve(slot).unwrap();
            self.slab.at_mut(slot).expiry = expiry;
            self.index.update(&mut self.slab, slot);
        }

        /// Takes everything out, the first first; when each expired.
        fn drain(&mut self) -> Vec<f64> {
            let mut times = Vec::new();
            while let Some(slot) = self.index.expired(&self.slab, f64::MAX) {
                self.index.validate(&self.slab);
                times.push(self.slab.at(slot).expiry);
                self.index.remove(&mut self.slab, slot);
                self.slab.remove(slot);
            }
            times
        }
    }

    #[test]
    fn four_times_to_live_need_no_heap_even_when_entries_are_renewed() {
        let mut times = Times::new();
        let ttls = [10.0, 1000.0, 100.0, 50.0];
        let slots: Vec<Slot> = (0..200)
            .map(|now| times.add(f64::from(now) + ttls[now as usize % 4]))
            .collect();
        for now in 200..600u32 {
            let i = now as usize * 7 % 200;
            times.set(slots[i], f64::from(now) + ttls[i % 4]);
        }
        times.index.validate(&times.slab);
        assert_eq!(times.index.heap_len, 0);
        assert!(times.drain().is_sorted());
    }

    #[test]
    fn any_order_comes_out_sorted() {
        let mut times = Times::new();
        let count = if cfg!(miri) { 40 } else { 300 };
        let mut expected: Vec<f64> = (0..count).map(|i| f64::from(i * 7919 % count)).collect();
        let slots: Vec<Slot> = expected.iter().map(|&at| times.add(at)).collect();
        assert!(times.index.heap_len > 0);
        for (i, &slot) in slots.iter().enumerate().step_by(3) {
            expected[i] = f64::from(i as u32 * 31 % 400);
            times.set(slot, expected[i]);
            times.index.validate(&times.slab);
        }
        expected.sort_by(f64::total_cmp);
        assert_eq!(times.drain(), expected);
    }

    #[test]
    fn there_is_room_for_all_times_that_were_reserved_at_once() {
        let mut times = Times::new();
        // In the heap they take several segments; each after the other is before it.
        let count: u32 = if cfg!(miri) { 1100 } else { 5000 };
        times
            .index
            .try_reserve_all(count as usize, count as usize)
            .unwrap();
        for at in (0..count).rev() {
            let slot = times.slab.add(0);
            assert!(times.index.covers(slot));
            times.slab.at_mut(slot).expiry = f64::from(at);
            times.index.update(&mut times.slab, slot);
        }
        assert!(times.index.heap_len > 1024);
        let expected: Vec<f64> = (0..count).map(f64::from).collect();
        if cfg!(miri) {
            times.index.validate(&times.slab);
        } else {
            assert_eq!(times.drain(), expected);
        }
    }

    #[test]
    fn a_few_that_expire_late_do_not_keep_the_others_from_the_queues() {
        let mut times = Times::new();
        for late in 0..6 {
            times.add(1e9 - f64::from(late));
        }
        for now in 0..100 {
            times.add(f64::from(now));
        }
        assert!(times.index.heap_len <= 6);
        assert_eq!(times.index.expired(&times.slab, -1.0), None);
        assert_eq!(times.drain().len(), 106);
    }
}
