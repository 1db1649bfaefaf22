//! From a key to its slot: a hash table of slot numbers over the slab.

use hashbrown::HashTable;

use super::OutOfMemory;
use super::entry::Slot;
use super::key::Key;
use super::slab::Slab;

/// The slots by the hashes of their keys. 4 bytes and a 7-bit tag per entry, at a load of 7/8 at most.
#[derive(Default)]
pub struct Index {
    table: HashTable<Slot>,
}

/// The table takes its position from the low bits and its tag from the high ones; 32 bits serve for both,
/// whatever the host's word.
#[inline]
fn widen(hash: u32) -> u64 {
    u64::from(hash) << 32 | u64::from(hash)
}

impl Index {
    /// The slot that holds a key.
    #[inline]
    pub fn find(&self, slab: &Slab, hash: u32, key: Key<'_>) -> Option<Slot> {
        self.table
            .find(widen(hash), |&slot| {
                let entry = slab.at(slot);
                entry.hash == hash && entry.kind == key.kind && entry.key.equals(key.bytes)
            })
            .copied()
    }

    /// Makes sure that the next [`insert`](Index::insert) finds room.
    #[inline]
    pub fn try_reserve(&mut self, slab: &Slab) -> Result<(), OutOfMemory> {
        self.table
            .try_reserve(1, |&slot| widen(slab.at(slot).hash))
            .map_err(|_| OutOfMemory)
    }

    /// Adds a slot whose key is not there yet. The entry must be in the slab already.
    #[inline]
    pub fn insert(&mut self, slab: &Slab, slot: Slot) {
        let hash = |&slot: &Slot| widen(slab.at(slot).hash);
        self.table.insert_unique(hash(&slot), slot, hash);
    }

    /// Takes a slot out, while its entry is still in the slab.
    #[inline]
    pub fn remove(&mut self, slab: &Slab, slot: Slot) {
        let hash = widen(slab.at(slot).hash);
        if let Ok(found) = self.table.find_entry(hash, |&other| other == slot) {
            found.remove();
        }
    }

    /// Forgets everything and gives the memory back.
    pub fn clear(&mut self) {
        *self = Index::default();
    }

    /// Bytes held.
    pub fn memory(&self) -> usize {
        self.table.allocation_size()
    }

    /// Panics unless every entry, and nothing else, is found under its key.
    pub fn validate(&self, slab: &Slab) {
        assert_eq!(self.table.len(), slab.len(), "slots in the index");
        for &slot in &self.table {
            let entry = slab.at(slot);
            assert!(entry.occupied, "slot {slot} is indexed and vacant");
            let key = Key {
                kind: entry.kind,
                bytes: entry.key.as_slice(),
            };
            assert_eq!(self.find(slab, entry.hash, key), Some(slot));
        }
    }
}
