//! Caches that keep values, against a map: every value is the one stored last, in every report too, and bounds hold.

#![cfg(not(target_arch = "wasm32"))]

use std::collections::HashMap;

use poche::engine::{Cache, Config, EvictionKind, Key, Reason, SetError, Slot};
use proptest::prelude::*;

#[derive(Clone, Debug)]
enum Op {
    Set {
        key: u8,
        len: usize,
        lives: Option<u8>,
    },
    Get(u8),
    Remove(u8),
    Rename(u8, u8),
    Purge,
    Tick(u8),
    Clear,
}

fn op() -> impl Strategy<Value = Op> {
    let len = prop_oneof![5 => 0..40usize, 2 => 0..2_000usize, 1 => 8_000..20_000usize];
    prop_oneof![
        10 => (0..24u8, len, prop::option::of(1..20u8)).prop_map(|(key, len, lives)| Op::Set { key, len, lives }),
        6 => (0..24u8).prop_map(Op::Get),
        2 => (0..24u8).prop_map(Op::Remove),
        2 => (0..24u8, 0..24u8).prop_map(|(from, to)| Op::Rename(from, to)),
        1 => Just(Op::Purge),
        2 => (1..10u8).prop_map(Op::Tick),
        1 => Just(Op::Clear),
    ]
}

/// Some keys fit into their entries, some do not.
fn key_text(key: u8) -> String {
    format!("{key}{}", "x".repeat(usize::from(key) * 3))
}

/// A value that no other step stores.
fn content(step: usize, len: usize) -> Vec<u8> {
    (0..len).map(|at| (at * 7 + step * 131) as u8).collect()
}

#[derive(Clone, Copy, Debug)]
struct Setup {
    max_entries: usize,
    max_bytes: f64,
    lru: bool,
    report: bool,
}

fn setup() -> impl Strategy<Value = Setup> {
    (
        prop_oneof![Just(usize::MAX), Just(5), Just(12)],
        prop_oneof![Just(f64::INFINITY), Just(3_000.0), Just(30_000.0)],
        any::<bool>(),
        any::<bool>(),
    )
        .prop_map(|(max_entries, max_bytes, lru, report)| Setup {
            max_entries,
            max_bytes,
            lru,
            report,
        })
}

/// All pieces of the value at a slot.
fn value_at(cache: &Cache, slot: Slot) -> Vec<u8> {
    let pieces = (0..).map_while(|piece| cache.value_piece(slot, piece));
    pieces.flat_map(|(bytes, _)| bytes.to_vec()).collect()
}

fn run(setup: Setup, ops: Vec<Op>) {
    let mut cache = Cache::new(Config {
        max_entries: setup.max_entries,
        max_bytes: setup.max_bytes,
        eviction: if setup.lru {
            EvictionKind::Lru
        } else {
            EvictionKind::Adaptive
        },
        report_keys: setup.report,
        values: true,
        ..Config::default()
    });
    let mut model: HashMap<String, Vec<u8>> = HashMap::new();
    let mut now = 0.0;
    for (step, op) in ops.into_iter().enumerate() {
        let mut stored = None;
        // Forgets the last report, should this step call nothing.
        cache.set_expiry(u32::MAX, 0.0).unwrap();
        match op {
            Op::Set { key, len, lives } => {
                let key = key_text(key);
                let value = content(step, len);
                let expiry = lives.map_or(f64::INFINITY, |lives| now + f64::from(lives));
                match cache.set_value(Key::string(&key), &value, expiry, now) {
                    Ok(_) => stored = Some((key, value)),
                    Err(error) => {
                        assert_eq!(error, SetError::TooLarge);
                        assert!(Cache::weight_of_copy(key.len(), len) > setup.max_bytes);
                    }
                }
            }
            Op::Get(key) => {
                cache.get(Key::string(&key_text(key)), now);
            }
            Op::Remove(key) => {
                if let Some(slot) = cache.find(Key::string(&key_text(key))) {
                    cache.remove(slot, Reason::Deleted).unwrap();
                }
            }
            Op::Rename(from, to) => {
                let (from, to) = (key_text(from), key_text(to));
                if let Some(slot) = cache.find(Key::string(&from))
                    && cache.rename(slot, Key::string(&to), now).is_ok()
                {
                    stored = model.remove(&from).map(|value| (to.clone(), value));
                    if from == to {
                        model.insert(to, stored.clone().unwrap().1);
                    }
                }
            }
            Op::Purge => {
                cache.purge(now, usize::MAX).unwrap();
            }
            Op::Tick(by) => now += f64::from(by),
            Op::Clear => {
                let told = cache.len();
                cache.clear().unwrap();
                if setup.report {
                    assert_eq!(cache.removed().list().len(), told);
                } else {
                    model.clear();
                }
            }
        }
        cache.validate();
        report(&cache, setup, &mut model, &stored);
        if let Some((key, value)) = stored {
            model.insert(key, value);
        }
        // What was removed without a report.
        model.retain(|key, _| cache.find(Key::string(key)).is_some());
        assert_eq!(cache.len(), model.len());
        for (key, value) in &model {
            let slot = cache.find(Key::string(key)).unwrap();
            assert_eq!(&value_at(&cache, slot), value, "{key}");
        }
        assert!(cache.weight() <= setup.max_bytes);
    }
}

/// Every removal that is reported has the value that was stored last.
fn report(
    cache: &Cache,
    setup: Setup,
    model: &mut HashMap<String, Vec<u8>>,
    stored: &Option<(String, Vec<u8>)>,
) {
    if !setup.report {
        return;
    }
    for place in 0..cache.removed().list().len() {
        let key = cache.removed().key(place).unwrap();
        let key = String::from_utf8(key.bytes.to_vec()).unwrap();
        let pieces = (0..).map_while(|piece| cache.removed_value_piece(place, piece));
        let value: Vec<u8> = pieces.flat_map(|(bytes, _)| bytes.to_vec()).collect();
        let expected = model
            .remove(&key)
            .or_else(|| stored.as_ref().map(|(_, value)| value.clone()));
        assert_eq!(
            Some(&value),
            expected.as_ref(),
            "the value reported for {key}"
        );
    }
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: if cfg!(miri) { 2 } else { 400 },
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn values_are_kept_removed_and_reported_with_their_entries(
        setup in setup(),
        ops in prop::collection::vec(op(), 1..if cfg!(miri) { 15 } else { 120 }),
    ) {
        run(setup, ops);
    }
}

#[test]
fn the_weight_of_all_entries_is_what_the_engine_holds() {
    let entries = if cfg!(miri) { 200 } else { 200_000 };
    for (len, key_len) in [(10, 10), (100, 40), (3_000, 12)] {
        let entries = entries / if len > 1_000 { 10 } else { 1 };
        let mut cache = Cache::new(Config {
            max_bytes: 1e12,
            values: true,
            ..Config::default()
        });
        for i in 0..entries {
            let key = format!("{i:0key_len$}");
            cache
                .set_value(Key::string(&key), &vec![1; len], 1e12 + i as f64, 0.0)
                .unwrap();
        }
        let ratio = cache.memory() as f64 / cache.weight();
        assert!(
            cfg!(miri) || (0.8..1.1).contains(&ratio),
            "{ratio:.3} for values of {len} bytes"
        );
    }
}
