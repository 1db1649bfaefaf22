//! The cache: what an operation does to the index, the order, the expirations and the policy together.
//!
//! Every operation first makes sure of all the memory that it needs and then cannot fail, so an error leaves
//! everything as it was.

use super::OutOfMemory;
use super::entry::{Entry, Links, NONE, Slot};
use super::expiry::ExpiryIndex;
use super::hash::Hasher;
use super::index::Index;
use super::key::{Key, KeyBytes};
use super::order::{Order, Position};
use super::pending::Pending;
use super::policy::{EntryWeights, Eviction, Lru, Policy, S3Fifo};
use super::removed::{Reason, Removed};
use super::slab::Slab;
use super::stats::Stats;
use super::values::Values;

mod copies;
mod recency;
pub mod snapshot;

/// Which eviction policy a bounded cache uses.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum EvictionKind {
    /// Exact least-recently-used.
    Lru,
    /// S3-FIFO's queues with TinyLFU's admission and shares that adapt: the one with the best hit ratio known.
    Adaptive,
}

/// What a cache is made with.
#[derive(Clone, Debug)]
pub struct Config {
    /// Entries at most.
    pub max_entries: usize,
    /// Weight of all entries together at most; infinite: weights are not looked at.
    pub max_bytes: f64,
    /// What leaves when a bound is reached.
    pub eviction: EvictionKind,
    /// Whether [`Cache::stats`] counts.
    pub statistics: bool,
    /// Whether [`Cache::removed`] keeps the keys, and tells of replaced and flushed entries too.
    pub report_keys: bool,
    /// Whether an unbounded cache keeps its entries in the order of expiry, which makes [`Cache::purge`] cost
    /// what it removes. A bounded cache always does.
    pub index_expiries: bool,
    /// Whether the engine keeps the values too, as bytes: see [`Cache::set_value`].
    pub values: bool,
    /// The seed of the hash.
    pub seed: u64,
}

impl Default for Config {
    fn default() -> Config {
        Config {
            max_entries: usize::MAX,
            max_bytes: f64::INFINITY,
            eviction: EvictionKind::Adaptive,
            statistics: false,
            report_keys: false,
            index_expiries: false,
            values: false,
            seed: 0,
        }
    }
}

/// Where a value was stored.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Stored {
    /// The entry's slot.
    pub slot: Slot,
    /// Whether the entry is new; otherwise its value was replaced.
    pub inserted: bool,
}

/// Why nothing was stored.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum SetError {
    /// Memory could not be had.
    OutOfMemory,
    /// The entry is heavier than the whole bound.
    TooLarge,
}

impl From<OutOfMemory> for SetError {
    fn from(_: OutOfMemory) -> SetError {
        SetError::OutOfMemory
    }
}

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
    /// Bytes of the keys that do not fit into their entries.
    key_bytes: usize,
    pending: Pending,
    /// Where the next purge without an index of expirations goes on.
    hand: Slot,
}

/// What the entries weigh, where that is bounded.
struct Weights {
    of: Vec<f64>,
    total: f64,
    max: f64,
}

impl Weights {
    /// What the policy is to know of them.
    #[inline]
    fn of_entries(weights: &Option<Weights>) -> EntryWeights<'_> {
        EntryWeights(weights.as_ref().map(|weights| &weights.of[..]))
    }

    /// Notes what an entry weighs. There is room for one slot more.
    #[inline]
    fn put(&mut self, slot: Slot, weight: f64) {
        let slot = slot as usize;
        if slot == self.of.len() {
            self.of.push(0.0);
        }
        self.total += weight - self.of[slot];
        self.of[slot] = weight;
    }
}

impl Cache {
    /// An empty cache. It holds no memory until something is stored.
    pub fn new(config: Config) -> Cache {
        let weighed = config.max_bytes < f64::INFINITY;
        let bounded = weighed || config.max_entries < usize::MAX;
        Cache {
            slab: Slab::new(bounded),
            index: Index::default(),
            order: Order::default(),
            hasher: Hasher::new(config.seed),
            eviction: match config.eviction {
                _ if !bounded => Eviction::None,
                EvictionKind::Lru => Eviction::Lru(Lru::default()),
                EvictionKind::Adaptive => Eviction::S3Fifo(S3Fifo::default()),
            },
            expiries: (bounded || config.index_expiries).then(ExpiryIndex::default),
            weights: weighed.then_some(Weights {
                of: Vec::new(),
                total: 0.0,
                max: config.max_bytes,
            }),
            max_entries: config.max_entries.max(1),
            stats: config.statistics.then(Stats::default),
            removed: Removed::new(config.report_keys),
            values: config.values.then(Values::default),
            key_bytes: 0,
            pending: Pending::default(),
            hand: 0,
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
        self.index.find(&self.slab, self.hasher.hash(key), key)
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
        self.slab.is_occupied(slot).then(|| {
            let entry = self.slab.at(slot);
            Key {
                kind: entry.kind,
                bytes: entry.key.as_slice(),
            }
        })
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
    /// has not. A replaced value keeps the entry's place in the order. O(1), O(log n) where it expires out of turn: see
    /// [`ExpiryIndex`].
    pub fn set(
        &mut self,
        key: Key<'_>,
        expiry: f64,
        weight: f64,
        now: f64,
    ) -> Result<Stored, SetError> {
        self.catch_up();
        let hash = self.hasher.hash(key);
        if let Some(slot) = self.index.find(&self.slab, hash, key) {
            return self.store(slot, expiry, weight, now);
        }
        self.begin();
        self.check_weight(weight)?;
        let bytes = KeyBytes::try_from_slice(key.bytes).ok_or(OutOfMemory)?;
        self.index.try_reserve()?;
        self.slab.try_reserve()?;
        self.eviction.try_reserve(&self.slab)?;
        self.reserve_expiry(self.slab.next_slot(), expiry)?;
        if let Some(weights) = &mut self.weights {
            weights.of.try_reserve(1).map_err(|_| OutOfMemory)?;
        }
        self.make_room(1, weight, expiry, now)?;

        self.key_bytes += bytes.heap_len();
        let slot = self.slab.insert(Entry {
            expiry,
            key: bytes,
            hash,
            seq: 0,
            order: Links::NONE,
            kind: key.kind,
            occupied: true,
        });
        self.index.insert(hash, slot);
        self.order.push(&mut self.slab, slot);
        if expiry < f64::INFINITY
            && let Some(expiries) = &mut self.expiries
        {
            expiries.update(&mut self.slab, slot);
        }
        if let Some(weights) = &mut self.weights {
            weights.put(slot, weight);
        }
        let weights = Weights::of_entries(&self.weights);
        self.eviction.insert(&mut self.slab, slot, weights);
        if let Some(stats) = &mut self.stats {
            stats.sets += 1;
        }
        Ok(Stored {
            slot,
            inserted: true,
        })
    }

    /// Stores a new value, and expiry, at a slot that is occupied. Otherwise like [`set`](Cache::set).
    pub fn store(
        &mut self,
        slot: Slot,
        expiry: f64,
        weight: f64,
        now: f64,
    ) -> Result<Stored, SetError> {
        self.catch_up();
        self.begin();
        self.check_weight(weight)?;
        self.reserve_expiry(slot, expiry)?;
        let entry = self.slab.at(slot);
        let kind = entry.kind;
        let reason = if entry.expiry <= now {
            Reason::Expired
        } else {
            Reason::Replaced
        };
        let key = match self.removed.keeps_keys() {
            true => Some(KeyBytes::try_from_slice(entry.key.as_slice()).ok_or(OutOfMemory)?),
            false => None,
        };
        self.reserve_removals(1)?;
        if self.weights.is_some() && weight != self.weight_of(slot) {
            self.reweigh(slot, weight, expiry, now)?;
        }
        let value = self.drop_value(slot);
        if let Some(key) = key {
            self.removed.push(slot, reason, kind, key, value);
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
        self.reserve_removals(1)?;
        self.take(slot, reason);
        Ok(true)
    }

    /// Moves an entry to another key, with its expiry and weight, as if newly inserted there. What was stored
    /// under that key is removed, as replaced, or as expired if it had at `now`.
    pub fn rename(&mut self, slot: Slot, to: Key<'_>, now: f64) -> Result<(), SetError> {
        self.catch_up();
        self.begin();
        let hash = self.hasher.hash(to);
        let key = KeyBytes::try_from_slice(to.bytes).ok_or(OutOfMemory)?;
        self.index.try_reserve()?;
        self.reserve_removals(1)?;
        let (old_bytes, new_bytes) = (self.slab.at(slot).key.heap_len(), key.heap_len());
        if self.values.is_some() && self.weights.is_some() && old_bytes != new_bytes {
            let weight = self.weight_of(slot) + new_bytes as f64 - old_bytes as f64;
            self.check_weight(weight)?;
            let expiry = self.slab.at(slot).expiry;
            self.reweigh(slot, weight, expiry, now)?;
        }
        let there = self.index.find(&self.slab, hash, to);
        if let Some(there) = there
            && there != slot
        {
            let expired = self.slab.at(there).expiry <= now;
            self.take(
                there,
                if expired {
                    Reason::Expired
                } else {
                    Reason::Replaced
                },
            );
        }
        let weight = self.weight_of(slot);
        self.eviction.remove(&mut self.slab, slot, weight);
        self.index.remove(self.slab.at(slot).hash, slot);
        self.order.unlink(&mut self.slab, slot);
        self.key_bytes = self.key_bytes + new_bytes - old_bytes;
        let entry = self.slab.at_mut(slot);
        entry.key = key;
        entry.kind = to.kind;
        entry.hash = hash;
        self.index.insert(hash, slot);
        self.order.push(&mut self.slab, slot);
        let weights = Weights::of_entries(&self.weights);
        self.eviction.insert(&mut self.slab, slot, weights);
        Ok(())
    }

    /// Removes up to `limit` entries that have expired at `now`; how many is the length of the report. O(their
    /// number) and O(log n) for each, or O(n) where expirations are not kept in order.
    pub fn purge(&mut self, now: f64, limit: usize) -> Result<usize, OutOfMemory> {
        self.catch_up();
        self.begin();
        let expired = match &self.expiries {
            Some(expiries) => expiries.all_expired(&self.slab, now, limit)?,
            None => self.sweep(now, limit)?,
        };
        self.reserve_removals(expired.len())?;
        // The last found lie deepest in the heap: from there, removal is cheapest.
        for &slot in expired.iter().rev() {
            self.take(slot, Reason::Expired);
        }
        Ok(expired.len())
    }

    /// Removes everything and gives the memory back. It is reported only where keys are.
    pub fn clear(&mut self) -> Result<(), OutOfMemory> {
        self.catch_up();
        self.begin();
        if self.removed.keeps_keys() {
            self.reserve_removals(self.slab.len())?;
            let mut slot = self.order.first();
            while slot != NONE {
                let value = self.drop_value(slot);
                let entry = self.slab.at_mut(slot);
                let key = std::mem::replace(&mut entry.key, KeyBytes::EMPTY);
                self.removed
                    .push(slot, Reason::Flushed, entry.kind, key, value);
                slot = entry.order.next;
            }
        }
        if let Some(values) = &mut self.values {
            values.clear();
        }
        self.key_bytes = 0;
        self.slab.clear();
        self.index.clear();
        self.order.clear();
        self.eviction.clear();
        if let Some(expiries) = &mut self.expiries {
            expiries.clear();
        }
        if let Some(weights) = &mut self.weights {
            weights.of = Vec::new();
            weights.total = 0.0;
        }
        Ok(())
    }

    /// The next entry of an iteration in insertion order, and the position to go on from; see [`Order::advance`].
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
            + self.key_bytes
            + self.values.as_ref().map_or(0, Values::memory)
            + self.slab.memory()
            + self.index.memory()
            + self.eviction.memory()
            + self.removed.memory()
            + self.expiries.as_ref().map_or(0, ExpiryIndex::memory)
            + self
                .weights
                .as_ref()
                .map_or(0, |weights| weights.of.capacity() * size_of::<f64>())
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
            let total: f64 = (0..self.slab.slots() as Slot)
                .filter(|&slot| self.slab.is_occupied(slot))
                .map(|slot| weights.of[slot as usize])
                .sum();
            assert_eq!(total, weights.total, "the weight of all entries");
            assert!(total <= weights.max, "the bound on bytes");
        }
    }

    /// Forgets the report of the last operation.
    #[inline]
    fn begin(&mut self) {
        if let Some(values) = &mut self.values {
            for value in self.removed.values() {
                values.remove_loose(value);
            }
        }
        self.removed.clear();
    }

    /// Makes sure that so many removals can be reported.
    #[inline]
    fn reserve_removals(&mut self, removals: usize) -> Result<(), OutOfMemory> {
        if let Some(values) = &mut self.values
            && self.removed.keeps_keys()
        {
            values.try_reserve_loose(removals)?;
        }
        self.removed.try_reserve(removals)
    }

    fn check_weight(&self, weight: f64) -> Result<(), SetError> {
        match &self.weights {
            Some(weights) if weight > weights.max => Err(SetError::TooLarge),
            _ => Ok(()),
        }
    }

    /// Removes entries until `entries` more that weigh `weight` fit, so that the next one, should it expire, finds room
    /// with its expiration too.
    #[inline]
    fn make_room(
        &mut self,
        entries: usize,
        weight: f64,
        expiry: f64,
        now: f64,
    ) -> Result<(), OutOfMemory> {
        while self.slab.len() + entries > self.max_entries
            || self
                .weights
                .as_ref()
                .is_some_and(|weights| weights.total + weight > weights.max)
        {
            // The caller may have one more to report.
            self.reserve_removals(2)?;
            let expired = self
                .expiries
                .as_ref()
                .and_then(|expiries| expiries.expired(&self.slab, now));
            let (victim, reason) = match expired {
                Some(slot) => (Some(slot), Reason::Expired),
                None => {
                    let weights = Weights::of_entries(&self.weights);
                    let victim = self.eviction.victim(&mut self.slab, weights);
                    (victim, Reason::Evicted)
                }
            };
            let Some(slot) = victim else {
                break;
            };
            // What is stored next is stored in its place.
            self.reserve_expiry(slot, expiry)?;
            self.take(slot, reason);
        }
        Ok(())
    }

    /// Gives an entry another weight, and makes room if it is greater. The entry itself does not have to go, though it
    /// may have expired: it is about to expire at `expiry`.
    #[inline(never)]
    fn reweigh(
        &mut self,
        slot: Slot,
        weight: f64,
        expiry: f64,
        now: f64,
    ) -> Result<(), OutOfMemory> {
        let old = self.weight_of(slot);
        let before = self.slab.at(slot).expiry;
        self.reserve_expiry(slot, before.min(expiry))?;
        self.eviction.set_aside(&mut self.slab, slot, old);
        self.put_expiry(slot, f64::INFINITY);
        let room = self.make_room(0, weight - old, expiry, now);
        if let (Ok(()), Some(weights)) = (room, &mut self.weights) {
            weights.put(slot, weight);
        }
        self.put_expiry(slot, if room.is_ok() { expiry } else { before });
        let weights = Weights::of_entries(&self.weights);
        self.eviction.put_back(&mut self.slab, slot, weights);
        room
    }

    fn weight_of(&self, slot: Slot) -> f64 {
        self.weights
            .as_ref()
            .map_or(1.0, |weights| weights.of[slot as usize])
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

    /// Removes an occupied entry from everywhere. The report has room for it.
    #[inline]
    fn take(&mut self, slot: Slot, reason: Reason) {
        let weight = self.weight_of(slot);
        self.eviction.remove(&mut self.slab, slot, weight);
        if let Some(weights) = &mut self.weights {
            weights.total -= weight;
            weights.of[slot as usize] = 0.0;
        }
        if let Some(expiries) = &mut self.expiries {
            expiries.remove(&mut self.slab, slot);
        }
        self.order.unlink(&mut self.slab, slot);
        let value = self.drop_value(slot);
        let entry = self.slab.remove(slot);
        self.index.remove(entry.hash, slot);
        self.key_bytes -= entry.key.heap_len();
        self.removed
            .push(slot, reason, entry.kind, entry.key, value);
        if let Some(stats) = &mut self.stats {
            stats.removed(reason);
        }
    }

    /// Up to `limit` expired entries, looked for in the order of slots from where the last sweep ended.
    fn sweep(&mut self, now: f64, limit: usize) -> Result<Vec<Slot>, OutOfMemory> {
        let mut found = Vec::new();
        let slots = self.slab.slots() as Slot;
        for _ in 0..slots {
            if found.len() >= limit {
                break;
            }
            self.hand = if self.hand + 1 < slots {
                self.hand + 1
            } else {
                0
            };
            if self.slab.is_occupied(self.hand) && self.slab.at(self.hand).expiry <= now {
                found.try_reserve(1).map_err(|_| OutOfMemory)?;
                found.push(self.hand);
            }
        }
        Ok(found)
    }
}
