//! The bytes of keys that do not fit into their entries.
//!
//! They lie in dense cells of their length's class, like values that the engine keeps ([`Class`]): no header but the
//! number of their entry, and no memory lost to what came and went. Keys longer than the largest cell have allocations
//! of their own.

use super::OutOfMemory;
use super::entry::{Entry, Slot};
use super::key::{INLINE, Key, StoredKey, equal_bytes};
use super::segments::Segments;
use super::values::class::{CLASSES, Class, LARGEST_CONTENT, class_of, stride_of};

/// The owner of a key that no entry has yet.
const HELD: Slot = Slot::MAX;

/// A key with an allocation of its own.
struct Huge {
    owner: Slot,
    bytes: Box<[u8]>,
}

/// Long keys.
#[derive(Default)]
pub struct Keys {
    classes: Vec<Class>,
    huge: Vec<Huge>,
    /// Where the key is that no entry has yet: there is one at most.
    held: u32,
    /// What all of them take of the memory.
    used: usize,
}

/// What a key of `len` bytes takes of the memory outside of its entry.
#[inline]
pub fn footprint(len: usize) -> usize {
    if len <= INLINE {
        0
    } else if len <= LARGEST_CONTENT {
        stride_of(class_of(len))
    } else {
        len + size_of::<Huge>()
    }
}

impl Keys {
    /// Stores a key for an entry to come. Nothing else may be held.
    #[inline]
    pub fn hold(&mut self, hash: u32, key: Key<'_>) -> Result<StoredKey, OutOfMemory> {
        let stored = StoredKey::new(hash, key);
        if stored.is_long() {
            self.hold_long(key.bytes)?;
        }
        Ok(stored)
    }

    #[inline(never)]
    fn hold_long(&mut self, bytes: &[u8]) -> Result<(), OutOfMemory> {
        let len = u32::try_from(bytes.len()).map_err(|_| OutOfMemory)?;
        if bytes.len() > LARGEST_CONTENT {
            let mut copy = Vec::new();
            copy.try_reserve_exact(bytes.len())
                .map_err(|_| OutOfMemory)?;
            copy.extend_from_slice(bytes);
            self.huge.try_reserve(1).map_err(|_| OutOfMemory)?;
            self.held = self.huge.len() as u32;
            self.huge.push(Huge {
                owner: HELD,
                bytes: copy.into_boxed_slice(),
            });
        } else {
            if self.classes.is_empty() {
                self.classes
                    .try_reserve_exact(CLASSES)
                    .map_err(|_| OutOfMemory)?;
                self.classes.extend((0..CLASSES).map(Class::new));
            }
            self.held = self.classes[class_of(bytes.len())].push(HELD, bytes)?;
        }
        self.used += footprint(len as usize);
        Ok(())
    }

    /// Gives the key that is held to an entry.
    #[inline]
    pub fn give(&mut self, key: &mut StoredKey, slot: Slot) {
        if key.is_long() {
            key.set_place(self.held);
            if key.len() <= LARGEST_CONTENT {
                self.classes[class_of(key.len())].set_owner(self.held, slot);
            } else {
                self.huge[self.held as usize].owner = slot;
            }
        }
    }

    /// Gives up the key that is held.
    pub fn release(&mut self, mut key: StoredKey, entries: &mut Segments<Entry>) {
        self.give(&mut key, HELD);
        self.remove(key, entries);
    }

    /// Removes a key. Whose key is moved for that, is told.
    #[inline]
    pub fn remove(&mut self, key: StoredKey, entries: &mut Segments<Entry>) {
        if key.is_long() {
            self.remove_long(key, entries);
        }
    }

    #[inline(never)]
    fn remove_long(&mut self, key: StoredKey, entries: &mut Segments<Entry>) {
        let (len, place) = (key.len(), key.place());
        self.used -= footprint(len);
        let moved = if len <= LARGEST_CONTENT {
            self.classes[class_of(len)].remove(place)
        } else {
            self.huge.swap_remove(place as usize);
            self.huge.get(place as usize).map(|moved| moved.owner)
        };
        match moved {
            None => {}
            Some(HELD) => self.held = place,
            Some(owner) => entries[owner as usize].key.set_place(place),
        }
    }

    /// The bytes of a long key.
    #[inline]
    pub fn long(&self, key: &StoredKey) -> &[u8] {
        let (len, place) = (key.len(), key.place());
        if len <= LARGEST_CONTENT {
            self.classes[class_of(len)].content(place, len)
        } else {
            &self.huge[place as usize].bytes
        }
    }

    /// Whether an entry's key is the one sought, of which `sought` would be stored.
    #[inline]
    pub fn equal(&self, stored: &StoredKey, sought: &StoredKey, bytes: &[u8]) -> bool {
        stored.may_equal(sought) && (!sought.is_long() || equal_bytes(self.long(stored), bytes))
    }

    /// The sum of the [`footprint`]s.
    pub fn used(&self) -> usize {
        self.used
    }

    /// Bytes held. O(n / 1,000) for long keys.
    pub fn memory(&self) -> usize {
        let cells: usize = self.classes.iter().map(Class::memory).sum();
        let huge: usize = self.huge.iter().map(|huge| huge.bytes.len()).sum();
        cells
            + self.classes.capacity() * size_of::<Class>()
            + huge
            + self.huge.capacity() * size_of::<Huge>()
    }

    /// Panics unless each long key is that of the entry at `slot`, and there are no others.
    pub fn validate<'a>(&self, entries: impl Iterator<Item = (Slot, &'a StoredKey)>) {
        let (mut used, mut count) = (0, 0);
        for (slot, key) in entries.filter(|(_, key)| key.is_long()) {
            let owner = if key.len() <= LARGEST_CONTENT {
                self.classes[class_of(key.len())].owner(key.place())
            } else {
                self.huge[key.place() as usize].owner
            };
            assert_eq!(owner, slot, "whose key it is");
            used += footprint(key.len());
            count += 1;
        }
        assert_eq!(used, self.used, "bytes of long keys");
        let cells: usize = self.classes.iter().map(Class::len).sum();
        assert_eq!(count, cells + self.huge.len(), "long keys");
    }
}
