//! Entries that may be the next victims, put in order only as far as victims are wanted.
//!
//! R. Paredes, G. Navarro: "Optimal incremental sorting" (ALENEX 2006): quicksort that goes on with the older part alone
//! until that is small, and comes back for the newer ones when they are asked for.

use super::super::entry::Slot;

/// When an entry was used last. 0: never, there is none.
pub type Stamp = u32;

/// So many are sorted by insertion.
const SMALL: usize = 16;

/// Entries that may be the next victims, the stamp above and the slot below.
#[derive(Default)]
pub struct Victims {
    /// In parts: all of a part is newer than the parts after it. The last part is in order, the oldest at its end.
    entries: Vec<u64>,
    /// How many are in order.
    ordered: usize,
    /// Where the parts before that begin.
    parts: [usize; PARTS],
    len: usize,
}

/// Parts at most: they are halved, more or less.
const PARTS: usize = 32;

impl Victims {
    /// All of them.
    pub fn entries(&self) -> &[u64] {
        &self.entries
    }

    /// Adds one, while none has been taken. Whether there was memory for it.
    #[inline]
    pub fn add(&mut self, stamp: Stamp, slot: Slot) -> bool {
        if self.entries.len() == self.entries.capacity() && self.entries.try_reserve(1).is_err() {
            return false;
        }
        self.entries.push(u64::from(stamp) << 32 | u64::from(slot));
        true
    }

    /// The one with the least stamp.
    #[inline]
    pub fn last(&mut self) -> Option<(Stamp, Slot)> {
        if self.ordered == 0 {
            self.order_more();
        }
        let entry = *self.entries.last()?;
        Some(((entry >> 32) as Stamp, entry as Slot))
    }

    /// Takes that one out.
    #[inline]
    pub fn drop_last(&mut self) {
        self.entries.pop();
        self.ordered -= 1;
    }

    /// Puts the older ones of the last part in order.
    #[inline(never)]
    fn order_more(&mut self) {
        self.len = self.len.saturating_sub(1);
        let mut start = self.parts[self.len];
        while self.entries.len() - start > SMALL && self.len < PARTS {
            let newer = split(&mut self.entries[start..]);
            self.parts[self.len] = start;
            self.len += 1;
            start += newer;
        }
        sort(&mut self.entries[start..], |one, other| one > other);
        self.ordered = self.entries.len() - start;
    }

    /// Bytes held.
    pub fn memory(&self) -> usize {
        self.entries.capacity() * size_of::<u64>()
    }

    /// Panics unless the parts follow each other, and all whose entries are not among them were used later.
    pub fn validate(&self) {
        let ends = self.parts[..self.len].iter().skip(1).copied();
        let ordered = self.entries.len() - self.ordered;
        let ends = ends.chain([ordered]).take(self.len);
        for (&start, end) in self.parts[..self.len].iter().zip(ends) {
            let newer = self.entries[start..end].iter().min();
            let older = self.entries[end..].iter().max();
            assert!(
                older < newer || older.is_none(),
                "the parts are not in order"
            );
        }
        assert!(self.entries[ordered..].is_sorted_by(|one, other| one > other));
    }
}

/// Moves the newer ones to the front. How many these are, one at least.
fn split(part: &mut [u64]) -> usize {
    let last = part.len() - 1;
    let mut some = [
        part[0],
        part[last / 4],
        part[last / 2],
        part[3 * (last / 4)],
        part[last],
    ];
    sort(&mut some, |one, other| one < other);
    let pivot = some[2];
    let mut newer = 0;
    for at in 0..=last {
        let is_newer = part[at] >= pivot;
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
