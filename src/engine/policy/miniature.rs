//! How much of the cache the window is to have: miniature simulations, the part of the policy that learns.
//!
//! Waldspurger, Saemundsson, Ahmad, Park: "Cache Modeling and Optimization using Miniature Simulations" (USENIX ATC
//! 2017): a cache of n entries does to all requests what one of n/R entries does to the requests for one key in R,
//! chosen by hash. So four caches of 64 entries at most try four shares out at the same time, on the same requests, and
//! the cache takes the share of the one that hits most. Climbing from share to share, by trying the next one (Einziger
//! et al. 2018) or by comparing what the two queues earn, stops at the first summit; here LRU, a window that is all
//! there is, is always one of the candidates, and none of them has to be endured to be known.
//!
//! A miniature has the policy's own rules, save that its window is LRU to the letter, and asks the same history. It
//! remembers nothing of a key but its hash. 2 KB for each cache, whatever its size; a request for a sampled key costs a
//! scan of 256 words at most, and of n entries beyond 64 only the keys of one in n/64 to n/32 are sampled.

use super::history::{History, LEAD};

/// The shares that are tried: from W-TinyLFU's narrow window, for popularity and loops, to LRU.
const SHARES: [f64; 4] = [0.02, 0.12, 0.4, 1.0];
/// Entries of a miniature at most, and those below which more keys are sampled again.
const MOST: usize = 64;
const LEAST: usize = 16;
/// What a hit adds to a score. Each epoch takes the 64th part of it: eight turns count.
const HIT: u32 = 256;
const FADING: u32 = 64;
/// By how many hits another share must be ahead to be taken. Which keys are sampled is chance: with less, that chance
/// and not the load would choose, and a short trace would hit some points more or less with each seed of the hash.
/// Where all keys are simulated, there is none of it.
const LEAD_SAMPLED: u32 = 12;
const LEAD_EXACT: u32 = 2;

/// An entry: the hash above; below, in the main queue, the epoch of the last use and the frequency, a byte each.
type Word = u64;
const FREQUENCY: Word = 255;
const MOST_FREQUENT: Word = 3;

#[inline]
fn word(hash: u32, epoch: u8) -> Word {
    Word::from(hash) << 32 | Word::from(epoch) << 8
}

#[inline]
fn hash_of(word: Word) -> u32 {
    (word >> 32) as u32
}

/// Whether a key is among the one in 2^rate.
#[inline]
fn is_sampled(hash: u32, rate: u32) -> bool {
    hash.wrapping_mul(0x9e37_79b1) <= u32::MAX >> rate
}

/// A cache in small.
#[derive(Clone)]
struct Miniature {
    /// The window from the left, the oldest first, and the main queue from the right.
    words: [Word; MOST],
    window: usize,
    main: usize,
    /// How many entries each may have.
    window_room: usize,
    main_room: usize,
    /// The next entry of the main queue that may have to leave.
    hand: usize,
    score: u32,
}

impl Miniature {
    const EMPTY: Miniature = Miniature {
        words: [0; MOST],
        window: 0,
        main: 0,
        window_room: 0,
        main_room: 0,
        hand: 0,
        score: 0,
    };

    /// What the policy does when a key is asked for.
    fn request(&mut self, hash: u32, history: &History) {
        let key = word(hash, history.epoch());
        let is_key = |other: &Word| hash_of(*other) == hash;
        if let Some(at) = self.words[..self.window].iter().position(is_key) {
            self.score = self.score.saturating_add(HIT);
            self.words[at..self.window].rotate_left(1);
            return;
        }
        let main = &mut self.words[MOST - self.main..];
        if let Some(at) = main.iter().position(is_key) {
            self.score = self.score.saturating_add(HIT);
            main[at] = key | MOST_FREQUENT.min((main[at] & FREQUENCY) + 1);
            return;
        }
        if self.window < self.window_room {
            self.words[self.window] = key;
            self.window += 1;
            return;
        }
        let candidate = hash_of(self.words[0]);
        self.words[0] = key;
        self.words[..self.window].rotate_left(1);
        let entry = word(candidate, history.epoch());
        if self.main < self.main_room {
            self.main += 1;
            self.words[MOST - self.main] = entry;
        } else if self.main > 0 {
            self.admit(entry, history);
        }
    }

    /// Turns the hand to an entry that was not asked for, and replaces it by one that is wanted more.
    fn admit(&mut self, entry: Word, history: &History) {
        let estimate = history.estimate(hash_of(entry));
        if estimate < LEAD {
            return;
        }
        loop {
            if self.hand >= self.main {
                self.hand = 0;
            }
            let victim = &mut self.words[MOST - 1 - self.hand];
            if *victim & FREQUENCY == 0 {
                if history.prefers(estimate, hash_of(*victim), (*victim >> 8) as u8) {
                    *victim = entry;
                    self.hand += 1;
                }
                return;
            }
            *victim -= 1;
            self.hand += 1;
        }
    }

    /// Makes it so large, with a window that has a share of it. Forgets the keys that are sampled no more.
    fn fit(&mut self, size: usize, share: f64, rate: u32) {
        self.window = keep(&mut self.words, self.window, rate);
        self.words.reverse();
        self.main = keep(&mut self.words, self.main, rate);
        self.words.reverse();
        self.window_room = ((share * size as f64) as usize).max(1);
        self.main_room = size.saturating_sub(self.window_room);
        let excess = self.window.saturating_sub(self.window_room);
        self.words.copy_within(excess..self.window, 0);
        self.window -= excess;
        self.main = self.main.min(self.main_room);
    }
}

/// Drops those of the first words whose keys are not sampled. How many are left.
fn keep(words: &mut [Word; MOST], len: usize, rate: u32) -> usize {
    let mut kept = 0;
    for at in 0..len {
        if is_sampled(hash_of(words[at]), rate) {
            words[kept] = words[at];
            kept += 1;
        }
    }
    kept
}

/// One miniature for each share.
#[derive(Default)]
pub struct Miniatures {
    /// None as long as memory for them cannot be had.
    miniatures: Vec<Miniature>,
    /// One key in 2^rate is sampled.
    rate: u32,
    chosen: usize,
    /// Whether there was a hit, or an entry had to leave. As long as a cache is only filled, all shares are as good.
    is_learning: bool,
    /// The size that they have, and the rate for which they have it.
    fitted: (usize, u32),
}

impl Miniatures {
    /// Begins to learn, with so many entries, unless it has begun.
    #[inline]
    pub fn learn(&mut self, entries: usize) {
        if !self.is_learning {
            self.is_learning = true;
            self.begin_epoch(entries);
        }
    }

    /// The share that hits most, of late.
    #[inline]
    pub fn share(&self) -> f64 {
        SHARES[self.chosen]
    }

    /// Whether requests for this key are simulated.
    #[inline]
    pub fn is_sampled(&self, hash: u32) -> bool {
        is_sampled(hash, self.rate)
    }

    /// Simulates a request for a sampled key.
    #[inline]
    pub fn request(&mut self, hash: u32, history: &History) {
        if self.is_learning {
            self.simulate(hash, history);
        }
    }

    #[inline(never)]
    fn simulate(&mut self, hash: u32, history: &History) {
        for miniature in &mut self.miniatures {
            miniature.request(hash, history);
        }
    }

    /// At the beginning of an epoch: follows the number of entries, and chooses the share.
    #[cold]
    #[inline(never)]
    pub fn begin_epoch(&mut self, entries: usize) {
        while entries >> self.rate > MOST {
            self.rate += 1;
        }
        while self.rate > 0 && entries >> self.rate < LEAST {
            self.rate -= 1;
        }
        if !self.is_learning {
            return;
        }
        if self.miniatures.is_empty() && self.miniatures.try_reserve_exact(SHARES.len()).is_ok() {
            self.miniatures.resize(SHARES.len(), Miniature::EMPTY);
            self.fitted = (usize::MAX, 0);
        }
        let lead_in_hits = if self.rate == 0 {
            LEAD_EXACT
        } else {
            LEAD_SAMPLED
        };
        let size = entries >> self.rate;
        let (mut best, mut most) = (self.chosen, 0);
        for (at, miniature) in self.miniatures.iter_mut().enumerate() {
            let score = miniature.score;
            miniature.score -= score / FADING;
            if self.fitted != (size, self.rate) {
                miniature.fit(size, SHARES[at], self.rate);
            }
            let lead = if at == self.chosen {
                lead_in_hits * HIT
            } else {
                0
            };
            if score.saturating_add(lead) > most {
                (best, most) = (at, score.saturating_add(lead));
            }
        }
        self.fitted = (size, self.rate);
        self.chosen = best;
    }

    /// What each has scored.
    #[cfg(test)]
    pub fn scores(&self) -> Vec<u32> {
        self.miniatures.iter().map(|one| one.score).collect()
    }

    /// Bytes held.
    pub fn memory(&self) -> usize {
        self.miniatures.capacity() * size_of::<Miniature>()
    }

    /// Panics unless every miniature keeps within its size.
    pub fn validate(&self) {
        for miniature in &self.miniatures {
            assert!(
                miniature.window <= miniature.window_room,
                "a miniature's window"
            );
            assert!(
                miniature.main <= miniature.main_room,
                "a miniature's main queue"
            );
            assert!(
                miniature.window_room + miniature.main_room <= MOST,
                "a miniature's size"
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The share that is chosen in a cache of so many entries.
    fn chosen(entries: usize, requests: impl Iterator<Item = u32>) -> f64 {
        let (mut miniatures, mut history) = (Miniatures::default(), History::default());
        history.make_room(entries);
        miniatures.learn(entries);
        for key in requests {
            let hash = key.wrapping_mul(0x9e37_79b1).rotate_left(13) ^ key << 7;
            if miniatures.is_sampled(hash) {
                miniatures.request(hash, &history);
            }
            if history.count(hash, entries) {
                miniatures.begin_epoch(entries);
                miniatures.validate();
            }
        }
        miniatures.share()
    }

    #[test]
    fn a_loop_calls_for_a_narrow_window_and_late_pairs_for_lru() {
        let requests = if cfg!(miri) { 1500 } else { 30_000 };
        // Each key twice, after as many others as two thirds of the entries.
        let late = |third: u32| (0..requests).map(move |n| n / 2 + n % 2 * third);
        assert_eq!(chosen(40, (0..requests).map(|n| n % 60)), SHARES[0]);
        assert_eq!(chosen(40, late(13)), 1.0);
        if !cfg!(miri) {
            assert_eq!(chosen(1000, (0..requests).map(|n| n % 1500)), SHARES[0]);
            assert_eq!(chosen(1000, late(333)), 1.0);
        }
    }

    #[test]
    fn follows_the_number_of_entries_up_and_down() {
        let mut miniatures = Miniatures::default();
        miniatures.learn(0);
        let history = History::default();
        for (entries, rate) in [
            (1, 0),
            (64, 0),
            (65, 1),
            (10_000, 8),
            (100, 2),
            (3, 0),
            (0, 0),
        ] {
            miniatures.begin_epoch(entries);
            assert_eq!(miniatures.rate, rate, "{entries} entries");
            for key in 0..200u32 {
                let hash = key.wrapping_mul(0x85eb_ca6b);
                if miniatures.is_sampled(hash) {
                    miniatures.request(hash, &history);
                }
            }
            miniatures.validate();
        }
        assert!(miniatures.memory() <= 2304);
    }
}
