//! How much a key is wanted: how often it was asked for, and how long ago.
//!
//! The one is told by the sketch, the other by a clock of epochs. Both count the same requests, those that are
//! written down in the sketch, so that what they say can be compared: a *turn* is as many of them as there are
//! entries, an epoch the eighth part of a turn.

use super::sketch::{Sketch, WINDOW};

/// How many more counts a candidate needs than whoever is to make room for it. Its count contains the very request
/// that brought it, which the other's does not: with a lead of one, a loop that is larger than the cache would push
/// out its own beginning, round after round.
pub const LEAD: u32 = 2;
/// Epochs in a turn.
const EPOCHS: usize = 8;

/// The sketch and the clock.
#[derive(Default)]
pub struct History {
    sketch: Sketch,
    /// Requests until the next epoch.
    left: usize,
    /// The number of the epoch; it starts over after 255.
    epoch: u8,
}

impl History {
    /// Grows with the number of entries.
    #[inline]
    pub fn make_room(&mut self, entries: usize) {
        self.sketch.make_room(entries);
    }

    /// The present epoch.
    #[inline]
    pub fn epoch(&self) -> u8 {
        self.epoch
    }

    /// Counts a request for a key in a cache of so many entries. Whether it begins an epoch.
    #[inline]
    pub fn count(&mut self, hash: u32, entries: usize) -> bool {
        self.sketch.increment(hash, entries);
        let begins = self.left == 0;
        if begins {
            self.left = (entries / EPOCHS).max(2);
            self.epoch = self.epoch.wrapping_add(1);
        }
        self.left -= 1;
        begins
    }

    /// Reads what it takes to count a request for a key, so that it is near the processor afterwards.
    #[inline]
    pub fn fetch(&self, hash: u32) -> u64 {
        self.sketch.fetch(hash)
    }

    /// How often a key was asked for of late.
    #[inline]
    pub fn estimate(&self, hash: u32) -> u32 {
        self.sketch.estimate(hash)
    }

    /// Whether a key that was asked for so often is wanted more than another, last asked for in the epoch `stamp`.
    ///
    /// Counts become stale: what was last asked for n turns ago counts for 10/n at most, however popular it was. With
    /// ten turns to the sketch's memory, that is as often as it can have come without having been seen since. So a
    /// change of phase clears the main queue within a few turns. Told apart up to 31 turns.
    pub fn prefers(&self, candidate: u32, other: u32, stamp: u8) -> bool {
        let epochs = self.epoch.wrapping_sub(stamp).max(1);
        let most = (WINDOW * EPOCHS) as u32 / u32::from(epochs);
        candidate >= self.estimate(other).min(most) + LEAD
    }

    /// Bytes held.
    pub fn memory(&self) -> usize {
        self.sketch.memory()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A hash that is spread over 32 bits.
    fn hash(key: u32) -> u32 {
        key.wrapping_mul(0x9e37_79b1).rotate_left(13)
    }

    #[test]
    fn a_turn_is_as_many_counted_requests_as_there_are_entries() {
        let mut history = History::default();
        history.make_room(80);
        let epochs = (0..800).filter(|&n| history.count(hash(n), 80)).count();
        assert_eq!((epochs, history.epoch()), (80, 80));
    }

    #[test]
    fn a_candidate_needs_two_counts_more_and_fewer_against_one_that_is_stale() {
        let mut history = History::default();
        history.make_room(80);
        for _ in 0..6 {
            history.count(hash(1), 80);
        }
        let now = history.epoch();
        let least = |stamp: u8| (0..20).find(|&count| history.prefers(count, hash(1), stamp));
        assert_eq!(least(now), Some(8));
        // Five turns ago, then more than ten.
        assert_eq!(least(now.wrapping_sub(40)), Some(4));
        assert_eq!(least(now.wrapping_sub(81)), Some(2));
    }
}
