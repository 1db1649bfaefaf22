//! What a snapshot says of the default policy: how often entries were used of late.

use super::super::entry::Slot;
use super::super::policy::Eviction;
use super::Cache;

const FREQUENCY: u8 = 0b11;

impl Cache {
    /// How often the entry at a slot was used of late, 0 to 3; 0 where the policy does not count.
    pub fn uses(&self, slot: Slot) -> u32 {
        match &self.eviction {
            Eviction::TinyLfu(_) if self.slab.is_occupied(slot) => {
                u32::from(self.slab.marks[slot as usize].tag & FREQUENCY)
            }
            _ => 0,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::{Config, EvictionKind, Key};

    fn cache_of(eviction: EvictionKind) -> Cache {
        let mut cache = Cache::new(Config {
            max_entries: 100,
            values: true,
            eviction,
            ..Config::default()
        });
        for key in ["a", "b", "c"] {
            cache
                .set_value(Key::string(key), b"", f64::INFINITY, 0.0)
                .unwrap();
        }
        cache.get(Key::string("a"), 0.0);
        cache
    }

    #[test]
    fn the_adaptive_policy_tells_how_often_entries_were_used() {
        let cache = cache_of(EvictionKind::Adaptive);
        let uses = |key| cache.uses(cache.find(Key::string(key)).unwrap());
        assert_eq!([uses("a"), uses("b")], [1, 0]);
        assert_eq!(cache.uses(77), 0);
        assert_eq!(cache_of(EvictionKind::Lru).uses(0), 0);
    }
}
