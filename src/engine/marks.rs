//! What the eviction policy knows of each entry besides its queue: small and dense, for hits look at nothing else.
//!
//! Before the marks by slot stands another one: what the mark of an entry looks like on which a hit would change
//! nothing. So whoever finds entries by itself can tell which hits it need not report.

use std::ops::{Index, IndexMut};

use super::OutOfMemory;

/// What the policy knows of an entry.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[repr(C)]
pub struct Mark {
    /// In which of its queues the entry is, and how often it was used; [`Mark::VACANT`] where there is no entry.
    pub tag: u8,
    /// When the entry was last used, by the policy's own clock.
    pub stamp: u8,
}

impl Mark {
    /// The tag of a slot without an entry.
    pub const VACANT: u8 = u8::MAX;
    /// The bits, those of the tag below those of the stamp, in which a mark is to be compared with the quiet one.
    pub const QUIET_BITS: u16 = 0xff03;
}

const FIRST: usize = 16;

/// The quiet mark, and the marks by slot. Empty before anything is stored.
#[derive(Default)]
pub struct Marks(Vec<Mark>);

impl Marks {
    /// Makes sure that a slot has a mark. They are moved only if it had none.
    #[inline]
    pub fn try_cover(&mut self, slot: usize) -> Result<(), OutOfMemory> {
        if slot + 1 < self.0.len() {
            return Ok(());
        }
        self.grow(slot)
    }

    #[cold]
    #[inline(never)]
    fn grow(&mut self, slot: usize) -> Result<(), OutOfMemory> {
        let len = (2 * slot).max(FIRST) + 1;
        let missing = len - self.0.len();
        self.0.try_reserve_exact(missing).map_err(|_| OutOfMemory)?;
        let (tag, stamp) = (Mark::VACANT, 0);
        self.0.resize(len, Mark { tag, stamp });
        Ok(())
    }

    /// The mark of a slot, if it has one.
    #[inline]
    pub fn get(&self, slot: usize) -> Option<Mark> {
        self.0.get(slot + 1).copied()
    }

    /// Says on what marks a hit changes nothing, in [`Mark::QUIET_BITS`].
    #[inline]
    pub fn set_quiet(&mut self, mark: Mark) {
        if let Some(quiet) = self.0.first_mut() {
            *quiet = mark;
        }
    }

    /// That, and the marks by slot.
    pub fn all(&self) -> &[Mark] {
        &self.0
    }

    /// Bytes held.
    pub fn memory(&self) -> usize {
        self.0.capacity() * size_of::<Mark>()
    }
}

impl Index<usize> for Marks {
    type Output = Mark;

    #[inline]
    fn index(&self, slot: usize) -> &Mark {
        &self.0[slot + 1]
    }
}

impl IndexMut<usize> for Marks {
    #[inline]
    fn index_mut(&mut self, slot: usize) -> &mut Mark {
        &mut self.0[slot + 1]
    }
}
