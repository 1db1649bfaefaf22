//! The cache: what an operation does to the index, the order, the expirations and the policy together.
//!
//! Every operation first makes sure of all the memory that it needs and then cannot fail, so an error leaves
//! everything as it was.

use super::OutOfMemory;
use super::entry::{NONE, Slot};
use super::expiry::ExpiryIndex;
use super::hash::Hasher;
use super::index::Index;
use super::key::{Key, Kind, StoredKey};
use super::order::{Order, Position};
use super::pending::Pending;
pub use super::policy::oldest;
use super::policy::{Eviction, Lru, Policy, TinyLfu};
use super::removed::{Reason, Removed};
use super::segments::Segments;
use super::slab::Slab;
use super::stats::Stats;
use super::values::Values;

mod board;
mod config;
mod copies;
mod external;
mod recency;
mod room;
mod snapshot;
mod take_over;
mod write_behind;

pub use board::Board;
pub use config::{Config, EvictionKind, SetError, Stored};
use room::{Room, Weights};
pub use take_over::Kept;
pub use write_behind::{MOST_WRITES, Place, Write};

/// A cache of keys. Values are kept by the caller, one per slot, or as bytes by the engine.
pub struct Cache {
    slab: Slab,
    index: Index,
    order: Order,
    hasher: Hasher,
    eviction: Eviction,
    expiries: Option<ExpiryIndex>,
    weights: Option<Weights>,
    max_entries: usize,
    stats: Option<Stats>,
    removed: Removed,
    /// The values, where the engine keeps them.
    values: Option<Values>,
    pending: Pending,
    /// Where the board was, and how long, when it was asked for.
    told: (usize, usize),
    /// Where the next purge without an index of expirations goes on.
    hand: Slot,
    /// How much the caller may do by itself before the engine does it: memory is reserved for that.
    writes_left: usize,
}

impl Cache {
    /// An empty cache. It holds no memory until something is stored.
    pub fn new(config: Config) -> Cache {
        let weighed = config.max_bytes < f64::INFINITY;
        let bounded = weighed || config.max_entries < usize::MAX;
        let is_queued = bounded && config.eviction == EvictionKind::Adaptive;
        Cache {
            slab: Slab::new(is_queued),
            index: Index::default(),
            order: Order::default(),
            hasher: Hasher::new(config.seed),
            eviction: match config.eviction {
                _ if !bounded => Eviction::None,
                EvictionKind::Lru => Eviction::Lru(Lru::default()),
                EvictionKind::Adaptive => Eviction::TinyLfu(TinyLfu::default()),
            },
            expiries: (bounded || config.index_expiries).then(ExpiryIndex::default),
            weights: weighed.then_some(Weights {
                of: Segments::default(),
                total: 0.0,
                max: config.max_bytes,
            }),
            max_entries: config.max_entries.max(1),
            stats: config.statistics.then(Stats::default),
            removed: Removed::new(config.report_keys),
            values: config.values.then(Values::default),
            pending: Pending::default(),
            told: board::NOWHERE,
            hand: 0,
            writes_left: 0,
        }
    }

    /// Entries stored, expired ones included.
    #[inline]
    pub fn len(&self) -> usize {
        self.slab.len()
    }

    /// Whether nothing is stored.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The weight of all entries together; 0 where it is neither bounded nor known to the engine.
    pub fn weight(&self) -> f64 {
        match &self.weights {
            Some(weights) => weights.total,
            None => self.copied_weight(),
        }
    }

    /// The slot under which a key is stored, expired or not. Changes and counts nothing. O(1).
    #[inline]
    pub fn find(&self, key: Key<'_>) -> Option<Slot> {
        self.find_hashed(self.hasher.hash(key), key)
    }

    /// The same, with when the entry expires.
    #[inline]
    pub fn find_with_expiry(&self, key: Key<'_>) -> Option<(Slot, f64)> {
        let slot = self.find(key)?;
        Some((slot, self.slab.at(slot).expiry))
    }

    #[inline]
    fn find_hashed(&self, hash: u32, key: Key<'_>) -> Option<Slot> {
        let sought = StoredKey::new(hash, key);
        self.index
            .find(hash, |slot| self.slab.has_key(slot, &sought, key.bytes))
    }

    /// A lookup as a cache's user means it: a hit counts as a use, an expired entry is removed. O(1).
    pub fn get(&mut self, key: Key<'_>, now: f64) -> Option<Slot> {
        self.begin();
        let live = match self.find(key) {
            Some(slot) if self.slab.at(slot).expiry <= now => {
                // Should the removal find no memory for its report, the entry stays: expired as before.
                let _stays_if_it_fails = self.remove(slot, Reason::Expired);
                None
            }
            found => found,
        };
        match live {
            Some(slot) => self.hit(slot),
            None => self.miss(1),
        }
        live
    }

    /// When an entry expires, in milliseconds since the epoch; infinite: never, or no such entry.
    #[inline]
    pub fn expiry(&self, slot: Slot) -> f64 {
        if self.slab.is_occupied(slot) {
            self.slab.at(slot).expiry
        } else {
            f64::INFINITY
        }
    }

    /// The key stored at a slot.
    pub fn key(&self, slot: Slot) -> Option<Key<'_>> {
        self.slab.is_occupied(slot).then(|| self.slab.key(slot))
    }

    /// Takes note of a lookup that hit.
    #[inline]
    pub fn hit(&mut self, slot: Slot) {
        if self.slab.is_occupied(slot) {
            self.eviction.hit(&mut self.slab, slot);
            if let Some(stats) = &mut self.stats {
                stats.hits += 1;
            }
        }
    }

    /// The lookups that hit and are not taken note of yet. They stay at this place as long as the cache does.
    pub fn pending(&self) -> &Pending {
        &self.pending
    }

    /// Takes note of them.
    #[inline]
    pub fn catch_up(&mut self) {
        if !self.pending.is_empty() {
            self.replay();
        }
    }

    #[inline(never)]
    fn replay(&mut self) {
        let slots = self.pending.take();
        if let Some(stats) = &mut self.stats {
            stats.hits += slots.len() as u64;
        }
        self.eviction.hits(&mut self.slab, slots);
    }

    /// Takes note of lookups that missed.
    #[inline]
    pub fn miss(&mut self, lookups: u32) {
        if let Some(stats) = &mut self.stats {
            stats.misses += u64::from(lookups);
        }
    }

    /// Stores an entry, or a new value for it. Room is made first: what has expired at `now` goes before what
    /// has not. A replaced value keeps the entry's place in the order. O(1), O(log n) where it expires out of turn: see the
    /// module `expiry`.
    pub fn set(
        &mut self,
        key: Key<'_>,
        expiry: f64,
        weight: f64,
        now: f64,
    ) -> Result<Stored, SetError> {
        self.catch_up();
        let hash = self.hasher.hash(key);
        match self.find_hashed(hash, key) {
            Some(slot) => self.store(slot, expiry, weight, now),
            None => self.insert_hashed(hash, key, expiry, weight, now),
        }
    }

    #[inline(never)]
    fn insert_hashed(
        &mut self,
        hash: u32,
        key: Key<'_>,
        expiry: f64,
        weight: f64,
        now: f64,
    ) -> Result<Stored, SetError> {
        self.begin();
        self.check_weight(weight)?;
        self.slab.try_reserve()?;
        if key.kind != Kind::External {
            self.reserve_index(hash)?;
        }
        let end = self.slab.slots() + 1;
        self.eviction.try_reserve(&self.slab, 1, end)?;
        let next = self.slab.next_slot();
        self.reserve_expiry(next, expiry)?;
        if let Some(weights) = &mut self.weights {
            weights.of.try_cover(next as usize, 0.0)?;
        }
        let key = self.slab.hold(hash, key)?;
        let room = Room {
            entries: 1,
            weight,
            expiry,
            reported: 0,
        };
        if let Err(error) = self.make_room(&room, now) {
            self.slab.release(key);
            return Err(error.into());
        }

        let slot = self.slab.insert(hash, key, expiry);
        if expiry < f64::INFINITY
            && let Some(expiries) = &mut self.expiries
        {
            expiries.update(&mut self.slab, slot);
        }
        if let Some(weights) = &mut self.weights {
            weights.put(slot, weight);
        }
        self.attach(slot);
        if let Some(stats) = &mut self.stats {
            stats.sets += 1;
        }
        Ok(Stored {
            slot,
            inserted: true,
        })
    }

    /// Stores a new value, and expiry, at a slot that is occupied. Otherwise like [`set`](Cache::set). Panics where
    /// nothing is stored.
    pub fn store(
        &mut self,
        slot: Slot,
        expiry: f64,
        weight: f64,
        now: f64,
    ) -> Result<Stored, SetError> {
        assert!(self.slab.is_occupied(slot), "nothing is stored there");
        self.catch_up();
        self.begin();
        self.check_weight(weight)?;
        self.reserve_expiry(slot, expiry)?;
        let entry = self.slab.at(slot);
        let reason = Reason::of_replaced(entry.expiry, now);
        let is_told = self.removed.keeps_keys();
        let len = entry.key.len();
        if is_told {
            self.reserve_removals(1, len)?;
        }
        if self.weights.is_some() && weight != self.weight_of(slot) {
            self.reweigh(slot, weight, expiry, len, now)?;
        }
        let value = self.drop_value(slot);
        if is_told {
            self.removed.push(slot, reason, self.slab.key(slot), value);
            self.removed.last_first();
        }
        self.put_expiry(slot, expiry);
        self.eviction.hit(&mut self.slab, slot);
        if let Some(stats) = &mut self.stats {
            stats.sets += 1;
            stats.removed(reason);
        }
        Ok(Stored {
            slot,
            inserted: false,
        })
    }

    /// Changes when an entry expires. O(1), O(log n) for one out of turn.
    pub fn set_expiry(&mut self, slot: Slot, expiry: f64) -> Result<(), OutOfMemory> {
        self.begin();
        if self.slab.is_occupied(slot) {
            self.reserve_expiry(slot, expiry)?;
            self.put_expiry(slot, expiry);
        }
        Ok(())
    }

    /// Removes an entry. Whether there was one. O(1), O(log n) where it expires out of turn.
    pub fn remove(&mut self, slot: Slot, reason: Reason) -> Result<bool, OutOfMemory> {
        self.catch_up();
        self.begin();
        if !self.slab.is_occupied(slot) {
            return Ok(false);
        }
        self.reserve_removals(1, self.slab.at(slot).key.len())?;
        self.take(slot, reason);
        Ok(true)
    }

    /// Moves an entry to another key, with its expiry and weight, as if newly inserted there. What was stored
    /// under that key is removed, as replaced, or as expired if it had at `now`. Panics where nothing is stored.
    pub fn rename(&mut self, slot: Slot, to: Key<'_>, now: f64) -> Result<(), SetError> {
        let hash = self.hasher.hash(to);
        let there = self.find_hashed(hash, to);
        self.rename_hashed(slot, hash, to, there, now)
    }

    fn rename_hashed(
        &mut self,
        slot: Slot,
        hash: u32,
        to: Key<'_>,
        there: Option<Slot>,
        now: f64,
    ) -> Result<(), SetError> {
        assert!(self.slab.is_occupied(slot), "nothing is stored there");
        self.catch_up();
        self.begin();
        let there = there.filter(|&there| there != slot);
        if to.kind != Kind::External {
            self.reserve_index(hash)?;
        }
        let replaced = there.map_or(0, |there| self.slab.at(there).key.len());
        self.reserve_removals(1, replaced)?;
        let key = self.slab.hold(hash, to)?;
        if let Err(error) = self.reweigh_key(slot, to.bytes.len(), replaced, now) {
            self.slab.release(key);
            return Err(error);
        }
        // Not if it had to make room.
        if let Some(there) = there.filter(|&there| self.slab.is_occupied(there)) {
            let reason = Reason::of_replaced(self.slab.at(there).expiry, now);
            self.take(there, reason);
        }
        self.detach(slot);
        self.slab.change_key(slot, hash, key);
        self.attach(slot);
        Ok(())
    }

    /// Removes up to `limit` entries that have expired at `now`; how many is the length of the report. Fewer if there is
    /// no memory to report more. O(1) for each, O(log n) for one out of turn; or O(n) where expirations are not kept in
    /// order.
    pub fn purge(&mut self, now: f64, limit: usize) -> Result<usize, OutOfMemory> {
        self.catch_up();
        self.begin();
        let (mut purged, mut unseen) = (0, self.slab.slots());
        while purged < limit
            && let Some(slot) = self.next_expired(now, &mut unseen)
        {
            match self.reserve_removals(1, self.slab.at(slot).key.len()) {
                Err(error) if purged == 0 => return Err(error),
                Err(_) => break,
                Ok(()) => self.take(slot, Reason::Expired),
            }
            purged += 1;
        }
        Ok(purged)
    }

    /// An expired entry: the first to expire or, where expirations are not kept in order, the next one found among the
    /// `unseen` slots that follow the one where the last search ended.
    fn next_expired(&mut self, now: f64, unseen: &mut usize) -> Option<Slot> {
        if let Some(expiries) = &self.expiries {
            return expiries.expired(&self.slab, now);
        }
        while *unseen > 0 {
            *unseen -= 1;
            self.hand += 1;
            if self.hand as usize >= self.slab.slots() {
                self.hand = 0;
            }
            if self.slab.is_occupied(self.hand) && self.slab.at(self.hand).expiry <= now {
                return Some(self.hand);
            }
        }
        None
    }

    /// Removes everything and gives the memory back. It is reported only where keys are.
    pub fn clear(&mut self) -> Result<(), OutOfMemory> {
        self.catch_up();
        self.begin();
        if self.removed.keeps_keys() {
            let keys = self
                .slab
                .occupied()
                .map(|slot| self.slab.at(slot).key.len());
            self.reserve_removals(self.slab.len(), keys.sum())?;
            let mut slot = self.order.first();
            while slot != NONE {
                let value = self.drop_value(slot);
                self.removed
                    .push(slot, Reason::Flushed, self.slab.key(slot), value);
                slot = self.slab.at(slot).order.next;
            }
        }
        if let Some(values) = &mut self.values {
            values.clear();
        }
        self.slab.clear();
        self.index.clear();
        self.order.clear();
        self.eviction.clear();
        if let Some(expiries) = &mut self.expiries {
            expiries.clear();
        }
        if let Some(weights) = &mut self.weights {
            weights.of = Segments::default();
            weights.total = 0.0;
        }
        Ok(())
    }

    /// The next entry of an iteration in insertion order, and the position to go on from; see [`Order::advance`].
    #[inline(never)]
    pub fn advance(&mut self, position: Position) -> Option<(Slot, Position)> {
        self.order.advance(&self.slab, position)
    }

    /// What the last operation removed.
    #[inline]
    pub fn removed(&self) -> &Removed {
        &self.removed
    }

    /// The statistics, if they are counted.
    pub fn stats(&mut self) -> Option<Stats> {
        self.catch_up();
        self.stats
    }

    /// Counts from 0 again.
    pub fn reset_stats(&mut self) {
        self.catch_up();
        if let Some(stats) = &mut self.stats {
            *stats = Stats::default();
        }
    }

    /// Bytes held: entries, index, queues, the keys that do not fit into their entries, and the values that the
    /// engine keeps. O(n / 1,024).
    pub fn memory(&self) -> usize {
        size_of::<Cache>()
            + self.values.as_ref().map_or(0, Values::memory)
            + self.slab.memory()
            + self.index.memory()
            + self.eviction.memory()
            + self.removed.memory()
            + self.expiries.as_ref().map_or(0, ExpiryIndex::memory)
            + self
                .weights
                .as_ref()
                .map_or(0, |weights| weights.of.memory())
    }

    /// Panics unless every part is whole and all agree. For tests: O(n).
    pub fn validate(&self) {
        self.slab.validate();
        self.index.validate(&self.slab);
        self.order.validate(&self.slab);
        self.eviction
            .validate(&self.slab, Weights::of_entries(&self.weights));
        if let Some(expiries) = &self.expiries {
            expiries.validate(&self.slab);
        }
        self.validate_copies();
        assert!(self.slab.len() <= self.max_entries, "the bound on entries");
        if let Some(weights) = &self.weights {
            let total: f64 = self
                .slab
                .occupied()
                .map(|slot| weights.of[slot as usize])
                .sum();
            assert_eq!(total, weights.total, "the weight of all entries");
            assert!(total <= weights.max, "the bound on bytes");
        }
    }

    /// Forgets the report of the last operation, and the places that were given.
    #[inline]
    fn begin(&mut self) {
        self.writes_left = 0;
        if let Some(values) = &mut self.values {
            for value in self.removed.values() {
                values.remove_loose(value);
            }
        }
        self.removed.clear();
    }

    /// Makes sure that so many removals can be reported, with keys of so many bytes.
    #[inline]
    fn reserve_removals(&mut self, removals: usize, bytes: usize) -> Result<(), OutOfMemory> {
        if let Some(values) = &mut self.values
            && self.removed.keeps_keys()
        {
            values.try_reserve_loose(removals)?;
        }
        self.removed.try_reserve(removals, bytes)
    }

    #[inline]
    fn reserve_index(&mut self, hash: u32) -> Result<(), OutOfMemory> {
        let slots = self.slab.slots() + 1;
        self.index.try_reserve(&self.slab, hash, slots)
    }

    #[inline]
    fn reserve_expiry(&mut self, slot: Slot, expiry: f64) -> Result<(), OutOfMemory> {
        match &mut self.expiries {
            Some(expiries) if expiry < f64::INFINITY => expiries.try_reserve(slot),
            _ => Ok(()),
        }
    }

    #[inline]
    fn put_expiry(&mut self, slot: Slot, expiry: f64) {
        let before = std::mem::replace(&mut self.slab.at_mut(slot).expiry, expiry);
        if before != expiry
            && let Some(expiries) = &mut self.expiries
        {
            expiries.update(&mut self.slab, slot);
        }
    }

    /// Adds an entry to the index, the order and the policy's queues. They have room for it.
    #[inline(never)]
    fn attach(&mut self, slot: Slot) {
        let entry = self.slab.at(slot);
        if !entry.key.is_external() {
            self.index.insert(entry.hash, slot);
        }
        self.order.push(&mut self.slab, slot);
        let weights = Weights::of_entries(&self.weights);
        self.eviction.insert(&mut self.slab, slot, weights);
    }

    /// Takes an entry out of them.
    #[inline(never)]
    fn detach(&mut self, slot: Slot) {
        let weight = self.weight_of(slot);
        self.eviction.remove(&mut self.slab, slot, weight);
        self.order.unlink(&mut self.slab, slot);
        let entry = self.slab.at(slot);
        if !entry.key.is_external() {
            self.index.remove(entry.hash, slot);
        }
    }

    /// Removes an occupied entry from everywhere. The report has room for it.
    #[inline(never)]
    fn take(&mut self, slot: Slot, reason: Reason) {
        self.detach(slot);
        if let Some(weights) = &mut self.weights {
            weights.put(slot, 0.0);
        }
        if let Some(expiries) = &mut self.expiries {
            expiries.remove(&mut self.slab, slot);
        }
        let value = self.drop_value(slot);
        self.removed.push(slot, reason, self.slab.key(slot), value);
        self.slab.remove(slot);
        if let Some(stats) = &mut self.stats {
            stats.removed(reason);
        }
    }
}
