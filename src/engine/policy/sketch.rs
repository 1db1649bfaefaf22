//! A count-min sketch of 4-bit counters: roughly how often a key was asked for of late.
//!
//! After TinyLFU (Einziger, Friedman, Manes: "TinyLFU: A Highly Efficient Cache Admission Policy", ACM Transactions
//! on Storage, 2017), with the conservative update of Estan and Varghese (SIGCOMM 2002). A key has four counters,
//! all in one block of 64 bytes, so that it costs one cache miss; its estimate is the least of them, which is never
//! too low. When ten increments per entry have come in, everything is halved: what was popular once fades.
//!
//! It is sized by the entries that there are, not by those that there may be: 6 to 12 bytes for each. Neither
//! growth nor ageing forgets or stalls. The low bits of a hash name its block, so twice as many blocks are all the
//! blocks twice over, and every estimate stays. Ageing takes effect at once and is carried out later, one block per
//! increment.

/// Rows of the sketch, that is, counters per key.
const ROWS: usize = 4;
/// Counters per entry, at the least. Fewer, and keys get in each other's way.
const COUNTERS_PER_ENTRY: usize = 12;
/// Counters of a block.
const COUNTERS_PER_BLOCK: usize = 128;
/// Increments per entry between two halvings.
pub const WINDOW: usize = 10;
/// What a counter counts to.
const MOST: u64 = 15;

/// A quarter of the counters for each row: two words of sixteen.
#[derive(Clone, Copy, Default)]
#[repr(align(64))]
struct Block([u64; 2 * ROWS]);

/// Counts of keys, by their hashes.
#[derive(Default)]
pub struct Sketch {
    blocks: Vec<Block>,
    /// Increments since everything was last made half of what it was, half of those before it, and so on.
    additions: usize,
    /// Blocks before this one have been halved; in the others each counter stands for half of its value.
    swept: usize,
    /// Entries for which growth was refused: until there are twice as many, it is not tried again.
    refused: usize,
}

impl Sketch {
    /// Grows with the number of entries. Without memory the sketch stays as it is, and tells keys apart less well.
    #[inline]
    pub fn make_room(&mut self, entries: usize) {
        while entries * COUNTERS_PER_ENTRY > self.blocks.len() * COUNTERS_PER_BLOCK
            && entries >= 2 * self.refused
        {
            self.grow(entries);
        }
    }

    #[cold]
    #[inline(never)]
    fn grow(&mut self, entries: usize) {
        let old = self.blocks.len();
        if self.blocks.try_reserve_exact(old.max(1)).is_err() {
            self.refused = entries;
            return;
        }
        while self.swept < old {
            self.sweep();
        }
        if old == 0 {
            self.blocks.push(Block::default());
        } else {
            self.blocks.extend_from_within(..);
        }
        self.swept = self.blocks.len();
    }

    /// Reads what it takes to count a key, so that it is near the processor afterwards.
    #[inline]
    pub fn fetch(&self, hash: u32) -> u64 {
        self.blocks
            .get(self.block_of(hash))
            .map_or(0, |block| block.0[0])
    }

    /// How often this key was counted of late: 0 to 15, and rarely too many.
    #[inline(never)]
    pub fn estimate(&self, hash: u32) -> u32 {
        let at = self.block_of(hash);
        let Some(block) = self.blocks.get(at) else {
            return 0;
        };
        (least(block, hash) >> u32::from(at >= self.swept)) as u32
    }

    /// Counts this key once more, in a cache of so many entries.
    #[inline(never)]
    pub fn increment(&mut self, hash: u32, entries: usize) {
        let at = self.block_of(hash);
        let late = at >= self.swept;
        let Some(block) = self.blocks.get_mut(at) else {
            return;
        };
        let estimate = least(block, hash) >> u32::from(late);
        let (next, unit) = if late {
            ((2 * estimate + 2).min(MOST), 1)
        } else {
            ((estimate + 1).min(MOST), 0)
        };
        for row in 0..ROWS {
            let (word, shift) = counter(hash, row);
            let old = block.0[word] >> shift & MOST;
            // No branch: nobody could tell which of the counters are the least.
            let is_least = u64::from(old >> unit == estimate).wrapping_neg();
            block.0[word] += (next.wrapping_sub(old) & is_least) << shift;
        }
        self.additions += 1;
        if self.swept < self.blocks.len() {
            self.sweep();
        } else if self.additions >= WINDOW * entries.max(2) {
            self.additions /= 2;
            self.swept = 0;
        }
    }

    /// Halves the counters of one block.
    #[inline(never)]
    fn sweep(&mut self) {
        for word in &mut self.blocks[self.swept].0 {
            *word = *word >> 1 & 0x7777_7777_7777_7777;
        }
        self.swept += 1;
    }

    /// The low bits of the hash: the number of blocks is a power of two.
    #[inline]
    fn block_of(&self, hash: u32) -> usize {
        hash as usize & self.blocks.len().wrapping_sub(1)
    }

    /// Bytes held.
    pub fn memory(&self) -> usize {
        self.blocks.capacity() * size_of::<Block>()
    }
}

/// Where in its block a hash has its counter of a row: the word, and how far it is to be shifted.
#[inline]
fn counter(hash: u32, row: usize) -> (usize, u32) {
    let mixed = u64::from(hash).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 44;
    let place = mixed >> (5 * row) & 31;
    (2 * row + (place & 1) as usize, (place >> 1) as u32 * 4)
}

#[inline]
fn least(block: &Block, hash: u32) -> u64 {
    let mut least = MOST;
    for row in 0..ROWS {
        let (word, shift) = counter(hash, row);
        least = least.min(block.0[word] >> shift & MOST);
    }
    least
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A hash that is spread over 32 bits.
    fn hash(key: u32) -> u32 {
        let mixed = u64::from(key + 1).wrapping_mul(0xd134_2543_de82_ef95);
        (mixed ^ mixed >> 32) as u32
    }

    fn sketch(entries: usize) -> Sketch {
        let mut sketch = Sketch::default();
        for n in 1..=entries {
            sketch.make_room(n);
        }
        sketch
    }

    #[test]
    fn counts_up_to_fifteen_and_hardly_ever_too_many() {
        let keys = if cfg!(miri) { 100 } else { 1000 };
        let mut sketch = sketch(keys as usize);
        for key in 0..keys {
            for _ in 0..key % 5 {
                sketch.increment(hash(key), 1000);
            }
        }
        let estimates = (0..keys).map(|key| (key % 5, sketch.estimate(hash(key))));
        assert!(estimates.clone().all(|(count, estimate)| estimate >= count));
        let wrong = estimates.filter(|(count, estimate)| estimate > count);
        assert!(wrong.count() < 20);
        for _ in 0..40 {
            sketch.increment(hash(7), 1000);
        }
        assert_eq!(sketch.estimate(hash(7)), 15);
    }

    #[test]
    fn there_is_room_at_once_for_many_entries_that_come_together() {
        let (mut sketch, mut other) = (Sketch::default(), sketch(500));
        sketch.make_room(500);
        assert_eq!(sketch.memory(), other.memory());
        other.make_room(10);
        assert_eq!(sketch.memory(), other.memory());
    }

    #[test]
    fn growth_keeps_every_estimate_and_takes_6_to_12_bytes_per_entry() {
        let mut sketch = sketch(100);
        for key in 0..100 {
            for _ in 0..key % 7 {
                sketch.increment(hash(key), 100);
            }
        }
        let before: Vec<u32> = (0..500).map(|key| sketch.estimate(hash(key))).collect();
        for entries in 101..if cfg!(miri) { 300 } else { 5000 } {
            sketch.make_room(entries);
            let bytes = sketch.memory() as f64 / entries as f64;
            assert!((6.0..=12.1).contains(&bytes), "{bytes} at {entries}");
        }
        let after: Vec<u32> = (0..500).map(|key| sketch.estimate(hash(key))).collect();
        assert_eq!(before, after);
    }

    #[test]
    fn ageing_halves_all_counts_at_once_and_goes_on_counting() {
        let entries = if cfg!(miri) { 50 } else { 1000 };
        let mut sketch = sketch(entries);
        let key = hash(1);
        for _ in 0..9 {
            sketch.increment(key, entries);
        }
        // Other keys until the window is over; those that share a counter with the key are left out.
        let mut others = (2..).map(hash).filter(|&other| other & 255 != key & 255);
        while sketch.additions < WINDOW * entries - 1 {
            sketch.increment(others.next().unwrap(), entries);
            assert_eq!(sketch.estimate(key), 9);
        }
        sketch.increment(others.next().unwrap(), entries);
        assert_eq!((sketch.estimate(key), sketch.swept), (4, 0));
        sketch.increment(key, entries);
        assert_eq!(sketch.estimate(key), 5);
        while sketch.swept < sketch.blocks.len() {
            sketch.increment(others.next().unwrap(), entries);
            assert_eq!(sketch.estimate(key), 5);
        }
    }

    #[test]
    fn without_memory_everything_counts_as_never_seen() {
        let mut sketch = Sketch::default();
        sketch.increment(1, 1);
        assert_eq!((sketch.estimate(1), sketch.memory()), (0, 0));
    }
}
