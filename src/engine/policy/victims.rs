//! Entries that may be the next victims, put in order only as far as victims are wanted.
//!
//! Radix exchange sort (P. Hildebrandt, H. Isbitz, JACM 6(2), 1959) that goes on with the older part alone until that is
//! small, and comes back for the newer ones when they are asked for. The parts are told by bits of the stamps, so no order
//! of uses can make them uneven for long: 32 times, at the most.

use super::super::entry::Slot;

/// When an entry was used last. 0: never, there is none.
pub type Stamp = u32;

/// An entry: the stamp above, the slot below.
pub type Used = u64;

const STAMP_SHIFT: u32 = 32;
/// So many are sorted by insertion.
const SMALL: usize = 5;

/// The entry at a slot.
#[inline]
pub fn used(stamp: Stamp, slot: Slot) -> Used {
    Used::from(stamp) << STAMP_SHIFT | Used::from(slot)
}

/// Its stamp and its slot.
#[inline]
pub fn parts(entry: Used) -> (Stamp, Slot) {
    ((entry >> STAMP_SHIFT) as Stamp, entry as Slot)
}

/// Adds one. Whether there was memory for it.
#[inline]
pub fn add(list: &mut Vec<Used>, entry: Used) -> bool {
    if list.len() == list.capacity() && list.try_reserve(1).is_err() {
        return false;
    }
    list.push(entry);
    true
}

/// Entries, of which the oldest is to be had first.
#[derive(Default)]
pub struct Victims {
    /// In parts: all of a part is newer than the parts after it. The last ones are in order, the oldest at the end.
    entries: Vec<Used>,
    /// How many are in order.
    ordered: usize,
    /// The parts before that, by the bit of their stamps by which they are to be split next: where they begin. The
    /// later a part, the lower its bit.
    starts: [u32; Stamp::BITS as usize],
    /// The bits for which there is a part.
    parts: u32,
}

impl Victims {
    /// All entries that are left.
    pub fn entries(&self) -> &[Used] {
        &self.entries
    }

    /// Takes others in the place of those that are left, and leaves an empty list.
    #[inline(never)]
    pub fn replace(&mut self, by: &mut Vec<Used>) {
        std::mem::swap(&mut self.entries, by);
        by.clear();
        let first = self.entries.first().copied().unwrap_or(0);
        let different = self
            .entries
            .iter()
            .fold(0, |all, entry| all | (entry ^ first));
        let bit =
            (Stamp::BITS - 1).saturating_sub(((different >> STAMP_SHIFT) as Stamp).leading_zeros());
        self.starts[bit as usize] = 0;
        self.parts = 1 << bit;
        self.ordered = 0;
    }

    /// The one that was used longest ago.
    #[inline]
    pub fn last(&mut self) -> Option<(Stamp, Slot)> {
        if self.ordered == 0 {
            self.order(1);
        }
        Some(parts(*self.entries.last()?))
    }

    /// Puts so many in order, if there are as many: those that were used longest ago, the oldest last.
    #[inline]
    pub fn order(&mut self, count: usize) -> &[Used] {
        while self.ordered < count && self.parts != 0 {
            self.order_more();
        }
        &self.entries[self.entries.len() - self.ordered..]
    }

    /// All of them, in order.
    pub fn in_order(mut self) -> Vec<Used> {
        self.order(usize::MAX);
        self.entries
    }

    /// Takes out those that were used longest ago, as long as a test says so. How many.
    #[inline]
    pub fn drop_while(&mut self, mut is_over: impl FnMut(Stamp, Slot) -> bool) -> usize {
        let before = self.entries.len();
        while let Some((stamp, slot)) = self.last()
            && is_over(stamp, slot)
        {
            self.drop_last();
        }
        before - self.entries.len()
    }

    /// Takes that one out.
    #[inline]
    pub fn drop_last(&mut self) {
        self.entries.pop();
        self.ordered -= 1;
    }

    /// Puts the older ones of the last part in order that is not.
    #[inline(never)]
    fn order_more(&mut self) {
        let mut bit = self.parts.trailing_zeros();
        self.parts &= self.parts - 1;
        let mut start = self.starts[bit as usize] as usize;
        let end = self.entries.len() - self.ordered;
        // Where slots are used one after the other, the order is just the other way round.
        if self.entries[start..end].is_sorted() {
            self.entries[start..end].reverse();
            self.ordered = self.entries.len() - start;
            return;
        }
        while end - start > SMALL && bit > 0 {
            let part = &mut self.entries[start..end];
            let newer = split(part, 1 << (STAMP_SHIFT + bit));
            bit -= 1;
            if newer < part.len() {
                if newer > 0 {
                    self.starts[bit as usize] = start as u32;
                    self.parts |= 1 << bit;
                }
                start += newer;
            }
        }
        sort(&mut self.entries[start..end], |one, other| one > other);
        self.ordered = self.entries.len() - start;
    }

    /// Bytes held.
    pub fn memory(&self) -> usize {
        self.entries.capacity() * size_of::<Used>()
    }

    /// Panics unless the parts follow each other.
    pub fn validate(&self) {
        let mut end = self.entries.len() - self.ordered;
        assert!(self.entries[end..].is_sorted_by(|one, other| one > other));
        for bit in 0..Stamp::BITS as usize {
            if self.parts >> bit & 1 == 1 {
                let start = self.starts[bit] as usize;
                let newer = self.entries[start..end].iter().min();
                let older = self.entries[end..].iter().max();
                assert!(
                    older < newer || older.is_none(),
                    "the parts are not in order"
                );
                end = start;
            }
        }
        assert_eq!(end, 0, "all are in parts");
    }
}

/// Moves those with a bit to the front. How many these are.
fn split(part: &mut [Used], bit: Used) -> usize {
    let mut newer = 0;
    for at in 0..part.len() {
        let is_newer = part[at] & bit != 0;
        part.swap(at, newer);
        newer += usize::from(is_newer);
    }
    newer
}

/// Sorts a few by insertion.
pub fn sort<T: Copy>(few: &mut [T], is_before: impl Fn(T, T) -> bool) {
    for end in 1..few.len() {
        let entry = few[end];
        let mut at = end;
        while at > 0 && is_before(entry, few[at - 1]) {
            few[at] = few[at - 1];
            at -= 1;
        }
        few[at] = entry;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn in_turn(stamps: impl Iterator<Item = Stamp>) -> Vec<Stamp> {
        let mut victims = Victims::default();
        let mut list: Vec<Used> = stamps.map(|stamp| used(stamp, 7)).collect();
        victims.replace(&mut list);
        let mut out = Vec::new();
        while let Some((stamp, slot)) = victims.last() {
            victims.validate();
            assert_eq!(slot, 7);
            out.push(stamp);
            victims.drop_last();
        }
        victims.validate();
        out
    }

    #[test]
    fn the_oldest_come_first_however_the_stamps_lie() {
        let count = if cfg!(miri) { 60 } else { 2000 };
        let spread = |n: Stamp| n.wrapping_mul(0x9e37_79b1) >> 1;
        let lists: [Vec<Stamp>; 6] = [
            Vec::new(),
            vec![5],
            (1..count).collect(),
            (1..count).rev().collect(),
            (1..count).map(spread).collect(),
            // Each half of the range has one of them.
            (0..31).map(|bit| 1 << bit).chain(3..=3).collect(),
        ];
        for list in lists {
            let mut sorted = list.clone();
            sorted.sort_unstable();
            assert_eq!(in_turn(list.into_iter()), sorted);
        }
    }
}
