//! An array by slot that grows without being moved.
//!
//! Memory comes in segments of 1,024 elements. A segment is never moved once it is full-sized, so growth costs one
//! allocation of some kilobytes, copies nothing, and leaves no hole of the old size behind. Only the first segment
//! grows by doubling, for the many caches that hold a handful of entries. A segment that nobody asked for is not there.

use std::alloc::{Layout, alloc, dealloc};
use std::marker::PhantomData;
use std::ops::{Index, IndexMut};
use std::ptr::NonNull;

use super::OutOfMemory;

const SEGMENT: usize = 1024;
const FIRST: usize = 4;

/// Elements by number.
pub struct Segments<T: Copy> {
    segments: Vec<Segment>,
    elements: PhantomData<T>,
}

/// So many elements.
struct Segment {
    start: NonNull<u8>,
    len: usize,
}

impl<T: Copy> Default for Segments<T> {
    fn default() -> Segments<T> {
        Segments {
            segments: Vec::new(),
            elements: PhantomData,
        }
    }
}

impl<T: Copy> Segments<T> {
    const ELEMENT: Layout = Layout::new::<T>();

    /// The element of a number, if there is one.
    #[inline]
    pub fn get(&self, at: usize) -> Option<&T> {
        if self.has(at) { Some(&self[at]) } else { None }
    }

    /// Makes sure that there is an element of this number; new ones are `filler`.
    #[inline]
    pub fn try_cover(&mut self, at: usize, filler: T) -> Result<(), OutOfMemory> {
        if self.has(at) {
            return Ok(());
        }
        // SAFETY: an element is of its own layout.
        unsafe {
            grow(
                &mut self.segments,
                Self::ELEMENT,
                at,
                (&raw const filler).cast(),
            )
        }
    }

    /// The same of all numbers from `start` on and below `end`.
    pub fn try_cover_all(
        &mut self,
        start: usize,
        end: usize,
        filler: T,
    ) -> Result<(), OutOfMemory> {
        let mut at = start;
        while at < end {
            // Each segment is asked for, by the last of its elements.
            let last = (at | (SEGMENT - 1)).min(end - 1);
            self.try_cover(last, filler)?;
            at = last + 1;
        }
        Ok(())
    }

    /// Bytes held. O(n / 1,024).
    pub fn memory(&self) -> usize {
        let elements: usize = self.segments.iter().map(|segment| segment.len).sum();
        elements * size_of::<T>() + self.segments.capacity() * size_of::<Segment>()
    }

    #[inline]
    fn has(&self, at: usize) -> bool {
        self.segments
            .get(at / SEGMENT)
            .is_some_and(|segment| at % SEGMENT < segment.len)
    }
}

/// Makes a segment reach as far as `at`, with copies of `filler`. One function for elements of all kinds.
///
/// # Safety
///
/// `filler` points at an element of that layout, which may be copied, and so are the segments made of such.
#[cold]
#[inline(never)]
unsafe fn grow(
    segments: &mut Vec<Segment>,
    element: Layout,
    at: usize,
    filler: *const u8,
) -> Result<(), OutOfMemory> {
    let number = at / SEGMENT;
    let len = match number {
        0 => (at + 1).next_power_of_two().max(FIRST),
        _ => SEGMENT,
    };
    let missing = (number + 1).saturating_sub(segments.len());
    segments.try_reserve(missing).map_err(|_| OutOfMemory)?;
    while segments.len() <= number {
        segments.push(Segment {
            start: NonNull::dangling(),
            len: 0,
        });
    }
    let size = element.size();
    let old = &mut segments[number];
    // SAFETY: no element has no size.
    let start = unsafe { alloc(layout(element, len)) };
    let start = NonNull::new(start).ok_or(OutOfMemory)?;
    // SAFETY: there is room for `len` elements, of which there are fewer in the old segment, which is another. Then what
    // is filled is doubled until all is.
    unsafe {
        old.start.copy_to_nonoverlapping(start, old.len * size);
        let (fill, end) = (start.add(old.len * size), (len - old.len) * size);
        fill.copy_from_nonoverlapping(NonNull::new_unchecked(filler.cast_mut()), size);
        let mut filled = size;
        while filled < end {
            let more = filled.min(end - filled);
            fill.copy_to_nonoverlapping(fill.add(filled), more);
            filled += more;
        }
    }
    let old = std::mem::replace(old, Segment { start, len });
    free(&old, element);
    Ok(())
}

fn layout(element: Layout, len: usize) -> Layout {
    Layout::from_size_align(element.size() * len, element.align()).expect("some kilobytes")
}

fn free(segment: &Segment, element: Layout) {
    if segment.len > 0 {
        // SAFETY: it was allocated by `grow`, of this very layout, and nobody uses it after this.
        unsafe { dealloc(segment.start.as_ptr(), layout(element, segment.len)) };
    }
}

#[inline(never)]
fn free_all(segments: &[Segment], element: Layout) {
    for segment in segments {
        free(segment, element);
    }
}

impl<T: Copy> Drop for Segments<T> {
    fn drop(&mut self) {
        free_all(&self.segments, Self::ELEMENT);
    }
}

// The numbers that the engine indexes by are slots of entries that are there, and neighbours that such entries name: its
// callers' numbers it looks up by `get`. Checking them again, twice for each access, took 60% more instructions for a
// hit in an LRU queue and 10% to 15% for an insertion or a removal. The model tests check them, under Miri too.

impl<T: Copy> Index<usize> for Segments<T> {
    type Output = T;

    /// An element that is known to be there.
    #[inline]
    fn index(&self, at: usize) -> &T {
        debug_assert!(self.has(at), "there is no element {at}");
        // SAFETY: by the above there is this element, and it was written to when the segment was made.
        unsafe {
            let segment = self.segments.get_unchecked(at / SEGMENT);
            segment.start.cast::<T>().add(at % SEGMENT).as_ref()
        }
    }
}

impl<T: Copy> IndexMut<usize> for Segments<T> {
    #[inline]
    fn index_mut(&mut self, at: usize) -> &mut T {
        debug_assert!(self.has(at), "there is no element {at}");
        // SAFETY: as above, and the array is borrowed for this element alone.
        unsafe {
            let segment = self.segments.get_unchecked(at / SEGMENT);
            segment.start.cast::<T>().add(at % SEGMENT).as_mut()
        }
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

    #[test]
    fn all_elements_of_a_range_are_there_whatever_segments_it_spans() {
        for (start, end) in [
            (0, 1),
            (0, 1025),
            (3, 5000),
            (1000, 1024),
            (1023, 3072),
            (7, 7),
        ] {
            let mut array = Segments::default();
            array.try_cover_all(start, end, 7).unwrap();
            assert!(
                (start..end).all(|at| array.get(at) == Some(&7)),
                "{start} to {end}"
            );
        }
    }
}
