//! The operations that are measured, by name.

use super::keys::{Form, Keys, shuffled};
use poche::engine::cache::{Board, MOST_WRITES, Place, Write};
use poche::engine::pending::CAPACITY;
use poche::engine::{Cache, Config, EvictionKind, Key, Kind, Reason, Slot};
use std::hint::black_box;

const NOW: f64 = 1_700_000_000_000.0;
const TTL: f64 = 60_000.0;

/// All calls of an operation, ready to be made.
type Calls = Box<dyn FnMut()>;

/// One of them.
pub struct Operation {
    /// Its name on the command line.
    pub name: &'static str,
    /// Fills a cache with so many entries, and gives so many calls on it.
    pub prepare: fn(usize, usize) -> Calls,
}

macro_rules! operations {
    ($($name:literal => $prepare:expr,)*) => {
        /// All operations.
        pub const ALL: &[Operation] = &[$(Operation { name: $name, prepare: $prepare },)*];
    };
}

operations! {
    "find-hit-number" => |n, calls| find(n, calls, Form::Number, 0),
    "find-hit-short" => |n, calls| find(n, calls, Form::Short, 0),
    "find-hit-long" => |n, calls| find(n, calls, Form::Long, 0),
    "find-miss-number" => |n, calls| find(n, calls, Form::Number, n),
    "find-miss-short" => |n, calls| find(n, calls, Form::Short, n),
    "find-miss-long" => |n, calls| find(n, calls, Form::Long, n),
    "insert-number" => |_, calls| insert(calls, Form::Number, Bound::None, Expiry::Never),
    "insert-short" => |_, calls| insert(calls, Form::Short, Bound::None, Expiry::Never),
    "insert-long" => |_, calls| insert(calls, Form::Long, Bound::None, Expiry::Never),
    "insert-external" => |_, calls| insert(calls, Form::External, Bound::None, Expiry::Never),
    "insert-external-lru" => |_, calls| insert(calls, Form::External, Bound::Lru(calls), Expiry::Never),
    "insert-external-adaptive" => |_, calls| insert(calls, Form::External, Bound::Adaptive(calls), Expiry::Never),
    "evict-lru" => |n, calls| evict(n, calls, Form::Short, Bound::Lru(n), Expiry::Never),
    "evict-lru-ttl" => |n, calls| evict(n, calls, Form::Short, Bound::Lru(n), Expiry::Later),
    "evict-adaptive" => |n, calls| evict(n, calls, Form::Short, Bound::Adaptive(n), Expiry::Never),
    "evict-adaptive-ttl" => |n, calls| evict(n, calls, Form::Short, Bound::Adaptive(n), Expiry::Later),
    "evict-external-lru" => |n, calls| evict(n, calls, Form::External, Bound::Lru(n), Expiry::Never),
    "evict-external-lru-ttl" => |n, calls| evict(n, calls, Form::External, Bound::Lru(n), Expiry::Later),
    "evict-external-adaptive" => |n, calls| evict(n, calls, Form::External, Bound::Adaptive(n), Expiry::Never),
    "evict-external-adaptive-ttl" => |n, calls| evict(n, calls, Form::External, Bound::Adaptive(n), Expiry::Later),
    "behind-insert" => |_, calls| behind(0, calls, Bound::None, Expiry::Never),
    "behind-insert-adaptive" => |_, calls| behind(0, calls, Bound::Adaptive(calls), Expiry::Never),
    "behind-insert-lru" => |_, calls| behind(0, calls, Bound::Lru(calls), Expiry::Never),
    "behind-evict-lru" => |n, calls| behind(n, calls, Bound::Lru(n), Expiry::Never),
    "behind-evict-lru-ttl" => |n, calls| behind(n, calls, Bound::Lru(n), Expiry::Later),
    "expire-ttl" => |n, calls| evict(n, calls, Form::Short, Bound::Adaptive(n), Expiry::AtOnce),
    "overwrite" => |n, calls| overwrite(n, calls, Bound::None, Expiry::Never),
    "overwrite-ttl" => |n, calls| overwrite(n, calls, Bound::None, Expiry::Later),
    "overwrite-lru" => |n, calls| overwrite(n, calls, Bound::Lru(n), Expiry::Never),
    "overwrite-lru-ttl" => |n, calls| overwrite(n, calls, Bound::Lru(n), Expiry::Later),
    "overwrite-adaptive" => |n, calls| overwrite(n, calls, Bound::Adaptive(n), Expiry::Never),
    "overwrite-adaptive-ttl" => |n, calls| overwrite(n, calls, Bound::Adaptive(n), Expiry::Later),
    "remove" => |_, calls| remove(calls, Bound::None, Expiry::Never),
    "remove-adaptive-ttl" => |_, calls| remove(calls, Bound::Adaptive(calls), Expiry::Later),
    "catch-up-lru" => |n, calls| catch_up(n, calls, Bound::Lru(n)),
    "catch-up-adaptive" => |n, calls| catch_up(n, calls, Bound::Adaptive(n)),
}

/// Entries that the caller stores by itself, and tells of when there are many.
fn behind(filled_with: usize, calls: usize, bound: Bound, expiry: Expiry) -> Calls {
    let (mut cache, mut now) = (empty(bound), NOW);
    let store = move |cache: &mut Cache, calls: usize, now: &mut f64| {
        let places = [const { std::cell::Cell::new(Place { slot: 0, stamp: 0 }) }; MOST_WRITES];
        let mut writes = Vec::with_capacity(MOST_WRITES);
        let mut done = 0;
        while done < calls {
            cache.write_behind(writes.drain(..));
            let count = cache.places(true, &places).unwrap().min(calls - done);
            assert!(count > 0);
            let stamps = match cache.board() {
                Board::Stamps(stamps) => stamps,
                Board::Marks(_) => &[],
            };
            for place in &places[..count] {
                let slot = place.get().slot;
                if let Some(stamp) = stamps.get(slot as usize + 1) {
                    stamps[0].update(|time| time + 1);
                    stamp.set(stamps[0].get());
                }
                *now += 1.0;
                writes.push(Write {
                    place: slot,
                    hash: done as u32,
                    expiry: expiry.of(*now),
                });
                done += 1;
            }
        }
        cache.write_behind(writes.drain(..));
    };
    store(&mut cache, filled_with, &mut now);
    Box::new(move || store(&mut cache, calls, &mut now))
}

#[derive(Clone, Copy)]
enum Bound {
    None,
    Lru(usize),
    Adaptive(usize),
}

#[derive(Clone, Copy)]
enum Expiry {
    Never,
    /// A minute after it was stored.
    Later,
    /// When the cache is full, so that each entry makes room by having expired.
    AtOnce,
}

impl Expiry {
    fn of(self, now: f64) -> f64 {
        match self {
            Expiry::Never => f64::INFINITY,
            Expiry::Later => now + TTL,
            Expiry::AtOnce => now,
        }
    }
}

fn empty(bound: Bound) -> Cache {
    let (max_entries, eviction) = match bound {
        Bound::None => (usize::MAX, EvictionKind::Lru),
        Bound::Lru(n) => (n, EvictionKind::Lru),
        Bound::Adaptive(n) => (n, EvictionKind::Adaptive),
    };
    Cache::new(Config {
        max_entries,
        eviction,
        seed: 7,
        ..Config::default()
    })
}

/// A cache with an entry for each key, one stored per millisecond, and the time then.
fn filled(keys: &Keys, bound: Bound, expiry: Expiry) -> (Cache, f64) {
    let mut cache = empty(bound);
    let mut now = NOW;
    for place in 0..keys.len() {
        now += 1.0;
        store(&mut cache, keys.get(place), expiry, now);
    }
    (cache, now)
}

/// Keys to be asked for, the numbers from `first` on.
fn asked(form: Form, n: usize, calls: usize, first: usize) -> Keys {
    Keys::new(form, shuffled(n).map(|number| first + number).take(calls))
}

fn find(n: usize, calls: usize, form: Form, first: usize) -> Calls {
    let (cache, _) = filled(&Keys::new(form, 0..n), Bound::None, Expiry::Never);
    let keys = asked(form, n, calls, first);
    Box::new(move || {
        for place in 0..keys.len() {
            let found = cache.find(black_box(keys.get(place)));
            assert_eq!(found.is_some(), first == 0);
        }
    })
}

fn insert(calls: usize, form: Form, bound: Bound, expiry: Expiry) -> Calls {
    let mut cache = empty(bound);
    let keys = Keys::new(form, 0..calls);
    Box::new(move || store_all(&mut cache, &keys, expiry, NOW))
}

fn evict(n: usize, calls: usize, form: Form, bound: Bound, expiry: Expiry) -> Calls {
    let (mut cache, now) = filled(&Keys::new(form, 0..n), bound, expiry);
    let keys = Keys::new(form, n..n + calls);
    Box::new(move || store_all(&mut cache, &keys, expiry, now))
}

fn overwrite(n: usize, calls: usize, bound: Bound, expiry: Expiry) -> Calls {
    let (mut cache, now) = filled(&Keys::new(Form::Short, 0..n), bound, expiry);
    let keys = asked(Form::Short, n, calls, 0);
    Box::new(move || store_all(&mut cache, &keys, expiry, now))
}

fn store_all(cache: &mut Cache, keys: &Keys, expiry: Expiry, start: f64) {
    let mut now = start;
    for place in 0..keys.len() {
        now += 1.0;
        store(cache, black_box(keys.get(place)), expiry, now);
    }
}

#[inline]
fn store(cache: &mut Cache, key: Key<'_>, expiry: Expiry, now: f64) {
    let stored = match (key.kind, key.bytes) {
        (Kind::External, &[a, b, c, d, e, f, g, h]) => {
            let number = f64::from_le_bytes([a, b, c, d, e, f, g, h]);
            cache.set_external(number as u32, expiry.of(now), 1.0, now)
        }
        _ => cache.set(key, expiry.of(now), 1.0, now),
    };
    black_box(stored).unwrap();
}

fn remove(calls: usize, bound: Bound, expiry: Expiry) -> Calls {
    let (mut cache, _) = filled(&Keys::new(Form::Short, 0..calls), bound, expiry);
    let slots: Vec<usize> = shuffled(calls).take(calls).collect();
    Box::new(move || {
        for &slot in &slots {
            let removed = cache.remove(black_box(slot as Slot), Reason::Deleted);
            assert_eq!(removed, Ok(true));
        }
    })
}

/// Each call is one hit; they are handed over in lists, as the border's caller does.
fn catch_up(n: usize, calls: usize, bound: Bound) -> Calls {
    let (mut cache, _) = filled(&Keys::new(Form::Short, 0..n), bound, Expiry::Never);
    let slots: Vec<usize> = shuffled(n).take(calls).collect();
    Box::new(move || {
        for batch in slots.chunks(CAPACITY) {
            cache.pending().fill(batch.iter().map(|&slot| slot as Slot));
            cache.catch_up();
        }
    })
}
