//! What a snapshot says of the eviction policy: how often entries were used of late, and in which order.

use super::super::entry::{NONE, Slot};
use super::super::policy::Eviction;
use super::Cache;

const FREQUENCY: u8 = 0b11;

impl Cache {
    /// How often the entry at a slot was used of late, 0 to 3; 0 where the policy does not count.
    pub fn uses(&self, slot: Slot) -> u32 {
        match &self.eviction {
            Eviction::S3Fifo(_) if self.slab.is_occupied(slot) => {
                u32::from(self.slab.marks[slot as usize].tag & FREQUENCY)
            }
            _ => 0,
        }
    }

    /// With exact LRU, the entry that was used next after the one at a slot; without a slot, the one that was used
    /// longest ago. None with other policies. What is pending does not count yet.
    pub fn used_after(&self, slot: Option<Slot>) -> Option<Slot> {
        let Eviction::Lru(lru) = &self.eviction else {
            return None;
        };
        match slot {
            None => lru.slots(&self.slab).next(),
            Some(slot) if self.slab.is_occupied(slot) => {
                let next = self.slab.links[slot as usize].next;
                (next != NONE).then_some(next)
            }
            Some(_) => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::{Config, EvictionKind, Key};

    fn cache(eviction: EvictionKind) -> Cache {
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
    fn exact_lru_tells_the_order_of_use() {
        let lru = cache(EvictionKind::Lru);
        let first = lru.used_after(None);
        let slots: Vec<Slot> =
            std::iter::successors(first, |&slot| lru.used_after(Some(slot))).collect();
        let keys: Vec<_> = slots
            .into_iter()
            .map(|slot| lru.key(slot).unwrap().bytes)
            .collect();
        assert_eq!(keys, [b"b", b"c", b"a"]);
        assert_eq!(lru.used_after(Some(77)), None);
        assert_eq!(lru.uses(0), 0);
    }

    #[test]
    fn the_adaptive_policy_tells_how_often_entries_were_used() {
        let cache = cache(EvictionKind::Adaptive);
        let uses = |key| cache.uses(cache.find(Key::string(key)).unwrap());
        assert_eq!([uses("a"), uses("b")], [1, 0]);
        assert_eq!(cache.uses(77), 0);
        assert_eq!(cache.used_after(None), None);
    }
}
