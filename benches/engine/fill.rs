//! Filling a cache: bytes per entry on the way, and the longest call.

use super::keys::{Form, Keys};
use poche::engine::{Cache, Config, EvictionKind};
use std::time::{Duration, Instant};

const NOW: f64 = 1_700_000_000_000.0;
/// Keys made at a time.
const BATCH: usize = 10_000;

/// Fills caches of all kinds with so many entries.
pub fn run(entries: usize) {
    println!("{entries} entries, keys of 11 bytes");
    for eviction in [None, Some(EvictionKind::Lru), Some(EvictionKind::Adaptive)] {
        for ttl in [f64::INFINITY, 60_000.0] {
            let bounds = eviction.map_or("unbounded".into(), |kind| format!("{kind:?}"));
            let expiry = if ttl < f64::INFINITY { "ttl" } else { "no ttl" };
            let filled = fill(entries, eviction, ttl);
            println!(
                "{bounds:<10} {expiry:<7} {:>6.1} bytes/entry at the end, {:>6.1} on average, {:>6.1} at most; \
                 longest call {:>5.0} us, {:>5.0} ns each",
                filled.last,
                filled.average,
                filled.most,
                filled.longest.as_secs_f64() * 1e6,
                filled.total.as_secs_f64() * 1e9 / entries as f64,
            );
        }
    }
}

struct Filled {
    last: f64,
    average: f64,
    most: f64,
    longest: Duration,
    total: Duration,
}

/// The average is over numbers of entries from half of all on, where size matters.
fn fill(entries: usize, eviction: Option<EvictionKind>, ttl: f64) -> Filled {
    let mut cache = Cache::new(Config {
        max_entries: if eviction.is_some() {
            entries
        } else {
            usize::MAX
        },
        eviction: eviction.unwrap_or(EvictionKind::Lru),
        seed: 7,
        ..Config::default()
    });
    let mut filled = Filled {
        last: 0.0,
        average: 0.0,
        most: 0.0,
        longest: Duration::ZERO,
        total: Duration::ZERO,
    };
    let mut samples = 0.0;
    for start in (0..entries).step_by(BATCH) {
        let keys = Keys::new(Form::Short, start..(start + BATCH).min(entries));
        for place in 0..keys.len() {
            let now = NOW + (start + place) as f64 / 100.0;
            let begin = Instant::now();
            cache.set(keys.get(place), now + ttl, 1.0, now).unwrap();
            let took = begin.elapsed();
            filled.longest = filled.longest.max(took);
            filled.total += took;
        }
        if cache.len() * 2 >= entries {
            filled.last = cache.memory() as f64 / cache.len() as f64;
            filled.most = filled.most.max(filled.last);
            filled.average += filled.last;
            samples += 1.0;
        }
    }
    filled.average /= samples;
    filled
}
