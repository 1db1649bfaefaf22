//! From a key to its slot: a hash table of slot numbers over the slab, 4 bytes a cell.
//!
//! The table is many small ones and a directory of them by some bits of the hash. One that is full is made larger at
//! first, and split in two later (R. Fagin, J. Nievergelt, N. Pippenger, H. R. Strong: "Extendible hashing: a fast access
//! method for dynamic files", ACM TODS 4(3), 1979). So no call moves more than some 1,200 cells, however large the table.
//!
//! Within one of them cells stand in the order of their homes: linear probing under the Robin Hood rule (P. Celis,
//! "Robin Hood hashing", 1986), so none comes far from its home, and three cells of four may be in use. A cell has the low
//! bits of its home and as many bits of the hash as are left beside the slot: a probe that fails touches no entry, or
//! hardly ever one. The whole hash is in the entry. Removal shifts the following cells back, so there are no tombstones
//! and a table that churns for ever stays as fast as a new one.
//!
//! The low half of a hash tells the home, the high half the table, from its lowest bit on, and the rest of the cell,
//! from its highest.

use super::OutOfMemory;
use super::entry::Slot;
use super::slab::Slab;

/// From the highest bit: some bits of the hash, [`HOME_BITS`] of the home, the slot plus one; 0 is vacant.
type Cell = u32;

const VACANT: Cell = 0;
const HOME_BITS: u32 = 5;
const HOME: u32 = (1 << HOME_BITS) - 1;
/// Cells after the last home, for what has to stand behind it; fewer in small tables.
const MARGIN: usize = HOME as usize + 1;
/// A cell that far from its home is near to what the bits of its home can tell.
const FAR: usize = MARGIN - 3;
/// Homes of the first table, and how much larger the next ones are.
const FIRST: usize = 16;
const STEP: usize = 4;
/// Homes of the tables that a split makes, and of the largest, which are split when they are full. One size would do: it
/// is for the sake of memory that there are two.
const LARGE: usize = 1024;
const LARGEST: usize = 1536;
/// Bits of a hash that the directory may use, from this one on.
const MOST_DEPTH: u32 = 16;
const TABLE_SHIFT: u32 = 16;
/// Slots have at least this many bits, so that small tables need not be made anew because slots become more.
const LEAST_BITS: u32 = 10;
const MOST_BITS: u32 = Cell::BITS - HOME_BITS;

/// Every slot is below this number.
pub const MOST_SLOTS: usize = (1 << MOST_BITS) - 1;

#[derive(Default)]
struct Table {
    /// As many as there are homes, and the margin.
    cells: Vec<Cell>,
    homes: u32,
    len: u32,
    /// Bits of a cell that are its slot's.
    bits: u32,
    /// Bits of the hash, as the directory has them, that all entries have in common.
    depth: u32,
    /// Whether a cell has come as far from its home as it may.
    is_tight: bool,
}

#[inline]
fn home(hash: u32, homes: u32) -> usize {
    (((hash & 0xffff) * homes) >> 16) as usize
}

/// All of a cell but the slot.
#[inline]
fn tag(hash: u32, home: usize, bits: u32) -> Cell {
    hash & (!HOME << bits) | (home as u32 & HOME) << bits
}

/// How far from its home a cell stands.
#[inline]
fn distance(cell: Cell, bits: u32, place: usize) -> usize {
    ((place as u32).wrapping_sub(cell >> bits) & HOME) as usize
}

/// Puts a cell where it has to stand. Gives the last place that was written to, and how far a cell came from its home.
#[inline]
fn put(cells: &mut [Cell], bits: u32, home: usize, mut cell: Cell) -> (usize, usize) {
    let (mut place, mut from_home, mut farthest) = (home, 0, 0);
    loop {
        let there = cells[place];
        if there == VACANT {
            cells[place] = cell;
            return (place, farthest.max(from_home));
        }
        let other = distance(there, bits, place);
        if other < from_home {
            farthest = farthest.max(from_home);
            cells[place] = cell;
            (cell, from_home) = (there, other);
        }
        place += 1;
        from_home += 1;
    }
}

impl Table {
    #[inline(never)]
    fn new(homes: usize, slots: usize, depth: u32) -> Result<Table, OutOfMemory> {
        let mut cells = Vec::new();
        let len = homes + homes.min(MARGIN);
        cells.try_reserve_exact(len).map_err(|_| OutOfMemory)?;
        cells.resize(len, VACANT);
        Ok(Table {
            cells,
            homes: homes as u32,
            len: 0,
            bits: bits_for(slots),
            depth,
            is_tight: false,
        })
    }

    #[inline]
    fn home(&self, hash: u32) -> usize {
        home(hash, self.homes)
    }

    #[inline]
    fn slot_of(&self, cell: Cell) -> Slot {
        (cell & ((1 << self.bits) - 1)).wrapping_sub(1)
    }

    #[inline]
    fn tag(&self, hash: u32, home: usize) -> Cell {
        tag(hash, home, self.bits)
    }

    #[inline]
    fn find(&self, hash: u32, mut is_it: impl FnMut(Slot) -> bool) -> Option<Slot> {
        let home = self.home(hash);
        let tag = self.tag(hash, home);
        let most = (1 << self.bits) - 1;
        for &cell in self.cells.get(home..)? {
            // What is left of a cell whose tag is the same, is the slot plus one.
            let slot = (cell ^ tag).wrapping_sub(1);
            if slot < most && is_it(slot) {
                return Some(slot);
            }
            if cell == VACANT {
                break;
            }
        }
        None
    }

    #[inline]
    fn insert(&mut self, hash: u32, slot: Slot) {
        let home = self.home(hash);
        let cell = self.tag(hash, home) | (slot + 1);
        let (_, farthest) = put(&mut self.cells, self.bits, home, cell);
        self.len += 1;
        self.is_tight |= farthest >= FAR;
    }

    #[inline]
    fn remove(&mut self, hash: u32, slot: Slot) {
        let mut place = self.home(hash);
        while self.slot_of(self.cells[place]) != slot {
            place += 1;
        }
        while let Some(&cell) = self.cells.get(place + 1) {
            if cell == VACANT || distance(cell, self.bits, place + 1) == 0 {
                break;
            }
            self.cells[place] = cell;
            place += 1;
        }
        self.cells[place] = VACANT;
        self.len -= 1;
    }

    #[inline]
    fn is_full(&self) -> bool {
        (self.len + 1) * 4 > self.homes * 3 || self.is_tight
    }

    /// Whether one more entry fits, at a slot below `slots`.
    #[inline]
    fn has_room(&self, slots: usize) -> bool {
        !self.is_full() && slots >> self.bits == 0
    }

    fn slots(&self) -> impl Iterator<Item = Slot> + '_ {
        let used = self.cells.iter().filter(|&&cell| cell != VACANT);
        used.map(|&cell| self.slot_of(cell))
    }

    /// Copies the entries whose hashes have `ones` where `mask` has ones to another table.
    #[inline(never)]
    fn copy_to(
        &self,
        slab: &Slab,
        mask: u32,
        ones: u32,
        target: &mut Table,
    ) -> Result<(), OutOfMemory> {
        let (homes, bits) = (target.homes, target.bits);
        let cells = &mut target.cells[..];
        // Cells are in the order of their homes here, and so they are there, or nearly: most go to the end.
        let (mut last, mut end) = (0, 0);
        for &cell in &self.cells {
            if cell == VACANT {
                continue;
            }
            let slot = self.slot_of(cell);
            let hash = slab.at(slot).hash;
            if hash & mask != ones {
                continue;
            }
            let home = home(hash, homes);
            let cell = tag(hash, home, bits) | (slot + 1);
            let farthest = if home < last {
                let (place, farthest) = put(cells, bits, home, cell);
                end = end.max(place + 1);
                farthest
            } else {
                let place = end.max(home);
                cells[place] = cell;
                (last, end) = (home, place + 1);
                place - home
            };
            target.len += 1;
            if farthest >= FAR {
                // Cells of nearly the same hash, and larger tables do not move them apart. That takes the seed.
                return Err(OutOfMemory);
            }
        }
        Ok(())
    }
}

/// How many bits a table has for slots: one more than are needed, since all tables would have to be made anew at once
/// when slots come to need that. So most have been by then, each when it was full.
fn bits_for(slots: usize) -> u32 {
    let needed = usize::BITS - slots.leading_zeros();
    (needed + 1).clamp(LEAST_BITS, MOST_BITS)
}

/// The slots by the hashes of their keys: 5.3 to 8 bytes for each.
#[derive(Default)]
pub struct Index {
    /// The number of the table, by bits of a hash; as many as a power of two.
    directory: Vec<u32>,
    tables: Vec<Table>,
    len: usize,
}

impl Index {
    /// The first slot under a hash for which `is_it`. O(1).
    #[inline]
    pub fn find(&self, hash: u32, is_it: impl FnMut(Slot) -> bool) -> Option<Slot> {
        let number = *self.directory.get(self.entry(hash))?;
        self.tables[number as usize].find(hash, is_it)
    }

    /// The place of a hash in the directory.
    #[inline]
    fn entry(&self, hash: u32) -> usize {
        (hash >> TABLE_SHIFT) as usize & self.directory.len().wrapping_sub(1)
    }

    #[inline]
    fn table(&mut self, hash: u32) -> &mut Table {
        let number = self.directory[self.entry(hash)];
        &mut self.tables[number as usize]
    }

    /// Makes sure that the next [`insert`](Index::insert) finds room: under this hash, a slot below `slots`.
    #[inline]
    pub fn try_reserve(&mut self, slab: &Slab, hash: u32, slots: usize) -> Result<(), OutOfMemory> {
        if !self.directory.is_empty() && self.table(hash).has_room(slots) {
            return Ok(());
        }
        self.make_room(slab, hash, slots)
    }

    #[cold]
    #[inline(never)]
    fn make_room(&mut self, slab: &Slab, hash: u32, slots: usize) -> Result<(), OutOfMemory> {
        if self.directory.is_empty() {
            self.tables.try_reserve(1).map_err(|_| OutOfMemory)?;
            self.directory.try_reserve(1).map_err(|_| OutOfMemory)?;
            self.tables.push(Table::new(FIRST, slots, 0)?);
            self.directory.push(0);
        }
        while !self.table(hash).has_room(slots) {
            let table = self.table(hash);
            let homes = table.homes as usize;
            if !table.is_full() {
                // It is only that slots have become longer.
                self.replace(slab, hash, slots, homes)?;
            } else if homes < LARGEST {
                let homes = if homes < LARGE { homes * STEP } else { LARGEST };
                self.replace(slab, hash, slots, homes)?;
            } else {
                self.split(slab, hash, slots)?;
            }
        }
        Ok(())
    }

    /// Makes the table of a hash anew, with so many homes.
    #[inline(never)]
    fn replace(
        &mut self,
        slab: &Slab,
        hash: u32,
        slots: usize,
        homes: usize,
    ) -> Result<(), OutOfMemory> {
        let old = self.table(hash);
        let mut table = Table::new(homes, slots, old.depth)?;
        old.copy_to(slab, 0, 0, &mut table)?;
        *old = table;
        Ok(())
    }

    /// Splits the table of a hash by the next bit.
    fn split(&mut self, slab: &Slab, hash: u32, slots: usize) -> Result<(), OutOfMemory> {
        self.tables.try_reserve(1).map_err(|_| OutOfMemory)?;
        let depth = self.table(hash).depth;
        if 1 << depth == self.directory.len() {
            if depth == MOST_DEPTH {
                return Err(OutOfMemory);
            }
            let entries = self.directory.len();
            self.directory
                .try_reserve_exact(entries)
                .map_err(|_| OutOfMemory)?;
            self.directory.extend_from_within(..);
        }
        let number = self.tables.len() as u32;
        let old = self.table(hash);
        let bit = 1u32 << depth;
        let mut without = Table::new(LARGE, slots, depth + 1)?;
        let mut with = Table::new(LARGE, slots, depth + 1)?;
        let mask = bit << TABLE_SHIFT;
        old.copy_to(slab, mask, 0, &mut without)?;
        old.copy_to(slab, mask, mask, &mut with)?;
        *old = without;
        self.tables.push(with);
        let entries = self.directory.len();
        let first = ((hash >> TABLE_SHIFT) & (bit - 1) | bit) as usize;
        for entry in (first..entries).step_by(2 * bit as usize) {
            self.directory[entry] = number;
        }
        Ok(())
    }

    /// Adds a slot whose key is not there yet. Call [`try_reserve`](Index::try_reserve) first.
    #[inline]
    pub fn insert(&mut self, hash: u32, slot: Slot) {
        self.table(hash).insert(hash, slot);
        self.len += 1;
    }

    /// Takes a slot out.
    #[inline]
    pub fn remove(&mut self, hash: u32, slot: Slot) {
        self.table(hash).remove(hash, slot);
        self.len -= 1;
    }

    /// Forgets everything and gives the memory back.
    pub fn clear(&mut self) {
        *self = Index::default();
    }

    /// Bytes held. O(n / 1,000).
    pub fn memory(&self) -> usize {
        let cells: usize = self.tables.iter().map(|table| table.cells.capacity()).sum();
        cells * size_of::<Cell>()
            + self.tables.capacity() * size_of::<Table>()
            + self.directory.capacity() * size_of::<u32>()
    }

    /// Panics unless every entry, and nothing else, is found under its hash.
    pub fn validate(&self, slab: &Slab) {
        let keys = slab.occupied().map(|slot| slab.at(slot).key);
        let here = keys.filter(|key| !key.is_external()).count();
        assert_eq!(self.len, here, "slots in the index");
        let mut len = 0;
        for (number, table) in (0u32..).zip(&self.tables) {
            len += table.len as usize;
            assert_eq!(table.slots().count(), table.len as usize, "cells in use");
            let entries = self.directory.iter().filter(|&&entry| entry == number);
            assert_eq!(entries.count() << table.depth, self.directory.len());
            for slot in table.slots() {
                assert!(slab.is_occupied(slot), "slot {slot} is indexed and vacant");
                let hash = slab.at(slot).hash;
                assert_eq!(self.directory[self.entry(hash)], number, "its table");
                assert_eq!(self.find(hash, |found| found == slot), Some(slot));
            }
        }
        assert_eq!(len, self.len, "slots in all tables");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Hashes {
        slab: Slab,
        index: Index,
    }

    impl Hashes {
        fn new() -> Hashes {
            Hashes {
                slab: Slab::default(),
                index: Index::default(),
            }
        }

        fn add(&mut self, hash: u32) -> Result<Slot, OutOfMemory> {
            self.slab.try_reserve()?;
            let slots = self.slab.slots() + 1;
            self.index.try_reserve(&self.slab, hash, slots)?;
            let slot = self.slab.add(hash);
            self.index.insert(hash, slot);
            Ok(slot)
        }

        fn remove(&mut self, slot: Slot) {
            self.index.remove(self.slab.at(slot).hash, slot);
            self.slab.remove(slot);
        }
    }

    /// A hash that is spread over 32 bits.
    fn hash(key: u32) -> u32 {
        let mixed = u64::from(key + 1).wrapping_mul(0xd134_2543_de82_ef95);
        (mixed ^ mixed >> 32) as u32
    }

    /// Entries whose hashes all fall into a few neighbouring cells, across the end of the table too.
    #[test]
    fn keys_whose_hashes_collide_are_all_found_until_they_are_removed() {
        let mut hashes = Hashes::new();
        for i in 0..27 {
            let hash = if i % 3 == 0 {
                7
            } else {
                u32::MAX - ((i % 2) << 16)
            };
            hashes.add(hash).unwrap();
            hashes.index.validate(&hashes.slab);
        }
        for step in 0..27 {
            let slot = step * 7 % 27;
            let hash = hashes.slab.at(slot).hash;
            hashes.remove(slot);
            assert_eq!(hashes.index.find(hash, |found| found == slot), None);
            hashes.index.validate(&hashes.slab);
        }
    }

    #[test]
    fn more_equal_hashes_than_can_be_told_apart_are_refused() {
        let mut hashes = Hashes::new();
        let stored = (0..100).take_while(|_| hashes.add(1 << 20).is_ok()).count();
        assert!((FAR..100).contains(&stored), "{stored}");
        hashes.index.validate(&hashes.slab);
    }

    #[test]
    fn tables_are_not_made_anew_all_at_once_when_slots_need_another_bit() {
        let (before, after) = if cfg!(miri) {
            (2000, 2100)
        } else {
            (32_000, 33_000)
        };
        let mut hashes = Hashes::new();
        let mut places = Vec::new();
        for key in 0..after {
            hashes.add(hash(key)).unwrap();
            if key == before {
                places = hashes
                    .index
                    .tables
                    .iter()
                    .map(|t| t.cells.as_ptr())
                    .collect();
            }
        }
        let tables = hashes.index.tables.iter().zip(&places);
        let moved = tables.filter(|(table, place)| table.cells.as_ptr() != **place);
        assert!(moved.count() * 4 < places.len());
    }

    #[test]
    fn takes_5_to_8_bytes_per_entry_and_splits_one_table_at_a_time() {
        let mut hashes = Hashes::new();
        let entries = if cfg!(miri) { 1300 } else { 40_000 };
        for key in 0..entries {
            let tables = hashes.index.tables.len();
            hashes.add(hash(key)).unwrap();
            assert!(hashes.index.tables.len() <= tables + 1);
            if key % 1000 == 999 {
                hashes.index.validate(&hashes.slab);
            }
            if key >= 4_000 {
                let bytes = hashes.index.memory() as f64 / f64::from(key + 1);
                assert!((5.0..8.5).contains(&bytes), "{bytes} at {key}");
            }
        }
        assert!(hashes.index.tables.len() > 1);
        for slot in (0..entries).step_by(2) {
            hashes.remove(slot);
        }
        hashes.index.validate(&hashes.slab);
    }
}
