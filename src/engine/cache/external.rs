//! Keys that the caller keeps, and by which it finds the slots itself: the engine has an entry, and a hash for the policy.

use super::super::OutOfMemory;
use super::super::entry::Slot;
use super::super::key::Key;
use super::{Cache, SetError, Stored};

impl Cache {
    /// Stores an entry whose key the caller keeps and finds by itself, under which it has nothing stored. `hash` is the
    /// caller's hash of the key, of which the policy makes use; equal keys have equal ones. Otherwise like
    /// [`set`](Cache::set).
    pub fn set_external(
        &mut self,
        hash: u32,
        expiry: f64,
        weight: f64,
        now: f64,
    ) -> Result<Stored, SetError> {
        self.catch_up();
        let hash = self.hasher.hash_external(hash);
        if let Some(slot) = self.replace_external(hash, expiry, now)? {
            return Ok(Stored {
                slot,
                inserted: true,
            });
        }
        self.insert_hashed(hash, Key::EXTERNAL, expiry, weight, now)
    }

    /// In a full cache of entries that are nothing but keys: puts one in the place of the one that has to leave, if
    /// the key of that is the caller's as well. It is what `insert_hashed` would do, with about 260 instructions less.
    #[inline(never)]
    fn replace_external(
        &mut self,
        hash: u32,
        expiry: f64,
        now: f64,
    ) -> Result<Option<Slot>, OutOfMemory> {
        if self.slab.len() < self.max_entries || !self.has_bare_entries() {
            return Ok(None);
        }
        self.begin();
        let Some((slot, reason)) = self.next_to_leave(now) else {
            return Ok(None);
        };
        if !self.slab.at(slot).key.is_external() {
            return Ok(None);
        }
        self.reserve_removals(1, 0)?;
        self.reserve_expiry(slot, expiry)?;
        self.removed.push(slot, reason, Key::EXTERNAL, None);
        self.detach(slot);
        self.slab.at_mut(slot).hash = hash;
        self.put_expiry(slot, expiry);
        self.attach(slot);
        Ok(Some(slot))
    }

    /// Takes over the key of an entry, which its caller has kept until now; nothing else may be stored under it.
    /// Nothing but this changes. Panics where nothing is stored, or the key is here already.
    pub fn give_key(&mut self, slot: Slot, key: Key<'_>) -> Result<(), OutOfMemory> {
        assert!(self.slab.is_occupied(slot), "nothing is stored there");
        assert!(self.slab.at(slot).key.is_external(), "it has its key");
        let hash = self.hasher.hash(key);
        debug_assert_eq!(self.find_hashed(hash, key), None, "the key is there");
        self.reserve_index(hash)?;
        let key = self.slab.hold(hash, key)?;
        self.slab.change_key(slot, hash, key);
        self.index.insert(hash, slot);
        Ok(())
    }

    /// [`rename`](Cache::rename) to a key that the caller keeps; `there`: what is stored under that. The hash is that of
    /// [`set_external`](Cache::set_external).
    pub fn rename_external(
        &mut self,
        slot: Slot,
        hash: u32,
        there: Option<Slot>,
        now: f64,
    ) -> Result<(), SetError> {
        let hash = self.hasher.hash_external(hash);
        self.rename_hashed(slot, hash, Key::EXTERNAL, there, now)
    }
}
