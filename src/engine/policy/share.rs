//! How much of the cache the small queue is to have: the part of the policy that learns.
//!
//! Small is right where keys are popular for long, large where they come back soon or never. The hits tell. In the
//! time of two requests per entry each queue earns so many hits per entry, and the share moves towards the one that
//! earns more, in proportion to the logarithm of the ratio. Two ratios are taken, and the greater one counts:
//!
//! - of all hits per entry. It sees bursts, which come while an entry is young, and misleads where a few entries of
//!   the main queue have most of the hits and would be safe in a much smaller one;
//! - of hits at the margin: in the older half of the small queue, against those on entries of the main queue that
//!   had not been asked for since the hand last passed them. These are the hits that a smaller queue would lose.
//!
//! Where keys come back when the small queue has just let them go, neither sees anything; the insertions of keys
//! that the sketch knows do, and stand in for hits of the small queue, spread over all that the sketch remembers.
//!
//! The idea of climbing towards the better queue is that of Einziger, Eytan, Friedman, Manes: "Adaptive Software
//! Cache Management", Middleware 2018; comparing values per entry takes the place of trying sizes out, which needs
//! long periods before a difference in hits is more than noise.

use super::sketch::WINDOW;

/// The share at the start, and its bounds. A twentieth: growing takes less time than unlearning a loop.
const START: f64 = 0.05;
const LEAST: f64 = 0.02;
const GREATEST: f64 = 0.9;
/// The step for a ratio of e.
const STEP: f64 = 0.03;
/// Each further step in the same direction is longer by this factor, up to the last one.
const STRIDE: f64 = 1.3;
const LONGEST: f64 = 4.0;
/// Epochs from one step to the next, each as long as a quarter of the entries are many: two requests per entry.
const EPOCHS_PER_STEP: u8 = 8;
const EPOCHS_PER_TURN: usize = 4;
/// Hits that the margin of the main queue is taken to have had, so that a handful of entries does not decide.
const PRIOR: f64 = 4.0;

/// What happened since the last step.
#[derive(Clone, Copy, Default)]
pub struct Tally {
    /// Hits in the small queue, and in its older half for the first time.
    pub small: u32,
    pub small_margin: u32,
    /// Hits in the main queue, and on entries there that were idle.
    pub main: u32,
    pub main_margin: u32,
    /// Insertions of keys that the sketch knew.
    pub returns: u32,
    /// Whether anything had to be evicted.
    pub evicted: bool,
}

/// How many entries there are where.
#[derive(Clone, Copy)]
pub struct Population {
    pub small: usize,
    pub main: usize,
    /// Entries of the main queue with a frequency of 0.
    pub idle: usize,
}

/// The share, and the policy's clock, which counts requests.
pub struct Share {
    share: f64,
    /// The length of the next step in the direction of the last one, positive if that made the share larger.
    stride: f64,
    /// Requests until the next epoch.
    left: usize,
    /// The number of the epoch; it starts over after 255.
    epoch: u8,
    /// What happened since the last step.
    pub tally: Tally,
}

impl Default for Share {
    fn default() -> Share {
        Share {
            share: START,
            stride: 0.0,
            left: 1,
            epoch: 0,
            tally: Tally::default(),
        }
    }
}

impl Share {
    /// The small queue's part of the whole, between 0 and 1.
    #[inline]
    pub fn get(&self) -> f64 {
        self.share
    }

    /// The present epoch.
    #[inline]
    pub fn epoch(&self) -> u8 {
        self.epoch
    }

    /// For how long an entry was not asked for, in turns of as many requests as there are entries, times
    /// `per`, rounded down, and at least 1 epoch. Told apart up to 63 turns.
    #[inline]
    pub fn once_in(&self, stamp: u8, per: usize) -> u32 {
        let epochs = self.epoch.wrapping_sub(stamp).max(1);
        (per * EPOCHS_PER_TURN) as u32 / u32::from(epochs)
    }

    /// A request has been dealt with.
    #[inline]
    pub fn tick(&mut self, population: Population) {
        self.left -= 1;
        if self.left == 0 {
            self.next_epoch(population);
        }
    }

    #[cold]
    #[inline(never)]
    fn next_epoch(&mut self, population: Population) {
        let entries = population.small + population.main;
        self.left = (entries / EPOCHS_PER_TURN).max(2);
        self.epoch = self.epoch.wrapping_add(1);
        if self.epoch.is_multiple_of(EPOCHS_PER_STEP) {
            if self.tally.evicted {
                self.step(population);
            }
            self.tally = Tally::default();
        }
    }

    fn step(&mut self, population: Population) {
        let tally = self.tally;
        if tally.small + tally.main == 0 {
            return;
        }
        let count = |n: usize| n.max(1) as f64;
        let (small, main) = (count(population.small), count(population.main));
        let memory = WINDOW as f64 * (small + main);
        let all = ((f64::from(tally.small) + 0.5) / small).max(f64::from(tally.returns) / memory)
            / ((f64::from(tally.main) + 0.5) / main);
        let idle = population.idle as f64 + PRIOR;
        let margin = (f64::from(tally.small_margin) + 0.5) * 2.0
            / small
            / ((f64::from(tally.main_margin) + PRIOR) / idle);
        let direction = ln(all.max(margin));
        self.stride = if self.stride * direction > 0.0 {
            (self.stride * STRIDE).clamp(-LONGEST, LONGEST)
        } else {
            direction.signum()
        };
        let step = STEP * self.stride.abs() * direction;
        self.share = (self.share + step).clamp(LEAST, GREATEST);
    }
}

/// The natural logarithm, to within 0.06: the exponent, and the mantissa taken as a straight line between powers of
/// two. The exact one would bring kilobytes of code.
fn ln(x: f64) -> f64 {
    let log2 = x.to_bits() as f64 / (1u64 << 52) as f64 - 1023.0;
    log2 * std::f64::consts::LN_2
}

#[cfg(test)]
mod tests {
    use super::*;

    const HALVES: Population = Population {
        small: 50,
        main: 50,
        idle: 50,
    };

    fn after(periods: usize, tally: Tally) -> f64 {
        let mut share = Share {
            share: 0.5,
            ..Share::default()
        };
        for _ in 0..periods {
            share.tally = tally;
            let epoch = share.epoch;
            while share.epoch / EPOCHS_PER_STEP == epoch / EPOCHS_PER_STEP {
                share.tick(HALVES);
            }
        }
        share.get()
    }

    #[test]
    fn moves_towards_the_queue_that_earns_more_and_stays_between_its_bounds() {
        let small = Tally {
            small: 100,
            main: 10,
            evicted: true,
            ..Tally::default()
        };
        let main = Tally {
            small: 10,
            main: 100,
            main_margin: 20,
            ..small
        };
        assert!(after(1, small) > 0.55 && after(2, small) > after(1, small));
        assert!(after(1, main) < 0.45 && after(2, main) < after(1, main));
        assert_eq!((after(30, small), after(30, main)), (GREATEST, LEAST));
    }

    #[test]
    fn stays_where_it_is_while_nothing_is_evicted_or_nothing_hits() {
        let room = Tally {
            small: 100,
            ..Tally::default()
        };
        let misses = Tally {
            evicted: true,
            returns: 100,
            ..Tally::default()
        };
        assert_eq!((after(20, room), after(20, misses)), (0.5, 0.5));
    }

    #[test]
    fn the_logarithm_is_near_enough() {
        for x in [1e-6, 0.01, 0.3, 0.99, 1.0, 1.5, 2.0, 7.0, 1e9] {
            assert!((ln(x) - f64::ln(x)).abs() < 0.06, "{x}");
        }
    }
}
