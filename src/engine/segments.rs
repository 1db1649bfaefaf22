//! An array by slot that grows without being moved.
//!
//! Memory comes in segments of 1,024 elements. A segment is never moved once it is full-sized, so growth costs one
//! allocation of some kilobytes, copies nothing, and leaves no hole of the old size behind. Only the first segment
//! grows by doubling, for the many caches that hold a handful of entries. A segment that nobody asked for is not there.

use std::ops::{Index, IndexMut};

use super::OutOfMemory;

const SEGMENT: usize = 1024;
const FIRST: usize = 4;

/// Elements by number.
pub struct Segments<T>(Vec<Vec<T>>);

impl<T> Default for Segments<T> {
    fn default() -> Segments<T> {
        Segments(Vec::new())
    }
}

impl<T: Copy> Segments<T> {
    /// The element of a number, if there is one.
    #[inline]
    pub fn get(&self, at: usize) -> Option<&T> {
        self.0.get(at / SEGMENT)?.get(at % SEGMENT)
    }

    /// Makes sure that there is an element of this number; new ones are `filler`.
    #[inline]
    pub fn try_cover(&mut self, at: usize, filler: T) -> Result<(), OutOfMemory> {
        match self.get(at) {
            Some(_) => Ok(()),
            None => self.grow(at, filler),
        }
    }

    #[cold]
    #[inline(never)]
    fn grow(&mut self, at: usize, filler: T) -> Result<(), OutOfMemory> {
        let number = at / SEGMENT;
        while self.0.len() <= number {
            self.0.try_reserve(1).map_err(|_| OutOfMemory)?;
            self.0.push(Vec::new());
        }
        let segment = &mut self.0[number];
        let len = match number {
            0 => (at + 1).next_power_of_two().max(FIRST),
            _ => SEGMENT,
        };
        segment
            .try_reserve_exact(len - segment.len())
            .map_err(|_| OutOfMemory)?;
        segment.resize(len, filler);
        Ok(())
    }

    /// Bytes held. O(n / 1,024).
    pub fn memory(&self) -> usize {
        let elements: usize = self.0.iter().map(Vec::capacity).sum();
        elements * size_of::<T>() + self.0.capacity() * size_of::<Vec<T>>()
    }
}

impl<T> Index<usize> for Segments<T> {
    type Output = T;

    #[inline]
    fn index(&self, at: usize) -> &T {
        &self.0[at / SEGMENT][at % SEGMENT]
    }
}

impl<T> IndexMut<usize> for Segments<T> {
    #[inline]
    fn index_mut(&mut self, at: usize) -> &mut T {
        &mut self.0[at / SEGMENT][at % SEGMENT]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn elements_stay_where_they_are_and_others_are_the_filler() {
        let mut array = Segments::default();
        for at in [0, 3, 4, 1023, 1024, 5000] {
            array.try_cover(at, 7).unwrap();
            assert_eq!(array[at], 7);
            array[at] = at;
        }
        for at in [0, 3, 4, 1023, 1024, 5000] {
            assert_eq!(array.get(at), Some(&at));
        }
        assert_eq!(array.get(5), Some(&7));
        assert_eq!(array.get(2048), None, "a segment that nobody asked for");
        assert_eq!(array.get(usize::MAX), None);
    }
}
