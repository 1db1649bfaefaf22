//! Generated requests, each kind with one thing that caches meet. `workloads.mjs` has the same.

use super::random::{Random, Zipf};

/// Requests to be replayed, and how many entries the cache is to have.
pub struct Workload {
    /// What they are.
    pub name: String,
    /// The numbers of the keys.
    pub requests: Vec<u32>,
    /// Numbers of entries.
    pub sizes: Vec<usize>,
}

const REQUESTS: usize = 300_000;
const RANKS: usize = 10_000;

/// One workload of each kind.
pub fn generate() -> Vec<Workload> {
    let workload = |name: &str, requests, sizes: &[usize]| Workload {
        name: name.into(),
        requests,
        sizes: sizes.to_vec(),
    };
    vec![
        workload("zipf 0.8", zipf(0.8, 0, 0), &[100, 1000]),
        workload("zipf 1.0", zipf(1.0, 0, 0), &[100, 1000]),
        workload("zipf 0.9 and scans", zipf(0.9, 2000, 1500), &[100, 1000]),
        workload("popularity that moves", shifting(), &[100, 1000]),
        workload("a loop", looped(1500), &[500, 1000]),
        workload("bursts", bursts(), &[100, 1000]),
        workload("recency", recency(), &[100, 500]),
    ]
}

/// Zipf's law; after every `every` requests, `length` keys that are asked for once.
fn zipf(skew: f64, every: usize, length: usize) -> Vec<u32> {
    let (law, mut random) = (Zipf::new(RANKS, skew), Random(1));
    let mut requests = Vec::new();
    let mut fresh = RANKS;
    while requests.len() < REQUESTS {
        requests.push(law.draw(&mut random) as u32);
        if every > 0 && requests.len() % (every + length) == every {
            requests.extend((fresh..fresh + length).map(|key| key as u32));
            fresh += length;
        }
    }
    requests
}

/// Zipf's law over keys that become popular and fade.
fn shifting() -> Vec<u32> {
    let (law, mut random) = (Zipf::new(RANKS, 0.9), Random(2));
    (0..REQUESTS)
        .map(|time| (law.draw(&mut random) + time / 5000 * 100) as u32)
        .collect()
}

fn looped(length: usize) -> Vec<u32> {
    (0..REQUESTS).map(|time| (time % length) as u32).collect()
}

/// Half the requests by Zipf's law; the others ask for a key three times within a short while, and never again.
fn bursts() -> Vec<u32> {
    let (law, mut random) = (Zipf::new(RANKS / 2, 0.9), Random(3));
    let mut due: Vec<(usize, u32)> = (0..REQUESTS / 2)
        .map(|n| (n + random.below(300), (RANKS + n / 3) as u32))
        .collect();
    due.sort_unstable();
    due.into_iter()
        .flat_map(|(_, key)| [law.draw(&mut random) as u32, key])
        .collect()
}

/// What was asked for lately is asked for again, and one request in ten is new: LRU's own model.
fn recency() -> Vec<u32> {
    let (law, mut random) = (Zipf::new(3000, 0.9), Random(4));
    let (mut stack, mut requests) = (Vec::new(), Vec::new());
    for _ in 0..REQUESTS {
        let depth = law.draw(&mut random);
        let key = if random.next() < 0.1 || depth >= stack.len() {
            requests.len() as u32
        } else {
            stack.remove(stack.len() - 1 - depth)
        };
        stack.push(key);
        if stack.len() > 3000 {
            stack.remove(0);
        }
        requests.push(key);
    }
    requests
}

/// A trace, then 2,525 rounds of a loop of 1,000 keys, then the trace again.
pub fn change_of_phase(trace: &[u32]) -> Vec<u32> {
    let first = trace.iter().max().map_or(0, |&key| key + 1);
    let mut requests = trace.to_vec();
    requests.extend((0..2_525_000).map(|time| first + time % 1000));
    requests.extend_from_slice(trace);
    requests
}
