//! From a key to its slot: a hash table of slot numbers over the slab.
//!
//! Open addressing with linear probing (D. E. Knuth, "Notes on open addressing", 1963). A cell holds the whole
//! 32-bit hash beside the slot, so a probe that fails touches no entry, and growth reads the old table from
//! front to back and nothing else. Removal shifts the following cells back, so there are no tombstones and a
//! table that churns for ever stays as fast as a new one.

use super::OutOfMemory;
use super::entry::Slot;
use super::key::Key;
use super::slab::Slab;

/// A hash in the high half, a slot plus one in the low half; 0 is vacant.
type Cell = u64;

const VACANT: Cell = 0;
const FIRST: usize = 8;

#[inline]
fn cell(hash: u32, slot: Slot) -> Cell {
    u64::from(hash) << 32 | u64::from(slot + 1)
}

#[inline]
fn hash_of(cell: Cell) -> u32 {
    (cell >> 32) as u32
}

#[inline]
fn slot_of(cell: Cell) -> Slot {
    (cell as u32).wrapping_sub(1)
}

/// The slots by the hashes of their keys: 8 bytes a cell, of which at most 3/4 are in use.
#[derive(Default)]
pub struct Index {
    /// A power of two of cells, or none.
    cells: Vec<Cell>,
    len: usize,
}

impl Index {
    /// The slot that holds a key. O(1).
    #[inline]
    pub fn find(&self, slab: &Slab, hash: u32, key: Key<'_>) -> Option<Slot> {
        let cells = &self.cells[..];
        if cells.is_empty() {
            return None;
        }
        let mask = cells.len() - 1;
        let mut place = hash as usize & mask;
        loop {
            let cell = cells[place];
            if hash_of(cell) == hash && cell != VACANT {
                let entry = slab.at(slot_of(cell));
                if entry.kind == key.kind && entry.key.equals(key.bytes) {
                    return Some(slot_of(cell));
                }
            } else if cell == VACANT {
                return None;
            }
            place = (place + 1) & mask;
        }
    }

    /// Makes sure that the next [`insert`](Index::insert) finds room.
    #[inline]
    pub fn try_reserve(&mut self) -> Result<(), OutOfMemory> {
        if (self.len + 1) * 4 > self.cells.len() * 3 {
            self.grow()
        } else {
            Ok(())
        }
    }

    #[cold]
    fn grow(&mut self) -> Result<(), OutOfMemory> {
        let size = (self.cells.len() * 2).max(FIRST);
        let mut cells = Vec::new();
        cells.try_reserve_exact(size).map_err(|_| OutOfMemory)?;
        cells.resize(size, VACANT);
        let old = std::mem::replace(&mut self.cells, cells);
        for cell in old {
            if cell != VACANT {
                self.put(cell);
            }
        }
        Ok(())
    }

    /// Adds a slot whose key is not there yet. Call [`try_reserve`](Index::try_reserve) first.
    #[inline]
    pub fn insert(&mut self, hash: u32, slot: Slot) {
        self.put(cell(hash, slot));
        self.len += 1;
    }

    #[inline]
    fn put(&mut self, cell: Cell) {
        let mask = self.cells.len() - 1;
        let mut place = hash_of(cell) as usize & mask;
        while self.cells[place] != VACANT {
            place = (place + 1) & mask;
        }
        self.cells[place] = cell;
    }

    /// Takes a slot out.
    #[inline]
    pub fn remove(&mut self, hash: u32, slot: Slot) {
        let cells = &mut self.cells[..];
        let mask = cells.len().wrapping_sub(1);
        let sought = cell(hash, slot);
        let mut hole = hash as usize & mask;
        while cells[hole] != sought {
            hole = (hole + 1) & mask;
        }
        // What follows may be there only because this cell was taken: it moves back if its home is not after
        // the hole.
        let mut place = hole;
        loop {
            place = (place + 1) & mask;
            let moved = cells[place];
            if moved == VACANT {
                break;
            }
            let home = hash_of(moved) as usize & mask;
            if place.wrapping_sub(home) & mask >= place.wrapping_sub(hole) & mask {
                cells[hole] = moved;
                hole = place;
            }
        }
        cells[hole] = VACANT;
        self.len -= 1;
    }

    /// Forgets everything and gives the memory back.
    pub fn clear(&mut self) {
        *self = Index::default();
    }

    /// Bytes held.
    pub fn memory(&self) -> usize {
        self.cells.capacity() * size_of::<Cell>()
    }

    /// Panics unless every entry, and nothing else, is found under its key.
    pub fn validate(&self, slab: &Slab) {
        assert_eq!(self.len, slab.len(), "slots in the index");
        let used = self.cells.iter().filter(|&&cell| cell != VACANT);
        assert_eq!(used.clone().count(), self.len, "cells in use");
        for &cell in used {
            let entry = slab.at(slot_of(cell));
            assert!(
                entry.occupied,
                "slot {} is indexed and vacant",
                slot_of(cell)
            );
            assert_eq!(entry.hash, hash_of(cell), "the hash beside the slot");
            let key = Key {
                kind: entry.kind,
                bytes: entry.key.as_slice(),
            };
            assert_eq!(self.find(slab, entry.hash, key), Some(slot_of(cell)));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::entry::{Entry, NONE};
    use super::super::key::{KeyBytes, Kind};
    use super::*;

    /// Entries whose hashes all fall into a few neighbouring cells, across the end of the table too.
    #[test]
    fn keys_whose_hashes_collide_are_all_found_until_they_are_removed() {
        let (mut slab, mut index) = (Slab::default(), Index::default());
        let hash = |i: u32| {
            if i.is_multiple_of(3) {
                7
            } else {
                u32::MAX - i % 2
            }
        };
        let key = |i: u32| i.to_le_bytes();
        for i in 0..60 {
            slab.try_reserve().unwrap();
            index.try_reserve().unwrap();
            let slot = slab.insert(Entry {
                hash: hash(i),
                key: KeyBytes::try_from_slice(&key(i)).unwrap(),
                occupied: true,
                ..Entry::vacant(NONE)
            });
            index.insert(hash(i), slot);
        }
        for step in 0..60 {
            index.validate(&slab);
            let slot = step * 7 % 60;
            index.remove(hash(slot), slot);
            slab.remove(slot);
            let gone = Key {
                kind: Kind::Number,
                bytes: &key(slot),
            };
            assert_eq!(index.find(&slab, hash(slot), gone), None);
        }
        index.validate(&slab);
    }
}
