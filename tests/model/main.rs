//! The engine against a naive model: random operations, everything compared after each of them.
#![cfg(not(target_arch = "wasm32"))]

mod model;

use model::{Model, Outcome};
use poche::engine::{Cache, Config, EvictionKind, Key, Kind, Reason, SetError, Slot};
use proptest::prelude::*;

/// One operation. Keys are few, so that they meet; times are small, so that things expire.
#[derive(Clone, Debug)]
enum Op {
    Get(u8),
    Set(u8, Option<u8>, u8),
    Store(u8, Option<u8>, u8),
    Delete(u8),
    SetExpiry(u8, Option<u8>),
    Rename(u8, u8),
    Purge(u8),
    Clear,
    Wait(u8),
    Advance(u8),
    Restart(u8),
    Give(u8),
}

const KEYS: u8 = 24;
const ITERATIONS: usize = 10;

fn op() -> impl Strategy<Value = Op> {
    let key = 0..KEYS;
    let ttl = prop::option::weighted(0.6, 0..40u8);
    prop_oneof![
        12 => key.clone().prop_map(Op::Get),
        20 => (key.clone(), ttl.clone(), 1..12u8).prop_map(|(k, t, w)| Op::Set(k, t, w)),
        4 => (key.clone(), ttl.clone(), 1..12u8).prop_map(|(k, t, w)| Op::Store(k, t, w)),
        6 => key.clone().prop_map(Op::Delete),
        4 => (key.clone(), ttl).prop_map(|(k, t)| Op::SetExpiry(k, t)),
        4 => (key.clone(), key.clone()).prop_map(|(a, b)| Op::Rename(a, b)),
        1 => key.prop_map(Op::Give),
        1 => (0..6u8).prop_map(Op::Purge),
        1 => Just(Op::Clear),
        8 => (0..10u8).prop_map(Op::Wait),
        8 => (0..ITERATIONS as u8).prop_map(Op::Advance),
        1 => (0..ITERATIONS as u8).prop_map(Op::Restart),
    ]
}

/// Keys of all kinds and of lengths on both sides of what fits into an entry.
fn encode(key: u8) -> (Kind, Vec<u8>) {
    match key % 4 {
        0 => (Kind::Number, f64::from(key).to_le_bytes().to_vec()),
        1 => (Kind::String, vec![key; 5]),
        2 => (Kind::String, vec![key; 23]),
        _ => (Kind::Structure, vec![key; 5]),
    }
}

/// Every fifth key is the caller's until it is given to the engine.
fn is_kept(key: u8, given: u32) -> bool {
    key % 5 == 4 && given >> key & 1 == 0
}

fn run(config: Config, ops: &[Op]) {
    let mut given = 0_u32;
    let mut engine = Cache::new(config.clone());
    let mut model = Model::new(&config);
    let mut now = 1000.0;
    let mut iterations = [(0, Some(0)); ITERATIONS];
    for op in ops {
        let expiry = |ttl: Option<u8>| ttl.map_or(f64::INFINITY, |ttl| now + f64::from(ttl));
        match *op {
            Op::Get(key) => {
                let (kind, bytes) = encode(key);
                let sought = Key {
                    kind,
                    bytes: &bytes,
                };
                let got = if is_kept(key, given) {
                    look_up(&mut engine, model.slot(key), now)
                } else {
                    engine.get(sought, now)
                };
                assert_eq!(got, model.get(key, now));
            }
            Op::Set(key, ttl, weight) => {
                let (kind, bytes) = encode(key);
                let key_ref = Key {
                    kind,
                    bytes: &bytes,
                };
                let (expiry_of, weight_of) = (expiry(ttl), f64::from(weight));
                let stored = match model.slot(key) {
                    _ if !is_kept(key, given) => engine.set(key_ref, expiry_of, weight_of, now),
                    Some(slot) => engine.store(slot, expiry_of, weight_of, now),
                    None => engine.set_external(key.into(), expiry_of, weight_of, now),
                };
                let report = engine.removed().list();
                let outcome = model.set(key, expiry(ttl), f64::from(weight), now, stored, report);
                assert_eq!(outcome, Outcome::Agrees, "{op:?}");
            }
            Op::Store(key, ttl, weight) => {
                if let Some(slot) = model.slot(key) {
                    let stored = engine.store(slot, expiry(ttl), f64::from(weight), now);
                    let report = engine.removed().list();
                    let outcome =
                        model.set(key, expiry(ttl), f64::from(weight), now, stored, report);
                    assert_eq!(outcome, Outcome::Agrees, "{op:?}");
                }
            }
            Op::Delete(key) => {
                let slot = model.slot(key);
                let removed = engine.remove(slot.unwrap_or(Slot::MAX), Reason::Deleted);
                assert_eq!(removed, Ok(slot.is_some()));
                model.delete(key);
            }
            Op::SetExpiry(key, ttl) => {
                if let Some(slot) = model.slot(key) {
                    engine.set_expiry(slot, expiry(ttl)).unwrap();
                    model.set_expiry(key, expiry(ttl));
                    assert_eq!(engine.expiry(slot), expiry(ttl));
                }
            }
            Op::Rename(from, to) => {
                if let Some(slot) = model.slot(from) {
                    let (kind, bytes) = encode(to);
                    let key = Key {
                        kind,
                        bytes: &bytes,
                    };
                    let renamed = if is_kept(to, given) {
                        engine.rename_external(slot, to.into(), model.slot(to), now)
                    } else {
                        engine.rename(slot, key, now)
                    };
                    assert_eq!(renamed, Ok(()));
                    assert_eq!(engine.removed().list(), model.rename(from, to, now));
                }
            }
            Op::Purge(limit) => {
                let limit = usize::from(limit);
                let purged = engine.purge(now, limit).unwrap();
                assert_eq!(purged, model.expired(now).min(limit));
                assert_eq!(engine.removed().list().len(), purged);
                for removal in engine.removed().list() {
                    model.purged(*removal, now);
                }
            }
            Op::Clear => {
                engine.clear().unwrap();
                let report = engine.removed().list();
                assert_eq!(report, model.clear(config.report_keys));
            }
            Op::Wait(ms) => now += f64::from(ms),
            Op::Advance(i) => {
                let (position, reached) = &mut iterations[usize::from(i)];
                let expected = reached.and_then(|seq| model.after(seq));
                match engine.advance(*position) {
                    Some((slot, next)) => {
                        let (seq, expected) = expected.expect("the model has no more entries");
                        assert_eq!(slot, expected);
                        (*position, *reached) = (next, Some(seq));
                    }
                    None => {
                        assert_eq!(expected, None, "the engine has no more entries");
                        (*position, *reached) = (0, Some(0));
                    }
                }
            }
            Op::Restart(i) => iterations[usize::from(i)] = (0, Some(0)),
            Op::Give(key) => {
                if let Some(slot) = model.slot(key)
                    && is_kept(key, given)
                {
                    let (kind, bytes) = encode(key);
                    let bytes = &bytes;
                    assert_eq!(engine.give_key(slot, Key { kind, bytes }), Ok(()));
                }
                given |= 1 << key;
            }
        }
        engine.validate();
        model.compare(&mut engine, |key| {
            if is_kept(key, given) {
                (Kind::External, Vec::new())
            } else {
                encode(key)
            }
        });
    }
}

/// A lookup by a key that is the caller's, which knows the slot.
fn look_up(engine: &mut Cache, slot: Option<Slot>, now: f64) -> Option<Slot> {
    match slot {
        Some(slot) if engine.expiry(slot) <= now => {
            engine.miss(1);
            engine.remove(slot, Reason::Expired).unwrap();
            None
        }
        Some(slot) => {
            engine.hit(slot);
            Some(slot)
        }
        None => {
            engine.miss(1);
            None
        }
    }
}

fn config() -> impl Strategy<Value = Config> {
    (
        prop_oneof![Just(usize::MAX), 1..20usize],
        prop_oneof![Just(f64::INFINITY), (10..80u8).prop_map(f64::from)],
        any::<(bool, bool, bool)>(),
        any::<u64>(),
    )
        .prop_map(
            |(max_entries, max_bytes, (lru, report_keys, index), seed)| Config {
                max_entries,
                max_bytes,
                eviction: if lru {
                    EvictionKind::Lru
                } else {
                    EvictionKind::Adaptive
                },
                statistics: true,
                report_keys,
                index_expiries: index,
                values: false,
                seed,
            },
        )
}

/// Under Miri a few cases must do.
fn cases() -> ProptestConfig {
    if cfg!(miri) {
        ProptestConfig {
            cases: 6,
            failure_persistence: None,
            ..ProptestConfig::default()
        }
    } else {
        ProptestConfig::with_cases(10_000)
    }
}

fn length() -> std::ops::Range<usize> {
    if cfg!(miri) { 1..60 } else { 1..300 }
}

proptest! {
    #![proptest_config(cases())]

    #[test]
    fn the_engine_does_what_the_model_does(
        config in config(),
        ops in prop::collection::vec(op(), length()),
    ) {
        run(config, &ops);
    }
}

#[test]
fn an_entry_heavier_than_the_bound_is_refused_and_what_was_there_stays() {
    let mut cache = Cache::new(Config {
        max_bytes: 10.0,
        ..Config::default()
    });
    let stored = cache
        .set(Key::string("a"), f64::INFINITY, 4.0, 0.0)
        .unwrap();
    let refused = cache.set(Key::string("a"), f64::INFINITY, 11.0, 0.0);
    assert_eq!(refused, Err(SetError::TooLarge));
    assert_eq!(cache.get(Key::string("a"), 0.0), Some(stored.slot));
    assert_eq!(cache.weight(), 4.0);
    cache.validate();
}

#[test]
fn an_empty_cache_holds_no_memory() {
    let config = Config {
        max_entries: 100_000_000,
        ..Config::default()
    };
    assert_eq!(Cache::new(config).memory(), size_of::<Cache>());
}
