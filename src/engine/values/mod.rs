//! The bytes of values held by copy: an allocator whose memory stays dense, whatever comes and goes.
//!
//! A value lies in a cell of the size class that fits it best ([`class`]), one longer than the largest cell in
//! several, and one of up to four bytes where the others have their cell's number. Nothing outside knows where a
//! value lies: it is found through its slot. So a cell that is freed can at once be filled with the last one of
//! its class. That is one copy per removal, of no more bytes than were freed, and no search, no sweep, no
//! fragmentation: of the memory held, an eighth at most is lost to sizes and, of classes of some size, a ninth to
//! chunks that are not full yet.

pub(super) mod class;

use super::OutOfMemory;
use super::entry::Slot;
use class::{CLASSES, Cell, Class, LARGEST_CONTENT, Moved, class_of, stride_of};

/// Values up to this length need no cell.
const INLINE: usize = 4;
/// Added to the number of a loose value, to tell it from a slot.
const LOOSE: u32 = 1 << 31;
/// The length of a value that is not there.
const VACANT: u32 = u32::MAX;
/// Locations are allocated so many at a time.
const SEGMENT: usize = 1024;
const FIRST: usize = 4;

/// Where a value lies.
#[derive(Clone, Copy)]
struct Location {
    /// The value itself, its cell, or its place in the list of long values; of a vacant loose one, the next such.
    at: [u8; INLINE],
    len: u32,
}

const NOWHERE: Location = Location {
    at: [0; INLINE],
    len: VACANT,
};

impl Location {
    #[inline]
    fn number(self) -> u32 {
        u32::from_le_bytes(self.at)
    }

    fn is_long(self) -> bool {
        self.len as usize > LARGEST_CONTENT
    }
}

/// A value that no slot has: it is about to be given to one, or was taken from one.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Loose(u32);

/// Values by slot, and loose ones.
#[derive(Default)]
pub struct Values {
    classes: Vec<Class>,
    slots: Vec<Vec<Location>>,
    loose: Vec<Location>,
    /// The first vacant place of `loose`, or its length.
    vacant: u32,
    /// The cells of values that need several, in order. Places that are not in use are empty.
    long: Vec<Vec<Cell>>,
    unused: Vec<u32>,
    /// Bytes of all values.
    len: usize,
    /// What they take of the memory.
    used: usize,
}

/// What a value of `len` bytes takes of the memory.
#[inline]
pub fn footprint(len: usize) -> usize {
    if len <= INLINE {
        return 0;
    }
    let (pieces, rest) = (len / LARGEST_CONTENT, len % LARGEST_CONTENT);
    let last = if rest > 0 {
        stride_of(class_of(rest))
    } else {
        0
    };
    if len <= LARGEST_CONTENT {
        return stride_of(class_of(len));
    }
    pieces * stride_of(CLASSES - 1)
        + last
        + (pieces + 1) * size_of::<Cell>()
        + size_of::<Vec<Cell>>()
}

/// The pieces of a value of `len` bytes, each with its class.
fn class_of_piece(len: usize, piece: usize) -> (usize, usize) {
    let piece_len = (len - piece * LARGEST_CONTENT).min(LARGEST_CONTENT);
    (class_of(piece_len), piece_len)
}

impl Values {
    /// Stores a value that no slot has yet.
    pub fn insert(&mut self, bytes: &[u8]) -> Result<Loose, OutOfMemory> {
        self.try_reserve_loose(1)?;
        if self.classes.is_empty() {
            self.classes
                .try_reserve_exact(CLASSES)
                .map_err(|_| OutOfMemory)?;
            self.classes.extend((0..CLASSES).map(Class::new));
        }
        let len = u32::try_from(bytes.len())
            .ok()
            .filter(|&len| len != VACANT)
            .ok_or(OutOfMemory)?;
        let owner = self.vacant | LOOSE;
        let mut at = [0; INLINE];
        if bytes.len() <= INLINE {
            at[..bytes.len()].copy_from_slice(bytes);
        } else if bytes.len() <= LARGEST_CONTENT {
            let cell = self.classes[class_of(bytes.len())].push(owner, 0, bytes)?;
            at = cell.to_le_bytes();
        } else {
            at = self.insert_long(owner, bytes)?.to_le_bytes();
        }
        self.len += bytes.len();
        self.used += footprint(bytes.len());
        Ok(self.put_loose(Location { at, len }))
    }

    fn insert_long(&mut self, owner: u32, bytes: &[u8]) -> Result<u32, OutOfMemory> {
        let mut cells = Vec::new();
        cells
            .try_reserve_exact(bytes.len().div_ceil(LARGEST_CONTENT))
            .map_err(|_| OutOfMemory)?;
        if self.unused.is_empty() {
            self.long.try_reserve(1).map_err(|_| OutOfMemory)?;
            // So that whatever is in the list of long values finds room in the list of unused places.
            self.unused
                .try_reserve(self.long.len() + 1)
                .map_err(|_| OutOfMemory)?;
        }
        for (piece, content) in bytes.chunks(LARGEST_CONTENT).enumerate() {
            match self.classes[class_of(content.len())].push(owner, piece as u32, content) {
                Ok(cell) => cells.push(cell),
                Err(error) => {
                    // The last cells of their classes: nothing moves.
                    for (piece, &cell) in cells.iter().enumerate().rev() {
                        let (class, _) = class_of_piece(bytes.len(), piece);
                        self.classes[class].remove(cell);
                    }
                    return Err(error);
                }
            }
        }
        Ok(match self.unused.pop() {
            Some(place) => {
                self.long[place as usize] = cells;
                place
            }
            None => {
                self.long.push(cells);
                (self.long.len() - 1) as u32
            }
        })
    }

    /// Makes sure that [`give`](Values::give) finds room for the slots below `slots`.
    pub fn try_reserve(&mut self, slots: usize) -> Result<(), OutOfMemory> {
        while self.slots.len().saturating_sub(1) * SEGMENT + self.slots.last().map_or(0, Vec::len)
            < slots
        {
            match self.slots.last_mut() {
                Some(last) if last.len() < SEGMENT => {
                    if last.len() == last.capacity() {
                        let more = last.len().min(SEGMENT - last.len());
                        last.try_reserve_exact(more).map_err(|_| OutOfMemory)?;
                    }
                    last.push(NOWHERE);
                }
                _ => {
                    let mut segment = Vec::new();
                    segment
                        .try_reserve_exact(if self.slots.is_empty() {
                            FIRST
                        } else {
                            SEGMENT
                        })
                        .map_err(|_| OutOfMemory)?;
                    self.slots.try_reserve(1).map_err(|_| OutOfMemory)?;
                    self.slots.push(segment);
                }
            }
        }
        Ok(())
    }

    /// Makes sure that [`take`](Values::take) finds room for so many more.
    pub fn try_reserve_loose(&mut self, more: usize) -> Result<(), OutOfMemory> {
        self.loose.try_reserve(more).map_err(|_| OutOfMemory)
    }

    /// Gives a loose value to a slot that has none. There is room for the slot.
    pub fn give(&mut self, loose: Loose, slot: Slot) {
        let location = self.forget(loose);
        self.own(location, slot);
        *self.slot_mut(slot) = location;
    }

    /// Takes the value of a slot away from it. There is room for a loose one.
    pub fn take(&mut self, slot: Slot) -> Loose {
        let location = std::mem::replace(self.slot_mut(slot), NOWHERE);
        self.own(location, self.vacant | LOOSE);
        self.put_loose(location)
    }

    /// Removes the value of a slot, if it has one.
    pub fn remove(&mut self, slot: Slot) {
        let location = *self.slot_mut(slot);
        self.free(location);
        *self.slot_mut(slot) = NOWHERE;
    }

    /// Removes a loose value.
    pub fn remove_loose(&mut self, loose: Loose) {
        self.free(self.loose[loose.0 as usize]);
        self.forget(loose);
    }

    /// How long the value of a slot is; 0 if there is none.
    #[inline]
    pub fn len_at(&self, slot: Slot) -> usize {
        match self.slot(slot) {
            Some(location) if location.len != VACANT => location.len as usize,
            _ => 0,
        }
    }

    /// A piece of the value of a slot, and how long the whole value is; values up to 8 KB have one, longer ones more.
    #[inline]
    pub fn piece(&self, slot: Slot, piece: usize) -> Option<(&[u8], usize)> {
        self.piece_at(self.slot(slot)?, piece)
    }

    /// The same for a loose value.
    pub fn loose_piece(&self, loose: Loose, piece: usize) -> Option<(&[u8], usize)> {
        self.piece_at(&self.loose[loose.0 as usize], piece)
    }

    #[inline]
    fn piece_at<'a>(&'a self, location: &'a Location, piece: usize) -> Option<(&'a [u8], usize)> {
        if location.len == VACANT {
            return None;
        }
        let len = location.len as usize;
        let bytes = if location.is_long() {
            let cell = *self.long[location.number() as usize].get(piece)?;
            let (class, piece_len) = class_of_piece(len, piece);
            self.classes[class].content(cell, piece_len)
        } else if len <= INLINE {
            &location.at[..len]
        } else {
            self.classes[class_of(len)].content(location.number(), len)
        };
        (piece == 0 || location.is_long()).then_some((bytes, len))
    }

    /// Bytes of all values, loose ones included.
    pub fn bytes(&self) -> usize {
        self.len
    }

    /// What all values take of the memory: the sum of their [`footprint`]s.
    pub fn used(&self) -> usize {
        self.used
    }

    /// Forgets the values of all slots, and gives their memory back. Loose ones stay.
    pub fn clear(&mut self) {
        if self.loose.iter().all(|location| location.len == VACANT) {
            *self = Values::default();
            return;
        }
        for slot in 0..(self.slots.len() * SEGMENT) as Slot {
            if self.slot(slot).is_some() {
                self.remove(slot);
            }
        }
        self.slots = Vec::new();
    }

    /// Bytes held.
    pub fn memory(&self) -> usize {
        let cells: usize = self.classes.iter().map(Class::memory).sum();
        let slots: usize = self.slots.iter().map(Vec::capacity).sum();
        let long: usize = self.long.iter().map(Vec::capacity).sum();
        cells
            + self.classes.capacity() * size_of::<Class>()
            + (slots + self.loose.capacity()) * size_of::<Location>()
            + self.slots.capacity() * size_of::<Vec<Location>>()
            + (long + self.unused.capacity()) * size_of::<Cell>()
            + self.long.capacity() * size_of::<Vec<Cell>>()
    }

    #[inline]
    fn slot(&self, slot: Slot) -> Option<&Location> {
        self.slots
            .get(slot as usize / SEGMENT)?
            .get(slot as usize % SEGMENT)
    }

    #[inline]
    fn slot_mut(&mut self, slot: Slot) -> &mut Location {
        &mut self.slots[slot as usize / SEGMENT][slot as usize % SEGMENT]
    }

    fn put_loose(&mut self, location: Location) -> Loose {
        let place = self.vacant;
        match self.loose.get_mut(place as usize) {
            Some(vacant) => {
                self.vacant = vacant.number();
                *vacant = location;
            }
            None => {
                self.loose.push(location);
                self.vacant += 1;
            }
        }
        Loose(place)
    }

    /// Makes a loose value's place vacant; its bytes stay where they are.
    fn forget(&mut self, loose: Loose) -> Location {
        let vacant = Location {
            at: self.vacant.to_le_bytes(),
            len: VACANT,
        };
        self.vacant = loose.0;
        std::mem::replace(&mut self.loose[loose.0 as usize], vacant)
    }

    /// Writes another owner into the cells of a value.
    fn own(&mut self, location: Location, owner: u32) {
        let len = location.len as usize;
        if location.len == VACANT || len <= INLINE {
            return;
        }
        if !location.is_long() {
            self.classes[class_of(len)].set_owner(location.number(), owner);
            return;
        }
        for (piece, &cell) in self.long[location.number() as usize].iter().enumerate() {
            self.classes[class_of_piece(len, piece).0].set_owner(cell, owner);
        }
    }

    /// Frees the cells of a value whose owner still knows of it.
    fn free(&mut self, location: Location) {
        if location.len == VACANT {
            return;
        }
        let len = location.len as usize;
        self.len -= len;
        self.used -= footprint(len);
        if len <= INLINE {
            return;
        }
        if !location.is_long() {
            self.free_cell(class_of(len), location.number());
            return;
        }
        // From the back, so that a piece that is moved is still in the list.
        let place = location.number();
        while let Some(cell) = self.long[place as usize].pop() {
            let piece = self.long[place as usize].len();
            self.free_cell(class_of_piece(len, piece).0, cell);
        }
        self.long[place as usize] = Vec::new();
        self.unused.push(place);
    }

    fn free_cell(&mut self, class: usize, cell: Cell) {
        let Some(Moved { owner, piece }) = self.classes[class].remove(cell) else {
            return;
        };
        let location = if owner & LOOSE == 0 {
            self.slot_mut(owner)
        } else {
            &mut self.loose[(owner & !LOOSE) as usize]
        };
        if !location.is_long() {
            location.at = cell.to_le_bytes();
            return;
        }
        let place = location.number() as usize;
        // Only the last piece can lie in a smaller cell than the largest.
        let cells = &mut self.long[place];
        let piece = if class == CLASSES - 1 {
            piece as usize
        } else {
            cells.len() - 1
        };
        cells[piece] = cell;
    }

    /// Panics unless each value's cells are its own, and there are no others. For tests: O(n).
    pub fn validate(&self) {
        let mut cells = [0; CLASSES];
        let (mut total, mut used) = (0, 0);
        let mut long = 0;
        let owned = self.slots.iter().flatten().zip(0u32..);
        let loose = self.loose.iter().zip(LOOSE..);
        for (location, owner) in owned.chain(loose).filter(|(at, _)| at.len != VACANT) {
            let len = location.len as usize;
            total += len;
            used += footprint(len);
            if len <= INLINE {
                continue;
            }
            let one = [location.number()];
            let list = if location.is_long() {
                long += 1;
                &self.long[location.number() as usize][..]
            } else {
                &one
            };
            assert_eq!(list.len(), len.div_ceil(LARGEST_CONTENT), "pieces");
            for (piece, &cell) in list.iter().enumerate() {
                let (class, _) = class_of_piece(len, piece);
                assert_eq!(self.classes[class].owner(cell), owner, "whose a cell is");
                cells[class] += 1;
            }
        }
        assert_eq!((total, used), (self.len, self.used), "bytes of all values");
        assert_eq!(long + self.unused.len(), self.long.len(), "long values");
        for (class, used) in self.classes.iter().zip(cells) {
            assert_eq!(class.len(), used, "cells in use");
        }
    }
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests;
