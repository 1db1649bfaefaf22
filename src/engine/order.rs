//! Insertion order, and iteration that is safe while entries come and go.
//!
//! The order is a linked list through the slab. An iteration is known by its position alone: the sequence
//! number of the entry that it gave last. Nothing is registered, so an iteration that is abandoned costs
//! nothing. What makes `advance` O(1) is a handful of hints, one per iteration under way, that say which entry
//! follows a position and are kept right as entries leave. An iteration whose hint was taken over by others
//! searches for its place from both ends.

use super::entry::{Links, NONE, Slot};
use super::slab::Slab;

/// Where an iteration stands. [`START`] is before the first entry.
pub type Position = u64;

/// The position of an iteration that has not given anything yet.
pub const START: Position = 0;

const HINTS: usize = 8;

#[derive(Clone, Copy)]
struct Hint {
    after: Position,
    next: Slot,
    /// How many iterations have come here and not gone on.
    iterations: u32,
}

/// The ends of the list, and the iterations under way.
pub struct Order {
    head: Slot,
    tail: Slot,
    /// The last sequence number given out; 0 is none.
    seq: u32,
    /// How often the sequence numbers have been given out anew.
    era: u32,
    hints: [Hint; HINTS],
    /// Hints in use are `hints[..used]`; `oldest` is the one to be taken over next.
    used: u8,
    oldest: u8,
}

impl Default for Order {
    #[inline(never)]
    fn default() -> Order {
        Order {
            head: NONE,
            tail: NONE,
            seq: 0,
            era: 0,
            hints: [Hint {
                after: START,
                next: NONE,
                iterations: 0,
            }; HINTS],
            used: 0,
            oldest: 0,
        }
    }
}

impl Order {
    /// The entry that was inserted first.
    pub fn first(&self) -> Slot {
        self.head
    }

    /// All entries, the first first.
    pub fn slots<'a>(&self, slab: &'a Slab) -> impl Iterator<Item = Slot> + use<'a> {
        let some = |slot: Slot| (slot != NONE).then_some(slot);
        std::iter::successors(some(self.head), move |&slot| some(slab.at(slot).order.next))
    }

    /// Appends an entry that is in no list.
    #[inline]
    pub fn push(&mut self, slab: &mut Slab, slot: Slot) {
        if self.seq == u32::MAX {
            self.renumber(slab);
        }
        self.seq += 1;
        slab.set_seq(slot, self.seq);
        slab.at_mut(slot).order = Links {
            prev: self.tail,
            next: NONE,
        };
        match self.tail {
            NONE => self.head = slot,
            tail => slab.at_mut(tail).order.next = slot,
        }
        self.tail = slot;
        for hint in &mut self.hints[..self.used as usize] {
            if hint.next == NONE {
                hint.next = slot;
            }
        }
    }

    /// Takes an entry out.
    #[inline]
    pub fn unlink(&mut self, slab: &mut Slab, slot: Slot) {
        let Links { prev, next } = slab.at(slot).order;
        match prev {
            NONE => self.head = next,
            prev => slab.at_mut(prev).order.next = next,
        }
        match next {
            NONE => self.tail = prev,
            next => slab.at_mut(next).order.prev = prev,
        }
        for hint in &mut self.hints[..self.used as usize] {
            if hint.next == slot {
                hint.next = next;
            }
        }
    }

    /// Forgets all entries. Iterations under way go on with what is inserted from now on.
    pub fn clear(&mut self) {
        self.head = NONE;
        self.tail = NONE;
        self.used = 0;
    }

    /// The entry after `position`, and the position to go on from. O(1), or O(n) for an iteration among more
    /// than eight at once.
    pub fn advance(&mut self, slab: &Slab, position: Position) -> Option<(Slot, Position)> {
        let hint = self.hints[..self.used as usize]
            .iter()
            .position(|hint| hint.after == position);
        let next = match hint {
            _ if position == START => self.head,
            Some(i) => self.hints[i].next,
            None => self.search(slab, position),
        };
        if let Some(i) = hint {
            self.leave(i);
        }
        if next == NONE {
            return None;
        }
        let reached = self.position(slab.seq(next));
        self.arrive(reached, slab.at(next).order.next);
        Some((next, reached))
    }

    fn position(&self, seq: u32) -> Position {
        u64::from(self.era) << 32 | u64::from(seq)
    }

    fn arrive(&mut self, after: Position, next: Slot) {
        let used = self.used as usize;
        if let Some(hint) = self.hints[..used].iter_mut().find(|h| h.after == after) {
            hint.iterations = hint.iterations.saturating_add(1);
            return;
        }
        let place = if used < HINTS {
            self.used += 1;
            used
        } else {
            self.oldest = (self.oldest + 1) % HINTS as u8;
            self.oldest as usize
        };
        self.hints[place] = Hint {
            after,
            next,
            iterations: 1,
        };
    }

    fn leave(&mut self, place: usize) {
        self.hints[place].iterations -= 1;
        if self.hints[place].iterations == 0 {
            self.used -= 1;
            self.hints[place] = self.hints[self.used as usize];
        }
    }

    /// The first entry after `position`, looked for from both ends at once.
    fn search(&self, slab: &Slab, position: Position) -> Slot {
        let (mut front, mut back, mut found) = (self.head, self.tail, NONE);
        while front != NONE && back != NONE {
            if self.position(slab.seq(front)) > position {
                return front;
            }
            if self.position(slab.seq(back)) <= position {
                return found;
            }
            found = back;
            front = slab.at(front).order.next;
            back = slab.at(back).order.prev;
        }
        found
    }

    /// Gives the entries the sequence numbers 1, 2, 3 ... anew. O(n), once in four billion insertions.
    #[cold]
    fn renumber(&mut self, slab: &mut Slab) {
        self.era += 1;
        self.seq = 0;
        let mut slot = self.head;
        while slot != NONE {
            self.seq += 1;
            slab.set_seq(slot, self.seq);
            slot = slab.at(slot).order.next;
        }
    }

    /// Panics unless the list is whole and in the order of its sequence numbers.
    pub fn validate(&self, slab: &Slab) {
        let (mut count, mut prev, mut seq, mut slot) = (0, NONE, 0, self.head);
        while slot != NONE {
            let entry = slab.at(slot);
            assert!(
                entry.is_occupied(),
                "slot {slot} is in the order and vacant"
            );
            assert_eq!(entry.order.prev, prev, "the entry before slot {slot}");
            assert!(slab.seq(slot) > seq, "sequence numbers grow");
            seq = slab.seq(slot);
            count += 1;
            assert!(count <= slab.len(), "the order has a loop");
            prev = slot;
            slot = entry.order.next;
        }
        assert_eq!(self.tail, prev, "the last entry");
        assert_eq!(count, slab.len(), "entries in the order");
        for hint in &self.hints[..self.used as usize] {
            assert!(hint.next == NONE || slab.is_occupied(hint.next));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct List {
        slab: Slab,
        order: Order,
    }

    impl List {
        fn new(len: usize) -> List {
            let mut list = List {
                slab: Slab::default(),
                order: Order::default(),
            };
            (0..len).for_each(|_| _ = list.push());
            list
        }

        fn push(&mut self) -> Slot {
            let slot = self.slab.add(0);
            self.order.push(&mut self.slab, slot);
            slot
        }

        fn remove(&mut self, slot: Slot) {
            self.order.unlink(&mut self.slab, slot);
            self.slab.remove(slot);
        }

        fn advance(&mut self, position: &mut Position) -> Option<Slot> {
            let (slot, reached) = self.order.advance(&self.slab, *position)?;
            *position = reached;
            self.order.validate(&self.slab);
            Some(slot)
        }
    }

    #[test]
    fn an_entry_removed_ahead_is_not_visited_and_one_added_is() {
        let mut list = List::new(4);
        let mut at = START;
        assert_eq!(list.advance(&mut at), Some(0));
        list.remove(0);
        list.remove(1);
        assert_eq!(list.advance(&mut at), Some(2));
        assert_eq!(list.advance(&mut at), Some(3));
        let added = list.push();
        assert_eq!(list.advance(&mut at), Some(added));
        assert_eq!(list.advance(&mut at), None);
    }

    #[test]
    fn more_iterations_than_hints_all_keep_their_place() {
        let (entries, removed) = if cfg!(miri) { (20, 8) } else { (100, 40) };
        let mut list = List::new(entries);
        let mut iterations = [START; 3 * HINTS];
        for expected in 0..removed {
            for at in &mut iterations {
                assert_eq!(list.advance(at), Some(expected));
            }
            list.remove(expected);
        }
        (0..removed).for_each(|_| _ = list.push());
        for at in &mut iterations {
            let mut rest = 0;
            while list.advance(at).is_some() {
                rest += 1;
            }
            assert_eq!(rest, entries);
        }
    }

    #[test]
    fn iterations_side_by_side_need_no_search() {
        let mut list = List::new(50);
        let (mut a, mut b) = (START, START);
        for expected in 0..50 {
            assert_eq!(list.advance(&mut a), Some(expected));
            assert_eq!(list.order.used, 1 + u8::from(expected > 0));
            assert_eq!(list.advance(&mut b), Some(expected));
            assert_eq!(list.order.used, 1, "both stand at one hint");
        }
        assert_eq!((list.advance(&mut a), list.advance(&mut b)), (None, None));
        assert_eq!(list.order.used, 0, "what has ended leaves nothing");
    }

    #[test]
    fn iteration_goes_on_when_sequence_numbers_begin_anew() {
        let mut list = List::new(3);
        list.order.seq = u32::MAX - 1;
        list.push();
        let mut at = START;
        assert_eq!(list.advance(&mut at), Some(0));
        list.push();
        assert_eq!(list.order.era, 1);
        for expected in 1..5 {
            assert_eq!(list.advance(&mut at), Some(expected));
        }
        assert_eq!(list.advance(&mut at), None);
    }

    #[test]
    fn after_clear_an_iteration_sees_what_is_new() {
        let mut list = List::new(3);
        let mut at = START;
        list.advance(&mut at);
        list.order.clear();
        list.slab.clear();
        let added = list.push();
        assert_eq!(list.advance(&mut at), Some(added));
    }
}
