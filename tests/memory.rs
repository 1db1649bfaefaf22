//! Bytes per entry, as docs/bytes-per-entry.md has them: a change that makes entries larger fails here.
#![cfg(all(not(target_arch = "wasm32"), not(miri)))]

use poche::engine::{Cache, Config, EvictionKind, Key};

const NOW: f64 = 1_700_000_000_000.0;

/// Bytes per entry of a cache that is filled with keys of so many bytes, the mean of sizes between `entries` and half of
/// that: what grows in steps is not looked at where it happens to fit.
fn bytes_per_entry(config: Config, entries: usize, key_len: usize, ttl: f64) -> f64 {
    let mut cache = Cache::new(config);
    let (mut sum, mut samples) = (0.0, 0.0);
    for i in 0..entries {
        let now = NOW + i as f64;
        let key = format!("{i:0key_len$}");
        cache.set(Key::string(&key), now + ttl, 1.0, now).unwrap();
        if i * 2 >= entries && i % entries.div_ceil(100) == 0 {
            sum += cache.memory() as f64 / cache.len() as f64;
            samples += 1.0;
        }
    }
    sum / samples
}

fn bounded(entries: usize, eviction: EvictionKind) -> Config {
    Config {
        max_entries: entries,
        eviction,
        ..Config::default()
    }
}

#[test]
fn an_entry_takes_no_more_than_the_documentation_says() {
    const ENTRIES: usize = 200_000;
    let unbounded = Config::default();
    let lru = bounded(ENTRIES, EvictionKind::Lru);
    let adaptive = bounded(ENTRIES, EvictionKind::Adaptive);
    let never = f64::INFINITY;
    for (name, config, key_len, ttl, most) in [
        ("unbounded", &unbounded, 11, never, 43.5),
        ("unbounded, ttl", &unbounded, 11, 60_000.0, 43.5),
        ("LRU", &lru, 11, never, 53.5),
        ("LRU, ttl", &lru, 11, 60_000.0, 61.5),
        ("adaptive", &adaptive, 11, never, 63.5),
        ("adaptive, ttl", &adaptive, 11, 60_000.0, 71.5),
        ("LRU, ttl, keys of 45 bytes", &lru, 45, 60_000.0, 119.0),
    ] {
        let bytes = bytes_per_entry(config.clone(), ENTRIES, key_len, ttl);
        assert!(bytes <= most, "{name}: {bytes:.1} bytes per entry");
        assert!(bytes > most * 0.8, "{name}: {bytes:.1}, say so in the docs");
    }
}

#[test]
fn a_small_cache_takes_little() {
    let bytes = bytes_per_entry(bounded(10, EvictionKind::Lru), 10, 11, 60_000.0) * 10.0;
    assert!(bytes < 4_000.0, "{bytes}");
}
