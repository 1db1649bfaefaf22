//! The model: a plain list of entries, everything by looking through all of it.

use poche::engine::removed::Removal;
use poche::engine::{
    Cache, Config, EvictionKind, Key, Kind, Reason, SetError, Slot, Stats, Stored,
};

struct Entry {
    key: u8,
    slot: Slot,
    expiry: f64,
    weight: f64,
    /// When it was used last; the least is LRU's victim.
    used: u64,
    /// When it was inserted; the order of iteration.
    seq: u64,
}

/// What the engine is compared with. It learns slots, and the adaptive policy's choices, from the engine.
pub struct Model {
    entries: Vec<Entry>,
    clock: u64,
    max_entries: usize,
    max_bytes: f64,
    lru: bool,
    reports_replaced: bool,
    stats: Stats,
}

/// Whether an answer of the engine was one that the model allows.
#[derive(PartialEq, Debug)]
pub enum Outcome {
    Agrees,
    Differs(String),
}

impl Model {
    pub fn new(config: &Config) -> Model {
        Model {
            entries: Vec::new(),
            clock: 0,
            max_entries: config.max_entries,
            max_bytes: config.max_bytes,
            lru: config.eviction == EvictionKind::Lru,
            reports_replaced: config.report_keys,
            stats: Stats::default(),
        }
    }

    fn tick(&mut self) -> u64 {
        self.clock += 1;
        self.clock
    }

    fn find(&self, key: u8) -> Option<usize> {
        self.entries.iter().position(|entry| entry.key == key)
    }

    pub fn slot(&self, key: u8) -> Option<Slot> {
        self.find(key).map(|i| self.entries[i].slot)
    }

    fn weighs(&self) -> bool {
        self.max_bytes < f64::INFINITY
    }

    fn weight(&self) -> f64 {
        self.entries.iter().map(|entry| entry.weight).sum()
    }

    fn remove(&mut self, i: usize, reason: Reason) {
        self.entries.remove(i);
        self.stats.removed(reason);
    }

    pub fn get(&mut self, key: u8, now: f64) -> Option<Slot> {
        let live = self.find(key).filter(|&i| self.entries[i].expiry > now);
        match (live, self.find(key)) {
            (Some(i), _) => {
                self.stats.hits += 1;
                self.entries[i].used = self.tick();
                Some(self.entries[i].slot)
            }
            (None, expired) => {
                self.stats.misses += 1;
                if let Some(i) = expired {
                    self.remove(i, Reason::Expired);
                }
                None
            }
        }
    }

    pub fn set(
        &mut self,
        key: u8,
        expiry: f64,
        weight: f64,
        now: f64,
        stored: Result<Stored, SetError>,
        report: &[Removal],
    ) -> Outcome {
        if self.weighs() && weight > self.max_bytes {
            return check(
                stored == Err(SetError::TooLarge) && report.is_empty(),
                "too large",
            );
        }
        let Ok(stored) = stored else {
            return Outcome::Differs(format!("{stored:?}"));
        };
        let mut report = report.iter();
        let there = self.find(key);
        if let Some(i) = there {
            let expired = self.entries[i].expiry <= now;
            let reason = if expired {
                Reason::Expired
            } else {
                Reason::Replaced
            };
            self.stats.removed(reason);
            if self.reports_replaced && report.next() != Some(&[stored.slot, reason as u32]) {
                return Outcome::Differs("the replaced value is not reported".into());
            }
        }
        loop {
            let others = self.entries.iter().filter(|entry| entry.key != key);
            let (count, total) = others
                .clone()
                .fold((0, 0.0), |(n, w), e| (n + 1, w + e.weight));
            let full =
                count + 1 > self.max_entries || self.weighs() && total + weight > self.max_bytes;
            let Some(&[slot, number]) = report.next() else {
                if full {
                    return Outcome::Differs("no room was made".into());
                }
                break;
            };
            if !full {
                return Outcome::Differs(format!("slot {slot} had no need to go"));
            }
            let reason = Reason::from_number(number);
            let first = others
                .clone()
                .map(|entry| entry.expiry)
                .fold(f64::INFINITY, f64::min);
            let oldest = others
                .min_by_key(|entry| entry.used)
                .map(|entry| entry.slot);
            let Some(i) = self
                .entries
                .iter()
                .position(|e| e.slot == slot && e.key != key)
            else {
                return Outcome::Differs(format!("slot {slot} was not there to go"));
            };
            let right = if first <= now {
                self.entries[i].expiry == first && reason == Some(Reason::Expired)
            } else {
                (!self.lru || oldest == Some(slot)) && reason == Some(Reason::Evicted)
            };
            if !right {
                return Outcome::Differs(format!("slot {slot} is no victim for {reason:?}"));
            }
            self.remove(i, reason.expect("checked"));
        }
        self.stats.sets += 1;
        let (used, seq) = (self.tick(), self.tick());
        match self.find(key) {
            Some(i) => {
                let entry = &mut self.entries[i];
                (entry.expiry, entry.weight, entry.used) = (expiry, weight, used);
                check(
                    !stored.inserted && entry.slot == stored.slot,
                    "the same slot",
                )
            }
            None => {
                let slot = stored.slot;
                let free = self.entries.iter().all(|entry| entry.slot != slot);
                self.entries.push(Entry {
                    key,
                    slot,
                    expiry,
                    weight,
                    used,
                    seq,
                });
                check(stored.inserted && free, "a new slot")
            }
        }
    }

    pub fn delete(&mut self, key: u8) {
        if let Some(i) = self.find(key) {
            self.remove(i, Reason::Deleted);
        }
    }

    pub fn set_expiry(&mut self, key: u8, expiry: f64) {
        if let Some(i) = self.find(key) {
            self.entries[i].expiry = expiry;
        }
    }

    pub fn rename(&mut self, from: u8, to: u8, now: f64) -> Vec<Removal> {
        let mut report = Vec::new();
        if let Some(there) = self.find(to).filter(|_| from != to) {
            let entry = &self.entries[there];
            let expired = entry.expiry <= now;
            let reason = if expired {
                Reason::Expired
            } else {
                Reason::Replaced
            };
            report.push([entry.slot, reason as u32]);
            self.remove(there, reason);
        }
        let i = self.find(from).expect("the caller looked");
        let mut entry = self.entries.remove(i);
        (entry.key, entry.used, entry.seq) = (to, self.tick(), self.tick());
        self.entries.push(entry);
        report
    }

    pub fn expired(&self, now: f64) -> usize {
        self.entries
            .iter()
            .filter(|entry| entry.expiry <= now)
            .count()
    }

    pub fn purged(&mut self, [slot, reason]: Removal, now: f64) {
        assert_eq!(reason, Reason::Expired as u32);
        let found = self
            .entries
            .iter()
            .position(|e| e.slot == slot && e.expiry <= now);
        self.remove(found.expect("what is purged has expired"), Reason::Expired);
    }

    pub fn clear(&mut self, reported: bool) -> Vec<Removal> {
        let all = self
            .entries
            .drain(..)
            .map(|e| [e.slot, Reason::Flushed as u32]);
        if reported { all.collect() } else { Vec::new() }
    }

    /// The first entry inserted after `seq`.
    pub fn after(&self, seq: u64) -> Option<(u64, Slot)> {
        let next = self.entries.iter().find(|entry| entry.seq > seq)?;
        Some((next.seq, next.slot))
    }

    /// Panics unless the engine holds the very same entries.
    pub fn compare(&self, engine: &mut Cache, encode: impl Fn(u8) -> (Kind, Vec<u8>)) {
        assert_eq!(engine.len(), self.entries.len());
        if self.weighs() {
            assert_eq!(engine.weight(), self.weight());
        }
        for entry in &self.entries {
            let (kind, bytes) = encode(entry.key);
            let key = Key {
                kind,
                bytes: &bytes,
            };
            if kind != Kind::External {
                assert_eq!(engine.find(key), Some(entry.slot));
            }
            assert_eq!(engine.expiry(entry.slot), entry.expiry);
            let stored = engine.key(entry.slot).expect("the slot is occupied");
            assert_eq!((stored.kind, stored.bytes), (kind, &bytes[..]));
        }
        assert_eq!(engine.stats(), Some(self.stats));
    }
}

fn check(holds: bool, what: &str) -> Outcome {
    if holds {
        Outcome::Agrees
    } else {
        Outcome::Differs(what.into())
    }
}
