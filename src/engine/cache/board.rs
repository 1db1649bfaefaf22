//! Where those who find entries by themselves learn which hits the policy wants to know, and may write them down.

use std::cell::Cell;

use super::super::marks::Mark;
use super::super::policy::Eviction;
use super::Cache;

/// What a policy wants to know of hits.
pub enum Board<'a> {
    /// When each entry was used last, after the clock.
    Stamps(&'a [Cell<u32>]),
    /// What an entry's mark looks like of which it wants to know nothing more, and the marks by slot.
    Marks(&'a [Mark]),
}

impl Cache {
    /// Where a caller that finds entries by itself sees which hits the policy wants to know, as 16 bits each
    /// ([`Marks::all`](super::super::marks::Marks::all)), or writes them down itself, as 32 bits each
    /// ([`Lru::stamps`](super::super::policy::Lru::stamps)). Statistics know nothing of hits that are not told.
    pub fn board(&mut self) -> Board<'_> {
        self.told = self.shown();
        match &mut self.eviction {
            Eviction::Lru(lru) => Board::Stamps(lru.stamps()),
            Eviction::TinyLfu(_) => Board::Marks(self.slab.marks.all()),
            Eviction::None => Board::Stamps(&[]),
        }
    }

    /// Whether that is elsewhere now, or longer. It is moved only by what stores an entry, or gives places for some, and
    /// by what empties the cache.
    #[inline]
    pub fn has_moved(&self) -> bool {
        self.told != self.shown()
    }

    /// Where it is, and how long.
    #[inline]
    fn shown(&self) -> (usize, usize) {
        match &self.eviction {
            Eviction::Lru(lru) => lru.place(),
            Eviction::TinyLfu(_) => {
                let marks = self.slab.marks.all();
                (marks.as_ptr().addr(), marks.len())
            }
            Eviction::None => NOWHERE,
        }
    }
}

/// The place of an empty board.
pub(super) const NOWHERE: (usize, usize) = (0, 0);
