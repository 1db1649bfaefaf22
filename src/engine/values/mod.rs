//! The bytes of values held by copy: an allocator whose memory stays dense, whatever comes and goes.
//!
//! A value lies in a cell of the size class that fits it best ([`class`]). One longer than the largest cell is cut into
//! pieces, which are values without a slot, and what lies in its place is the list of their numbers, which may be long
//! itself. Nothing outside knows where a value lies: it is found through its slot. So a cell that is freed can at once
//! be filled with the last one of its class. That is one copy per removal, of no more bytes than were freed, and no
//! search, no sweep, no fragmentation: of the memory held, an eighth at most is lost to sizes and, of classes of some
//! size, a ninth to chunks that are not full yet.

pub(super) mod class;

use super::OutOfMemory;
use super::entry::Slot;
use class::{CLASSES, Cell, Class, LARGEST_CONTENT, class_of, stride_of, word};

/// Added to the number of a loose value, to tell it from a slot.
const LOOSE: u32 = 1 << 31;
/// The length of a value that is not there.
const VACANT: u32 = u32::MAX;
/// Locations are allocated so many at a time.
const SEGMENT: usize = 1024;

/// What each slot takes, to know where its value lies.
pub const LOCATION: usize = size_of::<Location>();

/// Where a value lies.
#[derive(Clone, Copy)]
struct Location {
    /// The cell of the value, or of its list of pieces; of a vacant loose one, the next such.
    cell: Cell,
    len: u32,
}

const NOWHERE: Location = Location {
    cell: 0,
    len: VACANT,
};

/// A value that no slot has: it is about to be given to one, was taken from one, or is a piece.
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
    /// Bytes of all values.
    len: usize,
    /// What they take of the memory.
    used: usize,
}

/// The bytes of the list of the pieces of a long value.
fn list_len(len: usize) -> usize {
    len.div_ceil(LARGEST_CONTENT) * size_of::<Loose>()
}

/// What a value of `len` bytes takes of the memory.
#[inline(never)]
pub fn footprint(len: usize) -> usize {
    if len <= LARGEST_CONTENT {
        return stride_of(class_of(len));
    }
    let (whole, rest) = (len / LARGEST_CONTENT, len % LARGEST_CONTENT);
    let rest = if rest > 0 { footprint(rest) } else { 0 };
    let locations = len.div_ceil(LARGEST_CONTENT) * size_of::<Location>();
    whole * stride_of(CLASSES - 1) + rest + locations + footprint(list_len(len))
}

impl Values {
    /// Stores a value that no slot has yet.
    pub fn insert(&mut self, bytes: &[u8]) -> Result<Loose, OutOfMemory> {
        if self.classes.is_empty() {
            self.classes
                .try_reserve_exact(CLASSES)
                .map_err(|_| OutOfMemory)?;
            self.classes.extend((0..CLASSES).map(Class::new));
        }
        let len = bytes.len();
        if len >= VACANT as usize {
            return Err(OutOfMemory);
        }
        let loose = self.hold(bytes)?;
        self.len += len;
        self.used += footprint(len);
        Ok(loose)
    }

    /// Stores a value, its pieces first.
    #[inline(never)]
    fn hold(&mut self, bytes: &[u8]) -> Result<Loose, OutOfMemory> {
        let mut list = Vec::new();
        let held = self.hold_pieces(bytes, &mut list);
        if held.is_err() {
            for piece in list.chunks_exact(size_of::<Loose>()) {
                self.drop_loose(Loose(word(piece)));
            }
        }
        held
    }

    fn hold_pieces(&mut self, bytes: &[u8], list: &mut Vec<u8>) -> Result<Loose, OutOfMemory> {
        let len = bytes.len();
        let cell = if len > LARGEST_CONTENT {
            list.try_reserve_exact(list_len(len))
                .map_err(|_| OutOfMemory)?;
            for piece in bytes.chunks(LARGEST_CONTENT) {
                let piece = self.hold(piece)?;
                list.extend_from_slice(&piece.0.to_le_bytes());
            }
            // The list is held like a value, but found as the value.
            let list = self.hold(list)?;
            self.loose[list.0 as usize].len = len as u32;
            return Ok(list);
        } else {
            self.try_reserve_loose(1)?;
            self.classes[class_of(len)].push(self.vacant | LOOSE, bytes)?
        };
        Ok(self.put_loose(Location {
            cell,
            len: len as u32,
        }))
    }

    /// Makes sure that [`give`](Values::give) finds room for the slots below `slots`.
    pub fn try_reserve(&mut self, slots: usize) -> Result<(), OutOfMemory> {
        let last = self.slots.last().map_or(SEGMENT, Vec::len);
        let mut room = self.slots.len() * SEGMENT + last - SEGMENT;
        while room < slots {
            match self.slots.last_mut() {
                Some(last) if last.len() < SEGMENT => {
                    let more = (slots - room).min(SEGMENT - last.len());
                    last.try_reserve(more).map_err(|_| OutOfMemory)?;
                    last.resize(last.len() + more, NOWHERE);
                    room += more;
                }
                _ => {
                    self.slots.try_reserve(1).map_err(|_| OutOfMemory)?;
                    self.slots.push(Vec::new());
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
        *self.location_mut(slot) = location;
    }

    /// Takes the value of a slot away from it. There is room for a loose one.
    pub fn take(&mut self, slot: Slot) -> Loose {
        let location = std::mem::replace(self.location_mut(slot), NOWHERE);
        self.own(location, self.vacant | LOOSE);
        self.put_loose(location)
    }

    /// Removes the value of a slot, if it has one.
    pub fn remove(&mut self, slot: Slot) {
        self.discard(slot);
        *self.location_mut(slot) = NOWHERE;
    }

    /// Removes a loose value.
    pub fn remove_loose(&mut self, loose: Loose) {
        self.discard(loose.0 | LOOSE);
        self.forget(loose);
    }

    /// How long the value of a slot is; 0 if there is none.
    #[inline]
    pub fn len_at(&self, slot: Slot) -> usize {
        self.piece(slot, 0).map_or(0, |(_, len)| len)
    }

    /// A piece of the value of a slot, and how long the whole value is; values up to 8 KB have one, longer ones more.
    #[inline]
    pub fn piece(&self, slot: Slot, piece: usize) -> Option<(&[u8], usize)> {
        let segment = self.slots.get(slot as usize / SEGMENT)?;
        self.piece_at(segment.get(slot as usize % SEGMENT)?, piece)
    }

    /// The same for a loose value.
    pub fn loose_piece(&self, loose: Loose, piece: usize) -> Option<(&[u8], usize)> {
        self.piece_at(&self.loose[loose.0 as usize], piece)
    }

    #[inline]
    fn piece_at(&self, location: &Location, piece: usize) -> Option<(&[u8], usize)> {
        let len = location.len as usize;
        if location.len == VACANT {
            None
        } else if len <= LARGEST_CONTENT {
            let content = self.classes[class_of(len)].content(location.cell, len);
            (piece == 0).then_some((content, len))
        } else {
            let at = piece * LARGEST_CONTENT;
            (at < len).then(|| (self.content(location.cell, len, at), len))
        }
    }

    /// The bytes from `at` on of a value or list, as far as its piece goes.
    #[inline(never)]
    fn content(&self, cell: Cell, len: usize, at: usize) -> &[u8] {
        if len <= LARGEST_CONTENT {
            return &self.classes[class_of(len)].content(cell, len)[at..];
        }
        let Location { cell, len } = self.loose[self.piece_of(cell, len, at / LARGEST_CONTENT)];
        self.content(cell, len as usize, at % LARGEST_CONTENT)
    }

    /// The number of a piece of a long value. No word of a list is cut in two, since pieces are whole words.
    fn piece_of(&self, cell: Cell, len: usize, piece: usize) -> usize {
        word(self.content(cell, list_len(len), piece * size_of::<Loose>())) as usize
    }

    /// Bytes of all values, loose ones included.
    pub fn bytes(&self) -> usize {
        self.len
    }

    /// What all values take of the memory: the sum of their [`footprint`]s.
    pub fn used(&self) -> usize {
        self.used
    }

    /// Gives back the memory of all slots, and that of all values, unless they were all taken from their slots.
    pub fn clear(&mut self) {
        if self.all_slots().any(|location| location.len != VACANT) {
            *self = Values::default();
        }
        self.slots = Vec::new();
    }

    /// Bytes held.
    pub fn memory(&self) -> usize {
        let cells: usize = self.classes.iter().map(Class::memory).sum();
        let slots: usize = self.slots.iter().map(Vec::capacity).sum();
        cells
            + self.classes.capacity() * size_of::<Class>()
            + (slots + self.loose.capacity()) * size_of::<Location>()
            + self.slots.capacity() * size_of::<Vec<Location>>()
    }

    fn all_slots(&self) -> impl Iterator<Item = &Location> {
        self.slots.iter().flatten()
    }

    /// Where the value of an owner lies: of a slot, or of a loose one.
    fn location_mut(&mut self, owner: u32) -> &mut Location {
        if owner & LOOSE == 0 {
            &mut self.slots[owner as usize / SEGMENT][owner as usize % SEGMENT]
        } else {
            &mut self.loose[(owner & !LOOSE) as usize]
        }
    }

    fn put_loose(&mut self, location: Location) -> Loose {
        let place = self.vacant;
        match self.loose.get_mut(place as usize) {
            Some(vacant) => {
                self.vacant = vacant.cell;
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
            cell: self.vacant,
            len: VACANT,
        };
        self.vacant = loose.0;
        std::mem::replace(&mut self.loose[loose.0 as usize], vacant)
    }

    /// Writes another owner into the cell of a value, or of its list.
    fn own(&mut self, Location { cell, len }: Location, owner: u32) {
        let mut len = len as usize;
        while len > LARGEST_CONTENT && len != VACANT as usize {
            len = list_len(len);
        }
        if len <= LARGEST_CONTENT {
            self.classes[class_of(len)].set_owner(cell, owner);
        }
    }

    /// Frees the cells of a value, and counts it no more.
    #[inline(never)]
    fn discard(&mut self, owner: u32) {
        let len = self.location_mut(owner).len;
        if len != VACANT {
            self.len -= len as usize;
            self.used -= footprint(len as usize);
            self.free(owner);
        }
    }

    fn drop_loose(&mut self, loose: Loose) {
        self.free(loose.0 | LOOSE);
        self.forget(loose);
    }

    /// Frees the cells of a value whose owner still knows of it.
    #[inline(never)]
    fn free(&mut self, owner: u32) {
        let mut len = self.location_mut(owner).len as usize;
        // The pieces of the value, of its list, of the list's list.
        while len > LARGEST_CONTENT {
            for piece in 0..len.div_ceil(LARGEST_CONTENT) {
                // The list may be moved for a piece.
                let cell = self.location_mut(owner).cell;
                self.drop_loose(Loose(self.piece_of(cell, len, piece) as u32));
            }
            len = list_len(len);
        }
        let cell = self.location_mut(owner).cell;
        if let Some(moved) = self.classes[class_of(len)].remove(cell) {
            self.location_mut(moved).cell = cell;
        }
    }

    /// Panics unless each value's cells are its own, and there are no others. For tests: O(n).
    pub fn validate(&self) {
        let mut cells = [0; CLASSES];
        let (mut total, mut used) = (0, 0);
        let mut pieces = Vec::new();
        let loose = self.loose.iter().zip(LOOSE..);
        let all = || self.all_slots().zip(0u32..).chain(loose.clone());
        for (&Location { cell, len }, owner) in all().filter(|(at, _)| at.len != VACANT) {
            let mut len = len as usize;
            total += len;
            used += footprint(len);
            while len > LARGEST_CONTENT {
                pieces.extend(
                    (0..len.div_ceil(LARGEST_CONTENT)).map(|piece| self.piece_of(cell, len, piece)),
                );
                len = list_len(len);
            }
            let class = class_of(len);
            assert_eq!(self.classes[class].owner(cell), owner, "whose a cell is");
            cells[class] += 1;
        }
        for piece in pieces {
            let len = self.loose[piece].len as usize;
            assert!(len <= LARGEST_CONTENT, "a piece too long");
            total -= len;
            used -= footprint(len);
        }
        assert_eq!((total, used), (self.len, self.used), "bytes of all values");
        for (class, used) in self.classes.iter().zip(cells) {
            assert_eq!(class.len(), used, "cells in use");
        }
    }
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests;
