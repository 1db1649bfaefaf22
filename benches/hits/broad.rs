//! Many more generated workloads, to compare policies on: what programs do, what papers test, and what is known to
//! trouble one policy or another.
//!
//! A generator is an endless source of requests: it is told the time and gives a key. Sources are put together: one
//! after the other (phases), side by side (mixes), or with interruptions (scans). Each draws its keys from a range of
//! its own.

// The tests use a part of this.
#![allow(dead_code)]

use super::random::{Random, Zipf};
use super::workloads::Workload;
use std::collections::BinaryHeap;

/// An endless source of requests.
type Source = Box<dyn FnMut() -> u32>;

/// Keys of which each source has its own range of this length.
const RANGE: u32 = 1 << 24;

const REQUESTS: usize = 300_000;

/// Draws ranks by Zipf's law.
pub fn zipf(seed: u64, ranks: usize, skew: f64) -> Source {
    let (law, mut random) = (Zipf::new(ranks, skew), Random(seed));
    Box::new(move || law.draw(&mut random) as u32)
}

/// Zipf's law over keys of which the most popular fade: `speed` ranks per request.
fn fading(seed: u64, ranks: usize, skew: f64, speed: f64) -> Source {
    let mut source = zipf(seed, ranks, skew);
    let mut moved = 0.0;
    Box::new(move || {
        moved += speed;
        source() + moved as u32
    })
}

/// Zipf's law over keys that change places: after each request two of them, with a probability.
fn shuffling(seed: u64, ranks: usize, skew: f64, probability: f64) -> Source {
    let (law, mut random) = (Zipf::new(ranks, skew), Random(seed));
    let mut keys: Vec<u32> = (0..ranks as u32).collect();
    Box::new(move || {
        if random.next() < probability {
            let (one, other) = (law.draw(&mut random), random.below(ranks));
            keys.swap(one, other);
        }
        keys[law.draw(&mut random)]
    })
}

/// Any of a set of keys, which moves on by `speed` keys per request.
pub fn working_set(seed: u64, keys: usize, speed: f64) -> Source {
    let (mut random, mut moved) = (Random(seed), 0.0);
    Box::new(move || {
        moved += speed;
        random.below(keys) as u32 + moved as u32
    })
}

/// The model of LRU stack distances (Mattson et al. 1970): the key that `distance` others were asked for since, or,
/// with a probability or beyond the stack's depth, a new one. `distance` draws a random number.
pub fn stack(
    seed: u64,
    fresh: f64,
    depth: usize,
    mut distance: impl FnMut(&mut Random) -> f64 + 'static,
) -> Source {
    let (mut random, mut stack, mut keys) = (Random(seed), Vec::new(), 0u32);
    Box::new(move || {
        let distance = distance(&mut random) as usize;
        let key = if random.next() < fresh || distance >= stack.len() {
            keys += 1;
            keys - 1
        } else {
            stack.remove(stack.len() - 1 - distance)
        };
        stack.push(key);
        if stack.len() > depth {
            stack.remove(0);
        }
        key
    })
}

/// Each use of a key is followed by another with a probability, after a time drawn at random: what is to come
/// depends on the last use only. What is due at one time comes in turn.
pub fn renewal(seed: u64, again: f64, mut gap: impl FnMut(&mut Random) -> f64 + 'static) -> Source {
    let mut random = Random(seed);
    let mut due: BinaryHeap<(std::cmp::Reverse<u64>, u32)> = BinaryHeap::new();
    let (mut time, mut keys) = (0u64, 0u32);
    Box::new(move || {
        time += 1;
        let key = match due.peek() {
            Some(&(std::cmp::Reverse(at), key)) if at <= time => {
                due.pop();
                key
            }
            _ => {
                keys += 1;
                keys - 1
            }
        };
        if random.next() < again {
            due.push((std::cmp::Reverse(time + 1 + gap(&mut random) as u64), key));
        }
        key
    })
}

/// Round and round.
pub fn looped(length: usize) -> Source {
    let mut time = 0;
    Box::new(move || {
        time += 1;
        (time - 1) as u32 % length as u32
    })
}

/// Keys that never come back.
fn once() -> Source {
    let mut time = 0;
    Box::new(move || {
        time += 1;
        time - 1
    })
}

/// Several sources, each for so many requests in turn.
pub fn in_turn(mut parts: Vec<(usize, Source)>) -> Source {
    let (mut part, mut done) = (0, 0);
    Box::new(move || {
        if done == parts[part].0 {
            (part, done) = ((part + 1) % parts.len(), 0);
        }
        done += 1;
        parts[part].1() + part as u32 * RANGE
    })
}

/// Several sources at once, each with its part of the requests; the parts add up to 1.
fn mixed(seed: u64, mut parts: Vec<(f64, Source)>) -> Source {
    let mut random = Random(seed);
    Box::new(move || {
        let mut at = random.next();
        let mut part = 0;
        while part + 1 < parts.len() && at >= parts[part].0 {
            at -= parts[part].0;
            part += 1;
        }
        parts[part].1() + part as u32 * RANGE
    })
}

/// A database's pages: an index by Zipf's law, and now and then a range of a table in order, some of them twice.
fn database(seed: u64, table: usize, length: usize) -> Source {
    let (mut random, mut index) = (Random(seed), zipf(seed + 1, 2000, 1.0));
    let (mut at, mut left, mut again) = (0, 0, None);
    Box::new(move || {
        if let Some(key) = again.take() {
            return key;
        }
        if left == 0 {
            if random.next() < 0.9 {
                return index();
            }
            at = random.below(table);
            left = random.below(length) + 1;
        }
        left -= 1;
        at = (at + 1) % table;
        let key = RANGE + at as u32;
        if random.next() < 0.3 {
            again = Some(key);
        }
        key
    })
}

/// The first requests of a source.
pub fn take(mut source: Source, requests: usize) -> Vec<u32> {
    let keys: Vec<u32> = (0..requests).map(|_| source()).collect();
    dense(&keys)
}

/// The same requests with keys from 0 on, in the order of their first appearance.
pub fn dense(requests: &[u32]) -> Vec<u32> {
    let mut numbers = std::collections::HashMap::new();
    requests
        .iter()
        .map(|&key| {
            let next = numbers.len() as u32;
            *numbers.entry(key).or_insert(next)
        })
        .collect()
}

/// All of them.
pub fn generate() -> Vec<Workload> {
    let mut all = Vec::new();
    let mut add = |name: &str, source: Source, requests: usize, sizes: &[usize]| {
        all.push(Workload {
            name: name.into(),
            requests: take(source, requests),
            sizes: sizes.to_vec(),
        });
    };
    let n = REQUESTS;

    // Popularity.
    for skew in [0.6, 0.8, 1.0, 1.2] {
        add(
            &format!("zipf {skew}"),
            zipf(1, 10_000, skew),
            n,
            &[16, 100, 1000, 3000],
        );
    }
    add(
        "zipf 0.9, fading slowly",
        fading(2, 10_000, 0.9, 0.02),
        n,
        &[64, 500, 2000],
    );
    add(
        "zipf 0.9, fading fast",
        fading(3, 10_000, 0.9, 0.3),
        n,
        &[64, 500, 2000],
    );
    add(
        "zipf 1.0, shuffling slowly",
        shuffling(4, 5000, 1.0, 0.002),
        n,
        &[50, 500, 1500],
    );
    add(
        "zipf 1.0, shuffling fast",
        shuffling(5, 5000, 1.0, 0.1),
        n,
        &[50, 500, 1500],
    );

    // Recency.
    add(
        "stack, geometric 30",
        stack(6, 0.1, 1000, |r| r.exponential(30.0)),
        n,
        &[8, 32, 64, 128],
    );
    add(
        "stack, geometric 300",
        stack(7, 0.05, 4000, |r| r.exponential(300.0)),
        n,
        &[100, 300, 500, 1000],
    );
    add(
        "stack, lognormal 100",
        stack(8, 0.05, 4000, |r| r.lognormal(100.0, 1.0)),
        n,
        &[50, 100, 200, 500],
    );
    add(
        "stack, lognormal 800 narrow",
        stack(9, 0.02, 8000, |r| r.lognormal(800.0, 0.3)),
        n,
        &[500, 800, 1000, 1500],
    );
    add(
        "stack, zipf 0.9",
        {
            let law = Zipf::new(3000, 0.9);
            stack(10, 0.1, 3000, move |r| law.draw(r) as f64)
        },
        n,
        &[30, 100, 500, 1000],
    );
    add(
        "stack, uniform 1000",
        stack(11, 0.02, 1000, |r| 1000.0 * r.next()),
        n,
        &[300, 700, 950, 1000, 1050],
    );
    add(
        "renewal, lognormal 1000",
        renewal(12, 0.8, |r| r.lognormal(1000.0, 0.5)),
        n,
        &[100, 250, 500],
    );
    add(
        "renewal, exponential 2000",
        renewal(13, 0.9, |r| r.exponential(2000.0)),
        n,
        &[100, 300, 1000],
    );
    add(
        "working set of 1000",
        working_set(14, 1000, 0.0),
        n,
        &[500, 900, 990, 1000, 1100],
    );
    add(
        "working set of 1000, drifting slowly",
        working_set(15, 1000, 0.01),
        n,
        &[500, 900, 1000, 1100, 1500],
    );
    add(
        "working set of 1000, drifting fast",
        working_set(16, 1000, 0.2),
        n,
        &[500, 900, 1000, 1200, 1500],
    );
    add(
        "working set of 40, drifting",
        working_set(17, 40, 0.02),
        n,
        &[8, 16, 32, 48, 64],
    );

    // Loops.
    add(
        "loop of 1500",
        looped(1500),
        n,
        &[100, 500, 1000, 1400, 1499, 1500],
    );
    add("loop of 50", looped(50), n, &[8, 32, 49, 64]);
    add(
        "two loops",
        mixed(18, vec![(0.5, looped(300)), (0.5, looped(3000))]),
        n,
        &[100, 320, 1000, 2500],
    );
    add(
        "loop and zipf",
        mixed(19, vec![(0.5, looped(2000)), (0.5, zipf(20, 5000, 1.0))]),
        n,
        &[100, 500, 1500],
    );
    add(
        "loop and working set",
        mixed(
            21,
            vec![(0.3, looped(3000)), (0.7, working_set(22, 400, 0.01))],
        ),
        n,
        &[200, 500, 1000],
    );

    // Scans, and keys that come once.
    add(
        "zipf 0.9 and scans",
        in_turn(vec![(2000, zipf(23, 10_000, 0.9)), (1500, once())]),
        n,
        &[100, 1000, 3000],
    );
    add(
        "stack and scans",
        in_turn(vec![
            (2000, stack(24, 0.05, 2000, |r| r.lognormal(100.0, 1.0))),
            (1000, once()),
        ]),
        n,
        &[100, 300, 1000],
    );
    add(
        "zipf 1.0 and half once",
        mixed(25, vec![(0.5, zipf(26, 5000, 1.0)), (0.5, once())]),
        n,
        &[64, 500, 2000],
    );
    add(
        "working set and half once",
        mixed(27, vec![(0.5, working_set(28, 500, 0.005)), (0.5, once())]),
        n,
        &[250, 500, 1000, 1500],
    );

    // Bursts.
    add(
        "bursts of 3",
        renewal(29, 0.67, |r| 100.0 * r.next()),
        n,
        &[16, 64, 200],
    );
    add(
        "bursts and zipf",
        mixed(
            30,
            vec![
                (0.5, zipf(31, 5000, 0.9)),
                (0.5, renewal(32, 0.67, |r| 300.0 * r.next())),
            ],
        ),
        n,
        &[64, 200, 1000],
    );
    add(
        "late pairs and zipf",
        mixed(
            33,
            vec![
                (0.5, zipf(34, 5000, 1.0)),
                (0.5, renewal(35, 0.5, |r| 800.0 + 200.0 * r.next())),
            ],
        ),
        n,
        &[200, 800, 2000],
    );

    // Databases.
    add(
        "database, short ranges",
        database(36, 20_000, 30),
        n,
        &[100, 1000, 4000],
    );
    add(
        "database, long ranges",
        database(38, 5_000, 1000),
        n,
        &[100, 1000, 3000],
    );

    // Changes of phase.
    let recency = |seed| stack(seed, 0.05, 4000, |r| r.lognormal(150.0, 1.0));
    add(
        "recency, loop, recency",
        in_turn(vec![(n, recency(40)), (n, looped(1000)), (n, recency(41))]),
        3 * n,
        &[200, 500, 800],
    );
    add(
        "loop, recency, loop",
        in_turn(vec![(n, looped(1000)), (n, recency(42)), (n, looped(1100))]),
        3 * n,
        &[200, 500, 800],
    );
    add(
        "zipf, scan, zipf",
        in_turn(vec![(n, zipf(43, 10_000, 0.9)), (n / 3, once())]),
        7 * n / 3,
        &[100, 1000, 3000],
    );
    add(
        "zipf, another zipf",
        in_turn(vec![(n, zipf(44, 10_000, 0.9)), (n, zipf(45, 10_000, 0.9))]),
        2 * n,
        &[100, 1000, 3000],
    );
    add(
        "zipf, recency, zipf",
        in_turn(vec![(n, zipf(46, 10_000, 0.9)), (n, recency(47))]),
        3 * n,
        &[100, 500, 2000],
    );
    add(
        "bursts, zipf, bursts",
        in_turn(vec![
            (n, renewal(48, 0.67, |r| 300.0 * r.next())),
            (n, zipf(49, 10_000, 0.9)),
        ]),
        3 * n,
        &[100, 500, 2000],
    );
    add(
        "short phases",
        in_turn(vec![
            (20_000, recency(50)),
            (20_000, looped(800)),
            (20_000, zipf(51, 5000, 1.0)),
        ]),
        2 * n,
        &[100, 500, 1000],
    );
    add(
        "loop, working set",
        in_turn(vec![(n, looped(1000)), (n, working_set(52, 500, 0.05))]),
        2 * n,
        &[300, 520, 800],
    );

    // A few entries, and many.
    add("small zipf", zipf(53, 100, 1.0), n, &[1, 2, 4, 8, 16, 32]);
    add(
        "small stack",
        stack(54, 0.05, 100, |r| r.exponential(8.0)),
        n,
        &[1, 2, 4, 8, 16, 32],
    );
    add(
        "small phases",
        in_turn(vec![
            (n / 10, stack(55, 0.05, 100, |r| r.exponential(8.0))),
            (n / 10, looped(40)),
        ]),
        n,
        &[4, 16, 32],
    );
    add(
        "large zipf 0.8",
        zipf(56, 1_000_000, 0.8),
        2_000_000,
        &[10_000, 100_000],
    );
    add(
        "large working set",
        working_set(57, 50_000, 0.05),
        2_000_000,
        &[30_000, 50_000, 100_000],
    );
    add(
        "large renewal",
        renewal(58, 0.85, |r| r.lognormal(100_000.0, 0.7)),
        2_000_000,
        &[10_000, 30_000, 100_000],
    );
    add(
        "large loop and zipf",
        mixed(
            59,
            vec![(0.4, looped(100_000)), (0.6, zipf(60, 500_000, 0.9))],
        ),
        2_000_000,
        &[20_000, 100_000],
    );
    all
}
