//! The allocator: two-level segregated fit over the whole of wasm memory.
//!
//! M. Masmano, I. Ripoll, A. Crespo, J. Real: "TLSF: a new dynamic memory allocator for real-time systems", ECRTS
//! 2004. O(1) for every call; free neighbours are merged; and a sixth of the code of the default allocator. Memory
//! is one region that grows at its end, so what one cache gave back serves another, whatever the sizes.

use std::alloc::{GlobalAlloc, Layout};
use std::arch::wasm32::{memory_grow, memory_size};
use std::cell::UnsafeCell;
use std::ptr::NonNull;

use rlsf::{FlexSource, FlexTlsf};

const PAGE: usize = 65_536;
/// Memory grows by a sixteenth of itself, so that views are not made anew too often. Above this size, by a quarter: to V8
/// each growth is as if all of the memory had been allocated just now, and from 64 MB on it collects garbage for that,
/// everywhere. What is not in use yet takes addresses, no memory.
const LARGE: usize = 1024;

/// Wasm memory, from where the program's own data end.
struct Growth {
    /// Whether what there is from the beginning has been given.
    has_begun: bool,
}

unsafe extern "C" {
    /// Where the linker's data end.
    static __heap_base: u8;
}

/// Grows memory by at least so many bytes; gives how many it was.
fn grow(bytes: usize) -> Option<usize> {
    let needed = bytes.div_ceil(PAGE);
    let size = memory_size(0);
    let step = size / if size < LARGE { 16 } else { 4 };
    // Near the end of what can be had, smaller steps are what is left.
    let steps = (0..usize::BITS).map(|halvings| step >> halvings);
    let steps = steps.take_while(|&pages| pages > needed).chain([needed]);
    let pages = steps
        .into_iter()
        .find(|&pages| memory_grow(0, pages) != usize::MAX)?;
    Some(pages * PAGE)
}

// SAFETY: what `memory_grow` gives belongs to nobody else, and is never given back.
unsafe impl FlexSource for Growth {
    unsafe fn alloc(&mut self, min_size: usize) -> Option<NonNull<[u8]>> {
        let end = memory_size(0) * PAGE;
        let begin = if self.has_begun {
            end
        } else {
            let start = (&raw const __heap_base).addr();
            start.next_multiple_of(PAGE).min(end)
        };
        let mut len = end - begin;
        if len < min_size {
            // What is new follows what there was.
            len += grow(min_size - len)?;
        }
        self.has_begun = true;
        // The very last page is left alone: its end would not be an address.
        let start = NonNull::new(begin as *mut u8)?;
        Some(NonNull::slice_from_raw_parts(start, len))
    }

    unsafe fn realloc_inplace_grow(
        &mut self,
        ptr: NonNull<[u8]>,
        min_size: usize,
    ) -> Option<usize> {
        let len = ptr.len();
        if ptr.as_ptr().cast::<u8>() as usize + len != memory_size(0) * PAGE {
            return None;
        }
        Some(len + grow(min_size - len)?)
    }

    fn supports_realloc_inplace_grow(&self) -> bool {
        true
    }

    fn min_align(&self) -> usize {
        PAGE
    }
}

/// Sizes up to 4 GiB, in 28 classes by powers of two, each in 16.
type Heap = FlexTlsf<Growth, u32, u16, 28, 16>;

struct Allocator(UnsafeCell<Heap>);

// SAFETY: there is one thread.
unsafe impl Sync for Allocator {}

// SAFETY: the heap's own contracts are those of `GlobalAlloc`; no call comes in while another is under way.
unsafe impl GlobalAlloc for Allocator {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        let heap = unsafe { &mut *self.0.get() };
        heap.allocate(layout)
            .map_or(std::ptr::null_mut(), NonNull::as_ptr)
    }

    unsafe fn dealloc(&self, ptr: *mut u8, layout: Layout) {
        let heap = unsafe { &mut *self.0.get() };
        unsafe { heap.deallocate(NonNull::new_unchecked(ptr), layout.align()) };
    }

    unsafe fn realloc(&self, ptr: *mut u8, layout: Layout, new_size: usize) -> *mut u8 {
        let heap = unsafe { &mut *self.0.get() };
        let moved = unsafe {
            let layout = Layout::from_size_align_unchecked(new_size, layout.align());
            heap.reallocate(NonNull::new_unchecked(ptr), layout)
        };
        moved.map_or(std::ptr::null_mut(), NonNull::as_ptr)
    }
}

#[global_allocator]
static ALLOCATOR: Allocator = Allocator(UnsafeCell::new(Heap::new(Growth { has_begun: false })));
