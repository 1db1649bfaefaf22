//! What an operation removed, and why: the engine's answer to a caller that wants to be told.

use super::OutOfMemory;
use super::entry::Slot;
use super::key::{Key, KeyBytes, Kind};
use super::values::Loose;

/// Why an entry left.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(u32)]
pub enum Reason {
    /// Its time had come.
    Expired = 0,
    /// Room was needed.
    Evicted = 1,
    /// The caller removed it.
    Deleted = 2,
    /// Another value took its place.
    Replaced = 3,
    /// The whole cache was emptied.
    Flushed = 4,
}

impl Reason {
    /// The reason with this number, if there is one.
    pub fn from_number(number: u32) -> Option<Reason> {
        use Reason::*;
        [Expired, Evicted, Deleted, Replaced, Flushed]
            .get(number as usize)
            .copied()
    }
}

/// One removal: the slot, and the number of the reason.
pub type Removal = [u32; 2];

/// What is kept of an entry that was removed.
struct Kept {
    kind: Kind,
    key: KeyBytes,
    /// The value, where the engine has it. The cache frees it when the report is forgotten.
    value: Option<Loose>,
}

/// The removals of the last operation, in their order.
#[derive(Default)]
pub struct Removed {
    list: Vec<Removal>,
    /// What is kept of the same removals, when that is wanted.
    kept: Option<Vec<Kept>>,
}

impl Removed {
    /// An empty list, which keeps the keys too if `keys`.
    pub fn new(keys: bool) -> Removed {
        Removed {
            list: Vec::new(),
            kept: keys.then(Vec::new),
        }
    }

    /// Whether keys are kept, that is, whether somebody listens.
    #[inline]
    pub fn keeps_keys(&self) -> bool {
        self.kept.is_some()
    }

    /// Forgets the last operation's. Room for a few is kept.
    #[inline]
    pub fn clear(&mut self) {
        const KEEP: usize = 1024;
        if self.list.is_empty() {
            return;
        }
        self.list.clear();
        self.list.shrink_to(KEEP);
        if let Some(kept) = &mut self.kept {
            kept.clear();
            kept.shrink_to(KEEP);
        }
    }

    /// Makes sure that the next `additional` calls of [`push`](Removed::push) find room.
    #[inline(never)]
    pub fn try_reserve(&mut self, additional: usize) -> Result<(), OutOfMemory> {
        self.list.try_reserve(additional).map_err(|_| OutOfMemory)?;
        match &mut self.kept {
            Some(kept) => kept.try_reserve(additional).map_err(|_| OutOfMemory),
            None => Ok(()),
        }
    }

    /// Takes note of a removal.
    #[inline(never)]
    pub fn push(
        &mut self,
        slot: Slot,
        reason: Reason,
        kind: Kind,
        key: KeyBytes,
        value: Option<Loose>,
    ) {
        self.list.push([slot, reason as u32]);
        if let Some(kept) = &mut self.kept {
            kept.push(Kept { kind, key, value });
        }
    }

    /// Puts the last removal before all others.
    pub fn last_first(&mut self) {
        self.list.rotate_right(1);
        if let Some(kept) = &mut self.kept {
            kept.rotate_right(1);
        }
    }

    /// The removals.
    #[inline]
    pub fn list(&self) -> &[Removal] {
        &self.list
    }

    /// The key of the removal at `place`, if keys are kept.
    pub fn key(&self, place: usize) -> Option<Key<'_>> {
        let kept = self.kept.as_ref()?.get(place)?;
        Some(Key {
            kind: kept.kind,
            bytes: kept.key.as_slice(),
        })
    }

    /// The value of the removal at `place`, if values are kept.
    pub fn value(&self, place: usize) -> Option<Loose> {
        self.kept.as_ref()?.get(place)?.value
    }

    /// All values that are kept.
    pub fn values(&self) -> impl Iterator<Item = Loose> + '_ {
        self.kept.iter().flatten().filter_map(|kept| kept.value)
    }

    /// Bytes held.
    pub fn memory(&self) -> usize {
        let kept = self.kept.as_ref().map_or(0, |kept| {
            let heap: usize = kept.iter().map(|kept| kept.key.heap_len()).sum();
            heap + kept.capacity() * size_of::<Kept>()
        });
        kept + self.list.capacity() * size_of::<Removal>()
    }
}
