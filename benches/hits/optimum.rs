//! Belady's optimum: what a cache would hit that evicts the key whose next request is furthest away.

use std::collections::{BinaryHeap, HashMap};

/// The hits of the optimal policy. O(n log n).
pub fn hits(requests: &[u32], entries: usize) -> usize {
    let mut next = vec![usize::MAX; requests.len()];
    let mut seen = HashMap::new();
    for (time, &key) in requests.iter().enumerate().rev() {
        if let Some(later) = seen.insert(key, time) {
            next[time] = later;
        }
    }
    // What is cached, with the time of its next request. The heap also holds times that have passed or been
    // replaced; they are known by not being in `cached`.
    let mut cached: HashMap<u32, usize> = HashMap::new();
    let mut furthest = BinaryHeap::new();
    let mut hits = 0;
    for (time, &key) in requests.iter().enumerate() {
        if cached.contains_key(&key) {
            hits += 1;
        } else if cached.len() == entries {
            while let Some((due, key)) = furthest.pop() {
                if cached.get(&key) == Some(&due) {
                    cached.remove(&key);
                    break;
                }
            }
        }
        cached.insert(key, next[time]);
        furthest.push((next[time], key));
    }
    hits
}
