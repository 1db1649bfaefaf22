//! A caller that keeps keys and tells the engine later what it did with them, beside a naive cache: random operations,
//! and all that there is to compare after each.
#![cfg(not(target_arch = "wasm32"))]

use std::cell::Cell;
use std::collections::HashMap;

use poche::engine::cache::{Board, Kept, MOST_WRITES, Place, Write, oldest};
use poche::engine::{Cache, Config, EvictionKind, Key, Reason, Slot};
use proptest::prelude::*;

#[derive(Clone, Copy, Debug)]
enum Op {
    Set(u16, Option<u8>),
    Delete(u16),
    Get(u16),
    Wait(u8),
    Purge,
    Ask(u8),
}

fn op() -> impl Strategy<Value = Op> {
    let key = 0..40u16;
    prop_oneof![
        8 => (key.clone(), prop::option::weighted(0.5, 1..60u8)).prop_map(|(k, ttl)| Op::Set(k, ttl)),
        3 => key.clone().prop_map(Op::Delete),
        4 => key.prop_map(Op::Get),
        2 => (0..20u8).prop_map(Op::Wait),
        1 => Just(Op::Purge),
        1 => (1..MOST_WRITES as u8).prop_map(Op::Ask),
    ]
}

/// So many that victims are not collected all at once.
const MANY: usize = 300;

/// The entries, in the order in which they were inserted and in that of their use.
#[derive(Default)]
struct Model {
    entries: Vec<(u16, f64)>,
    uses: Vec<u16>,
}

impl Model {
    fn expiry(&self, key: u16) -> Option<f64> {
        self.entries
            .iter()
            .find(|entry| entry.0 == key)
            .map(|entry| entry.1)
    }

    fn earliest(&self) -> f64 {
        self.entries
            .iter()
            .fold(f64::INFINITY, |least, entry| least.min(entry.1))
    }

    fn use_it(&mut self, key: u16) {
        self.uses.retain(|&other| other != key);
        self.uses.push(key);
    }

    fn remove(&mut self, key: u16) {
        self.entries.retain(|entry| entry.0 != key);
        self.uses.retain(|&other| other != key);
    }
}

fn hash(key: u16) -> u32 {
    u32::from(key).wrapping_mul(0x9e37_79b9)
}

struct Caller {
    engine: Cache,
    max: usize,
    is_lru: bool,
    slots: HashMap<u16, Slot>,
    writes: Vec<Write>,
    hits: Vec<Slot>,
    places: Vec<Place>,
    is_open: bool,
    wanted: usize,
    model: Model,
    now: f64,
    /// Entries that were stored behind.
    behind: usize,
    /// As long as the engine has no entries: how many slots have been in use.
    alone: Option<usize>,
    /// The clock and the stamps then, as the caller writes them down.
    uses: Vec<u32>,
    has_engines_keys: bool,
}

impl Caller {
    fn new(config: Config) -> Caller {
        Caller {
            max: config.max_entries,
            is_lru: config.max_entries < usize::MAX && config.eviction == EvictionKind::Lru,
            engine: Cache::new(config),
            slots: HashMap::new(),
            writes: Vec::new(),
            hits: Vec::new(),
            places: Vec::new(),
            is_open: false,
            wanted: 1,
            model: Model::default(),
            now: 1000.0,
            behind: 0,
            alone: None,
            uses: vec![0],
            has_engines_keys: true,
        }
    }

    /// One that has all entries by itself until the engine is asked for more.
    fn begin_alone(config: Config, has_engines_keys: bool) -> Caller {
        Caller {
            alone: Some(0),
            has_engines_keys,
            ..Caller::new(config)
        }
    }

    /// Keys that the engine has, so that some of the entries it would give up are not the caller's.
    fn is_engines(&self, key: u16) -> bool {
        self.has_engines_keys && key % 7 == 3
    }

    /// Gives the engine all entries.
    fn give_all(&mut self, end: usize) {
        let entries = self.model.entries.iter().map(|&(key, expiry)| Kept {
            slot: self.slots[&key],
            hash: hash(key),
            expiry,
            hits: key as u8 % 4,
        });
        self.engine.take_over(end, true, entries).unwrap();
        let uses = std::mem::take(&mut self.uses);
        for (stamp, &time) in self.stamps().iter().zip(&uses) {
            stamp.set(time);
        }
    }

    /// Where the next entry goes while the engine has none.
    fn next_place_alone(&mut self, end: usize) -> Option<Slot> {
        loop {
            match self.places.pop() {
                Some(Place { slot, stamp: 0 }) => return Some(slot),
                Some(Place { slot, stamp }) => {
                    if self.uses[slot as usize + 1] == stamp {
                        let victim = self.key_at(slot).expect("somebody is there");
                        assert_eq!(victim, self.model.uses[0], "the one used longest ago");
                        self.slots.remove(&victim);
                        self.model.remove(victim);
                        return Some(slot);
                    }
                }
                None if end < self.max => {
                    self.alone = Some(end + 1);
                    return Some(end as Slot);
                }
                None if !self.is_lru => return None,
                None => {
                    let entries = oldest(&self.uses).unwrap();
                    let place = |entry| Place {
                        slot: entry as u32,
                        stamp: (entry >> 32) as u32,
                    };
                    self.places = entries.into_iter().map(place).collect();
                    assert!(!self.places.is_empty());
                }
            }
        }
    }

    fn stamps(&mut self) -> &[Cell<u32>] {
        match self.engine.board() {
            Board::Stamps(stamps) => stamps,
            Board::Marks(_) => &[],
        }
    }

    fn stamp(&mut self, slot: Slot) {
        if self.alone.is_some() {
            self.uses[0] += 1;
            let now = self.uses[0];
            *self.use_at(slot) = now;
            return;
        }
        let stamps = self.stamps();
        if let Some(stamp) = stamps.get(slot as usize + 1) {
            stamps[0].update(|time| time + 1);
            stamp.set(stamps[0].get());
        }
    }

    fn hit(&mut self, key: u16) {
        let slot = self.slots[&key];
        self.model.use_it(key);
        if self.is_lru {
            self.stamp(slot);
        } else {
            self.hits.push(slot);
            if self.hits.len() > 100 {
                self.close();
            }
        }
    }

    /// Lets the engine know of everything.
    fn close(&mut self) {
        if let Some(end) = self.alone.take() {
            self.give_all(end);
        }
        self.engine.write_behind(self.writes.drain(..));
        self.engine.pending().fill(self.hits.drain(..));
        self.is_open = false;
        self.places.clear();
    }

    fn ask(&mut self) {
        self.close();
        let places = [const { Cell::new(Place { slot: 0, stamp: 0 }) }; MOST_WRITES];
        let given = self.engine.places(true, &places[..self.wanted]).unwrap();
        assert!(given <= self.wanted && self.engine.len() + given <= self.max || given > 0);
        self.places = places[..given].iter().rev().map(Cell::get).collect();
        self.is_open = true;
    }

    fn key_at(&self, slot: Slot) -> Option<u16> {
        self.slots
            .iter()
            .find(|entry| *entry.1 == slot)
            .map(|entry| *entry.0)
    }

    /// Where the next entry goes, as far as the caller may know.
    fn next_place(&mut self) -> Option<Slot> {
        if self.model.earliest() <= self.now {
            return None;
        }
        if let Some(end) = self.alone {
            return self.next_place_alone(end);
        }
        if !self.is_open || self.writes.len() == MOST_WRITES || self.places.is_empty() {
            self.ask();
        }
        while let Some(Place { slot, stamp }) = self.places.pop() {
            if stamp == 0 {
                assert_eq!(self.key_at(slot), None);
                return Some(slot);
            }
            if self.is_lru && self.stamps()[slot as usize + 1].get() != stamp {
                continue;
            }
            let victim = self.key_at(slot).expect("somebody is there");
            if self.is_engines(victim) {
                return None;
            }
            if self.is_lru {
                assert_eq!(victim, self.model.uses[0], "the one used longest ago");
            }
            assert_eq!(self.slots.len(), self.max);
            self.slots.remove(&victim);
            self.model.remove(victim);
            return Some(slot);
        }
        None
    }

    fn set(&mut self, key: u16, expiry: f64) {
        if let Some(before) = self.model.expiry(key) {
            self.hit(key);
            let slot = self.slots[&key];
            let is_alone = self.alone.is_some();
            let is_open = self.is_open && self.writes.len() < MOST_WRITES && !self.is_engines(key);
            if is_open && before < f64::INFINITY && expiry < f64::INFINITY {
                let place = slot | Write::RENEWED;
                let hash = 0;
                self.writes.push(Write {
                    place,
                    hash,
                    expiry,
                });
            } else if !is_alone {
                self.close();
                self.engine.set_expiry(slot, expiry).unwrap();
            }
            for entry in &mut self.model.entries {
                if entry.0 == key {
                    entry.1 = expiry;
                }
            }
            return;
        }
        let place = if self.is_engines(key) {
            None
        } else {
            self.next_place()
        };
        let slot = if let Some(slot) = place {
            if self.alone.is_none() {
                self.writes.push(Write {
                    place: slot,
                    hash: hash(key),
                    expiry,
                });
            }
            self.stamp(slot);
            self.behind += 1;
            slot
        } else {
            self.close();
            let stored = if self.is_engines(key) {
                let bytes = &key.to_le_bytes();
                let key = Key {
                    kind: poche::engine::Kind::String,
                    bytes,
                };
                self.engine.set(key, expiry, 1.0, self.now)
            } else {
                self.engine.set_external(hash(key), expiry, 1.0, self.now)
            };
            for &[slot, _] in self.engine.removed().list() {
                let gone = self.key_at(slot).unwrap();
                self.slots.remove(&gone);
                let (earliest, now) = (self.model.earliest(), self.now);
                if earliest <= now {
                    assert_eq!(self.model.expiry(gone), Some(earliest));
                } else if self.is_lru {
                    assert_eq!(gone, self.model.uses[0]);
                }
                self.model.remove(gone);
            }
            stored.unwrap().slot
        };
        self.slots.insert(key, slot);
        self.model.entries.push((key, expiry));
        self.model.use_it(key);
    }

    fn delete(&mut self, key: u16) {
        let Some(slot) = self.slots.remove(&key) else {
            return;
        };
        if self.alone.is_some() {
            self.model.remove(key);
            self.unstamp(slot);
            self.places.push(Place { slot, stamp: 0 });
            return;
        }
        self.model.remove(key);
        if self.is_engines(key) || !self.is_open || self.writes.len() == MOST_WRITES {
            self.close();
            assert_eq!(self.engine.remove(slot, Reason::Deleted), Ok(true));
            return;
        }
        self.writes.push(Write {
            place: slot | Write::REMOVED,
            ..Write::default()
        });
        self.unstamp(slot);
        self.places.push(Place { slot, stamp: 0 });
    }

    fn use_at(&mut self, slot: Slot) -> &mut u32 {
        let place = slot as usize + 1;
        self.uses.resize(self.uses.len().max(place + 1), 0);
        &mut self.uses[place]
    }

    fn unstamp(&mut self, slot: Slot) {
        if self.alone.is_some() {
            *self.use_at(slot) = 0;
        }
        if let Some(stamp) = self.stamps().get(slot as usize + 1) {
            stamp.set(0);
        }
    }

    /// Stores so many others, if the bound is far.
    fn fill(&mut self) {
        if self.max >= MANY && self.max < usize::MAX && !cfg!(miri) {
            (0..self.max as u16).for_each(|number| self.set(100 + number, f64::INFINITY));
        }
    }

    fn run(&mut self, op: Op) {
        match op {
            Op::Set(key, ttl) => self.set(
                key,
                ttl.map_or(f64::INFINITY, |ttl| self.now + f64::from(ttl)),
            ),
            Op::Delete(key) => self.delete(key),
            Op::Get(key) if self.slots.contains_key(&key) => self.hit(key),
            Op::Get(_) => {}
            Op::Wait(time) => self.now += f64::from(time),
            Op::Purge => {
                self.close();
                self.engine.purge(self.now, usize::MAX).unwrap();
                for &[slot, _] in self.engine.removed().list() {
                    let gone = self.key_at(slot).unwrap();
                    self.slots.remove(&gone);
                    self.model.remove(gone);
                }
                assert!(self.model.earliest() > self.now);
            }
            Op::Ask(wanted) => self.wanted = wanted.into(),
        }
    }

    /// All that the engine knows, once it has been told.
    fn compare(&mut self) {
        self.close();
        self.engine.validate();
        let mut order = Vec::new();
        let mut position = 0;
        while let Some((slot, next)) = self.engine.advance(position) {
            order.push((self.key_at(slot).unwrap(), self.engine.expiry(slot)));
            position = next;
        }
        assert_eq!(order, self.model.entries);
        assert_eq!(self.engine.len(), self.slots.len());
        if self.is_lru {
            let slots = self.engine.by_use(usize::MAX).unwrap();
            let uses: Vec<u16> = slots
                .iter()
                .map(|&slot| self.key_at(slot).unwrap())
                .collect();
            assert_eq!(uses, self.model.uses);
        }
    }
}

fn config() -> impl Strategy<Value = Config> {
    (
        prop_oneof![1 => Just(usize::MAX), 4 => 1..30usize, 1 => MANY..MANY + 200],
        any::<[bool; 3]>(),
    )
        .prop_map(
            |(max_entries, [is_lru, index_expiries, report_keys])| Config {
                max_entries,
                eviction: if is_lru {
                    EvictionKind::Lru
                } else {
                    EvictionKind::Adaptive
                },
                index_expiries,
                report_keys,
                seed: 7,
                ..Config::default()
            },
        )
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: if cfg!(miri) { 2 } else { 2000 },
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn what_is_written_behind_is_as_if_the_engine_had_done_it(
        config in config(),
        ops in prop::collection::vec(op(), 1..if cfg!(miri) { 40 } else { 300 }),
        every in 1..40usize,
    ) {
        let mut caller = Caller::new(config);
        caller.fill();
        for (number, op) in ops.into_iter().enumerate() {
            caller.run(op);
            assert!(caller.slots.len() <= caller.max);
            if number % every == 0 {
                caller.compare();
            }
        }
        caller.compare();
    }

    #[test]
    fn what_the_engine_takes_over_is_as_if_it_had_stored_it(
        config in config(),
        has_engines_keys in prop::bool::weighted(0.2),
        ops in prop::collection::vec(op(), 1..if cfg!(miri) { 40 } else { 300 }),
        when in 0..300usize,
    ) {
        let mut caller = Caller::begin_alone(config, has_engines_keys);
        caller.fill();
        for (number, op) in ops.into_iter().enumerate() {
            caller.run(op);
            assert!(caller.slots.len() <= caller.max);
            if number >= when && number % 9 == 0 {
                caller.compare();
            }
        }
        caller.compare();
    }
}

#[test]
fn thousands_that_expire_in_any_order_are_taken_over() {
    let count: u32 = if cfg!(miri) { 1100 } else { 6000 };
    for eviction in [EvictionKind::Lru, EvictionKind::Adaptive] {
        let mut engine = Cache::new(Config {
            max_entries: count as usize,
            eviction,
            ..Config::default()
        });
        // The later one was stored the earlier it expires.
        let entries = (0..count).map(|slot| Kept {
            slot,
            hash: slot,
            expiry: f64::from(count - slot),
            hits: 0,
        });
        engine.take_over(count as usize, true, entries).unwrap();
        if let Board::Stamps(stamps) = engine.board() {
            stamps[0].set(count);
            for (stamp, time) in stamps[1..].iter().zip(1..=count) {
                stamp.set(time);
            }
        }
        engine.validate();
        let purged = engine.purge(f64::from(count / 2), usize::MAX).unwrap();
        assert_eq!(purged, count as usize / 2);
        assert!((0..count / 2).all(|slot| engine.expiry(slot) > f64::from(count / 2)));
        engine.validate();
    }
}

#[test]
fn what_was_asked_for_before_it_was_taken_over_is_popular() {
    const COUNT: u32 = 40;
    let mut engine = Cache::new(Config {
        max_entries: COUNT as usize,
        eviction: EvictionKind::Adaptive,
        ..Config::default()
    });
    let is_popular = |slot: u32| slot.is_multiple_of(10);
    let entries = (0..COUNT).map(|slot| Kept {
        slot,
        hash: slot,
        expiry: f64::INFINITY,
        hits: if is_popular(slot) { 3 } else { 0 },
    });
    engine.take_over(COUNT as usize, false, entries).unwrap();
    engine.validate();
    // Each newcomer is wanted more than what nobody asked for.
    let mut stays = [true; COUNT as usize];
    for hash in COUNT..3 * COUNT {
        let stored = engine.set_external(hash, f64::INFINITY, 1.0, 0.0).unwrap();
        stays[stored.slot as usize] = false;
        for _ in 0..3 {
            engine.hit(stored.slot);
        }
    }
    engine.validate();
    assert!((0..COUNT).all(|slot| stays[slot as usize] == is_popular(slot)));
}

#[test]
fn what_cannot_be_taken_over_is_passed_over() {
    let entry = |slot| Kept {
        slot,
        hash: 5,
        expiry: f64::INFINITY,
        hits: 3,
    };
    for eviction in [EvictionKind::Lru, EvictionKind::Adaptive] {
        let mut engine = Cache::new(Config {
            max_entries: 4,
            eviction,
            ..Config::default()
        });
        let entries = [2, 9, 2, 0, u32::MAX].map(entry);
        assert!(engine.take_over(5, false, entries.into_iter()).is_err());
        assert_eq!(engine.len(), 0);
        engine.take_over(4, false, entries.into_iter()).unwrap();
        if let Board::Stamps(stamps) = engine.board() {
            for (place, stamp) in [(0, 2), (3, 1), (1, 2)] {
                stamps[place].set(stamp);
            }
        }
        engine.validate();
        let inserted: Vec<Slot> =
            std::iter::successors(engine.advance(0), |last| engine.advance(last.1))
                .map(|(slot, _)| slot)
                .collect();
        assert_eq!(inserted, [2, 0]);
        // There are some already.
        assert!(engine.take_over(4, false, entries.into_iter()).is_err());
        // The others are free, the first one first.
        for slot in [1, 3] {
            let stored = engine.set_external(1, f64::INFINITY, 1.0, 0.0).unwrap();
            assert_eq!(stored.slot, slot);
        }
        engine.validate();
    }
    let mut weighed = Cache::new(Config {
        max_bytes: 9.0,
        ..Config::default()
    });
    assert!(weighed.take_over(1, false, [entry(0)].into_iter()).is_err());
}

#[test]
fn most_entries_need_no_question() {
    let max_entries = if cfg!(miri) { 20 } else { 400 };
    for (max_entries, eviction) in [
        (max_entries, EvictionKind::Lru),
        (usize::MAX, EvictionKind::Adaptive),
    ] {
        let mut caller = Caller::new(Config {
            max_entries,
            eviction,
            ..Config::default()
        });
        caller.wanted = MOST_WRITES;
        let count = if cfg!(miri) { 80 } else { 2000 };
        (0..count).for_each(|number| caller.set(number, f64::INFINITY));
        caller.compare();
        // One in seven is the engine's.
        assert!(caller.behind > usize::from(count) / 2, "{}", caller.behind);
    }
}

#[test]
fn a_cache_that_counts_or_weighs_or_keeps_values_gives_no_places() {
    for config in [
        Config {
            statistics: true,
            ..Config::default()
        },
        Config {
            max_bytes: 9.0,
            ..Config::default()
        },
        Config {
            values: true,
            ..Config::default()
        },
    ] {
        let mut engine = Cache::new(config);
        let places = [Cell::new(Place::default())];
        assert_eq!(engine.places(false, &places), Ok(0));
        engine.write_behind([Write::default()].into_iter());
        assert_eq!(engine.len(), 0);
    }
}

#[test]
fn what_leaves_by_what_is_written_down_is_not_reported() {
    let mut engine = Cache::new(Config {
        max_entries: 2,
        report_keys: true,
        ..Config::default()
    });
    let places = [const { Cell::new(Place { slot: 0, stamp: 0 }) }; 2];
    assert_eq!(engine.places(false, &places), Ok(2));
    let write = |place: u32| Write {
        place,
        hash: place,
        expiry: f64::INFINITY,
    };
    let [one, two] = [places[0].get().slot, places[1].get().slot];
    engine.write_behind([one, two, one, two | Write::REMOVED].map(write).into_iter());
    assert_eq!((engine.len(), engine.removed().list().len()), (1, 0));
    // What the engine does is.
    engine.remove(one, Reason::Deleted).unwrap();
    assert_eq!((engine.len(), engine.removed().list().len()), (0, 1));
}

#[test]
fn what_cannot_be_is_passed_over() {
    for eviction in [EvictionKind::Lru, EvictionKind::Adaptive] {
        let mut engine = Cache::new(Config {
            max_entries: 3,
            eviction,
            ..Config::default()
        });
        let bytes = &7.0f64.to_le_bytes();
        let kind = poche::engine::Kind::Number;
        let key = Key { kind, bytes };
        engine.set(key, f64::INFINITY, 1.0, 0.0).unwrap();
        let write = |place: u32, expiry: f64| Write {
            place,
            hash: 5,
            expiry,
        };
        let writes = || {
            let places = [0, 2, 9, 1 << 29, Write::REMOVED - 1];
            let all = [0, Write::REMOVED, Write::RENEWED];
            let never = f64::INFINITY;
            places
                .into_iter()
                .flat_map(move |place| all.map(|what| write(place | what, never)))
        };
        engine.write_behind(writes());
        let places = [const { Cell::new(Place { slot: 0, stamp: 0 }) }; 2];
        assert_eq!(engine.places(false, &places), Ok(2));
        assert_eq!(places[0].get().slot, 1);
        // What is stored there may not expire, and what is asked in between takes the places back.
        engine.write_behind(writes().chain([write(1, 9.0), write(1 | Write::RENEWED, 9.0)]));
        assert_eq!((engine.len(), engine.find(key)), (1, Some(0)));
        engine.validate();
        engine.places(false, &places).unwrap();
        engine.remove(0, Reason::Deleted).unwrap();
        engine.write_behind([write(1, f64::INFINITY)].into_iter());
        assert_eq!(engine.len(), 0);
        engine.validate();
    }
}
