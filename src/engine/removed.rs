//! What an operation removed, and why: the engine's answer to a caller that wants to be told.

use super::OutOfMemory;
use super::entry::Slot;
use super::key::{Key, Kind};
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

impl Reason {
    /// Why an entry leaves that another one replaces at `now`.
    #[inline]
    pub fn of_replaced(expiry: f64, now: f64) -> Reason {
        if expiry <= now {
            Reason::Expired
        } else {
            Reason::Replaced
        }
    }
}

/// One removal: the slot, and the number of the reason.
pub type Removal = [u32; 2];

/// What is kept of an entry that was removed.
struct Kept {
    kind: Kind,
    /// Where its key is.
    start: usize,
    len: usize,
    /// The value, where the engine has it. The cache frees it when the report is forgotten.
    value: Option<Loose>,
}

/// The removals of the last operation, in their order.
#[derive(Default)]
pub struct Removed {
    list: Vec<Removal>,
    /// What is kept of the same removals, when that is wanted.
    kept: Option<Vec<Kept>>,
    /// Their keys, one after another.
    keys: Vec<u8>,
}

impl Removed {
    /// An empty list, which keeps the keys too if `keys`.
    pub fn new(keys: bool) -> Removed {
        Removed {
            list: Vec::new(),
            kept: keys.then(Vec::new),
            keys: Vec::new(),
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
        if !self.list.is_empty() {
            self.forget();
        }
    }

    #[inline(never)]
    fn forget(&mut self) {
        const KEEP: usize = 1024;
        const KEEP_BYTES: usize = 64 * KEEP;
        self.list.clear();
        self.list.shrink_to(KEEP);
        if let Some(kept) = &mut self.kept {
            kept.clear();
            kept.shrink_to(KEEP);
            self.keys.clear();
            self.keys.shrink_to(KEEP_BYTES);
        }
    }

    /// Makes sure that so many calls of [`push`](Removed::push) find room, with keys of so many bytes.
    #[inline(never)]
    pub fn try_reserve(&mut self, additional: usize, bytes: usize) -> Result<(), OutOfMemory> {
        self.list.try_reserve(additional).map_err(|_| OutOfMemory)?;
        match &mut self.kept {
            Some(kept) => {
                kept.try_reserve(additional).map_err(|_| OutOfMemory)?;
                self.keys.try_reserve(bytes).map_err(|_| OutOfMemory)
            }
            None => Ok(()),
        }
    }

    /// Takes note of a removal.
    #[inline]
    pub fn push(&mut self, slot: Slot, reason: Reason, key: Key<'_>, value: Option<Loose>) {
        self.list.push([slot, reason as u32]);
        if self.kept.is_some() {
            self.keep(key, value);
        }
    }

    #[inline(never)]
    fn keep(&mut self, key: Key<'_>, value: Option<Loose>) {
        if let Some(kept) = &mut self.kept {
            kept.push(Kept {
                kind: key.kind,
                start: self.keys.len(),
                len: key.bytes.len(),
                value,
            });
            self.keys.extend_from_slice(key.bytes);
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
            bytes: self.keys.get(kept.start..kept.start + kept.len)?,
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
        self.list.capacity() * size_of::<Removal>()
            + self.kept.as_ref().map_or(0, Vec::capacity) * size_of::<Kept>()
            + self.keys.capacity()
    }
}
