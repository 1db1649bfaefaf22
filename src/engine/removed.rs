//! What an operation removed, and why: the engine's answer to a caller that wants to be told.

use super::OutOfMemory;
use super::entry::Slot;
use super::key::{Key, KeyBytes, Kind};

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

/// The removals of the last operation, in their order.
#[derive(Default)]
pub struct Removed {
    list: Vec<Removal>,
    /// The keys of the same removals, when they are wanted.
    keys: Option<Vec<(Kind, KeyBytes)>>,
}

impl Removed {
    /// An empty list, which keeps the keys too if `keys`.
    pub fn new(keys: bool) -> Removed {
        Removed {
            list: Vec::new(),
            keys: keys.then(Vec::new),
        }
    }

    /// Whether keys are kept, that is, whether somebody listens.
    #[inline]
    pub fn keeps_keys(&self) -> bool {
        self.keys.is_some()
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
        if let Some(keys) = &mut self.keys {
            keys.clear();
            keys.shrink_to(KEEP);
        }
    }

    /// Makes sure that the next `additional` calls of [`push`](Removed::push) find room.
    #[inline(never)]
    pub fn try_reserve(&mut self, additional: usize) -> Result<(), OutOfMemory> {
        self.list.try_reserve(additional).map_err(|_| OutOfMemory)?;
        match &mut self.keys {
            Some(keys) => keys.try_reserve(additional).map_err(|_| OutOfMemory),
            None => Ok(()),
        }
    }

    /// Takes note of a removal.
    #[inline(never)]
    pub fn push(&mut self, slot: Slot, reason: Reason, kind: Kind, key: KeyBytes) {
        self.list.push([slot, reason as u32]);
        if let Some(keys) = &mut self.keys {
            keys.push((kind, key));
        }
    }

    /// The removals.
    #[inline]
    pub fn list(&self) -> &[Removal] {
        &self.list
    }

    /// The key of the removal at `place`, if keys are kept.
    pub fn key(&self, place: usize) -> Option<Key<'_>> {
        let (kind, key) = self.keys.as_ref()?.get(place)?;
        Some(Key {
            kind: *kind,
            bytes: key.as_slice(),
        })
    }

    /// Bytes held.
    pub fn memory(&self) -> usize {
        let keys = self.keys.as_ref().map_or(0, |keys| {
            let heap: usize = keys.iter().map(|(_, key)| key.heap_len()).sum();
            heap + keys.capacity() * size_of::<(Kind, KeyBytes)>()
        });
        keys + self.list.capacity() * size_of::<Removal>()
    }
}
