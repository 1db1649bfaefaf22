//! What the eviction policies keep: hit ratios on generated workloads, and whole queues under any operations.
#![cfg(not(target_arch = "wasm32"))]

#[path = "../benches/hits/broad.rs"]
#[cfg_attr(miri, allow(dead_code))]
mod broad;
#[path = "../benches/hits/optimum.rs"]
mod optimum;
#[path = "../benches/hits/random.rs"]
mod random;
#[path = "../benches/hits/workloads.rs"]
mod workloads;

use poche::engine::{Cache, Config, EvictionKind, Key, Kind, Reason};
use proptest::prelude::*;

/// Looks a key up and stores it on a miss. Whether it was a hit.
fn request(cache: &mut Cache, key: u32, weight: f64) -> bool {
    let bytes = f64::from(key).to_le_bytes();
    let key = Key {
        kind: Kind::Number,
        bytes: &bytes,
    };
    let hit = cache.get(key, 0.0).is_some();
    if !hit {
        cache.set(key, f64::INFINITY, weight, 0.0).unwrap();
    }
    hit
}

fn cache(eviction: EvictionKind, max_entries: usize) -> Cache {
    Cache::new(Config {
        max_entries,
        eviction,
        ..Config::default()
    })
}

/// The hit ratio in percent.
fn replay(requests: &[u32], eviction: EvictionKind, entries: usize) -> f64 {
    let mut cache = cache(eviction, entries);
    let hits = requests
        .iter()
        .filter(|&&key| request(&mut cache, key, 1.0))
        .count();
    cache.validate();
    percent(hits, requests)
}

fn percent(hits: usize, requests: &[u32]) -> f64 {
    100.0 * hits as f64 / requests.len() as f64
}

#[test]
// Not under Miri: millions of requests.
#[cfg(not(miri))]
fn the_default_is_never_far_below_lru_nor_above_the_optimum() {
    for workload in workloads::generate() {
        for entries in workload.sizes {
            let requests = &workload.requests;
            let optimum = percent(optimum::hits(requests, entries), requests);
            let lru = replay(requests, EvictionKind::Lru, entries);
            let default = replay(requests, EvictionKind::Adaptive, entries);
            let line = format!("{} at {entries}: {default}, {lru}", workload.name);
            assert!(default > lru - 1.5, "{line}");
            assert!(default <= optimum && lru <= optimum, "{line}");
        }
    }
}

#[test]
// Not under Miri: millions of requests.
#[cfg(not(miri))]
fn the_default_suits_caches_of_a_few_entries() {
    for workload in workloads::generate() {
        for entries in 1..=10 {
            let requests = &workload.requests[..100_000];
            let lru = replay(requests, EvictionKind::Lru, entries);
            let default = replay(requests, EvictionKind::Adaptive, entries);
            let line = format!("{} at {entries}: {default}, {lru}", workload.name);
            assert!(default > lru - 1.5, "{line}");
        }
    }
}

#[test]
// Not under Miri: millions of requests.
#[cfg(not(miri))]
fn the_default_follows_a_change_of_phase_and_back() {
    // Every key twice, the second time some 60 requests after the first: of use only to a recency policy.
    let twice: Vec<u32> = (0..60_000)
        .map(|n: u32| (n / 2).saturating_sub(n % 2 * 30))
        .collect();
    let phases = workloads::change_of_phase(&twice);
    let mut cache = cache(EvictionKind::Adaptive, 512);
    let mut ratio = |requests: &[u32]| {
        let hits = requests
            .iter()
            .filter(|&&key| request(&mut cache, key, 1.0))
            .count();
        percent(hits, requests)
    };
    let (before, rest) = phases.split_at(twice.len());
    let (looped, after) = rest.split_at(rest.len() - twice.len());
    // Half of the requests can be hits, then 512 of 1,000.
    let ratios = [ratio(before), ratio(looped), ratio(after)];
    let enough = ratios.iter().zip([45.0, 49.0, 45.0]).all(|(a, b)| *a > b);
    assert!(enough, "{ratios:?}");
}

#[test]
// Not under Miri: millions of requests.
#[cfg(not(miri))]
fn the_default_is_near_lru_where_the_next_use_depends_on_the_last_only() {
    use broad::{renewal, stack, take, working_set};
    let lognormal =
        |median: f64, sigma: f64| move |r: &mut random::Random| r.lognormal(median, sigma);
    let workloads = [
        (
            take(stack(1, 0.05, 4000, lognormal(100.0, 1.0)), 100_000),
            100,
        ),
        (
            take(stack(2, 0.1, 1000, |r| r.exponential(30.0)), 100_000),
            64,
        ),
        (
            take(stack(3, 0.02, 1000, |r| 1000.0 * r.next()), 100_000),
            1000,
        ),
        (take(working_set(4, 1000, 0.2), 100_000), 900),
        (take(working_set(5, 40, 0.02), 100_000), 32),
        (take(renewal(6, 0.67, |r| 100.0 * r.next()), 100_000), 64),
        (take(renewal(7, 0.8, lognormal(1000.0, 0.3)), 100_000), 700),
    ];
    for (n, (requests, entries)) in workloads.into_iter().enumerate() {
        let lru = replay(&requests, EvictionKind::Lru, entries);
        let default = replay(&requests, EvictionKind::Adaptive, entries);
        assert!(
            default > lru - 1.5,
            "workload {n} at {entries}: {default}, {lru}"
        );
    }
}

#[test]
// Not under Miri: millions of requests.
#[cfg(not(miri))]
fn the_default_keeps_its_hit_ratios() {
    use broad::{in_turn, looped, stack, take, zipf};
    let recency = || stack(1, 0.05, 4000, |r| r.lognormal(150.0, 1.0));
    let recency_and_loop = in_turn(vec![(60_000, recency()), (60_000, looped(1000))]);
    let zipf_and_loop = in_turn(vec![(60_000, zipf(4, 10_000, 0.9)), (20_000, looped(3000))]);
    // Requests, entries, and the hit ratio at the least, in percent.
    let pinned = [
        (take(zipf(2, 10_000, 0.8), 200_000), 1000, 53.9),
        (take(zipf(3, 10_000, 1.0), 200_000), 100, 51.2),
        (take(looped(1500), 200_000), 1000, 64.4),
        (take(recency_and_loop, 240_000), 500, 62.5),
        (take(zipf_and_loop, 240_000), 500, 42.4),
    ];
    let ratios = pinned.map(|(requests, entries, least)| {
        let ratio = replay(&requests, EvictionKind::Adaptive, entries);
        (ratio > least, ratio, least)
    });
    assert!(
        ratios.iter().all(|&(is_enough, ..)| is_enough),
        "{ratios:?}"
    );
}

#[test]
// Not under Miri: many requests.
#[cfg(not(miri))]
fn popular_keys_survive_a_scan() {
    let mut cache = cache(EvictionKind::Adaptive, 100);
    for round in 0..20 {
        for key in 0..50 {
            request(&mut cache, key, 1.0);
        }
        for key in 0..500 {
            request(&mut cache, 1000 + round * 500 + key, 1.0);
        }
    }
    let kept = (0..50).filter(|&key| request(&mut cache, key, 1.0)).count();
    assert!(kept >= 48, "{kept} of 50");
}

#[test]
// Not under Miri: many requests.
#[cfg(not(miri))]
fn a_bound_in_bytes_evicts_as_the_same_bound_in_entries() {
    for workload in workloads::generate() {
        let mut entries = cache(EvictionKind::Adaptive, 200);
        let mut bytes = Cache::new(Config {
            max_bytes: 200.0 * 64.0,
            ..Config::default()
        });
        for &key in &workload.requests[..50_000] {
            let hit = request(&mut entries, key, 1.0);
            assert_eq!(hit, request(&mut bytes, key, 64.0), "{}", workload.name);
        }
    }
}

#[derive(Clone, Debug)]
enum Op {
    Request(u32),
    Set(u32, f64),
    Delete(u32),
    Rename(u32, u32),
    Clear,
}

/// Few keys that are popular and many that are not; weights on both sides of everything.
fn op() -> impl Strategy<Value = Op> {
    let key = prop_oneof![0..20u32, 0..300u32];
    let weight = prop_oneof![
        4 => (0..20u32).prop_map(f64::from),
        1 => Just(0.0),
        1 => (300..1000u32).prop_map(f64::from),
    ];
    prop_oneof![
        60 => key.clone().prop_map(Op::Request),
        20 => (key.clone(), weight).prop_map(|(key, weight)| Op::Set(key, weight)),
        4 => key.clone().prop_map(Op::Delete),
        2 => (key.clone(), key).prop_map(|(from, to)| Op::Rename(from, to)),
        1 => Just(Op::Clear),
    ]
}

fn cases() -> ProptestConfig {
    ProptestConfig {
        cases: if cfg!(miri) { 3 } else { 500 },
        failure_persistence: None,
        ..ProptestConfig::default()
    }
}

proptest! {
    #![proptest_config(cases())]

    #[test]
    fn the_queues_stay_whole_whatever_is_done(
        entries in prop_oneof![Just(usize::MAX), 1..150usize],
        bytes in prop_oneof![Just(f64::INFINITY), (1..1200u32).prop_map(f64::from)],
        lru in any::<bool>(),
        ops in prop::collection::vec(op(), if cfg!(miri) { 100 } else { 1500 }),
    ) {
        let mut cache = Cache::new(Config {
            max_entries: entries,
            max_bytes: bytes,
            eviction: if lru { EvictionKind::Lru } else { EvictionKind::Adaptive },
            ..Config::default()
        });
        for (n, op) in ops.into_iter().enumerate() {
            let number = |key: u32| f64::from(key).to_le_bytes();
            let key = |bytes| Key { kind: Kind::Number, bytes };
            match op {
                Op::Request(k) => drop(request(&mut cache, k, 1.0)),
                Op::Set(k, weight) => {
                    let stored = cache.set(key(&number(k)), f64::INFINITY, weight, 0.0);
                    prop_assert_eq!(stored.is_err(), weight > bytes);
                }
                Op::Delete(k) => {
                    if let Some(slot) = cache.find(key(&number(k))) {
                        cache.remove(slot, Reason::Deleted).unwrap();
                    }
                }
                Op::Rename(from, to) => {
                    if let Some(slot) = cache.find(key(&number(from))) {
                        cache.rename(slot, key(&number(to)), 0.0).unwrap();
                    }
                }
                Op::Clear => cache.clear().unwrap(),
            }
            prop_assert!(cache.len() <= entries && cache.weight() <= bytes);
            if n % 16 == 0 {
                cache.validate();
            }
        }
        cache.validate();
    }
}
