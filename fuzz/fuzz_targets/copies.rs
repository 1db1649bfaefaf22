//! Operations on a cache that keeps values, against a map: `cargo +nightly fuzz run copies`.
#![no_main]

use std::collections::HashMap;

use arbitrary::Arbitrary;
use libfuzzer_sys::fuzz_target;
use poche::engine::{Cache, Config, EvictionKind, Key, Reason};

#[derive(Arbitrary, Debug)]
enum Op {
    Set { key: u8, len: u16, lives: Option<u8> },
    Get(u8),
    Remove(u8),
    Rename(u8, u8),
    Purge,
    Wait(u8),
    Clear,
}

#[derive(Arbitrary, Debug)]
struct Input {
    max_entries: Option<u8>,
    max_bytes: Option<u16>,
    lru: bool,
    report: bool,
    ops: Vec<Op>,
}

fn text(key: u8) -> String {
    "k".repeat(usize::from(key % 64) + 1)
}

fuzz_target!(|input: Input| {
    let mut cache = Cache::new(Config {
        max_entries: input.max_entries.map_or(usize::MAX, usize::from),
        max_bytes: input.max_bytes.map_or(f64::INFINITY, f64::from),
        eviction: if input.lru {
            EvictionKind::Lru
        } else {
            EvictionKind::Adaptive
        },
        report_keys: input.report,
        values: true,
        ..Config::default()
    });
    let mut model: HashMap<String, Vec<u8>> = HashMap::new();
    let (mut now, mut joined) = (0.0, Vec::new());
    for (step, op) in input.ops.into_iter().enumerate() {
        match op {
            Op::Set { key, len, lives } => {
                let key = text(key);
                let value = vec![step as u8; usize::from(len)];
                let expiry = lives.map_or(f64::INFINITY, |lives| now + f64::from(lives));
                if cache.set_value(Key::string(&key), &value, expiry, now).is_ok() {
                    model.insert(key, value);
                }
            }
            Op::Get(key) => {
                cache.get(Key::string(&text(key)), now);
            }
            Op::Remove(key) => {
                if let Some(slot) = cache.find(Key::string(&text(key))) {
                    cache.remove(slot, Reason::Deleted).unwrap();
                }
            }
            Op::Rename(from, to) => {
                let (from, to) = (text(from), text(to));
                if let Some(slot) = cache.find(Key::string(&from))
                    && cache.rename(slot, Key::string(&to), now).is_ok()
                    && let Some(value) = model.remove(&from)
                {
                    model.insert(to, value);
                }
            }
            Op::Purge => {
                cache.purge(now, usize::MAX).unwrap();
            }
            Op::Wait(by) => now += f64::from(by),
            Op::Clear => cache.clear().unwrap(),
        }
        model.retain(|key, _| cache.find(Key::string(key)).is_some());
        assert_eq!(cache.len(), model.len());
        for (key, value) in &model {
            let slot = cache.find(Key::string(key)).unwrap();
            assert_eq!(cache.value(slot, &mut joined).unwrap(), Some(&value[..]));
        }
    }
    cache.validate();
});
