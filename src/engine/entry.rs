//! One entry: all that a lookup touches, in half a cache line of 64 bytes.

use super::key::StoredKey;

/// The number of an entry: its place in the slab. Small, dense, and used again once free.
pub type Slot = u32;

/// No slot.
pub const NONE: Slot = u32::MAX;

/// Neighbours in a doubly linked list that runs through the slab.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Links {
    /// The slot before this one, or [`NONE`].
    pub prev: Slot,
    /// The slot after this one, or [`NONE`].
    pub next: Slot,
}

impl Links {
    /// Linked to nothing.
    pub const NONE: Links = Links {
        prev: NONE,
        next: NONE,
    };
}

/// A stored key and what the engine needs to know about it together with the key.
#[derive(Clone, Copy, Debug)]
#[repr(C, align(32))]
pub struct Entry {
    /// When the entry expires, in milliseconds since the epoch; infinite: never.
    pub expiry: f64,
    /// The key; [`StoredKey::VACANT`] where nothing is stored.
    pub key: StoredKey,
    /// The key's hash, kept for the index and for the policy.
    pub hash: u32,
    /// Neighbours in insertion order; while vacant, `next` is the next free slot.
    pub order: Links,
}

impl Entry {
    /// An entry that holds nothing and stands before `next` in the free list.
    pub const fn vacant(next: Slot) -> Entry {
        Entry {
            expiry: f64::INFINITY,
            key: StoredKey::VACANT,
            hash: 0,
            order: Links { prev: NONE, next },
        }
    }

    /// Whether something is stored here.
    #[inline]
    pub fn is_occupied(&self) -> bool {
        !self.key.is_vacant()
    }
}

const _: () = assert!(size_of::<Entry>() == 32);
