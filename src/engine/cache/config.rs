//! What a cache is made with, and what it answers to a `set`.

use super::super::OutOfMemory;
use super::super::entry::Slot;

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
    /// Whether [`Cache::stats`](super::Cache::stats) counts.
    pub statistics: bool,
    /// Whether [`Cache::removed`](super::Cache::removed) keeps the keys, and tells of replaced and flushed entries too.
    pub report_keys: bool,
    /// Whether an unbounded cache keeps its entries in the order of expiry, which makes [`Cache::purge`](super::Cache::purge) cost
    /// what it removes. A bounded cache always does.
    pub index_expiries: bool,
    /// Whether the engine keeps the values too, as bytes: see [`Cache::set_value`](super::Cache::set_value).
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
