//! The order of use, where the policy keeps one: exact LRU.

use super::super::OutOfMemory;
use super::{Cache, Eviction, Slot};

impl Cache {
    /// Up to `most` entries, the one that was used longest ago first; none where the policy keeps no such order.
    /// O(n log n); O(log n) on average for one.
    pub fn by_use(&mut self, most: usize) -> Result<Vec<Slot>, OutOfMemory> {
        self.catch_up();
        match &mut self.eviction {
            Eviction::Lru(lru) => lru.by_use(most),
            _ => Ok(Vec::new()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Config, EvictionKind};
    use super::*;
    use crate::engine::Reason;
    use crate::engine::key::{Key, Kind};

    fn key(text: &str) -> Key<'_> {
        Key {
            kind: Kind::String,
            bytes: text.as_bytes(),
        }
    }

    fn cache(eviction: EvictionKind, max_entries: usize) -> Cache {
        Cache::new(Config {
            max_entries,
            eviction,
            ..Config::default()
        })
    }

    fn set(cache: &mut Cache, text: &str) -> Slot {
        cache.set(key(text), f64::INFINITY, 1.0, 0.0).unwrap().slot
    }

    /// All keys, the one that was used longest ago first.
    fn order(cache: &mut Cache) -> Vec<String> {
        let slots = cache.by_use(usize::MAX).unwrap();
        let keys = slots.iter().map(|&slot| cache.key(slot).unwrap().bytes);
        keys.map(|key| String::from_utf8(key.to_vec()).unwrap())
            .collect()
    }

    #[test]
    fn the_order_of_use_begins_with_what_was_used_longest_ago() {
        let mut cache = cache(EvictionKind::Lru, 3);
        assert_eq!(order(&mut cache), [""; 0]);
        let slots = ["a", "b", "c"].map(|text| set(&mut cache, text));
        assert_eq!(order(&mut cache), ["a", "b", "c"]);
        cache.hit(slots[0]);
        assert_eq!(order(&mut cache), ["b", "c", "a"]);
        set(&mut cache, "d");
        assert_eq!(order(&mut cache), ["c", "a", "d"]);
        cache.remove(slots[0], Reason::Deleted).unwrap();
        assert_eq!(order(&mut cache), ["c", "d"]);
    }

    #[test]
    fn there_is_no_order_of_use_without_a_bound_or_under_the_default_policy() {
        for (eviction, max) in [(EvictionKind::Lru, usize::MAX), (EvictionKind::Adaptive, 3)] {
            let mut cache = cache(eviction, max);
            set(&mut cache, "a");
            assert_eq!(cache.by_use(9), Ok(Vec::new()));
        }
    }
}
