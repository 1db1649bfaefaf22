//! The order of use, where the policy keeps one: exact LRU.

use super::{Cache, Eviction, Slot};

impl Cache {
    /// The entry that was used next after the one at a slot; with `None`, the one that was used longest ago. `None`
    /// after the last, and where the policy keeps no such order. O(1).
    pub fn used_after(&mut self, slot: Option<Slot>) -> Option<Slot> {
        self.catch_up();
        match &self.eviction {
            Eviction::Lru(lru) if slot.is_none_or(|slot| self.slab.is_occupied(slot)) => {
                lru.used_after(&self.slab, slot)
            }
            _ => None,
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
        let mut keys = Vec::new();
        let mut at = None;
        while let Some(slot) = cache.used_after(at) {
            let bytes = cache.key(slot).unwrap().bytes.to_vec();
            keys.push(String::from_utf8(bytes).unwrap());
            at = Some(slot);
        }
        keys
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
        assert_eq!(cache.used_after(Some(slots[0])), None, "a vacant slot");
    }

    #[test]
    fn there_is_no_order_of_use_without_a_bound_or_under_the_default_policy() {
        for (eviction, max) in [(EvictionKind::Lru, usize::MAX), (EvictionKind::Adaptive, 3)] {
            let mut cache = cache(eviction, max);
            set(&mut cache, "a");
            assert_eq!(cache.used_after(None), None);
        }
    }
}
