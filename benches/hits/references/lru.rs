//! Exact LRU.

use super::lists::{Lists, NONE};

pub fn hits(requests: &[u32], keys: usize, entries: usize) -> usize {
    let mut lists = Lists::new(1, keys);
    let mut hits = 0;
    for &key in requests {
        if lists.list(key) != NONE {
            hits += 1;
        } else if lists.len(0) == entries {
            lists.pop(0);
        }
        lists.push(0, key);
    }
    hits
}
