//! Cells of one size, kept dense: a cell that is freed is filled with the last one.
//!
//! So whatever comes and goes, only the last chunk of a size is ever in part unused. Chunks grow with their
//! number, up to 64 KiB, so that part is a small one of the whole, and growth copies nothing. A chunk and what
//! the allocator adds to it are a power of two, so that one size's chunks serve another. A cell begins with the
//! number of its owner, who has to be told when it moves.

use super::super::OutOfMemory;

/// The first chunks are of this size, if a cell fits in.
const SMALLEST_CHUNK: u32 = 1 << 8;
const LARGEST_CHUNK: u32 = 1 << 16;
/// What the allocator adds to an allocation.
const OVERHEAD: usize = 8;
/// Chunks of one size, before the next ones are twice as large.
const ALIKE: usize = 8;
/// Bits of a cell's number that count cells in its chunk.
const CELL_BITS: u32 = 13;
/// Bytes before the content of a cell: its owner.
const HEADER: usize = 4;

/// Sizes up to this are 8 bytes apart; beyond, there are 8 of them to each doubling.
const FINE: usize = 64;
/// The largest size: eight to a chunk.
const LARGEST: usize = 8192 - OVERHEAD;
/// How many sizes there are.
pub const CLASSES: usize = 64;
/// Bytes that the largest cells hold.
pub const LARGEST_CONTENT: usize = LARGEST - HEADER;

/// The number of a cell in its class: chunk and place.
pub type Cell = u32;

/// The class whose cells hold `len` bytes, at most [`LARGEST_CONTENT`], with the least waste.
#[inline]
pub fn class_of(len: usize) -> usize {
    let size = len + HEADER;
    if size <= FINE {
        return (size - 1) / 8;
    }
    let doublings = usize::BITS - (size - 1).leading_zeros() - FINE.trailing_zeros();
    let eighth = (size - 1) >> (doublings + 2);
    doublings as usize * 8 + eighth - 8
}

/// Bytes of a cell of a class.
#[inline]
pub fn stride_of(class: usize) -> usize {
    let stride = if class < 8 {
        (class + 1) * 8
    } else {
        (8 + class % 8 + 1) << (class / 8 + 2)
    };
    stride.min(LARGEST)
}

/// All cells of one size.
pub struct Class {
    stride: usize,
    /// Full but for the last one; none is empty.
    chunks: Vec<Vec<u8>>,
}

impl Class {
    /// No cells yet.
    pub fn new(class: usize) -> Class {
        Class {
            stride: stride_of(class),
            chunks: Vec::new(),
        }
    }

    #[inline]
    fn place(&self, cell: Cell) -> (usize, usize) {
        let within = cell & ((1 << CELL_BITS) - 1);
        ((cell >> CELL_BITS) as usize, within as usize * self.stride)
    }

    /// Adds a cell.
    #[inline(never)]
    pub fn push(&mut self, owner: u32, content: &[u8]) -> Result<Cell, OutOfMemory> {
        let stride = self.stride;
        debug_assert!(HEADER + content.len() <= stride, "a cell too small");
        match self.chunks.last() {
            Some(last) if last.len() + stride <= last.capacity() => {}
            _ => self.grow()?,
        }
        let chunk = self.chunks.len() - 1;
        let last = &mut self.chunks[chunk];
        let start = last.len();
        last.extend_from_slice(&owner.to_le_bytes());
        last.extend_from_slice(content);
        last.resize(start + stride, 0);
        Ok((chunk << CELL_BITS) as Cell | (start / stride) as Cell)
    }

    #[cold]
    fn grow(&mut self) -> Result<(), OutOfMemory> {
        let smallest = SMALLEST_CHUNK.max((self.stride + OVERHEAD).next_power_of_two() as u32);
        let doublings = (self.chunks.len() / ALIKE).min(LARGEST_CHUNK.ilog2() as usize) as u32;
        let size = (smallest << doublings).min(LARGEST_CHUNK) as usize - OVERHEAD;
        if self.chunks.len() >> (u32::BITS - CELL_BITS) != 0 {
            return Err(OutOfMemory);
        }
        let mut chunk = Vec::new();
        chunk.try_reserve_exact(size).map_err(|_| OutOfMemory)?;
        self.chunks.try_reserve(1).map_err(|_| OutOfMemory)?;
        self.chunks.push(chunk);
        Ok(())
    }

    /// Frees a cell. If another one has been moved there, says whose: it has this cell's number now.
    #[inline(never)]
    pub fn remove(&mut self, cell: Cell) -> Option<u32> {
        let (chunk, start) = self.place(cell);
        let mut last = self.chunks.pop()?;
        let from = last.len() - self.stride;
        let mut moved = None;
        if chunk < self.chunks.len() {
            self.chunks[chunk][start..start + self.stride].copy_from_slice(&last[from..]);
            moved = Some(word(&last[from..]));
        } else if start < from {
            last.copy_within(from.., start);
            moved = Some(word(&last[start..]));
        }
        last.truncate(from);
        if from > 0 {
            // There is room where it was.
            self.chunks.push(last);
        }
        moved
    }

    /// The first `len` bytes of a cell's content.
    #[inline]
    pub fn content(&self, cell: Cell, len: usize) -> &[u8] {
        let (chunk, start) = self.place(cell);
        &self.chunks[chunk][start + HEADER..][..len]
    }

    /// The owner of a cell.
    pub fn owner(&self, cell: Cell) -> u32 {
        let (chunk, start) = self.place(cell);
        word(&self.chunks[chunk][start..])
    }

    /// Gives a cell another owner.
    #[inline]
    pub fn set_owner(&mut self, cell: Cell, owner: u32) {
        let (chunk, start) = self.place(cell);
        self.chunks[chunk][start..start + HEADER].copy_from_slice(&owner.to_le_bytes());
    }

    /// How many cells are in use.
    pub fn len(&self) -> usize {
        self.chunks
            .iter()
            .map(|chunk| chunk.len() / self.stride)
            .sum()
    }

    /// Bytes held.
    pub fn memory(&self) -> usize {
        let chunks: usize = self.chunks.iter().map(Vec::capacity).sum();
        chunks + self.chunks.capacity() * size_of::<Vec<u8>>()
    }
}

/// The first word of some bytes.
#[inline]
pub fn word(bytes: &[u8]) -> u32 {
    u32::from_le_bytes([bytes[0], bytes[1], bytes[2], bytes[3]])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sizes_waste_an_eighth_at_most() {
        assert_eq!(class_of(LARGEST_CONTENT), CLASSES - 1);
        for class in 1..CLASSES {
            assert!(stride_of(class) > stride_of(class - 1));
        }
        for len in 1..=LARGEST_CONTENT {
            let class = class_of(len);
            let stride = stride_of(class);
            assert!(len + HEADER <= stride, "{len} bytes do not fit");
            assert!(stride - len - HEADER < 8 || stride * 7 <= (len + HEADER) * 8);
            assert!(LARGEST_CHUNK as usize / stride <= 1 << CELL_BITS);
        }
    }

    #[test]
    fn a_freed_cell_is_filled_with_the_last_one() {
        let mut class = Class::new(class_of(100));
        let cells: Vec<Cell> = (0..100)
            .map(|owner| class.push(owner, &[owner as u8; 100]).unwrap())
            .collect();
        assert_eq!(class.remove(cells[3]), Some(99));
        assert_eq!(class.content(cells[3], 100), [99; 100]);
        assert!(class.remove(cells[98]).is_none(), "it was the last");
        assert_eq!(class.len(), 98);
        for left in (0..98).rev() {
            class.remove(cells[0]);
            assert_eq!(class.len(), left);
        }
        assert_eq!(class.chunks.len(), 0, "memory is given back");
    }
}
