//! Statistics: how often what happened.

use super::removed::Reason;

/// Counts since the cache was made, or since they were reset.
#[derive(Clone, Copy, Default, PartialEq, Eq, Debug)]
pub struct Stats {
    /// Lookups that found an entry.
    pub hits: u64,
    /// Lookups that did not, or found one that had expired.
    pub misses: u64,
    /// Values stored.
    pub sets: u64,
    /// Values stored over one that had not expired.
    pub updates: u64,
    /// Entries removed to make room.
    pub evictions: u64,
    /// Entries removed, or overwritten, after their expiration.
    pub expirations: u64,
    /// Entries removed by the caller.
    pub deletions: u64,
}

impl Stats {
    /// Counts an entry that leaves.
    #[inline]
    pub fn removed(&mut self, reason: Reason) {
        match reason {
            Reason::Expired => self.expirations += 1,
            Reason::Evicted => self.evictions += 1,
            Reason::Deleted => self.deletions += 1,
            Reason::Replaced => self.updates += 1,
            Reason::Flushed => {}
        }
    }

    /// Hits per lookup, or 0 when there was none.
    pub fn hit_rate(&self) -> f64 {
        match self.hits + self.misses {
            0 => 0.0,
            lookups => self.hits as f64 / lookups as f64,
        }
    }
}
